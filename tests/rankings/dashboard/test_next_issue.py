"""When the next list is to be expected."""

import datetime as dt

import pytest

from rankings.dashboard import next_issue
from rankings.periods import Month

LAST = Month(2026, 9)  # the list of October comes out in November


@pytest.mark.parametrize(
    ("today", "style", "part"),
    [
        (dt.date(2026, 10, 20), "waiting", "下一期是2026年10月，预计2026年11月8日前后发布。"),
        (dt.date(2026, 11, 7), "waiting", "预计"),
        (dt.date(2026, 11, 8), "soon", "到2026年11月23日还没有，就算迟发"),
        (dt.date(2026, 11, 23), "soon", "在那之前是“未发布”，不是缺失"),
        (
            dt.date(2026, 11, 24),
            "late",
            "2026年10月的榜单应在2026年11月8日前后发布，至今没有入库，算缺失。",
        ),
        (dt.date(2027, 1, 3), "late", "其后另有1期也迟了"),
        (dt.date(2027, 4, 30), "late", "其后另有5期也迟了"),
        (dt.date(2027, 5, 1), "dormant", "2026年9月之后没有名次入库"),
    ],
)
def test_what_is_said_of_the_next_list(today, style, part) -> None:
    found = next_issue(LAST, today, 8, 15)
    assert (found.style, found.month) == (style, Month(2026, 10))
    assert part in found.sentence
    assert found.headline


def test_how_late_it_is() -> None:
    assert next_issue(LAST, dt.date(2026, 11, 24), 8, 15).headline == "迟了16天"


def test_without_a_usual_day_the_first_of_the_month_counts() -> None:
    found = next_issue(LAST, dt.date(2026, 10, 20), None, 15)
    assert found.headline == "11月1日起"
    assert next_issue(LAST, dt.date(2026, 11, 17), None, 15).style == "late"
