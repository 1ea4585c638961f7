"""Questions that screens ask about sources and runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rankings.models import Board
from rankings.periods import Month

from . import checking, services
from .due import month_to_fetch, next_moment
from .models import Run, RunState, Source, Step

FIGURE_LABELS = {
    "articles": "发布篇数",
    "posts": "发布次数",
    "reads": "总阅读数",
    "headline_reads": "头条阅读",
    "average_reads": "平均阅读",
    "max_reads": "最高阅读",
    "likes": "点赞",
    "looks": "在看",
    "shares": "转发",
    "index": "指数",
}


@dataclass(frozen=True)
class SourceStatus:
    """How a source stands with the list of ``month``; ``next_at`` is None when it is off."""

    month: Month
    state: RunState
    run: Run | None
    next_at: datetime | None


@dataclass(frozen=True)
class ShownRow:
    """One extracted row as the review desk prints it; ``marks`` are Chinese remarks."""

    number: int
    row: Mapping[str, Any]
    figures: list[str]
    marks: list[str]


@dataclass(frozen=True)
class ShownBoard:
    """One listing of the page; ``board`` is the one it falls under by the source's headings."""

    position: int
    name: str
    subject: str
    recordable: bool
    board: Board | None
    columns: list[str]
    rows: list[ShownRow]
    needs_transcription: bool

    @property
    def marked(self) -> list[ShownRow]:
        """The rows to look at first."""
        return [row for row in self.rows if row.marks]


def source_status(source: Source, now: datetime) -> SourceStatus:
    """The state of the newest list: an open run, else a waiting one, else the last, else due."""
    month = month_to_fetch(now)
    looked = source.runs.for_month(month)
    run = source.runs.open().first() or looked.waiting().first() or looked.first()
    if run is not None:
        state = RunState(run.state)
    elif any(due == source for due, _ in services.due_sources(now)):
        state = RunState.DUE
    else:
        state = RunState.NOT_DUE
    next_at = next_moment(source.day_list, source.hour, now) if source.active else None
    return SourceStatus(month, state, run, next_at)


def steps_of(run: Run) -> list[tuple[str, str]]:
    """Every step's label with ``done``, ``current``, ``waiting``, ``stopped`` or ``ahead``."""
    order = list(Step)
    reached = order.index(Step(run.step)) if run.step else -1
    finished = run.state in (RunState.RECORDED, RunState.UNCHANGED)
    shown = []
    for n, step in enumerate(order):
        if n < reached or finished:
            status = "done"
        elif n == reached:
            status = "current" if run.is_open else "waiting" if run.is_waiting else "stopped"
        else:
            status = "ahead"
        shown.append((step.label, status))
    return shown


def shown_boards(run: Run) -> list[ShownBoard]:
    """The listings of the run's page with their rows, and what is odd about each row."""
    if not run.extraction:
        return []
    listings = run.extraction["boards"]
    matches, _ = checking.match_boards(listings, services.rules_of(run.source))
    boards = Board.objects.in_bulk([rule.board for rule in matches.values() if rule.board])
    return [
        _shown_board(n, listing, boards.get(matches[n].board) if n in matches else None)
        for n, listing in enumerate(listings)
    ]


def _shown_board(position: int, listing: Mapping[str, Any], board: Board | None) -> ShownBoard:
    rows = listing["rows"]
    keys = [key for key in FIGURE_LABELS if any(key in row["values"] for row in rows)]
    marks = row_marks(rows)
    return ShownBoard(
        position=position,
        name=listing["name"],
        subject={"unit": "单位", "article": "文章"}.get(listing["subject"], "公众号"),
        recordable=listing["subject"] == "account",
        board=board,
        columns=[FIGURE_LABELS[key] for key in keys],
        rows=[
            ShownRow(
                number=n,
                row=row,
                figures=[row["values"].get(key, {}).get("raw", "") for key in keys],
                marks=marks[n],
            )
            for n, row in enumerate(rows)
        ],
        needs_transcription=listing["needs_transcription"],
    )


def row_marks(rows: Sequence[Mapping[str, Any]]) -> list[list[str]]:
    """What is odd about each row: a name or rank met twice, or a hole before it."""
    names = Counter(row["account"] for row in rows)
    ranks = Counter(row["rank"] for row in rows)
    marks: list[list[str]] = []
    before = 0
    for n, row in enumerate(rows):
        found = []
        rank = row["rank"]
        if names[row["account"]] > 1:
            found.append("公众号重复")
        if ranks[rank] > 1 and not row["tied"]:
            found.append("名次重复，未注明并列")
        # After a tie of k the next printed rank may skip k - 1.
        if rank > before + 1 and rank > n + 1:
            found.append(f"前面缺第{before + 1}名")
        marks.append(found)
        before = max(before, rank)
    return marks
