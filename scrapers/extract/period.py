"""Which days the ranking counts (README §8): a stated range, a labelled month, title, headings."""

from __future__ import annotations

import calendar
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from .blocks import Block
from .contract import Period
from .folding import fold
from .period_forms import (
    Month,
    Span,
    bare_days,
    bare_months,
    days,
    is_only_date,
    long_spans,
    make_date,
    months,
    spans,
    whole_years,
)
from .period_texts import Texts, read_texts, without_titles

_LABEL = (
    r"(?:榜单|统计|监测|数据|排名|排行|计算|采样|评价|本期|考核)(?:数据)?的?(?:统计)?"
    r"(?:时间|日期|周期|时段|区间|月份|期间?|取自)(?:段|范围)?"
)
_LABELLED = re.compile(rf"{_LABEL}\s*(?:为|是|:|取自|从|自)?")
_LABELLED_MONTH = re.compile(r"(?:统计|榜单|数据|排名)(?:月份|日期|时间|周期)\s*(?:为|是|:)?\s*")
_OTHER_TIMES = re.compile(
    r"采集|收集|抓取|活动|报名|投票|公示|征集|上[期月周]|去年|同期|发布时间|发布日期|更新|截至|举办|展出|放假|假期|小长假|黄金周|施工|值班"
)
#: Words that tie a span to the ranking, and words that make it an event's.
_OF_RANKING = re.compile(r"榜|排行|排名|统计|监测|数据|周期|本期|采样")
_EVENT = re.compile(r"^.{6,24}?(?:假期|放假|举办|举行|开展|启动|小长假|黄金周|相比|对比)")
_BESIDE = re.compile(r"(?:对比|相比|较|比|与|同|去年|上年)[^，,。;]{0,3}$")
#: A line of so few characters holds little beside its span.
_ALONE = 44
_TITLE_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*年")
_COMPARED = re.compile(r"(?:较|比|与|同|去年|自|从|于|截至|采集)[^，。;]{0,4}$")
_URL_MONTH = re.compile(r"[?&](?:date|month)=(20\d\d)-?(0[1-9]|1[0-2])(?:-?([0-3]\d))?(?!\d)")
_URL_WEEK = re.compile(r"(20\d\d)(\d\d)(\d\d)_(20\d\d)(\d\d)(\d\d)week", re.IGNORECASE)
_SAYS_WEEK = re.compile(
    r"本周(?:的)?(?:\S{0,6}?榜单?|榜首|第[一1]|前[一二三四五十\d]|冠军|总榜|排行|排名|夺冠|上榜|入榜)"
)
_SAYS_MONTH = re.compile(
    r"本月(?:的)?(?:\S{0,6}?榜单?|榜首|第[一1]|前[一二三四五十\d]|冠军|总榜|排行|排名|夺冠|上榜|入榜)"
)


@dataclass(slots=True)
class PeriodFound:
    """The period with its flags: ``inferred`` year, ``conflict`` between statements."""

    period: Period | None
    inferred: bool = False
    conflict: bool = False


def find_period(
    blocks: list[Block],
    title_at: int | None,
    page_title: str,
    url: str,
    published: date | None,
    fetched: date,
    board_headings: Collection[str] | None = None,
) -> PeriodFound:
    """The period a page states, with the year inferred from the publish (or fetch) date.

    ``board_headings`` are the headings of boards, which speak of the ranking before all others;
    ``None`` takes every heading for one.
    """
    texts = read_texts(blocks, title_at, page_title, board_headings)
    reference = published or fetched
    span = _stated_span(texts)
    title_month = _title_month(texts)
    known_year = _Years(texts, reference)
    found = _from_span(span, known_year) if span is not None else PeriodFound(None)
    if found.period is None:
        span, found = None, _from_months(texts, title_month, known_year)
    if found.period is None and (span := next(_spans_told(texts, plainly=False), None)):
        found = _from_span(span, known_year)
    if found.period is not None:
        found.conflict = (
            (span is not None and _months_differ(title_month, found.period))
            or _address_differs(url, found.period)
            or _words_differ(texts, found.period)
        )
    return found


