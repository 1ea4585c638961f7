"""Counts of accounts by index band told in the text (``破千的有11个``), against the board."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .contract import ARTICLE, Board
from .folding import fold
from .numerals import NUMERAL, parse_numeral
from .sections import Outline, Section

_POINTS = r"(?:分|点)?"
_THOUSAND = r"(?:\d{2,4}|千|一千)"
_RANGE = (
    rf"(?:(?P<span1>\d{{2,4}}){_POINTS}\s*(?:至|到|-|~|—|–)+\s*(?P<span2>\d{{2,4}}){_POINTS}"
    r"(?:之间|区间|分段|区段|段|以内)?"
    rf"|(?:超过?|突破|破|过|高于|大于|达到|在|≥|>=?)\s*(?P<over>{_THOUSAND}){_POINTS}(?:以上|及以上)?(?!以下|\d)"
    rf"|(?P<above>{_THOUSAND}){_POINTS}(?:以上|及以上)"
    rf"|(?:低于|不足|不到|小于|<)\s*(?P<under>{_THOUSAND}){_POINTS}"
    rf"|(?P<below>{_THOUSAND}){_POINTS}(?:以下))"
)
_WHO = r"(?:账号|公众号|公号|微信号)?"
_COUNT = rf"(?P<count>{NUMERAL})\s*(?:个|家|席|名)"
_BAND = re.compile(rf"{_RANGE}(?:的)?{_WHO}(?:数)?(?:共|则|分别)?(?:有|为|是|达)?\s*{_COUNT}")
#: ``10个账号在900至1000之间``.
_COUNT_FIRST = re.compile(
    rf"{_COUNT}{_WHO}(?:的)?(?:WCI|BCI)?(?:指数|得分|值)?(?:在|介于|处于|位于|落在)?{_RANGE}"
)
_INDEX = re.compile(r"WCI|BCI|指数|得分", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Band:
    """``count`` accounts with ``low`` <= index < ``high``."""

    low: float
    high: float
    count: int


def read_bands(texts: list[str]) -> list[Band]:
    """The index bands told in the sentences of one section."""
    bands: list[Band] = []
    for text in texts:
        for sentence in re.split(r"[。!?]", fold(text)):
            if _INDEX.search(sentence) and len(sentence) < 600:
                told = [*_BAND.finditer(sentence)]
                rest = _BAND.sub(lambda match: "，" * len(match[0]), sentence)
                told += _COUNT_FIRST.finditer(rest)
                bands += [band for match in told if (band := _band(match))]
    return bands


def texts_about(board: Board, boards: list[Board], section: Section, page: Outline) -> list[str]:
    """The texts whose bands are the board's: its section, and all others beside a single board."""
    counted = [other for other in boards if other.subject != ARTICLE]
    if len(counted) != 1 or counted[0] is not board:
        return section.texts
    return [text for part in page.sections for text in part.texts]


def bands_disagree(board: Board, texts: list[str]) -> bool:
    """Whether the bands do not add up to the list size, or contradict the printed indices."""
    bands = read_bands(texts)
    if not bands:
        return False
    indices = [row.values["index"].value for row in board.rows if "index" in row.values]
    if indices and len(indices) == len(board.rows) and board.in_text:
        return any(
            band.count not in (_counted(indices, band), _counted(indices, band, _next(band, bands)))
            for band in bands
        )
    total = sum(band.count for band in bands)
    if board.list_size is None or len(bands) < 2 or _is_running_total(bands):
        return False
    return total != board.list_size


def _counted(indices: list[int | float], band: Band, high: float | None = None) -> int:
    return sum(1 for index in indices if band.low <= index < (high or band.high))


def _next(band: Band, bands: list[Band]) -> float:
    """Where an open band ends if the bands part the list: at the next higher one."""
    higher = [other.low for other in bands if other.low > band.low]
    return min(higher, default=band.high) if band.high == float("inf") else band.high


def _is_running_total(bands: list[Band]) -> bool:
    """``1000以上3个、900以上8个``: each count holds the one before."""
    counts = [band.count for band in sorted(bands, key=lambda band: -band.low)]
    return all(band.high == float("inf") for band in bands) and counts == sorted(counts)


def _band(match: re.Match[str]) -> Band | None:
    count = parse_numeral(match["count"])
    if count is None:
        return None
    if match["span1"]:
        low, high = sorted((float(match["span1"]), float(match["span2"])))
        return Band(low, high + (high % 10 == 9), count)
    if found := match["over"] or match["above"]:
        return Band(_number(found), float("inf"), count)
    return Band(float("-inf"), _number(match["under"] or match["below"]), count)


def _number(text: str) -> float:
    return 1000.0 if text in ("千", "一千") else float(text)
