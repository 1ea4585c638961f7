"""The desk at which people judge a run: its boards as rows of cells, with what is odd about them.

Puts together what the pure modules say (``effective``, ``marks``, ``comparing``) and what is on
record. Nothing is written here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from rankings.models import Board, Observation, State
from rankings.periods import Period
from rankings.resolve import NotResolved, account_resolver

from .. import cells, checking, services
from ..comparing import Comparison, Recorded, compare
from ..effective import PICTURES, REMOVED, edit, is_added
from ..marks import Mark, marks
from ..models import Run
from ..services import CellEdit
from ..services.editing import row_name
from .shown import DeskBoard, DeskCell, DeskMark, DeskRow, blank_row

# More inputs than these make a page slow and its form too long to be sent without scripts.
MAX_INPUTS = 6_000
# With more rows, lists are recorded whole or not at all.
MAX_TICKS = 2_500
# Rows of lists that are only looked at.
SHOWN_ROWS = 50
# Empty rows offered for typing: for a picture of which nothing was read, and below other rows.
EMPTY_ROWS, MORE_ROWS = 20, 3
MAX_EMPTY_ROWS = 500
# What a list usually prints, where nothing tells.
USUAL_FIGURES = ("reads", "index")


@dataclass(frozen=True)
class Posted:
    """What a person sent and was not kept: cells, ticked rows, columns and empty rows asked for."""

    cells: Mapping[tuple[int, str, str], str] = field(default_factory=dict)
    ticks: Mapping[int, Collection[str]] = field(default_factory=dict)
    columns: Mapping[int, Sequence[str]] = field(default_factory=dict)
    rows: Mapping[int, int] = field(default_factory=dict)
    boards: Mapping[int, Board | None] = field(default_factory=dict)


@dataclass
class Desk:
    """All boards of a run; ``edits`` are the posted cells that differ from what is kept."""

    boards: list[DeskBoard]
    edits: list[CellEdit]
    errors: dict[tuple[int, str, str], str]


def desk(
    run: Run,
    *,
    posted: Posted | None = None,
    editable: bool = False,
    first: tuple[int, int] = (0, 0),
) -> Desk:
    """The boards of ``run`` as they would count with what was posted.

    ``first`` is the board and the row from which cells may be typed in where there are too many.
    """
    if not run.extraction:
        return Desk([], [], {})
    posted = posted or _decided(run)
    saved = services.effective_of(run)["boards"]
    edits, errors = _pending(saved, posted.cells)
    now = timezone.now().isoformat()
    pending = [
        edit(
            each.board,
            each.row,
            each.key,
            "",
            each.text,
            factor=saved[each.board]["factors"].get(each.key, 1),
            by=None,
            name="",
            at=now,
            reason="",
        )
        for each in edits
    ]
    boards = services.effective_of(run, pending)["boards"] if pending else saved
    matches, _ = checking.match_boards(run.extraction["boards"], services.rules_of(run.source))
    known = Board.objects.in_bulk([rule.board for rule in matches.values() if rule.board])
    chosen = {
        position: posted.boards.get(position) or known.get(rule.board)
        for position, rule in matches.items()
    } | {position: board for position, board in posted.boards.items() if board is not None}
    maker = _Maker(run, saved, posted, errors, editable, first)
    return Desk(
        [
            maker.board(position, listing, chosen.get(position))
            for position, listing in enumerate(boards)
        ],
        edits,
        errors,
    )


def _decided(run: Run) -> Posted:
    """What the first person chose, for everybody who looks afterwards."""
    choices = (run.decision or {}).get("choices", [])
    boards = Board.objects.in_bulk([choice["board"] for choice in choices])
    ticks = {choice["position"]: choice["rows"] for choice in choices}
    if choices:
        ticks = dict.fromkeys(range(len(run.extraction["boards"])), ()) | ticks
    return Posted(
        ticks=ticks,
        boards={choice["position"]: boards.get(choice["board"]) for choice in choices},
    )


def _pending(
    saved: Sequence[Mapping[str, Any]], typed: Mapping[tuple[int, str, str], str]
) -> tuple[list[CellEdit], dict[tuple[int, str, str], str]]:
    """The posted cells that say something new, and what is wrong with those that cannot stand."""
    rows = [{row["id"]: row for row in [*each["rows"], *each["removed"]]} for each in saved]
    gone = [{row["id"] for row in each["removed"]} for each in saved]
    edits, errors = [], {}
    for (board, name, key), text in typed.items():
        if board >= len(saved):
            continue
        row = rows[board].get(name)
        if row is None and not is_added(name):
            continue
        if key == REMOVED:
            if row is not None and bool(text) != (name in gone[board]):
                edits.append(CellEdit(board, name, key, "1" if text else ""))
        elif key in cells.KEYS:
            old = cells.text_of(row, key) if row else ""
            if " ".join(text.split()) == " ".join(old.split()):
                continue
            try:
                new = cells.clean(key, text)
            except cells.CellError as error:
                errors[board, name, key] = str(error)
                continue
            if new != old:
                edits.append(CellEdit(board, name, key, new))
    return edits, errors


class _Maker:
    """Makes the boards of one desk; reads what is on record once."""

    def __init__(
        self,
        run: Run,
        saved: Sequence[Mapping[str, Any]],
        posted: Posted,
        errors: Mapping[tuple[int, str, str], str],
        editable: bool,
        first: tuple[int, int],
    ) -> None:
        self.run, self.posted, self.errors = run, posted, errors
        self.period = Period.of_month(run.statistics_month)
        self.resolver = account_resolver()
        self.saved = [{row["id"]: row for row in [*b["rows"], *b["removed"]]} for b in saved]
        self.editable, self.first = editable, first
        # The board that was asked for comes first when inputs are dealt out.
        self.inputs = MAX_INPUTS
        self.reserved = 0
        if editable and 0 < first[0] < len(saved):
            self.reserved = min(MAX_INPUTS, 12 * len(saved[first[0]]["rows"]))
        self.ticks = MAX_TICKS

    def board(self, position: int, listing: Mapping[str, Any], board: Board | None) -> DeskBoard:
        recordable = listing["subject"] == "account"
        rows = [*listing["rows"], *listing["removed"]]
        keys = self._columns(position, listing, board)
        unknown, accounts = self._accounts(listing["rows"]) if recordable else (set(), {})
        comparison = None
        if board is not None:
            comparison = compare(listing["rows"], accounts, self._recorded(board))
        found = marks(listing, unknown)
        by_cell = defaultdict(list)
        for mark in found:
            by_cell[mark.row, mark.key].append(mark.sentence)
        whole_only = self.ticks < len(rows)
        self.ticks -= 0 if whole_only else len(rows)
        shown = rows if recordable else rows[:SHOWN_ROWS]
        start, stop = self._window(position, shown, keys) if recordable else (0, 0)
        made = [
            self._row(position, row, keys, by_cell, comparison, start <= n < stop)
            for n, row in enumerate(shown)
        ]
        free = self._free(position)
        if recordable and self.editable:
            made += self._blanks(position, listing, keys, free)
        step = max(1, stop - start)
        far = recordable and self.editable and (start > 0 or stop < len(shown))
        return DeskBoard(
            position=position,
            name=listing["name"],
            subject={"unit": "单位", "article": "文章"}.get(listing["subject"], "公众号"),
            recordable=recordable,
            needs_transcription=listing["needs_transcription"],
            board=board,
            columns=[(key, cells.label_of(key, listing["factors"].get(key, 1))) for key in keys],
            rows=made,
            marks=_named(position, found, rows) if recordable else [],
            comparison=comparison,
            list_size=listing["list_size"],
            late=listing["late"],
            optional=[(key, cells.LABELS[key]) for key in cells.OPTIONAL if key not in keys],
            free_row=f"n{max([free, *(_number(row.id) + 1 for row in made if row.blank)])}",
            whole_only=whole_only,
            cut=len(rows) - len(shown),
            windows=[(n + 1, min(n + step, len(shown))) for n in range(0, len(shown), step)]
            if far
            else (),
        )

    def _columns(self, position: int, listing: Mapping[str, Any], board: Board | None) -> list[str]:
        asked = list(self.posted.columns.get(position, ()))
        asked += [key for at, _, key in self.posted.cells if at == position]
        if not listing["rows"] and not asked and self.editable:
            asked += _last_figures(board)
        return cells.columns_of([*listing["rows"], *listing["removed"]], asked)

    def _accounts(self, rows: Sequence[Mapping[str, Any]]) -> tuple[set[str], dict[str, int]]:
        """The names that are not on record, and whose row each of the others is."""
        unknown, accounts = set(), {}
        for row in rows:
            try:
                accounts[row["id"]] = self.resolver.find(row["account"], self.period).pk
            except NotResolved as error:
                if error.unknown and row["account"]:
                    unknown.add(row["account"])
        return unknown, accounts

    def _recorded(self, board: Board) -> dict[int, Recorded]:
        rows = Observation.objects.in_force().filter(
            board=board,
            start=self.period.start,
            end=self.period.end,
            source_kind=self.run.source.source_kind,
            source_name=self.run.source.source_name,
            account__isnull=False,
        )
        return {
            row.account_id: Recorded(
                row.account.name,
                row.rank if row.state == State.RANKED else None,
                row.tied,
                row.unit,
                row.figures,
            )
            for row in rows.select_related("account")
        }

    def _window(self, position: int, rows: Sequence[Any], keys: Sequence[str]) -> tuple[int, int]:
        """Which rows get inputs."""
        if not self.editable:
            return 0, 0
        wanted = position == self.first[0]
        width = len(keys) + 2
        free = self.inputs if wanted else self.inputs - self.reserved
        start = min(self.first[1], max(0, len(rows) - 1)) if wanted else 0
        stop = min(len(rows), start + max(0, free // width))
        self.inputs -= (stop - start) * width
        if wanted:
            self.reserved = 0
        return start, stop

    def _row(
        self,
        position: int,
        row: Mapping[str, Any],
        keys: Sequence[str],
        by_cell: Mapping[tuple[str, str], list[str]],
        comparison: Comparison | None,
        editable: bool,
    ) -> DeskRow:
        name = row["id"]
        saved = self.saved[position].get(name)
        made = []
        for key in keys:
            error = self.errors.get((position, name, key), "")
            text = cells.text_of(row, key)
            entry = row["typed"].get(key)
            made.append(
                DeskCell(
                    key=key,
                    name=f"c-{position}-{name}-{key}",
                    label=cells.LABELS[key],
                    text=self.posted.cells[position, name, key] if error else text,
                    saved=cells.text_of(saved, key) if saved else "",
                    number=key == "rank" or key in cells.FIGURES,
                    marks=by_cell.get((name, key), ()),
                    error=error,
                    typed=entry if entry and entry["by"] is not None else None,
                    crop=_crop(row, key),
                )
            )
        ticks = self.posted.ticks.get(position)
        return DeskRow(
            id=name,
            name=row_name(row),
            cells=made,
            editable=editable,
            ticked=ticks is None or name in ticks,
            removed=REMOVED in row["typed"],
            added=row["added"],
            picture=row["picture"],
            difference=comparison.rows.get(name) if comparison else None,
        )

    def _free(self, position: int) -> int:
        """The number of the first added row that nobody has used."""
        used = [each["row"] for each in self.run.edits if each["board"] == position]
        used += [name for at, name, _ in self.posted.cells if at == position]
        return max((_number(name) for name in used if is_added(name)), default=0) + 1

    def _blanks(
        self, position: int, listing: Mapping[str, Any], keys: Sequence[str], free: int
    ) -> Iterator[DeskRow]:
        """Rows to type in: those sent with something that cannot stand, then empty ones."""
        there = {row["id"] for row in [*listing["rows"], *listing["removed"]]}
        faulty = {name for at, name, _ in self.errors if at == position} - there
        for name in sorted(faulty, key=_number):
            yield blank_row(position, name, keys, self.posted.cells, self.errors)
        count = MORE_ROWS if listing["needs_transcription"] else 0
        if listing["needs_transcription"] and not there:
            count = min(listing["list_size"] or EMPTY_ROWS, MAX_EMPTY_ROWS)
        asked = self.posted.rows.get(position)
        width = len(keys) + 1
        count = min(count if asked is None else asked, MAX_EMPTY_ROWS, self.inputs // width)
        self.inputs -= count * width
        for number in range(free, free + count):
            yield blank_row(position, f"n{number}", keys)


def _named(
    position: int, found: Sequence[Mark], rows: Sequence[Mapping[str, Any]]
) -> list[DeskMark]:
    names = {row["id"]: row_name(row) for row in rows}
    return [
        DeskMark(
            f"c-{position}-{mark.row}-{mark.key}",
            names[mark.row],
            cells.LABELS[mark.key],
            mark.sentence,
        )
        for mark in found
    ]


def _number(name: str) -> int:
    return int(name[1:]) if is_added(name) else 0


def _crop(row: Mapping[str, Any], key: str) -> str:
    """``x,y,width,height`` in the picture's own pixels, ``""`` where the cell was not read."""
    read = {**(row.get("unread") or {}), **(row.get("cells") or {})}
    crop = (read.get(key) or {}).get("crop")
    if not crop or row["picture"] is None:
        return ""
    return ",".join(str(round(float(each))) for each in crop[:4])


def _last_figures(board: Board | None) -> Sequence[str]:
    """The figures that the board's newest list on record has."""
    if board is not None:
        ranked = Observation.objects.in_force().filter(board=board, state=State.RANKED)
        figures = ranked.order_by("-start", "rank").values_list("figures", flat=True).first()
        if figures:
            return [key for key in figures if key in cells.FIGURES]
    return USUAL_FIGURES


def late_edit(position: int) -> CellEdit:
    """Asks for the rows of pictures that were read after people had begun to type."""
    return CellEdit(position, "", PICTURES, "1")
