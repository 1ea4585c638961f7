"""Grids to listings: labels, title rows, column groups, units with several accounts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from .contract import ACCOUNT as ACCOUNT_SUBJECT
from .contract import ARTICLE, UNIT, Row
from .folding import compact, fold, tidy
from .grid import Cell, Grid, only_cell, transpose
from .headers import Columns, Header, find_header, is_header_row
from .labels import ACCOUNT, RANK, TITLE, Label, parse_label
from .labels import UNIT as UNIT_LABEL
from .listing import Listing, says_no_data
from .rows import read_row

_NOTE = re.compile(
    r"^[(\[【*※]*(?:注|备注|说明|单位|统计|数据|来源|制表|截至|合计|总计|更新|时间|发布|平均|以上|排名|榜单时间|续表)"
)
_TITLE_MARK = re.compile(
    r"榜|排行|排名|TOP\s*\d|前[\d一二三四五六七八九十百]+|[\d十百]+强|[\d十]+大", re.I
)

#: A title row is short; longer full-width text is a note.
_MAX_TITLE = 60


@dataclass(slots=True)
class _Part:
    """A stretch of one grid under one title row and one header."""

    title: str | None
    header: Header
    rows: list[tuple[int, list[Cell]]] = field(default_factory=list)
    no_data: bool = False


def read_grid(
    grid: Grid, header: Header | None = None, caption: str | None = None
) -> list[Listing]:
    """All listings of one grid; empty when it is no ranking table."""
    if header is None:
        header = find_header(grid)
        if header is None:
            grid = _upright(grid)
            header = find_header(grid)
    if header is None:
        return []
    listings: list[Listing] = []
    for part in _parts(grid, header, caption):
        listings += [found for found in _listings(part) if part.no_data or _may_rank(found)]
    return listings


def _may_rank(listing: Listing) -> bool:
    """Titles under which no line names an account are a chart of news."""
    return bool(listing.rows) or ACCOUNT in listing.keys or UNIT_LABEL in listing.keys


def _upright(grid: Grid) -> Grid:
    """The grid turned, when its labels stand in the first column; else an empty grid."""
    rows = [row for row in grid if only_cell(row) is None]
    first = {label.key for row in rows if row and (label := row[0].label)}
    return transpose(rows) if RANK in first and first & {ACCOUNT, UNIT_LABEL, TITLE} else []


def _parts(grid: Grid, header: Header, caption: str | None) -> list[_Part]:
    title = _title_above(grid, header) or caption
    part = _Part(title, header)
    parts = [part]
    index = header.end
    while index < len(grid):
        row = grid[index]
        sole = only_cell(row)
        if sole is not None:
            if says_no_data(sole.text):
                part.no_data = True
            elif _is_title_row(grid, index, sole):
                part = _next_part(parts, part, tidy(sole.text), header)
        elif is_header_row(grid, index):
            header = find_header(grid, index) or header
            if part.rows:
                part = _Part(None, header)
                parts.append(part)
            part.header = header
            index = header.end
            continue
        elif row:
            part.rows.append((index, row))
        index += 1
    return _joined(parts)


def _title_above(grid: Grid, header: Header) -> str | None:
    for index in range(header.start - 1, -1, -1):
        sole = only_cell(grid[index])
        if sole is not None and _may_be_title(sole):
            return tidy(sole.text)
    return None


def _may_be_title(cell: Cell) -> bool:
    text = fold(tidy(cell.text))
    if not text or len(text) > _MAX_TITLE or _NOTE.match(text) or cell.flat.is_link:
        return False
    return not text.endswith(("。", ";", "!")) and not text.isdigit()


def _is_title_row(grid: Grid, index: int, cell: Cell) -> bool:
    if not _may_be_title(cell):
        return False
    if index + 1 < len(grid) and is_header_row(grid, index + 1):
        return True
    return bool(_TITLE_MARK.search(fold(cell.text))) and "," not in fold(cell.text)


def _next_part(parts: list[_Part], part: _Part, title: str, header: Header) -> _Part:
    """A title row opens a new part, unless the part before it has printed nothing yet."""
    if not part.rows and not part.no_data and part.title is None:
        part.title = title
        return part
    parts.append(_Part(title, header))
    return parts[-1]


def _joined(parts: list[_Part]) -> list[_Part]:
    """A header repeated in the middle of one listing starts nothing new."""
    kept: list[_Part] = []
    for part in parts:
        if kept and part.title is None and _same_columns(kept[-1].header, part.header):
            kept[-1].rows += part.rows
        else:
            kept.append(part)
    return kept


def _same_columns(one: Header, other: Header) -> bool:
    return [group.at for group in one.groups] == [group.at for group in other.groups]


def _listings(part: _Part) -> list[Listing]:
    groups = [_read_group(part, columns) for columns in part.header.groups]
    if len(groups) == 1 or not all(group.rows for group in groups[1:]):
        first = groups[0]
        first.title = part.title
        return [first]
    if all(group.rows and group.rows[0].rank == 1 for group in groups):
        for group, columns in zip(groups, part.header.groups, strict=True):
            group.title = columns.title or part.title
        return groups
    return [_merge_groups(part, groups)]


def _merge_groups(part: _Part, groups: list[Listing]) -> Listing:
    """Columns side by side are one listing, read down or across as the ranks run."""
    first = groups[0]
    down = [row for group in groups for row in group.rows]
    across = [
        group.rows[i]
        for i in range(max(len(group.rows) for group in groups))
        for group in groups
        if i < len(group.rows)
    ]
    first.rows = across if _falls(down) and not _falls(across) else down
    for group in groups[1:]:
        first.flags |= group.flags
        first.printed_ties |= group.printed_ties
    first.title = part.title
    return first


def _falls(rows: list[Row]) -> bool:
    return any(later.rank < row.rank for row, later in pairwise(rows))


def _read_group(part: _Part, columns: Columns) -> Listing:
    subject = _subject(part, columns)
    listing = Listing(
        subject=subject,
        keys=columns.keys,
        bare=not columns.measures,
        account_label=ACCOUNT in columns.at,
    )
    spans: dict[int, set[int]] = {}
    kinds = 0
    for line, cells in part.rows:
        read = read_row(cells, columns, subject, line)
        if read is None:
            continue
        listing.rows.append(read.row)
        if read.rank.tied or read.name.tied:
            listing.printed_ties.add(read.row.rank)
        kinds += read.name.kind_beside
        if read.doubtful:
            listing.flags.add("implausible_value")
        _note_span(spans, cells, columns)
    if kinds > 1 and kinds * 2 >= len(listing.rows):
        listing.flags.add("implausible_value")
    shared = any(len(names) > 1 for names in spans.values())
    if shared and subject == ACCOUNT_SUBJECT and UNIT_LABEL in columns.at:
        listing.subject, listing.by_rank = UNIT, True
    return listing


def _note_span(spans: dict[int, set[int]], cells: list[Cell], columns: Columns) -> None:
    rank_at, name_at = columns.first(RANK), columns.first(ACCOUNT)
    if rank_at is None or name_at is None or name_at >= len(cells) or cells[rank_at].rows < 2:
        return
    spans.setdefault(id(cells[rank_at]), set()).add(id(cells[name_at]))


def _subject(part: _Part, columns: Columns) -> str:
    if TITLE in columns.at and not _is_counted(part, columns):
        return ARTICLE
    return ACCOUNT_SUBJECT if ACCOUNT in columns.at else UNIT


def _is_counted(part: _Part, columns: Columns) -> bool:
    """A column ``文章`` of plain numbers counts articles; it holds no titles."""
    at = columns.first(TITLE)
    texts = [
        compact(cells[at].text) for _, cells in part.rows[:5] if at is not None and at < len(cells)
    ]
    return bool(texts) and all(text.replace(",", "").isdigit() for text in texts if text)


def labels_of(cells: list[Cell]) -> list[Label | None]:
    """The labels that a line of cells holds, one for each cell."""
    return [parse_label(cell.text) for cell in cells]
