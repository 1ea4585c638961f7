"""Lists of a small monthly board for tests."""

import datetime as dt

from rankings import services
from rankings.models import Board
from rankings.periods import Month, Period
from rankings.services import ListRow, SourceRef

LAST = Month(2019, 8)
NAMES = (
    "在荷塘", "甲县发布", "乙县融媒", "丙县在线", "丁县之声", "戊县微政",
    "己县发布", "庚县发布", "辛县发布", "壬县发布", "癸县发布",
)  # fmt: skip


def figure(value, bound="exact"):
    return {"value": value, "bound": bound, "capped": False, "raw": str(value)}


def record_month(
    board: Board,
    month: Month,
    order,
    *,
    status="confirmed",
    source=None,
    method="13.0",
    capture=None,
    reason="",
    step=10,
):
    """One month's list: accounts in the order of their places, indexes 1000.5, 990.5, 980.5 …

    The reads of the first are a lower bound. ``step`` is the distance of the indexes.
    """
    rows = [
        ListRow(
            account,
            rank=at,
            figures={
                "index": figure(1000.5 - step * (at - 1)),
                "reads": figure(210000 - 1000 * at, "at_least" if at == 1 else "exact"),
                "articles": figure(80 + at),
            },
        )
        for at, account in enumerate(order, start=1)
    ]
    return services.record_list(
        None,
        board=board,
        period=Period.of_month(month),
        source=source or SourceRef("publisher", "某报社", f"https://example.org/{month}"),
        rows=rows,
        status=status,
        origin="scrape",
        published=dt.date(month.year, month.month, 28),
        method=method,
        capture=capture,
        reason=reason,
    )
