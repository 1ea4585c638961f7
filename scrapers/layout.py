"""Whether a page that used to be read looks otherwise now. Pure functions over plain values.

A fetch that failed says nothing about the page, and a page of another month is only early.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rankings.periods import SHANGHAI, Month, Period

from .checking import Rule, flag_text, is_account_list, match_boards, stated_period
from .due import REVISION_DAY
from .similarity import ALIKE

# Flags that speak of the structure, not of single figures.
_STRUCTURE = ("unknown_board", "empty_board")


def is_expected(month: Month, now: datetime) -> bool:
    """Whether the month's list should be there: lists come on the first days of the next month."""
    today = now.astimezone(SHANGHAI).date()
    return today >= (month + 1).first_day.replace(day=REVISION_DAY)


def layout_change(
    extraction: Mapping[str, Any] | None,
    month: Month,
    rules: Sequence[Rule],
    *,
    expected: bool,
    similarity: float | None = None,
) -> str:
    """What about the page is not as it was, as Chinese sentences; ``""`` when nothing is.

    For sources whose pages were read before. ``extraction`` is None when nothing could be made of
    the page. Before the list is ``expected``, a page without one is no change. ``similarity`` is
    how alike the page is built to the last accepted one, 0 to 1, where that is known.
    """
    if extraction is None:
        return "页面无法解析。" if expected else ""
    if extraction["verdict"] == "failed":
        return "打开的不是榜单（登录页、验证页、错误页或已删除）。" if expected else ""
    boards, flags = extraction["boards"], extraction["flags"]
    stated = stated_period(extraction)
    if stated not in (None, Period.of_month(month)) and "period_conflict" not in flags:
        return ""
    if any(board["needs_transcription"] for board in boards):
        return "榜单由文字变成了图片。"
    if not any(is_account_list(board) and board["rows"] for board in boards):
        return "页面上没有读到公众号名次。" if expected else ""
    doubts = [f"{flag_text(flag)[0]}。" for flag in _STRUCTURE if flag in flags]
    _, problems = match_boards(boards, rules)
    if similarity is not None and similarity < ALIKE:
        doubts.insert(0, f"页面结构只有 {similarity:.0%} 与上次入库的相同。")
    return "".join([*doubts, *problems])
