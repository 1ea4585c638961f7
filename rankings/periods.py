"""Statistics months and periods as plain values.

Every period is a run of whole calendar days in Asia/Shanghai. Arithmetic on months is arithmetic
on integers, never on days: 2017-09 to 2019-08 inclusive is 24 months.
"""

import calendar
import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR = 2000
LAST_YEAR = 2100


class PeriodError(ValueError):
    """A text that names no period; the message is a Chinese sentence."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month in Asia/Shanghai."""

    year: int
    month: int

    @classmethod
    def from_index(cls, index: int) -> "Month":
        """The month of ``year * 12 + month - 1``, the form in which the database keeps it."""
        year, month = divmod(index, 12)
        return cls(year, month + 1)

    @classmethod
    def of(cls, moment: dt.datetime | dt.date) -> "Month":
        """The month of a day, or of an aware moment as seen in Asia/Shanghai.

        2019-08-31 16:30 UTC is September there.
        """
        if isinstance(moment, dt.datetime):
            moment = moment.astimezone(SHANGHAI)
        return cls(moment.year, moment.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """``2019-08``, ``2019年8月``, ``201908`` … Raises ``PeriodError`` for anything else."""
        month = Period.parse(text).month
        if month is None:
            raise PeriodError(f"“{text}”不是一个月份，请写成 2019-08 这样的形式。")
        return month

    @property
    def index(self) -> int:
        """``year * 12 + month - 1``: neighbouring months differ by one."""
        return self.year * 12 + self.month - 1

    def __add__(self, months: int) -> "Month":
        return Month.from_index(self.index + months)

    def __sub__(self, other: "Month") -> int:
        """How many months this one is after ``other``."""
        return self.index - other.index

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, self.month, 1)

    @property
    def last_day(self) -> dt.date:
        return dt.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        """``2019年8月``."""
        return f"{self.year}年{self.month}月"

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


_SEPARATOR = r"(?:-|/|\.|年)"
_MONTH_RE = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})月?(?:份|榜)?")
_COMPACT_MONTH_RE = re.compile(r"(\d{4})(\d{2})")
_DAY_RE = re.compile(rf"(\d{{4}}){_SEPARATOR}(\d{{1,2}})(?:-|/|\.|月)(\d{{1,2}})日?")
_COMPACT_DAY_RE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_RANGE_SEPARATOR_RE = re.compile(r"/|~|至|到|[-–—]+")
_SHORT_DAY_RE = re.compile(r"\d{1,2}月\d{1,2}日?")
# What a spreadsheet makes of 2019-08 when it saves as CSV: Aug-19.
_ENGLISH_MONTH_RE = re.compile(r"([A-Za-z]{3})-(\d{2})")
_ENGLISH_MONTHS = {name: n for n, name in enumerate(calendar.month_abbr) if name}


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """``start`` to ``end`` inclusive; ``kind`` follows from them."""

    start: dt.date
    end: dt.date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise PeriodError(f"结束日期 {self.end} 早于开始日期 {self.start}，请检查。")

    @classmethod
    def of_month(cls, month: Month) -> "Period":
        return cls(month.first_day, month.last_day)

    @classmethod
    @lru_cache(maxsize=4096)
    def parse(cls, text: str) -> "Period":
        """Read ``2019-08``, ``2019年8月``, ``201908``, ``2019-08-04/2019-08-10`` or one day.

        Raises ``PeriodError`` with a Chinese sentence.
        """
        plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        if match := _MONTH_RE.fullmatch(plain) or _COMPACT_MONTH_RE.fullmatch(plain):
            return cls.of_month(_month(text, int(match[1]), int(match[2])))
        if match := _ENGLISH_MONTH_RE.fullmatch(plain):
            number = _ENGLISH_MONTHS.get(match[1].title())
            if number:
                return cls.of_month(_month(text, 2000 + int(match[2]), number))
        if (day := _day(text, plain)) is not None:
            return cls(day, day)
        for separator in _RANGE_SEPARATOR_RE.finditer(plain):
            start = _day(text, plain[: separator.start()])
            rest = plain[separator.end() :]
            if start is None:
                continue
            if _SHORT_DAY_RE.fullmatch(rest):
                rest = f"{start.year}年{rest}"
            end = _day(text, rest)
            if end is not None:
                return cls(start, end)
        raise PeriodError(
            f"看不懂统计期“{text}”，请写成 2019-08，或 2019-08-04/2019-08-10 这样的起止日期。"
        )

    @property
    def kind(self) -> str:
        """``month`` for a whole calendar month, ``week`` for 7 days, ``day`` for 1, else custom."""
        if self.month is not None:
            return "month"
        days = self.days
        return "week" if days == 7 else "day" if days == 1 else "custom"

    @property
    def month(self) -> Month | None:
        """The calendar month this is, or None when it is not a whole one."""
        return _whole_month(self.start, self.end)

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def label(self) -> str:
        """As people write it: 2019年8月, or 2019年8月4日至8月10日."""
        if self.month is not None:
            return self.month.label
        first = f"{self.start.year}年{self.start.month}月{self.start.day}日"
        if self.start == self.end:
            return first
        last = f"{self.end.month}月{self.end.day}日"
        return (
            f"{first}至{last}"
            if self.start.year == self.end.year
            else (f"{first}至{self.end.year}年{last}")
        )

    def __str__(self) -> str:
        """The form ``parse`` reads back: ``2019-08`` or ``2019-08-04/2019-08-10``."""
        return str(self.month) if self.month is not None else f"{self.start}/{self.end}"


@lru_cache(maxsize=4096)
def _whole_month(start: dt.date, end: dt.date) -> Month | None:
    month = Month(start.year, start.month)
    return month if start.day == 1 and end == month.last_day else None


def _month(text: str, year: int, month: int) -> Month:
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        raise PeriodError(f"“{text}”不是有效的月份，请写成 2019-08 这样的形式。")
    return Month(year, month)


def _day(text: str, plain: str) -> dt.date | None:
    """The day ``plain`` names, None when it has another shape."""
    match = _DAY_RE.fullmatch(plain) or _COMPACT_DAY_RE.fullmatch(plain)
    if match is None:
        return None
    try:
        day = dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError as error:
        raise PeriodError(f"“{text}”里没有这一天，请检查日期。") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise PeriodError(f"“{text}”的年份不在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，请检查。")
    return day
