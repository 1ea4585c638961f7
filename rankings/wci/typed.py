"""A table of our own articles, as people paste it: one article a line, any order of columns."""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..figures import ABOUT, AT_MOST, Figure, parse_figure
from ..periods import Month
from .whatif import Article

MAX_LINES = 1000
MAX_TITLE = 200
_WORDS = {
    "date": ("日期", "发布日期", "时间", "发布时间", "发表时间", "发表日期", "date"),
    "title": ("标题", "题目", "文章", "文章标题", "内容标题", "图文标题", "title"),
    "reads": ("阅读", "阅读数", "阅读量", "阅读次数", "总阅读", "总阅读数", "总阅读次数", "reads"),
    "looks": ("在看", "在看数", "好看", "好看数", "looks"),
    "likes": ("点赞", "点赞数", "赞", "喜欢", "likes"),
    "shares": ("转发", "转发数", "分享", "分享数", "分享次数", "总分享次数", "shares"),
    "headline": ("头条", "是否头条", "位置", "headline"),
}
_NAMES = {word: name for name, words in _WORDS.items() for word in words}
LABELS = {name: words[0] for name, words in _WORDS.items()} | {
    "reads": "阅读数",
    "looks": "在看数",
    "likes": "点赞数",
    "shares": "转发数",
}
_COUNTS = ("reads", "looks", "likes", "shares")
_YES = frozenset({"是", "头条", "1", "√", "✓", "✔", "y", "yes", "true", "第一条"})
_NO = frozenset(
    {"", "否", "不是", "0", "2", "3", "4", "5", "6", "7", "8", "次条", "×", "-", "—", "n", "no"}
) | {"false"}
_DATE = re.compile(
    r"(?:(?P<year>\d{4})[-/.年])?(?:(?P<month>\d{1,2})[-/.月])?(?P<day>\d{1,2})日?"
    r"(?:[T ]?\d{1,2}:\d{2}(?::\d{2})?)?"
)
_COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")


@dataclass(frozen=True, slots=True)
class Typed:
    """What was understood. With ``errors`` nothing may be computed."""

    articles: tuple[Article, ...] = ()
    errors: tuple[str, ...] = ()
    columns: tuple[str, ...] = field(default=())


def split_lines(text: str) -> list[tuple[int, list[str]]]:
    """Lines that are not blank as ``(number, cells)``.

    Cells are set apart by tabs (a sheet pasted), else commas, else Chinese commas, else spaces.
    """
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    delimiter = next((mark for mark in "\t,，" if any(mark in line for _, line in lines)), None)
    if delimiter is None:
        return [(at, line.split()) for at, line in lines]
    return [
        (at, [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])])
        for at, line in lines
    ]


def read_articles(
    lines: Iterable[tuple[int, Sequence[str]]], month: Month, as_of: dt.date
) -> Typed:
    """The articles of ``month`` up to ``as_of``; a Chinese sentence for every line that is wrong.

    The first line may name the columns; else they are date, title (may be missing), reads, looks,
    likes, shares, headline, of which those after reads may be missing.
    """
    table = [(number, [cell.strip() for cell in cells]) for number, cells in lines if any(cells)]
    if not table:
        return Typed()
    if len(table) > MAX_LINES:
        return Typed(errors=(f"一次最多 {MAX_LINES} 行，现在有 {len(table)} 行，请检查。",))
    columns = _headings(table[0][1])
    if columns:
        table = table[1:]
    else:
        columns = _usual_order(table[0][1])
    doubled = {name for name in columns if name and columns.count(name) > 1}
    if doubled:
        names = "、".join(LABELS[name] for name in sorted(doubled))
        return Typed(errors=(f"“{names}”出现了两列，请只留一列。",))
    missing = [LABELS[name] for name in ("date", "reads") if name not in columns]
    if missing:
        return Typed(
            errors=(
                f"找不到这些列：{'、'.join(missing)}。第一行请写列名，例如：日期、标题、阅读、"
                "在看、点赞、转发、头条。",
            )
        )
    articles, errors = [], []
    for number, cells in table:
        try:
            articles.append(_article(columns, cells, month, as_of))
        except _BadLine as error:
            errors.append(f"第 {number} 行：{error}")
    return Typed(tuple(articles), tuple(errors), tuple(name for name in columns if name))


class _BadLine(ValueError):
    """What is wrong with a line, as a Chinese sentence."""


def _headings(cells: Sequence[str]) -> list[str]:
    names = [_NAMES.get(_plain(cell), "") for cell in cells]
    return names if sum(map(bool, names)) >= 2 or names == ["reads"] else []


def _usual_order(cells: Sequence[str]) -> list[str]:
    titled = len(cells) > 1 and parse_figure(cells[1], single_article=True) is None
    order = ["date", *(["title"] if titled else []), *_COUNTS, "headline"]
    return order[: len(cells)]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"\s|\(.*\)", "", folded)


def _article(columns: Sequence[str], cells: Sequence[str], month: Month, as_of: dt.date) -> Article:
    extra = [cell for cell in cells[len(columns) :] if cell]
    if extra:
        raise _BadLine(
            f"多出了“{extra[0][:20]}”，列数和第一行对不上。数字里有逗号时，请去掉逗号或用制表符分列。"
        )
    values = {name: cells[at] if at < len(cells) else "" for at, name in enumerate(columns) if name}
    figures = {name: _figure(name, values[name]) for name in _COUNTS if name in values}
    return Article(
        day=_day(values["date"], month, as_of),
        headline=_headline(values["headline"]) if "headline" in values else None,
        title=values.get("title", "")[:MAX_TITLE],
        **figures,
    )


def _figure(name: str, text: str) -> Figure:
    label = LABELS[name]
    if not text:
        raise _BadLine(f"没有填{label}；确实没有就填 0，不知道就去掉整列。")
    figure = parse_figure(text, single_article=name == "reads")
    if figure is None:
        raise _BadLine(f"看不懂{label}“{text[:20]}”，请填数字，例如 3200 或 1.2万。")
    if figure.value < 0:
        raise _BadLine(f"{label}不能是负数（{text[:20]}），请检查。")
    if figure.bound in (ABOUT, AT_MOST):
        raise _BadLine(f"{label}“{text[:20]}”只是约数，请从公众号后台抄下准确的数。")
    return figure


def _day(text: str, month: Month, as_of: dt.date) -> dt.date:
    plain = unicodedata.normalize("NFKC", text).strip()
    match = _COMPACT.fullmatch(plain) or _DATE.fullmatch(plain)
    if match is None:
        raise _BadLine(f"看不懂日期“{text[:20]}”，请写成 {month}-05 或 {month.month}月5日。")
    year, number = int(match["year"] or month.year), int(match["month"] or month.month)
    try:
        day = dt.date(year, number, int(match["day"]))
    except ValueError as error:
        raise _BadLine(f"没有“{text[:20]}”这一天，请检查日期。") from error
    if Month.of(day) != month:
        raise _BadLine(f"{day} 不在 {month.label}，请去掉这一行或改选月份。")
    if day > as_of:
        raise _BadLine(f"{day} 晚于截至日 {as_of}，请检查日期。")
    return day


def _headline(text: str) -> bool:
    plain = _plain(text)
    if plain in _YES:
        return True
    if plain in _NO:
        return False
    raise _BadLine(f"看不懂头条一栏的“{text[:20]}”，请填“是”或“否”。")
