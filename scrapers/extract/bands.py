"""Counts of accounts by index band told in the text (``破千的有11个``), against the board."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .contract import Board
from .folding import fold
from .numerals import NUMERAL, parse_numeral

_POINTS = r"(?:分|点)?"
_BAND = re.compile(
    rf"(?:(?P<span1>\d{{2,4}}){_POINTS}?\s*(?:至|到|-|~|—|–)+\s*(?P<span2>\d{{2,4}}){_POINTS}(?:之间|区间|分段|区段|段|以内)?"
    rf"|(?:超过?|突破|破|高于|大于|达到|在)\s*(?P<over>\d{{2,4}}|千|一千){_POINTS}(?:以上|及以上)?"
    rf"|(?P<above>\d{{2,4}}|千|一千){_POINTS}(?:以上|及以上)"
    rf"|(?:低于|不足|不到|小于)\s*(?P<under>\d{{2,4}}|千|一千){_POINTS}"
    rf"|(?P<below>\d{{2,4}}|千|一千){_POINTS}(?:以下))"
    rf"(?:的)?(?:账号|公众号|公号|微信号)?(?:共|则|分别)?(?:有|为|是|达)?\s*(?P<count>{NUMERAL})\s*(?:个|家|席|名)"
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
                bands += [band for match in _BAND.finditer(sentence) if (band := _band(match))]
    return bands


def bands_disagree(board: Board, texts: list[str]) -> bool:
    """Whether the bands do not add up to the list size, or contradict the printed indices."""
    bands = read_bands(texts)
    if not bands:
        return False
    indices = [row.values["index"].value for row in board.rows if "index" in row.values]
    if indices and len(indices) == len(board.rows) and board.in_text:
        return any(_counted(indices, band) != band.count for band in bands)
    total = sum(band.count for band in bands)
    return board.list_size is not None and len(bands) > 1 and total != board.list_size


def _counted(indices: list[int | float], band: Band) -> int:
    return sum(1 for index in indices if band.low <= index < band.high)


def _band(match: re.Match[str]) -> Band | None:
    count = parse_numeral(match["count"])
    if count is None:
        return None
    if match["span1"]:
        low, high = sorted((float(match["span1"]), float(match["span2"])))
        return Band(low, high, count)
    if found := match["over"] or match["above"]:
        return Band(_number(found), float("inf"), count)
    return Band(float("-inf"), _number(match["under"] or match["below"]), count)


def _number(text: str) -> float:
    return 1000.0 if text in ("千", "一千") else float(text)
