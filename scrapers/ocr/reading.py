"""A picture of a ranking to the same answer that the extraction gives for a page.

What is read from a picture is a proposal: the verdict is ``needs_transcription``, every cell
carries ``confidence`` and ``crop``, and cells below their threshold are left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from statistics import median

from scrapers.extract import read_times
from scrapers.extract.blocks import Block, Found, Line
from scrapers.extract.boards import read_boards
from scrapers.extract.checks import board_flags
from scrapers.extract.contract import NEEDS_TRANSCRIPTION, Board, Extraction, Row
from scrapers.extract.document import Page
from scrapers.extract.entries import group_entries
from scrapers.extract.headers import Columns
from scrapers.extract.headings import clean_name, find_title, is_board_line
from scrapers.extract.labels import ACCOUNT, MOVEMENT, PREVIOUS, RANK, TITLE, UNIT, WECHAT_ID
from scrapers.extract.names import match_key
from scrapers.extract.sections import outline
from scrapers.extract.tables import read_grid
from scrapers.extract.verdict import in_order

from .cells import (
    FIGURE_LIMIT,
    NAME_LIMIT,
    SOUGHT,
    TEXT_LIMIT,
    Crop,
    Mark,
    PictureCell,
    Read,
    area_of,
    is_unread,
    read_sheet,
)
from .doubts import doubted
from .engine import (
    MAX_WORDS,
    Reader,
    Word,
    ocr_available,
    reading,
    text_height,
    why_unavailable,
)
from .geometry import union
from .layout import Part, Sheet, Spot, read_layout
from .opening import PictureRefused, open_picture

#: Missing cells are looked for once more, but not in every gap of a picture of something else.
_MOST_SOUGHT = 120
#: Text so much larger than the rest is set as a title or a heading.
_TITLE_SIZE, _HEADING_SIZE = 1.25, 1.15
#: A title with so few words beside it announces no list on this picture.
_FEWEST_WORDS = 12

_NOTHING = "图片里没有找到榜单。如果它确实是榜单,请找更清楚的原图,或直接人工录入。"


def read_picture(
    data: bytes,
    *,
    fetched_at: datetime,
    url: str = "",
    names: Collection[str] = (),
    threads: int = 1,
) -> Extraction:
    """Read a picture (PNG, JPEG, WebP or the first frame of a GIF) of a ranking.

    ``fetched_at`` is the aware time of the fetch, ``url`` the address the period is compared with,
    ``names`` the accounts already known: cells then say whether the name is one of them, and the
    name stays as it was read. ``threads`` are the processor cores it may take. One picture is read
    at a time in a process; 20 rows take a few seconds. Raises nothing for a bad picture: the
    verdict is ``failed`` and ``note`` says why; ``note`` also says so where OCR is not installed.
    """
    try:
        picture = open_picture(data)
    except PictureRefused as refused:
        return Extraction.refused(str(refused))
    if not ocr_available():
        return _unread(why_unavailable())
    with reading(picture, threads) as reader:
        del picture
        words = reader.words()
        if len(words) > MAX_WORDS:
            return Extraction.refused("图片上的文字太多,不像一张榜单;请分成几张再读。")
        parts = read_layout(words)
        _seek_missing(parts, reader)
        return assemble(parts, reader.crop, fetched_at=fetched_at, url=url, names=names)


def _unread(note: str) -> Extraction:
    board = Board("", needs_transcription=True, in_text=False)
    return Extraction(NEEDS_TRANSCRIPTION, boards=[board], flags=["picture_only"], note=note)


def _seek_missing(parts: Sequence[Part], reader: Reader) -> None:
    """Look once more where a cell must be and none was found, as under a medal."""
    wanted = [
        (sheet, line, column)
        for sheet in parts
        if isinstance(sheet, Sheet)
        for line in sheet.lines
        if not line.across
        for column, held in enumerate(sheet.columns)
        if held.key in SOUGHT and column not in line.spots
    ][:_MOST_SOUGHT]
    areas = [area_of(*cell).grown(0, 0, reader.whole) for cell in wanted]
    found = {word.area: word for word in reader.read(areas)}
    for (_, line, column), area in zip(wanted, areas, strict=True):
        if area in found:
            line.spots[column] = Spot([found[area]], faint=True)


# --- pure from here ---------------------------------------------------------------------------


def assemble(
    parts: Sequence[Part],
    crop: Crop,
    *,
    fetched_at: datetime,
    url: str = "",
    names: Collection[str] = (),
) -> Extraction:
    """The answer about a picture from its tables and lines of text."""
    blocks, reads, marks = _blocks(parts)
    title_at = find_title(blocks, "")
    boards, _ = read_boards(outline(blocks, "", ""))
    if not boards:
        boards = _announced(blocks, title_at)
    if not boards:
        return Extraction.refused(_NOTHING)
    flags = {"picture_only"}
    known = {match_key(name) for name in names}
    for board in boards:
        board.needs_transcription, board.in_text = True, False
        _mark_rows(board, reads, marks, crop)
        for at, key in doubted(board.rows, board.subject):
            row = board.rows[at]
            if row.values.pop(key, None) is not None:
                row.unread[key] = row.cells.pop(key)
        flags |= board_flags(board, None)
        for row in board.rows:
            _settle_name(row, known)
    published, period, raised = read_times(Page(None), blocks, title_at, url, fetched_at)
    note = _note(boards, sum(read.rankless for read in reads.values()))
    return Extraction(
        NEEDS_TRANSCRIPTION, period, published, boards, in_order(flags | raised), note
    )


def _blocks(parts: Sequence[Part]) -> tuple[list[Block], dict[int, Read], dict[str, Mark]]:
    """The picture as the sequence that sections and boards are read from."""
    blocks: list[Block] = []
    reads: dict[int, Read] = {}
    marks: dict[str, Mark] = {}
    words = [word for part in parts if not isinstance(part, Sheet) for word in part]
    words += [
        word
        for part in parts
        if isinstance(part, Sheet)
        for line in part.lines
        for spot in line.spots.values()
        for word in spot.words
    ]
    usual = text_height(words)
    title = _title_of(parts, usual)
    for number, part in enumerate(parts):
        if isinstance(part, Sheet):
            read = read_sheet(part, number)
            if read is None:
                continue
            reads[number] = read
            if _name_groups(part, read, parts[number - 1] if number else part):
                blocks.pop()
            for listing in read_grid(read.grid, read.header):
                # Without labels nothing is known to be measured, but ranks and names are.
                listing.bare &= part.labelled
                blocks.append(Found(listing))
        elif (line := _line(part, usual, number, title)) is not None:
            blocks.append(line)
            marks[line.place] = Mark(
                min(word.confidence for word in part), union(word.area for word in part)
            )
    return group_entries(_one_title(blocks)), reads, marks


def _name_groups(sheet: Sheet, read: Read, above: Part) -> bool:
    """Give boards side by side the headings right above them; false where there are none."""
    groups, rows = read.header.groups, read.grid
    starts = [group.first(RANK) or 0 for group in groups]
    if isinstance(above, Sheet) or len(groups) < 2 or len(above) != len(groups):
        return False
    if not rows or any(rows[0][start].text != "1" for start in starts):
        return False
    ends = [*starts[1:], len(sheet.columns)]
    for group, start, end, word in zip(groups, starts, ends, above, strict=True):
        if not sheet.columns[start].x0 <= word.area.cx <= sheet.columns[end - 1].x1:
            return False
        group.title = word.text
    return True


def _title_of(parts: Sequence[Part], usual: float) -> float:
    """The height of the title's letters, infinite where nothing is set as a title."""
    heights = [median(w.area.height for w in part) for part in parts if not isinstance(part, Sheet)]
    largest = max(heights, default=0.0)
    return largest if largest >= _TITLE_SIZE * usual else float("inf")


