"""The rows of the back office's export (内容分析：已发表内容明细), by headings. Pure.

People and times are never mixed: 阅读人数 is taken from columns that say 人数 only.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rankings.figures import ABOUT, AT_MOST, EXACT, parse_figure
from rankings.importing.columns import HEADING_LINES
from rankings.importing.reading import Line, Table

from ..importing.wechat_page import read_time
from ..models import Metric
from .addresses import PostAddress, parse_wechat_url

_COLUMNS: dict[str, tuple[str, ...]] = {
    "title": ("内容标题", "标题", "文章标题", "图文标题"),
    "published": (
        "发表时间", "发表日期", "发布时间", "发布日期", "推送时间", "推送日期", "群发时间", "日期",
    ),
    "url": ("内容url", "内容链接", "文章链接", "文章地址", "链接", "地址", "网址", "url"),
    Metric.READERS: ("总阅读人数", "阅读人数", "图文阅读人数", "阅读总人数"),
    Metric.READS: (
        "总阅读次数", "阅读次数", "图文阅读次数", "阅读总次数", "总阅读量", "阅读量", "阅读数",
        "阅读",
    ),
    Metric.SHARERS: ("总分享人数", "分享人数", "分享转发人数"),
    Metric.SHARES: ("总分享次数", "分享次数", "转发次数", "分享转发次数"),
    Metric.NEW_FOLLOWERS: ("阅读后关注人数",),
    Metric.HEARTS: ("爱心赞", "爱心赞人数", "在看", "在看数", "在看人数"),
    Metric.LIKES: ("拇指赞", "拇指赞人数", "点赞", "点赞数", "点赞人数"),
    Metric.COMMENTS: ("留言", "留言数", "留言条数", "评论数", "评论条数"),
    Metric.COLLECTIONS: ("收藏人数", "收藏数"),
    Metric.DELIVERY_RATE: ("送达阅读率", "阅读送达率", "送达率"),
    Metric.FINISH_RATE: ("阅读完成率", "完读率", "读完率"),
}  # fmt: skip
_KNOWN = {word: name for name, words in _COLUMNS.items() for word in words}
_RATES = {Metric.DELIVERY_RATE, Metric.FINISH_RATE}
_UNIT = re.compile(r"\((万?)[人次条%]*\)$")
_NOTHING = {"", "-", "--", "—", "——", "/", "无"}
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SHARE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(%?)")
_FOUR_PLACES = Decimal("0.0001")
MOST_ROWS = 20_000


class UnusableSheet(ValueError):
    """The headings do not allow an import; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Value:
    """A cell as a reading: ``bound`` and ``capped`` as in `rankings.figures.Figure`."""

    metric: Metric
    value: Decimal
    bound: str = EXACT
    capped: bool = False
    raw: str = ""


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One post of the sheet. ``errors`` are sentences; a row with one is not taken."""

    number: int
    where: str
    title: str = ""
    published_on: dt.date | None = None
    address: PostAddress | None = None
    values: tuple[Value, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """``taken`` and ``ignored`` name the columns as the file does."""

    rows: tuple[SheetRow, ...]
    taken: tuple[tuple[str, str], ...]
    ignored: tuple[str, ...]


@dataclass(slots=True)
class _Headings:
    line: int
    positions: dict[str, int] = field(default_factory=dict)
    factors: dict[str, int] = field(default_factory=dict)
    taken: list[tuple[str, str]] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def metrics(self) -> list[Metric]:
        return [name for name in self.positions if isinstance(name, Metric)]

    @property
    def is_usable(self) -> bool:
        known = "url" in self.positions or {"title", "published"} <= self.positions.keys()
        return known and bool(self.metrics)


def read_sheet(table: Table) -> Sheet:
    """All rows below the headings, which stand among the first ten lines.

    Raises:
        UnusableSheet: no usable headings, two columns of one meaning, or far too many rows.
        UnreadableFile: the file cannot be read to its end.
    """
    headings = _find(table)
    rows = []
    for line in table.lines():
        if line.number <= headings.line:
            continue
        if len(rows) == MOST_ROWS:
            raise UnusableSheet(f"一次最多导入 {MOST_ROWS} 行，请分成几份。")
        rows.append(_row(table, line, headings))
    if not rows:
        raise UnusableSheet("表格里只有标题，没有数据。")
    return Sheet(tuple(rows), tuple(headings.taken), tuple(headings.ignored))


def _find(table: Table) -> _Headings:
    for seen, line in enumerate(table.lines()):
        if seen == HEADING_LINES:
            break
        headings = _headings(line)
        if headings.is_usable:
            return headings
    raise UnusableSheet(
        "没有认出列名。第一行应有“内容url”，或者“内容标题”和“发表时间”，再加至少一列数据，"
        "例如“总阅读次数”“总阅读人数”。请直接用公众号后台“内容分析”下载的表格。"
    )


def _headings(line: Line) -> _Headings:
    found = _Headings(line.number)
    for at, text in enumerate(line.cells):
        if not text:
            continue
        plain = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()
        unit = _UNIT.search(plain)
        name = _KNOWN.get(_UNIT.sub("", plain))
        if name is None:
            found.ignored.append(text)
            continue
        if name in found.positions:
            other = line.cells[found.positions[name]]
            raise UnusableSheet(f"“{other}”和“{text}”是同一种内容的两列，请只留一列。")
        found.positions[name] = at
        if unit and unit[1]:
            found.factors[name] = 10_000
        if isinstance(name, Metric):
            found.taken.append((text, name.label))
    return found


def _row(table: Table, line: Line, headings: _Headings) -> SheetRow:
    cells = {
        name: line.cells[at].strip() if at < len(line.cells) else ""
        for name, at in headings.positions.items()
    }
    errors: list[str] = []
    url = cells.get("url", "")
    address = parse_wechat_url(url) if url else None
    if url and address is None:
        errors.append(f"“{url[:60]}”不是微信文章的地址。")
    published = _day(cells.get("published", ""), errors)
    if address is None and not url and not (cells.get("title") and published):
        errors.append("没有地址，也没有标题和日期，对不上是哪一篇。")
    values = tuple(_values(cells, headings, errors))
    return SheetRow(
        line.number,
        table.where(line.number),
        cells.get("title", "")[:200],
        published,
        address,
        values,
        tuple(errors),
    )


def _day(text: str, errors: list[str]) -> dt.date | None:
    if text in _NOTHING:
        return None
    if match := _COMPACT_DAY.fullmatch(text):
        text = "-".join(match.groups())
    moment = read_time(text)
    if moment is None:
        errors.append(f"日期“{text[:30]}”看不懂，请写成 2026-11-08。")
        return None
    return moment[0].date()


def _values(cells: Mapping[str, str], headings: _Headings, errors: list[str]) -> Iterator[Value]:
    for metric in headings.metrics:
        text = cells[metric]
        if text in _NOTHING:
            continue
        value = read_value(metric, text, headings.factors.get(metric, 1))
        if isinstance(value, str):
            errors.append(value)
        else:
            yield value


def read_value(metric: Metric, text: str, factor: int = 1) -> Value | str:
    """What ``text`` says of ``metric``, or a sentence about what is wrong with it.

    10万+ and 100001 are WeChat's ceiling for reads alone; ``factor`` is the unit of the column.
    """
    if metric in _RATES:
        return _rate(metric, text)
    figure = parse_figure(text, single_article=metric == Metric.READS, factor=factor)
    if figure is None or figure.value < 0:
        return f"{metric.label}“{text[:30]}”看不懂，请填数字，例如 3200、1.2万 或 10万+。"
    if figure.bound in (ABOUT, AT_MOST):
        return f"{metric.label}“{text[:30]}”只是约数，请填准确的数。"
    value = Decimal(str(figure.value))
    if value != value.to_integral_value():
        return f"{metric.label}“{text[:30]}”不是整数，请核对。"
    return Value(metric, value, figure.bound, figure.capped, figure.raw[:64])


def _rate(metric: Metric, text: str) -> Value | str:
    match = _SHARE.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    share = Decimal(match[1]) / (100 if match[2] else 1) if match else Decimal(-1)
    if not 0 <= share <= 1:
        return f"{metric.label}“{text[:30]}”看不懂，请写成 12.5% 这样。"
    return Value(metric, share.quantize(_FOUR_PLACES), raw=text[:64])


def same_titles(title: str, others: Sequence[str]) -> list[bool]:
    """Which of ``others`` read as ``title``: a hint for the person who chooses, never a join."""
    plain = _plain(title)
    return [bool(plain) and _plain(other) == plain for other in others]


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text).casefold())
