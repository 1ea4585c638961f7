"""Lines drawn with ``div``, ``span`` or ``li`` cells under one line of column labels."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

from .grid import Cell, Grid, element_row, only_cell, table_grid
from .headers import Header, find_header, header_from_labels
from .listing import Listing, says_no_data
from .tables import labels_of, read_grid
from .texts import short_text

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LEVELS_UP = 3


def label_line(element: HtmlElement) -> Header | None:
    """The header that ``element`` is, when its children are column labels."""
    if len(element) < 2 or element.tag in ("table", "tbody", "thead", "tr", "body", "html"):
        return None
    first = short_text(element[0], limit=24)
    if first is None or short_text(element, limit=200) is None:
        return None
    return header_from_labels(labels_of(element_row(element)))


def lines_below(element: HtmlElement, header: Header) -> tuple[list[Listing], list[HtmlElement]]:
    """The listings under a label line, and the elements they take up."""
    width = len(element_row(element))
    node = element
    for _ in range(_LEVELS_UP):
        rows, taken = _collect(node, width)
        if rows:
            return read_grid(rows, header), [element, *taken]
        parent = node.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        node = parent
    return _without_rows(element, header)


def _without_rows(element: HtmlElement, header: Header) -> tuple[list[Listing], list[HtmlElement]]:
    """Labels over a line that says there is no data are a listing without rows."""
    following = element.getnext()
    if following is None or not says_no_data(short_text(following, limit=60) or ""):
        return [], []
    return read_grid([], header), [element, following]


def _collect(node: HtmlElement, width: int) -> tuple[Grid, list[HtmlElement]]:
    rows: Grid = []
    taken: list[HtmlElement] = []
    for sibling in node.itersiblings():
        if not isinstance(sibling.tag, str):
            continue
        if sibling.tag in _HEADINGS:
            break
        found = _rows_of(sibling, width)
        if found:
            rows += found
            taken.append(sibling)
        elif short_text(sibling, limit=400) != "" and _ends_listing(sibling, rows):
            break
    return rows, taken


def _ends_listing(sibling: HtmlElement, rows: Grid) -> bool:
    """Text before the first line, or another label line, ends the search."""
    return not rows or label_line(sibling) is not None


def _rows_of(element: HtmlElement, width: int) -> Grid:
    if element.tag == "table":
        return _table_rows(element, width)
    if _is_line(element, width):
        return [element_row(element)]
    rows: Grid = []
    for child in _line_containers(element):
        if _is_line(child, width):
            rows.append(element_row(child))
        elif child.tag == "table":
            rows += _table_rows(child, width)
    return rows


def _line_containers(element: HtmlElement) -> Iterator[HtmlElement]:
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _HEADINGS:
            continue
        yield child
        if len(child) == 1 and isinstance(child[0].tag, str):
            yield child[0]


def _table_rows(table: HtmlElement, width: int) -> Grid:
    if table.find(".//table") is not None:
        return []
    grid = table_grid(table)
    if find_header(grid) is not None:
        return []
    rows = [row for row in grid if only_cell(row) is None]
    return rows if rows and all(len(row) == width for row in rows) else []


def _is_line(element: HtmlElement, width: int) -> bool:
    if len(element) != width or (element.text or "").strip():
        return False
    return label_line(element) is None


def text_cells(text: str) -> list[Cell]:
    """A line of text cut at bars, or where it has none at gaps, into cells."""
    text = text.replace("｜", "|").replace("丨", "|").strip()
    parts = text.strip("|").split("|") if "|" in text else text.split()
    return [Cell(None, part.strip()) for part in parts]
