"""When the statistics of a day are asked for. Pure; all moments are of Asia/Shanghai."""

import datetime as dt
from dataclasses import dataclass

from ..models import StatisticsSubject
from ..wechat.backoff import next_delay
from ..wechat.errors import ErrorKind
from .official import DAYS_COUNTED, FIRST_DAY

#: WeChat: the figures of a day are there from 08:00 of the next.
OPENS = dt.time(8, 5)
#: Comments are asked for after these times of a day, for posts of so many days.
COMMENT_TIMES = (dt.time(9, 0), dt.time(16, 0))
COMMENT_DAYS = 7
#: Spans WeChat takes: datacube/getbizsummary, getusersummary.
ACCOUNT_SPAN = 30
FOLLOWER_SPAN = 7

DELAY_PAUSE = dt.timedelta(minutes=30)
RATE_PAUSE = dt.timedelta(minutes=1)
#: How long one call may take before another worker may try it.
CLAIM = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Errand:
    """One call, or two for followers: what of, and for which day."""

    subject: StatisticsSubject
    day: dt.date


@dataclass(frozen=True, slots=True)
class State:
    """What is known of an errand from before."""

    fetched_at: dt.datetime | None = None
    next_at: dt.datetime | None = None
    is_delayed: bool = False


def errands(now: dt.datetime) -> list[Errand]:
    """What is looked at on the day of ``now``, the newest day first.

    Never today, nor a day before the new statistics began.
    """
    today = now.date()
    posts = [
        Errand(StatisticsSubject.POSTS, day)
        for back in range(1, DAYS_COUNTED + 1)
        if (day := today - dt.timedelta(days=back)) >= FIRST_DAY
    ]
    comments = [
        Errand(StatisticsSubject.COMMENTS, today - dt.timedelta(days=back))
        for back in range(COMMENT_DAYS)
    ]
    whole = []
    if posts:
        whole = [
            Errand(StatisticsSubject.ACCOUNT, posts[0].day),
            Errand(StatisticsSubject.FOLLOWERS, posts[0].day),
        ]
    return [*posts[:1], *whole, *posts[1:], *comments]


def span(errand: Errand) -> tuple[dt.date, dt.date]:
    """The first and last day that ``errand`` asks for."""
    days = {
        StatisticsSubject.ACCOUNT: ACCOUNT_SPAN,
        StatisticsSubject.FOLLOWERS: FOLLOWER_SPAN,
    }.get(errand.subject, 1)
    return max(errand.day - dt.timedelta(days=days - 1), FIRST_DAY), errand.day


def is_due(errand: Errand, state: State, now: dt.datetime) -> bool:
    """Whether to ask now: once after each opening, and again while something is missing."""
    opened = _opened(errand.subject, now)
    if opened is None or (state.next_at is not None and state.next_at > now):
        return False
    return state.is_delayed or state.fetched_at is None or state.fetched_at < opened


def after_answer(now: dt.datetime, *, is_delay: bool) -> dt.datetime | None:
    """When to ask again today; None when all is there."""
    return now + DELAY_PAUSE if is_delay else None


def after_error(kind: ErrorKind, attempts: int, now: dt.datetime) -> dt.datetime:
    """When to try again after the ``attempts``-th failure in a row (from 1).

    What a person must mend, and a quota that is spent, wait for the next morning.
    """
    if kind == ErrorKind.RATE:
        return now + RATE_PAUSE
    if kind == ErrorKind.BUSY and (pause := next_delay(attempts)) is not None:
        return now + pause
    return dt.datetime.combine(now.date() + dt.timedelta(days=1), OPENS, now.tzinfo)


def _opened(subject: StatisticsSubject, now: dt.datetime) -> dt.datetime | None:
    """The latest opening of today; None before the first."""
    times = COMMENT_TIMES if subject == StatisticsSubject.COMMENTS else (OPENS,)
    passed = [time for time in times if time <= now.time()]
    return dt.datetime.combine(now.date(), passed[-1], now.tzinfo) if passed else None
