"""A table on a picture to a grid that the extraction reads, and to the marks of its cells.

A cell below its threshold is blank in the grid, so that nothing unsure gets further. Ranks are
settled here, before rows without one are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from scrapers.extract.folding import fold, tidy
from scrapers.extract.grid import Cell, Grid
from scrapers.extract.headers import Header, header_from_labels
from scrapers.extract.labels import (
    ACCOUNT,
    MOVEMENT,
    POSTS_AND_ARTICLES,
    RANK,
    TITLE,
    UNIT,
    VALUE_KEYS,
    WECHAT_ID,
)
from scrapers.extract.names import parse_name
from scrapers.extract.ranks import parse_rank
from scrapers.extract.rows import name_and_second

from .engine import Word
from .geometry import Area, union
from .layout import Line, Sheet, Spot
from .ranks import Seen, Settled, settle

#: Measured on drawn names in eight settings: 998 in 1,000 of ordinary accounts are read above
#: this, none of them wrong; look-alikes (戌 成, 渌 录, 邗 邢, O 0) stay below 0.93 where misread.
#: What the model surely takes for another are letters out of use (莤 for 茜), as a person would.
NAME_LIMIT = 0.95
#: Ranks are digits, read surely, and have to run on from each other as well.
RANK_LIMIT = 0.9
#: A wrong figure is found by comparing, so figures may be a little less sure than names.
FIGURE_LIMIT = 0.8
#: Where the detector saw nothing, an edge of the ground was once read as a dash with 0.85.
FAINT_LIMIT = 0.92
#: Text of titles and notes, from which periods are read; digits as sure as figures.
TEXT_LIMIT = 0.6

#: 0 and O, 1 and l look alike among Latin letters, where no word tells which it is;
#: and 020 may be O2O.
_LOOK_ALIKE = re.compile(r"[A-Za-z][0O1lI]|[0O1lI][A-Za-z]|(?<!\d)0(?![\d.])|[lI|]{2}")
_LOOK_ALIKE_LIMIT = 0.97
_EITHER = re.compile(r"(?<!\d)0\d0(?!\d)|(?<![A-Za-z])O\dO(?![A-Za-z])")

_WORDY = frozenset((ACCOUNT, UNIT, TITLE, WECHAT_ID))
_HAN_GAP = re.compile(r"(?<=[\u2e80-\u9fff·])\s+|\s+(?=[\u2e80-\u9fff·])")

#: Stands for a name that was not read until the row is made; no account is called so.
_UNREAD = "未读清的名称"

#: From the middle of a letter to the next, or to the edge of its box (half a letter and a margin).
_WIDEST = 1.75
_FEWEST_LETTERS = 3
_ALL_HAN = re.compile(r"[\u3400-\u9fff]+")

Crop = Callable[[Area], tuple[int, int, int, int]]


@dataclass(slots=True)
class Mark:
    """How sure a cell is and where it stands."""

    confidence: float
    area: Area
    inferred: bool = False

    def to_json(self, crop: Crop) -> dict[str, Any]:
        answer: dict[str, Any] = {
            "confidence": round(self.confidence, 3),
            "crop": list(crop(self.area)),
        }
        return answer | ({"inferred": True} if self.inferred else {})


class PictureCell(Cell):
    """A cell of a table on a picture; its ``place`` is the key of its mark."""

    __slots__ = ("mark", "spot")

    def __init__(self, words: str, mark: Mark | None, spot: str) -> None:
        super().__init__(None, words)
        self.mark = mark
        self.spot = spot

    def place(self, row: int, column: int) -> str:
        return self.spot


@dataclass(slots=True)
class Read:
    """A table ready for the extraction: its cells and what their columns hold."""

    grid: Grid
    header: Header
    rankless: int = 0


def read_sheet(sheet: Sheet, number: int) -> Read | None:
    """The grid of the picture's table ``number``; ``None`` where no column holds ranks."""
    header = header_from_labels([column.label for column in sheet.columns])
    if header is None:
        return None
    ranks = _ranks(sheet)
    read = Read([], header)
    for row, line in enumerate(sheet.lines):
        cells = [
            _cell(sheet, line, column, f"{number}:{row}:{column}", ranks.get((row, column)))
            for column in range(len(sheet.columns))
        ]
        read.grid.append(list(cells))
        if not line.across:
            read.rankless += _rankless(read, line, cells)
    return read


