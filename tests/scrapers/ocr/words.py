"""Words as an engine would find them, set by hand: what pure tests are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from scrapers.extract.contract import Extraction
from scrapers.ocr.engine import Word
from scrapers.ocr.geometry import Area
from scrapers.ocr.layout import read_layout
from scrapers.ocr.reading import assemble

HEIGHT = 36
FETCHED = datetime(2026, 9, 6, 1, 0, tzinfo=UTC)


def width_of(text: str, height: float = HEIGHT) -> float:
    """A letter of Chinese is as wide as high, the others half as wide; the box has a margin."""
    letters = sum(1.0 if char > "\u2e80" else 0.55 for char in text)
    return (letters + 0.4) * height * 0.7


def word(
    text: str, x: float, y: float, sure: float = 1.0, height: float = HEIGHT, *, left: bool = False
) -> Word:
    """``text`` with its middle (``left``: its left end) at ``x`` and its middle line at ``y``."""
    width = width_of(text, height)
    x0 = x if left else x - width / 2
    step = width / max(len(text), 1)
    letters = tuple((char, sure, x0 + (at + 0.5) * step) for at, char in enumerate(text))
    return Word(Area(x0, y - height / 2, x0 + width, y + height / 2), text, sure, letters)


def table(
    rows: Sequence[Sequence[str | tuple[str, float]]],
    columns: Sequence[float],
    top: float = 200,
    pitch: float = 62,
) -> list[Word]:
    """Rows of texts (with how sure each is) at the middles ``columns``; empty texts are none."""
    words = []
    for number, row in enumerate(rows):
        for x, cell in zip(columns, row, strict=True):
            text, sure = cell if isinstance(cell, tuple) else (cell, 1.0)
            if text:
                words.append(word(text, x, top + number * pitch, sure))
    return words


def crop(area: Area) -> tuple[int, int, int, int]:
    return round(area.x0), round(area.y0), round(area.width), round(area.height)


def read(words: Sequence[Word], names: Sequence[str] = (), url: str = "") -> Extraction:
    """The answer about a picture that shows ``words``."""
    return assemble(read_layout(words), crop, fetched_at=FETCHED, names=names, url=url)
