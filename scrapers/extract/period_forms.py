"""How days, months and spans are printed (README §8), as patterns that yield dates."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .folding import fold
from .numerals import parse_numeral

_HOUR = (
    r"(?:\s*\d{1,2}\s*[时点:](?:\d{1,2}分?)?(?::\d\d)?|\s*零[时点]|\s*[(\[](?:周|星期|礼拜)?[一二三四五六日天含][)\]]"
    r"|\s*(?:周|星期)[一二三四五六日天]|起|开始)*"
)
_DASH = r"\s*(?:-|–|—|~|～|至|到|－)+\s*"
_MD = r"(?P<m{0}>1[0-2]|0?[1-9])\s*月\s*(?P<d{0}>3[01]|[12]\d|0?[1-9])\s*[日号]?"
_DOT = r"[./-]"

#: ``2018年4月8日0时至4月14日24时``, ``12月1日-31日``, ``11月1日——11月30日``.
_CHINESE_SPAN = re.compile(
    rf"(?:(?P<y1>20\d\d)\s*年\s*)?{_MD.format(1)}{_HOUR}{_DASH}"
    rf"(?:(?P<y2>20\d\d)\s*年\s*)?(?:(?P<m2>1[0-2]|0?[1-9])\s*月\s*)?"
    rf"(?P<d2>3[01]|[12]\d|0?[1-9])\s*[日号]"
)
#: ``2018-06-03 至 2018-06-09``, ``2016.5.1-2016.5.7``, ``2016/5/1-5/7``.
_FULL_SPAN = re.compile(
    rf"(?<![\d.])(?P<y1>20\d\d){_DOT}(?P<m1>1[0-2]|0?[1-9]){_DOT}(?P<d1>3[01]|[12]\d|0?[1-9])"
    rf"{_HOUR}{_DASH}"
    rf"(?:(?P<y2>20\d\d){_DOT})?(?P<m2>1[0-2]|0?[1-9]){_DOT}(?P<d2>3[01]|[12]\d|0?[1-9])(?![\d.])"
)
#: ``20190801-20190831``.
_COMPACT_SPAN = re.compile(
    rf"(?<!\d)(?P<y1>20\d\d)(?P<m1>0[1-9]|1[0-2])(?P<d1>[0-3]\d){_DASH}"
    r"(?P<y2>20\d\d)?(?P<m2>0[1-9]|1[0-2])(?P<d2>[0-3]\d)(?!\d)"
)
#: ``(12.3-12.9)``, only in brackets or behind a label: bare, it may be two numbers.
_SHORT_SPAN = re.compile(
    rf"(?:(?<=[(\[【（])|(?<=:)|(?<=^))\s*(?P<m1>1[0-2]|0?[1-9])[./](?P<d1>3[01]|[12]\d|0?[1-9]){_DASH}"
    r"(?P<m2>1[0-2]|0?[1-9])[./](?P<d2>3[01]|[12]\d|0?[1-9])\s*(?=[)\]】）]|$|\s|，|,|。)"
)
#: ``2018年9月1日至9月30日`` is above; ``2021年4月至6月`` are whole months.
_MONTH_SPAN = re.compile(
    rf"(?P<y1>20\d\d)\s*年\s*(?P<m1>1[0-2]|0?[1-9])\s*月?{_DASH}"
    r"(?:(?P<y2>20\d\d)\s*年\s*)?(?P<m2>1[0-2]|0?[1-9])\s*月(?!\s*\d{1,2}\s*[日号])"
)
_QUARTER = re.compile(
    r"(?:(?P<y>20\d\d)\s*年?(?:度|的)?\s*)?(?:第?\s*(?P<q>[一二三四1-4])\s*季度|(?P<h>上|下)半年)"
    r"|(?P<y2>20\d\d)\s*年?\s*Q(?P<q2>[1-4])(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?P<y>20\d\d)\s*年(?:度|全年|总榜|年榜|年终)(?!\s*\d)")
_NEAR_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年(?!\s*\d{1,2}\s*月)[^，,。;:《》]{0,20}$")
_SPANS = (_CHINESE_SPAN, _FULL_SPAN, _COMPACT_SPAN, _SHORT_SPAN)

_HAN_MONTH = "十[一二]?|[一二三四五六七八九]"
_MONTH = re.compile(
    rf"(?<!\d)(?P<y>20\d\d)\s*年\s*(?P<m>1[0-2]|0?[1-9]|{_HAN_MONTH})\s*月"
    r"(?!\s*(?:\d{1,2}(?!\d)|[一二三四五六七八九十]{1,3}[日号]|上旬|中旬|下旬|初|底)\s*[日号]?)"
)
_MONTH_DIGITS = re.compile(
    r"(?<![\d./-])(?P<y>20\d\d)(?:(?P<sep>[-./])(?P<m1>1[0-2]|0?[1-9])|(?P<m2>0[1-9]|1[0-2]))(?![\d./-])"
)
_BARE_MONTH = re.compile(
    r"(?<![\d年])(?<!年\s)(?P<m>1[0-2]|0?[1-9])\s*月(?:份)?(?!\s*\d|[上中下]旬|[初底末])"
)
_CHINESE_MONTH = re.compile(
    rf"(?P<m>{_HAN_MONTH})月(?:份)?(?=榜|政务|榜单|排行|[^\d上中下]{0, 8}榜)"
)
_DAY = re.compile(
    r"(?<![\d./-])(?P<y>20\d\d)\s*(?:(?P<han>年)|(?P<sep>[-./]))\s*(?P<m>1[0-2]|0?[1-9])\s*"
    r"(?:(?(han)月|(?P=sep)))\s*(?P<d>3[01]|[12]\d|0?[1-9])\s*日?(?!\d)"
)
_HAN_YEAR = re.compile(r"二[〇零○]\s*[〇零○一二三四五六七八九]{2}(?=\s*年)")
_HAN_DIGITS = dict(zip(map(ord, "〇零○一二三四五六七八九"), "000123456789", strict=True))
_BARE_DAY = re.compile(
    r"(?<![\d年])(?<!年\s)(?P<m>1[0-2]|0?[1-9])\s*月\s*(?P<d>3[01]|[12]\d|0?[1-9])\s*[日号](?!\d)"
)
_DAY_DIGITS = re.compile(
    r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A printed span of days; a missing year is ``None``."""

    year: int | None
    month: int
    day: int
    end_year: int | None
    end_month: int
    end_day: int
    at: int = 0
    #: A year printed shortly before a span that has none (``2019年第14周(3月31日至4月6日)``).
    near_year: int | None = None

    def dates(self, year: int) -> tuple[date, date] | None:
        """The days, with ``year`` for the start where none is printed; ``None`` when impossible.

        A span whose end comes before its start crosses the year.
        """
        first = self.year or year
        if self.year is None and self.end_year is not None:
            crosses = (self.month, self.day) > (self.end_month, self.end_day)
            first = self.end_year - crosses
        last = self.end_year or first
        if self.end_year is None and (self.end_month, self.end_day) < (self.month, self.day):
            last += 1
        start = make_date(first, self.month, self.day)
        end = make_date(last, self.end_month, self.end_day)
        if start is None or end is None or end < start or (end - start).days > 400:
            return None
        return start, end

    @property
    def has_year(self) -> bool:
        return self.year is not None or self.end_year is not None