def _line(words: list[Word], usual: float, number: int, title: float) -> Line | None:
    """A line of text; ``None`` where it was hardly readable. Unsure digits become ``?``."""
    if min(word.confidence for word in words) < TEXT_LIMIT:
        return None
    height = median(word.area.height for word in words)
    texts = [_without_unsure_digits(word) for word in words]
    return Line(
        " ".join(texts),
        texts,
        level=1 if height >= 0.9 * title else 0,
        bold=height >= _HEADING_SIZE * usual,
        place=f"line {number}",
    )


def _without_unsure_digits(word: Word) -> str:
    return "".join(
        "?" if char.isdigit() and sure < FIGURE_LIMIT else char for char, sure, _ in word.letters
    )


def _one_title(blocks: list[Block]) -> list[Block]:
    """A title broken into lines is one; what is as large further down is a heading."""
    answer: list[Block] = []
    titled = False
    for block in blocks:
        before = answer[-1] if answer else None
        if isinstance(block, Line) and block.level:
            if isinstance(before, Line) and before.level:
                before.text += block.text
                continue
            block.level, titled = (0, titled) if titled else (1, True)
        answer.append(block)
    return answer


def _announced(blocks: list[Block], title_at: int | None) -> list[Board]:
    """A board whose title is readable and whose table is not."""
    lines = [block for block in blocks if isinstance(block, Line)]
    title = blocks[title_at] if title_at is not None else None
    if sum(len(line.runs) for line in lines) < _FEWEST_WORDS or not isinstance(title, Line):
        return []
    return [Board(clean_name(title.text))] if is_board_line(title.text) else []


