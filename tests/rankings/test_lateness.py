"""By when a list is expected."""

import datetime as dt

import pytest

from rankings.lateness import expected_by, issue_status
from rankings.periods import Month


@pytest.mark.parametrize(
    ("month", "issue_day", "grace", "day"),
    [
        (Month(2019, 8), 8, 15, dt.date(2019, 9, 23)),
        (Month(2019, 8), None, 15, dt.date(2019, 9, 16)),
        (Month(2019, 8), 28, 0, dt.date(2019, 9, 28)),
        (Month(2019, 12), 8, 0, dt.date(2020, 1, 8)),
        (Month(2020, 1), 28, 2, dt.date(2020, 3, 1)),  # a leap year's February is not clipped
    ],
)
def test_the_day_after_which_a_list_is_late(month, issue_day, grace, day) -> None:
    assert expected_by(month, issue_day, grace) == day


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (dt.date(2019, 8, 31), "未发布"),
        (dt.date(2019, 9, 8), "未发布"),
        (dt.date(2019, 9, 23), "未发布"),
        (dt.date(2019, 9, 24), "缺失"),
    ],
)
def test_case_06_a_list_within_its_days_of_grace_is_not_missing(today, words) -> None:
    assert issue_status(Month(2019, 8), today, 8, 15) == words
