"""Deadlines of messages, by the calendar of working days."""

import datetime as dt
from collections.abc import Callable

from django.utils import timezone

from cms import workdays
from cms.ops.models import DayKind

from . import rules
from .models import Category, Difficulty, FeedbackSettings, Message, State

# Sixty working days with the longest holidays lie within so many days.
HORIZON = 150


def limits() -> rules.Limits:
    """The limits as the office has set them."""
    chosen = FeedbackSettings.load()
    return rules.Limits(
        ordinary=chosen.days_ordinary,
        hard=chosen.days_hard,
        error=chosen.days_error,
        accept=chosen.days_accept,
        assign=chosen.days_assign,
        carry_out=chosen.days_carry_out,
        supervise=chosen.days_supervise,
        answer=chosen.days_answer,
    )


def calendar_between(first: dt.date, last: dt.date) -> Callable[[dt.date], bool]:
    """`cms.workdays.is_workday` for the days ``first`` to ``last``, read in one query."""
    special = workdays.days_between(first, last)

    def is_workday(day: dt.date) -> bool:
        kind = special[day].kind if day in special else None
        return kind == DayKind.WORK or (kind != DayKind.REST and day.weekday() < workdays.SATURDAY)

    return is_workday


def set_whole(message: Message) -> None:
    """Set when the answer is due, by what the message now is; without saving."""
    days = rules.days_in_all(
        Category(message.category),
        Difficulty(message.difficulty),
        message.is_extended,
        limits(),
    )
    first = timezone.localdate(message.received_at)
    is_workday = calendar_between(first, first + dt.timedelta(days=HORIZON))
    message.due_at = end_of(rules.working_day_after(first, days, is_workday))


def set_step(message: Message, now: dt.datetime) -> None:
    """Set until when the step is due that begins ``now``; without saving."""
    today = timezone.localdate(now)
    has_long_limit = message.difficulty == Difficulty.HARD or message.is_extended
    days = rules.days_of_step(State(message.state), has_long_limit, limits())
    is_workday = calendar_between(today, today + dt.timedelta(days=HORIZON))
    own = rules.working_day_after(today, days, is_workday)
    whole = timezone.localdate(message.due_at)
    message.step_due_at = end_of(rules.step_due_on(own, whole, today))


def end_of(day: dt.date) -> dt.datetime:
    """The last second of ``day`` here."""
    return timezone.make_aware(dt.datetime.combine(day, rules.END_OF_DAY))
