"""How wide the columns of a table are on a phone."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# Half-width characters that a column counts for at least and at most: a long text wraps.
NARROWEST, WIDEST = 4, 24


@dataclass(frozen=True)
class Columns:
    """``widths`` in whole percent, 100 together; ``size`` is a class of the theme."""

    widths: list[int]
    size: str


def columns(rows: Sequence[Sequence[str]]) -> Columns:
    """The columns of ``rows``, each as wide as its longest cell asks for within bounds."""
    asked = [
        min(max(*(_width(cell) for cell in column), NARROWEST), WIDEST)
        for column in zip(*rows, strict=True)
    ]
    total = sum(asked)
    # Cumulated, so that rounding neither leaves a gap nor goes over.
    edges = [round(sum(asked[:count]) * 100 / total) for count in range(len(asked) + 1)]
    widths = [right - left for left, right in pairwise(edges)]
    size = "eight" if len(asked) > 6 else "six" if len(asked) > 4 else ""
    return Columns(widths, size)


def _width(text: str) -> int:
    """Half-width characters that ``text`` takes; Chinese ones count twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