def _rankless(read: Read, line: Line, cells: list[PictureCell]) -> int:
    """How many rows of the line print something but no readable rank."""
    count = 0
    for group in read.header.groups:
        at = group.first(RANK)
        columns = [column for spots in group.at.values() for column, _ in spots]
        shown = any(column in line.spots for column in columns)
        count += at is not None and shown and cells[at].is_blank
    return count


def _cell(
    sheet: Sheet, line: Line, column: int, place: str, settled: Settled | None
) -> PictureCell:
    spot = line.spots.get(column)
    key = sheet.columns[column].key
    if line.across:
        words = joined(spot.words) if spot else ""
        return PictureCell(words, None, place)
    if key == RANK:
        return _rank_cell(sheet, line, column, place, settled or Settled(None))
    if key == _name_key(sheet):
        return _name_cell(sheet, line, column, place)
    if spot is None:
        return PictureCell("", None, place)
    if key == UNIT and not _has(sheet, line, ACCOUNT):
        return PictureCell("", None, place)  # or the unit would pass for the account
    limit, text, used = FIGURE_LIMIT, fold(spot.text), spot.words
    if key in _WORDY:
        text, used = _name(spot)
        limit = FIGURE_LIMIT if key == TITLE else NAME_LIMIT
    if spot.faint:
        limit = max(limit, FAINT_LIMIT)
    mark = Mark(_least(used), union(word.area for word in used))
    return PictureCell(text if mark.confidence >= limit else "", mark, place)


def _name_key(sheet: Sheet) -> str:
    """What names the rows: accounts, else units."""
    keys = {column.key for column in sheet.columns}
    return ACCOUNT if ACCOUNT in keys else UNIT


def _name_cell(sheet: Sheet, line: Line, column: int, place: str) -> PictureCell:
    """A row whose name is unsure keeps its place, so that its figures are not lost."""
    spot = line.spots.get(column)
    if spot is not None:
        text, used = _name(spot)
        mark = Mark(_name_confidence(text, used), union(word.area for word in used))
        if mark.confidence >= NAME_LIMIT and parse_name(text) is not None:
            return PictureCell(text, mark, place)
    else:
        mark = Mark(0.0, area_of(sheet, line, column))
    figures = any(_has(sheet, line, value) for value in VALUE_KEYS)
    return PictureCell(f"{_UNREAD}{place}" if figures else "", mark, place)


def _has(sheet: Sheet, line: Line, key: str) -> bool:
    return any(held.key == key and at in line.spots for at, held in enumerate(sheet.columns))


def is_unread(name: str) -> bool:
    """Whether the name stands for one that was not read."""
    return name.startswith(_UNREAD)


def joined(words: list[Word]) -> str:
    """Words of one line as its text."""
    return tidy(" ".join(word.text for word in words))


# --- names ------------------------------------------------------------------------------------


def _name(spot: Spot) -> tuple[str, list[Word]]:
    """The name with what stands on its second line in brackets, and the words it was read from.

    An unsure second line in Latin letters is left out: the name above it is none the less sure.
    """
    lines = spot.lines
    while len(lines) > 1 and _is_latin(lines[-1]) and _least(lines[-1]) < NAME_LIMIT:
        lines = lines[:-1]
    used = [word for line in lines for word in line]
    texts = [_closed("".join(word.text for word in line)) for line in lines]
    name, second = name_and_second(texts, [[word.text for word in line] for line in lines])
    return (f"{name}({second})" if second else name), used


def _is_latin(words: list[Word]) -> bool:
    return all(word.text.isascii() for word in words)


def _least(words: list[Word]) -> float:
    return min(word.confidence for word in words)


def _closed(text: str) -> str:
    """No gaps beside Chinese characters: how wide a gap is says nothing there."""
    return _HAN_GAP.sub("", tidy(text))


def _name_confidence(text: str, words: list[Word]) -> float:
    sure = 0.0 if any(map(_skips, words)) else _least(words)
    alike = _LOOK_ALIKE.search(text) and sure < _LOOK_ALIKE_LIMIT
    return 0.0 if alike or _EITHER.search(text) else sure


