"""Printed numbers: one grammar for scraped pages, pasted tables and imported files.

Publishers print ``63028``, ``88,096``, ``3.6万``, ``238W+``, ``逾14万``, ``近30万``, ``不足400``.
A :class:`Figure` keeps the value, what kind of bound it is, and the text it came from.
Pure functions over plain values; this module imports nothing of the project.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

EXACT = "exact"
AT_LEAST = "at_least"
AT_MOST = "at_most"
ABOUT = "about"
BOUNDS = (EXACT, AT_LEAST, AT_MOST, ABOUT)

#: What the platform shows for any single article above 100,000 reads.
ARTICLE_CAP = 100001

#: Longer text is never a printed number; refusing it keeps hostile cells cheap.
MAX_LENGTH = 64

_DROPPED = re.compile("[\\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")

_MULTIPLIERS = {"": 1, "千": 1_000, "万": 10_000, "萬": 10_000, "w": 10_000, "W": 10_000}
_MULTIPLIERS |= {"亿": 100_000_000, "億": 100_000_000}

_BEFORE = {
    AT_LEAST: ("超过", "超過", "超", "逾", "突破", "破", "大于", "高于", "多于", "≥", ">=", ">"),
    ABOUT: ("将近", "接近", "大约", "大約", "近", "约", "約"),
    AT_MOST: ("不足", "低于", "低於", "不到", "少于", "小于", "未达", "≤", "<=", "<"),
}
_AFTER = {
    AT_LEAST: ("+", "余", "餘", "多", "以上"),
    ABOUT: ("左右", "上下"),
    AT_MOST: ("以下", "以内"),
}
_BEFORE_BOUND = {word: bound for bound, words in _BEFORE.items() for word in words}
_AFTER_BOUND = {word: bound for bound, words in _AFTER.items() for word in words}


def _either(words: dict[str, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


#: Pieces other modules build on when they look for numbers inside running text.
BEFORE_PATTERN = _either(_BEFORE_BOUND)
AFTER_PATTERN = _either(_AFTER_BOUND)
DIGITS_PATTERN = r"\d+(?:,\d+)*(?:\.\d+)?"
UNIT_PATTERN = r"人次|次|篇|点|點|分|个|個|条|條|人|期"

_FIGURE = re.compile(
    rf"(?:达到?|達到?|高达|为|共)?(?P<before>{BEFORE_PATTERN})?"
    rf"(?P<sign>-)?(?P<digits>{DIGITS_PATTERN})(?P<multiplier>[千万萬亿億wW])?"
    rf"(?P<after1>{AFTER_PATTERN})?(?:{UNIT_PATTERN})?(?P<after2>{AFTER_PATTERN})?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number.

    ``value`` is an ``int`` where the number is whole, else a ``float`` whose ``str()`` has the
    printed digits, so ``Decimal(str(value))`` loses nothing. ``bound`` is one of :data:`BOUNDS`.
    ``capped`` marks the platform's own ceiling for one article (10万+, shown as 100001).
    ``raw`` is the text as printed, ``odd_grouping`` tells that its digits are grouped by
    anything but three (``60,1299``).
    """

    value: int | float
    bound: str
    capped: bool
    raw: str
    odd_grouping: bool = False


def squeeze(text: str) -> str:
    """The text in NFKC without white space, zero-width and direction characters."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text))


def parse_figure(text: str, *, single_article: bool = False, factor: int = 1) -> Figure | None:
    """Read the one number that ``text`` prints, or ``None`` when it prints none.

    ``single_article`` says that the number counts the reads of one article, where 10万+ and
    100001 both mean the platform's ceiling; in a sum they are plain numbers. ``factor`` is the
    unit of the column (10000 under ``阅读总数(万)``); a unit in the cell itself replaces it.
    Blank cells, dashes, percentages and words are ``None``: never zero.
    """
    if len(text) > MAX_LENGTH:
        return None
    if text.isascii() and text.isdigit() and factor == 1 and not single_article:
        return Figure(int(text), EXACT, False, text)
    match = _FIGURE.fullmatch(squeeze(text))
    if match is None:
        return None
    bound = _bound_of(match)
    multiplier = match["multiplier"] or ""
    scale = _MULTIPLIERS[multiplier] if multiplier else factor
    amount = Decimal(match["digits"].replace(",", "")) * scale
    if match["sign"]:
        amount = -amount
    raw = _DROPPED.sub(" ", text).strip()
    odd = has_odd_grouping(match["digits"])
    if single_article and _is_article_cap(amount, bound):
        return Figure(ARTICLE_CAP, AT_LEAST, True, raw, odd)
    return Figure(plain_number(amount), bound, False, raw, odd)


def has_odd_grouping(digits: str) -> bool:
    """Whether the commas of ``digits`` cut groups of other than three: a printer's slip."""
    first, *groups = digits.split(".")[0].split(",")
    return bool(groups) and (len(first) > 3 or any(len(group) != 3 for group in groups))


def plain_number(amount: Decimal) -> int | float:
    """``int`` where nothing is lost by it, else ``float``."""
    whole = int(amount)
    return whole if whole == amount else float(amount)


def _bound_of(match: re.Match[str]) -> str:
    if match["before"]:
        return _BEFORE_BOUND[match["before"]]
    after = match["after1"] or match["after2"]
    return _AFTER_BOUND[after] if after else EXACT


def _is_article_cap(amount: Decimal, bound: str) -> bool:
    return amount == ARTICLE_CAP or (amount == ARTICLE_CAP - 1 and bound == AT_LEAST)


_DIFFERENCE_BOUNDS = {
    (EXACT, EXACT): EXACT,
    (AT_LEAST, EXACT): AT_LEAST,
    (EXACT, AT_MOST): AT_LEAST,
    (AT_LEAST, AT_MOST): AT_LEAST,
    (AT_MOST, EXACT): AT_MOST,
    (EXACT, AT_LEAST): AT_MOST,
    (AT_MOST, AT_LEAST): AT_MOST,
    (ABOUT, EXACT): ABOUT,
    (EXACT, ABOUT): ABOUT,
    (ABOUT, ABOUT): ABOUT,
}


def difference(
    more: Mapping[str, Any] | None, less: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """``more`` minus ``less``, stored figures both, as one; None where the bounds leave it open.

    A lower bound minus an exact number is a lower bound; two lower bounds say nothing.
    """
    if not more or not less or more.get("value") is None or less.get("value") is None:
        return None
    bound = _DIFFERENCE_BOUNDS.get((more.get("bound", EXACT), less.get("bound", EXACT)))
    if bound is None:
        return None
    amount = Decimal(str(more["value"])) - Decimal(str(less["value"]))
    return {"value": plain_number(amount), "bound": bound}
