"""Rules 1.1, 1.4 and 1.5: what a phone of 375 px would cut off or hide.

WeChat's own check draws the page at 677 and 375 px and compares; here the same is reckoned from
the styles. Where that cannot be done with certainty, nothing is said.
"""

from collections.abc import Iterator

from .findings import Spot
from .nodes import SCREEN, SIDEWAYS, Document, Node
from .styles import is_fixed

# WeChat's tolerances, in pixels.
SLACK = 1.0
# A frame that leaves fewer characters than this a line is as good as pushed off the screen.
CHARACTERS_LEAST = 4


def transparent_pictures(document: Document) -> Iterator[Spot]:
    """1.1"""
    for node in document.styled["opacity"]:
        if node.tag == "img" and node.length(node.style.text("opacity"), 1.0) == 0:
            yield Spot(node)


# --- 1.4 width ------------------------------------------------------------------------------


def _lengths(document: Document, *names: str) -> Iterator[tuple[Node, str, str, float]]:
    """``(element, property, value as written, pixels)`` of widths that count for readers."""
    for name in names:
        for node in document.styled[name]:
            written = node.style.text(name)
            if node.ignores_width or node.in_svg or node.is_hidden or not is_fixed(written):
                continue
            if not (node.is_block or node.tag == "img"):
                continue  # what stands in a line has no width of its own
            if (wide := node.length(written)) is not None:
                yield node, name, written, wide


def fixed_widths(document: Document) -> Iterator[Spot]:
    """1.4: a width that is the same on every screen and fills this one or more."""
    for node, name, written, wide in _lengths(document, "width", "min-width"):
        too_wide = wide > node.parent.room + SLACK if name == "min-width" else _fills(node, wide)
        if too_wide and not (name == "width" and _is_centred(node)):
            yield Spot(node, {"name": name, "value": written})


def centred_widths(document: Document) -> Iterator[Spot]:
    """1.4: the same, but in the middle, where WeChat's check lets it pass."""
    for node, name, written, wide in _lengths(document, "width"):
        if _fills(node, wide) and _is_centred(node):
            yield Spot(node, {"name": name, "value": written})


def _fills(node: Node, wide: float) -> bool:
    if node.tag == "svg" or node.tag in ("td", "th", "col"):
        return False
    margins = node.margins
    beside = sum(max(node.length(margins.get(side, "")) or 0, 0) for side in ("left", "right"))
    return wide + beside >= node.parent.room


def _is_centred(node: Node) -> bool:
    """Whether it stands in the middle on every screen."""
    margins, parent = node.margins, node.parent
    if margins.get("left") == margins.get("right") == "auto":
        return True
    is_inline = node.tag == "img" or node.display.startswith("inline")
    if is_inline and parent.is_centred and node.display != "block":
        return True
    if parent.display in SIDEWAYS:
        column = parent.style.text("flex-direction").startswith("column")
        return parent.style.text("align-items" if column else "justify-content") == "center"
    return False


def fixed_columns(document: Document) -> Iterator[Spot]:
    """1.4: columns of a table that together are wider than the screen; told at the widest."""
    for row in document.tagged["tr"] + document.tagged["colgroup"]:
        if row.ignores_width:
            continue
        cells = [(wide, cell) for cell in _cells(row) if (wide := _column_width(cell))]
        whole = sum(wide for wide, _ in cells)
        if cells and whole > row.room + SLACK:
            _, widest = max(cells, key=lambda found: found[0])
            yield Spot(widest, {"count": len(cells), "value": f"{whole:g}px"})


def _cells(row: Node) -> Iterator[Node]:
    child = row.first
    while child is not None:
        if child.tag in ("td", "th", "col"):
            yield child
        child = child.next


def _column_width(cell: Node) -> float:
    written = cell.style.text("min-width") or cell.style.text("width")
    if written:
        return (cell.length(written) or 0.0) if is_fixed(written) else 0.0
    for name in ("width", "data-colwidth"):
        if (given := cell.attributes.get(name, "")).replace(".", "", 1).isascii():
            try:
                return max(float(given.removesuffix("px")), 0.0)
            except ValueError:
                continue
    return 0.0


def shifted_frames(document: Document) -> Iterator[Spot]:
    """1.4: margins and paddings that push text off the screen, or leave it no room."""
    seen: set[int] = set()
    for name in ("margin", "margin-left", "margin-right", "padding", "padding-left", "text-indent"):
        for node in document.styled[name]:
            if node.index in seen or node.ignores_width or node.is_hidden or not node.is_block:
                continue
            if node.in_svg or not (node.has_text or node.has_media):
                continue
            if value := _shift(node):
                seen.add(node.index)
                yield Spot(node, {"value": value})


def _shift(node: Node) -> str:
    """The declaration that does it, ``""`` when none does."""
    least = CHARACTERS_LEAST * node.font_size
    written = node.style.text("text-indent")
    if written and abs(node.length(written, node.room) or 0.0) > node.room - least:
        return f"text-indent: {written}"
    taken = {
        f"{name}-{side}": node.length(node.style.sides(name).get(side, "")) or 0.0
        for name in ("margin", "padding")
        for side in ("left", "right")
    }
    name, most = max(taken.items(), key=lambda entry: entry[1])
    left_over = node.parent.room - sum(taken.values())
    if node.has_text and most > least and left_over < min(least, node.parent.room):
        return f"{name}: {most:g}px"
    left, right = node.left - taken["padding-left"], node.right + taken["padding-right"]
    is_even = abs(left - (SCREEN - right)) <= SLACK
    if node.flows and taken["margin-left"] < 0 and left < -SLACK and not is_even:
        return f"margin-left: {taken['margin-left']:g}px"
    return ""


def unbroken_lines(document: Document) -> Iterator[Spot]:
    """1.4: text that is told not to wrap and is longer than a line."""
    for box in document.boxes:
        node = box.node
        if node.wraps or node.ignores_width or node.scrolls_x or node.in_pre:
            continue
        if box.lines and max(box.lines) > node.room + SLACK:
            yield Spot(node)


# --- 1.5 height -----------------------------------------------------------------------------


def no_height(document: Document) -> Iterator[Spot]:
    """1.5: a height of nought around text."""
    for name in ("height", "max-height"):
        for node in document.styled[name]:
            written = node.style.text(name)
            hides = name == "height" or "hidden" in node.style.text("overflow")
            if not node.has_text or node.in_svg_play or not hides:
                continue
            if node.length(written, 1.0) == 0:
                yield Spot(node, {"name": name, "value": written})


def _fixed_heights(document: Document) -> Iterator[tuple[Node, float, float]]:
    """``(element, its height, the least its contents need)`` where one is fixed around text."""
    for node in document.styled["height"]:
        if not node.has_text or node.in_svg_play or not is_fixed(node.style.text("height")):
            continue
        height = node.length(node.style.text("height"))
        if height and not node.scrolls_y:
            yield node, height, node.needs


def small_heights(document: Document) -> Iterator[Spot]:
    """1.5: a fixed height that is less than what stands in it, by WeChat's tolerances."""
    for node, height, needs in _fixed_heights(document):
        if needs > height + (20 if height > 200 else 5):
            yield Spot(node, {"value": node.style.text("height")})


def tight_heights(document: Document) -> Iterator[Spot]:
    """1.5: a fixed height that readers of larger type would find too small."""
    for node, height, needs in _fixed_heights(document):
        if needs <= height + (20 if height > 200 else 5) and needs * 1.5 > height:
            yield Spot(node, {"value": node.style.text("height")})
