"""One line of a table to one row of the contract."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rankings.figures import Figure, parse_figure

from .contract import ARTICLE, UNIT, Movement, Row
from .folding import compact, fold, tidy
from .grid import Cell
from .headers import Columns
from .labels import (
    ACCOUNT,
    MOVEMENT,
    POSTS_AND_ARTICLES,
    PREVIOUS,
    RANK,
    TITLE,
    VALUE_KEYS,
    WECHAT_ID,
)
from .labels import UNIT as UNIT_LABEL
from .movement import NEW, from_class, from_previous, in_words, parse_mark
from .name_lines import is_kind, is_small_id, name_and_second
from .names import Name, is_authority, parse_name, strip_quotes
from .ranks import Rank, parse_rank
from .texts import Flat, flatten, own_mark

_ABSENT_BEFORE = {
    "—",
    "-",
    "–",
    "——",
    "--",
    "未上榜",
    "无",
    "榜外",
    "未入榜",
    "新",
    "新上榜",
    "NEW",
}
#: A title cell that also names the account: ``《标题》（账号）``, ``《标题》——账号``.
_TITLE_AND_ACCOUNT = re.compile(
    r"^《.+》\s*(?:[(（](?P<inside>[^()（）]+)[)）]|(?:——|--|@)\s*(?P<behind>.+))$"
)
#: A rank before that lay beyond the printed list.
_BEYOND = re.compile(r"(?:以外|之外|开外|名外|后)$")
_DIGIT = re.compile(r"\d")
_WHOLE = re.compile(r"\d{1,3}(?:,\d{3})+|\d{2,}(?:\.\d+)?")
_ODD_NAME = re.compile(r"[:,，。]|粉丝|微信号|^\d{1,3}[、.](?!\d)|[+↑↓▲▼]")
_WITH_REMARK = re.compile(
    r"(?P<figure>[^\s()（）\[\]【】↑↓▲▼]+)\s*(?:[(（\[【][^()（）]*[)）\]】]|[↑↓▲▼]\s*[\d.,]*)\s*$"
)
_PAIR = re.compile(r"(\d[\d,]*)次?\s*/\s*(\d[\d,]*)篇?")


@dataclass(slots=True)
class TableRow:
    """A row with its printed rank and name; ``doubtful`` when a number could not be read."""

    row: Row
    rank: Rank
    name: Name
    doubtful: bool = False


def read_row(cells: list[Cell], columns: Columns, subject: str, line: int) -> TableRow | None:
    """The row that ``cells`` print under ``columns``; ``None`` without a rank or a name."""
    rank_at = columns.first(RANK)
    if rank_at is None or rank_at >= len(cells):
        return None
    rank, rank_marks = _rank(cells[rank_at])
    if rank is None:
        return None
    found = _name(cells, columns, subject)
    if found is None:
        return None
    name, name_at = found
    row = Row(rank.value, name.account, name.wechat_id, name.unit)
    _beside(row, cells, columns, subject)
    row.values, doubtful = _values(cells, columns, subject, row, line)
    doubtful = doubtful or _is_odd(name) or _is_no_mark(cells, columns)
    row.movement = (
        _movement(cells, columns, rank.value) or rank.movement or rank_marks or name.movement
    )
    row.places[RANK] = cells[rank_at].place(line, rank_at)
    row.places[ACCOUNT] = cells[name_at].place(line, name_at)
    return TableRow(row, rank, name, doubtful)


def _rank(cell: Cell) -> tuple[Rank | None, Movement | None]:
    """The rank a cell prints, or the ``alt`` of its medal picture."""
    if cell.element is None or len(cell.element) == 0:
        return parse_rank(cell.text), None
    flat = flatten(cell.element, take_marks=True)
    told = flat.marks[0] if flat.marks else None
    pieces = [run for runs in flat.runs for run in runs]
    if told and told.places is None and len(pieces) == 2 and all(map(str.isdigit, pieces)):
        return parse_rank(pieces[0]), _with_number(told, pieces[1])
    rank = rank_in_pieces(pieces)
    rank = rank or (parse_rank(flat.text) if flat.text else parse_rank(flat.alt))
    if rank is None and flat.marks:
        return parse_rank(cell.text), None
    if rank is None and flat.alt and flat.text:
        rank, told = parse_rank(flat.alt), told or parse_mark(flat.text)
    return rank, told


def rank_in_pieces(pieces: list[str]) -> Rank | None:
    """The one rank among pieces that else are movement and tie marks, in whatever order."""
    ranks = [rank for piece in pieces if (rank := parse_rank(piece)) is not None]
    others = [piece for piece in pieces if parse_rank(piece) is None]
    if len(ranks) != 1 or not others:
        return None
    rank, marks = ranks[0], [parse_mark(piece) or in_words(piece) for piece in others]
    tied = [compact(piece).strip("()[]") == "并列" for piece in others]
    if any(piece.strip().isdigit() for piece in others):
        return None
    if not all(mark is not None or tie for mark, tie in zip(marks, tied, strict=True)):
        return None
    movement = next((mark for mark in marks if mark is not None), rank.movement)
    return Rank(rank.value, rank.tied or any(tied), movement)


def _name(cells: list[Cell], columns: Columns, subject: str) -> tuple[Name, int] | None:
    keys = (ACCOUNT, UNIT_LABEL) if subject != UNIT or ACCOUNT in columns.at else (UNIT_LABEL,)
    for key in keys:
        for index, _ in columns.at.get(key, ()):
            if index < len(cells) and not cells[index].is_blank:
                name = _name_in(cells[index])
                return (name, index) if name else None
    at = columns.first(TITLE)
    if subject == ARTICLE and ACCOUNT not in columns.at and at is not None and at < len(cells):
        told = _TITLE_AND_ACCOUNT.match(tidy(cells[at].text))
        name = parse_name(told["inside"] or told["behind"]) if told else None
        return (name, at) if name else None
    return None


def _name_in(cell: Cell) -> Name | None:
    if cell.element is None or len(cell.element) == 0:
        return parse_name(*name_and_second([cell.text], [[cell.text]]))
    flat = flatten(cell.element, take_marks=True)
    if not flat.lines:
        return None
    text, second = name_and_second(flat.lines, flat.runs)
    name = parse_name(text, second)
    if name and flat.marks:
        name.movement = name.movement or flat.marks[0]
    if name:
        name.kind_beside = _kind_beside(flat) or (len(flat.lines) > 1 and _is_joined(name, flat))
    return name


def _is_joined(name: Name, flat: Flat) -> bool:
    """Whether the name was put together from several lines."""
    return not any(compact(name.account) in compact(line) for line in flat.lines)


def _kind_beside(flat: Flat) -> bool:
    """Whether a piece of the cell, at either end of a line, only tells the kind of account."""
    pieces = [runs for runs in flat.runs if len(flat.lines) > 1 or len(runs) > 1]
    return any(is_kind(runs[0]) or is_kind(runs[-1]) for runs in pieces)


def _is_odd(name: Name) -> bool:
    """Whether a name holds what none does: a label, a line number, an id before its name."""
    if _ODD_NAME.search(fold(name.account)):
        return True
    return bool(name.unit) and not is_authority(name.unit) and is_small_id(name.account)


def _beside(row: Row, cells: list[Cell], columns: Columns, subject: str) -> None:
    if (text := _text_at(cells, columns, WECHAT_ID)) and (bare := fold(text).lstrip("@")):
        row.wechat_id = bare if re.fullmatch(r"[A-Za-z0-9_-]{1,40}", bare) else row.wechat_id
    if text := _text_at(cells, columns, UNIT_LABEL):
        row.unit = None if compact(text) in _ABSENT_BEFORE else strip_quotes(text)
    if subject == UNIT and ACCOUNT not in columns.at:
        row.unit = row.account
    if subject == ARTICLE and (text := _text_at(cells, columns, TITLE)):
        row.title = text


def _text_at(cells: list[Cell], columns: Columns, key: str) -> str:
    for index, _ in columns.at.get(key, ()):
        if index < len(cells) and (text := tidy(cells[index].text)):
            return text
    return ""


def _values(
    cells: list[Cell], columns: Columns, subject: str, row: Row, line: int
) -> tuple[dict[str, Figure], bool]:
    """The values of a line, and whether a cell holds digits that are no number."""
    values: dict[str, Figure] = {}
    doubtful = False
    for key, spots in columns.at.items():
        for index, factor in spots:
            if index >= len(cells):
                continue
            if key == POSTS_AND_ARTICLES:
                found = posts_and_articles(cells[index].raw)
            elif key in VALUE_KEYS and key not in values:
                figure = _figure(cells[index].raw, is_single(key, subject), factor)
                found = {key: figure} if figure is not None else {}
            else:
                continue
            doubtful = doubtful or _holds_two(cells[index])
            if found:
                values |= found
                row.places[key] = cells[index].place(line, index)
            elif _DIGIT.search(cells[index].raw):
                doubtful = True
    return values, doubtful


def _holds_two(cell: Cell) -> bool:
    """Whether two whole numbers stand on lines of their own: nobody says which is meant."""
    if cell.element is None or len(cell.element) == 0 or len(cell.flat.lines) < 2:
        return False
    return sum(_WHOLE.fullmatch(line.strip()) is not None for line in cell.flat.lines) > 1


def _figure(text: str, single_article: bool, factor: int) -> Figure | None:
    """The number of a cell, though a remark in brackets or a change may stand behind it."""
    figure = parse_figure(text, single_article=single_article, factor=factor)
    if figure is None and (match := _WITH_REMARK.match(text)):
        figure = parse_figure(match["figure"], single_article=single_article, factor=factor)
    return figure


def is_single(key: str, subject: str) -> bool:
    """Whether the value counts one article, so that 10万+ is the platform's ceiling."""
    return key == "max_reads" or (key == "reads" and subject == ARTICLE)


