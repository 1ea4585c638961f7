"""The days of a month or a week as rows of a table. Pure."""

import calendar
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from .silence import Outlook, Quiet
from .states import Entry, State

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
REST, WORK, QUIET = "rest", "work", "quiet"
SATURDAY = 5
# A day of a month with more than one entry beyond these folds the rest away.
SHOWN_IN_MONTH = 4


class Span(StrEnum):
    """How much is seen at once."""

    MONTH = "month"
    WEEK = "week"

    @property
    def label(self) -> str:
        return {"month": "月", "week": "周"}[self]


@dataclass(frozen=True)
class Special:
    """What the official table says of a day: ``kind`` is of `cms.ops.models.DayKind`."""

    kind: str
    name: str


@dataclass(frozen=True)
class Day:
    """One cell. ``shown`` are the entries that pass the filter; the marks know all of them.

    ``overfull`` is the day's allowance where more stands on it, else 0; ``clash`` says why nothing
    can go out although something is to. In a month only ``most`` entries are seen at once.
    """

    day: date
    shown: tuple[Entry, ...] = ()
    in_month: bool = True
    is_today: bool = False
    is_past: bool = False
    special: Special | None = None
    is_gap: bool = False
    silent_days: int = 0
    silence: Quiet = Quiet.NONE
    overfull: int = 0
    clash: str = ""
    most: int | None = None

    @property
    def first(self) -> tuple[Entry, ...]:
        """What is seen at once; nothing is folded away for one more."""
        return self.shown[: self.most] if self.rest else self.shown

    @property
    def rest(self) -> tuple[Entry, ...]:
        """What is folded away."""
        if self.most is None or len(self.shown) <= self.most + 1:
            return ()
        return self.shown[self.most :]

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.day.weekday()]

    @property
    def is_off(self) -> bool:
        """No working day."""
        return _is_off(self.day, self.special)

    @property
    def is_quiet(self) -> bool:
        return _kind(self.special) == QUIET

    @property
    def badge(self) -> str:
        """休, 班 or 静默: what the official table makes of the day."""
        return {REST: "休", WORK: "班", QUIET: "静默"}.get(_kind(self.special), "")

    @property
    def is_worth_a_line(self) -> bool:
        """Whether a list of days, as on a phone, shows it."""
        marks = self.is_today or self.special or self.silence
        return self.in_month and bool(self.shown or marks)


@dataclass(frozen=True)
class Sheet:
    """The table: ``weeks`` of seven days, Monday first."""

    span: Span
    anchor: date
    weeks: tuple[tuple[Day, ...], ...] = field(default=())

    @property
    def first(self) -> date:
        return self.weeks[0][0].day

    @property
    def last(self) -> date:
        return self.weeks[-1][-1].day

    @property
    def title(self) -> str:
        if self.span == Span.MONTH:
            return f"{self.anchor.year}年{self.anchor.month}月"
        first, last = self.first, self.last
        return f"{first.year}年{first.month}月{first.day}日—{last.month}月{last.day}日"


def days_of(span: Span, anchor: date) -> list[list[date]]:
    """The weeks that show ``anchor``: its own, or all that touch its month."""
    if span == Span.MONTH:
        return calendar.Calendar().monthdatescalendar(anchor.year, anchor.month)
    monday = anchor - timedelta(days=anchor.weekday())
    return [[monday + timedelta(days=n) for n in range(7)]]


def neighbour(span: Span, anchor: date, step: int) -> date:
    """A day of the month or week ``step`` (1 or -1) further on."""
    if span == Span.WEEK:
        return anchor + timedelta(days=7 * step)
    months = anchor.year * 12 + anchor.month - 1 + step
    return date(months // 12, months % 12 + 1, 1)


def passes(entry: Entry, column: int | None, states: Collection[State]) -> bool:
    """Whether the filter lets ``entry`` through; nothing chosen lets all."""
    return (column is None or column in entry.columns) and (not states or entry.state in states)


def make(
    span: Span,
    anchor: date,
    entries: Iterable[Entry],
    *,
    outlook: Outlook,
    special: Mapping[date, Special],
    allowance: int = 1,
    sends_on_holidays: bool = True,
    column: int | None = None,
    states: Collection[State] = (),
) -> Sheet:
    """Lay ``entries`` on their days and mark what is to be seen of each.

    A gap is a working day, not before the first known post, without a sending done or to come.
    """
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    begins = min((*outlook.posted, *outlook.coming, outlook.today))

    def cell(day: date) -> Day:
        there = by_day.get(day, [])
        turns = [entry for entry in there if entry.takes_a_turn]
        kind = special.get(day)
        is_idle = not turns and day not in outlook.posted
        is_open = _kind(kind) != QUIET and not _is_off(day, kind)
        return Day(
            day,
            tuple(entry for entry in there if passes(entry, column, states)),
            in_month=span == Span.WEEK or day.month == anchor.month,
            is_today=day == outlook.today,
            is_past=day < outlook.today,
            special=kind,
            is_gap=is_idle and is_open and day >= begins,
            silent_days=outlook.days_on(day),
            silence=outlook.level_on(day),
            overfull=allowance if len(turns) > allowance else 0,
            clash=_clash(day, kind, turns, outlook.today, sends_on_holidays),
            most=SHOWN_IN_MONTH if span == Span.MONTH else None,
        )

    weeks = tuple(tuple(cell(day) for day in week) for week in days_of(span, anchor))
    return Sheet(span, anchor, weeks)


def _clash(
    day: date, special: Special | None, turns: list[Entry], today: date, sends_on_holidays: bool
) -> str:
    if day < today or all(entry.state == State.SENT for entry in turns):
        return ""
    if _kind(special) == QUIET:
        return "静默日不推送，请改到别的日子。"
    if _kind(special) == REST and not sends_on_holidays:
        return "按设置节假日不推送，请改到别的日子。"
    return ""


def _kind(special: Special | None) -> str:
    return special.kind if special else ""


def _is_off(day: date, special: Special | None) -> bool:
    if _kind(special) in (REST, WORK):
        return special.kind == REST
    return day.weekday() >= SATURDAY