# --- marks ------------------------------------------------------------------------------------


def _mark_rows(board: Board, reads: dict[int, Read], marks: dict[str, Mark], crop: Crop) -> None:
    """Give every row its cells; rows of text lines that are not sure enough are left out."""
    kept = []
    for row in board.rows:
        line = marks.get(row.places[RANK])
        if line is None:
            for key, mark, read in _cells_of(row, reads):
                (row.cells if read else row.unread)[key] = mark.to_json(crop)
        elif line.confidence >= NAME_LIMIT:
            keys = [RANK, ACCOUNT, *row.values, *_texts_of(row)]
            row.cells = {key: line.to_json(crop) for key in keys}
        else:
            continue
        kept.append(row)
    board.rows = kept


def _cells_of(row: Row, reads: dict[int, Read]) -> Iterator[tuple[str, Mark, bool]]:
    """The marks of a row of a table under the keys of the contract, and whether each was read."""
    sheet, line, _ = map(int, row.places[RANK].split(":"))
    cells = reads[sheet].grid[line]
    group = _group_of(row, reads[sheet])
    by_place = {cell.spot: cell.mark for cell in cells if isinstance(cell, PictureCell)}
    for key, place in row.places.items():
        if (mark := by_place.get(place)) is not None:
            yield key, mark, not (key == ACCOUNT and is_unread(row.account))
    for key, columns in _texts_of(row).items():
        spots = [at for column in columns for at, _ in group.at.get(column, ())]
        found = next((cells[at] for at in spots if not cells[at].is_blank), None)
        if isinstance(found, PictureCell) and found.mark is not None:
            yield key, found.mark, True
    for key, spots in group.at.items():
        for at, _ in spots:
            cell = cells[at]
            blank = isinstance(cell, PictureCell) and cell.is_blank and cell.mark is not None
            if blank and key not in row.places:
                yield key, cell.mark, False


def _settle_name(row: Row, known: Collection[str]) -> None:
    """Leave out a name that was not read; tell of the others whether they are known."""
    if is_unread(row.account):
        row.account, row.unit = "", None if row.unit == row.account else row.unit
    elif known:
        row.cells[ACCOUNT]["known"] = match_key(row.account) in known


def _texts_of(row: Row) -> dict[str, tuple[str, ...]]:
    """What a row says beside its values: the key, and the columns it may come from."""
    held = {
        WECHAT_ID: (row.wechat_id, (WECHAT_ID, ACCOUNT, UNIT)),
        UNIT: (row.unit, (UNIT, ACCOUNT)),
        TITLE: (row.title, (TITLE,)),
        MOVEMENT: (row.movement, (MOVEMENT, PREVIOUS, RANK, ACCOUNT)),
    }
    return {key: columns for key, (value, columns) in held.items() if value is not None}


def _group_of(row: Row, read: Read) -> Columns:
    column = int(row.places[RANK].rpartition(":")[2])
    return next(group for group in read.header.groups if group.first(RANK) == column)


def _note(boards: Sequence[Board], rankless: int) -> str:
    """What was not read, so that nobody takes the rows for the whole list."""
    parts = []
    nameless = [str(row.rank) for board in boards for row in board.rows if not row.account]
    if nameless:
        parts.append(f"第 {'、'.join(nameless)} 名的名称没有读清,留空")
    if rankless:
        parts.append(f"{rankless} 行的名次没有读清,没有列出")
    return f"{';'.join(parts)}。请对照图片补录。" if parts else ""