def posts_and_articles(text: str) -> dict[str, Figure]:
    """``2/8`` or ``28次/136篇``: postings and articles in one cell."""
    match = _PAIR.fullmatch(compact(text))
    if match is None:
        return {}
    posts, articles = (int(number.replace(",", "")) for number in match.groups())
    return {
        "posts": Figure(posts, "exact", False, text),
        "articles": Figure(articles, "exact", False, text),
    }


def _movement(cells: list[Cell], columns: Columns, rank: int) -> Movement | None:
    for index, _ in columns.at.get(MOVEMENT, ()):
        if index < len(cells) and (found := _movement_in(cells[index])):
            return found
    for index, _ in columns.at.get(PREVIOUS, ()):
        if index < len(cells) and not cells[index].is_blank:
            text = compact(cells[index].text)
            before = parse_rank(text)
            if before is not None:
                return from_previous(before.value, rank)
            absent = text.upper() in _ABSENT_BEFORE or _BEYOND.search(text) is not None
            return NEW if absent else parse_mark(text)
    return None


def _is_no_mark(cells: list[Cell], columns: Columns) -> bool:
    """Whether a cell under 升降 holds a number that tells no movement: the line is out of step."""
    return any(
        index < len(cells)
        and _DIGIT.search(cells[index].text) is not None
        and _movement_in(cells[index]) is None
        for index, _ in columns.at.get(MOVEMENT, ())
    )


def _movement_in(cell: Cell) -> Movement | None:
    if cell.element is not None and (found := own_mark(cell.element)):
        return found
    if cell.element is not None and len(cell.element):
        flat = flatten(cell.element, take_marks=True)
        if flat.marks:
            return _with_number(flat.marks[0], compact(flat.text))
        return parse_mark(flat.text) or parse_mark(flat.alt + flat.text)
    return parse_mark(cell.text)


def _with_number(mark: Movement, text: str) -> Movement:
    """An empty mark (``<i class="up"></i>2``) has its number behind it."""
    if mark.places is None and mark.kind in ("up", "down") and re.fullmatch(r"\d{1,4}", text):
        return from_class(mark.kind, text) or mark
    return mark
