"""Cells in rows and columns: HTML tables with their spans laid out, or lines cut into cells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from .contract import PageRefused
from .document import MAX_CELLS
from .folding import compact, tidy
from .labels import Label, parse_label
from .texts import Flat, flatten, place_of, plain_text, short_text

_MAX_COLSPAN = 1000

#: A table within a cell of a ranking prints no more than this.
_MAX_INNER, _MAX_INNER_ROWS = 80, 3


class Cell:
    """One cell; ``rows`` and ``columns`` are its spans. Text is read once, when asked for."""

    __slots__ = ("_flat", "_label", "columns", "element", "rows", "words")

    def __init__(
        self,
        element: HtmlElement | None,
        words: str | None = None,
        rows: int = 1,
        columns: int = 1,
    ) -> None:
        self.element = element
        self.words = words
        self.rows = rows
        self.columns = columns
        self._flat: Flat | None = None
        self._label: Label | bool | None = False

    @property
    def flat(self) -> Flat:
        if self._flat is None:
            if self.element is None:
                self._flat = Flat([self.words or ""], [[self.words or ""]])
            else:
                self._flat = flatten(self.element)
        return self._flat

    @property
    def text(self) -> str:
        """All text of the cell; that of a cell without elements is kept, and nothing else."""
        if self.words is None:
            element = self.element
            plain = element is not None and len(element) == 0
            self.words = plain_text(element) if plain else self.flat.text
        return self.words

    @property
    def raw(self) -> str:
        """The printed number: lines are joined without a gap, as a narrow column breaks them."""
        if self.element is None or len(self.element) == 0:
            return tidy(self.text)
        return tidy("".join(self.flat.lines))

    @property
    def label(self) -> Label | None:
        if self._label is False:
            self._label = parse_label(self.text)
        return self._label or None

    @property
    def is_blank(self) -> bool:
        return not compact(self.text)

    def place(self, row: int, column: int) -> str:
        line = place_of(self.element) if self.element is not None else "text"
        return f"{line}, row {row + 1}, column {column + 1}"


Grid = list[list[Cell]]


@dataclass(slots=True)
class _Open:
    """A cell that reaches down into the next rows."""

    cell: Cell
    left: int


def table_grid(table: HtmlElement) -> Grid:
    """The cells of a table's own rows, spans laid out (one cell stands several times).

    Raises :class:`PageRefused` when spans blow the table up beyond ``MAX_CELLS``.
    """
    grid: Grid = []
    open_cells: dict[int, _Open] = {}
    total = 0
    for tr in _own_rows(table):
        row = _lay_row(tr, open_cells)
        total += len(row)
        if total > MAX_CELLS:
            raise PageRefused(
                f"表格展开后超过 {MAX_CELLS} 格,拒绝解析;请核对抓取的是不是榜单页面。"
            )
        if row:
            grid.append(row)
    return grid


def _own_rows(table: HtmlElement) -> Iterator[HtmlElement]:
    nested = table.find(".//table") is not None
    for tr in table.iter("tr"):
        if not nested or next(tr.iterancestors("table"), None) is table:
            yield tr


def holds_layout(table: HtmlElement) -> bool:
    """Whether tables inside ``table`` are more than the parts of a cell: it only lays out a page.

    A table in a cell of a ranking holds a name and its id; it is short and has no labels.
    """
    return any(
        short_text(inner, _MAX_INNER) is None or sum(1 for _ in inner.iter("tr")) > _MAX_INNER_ROWS
        for inner in table.iter("table")
        if inner is not table
    )


def _lay_row(tr: HtmlElement, open_cells: dict[int, _Open]) -> list[Cell]:
    row: list[Cell] = []
    for element in tr:
        if element.tag not in ("td", "th"):
            continue
        _take_open(row, open_cells)
        if element.attrib:
            rows, columns = (
                _span(element, "rowspan", 65534),
                _span(element, "colspan", _MAX_COLSPAN),
            )
        else:
            rows = columns = 1
        cell = Cell(element, rows=rows, columns=columns)
        for _ in range(columns):
            if rows > 1:
                open_cells[len(row)] = _Open(cell, rows - 1)
            row.append(cell)
    _take_open(row, open_cells)
    return row


def _take_open(row: list[Cell], open_cells: dict[int, _Open]) -> None:
    while open_cells and (waiting := open_cells.get(len(row))) is not None:
        waiting.left -= 1
        if waiting.left == 0:
            del open_cells[len(row)]
        row.append(waiting.cell)


def _span(element: HtmlElement, name: str, most: int) -> int:
    text = (element.get(name) or "1").strip()
    return (
        max(1, min(int(text), most)) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    )


def transpose(grid: Grid) -> Grid:
    """Rows become columns; ragged ends are filled with blank cells."""
    width = max((len(row) for row in grid), default=0)
    blank = Cell(None, "")
    return [[row[i] if i < len(row) else blank for row in grid] for i in range(width)]


def element_row(element: HtmlElement) -> list[Cell]:
    """The children of a line drawn with ``div``/``span``/``li`` as cells."""
    return [Cell(child) for child in element if isinstance(child.tag, str) and child.tag != "br"]


def only_cell(row: list[Cell]) -> Cell | None:
    """The one cell that has text in the row (alone, spanning, or beside blanks), if so."""
    first = None
    for cell in row:
        if cell is first or cell.is_blank:
            continue
        if first is not None:
            return None
        first = cell
    return first