@dataclass(frozen=True, slots=True)
class Month:
    """A printed month, or one day of it; a missing year is ``None``."""

    year: int | None
    month: int
    at: int = 0
    day: int | None = None


def spans(text: str) -> Iterator[Span]:
    """Every span of days in ``text``, in order of form."""
    folded = _plain(text)
    for pattern in _SPANS:
        for match in pattern.finditer(folded):
            found = match.groupdict()
            yield Span(
                _number(found.get("y1")),
                int(found["m1"]),
                int(found["d1"]),
                _number(found.get("y2")),
                int(found.get("m2") or found["m1"]),
                int(found["d2"]),
                match.start(),
                _number(near[1]) if (near := _NEAR_YEAR.search(folded, 0, match.start())) else None,
            )


def long_spans(text: str) -> Iterator[Span]:
    """Quarters, half years and spans of whole months."""
    folded = _plain(text)
    for match in _MONTH_SPAN.finditer(folded):
        year, end_year = int(match["y1"]), int(match["y2"] or match["y1"])
        last = calendar.monthrange(end_year, int(match["m2"]))[1]
        yield Span(year, int(match["m1"]), 1, end_year, int(match["m2"]), last, match.start())
    for match in _QUARTER.finditer(folded):
        year = _number(match["y"] or match["y2"])
        if quarter := match["q"] or match["q2"]:
            first = 3 * (parse_numeral(quarter) or 1) - 2
            count = 3
        else:
            first, count = (1 if match["h"] == "上" else 7), 6
        last_month = first + count - 1
        last = calendar.monthrange(2001, last_month)[1]
        yield Span(year, first, 1, year, last_month, last, match.start())