def _skips(word: Word) -> bool:
    """Whether there is room for a letter that was not read: Chinese letters are equally wide."""
    places = [x for _, _, x in word.letters]
    if len(places) < _FEWEST_LETTERS or not _ALL_HAN.fullmatch(word.text):
        return False
    pitch = median(right - left for left, right in pairwise(places))
    inner = max(right - left for left, right in pairwise(places))
    edge = max(places[0] - word.area.x0, word.area.x1 - places[-1])
    return inner > _WIDEST * pitch or edge > _WIDEST * pitch


# --- ranks ------------------------------------------------------------------------------------


def _ranks(sheet: Sheet) -> dict[tuple[int, int], Settled]:
    """The settled rank of every row in every rank column of the table."""
    answer: dict[tuple[int, int], Settled] = {}
    for rows in _stretches(sheet):
        last = 0 if sheet.labelled else None
        for column, scores in _rank_columns(sheet):
            group = _group(sheet, column)
            held = [row for row in rows if sheet.lines[row].spots.keys() & group]
            seen = [_seen(sheet.lines[row], column, scores) for row in held]
            settled = settle(seen, _before(seen, last), scored=scores is not None)
            answer |= {(row, column): rank for row, rank in zip(held, settled, strict=True)}
            last = settled[-1].value if settled else None
    return answer


def _stretches(sheet: Sheet) -> list[list[int]]:
    """The rows between lines of text across the table, behind which ranks may begin anew."""
    stretches: list[list[int]] = [[]]
    for row, line in enumerate(sheet.lines):
        if line.across:
            stretches.append([])
        else:
            stretches[-1].append(row)
    return stretches


def _rank_columns(sheet: Sheet) -> Iterator[tuple[int, int | None]]:
    """Each rank column with the column of the index that belongs to it."""
    for column, held in enumerate(sheet.columns):
        if held.key == RANK:
            own = _group(sheet, column)
            scores = (at for at in sorted(own) if sheet.columns[at].key == "index")
            yield column, next(scores, None)


def _group(sheet: Sheet, column: int) -> set[int]:
    """The columns that belong to the rank column ``column``: up to the next one."""
    ranks = [at for at, held in enumerate(sheet.columns) if held.key == RANK]
    following = [at for at in ranks if at > column]
    first = column if ranks[0] != column else 0
    return set(range(first, following[0] if following else len(sheet.columns)))


def _before(seen: list[Seen], last: int | None) -> int | None:
    """The rank above the first row: where the rows left off, or 0, whichever the ranks fit."""
    known = [(i, row.value) for i, row in enumerate(seen) if row.value and not row.faint]
    for before in (last, 0):
        if before is not None and known and known[0][1] - before == known[0][0] + 1:
            return before
    return None


def _seen(line: Line, column: int, scores: int | None) -> Seen:
    index = line.spots.get(scores) if scores is not None else None
    score = index.text if index and _least(index.words) >= FIGURE_LIMIT else None
    spot = line.spots.get(column)
    if spot is None or _least(spot.words) < RANK_LIMIT:
        return Seen(None, score=score)
    rank = parse_rank(spot.text)
    return Seen(rank.value if rank else None, faint=spot.faint, score=score)


def _rank_cell(sheet: Sheet, line: Line, column: int, place: str, settled: Settled) -> PictureCell:
    if settled.value is None:
        return PictureCell("", None, place)
    spot = line.spots.get(column)
    if not settled.inferred and spot is not None:
        mark = Mark(_least(spot.words), union(word.area for word in spot.words))
        return PictureCell(fold(spot.text), mark, place)
    area = area_of(sheet, line, column)
    return PictureCell(str(settled.value), Mark(RANK_LIMIT, area, inferred=True), place)


def area_of(sheet: Sheet, line: Line, column: int) -> Area:
    """Where the cell stands, whether or not anything was found in it."""
    held = sheet.columns[column]
    words = [
        word
        for other in sheet.lines
        if not other.across and column in other.spots
        for word in other.spots[column].words
    ]
    x0 = min([held.x0, *(word.area.x0 for word in words)])
    x1 = max([held.x1, *(word.area.x1 for word in words)])
    half = _CELL * sheet.pitch
    return Area(x0, line.y - half, x1, line.y + half)


#: Columns in which a missing cell is looked for once more.
SOUGHT = frozenset((RANK, ACCOUNT, MOVEMENT, POSTS_AND_ARTICLES, *VALUE_KEYS))
#: Half the height of a cell in distances of rows: not as far as the lines between them.
_CELL = 0.36
