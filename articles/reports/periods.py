"""The stretch of days a report looks at. Pure; days are local days, both ends included."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from rankings.periods import Month

MONTHS_OFFERED = 13
QUARTERS_OFFERED = 6


@dataclass(frozen=True)
class Span:
    """``first`` and ``last`` day, and what people call it."""

    first: dt.date
    last: dt.date
    label: str

    @property
    def begins(self) -> dt.datetime:
        """The first moment, aware."""
        return timezone.make_aware(dt.datetime.combine(self.first, dt.time.min))

    @property
    def ends(self) -> dt.datetime:
        """The first moment after it, aware."""
        after = self.last + dt.timedelta(days=1)
        return timezone.make_aware(dt.datetime.combine(after, dt.time.min))


def latest_year(today: dt.date) -> Span:
    """The month of ``today`` and the eleven before it: what is shown when nothing was chosen."""
    return Span((Month.of(today) + -11).first_day, today, "近12个月")


def choices(today: dt.date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The months and quarters one may pick, newest first, as grouped choices of a form field."""
    now = Month.of(today)
    months = [now + -back for back in range(MONTHS_OFFERED)]
    first = Month(now.year, (now.month - 1) // 3 * 3 + 1)
    quarters = [first + -3 * back for back in range(QUARTERS_OFFERED)]
    return [
        ("月", [(str(month), month.label) for month in months]),
        ("季度", [(_quarter_key(month), _quarter_label(month)) for month in quarters]),
    ]


def span_of(key: str) -> Span:
    """The span of a choice: ``2026-10`` or ``2026-Q3``."""
    year, _, part = key.partition("-")
    if part.startswith("Q"):
        month = Month(int(year), int(part[1:]) * 3 - 2)
        return Span(month.first_day, (month + 2).last_day, _quarter_label(month))
    month = Month(int(year), int(part))
    return Span(month.first_day, month.last_day, month.label)


def between(first: dt.date | None, last: dt.date | None, today: dt.date) -> Span:
    """The days from ``first`` to ``last``; an open end is a year before, or today."""
    last = last or max(today, first or today)
    first = first or last - dt.timedelta(days=365)
    return Span(first, last, f"{_day(first)}至{_day(last)}")


def _quarter_key(month: Month) -> str:
    return f"{month.year}-Q{(month.month + 2) // 3}"


def _quarter_label(month: Month) -> str:
    names = "一二三四"
    return f"{month.year}年第{names[(month.month - 1) // 3]}季度"


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
