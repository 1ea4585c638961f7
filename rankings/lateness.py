"""By when a month's list should be there (docs/streak-rules.md §2, case 6). Pure."""

import datetime as dt
from enum import StrEnum

from .periods import Month


class IssueStatus(StrEnum):
    """What a month without a list is, in the words people use."""

    NOT_OUT = "未发布"
    MISSING = "缺失"


def expected_by(month: Month, issue_day: int | None, late_days: int) -> dt.date:
    """The last day on which the list of ``month`` is not yet late.

    Lists come out in the month after, on ``issue_day`` (1–28; the first day where it is not known),
    and ``late_days`` days of grace are given.
    """
    return (month + 1).first_day.replace(day=issue_day or 1) + dt.timedelta(days=late_days)


def issue_status(
    month: Month, today: dt.date, issue_day: int | None, late_days: int
) -> IssueStatus:
    """Whether the list of ``month``, of which nothing is on record, is not out yet or missing.

    ``today`` is a day in Asia/Shanghai. Until the days of grace are over a list that is not there
    is no gap.
    """
    late = today > expected_by(month, issue_day, late_days)
    return IssueStatus.MISSING if late else IssueStatus.NOT_OUT
