"""留言月报: counts, times and satisfaction by category and street.

Never by person or unit: nothing in the house ranks those who work.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from django.db.models import Q
from django.utils import timezone

from rankings.periods import Month

from . import deadlines, rules
from .models import Category, Level, Message, Place, Satisfaction, State

ALL = "合计"
NOWHERE = "没有填地点"
OF_ALL, OF_CATEGORY, OF_STREET = "全部", "类别", "街道、镇"


@dataclass(frozen=True, slots=True)
class Case:
    """What one message adds to the figures of a month; ``days`` are working days."""

    category: str
    street: str
    received: bool
    answered: bool
    in_time: bool
    days: int | None
    refused: bool
    open_at_end: bool
    satisfaction: str


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of all, a category or a street; shares are None where there is nothing."""

    group: str
    name: str
    received: int
    answered: int
    in_time: int
    median_days: float | None
    refused: int
    open_at_end: int
    satisfied: int
    fair: int
    unsatisfied: int

    @property
    def in_time_words(self) -> str:
        return share_words(self.in_time, self.answered)

    @property
    def median_words(self) -> str:
        return "—" if self.median_days is None else f"{self.median_days:g}"

    @property
    def satisfied_words(self) -> str:
        """满意 and 基本满意 of those who rated."""
        good = self.satisfied + self.fair
        return share_words(good, good + self.unsatisfied)


def share_words(part: int, whole: int) -> str:
    """``83%`` rounded down, so that not all is never 100%; a dash where there is nothing."""
    return f"{part * 100 // whole}%" if whole else "—"


def rows_of(cases: Iterable[Case], streets: Iterable[str]) -> list[Row]:
    """All, then each category, then each street that has a case. Pure."""
    cases = list(cases)
    rows = [_row(OF_ALL, ALL, cases)]
    for category in Category:
        found = [case for case in cases if case.category == category.value]
        if found:
            rows.append(_row(OF_CATEGORY, category.label, found))
    for street in (*streets, NOWHERE):
        found = [case for case in cases if case.street == street]
        if found:
            rows.append(_row(OF_STREET, street, found))
    return rows


def _row(group: str, name: str, cases: list[Case]) -> Row:
    days = [case.days for case in cases if case.days is not None]
    rated = [case.satisfaction for case in cases]
    return Row(
        group=group,
        name=name,
        received=sum(case.received for case in cases),
        answered=sum(case.answered for case in cases),
        in_time=sum(case.in_time for case in cases),
        median_days=median(days) if days else None,
        refused=sum(case.refused for case in cases),
        open_at_end=sum(case.open_at_end for case in cases),
        satisfied=rated.count(Satisfaction.SATISFIED),
        fair=rated.count(Satisfaction.FAIR),
        unsatisfied=rated.count(Satisfaction.UNSATISFIED),
    )


def monthly(month: Month) -> list[Row]:
    """The figures of ``month``: three queries, whatever their number. Empty when nothing was.

    Received, answered, refused and rated in the month; open at its end. A message merged into
    another is counted as received only.
    """
    begins, ends = _start(month), _start(month + 1)
    touching = (
        Q(received_at__gte=begins)
        | Q(answered_at__gte=begins)
        | Q(closed_at__gte=begins)
        | Q(closed_at=None, answered_at=None)
    )
    messages = list(
        Message.objects.filter(touching, received_at__lt=ends)
        .select_related("place__parent")
        .defer("text", "answer", "public_question", "public_answer")
    )
    if not messages:
        return []
    first = min(timezone.localdate(message.received_at) for message in messages)
    is_workday = deadlines.calendar_between(first, month.last_day)
    cases = [_case(message, begins, ends, is_workday) for message in messages]
    cases = [case for case in cases if case is not None]
    streets = Place.objects.filter(level=Level.STREET).order_by("order", "pk")
    return rows_of(cases, streets.values_list("name", flat=True)) if cases else []


def _case(message: Message, begins: dt.datetime, ends: dt.datetime, is_workday) -> Case | None:
    def within(moment: dt.datetime | None) -> bool:
        return moment is not None and begins <= moment < ends

    answered = within(message.answered_at)
    ended = [each for each in (message.answered_at, message.closed_at) if each is not None]
    days = None
    if answered:
        days = rules.working_days_between(
            timezone.localdate(message.received_at),
            timezone.localdate(message.answered_at),
            is_workday,
        )
    street = message.place.street if message.place else None
    case = Case(
        category=message.category,
        street=street.name if street else NOWHERE,
        received=within(message.received_at),
        answered=answered,
        in_time=answered and message.answered_at <= message.due_at,
        days=days,
        refused=message.state == State.REFUSED and within(message.closed_at),
        open_at_end=not ended or min(ended) >= ends,
        satisfaction=message.satisfaction if within(message.closed_at) else "",
    )
    said = (case.received, case.answered, case.refused, case.open_at_end, case.satisfaction)
    return case if any(said) else None


def _start(month: Month) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(month.first_day, dt.time()))