def _stated_span(texts: Texts) -> Span | None:
    """A labelled range, else one in title, subtitle or headings, else one told of the ranking."""
    for line in texts.lines + texts.headings:
        folded = fold(line)
        for label in _LABELLED.finditer(folded):
            if _OTHER_TIMES.search(folded[max(0, label.start() - 4) : label.end()]):
                continue
            for span in [*spans(folded), *long_spans(folded)]:
                if 0 <= span.at - label.end() <= 12:
                    return span
    for text in (*texts.titles, *texts.headings):
        for span in spans(text):
            return span
    for span in _spans_told(texts, plainly=True):
        return span
    for text in texts.titles:
        for span in long_spans(text):
            return span
    if _title_month(texts) is None:
        for text in texts.headings:
            for span in long_spans(text):
                return span
    return None


def _spans_told(texts: Texts, *, plainly: bool) -> Iterator[Span]:
    """The spans of the text; ``plainly`` those alone on their line or beside words of ranking."""
    for line in texts.lines:
        folded = fold(line)
        for span in spans(folded):
            before = re.split(r"[。!?;]", folded[: span.at])[-1]
            behind = re.split(r"[。!?;]", folded[span.at :])[0]
            if _OTHER_TIMES.search(before[-12:]):
                continue
            elsewhere = _EVENT.search(behind) or _BESIDE.search(before)
            of_ranking = len(before) + len(behind) <= _ALONE or _OF_RANKING.search(before + behind)
            if not plainly or (of_ranking and not elsewhere):
                yield span


def _title_month(texts: Texts) -> Month | None:
    for text in texts.titles:
        for month in months(text):
            return month
    for text in texts.titles:
        for month in bare_months(without_titles(text)):
            return month
    return None


class _Years:
    """The year a month without one belongs to: printed elsewhere with it, else inferred."""

    def __init__(self, texts: Texts, reference: date) -> None:
        self.reference = reference
        self._printed: dict[int, int] = {}
        for text in (*texts.titles, *texts.headings, texts.current):
            for month in months(text):
                self._printed.setdefault(month.month, month.year or 0)
        for text in texts.lines:
            for span in spans(fold(text)):
                told = span.dates(span.year) if span.year else None
                if told and 0 <= self._months_ago(Month(told[1].year, told[1].month)) <= 12:
                    self._printed.setdefault(told[1].month, told[1].year)
            for month in _own_months(fold(text)):
                if 0 <= self._months_ago(month) <= 12:
                    self._printed.setdefault(month.month, month.year or 0)
        years = {int(year) for text in texts.titles for year in _TITLE_YEAR.findall(fold(text))}
        self._title_year = years.pop() if len(years) == 1 else None

    def _months_ago(self, month: Month) -> int:
        years = self.reference.year - (month.year or 0)
        return years * 12 + self.reference.month - month.month

    def year_of(self, month: int) -> tuple[int, bool]:
        """The year and whether it was inferred from the publish or fetch date."""
        if month in self._printed:
            return self._printed[month], False
        if self._title_year is not None:
            return self._title_year, False
        later = month > self.reference.month
        return self.reference.year - later, True


def _own_months(text: str) -> Iterator[Month]:
    """Months of a text that it does not merely compare with."""
    for month in months(text):
        if not _COMPARED.search(text[max(0, month.at - 6) : month.at]):
            yield month


def _from_span(span: Span, years: _Years) -> PeriodFound:
    if span.has_year:
        found = span.dates(span.year or span.end_year or 0)
        return PeriodFound(Period(*found) if found else None)
    year, inferred = (span.near_year, False) if span.near_year else years.year_of(span.end_month)
    crosses = (span.end_month, span.end_day) < (span.month, span.day)
    found = span.dates(year)
    if crosses and (found is None or inferred or found[1] > years.reference):
        found = span.dates(year - 1)
    return PeriodFound(Period(*found) if found else None, inferred=inferred and found is not None)


def _from_months(texts: Texts, title_month: Month | None, years: _Years) -> PeriodFound:
    day = _labelled_day(texts)
    if day is not None:
        year, inferred = (day.year, False) if day.year else years.year_of(day.month)
        found = make_date(year, day.month, day.day or 0)
        return PeriodFound(Period(found, found) if found else None, inferred=inferred)
    month = _labelled_month(texts) or title_month or _heading_month(texts) or _text_month(texts)
    if month is None:
        return _whole_year(texts)
    year, inferred = (month.year, False) if month.year else years.year_of(month.month)
    return PeriodFound(whole_month(year, month.month), inferred=inferred)


