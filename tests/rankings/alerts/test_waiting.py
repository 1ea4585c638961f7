"""Which boards are late."""

import datetime as dt

import pytest

from rankings import alerts
from rankings.alerts import BoardInfo
from rankings.lateness import expected_by
from rankings.periods import Month

AUGUST = Month(2019, 8)


def expected(month: Month) -> dt.date:
    return expected_by(month, 8, 15)


@pytest.mark.parametrize(
    ("last", "today", "missing"),
    [
        (AUGUST, dt.date(2019, 10, 23), []),  # the last day of grace
        (AUGUST, dt.date(2019, 10, 24), ["2019-09"]),
        (AUGUST, dt.date(2019, 11, 24), ["2019-09", "2019-10"]),
        (Month(2019, 9), dt.date(2019, 10, 24), []),
        (AUGUST, dt.date(2020, 3, 31), ["2019-09", "2019-10", "2019-11", "2019-12", "2020-01",
                                        "2020-02"]),
        (AUGUST, dt.date(2020, 4, 1), []),  # asleep: nobody waits any more
        (AUGUST, dt.date(2026, 4, 1), []),
        (AUGUST, dt.date(2019, 9, 1), []),
    ],
)  # fmt: skip
def test_what_is_missing(last, today, missing) -> None:
    assert [str(month) for month in alerts.overdue(last.index, today, expected)] == missing


def test_the_words_and_the_key() -> None:
    board = BoardInfo(7, "县级榜")
    one = alerts.late(board, [Month(2019, 9)], dt.date(2019, 10, 23))
    assert one.message.startswith("《县级榜》2019年9月的榜单到 2019-10-23 还没有名次入库。")
    assert one.key == f"late:7:{Month(2019, 9).index}"
    two = alerts.late(board, [Month(2019, 9), Month(2019, 10)], dt.date(2019, 11, 23))
    assert "自 2019年9月起已有 2 期没有名次" in two.message and two.key != one.key
    assert alerts.late(board, [], dt.date(2019, 11, 23)) is None
