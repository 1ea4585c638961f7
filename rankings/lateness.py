"""By when a month's list should be there (docs/streak-rules.md §2, case 6). Pure."""

import datetime as dt

from .periods import Month


def expected_by(month: Month, issue_day: int | None, late_days: int) -> dt.date:
    """The last day on which the list of ``month`` is not yet late.

    Lists come out in the month after, on ``issue_day`` (1–28; the first day where it is not known),
    and ``late_days`` days of grace are given.
    """
    return (month + 1).first_day.replace(day=issue_day or 1) + dt.timedelta(days=late_days)
