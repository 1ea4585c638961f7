"""Typing over what the machine read, while a run waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from .. import cells
from ..effective import PICTURES, REMOVED, edit, is_added
from ..models import Run
from .errors import ScrapeError
from .reading import effective_of
from .waiting import hold_waiting, may_review, reason_text

# What a person writes who types rows that no machine read.
TRANSCRIBED = "对照原图录入"
# A list has no more rows than a page may have cells, and nobody types so many.
MAX_EDITS = 50_000


@dataclass(frozen=True, slots=True)
class CellEdit:
    """What a person typed: ``row`` is a row's id, ``n1`` and so on for rows they add.

    ``key`` is one of ``effective.EDIT_KEYS``; ``removed`` with a text strikes the row out and with
    ``""`` takes it back, ``pictures`` (without a row) lets readings in that came late.
    """

    board: int
    row: str
    key: str
    text: str


def edit_cells(
    actor: Any, run: Run, edits: Sequence[CellEdit], reason: str, *, seen: int | None = None
) -> Run:
    """Keep what a person typed, without deciding. What the machine read stays as it is.

    Texts that say what the cells say already are passed over. ``reason`` may be left out where
    nothing is typed over that a machine read. ``seen`` is how many edits there were when the
    person opened the page: with more of them by now, nothing is kept.
    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    may_review(actor)
    with transaction.atomic():
        run = hold_waiting(run)
        if seen is not None and seen != len(run.edits):
            last = run.edits[-1]
            raise ScrapeError(
                f"{last['name']}刚刚也改了这份榜单，您的改动还没有保存。请核对下面用颜色标出的格子，"
                "再保存一次。"
            )
        entries, overtyped = _entries(effective_of(run)["boards"], edits)
        if not entries:
            return run
        if len(run.edits) + len(entries) > MAX_EDITS:
            raise ScrapeError("这条抓取记录的改动太多了，请改用“排名 › 导入”整表导入。")
        if overtyped or reason.strip():
            reason = reason_text(reason, "请写明改动的理由，例如原页面是怎么写的。")
        else:
            reason = TRANSCRIBED
        who = {
            "by": actor.pk,
            "name": str(actor),
            "at": timezone.now().isoformat(),
            "reason": reason,
        }
        run.edits = [*run.edits, *({**entry, **who} for entry in entries)]
        run.save(update_fields=["edits"])
        audit.record(
            actor,
            "scrape.edit",
            run,
            {"month": str(run.statistics_month), "fields": len(entries), "reason": reason},
        )
    return run


def _entries(
    boards: Sequence[dict[str, Any]], edits: Sequence[CellEdit]
) -> tuple[list[dict[str, Any]], bool]:
    """The edits that change something, and whether any of them is over a machine's word."""
    entries, overtyped = [], False
    rows = [{row["id"]: row for row in [*board["rows"], *board["removed"]]} for board in boards]
    gone = [{row["id"] for row in board["removed"]} for board in boards]
    for each in edits:
        if not 0 <= each.board < len(boards):
            raise ScrapeError("页面上没有这个榜单，请刷新页面后重试。")
        if each.key == PICTURES:
            entries.append(edit(each.board, "", PICTURES, "", "1"))
            continue
        row = rows[each.board].get(each.row)
        if row is None and not is_added(each.row):
            raise ScrapeError("改动的一行已经不在榜单里了，请刷新页面后重试。")
        if each.key == REMOVED:
            old, new = ("1" if each.row in gone[each.board] else ""), ("1" if each.text else "")
            if row is None:
                continue
        elif each.key in cells.KEYS:
            old = cells.text_of(row, each.key) if row else ""
            try:
                # What stands there already is let be, however it was printed.
                new = old if each.text == old else cells.clean(each.key, each.text)
            except cells.CellError as error:
                raise ScrapeError(f"{row_name(row)}：{error}") from error
        else:
            raise ScrapeError("没有这一列，请刷新页面后重试。")
        if old != new:
            factor = boards[each.board]["factors"].get(each.key, 1)
            entries.append(edit(each.board, each.row, each.key, old, new, factor=factor))
            overtyped = overtyped or (row is not None and not row["added"])
    return entries, overtyped


def row_name(row: dict[str, Any] | None) -> str:
    """How people are told of a row."""
    if row is None:
        return "新加的一行"
    rank = f"第{row['rank']}名" if row["rank"] is not None else "没有名次的一行"
    return f"{rank} {row['account']}".strip()
