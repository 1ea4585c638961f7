"""Where the labels of a table stand, and which column holds what."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from .folding import compact
from .grid import Cell, Grid, only_cell
from .labels import (
    ACCOUNT,
    IGNORED,
    MAX_LABEL,
    MOVEMENT,
    POSTS_AND_ARTICLES,
    PREVIOUS,
    RANK,
    TITLE,
    UNIT,
    VALUE_KEYS,
    Label,
    grouped_label,
)
from .ranks import parse_rank

_NAMING = {ACCOUNT, UNIT, TITLE}
_MEASURING = {*VALUE_KEYS, POSTS_AND_ARTICLES, MOVEMENT, PREVIOUS}

#: Labels stand near the top; a table that starts otherwise has none.
_SEARCHED_ROWS = 8


@dataclass(slots=True)
class Columns:
    """One group of columns: for each key the columns that hold it, with their unit factor."""

    at: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    title: str | None = None

    def first(self, key: str) -> int | None:
        found = self.at.get(key)
        return found[0][0] if found else None

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.at)

    @property
    def measures(self) -> bool:
        """Whether any column counts something, as rankings do and rosters do not."""
        return bool(_MEASURING & self.at.keys())


@dataclass(slots=True)
class Header:
    """The label rows ``start`` to ``end`` (excluded) of a grid and what they say."""

    start: int
    end: int
    groups: list[Columns]
    width: int = 0

    def below(self) -> Header:
        """The same labels for a table that holds none."""
        return Header(0, 0, self.groups, self.width)


def find_header(grid: Grid, start: int = 0) -> Header | None:
    """The first label row at or below ``start``, with the rows of a two-level header."""
    for index in range(start, min(len(grid), start + _SEARCHED_ROWS)):
        if is_header_row(grid, index):
            return _header_at(grid, index)
    return None


def is_header_row(grid: Grid, index: int) -> bool:
    """Whether the row names a rank column, a column of names, and mostly known labels."""
    cells = _distinct(grid[index])
    if len(cells) < 2:
        return False
    labels = [cell.label for cell in cells]
    keys = {label.key for label in labels if label}
    if not keys & _NAMING:
        return False
    if sum(1 for label in labels if label) * 2 < len(cells) and not _all_words(cells, keys):
        return False
    return RANK in keys or _blank_rank_column(grid, index)


def _all_words(cells: list[Cell], keys: set[str]) -> bool:
    """Whether a row with few known labels still is one of labels: only words, a value named."""
    if RANK not in keys or not keys & _MEASURING:
        return False
    texts = [compact(cell.text) for cell in cells]
    return all(len(text) <= MAX_LABEL and not text[:1].isdigit() for text in texts)


def header_alone(grid: Grid) -> Header | None:
    """The header of a table that holds nothing else, for the lines in the table below."""
    header = find_header(grid)
    if header is None or header.end < len(grid):
        return None
    return header.below()


def fits(grid: Grid, header: Header) -> bool:
    """Whether a table without labels of its own holds the lines of ``header``."""
    if not grid or find_header(grid) is not None:
        return False
    rank_at = header.groups[0].first(RANK)
    lines = [row for row in grid if only_cell(row) is None]
    return bool(lines) and all(
        len(row) == header.width and rank_at is not None and parse_rank(row[rank_at].text)
        for row in lines[:3]
    )


def goes_on(grid: Grid, header: Header, last: int) -> bool:
    """Whether a table without labels goes on with the ranks of the table before it."""
    if not fits(grid, header):
        return False
    first = next(row for row in grid if only_cell(row) is None)
    rank = parse_rank(first[header.groups[0].first(RANK)].text)
    return rank is not None and rank.value == last + 1


def header_from_labels(labels: list[Label | None]) -> Header | None:
    """The header that labels in a list above the table make."""
    keys = {label.key for label in labels if label}
    if RANK not in keys or not keys & _NAMING:
        return None
    return Header(0, 0, _split_groups(_without_line_numbers(labels)))


def _distinct(row: list[Cell]) -> list[Cell]:
    seen: dict[int, Cell] = {}
    for cell in row:
        if not cell.is_blank:
            seen.setdefault(id(cell), cell)
    return list(seen.values())


def _blank_rank_column(grid: Grid, index: int) -> bool:
    """A blank corner above 1, 2, … is a rank column that nobody labelled."""
    row = grid[index]
    if not row or not row[0].is_blank:
        return False
    below = [line[0].text for line in grid[index + 1 : index + 4] if len(line) > 1]
    ranks = [parse_rank(text) for text in below]
    return len(ranks) >= 2 and [rank.value if rank else 0 for rank in ranks[:2]] == [1, 2]


def _header_at(grid: Grid, index: int) -> Header:
    end = index + 1
    while end < len(grid) and end - index < 3 and _continues_header(grid, index, end):
        end += 1
    bottom = grid[end - 1]
    above = grid[index] if end - index > 1 else _group_row(grid, index)
    labels = [_column_label(bottom[i], above, i) for i in range(len(bottom))]
    if bottom and bottom[0].is_blank and not any(x and x.key == RANK for x in labels):
        labels[0] = Label(RANK)
    groups = _split_groups(_without_line_numbers(labels))
    if len(groups) > 1 and above is not None:
        for group in groups:
            group.title = _group_title(above, group)
    return Header(index, end, groups, len(bottom))


def _without_line_numbers(labels: list[Label | None]) -> list[Label | None]:
    """A column that numbers the lines (序号) is not the rank where another column (名次) is."""
    ranks = [label for label in labels if label and label.key == RANK]
    if all(label.numbers_lines for label in ranks) or not any(x.numbers_lines for x in ranks):
        return labels
    return [Label(IGNORED) if label and label.numbers_lines else label for label in labels]


def _continues_header(grid: Grid, index: int, end: int) -> bool:
    above, row = grid[end - 1], grid[end]
    new = [i for i, cell in enumerate(row) if all(cell is not old for old in above)]
    new = [i for i in new if not row[i].is_blank]
    if not new or sum(1 for i in new if _column_label(row[i], above, i)) * 2 < len(new):
        return False
    shared = any(cell is old and cell.label for cell, old in zip(row, above, strict=False))
    return shared and not any(parse_rank(row[i].text) for i in new)


def _group_row(grid: Grid, index: int) -> list[Cell] | None:
    if index == 0:
        return None
    above = grid[index - 1]
    spans = any(cell.columns > 1 for cell in above)
    return above if spans and only_cell(above) is None else None


def _column_label(cell: Cell, above: list[Cell] | None, column: int) -> Label | None:
    if above is None or column >= len(above):
        return cell.label
    top = above[column]
    if top is cell or top.columns < 2:
        return cell.label
    return grouped_label(top.text, cell.text)


def _split_groups(labels: list[Label | None]) -> list[Columns]:
    starts = [i for i, label in enumerate(labels) if label and label.key == RANK]
    names = [i for i, label in enumerate(labels) if label and label.key in _NAMING]
    bounds = [*starts, len(labels)]
    repeated = len(starts) > 1 and all(
        any(first < name < last for name in names) for first, last in pairwise(bounds)
    )
    if not repeated:
        return [_columns(labels, range(len(labels)))]
    return [_columns(labels, range(first, last)) for first, last in pairwise(bounds)]


def _columns(labels: list[Label | None], span: range) -> Columns:
    columns = Columns()
    for index in span:
        label = labels[index]
        if label and label.key != IGNORED:
            columns.at.setdefault(label.key, []).append((index, label.factor))
    return columns


def _group_title(above: list[Cell], group: Columns) -> str | None:
    first = group.first(RANK)
    if first is None or first >= len(above) or above[first].label:
        return None
    return above[first].text or None
