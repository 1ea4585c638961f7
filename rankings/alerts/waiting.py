"""Boards that are late: a day has passed by which a list should have been recorded."""

import datetime as dt
from collections.abc import Callable

from ..periods import Month
from .drafts import LATE, WARNING, AlertDraft, BoardInfo

# A board silent for longer is not late but asleep: nobody waits for it any more.
DORMANT_MONTHS = 6


def overdue(last: int, today: dt.date, expected: Callable[[Month], dt.date]) -> list[Month]:
    """The months after ``last`` whose day has passed, oldest first; empty for a dormant board.

    ``last`` is the index of the newest month on record, ``expected`` answers the day by which a
    month's list should be there.
    """
    newest = Month.of(today).index - 1
    if newest - last > DORMANT_MONTHS:
        return []
    months = [Month.from_index(index) for index in range(last + 1, newest + 1)]
    return [month for month in months if expected(month) < today]


def late(board: BoardInfo, months: list[Month], expected: dt.date) -> AlertDraft | None:
    """榜单迟发, once for each further missing month; ``expected`` is the day of the newest."""
    if not months:
        return None
    newest = months[-1]
    since = f"，自 {months[0].label}起已有 {len(months)} 期没有名次" if len(months) > 1 else ""
    text = (
        f"{board.title}{newest.label}的榜单到 {expected:%Y-%m-%d} 还没有名次入库{since}。"
        "请看发布机构的网页，或“抓取记录”里有没有等人核对的结果。"
    )
    return AlertDraft(LATE, f"late:{board.pk}:{newest.index}", WARNING, text, newest.index)
