"""Cells drawn with inline elements: lines whose neighbours are built of the same elements.

``<li><em>1</em><span>在荷塘</span><span>844</span></li>`` beside others of its shape prints three
cells, though no white space parts them; text cut into tags for its looks has no such pattern.
"""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from rankings.figures import parse_figure

from .ranks import parse_rank
from .texts import BLOCKS

#: Where a cell begins; the soft mark where its element has no class of its own.
CELL, SOFT_CELL = "\x1e", "\x1f"

_MARKS = re.compile(f"([{CELL}{SOFT_CELL}]+)")
_HAN_END = re.compile(r"[\u3400-\u9fff)）”」]$")
_MOST_CELLS = 16


def has_cells(element: HtmlElement) -> bool:
    """Whether the inline children of ``element`` recur in the same order beside it."""
    if not 2 <= len(element) <= _MOST_CELLS:
        return False
    shape = _shape(element)
    return shape is not None and any(
        _shape(other) == shape for other in (_beside(element, 1), _beside(element, -1))
    )


def without_cells(text: str) -> str:
    """The text as one, the marks dropped."""
    return _MARKS.sub("", text)


def with_gaps(text: str) -> str:
    """The text with a gap between cells, unless they are the parts of one word or number."""
    first, *rest = _MARKS.split(text.strip(f" {CELL}{SOFT_CELL}"))
    joined = first
    for mark, piece in zip(rest[::2], rest[1::2], strict=True):
        joined += (" " if _are_apart(joined, piece, CELL in mark) else "") + piece
    return joined


def _are_apart(left: str, right: str, marked: bool) -> bool:
    left, right = left.rstrip(), right.strip()
    if not left or not right or right[0] in ",.，。、:：)）" or left[-1] in ",.(（":
        return False
    if marked:
        return True
    if parse_rank(left) is not None:
        return not right[0].isascii() or right[0] in '@"'
    return bool(_HAN_END.search(left)) and parse_figure(right) is not None


def _shape(element: HtmlElement | None) -> list[str] | None:
    if element is None or not 2 <= len(element) <= _MOST_CELLS:
        return None
    tags = [child.tag for child in element if isinstance(child.tag, str)]
    return None if any(tag in BLOCKS or tag == "br" for tag in tags) else [element.tag, *tags]


def _beside(element: HtmlElement, step: int) -> HtmlElement | None:
    """The element before or behind, or the one in the same place of the parent's neighbour."""
    found = element.getnext() if step > 0 else element.getprevious()
    parent = element.getparent()
    if found is None and parent is not None and len(parent) == 1:
        outer = parent.getnext() if step > 0 else parent.getprevious()
        return outer[0] if outer is not None and len(outer) == 1 else None
    return found
