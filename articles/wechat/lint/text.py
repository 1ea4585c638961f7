"""Rules 1.2, 1.3, 1.6, 1.7 and 1.8: what makes text hard to read or to change."""

import re
from collections.abc import Iterator

from .findings import Spot
from .nodes import Document, Node
from .styles import colour

# WeChat's check: lines closer than this share of the font size run into each other.
CLOSE = 0.95
_MOVED = ("animate", "animatetransform", "animatemotion", "animatecolor", "set")
_CODE = re.compile(r"\b(code|hljs|prettyprint|lang(uage)?-)", re.IGNORECASE)


def invisible_carets(document: Document) -> Iterator[Spot]:
    """1.2"""
    for node in document.styled["caret-color"]:
        found = colour(node.style.text("caret-color"))
        if found and not found.alpha and (node.has_text or node.has_media):
            yield Spot(node)


# --- 1.3 line height ------------------------------------------------------------------------


def _close_lines(document: Document) -> Iterator[tuple[Node, bool, str]]:
    """``(block, whether it has several lines, the line height)`` where lines are too close."""
    for box in document.boxes:
        node = box.node
        height = max(box.line_height, node.line_pixels)
        if node.is_hidden or not box.font_size or height >= CLOSE * box.font_size:
            continue
        yield node, box.rows > 1, f"{height:g}px" if height else "0"


def overlapping_lines(document: Document) -> Iterator[Spot]:
    """1.3: several lines, each lower than its letters."""
    for node, several, height in _close_lines(document):
        if several:
            yield Spot(node, {"value": height})


def low_lines(document: Document) -> Iterator[Spot]:
    """1.3: the same around one line: left out by the rule's text, not by WeChat's checker."""
    for node, several, height in _close_lines(document):
        if not several:
            yield Spot(node, {"value": height})


# --- alignment, animation, pre --------------------------------------------------------------


def one_sided_alignment(document: Document) -> Iterator[Spot]:
    """1.6"""
    for node in document.styled["text-align"]:
        if (value := node.style.text("text-align")) in ("start", "end"):
            yield Spot(node, {"value": value})


def touch_only(document: Document) -> Iterator[Spot]:
    """1.7"""
    for tag in _MOVED:
        for node in document.tagged[tag]:
            begins = node.attributes.get("begin", "").lower()
            if re.search(r"\btouchstart\b", begins) and not re.search(r"\bclick\b", begins):
                yield Spot(node)


def text_in_pre(document: Document) -> Iterator[Spot]:
    """1.8: ordinary text, or code that runs off the screen."""
    for node in document.tagged["pre"]:
        if not node.has_text:
            continue
        if not _is_code(node) or (
            node.box and not (node.wraps or node.scrolls_x) and max(node.box.lines) > node.room
        ):
            yield Spot(node)


def _is_code(node: Node) -> bool:
    if _CODE.search(node.attributes.get("class", "")) or "data-lang" in node.attributes:
        return True
    child = node.first
    while child is not None:
        if child.tag == "code":
            return True
        child = child.next
    return False
