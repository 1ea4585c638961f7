"""When a source is due, and for which month. Pure functions over plain values.

The list of a month is looked for in the next month: on the first days until it is there, and
again from the 8th on, because publishers replace their lists by revised ones about then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from rankings.periods import SHANGHAI, Month

REVISION_DAY = 8


@dataclass(frozen=True)
class PastRun:
    """What the rule needs of a run: ``settled`` means recorded or in a person's hands."""

    month: Month
    requested_at: datetime
    settled: bool
    is_open: bool = False


def month_to_fetch(now: datetime) -> Month:
    """The calendar month before ``now`` in Asia/Shanghai."""
    return Month.of(now) + -1


def moments(days: Sequence[int], hour: int, now: datetime) -> list[datetime]:
    """The times at which a source is to be looked at in the month of ``now``, in order."""
    month = Month.of(now)
    return [
        datetime.combine(month.first_day.replace(day=day), time(hour), SHANGHAI)
        for day in sorted(days)
    ]


def next_moment(days: Sequence[int], hour: int, now: datetime) -> datetime:
    """The first such time after ``now``, in this month or the next."""
    for moment in moments(days, hour, now):
        if moment > now:
            return moment
    following = (Month.of(now) + 1).first_day
    return moments(days, hour, datetime.combine(following, time(0), SHANGHAI))[0]


def due_month(
    now: datetime,
    days: Sequence[int],
    hour: int,
    runs: Sequence[PastRun],
    *,
    monthly_address: bool,
) -> Month | None:
    """The month to fetch now, or None when nothing is due.

    A moment missed while everything was down is made up for once, not once for each day. Months
    passed over entirely since the newest run come first, oldest first, where each month has its
    own address.
    """
    if any(run.is_open for run in runs):
        return None
    target = month_to_fetch(now)
    if monthly_address and runs:
        newest = max(run.month for run in runs)
        if newest < target + -1:
            return newest + 1
    past = [moment for moment in moments(days, hour, now) if moment <= now]
    if not past:
        return None
    latest = past[-1]
    looked = [run for run in runs if run.month == target]
    if any(run.requested_at >= latest for run in looked):
        return None
    if any(run.settled for run in looked) and latest.day < REVISION_DAY:
        return None
    return target
