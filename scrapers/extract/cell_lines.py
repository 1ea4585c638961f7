"""Lines drawn with ``div``, ``span`` or ``li`` cells under one line of column labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from .grid import Cell, Grid, element_row, only_cell, table_grid
from .headers import Header, find_header, header_from_labels
from .labels import RANK, Label, parse_label
from .listing import Listing, says_no_data
from .ranks import parse_rank
from .tables import labels_of, read_grid
from .texts import short_text

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LEVELS_UP = 3
_DIGIT = re.compile(r"\d")

#: Lines may hold so many pictures and buttons beside their cells.
_MOST_EXTRA = 3
_MAX_TITLE = 60
#: A grid of loose cells is no larger.
_MOST_LOOSE = 4000


def label_line(element: HtmlElement) -> Header | None:
    """The header that ``element`` is, when its children are column labels."""
    if len(element) < 2 or element.tag in ("table", "tbody", "thead", "tr", "body", "html"):
        return None
    first = short_text(element[0], limit=24)
    if first is None or short_text(element, limit=200) is None:
        return None
    labels = labels_of(element_row(element))
    known = sum(1 for label in labels if label is not None)
    return header_from_labels(labels) if known * 2 >= len(labels) else None


def lines_below(element: HtmlElement, header: Header) -> tuple[list[Listing], list[HtmlElement]]:
    """The listings under a label line, and the elements they take up."""
    width = len(element_row(element))
    node = element
    for _ in range(_LEVELS_UP):
        found = _collect(node, width, header)
        if found.rows:
            listings = read_grid(found.rows, header)
            if found.odd and listings:
                listings[-1].flags.add("missing_rank")
            return listings, [element, *found.taken]
        parent = node.getparent()
        if parent is None or parent.tag in ("body", "html"):
            break
        node = parent
    return _without_rows(element, header)


def loose_grid(element: HtmlElement) -> Grid:
    """The grid whose cells are all children of ``element``, or whose columns are its children.

    Style sheets lay both out as tables; the labels come first or head each column.
    """
    children = [child for child in element if isinstance(child.tag, str)]
    if len(children) < 2 or len(children) > _MOST_LOOSE:
        return []
    if len(children[0]) > 2:
        return _columns(children)
    width = 0
    while width < len(children) and _label_in(children[width]) is not None:
        width += 1
    if width < 3 or len(children) % width or len(children) < 2 * width:
        return []
    cells = [Cell(child) for child in children]
    return [cells[start : start + width] for start in range(0, len(cells), width)]


def _columns(children: list[HtmlElement]) -> Grid:
    """Columns as rows of a grid on its side; every one has its label first."""
    size = len(children[0])
    if len(children) < 3 or any(len(child) != size for child in children):
        return []
    if any(_label_in(child[0]) is None for child in children[:3]):
        return []
    return [element_row(child) for child in children]


def _label_in(element: HtmlElement) -> Label | None:
    text = short_text(element, limit=24)
    return parse_label(text) if text else None


def _without_rows(element: HtmlElement, header: Header) -> tuple[list[Listing], list[HtmlElement]]:
    """Labels over a line that says there is no data are a listing without rows."""
    following = element.getnext()
    if following is None or not says_no_data(short_text(following, limit=60) or ""):
        return [], []
    return read_grid([], header), [element, following]


@dataclass(slots=True)
class _Lines:
    """Lines found under a label line; ``odd`` when one has another number of cells."""

    rows: Grid = field(default_factory=list)
    taken: list[HtmlElement] = field(default_factory=list)
    odd: bool = False


def _collect(node: HtmlElement, width: int, header: Header) -> _Lines:
    lines = _Lines()
    between: list[HtmlElement] = []
    for sibling in node.itersiblings():
        if not isinstance(sibling.tag, str):
            continue
        if sibling.tag in _HEADINGS:
            break
        if lines.rows and _is_repeated(sibling, header, lines.rows[-1]):
            lines.taken += [*between, sibling]
            between = []
            continue
        found = _rows_of(sibling, width, lines)
        if found:
            lines.rows += [[Cell(title)] for title in between] + found
            lines.taken += [*between, sibling]
            between = []
        elif (text := short_text(sibling, limit=400)) != "":
            if _ends_listing(sibling, lines.rows):
                break
            if text is not None and len(text) <= _MAX_TITLE:
                between.append(sibling)
    return lines


def _is_repeated(sibling: HtmlElement, header: Header, last: list[Cell]) -> bool:
    """Whether the labels stand once more in the middle of a list, whose ranks go on below."""
    again, following = label_line(sibling), sibling.getnext()
    at = header.groups[0].first(RANK)
    if again is None or following is None or again.groups[0].at != header.groups[0].at:
        return False
    cells = element_row(following)
    if at is None or at >= min(len(cells), len(last)):
        return False
    before, behind = parse_rank(last[at].text), parse_rank(cells[at].text)
    return before is not None and behind is not None and behind.value >= max(before.value, 2)


def _ends_listing(sibling: HtmlElement, rows: Grid) -> bool:
    """Text before the first line, or another label line, ends the search."""
    return not rows or label_line(sibling) is not None


def _rows_of(element: HtmlElement, width: int, lines: _Lines) -> Grid:
    if element.tag == "table":
        return _table_rows(element, width)
    if row := _line(element, width):
        return [row]
    rows: Grid = []
    for child in _line_containers(element):
        if row := _line(child, width):
            rows.append(row)
        elif child.tag == "table":
            rows += _table_rows(child, width)
        else:
            lines.odd |= _is_odd_line(child)
    lines.odd |= not rows and bool(lines.rows) and _is_odd_line(element)
    return rows


def _is_odd_line(element: HtmlElement) -> bool:
    """Whether an element begins with a rank like the lines around it."""
    if len(element) < 2 or label_line(element) is not None:
        return False
    first, rest = short_text(element[0], limit=8), short_text(element, limit=200)
    return bool(first and rest and len(rest) > len(first)) and parse_rank(first) is not None


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


def _line(element: HtmlElement, width: int) -> list[Cell]:
    """The cells of a line of ``width`` cells; pictures and a last button may be more."""
    if not width <= len(element) <= width + _MOST_EXTRA or (element.text or "").strip():
        return []
    cells = element_row(element)
    if len(cells) > width:
        cells = [cell for cell in cells if cell.element is None or cell.element.tag != "img"]
    if len(cells) == width + 1 and cells[-1].flat.is_link and not _DIGIT.search(cells[-1].text):
        cells.pop()
    return cells if len(cells) == width and label_line(element) is None else []


def text_cells(text: str) -> list[Cell]:
    """A line of text cut at bars, or where it has none at gaps, into cells."""
    text = text.replace("｜", "|").replace("丨", "|").strip()
    parts = text.strip("|").split("|") if "|" in text else text.split()
    return [Cell(None, part.strip()) for part in parts]
