"""When a source is due, and for which month. Pure functions over plain values.

The list of a month is looked for in the next month: on the first days until it is there, and
again from the 8th on, because publishers replace their lists by revised ones about then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from rankings.periods import SHANGHAI, Month

REVISION_DAY = 8
# Longer downtime is made up for by a person with ``backfill``; so a clock that jumped years ahead
# does not fetch hundreds of months either.
MADE_UP_FOR = 12


@dataclass(frozen=True)
class PastRun:
    """What the rule needs of a run: ``settled`` means recorded or in a person's hands.

    ``scheduled`` runs are those of the clock; what people fetch besides, such as the past of a new
    source, does not tell since when the clock has been minding it.
    """

    month: Month
    requested_at: datetime
    settled: bool
    is_open: bool = False
    scheduled: bool = True


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
    passed over entirely since the newest scheduled run come first, oldest first, where each month
    has its own address.

    A run dated after ``now`` was made by a clock that was ahead: its date says nothing, so the
    month is looked at once more and never passed over; its outcome counts.
    """
    if any(run.is_open for run in runs):
        return None
    target = month_to_fetch(now)
    if monthly_address and (missed := _missed(target, runs)) is not None:
        return missed
    past = [moment for moment in moments(days, hour, now) if moment <= now]
    if not past:
        return None
    latest = past[-1]
    looked = [run for run in runs if run.month == target]
    if any(latest <= run.requested_at <= now for run in looked):
        return None
    if any(run.settled for run in looked) and latest.day < REVISION_DAY:
        return None
    return target


def _missed(target: Month, runs: Sequence[PastRun]) -> Month | None:
    """The oldest month between the newest scheduled run and ``target`` that nobody looked at."""
    looked = {run.month for run in runs}
    known = [run.month for run in runs if run.scheduled and run.month < target]
    if not known:
        return None
    start = max(max(known) + 1, target + -MADE_UP_FOR)
    return next(
        (start + n for n in range(target - start) if start + n not in looked),
        None,
    )