def whole_years(text: str) -> Iterator[Span]:
    """Years counted as a whole: ``2018年度``."""
    for match in _YEAR.finditer(_plain(text)):
        yield Span(int(match["y"]), 1, 1, int(match["y"]), 12, 31, match.start())


def months(text: str) -> Iterator[Month]:
    """Months with their year: ``2018年9月``, ``2018-09``, ``201809``."""
    folded = _plain(text)
    for match in _MONTH.finditer(folded):
        yield Month(int(match["y"]), parse_numeral(match["m"]) or 0, match.start())
    for match in _MONTH_DIGITS.finditer(folded):
        yield Month(int(match["y"]), int(match["m1"] or match["m2"]), match.start())


def bare_months(text: str) -> Iterator[Month]:
    """Months without a year: ``8月榜``, ``12月榜单``."""
    folded = _plain(text)
    for match in _BARE_MONTH.finditer(folded):
        yield Month(None, int(match["m"]), match.start())
    for match in _CHINESE_MONTH.finditer(folded):
        number = parse_numeral(match["m"])
        if number:
            yield Month(None, number, match.start())


def bare_days(text: str) -> Iterator[Month]:
    """Days without a year: ``4月8日``."""
    for match in _BARE_DAY.finditer(_plain(text)):
        yield Month(None, int(match["m"]), match.start(), int(match["d"]))


def days(text: str) -> Iterator[tuple[date, int]]:
    """Whole dates with where they stand: ``2018-04-16``, ``2017年12月5日``, ``20180416``."""
    folded = _plain(text)
    for pattern in (_DAY, _DAY_DIGITS):
        for match in pattern.finditer(folded):
            found = make_date(int(match["y"]), int(match["m"]), int(match["d"]))
            if found is not None:
                yield found, match.start()


def is_only_date(text: str) -> bool:
    """Whether a line is but a date or a span in brackets: no heading."""
    folded = _plain(text)
    for pattern in (*_SPANS, _MONTH_SPAN, _QUARTER, _DAY, _MONTH, _MONTH_DIGITS):
        folded = pattern.sub("", folded)
    return not re.sub(
        r"[\s()\[\]【】（）:,，\-—~至到]|\d{1,2}:\d\d(?::\d\d)?|星期.|周.|\d{1,2}[时点]", "", folded
    )


def _plain(text: str) -> str:
    """Folded, with years in Chinese digits (``二〇一九年``) in Arabic ones of the same length."""
    folded = fold(text)
    if "二" not in folded:
        return folded
    return _HAN_YEAR.sub(lambda match: match[0].translate(_HAN_DIGITS), folded)


def make_date(year: int, month: int, day: int) -> date | None:
    """The date, or ``None`` when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    return int(text) if text else None