def _whole_year(texts: Texts) -> PeriodFound:
    for text in (*texts.titles, *texts.headings):
        for span in whole_years(text):
            return _from_span(span, _Years(texts, date.max))
    return PeriodFound(None)


def whole_month(year: int, month: int) -> Period:
    """The period of one calendar month."""
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _labelled_day(texts: Texts) -> Month | None:
    for day in _days(texts.current):
        return day
    for line in texts.lines:
        folded = fold(line)
        for label in _LABELLED_MONTH.finditer(folded):
            if _OTHER_TIMES.search(folded[max(0, label.start() - 4) : label.end()]):
                continue
            for day in _days(folded):
                if 0 <= day.at - label.end() <= 2:
                    return day
    for text in texts.titles:
        if re.search(r"日榜|日排行", fold(text)):
            for day in _days(text):
                return day
    return None


def _days(text: str) -> Iterator[Month]:
    """Whole dates of a text, then those without a year."""
    for day, at in days(text):
        yield Month(day.year, day.month, at, day.day)
    yield from bare_days(text)


def _labelled_month(texts: Texts) -> Month | None:
    for line in (texts.current, *texts.lines):
        folded = fold(line)
        if line == texts.current and line:
            for month in months(folded):
                return month
        for label in _LABELLED_MONTH.finditer(folded):
            if _OTHER_TIMES.search(folded[max(0, label.start() - 4) : label.end()]):
                continue
            for month in [*months(folded), *bare_months(folded)]:
                if 0 <= month.at - label.end() <= 2:
                    return month
    return None


def _heading_month(texts: Texts) -> Month | None:
    for finder in (months, bare_months):
        for text in texts.headings:
            for month in finder(text):
                return month
    return None


def _text_month(texts: Texts) -> Month | None:
    for line in texts.below:
        if is_only_date(line):
            for month in months(line):
                return month
    for line in texts.lines:
        folded = fold(line)
        for month in months(folded):
            near = folded[max(0, month.at - 8) : month.at + 30]
            if re.search("榜|排行|统计", near) and not _OTHER_TIMES.search(near):
                return month
    for line in texts.lines:
        folded = fold(line)
        for month in bare_months(folded):
            before, near = folded[: month.at][-6:], folded[month.at : month.at + 16]
            if re.search("榜|排行", near) and not _COMPARED.search(before):
                return month
    return None


def _months_differ(title: Month | None, period: Period) -> bool:
    """Title and range name different months (a week may touch two)."""
    if title is None:
        return False
    named = {(day.year, day.month) for day in (period.start, period.end)}
    if period.kind == "custom":
        first, last = min(named), max(named)
        year = title.year or last[0]
        return not first <= (year, title.month) <= last
    if title.year:
        return (title.year, title.month) not in named
    return title.month not in {month for _, month in named}


def _address_differs(url: str, period: Period) -> bool:
    if match := _URL_WEEK.search(url):
        numbers = [int(number) for number in match.groups()]
        end, start = make_date(*numbers[:3]), make_date(*numbers[3:])
        return (start, end) != (period.start, period.end)
    if match := _URL_MONTH.search(url):
        year, month = int(match[1]), int(match[2])
        if match[3] and (day := make_date(year, month, int(match[3]))):
            return not period.start <= day <= period.end
        if period.kind == "month":
            return (year, month) != (period.start.year, period.start.month)
        return (
            not (period.start.year, period.start.month)
            <= (year, month)
            <= (
                period.end.year,
                period.end.month,
            )
        )
    return False


def _words_differ(texts: Texts, period: Period) -> bool:
    """A month page whose ranking text says 本周榜单, or a week page that says 本月榜单."""
    pattern = {"month": _SAYS_WEEK, "week": _SAYS_MONTH}.get(period.kind)
    if pattern is None:
        return False
    return any(pattern.search(fold(text)) for text in (*texts.own_headings, *texts.lines))
