"""Rules 4.1 to 4.5: what cannot be read once WeChat has turned the page dark.

4.3 (text and black lines in pictures) cannot be seen in the HTML and is left to people's eyes.
"""

from collections.abc import Iterator

from .colours import contrast
from .findings import Spot
from .nodes import Document, Node
from .stripped import once
from .styles import colour

# WeChat's checker takes text for unreadable below the first; below the second people complain.
CONTRAST_LEAST = 1.5
CONTRAST_GOOD = 3.0

_SHAPES = ("path", "rect", "circle", "ellipse", "polygon", "polyline", "line", "text")
_UNDRAWN = ("defs", "clippath", "mask", "symbol", "pattern", "marker")


def _texts(document: Document) -> Iterator[Node]:
    """The elements whose colours WeChat converts and that hold text themselves."""
    for node in document.nodes:
        if not (node.own and node.parent) or node.is_hidden or node.over_picture or node.in_svg:
            continue
        if "low-contrast" in node.attributes.get("data-ignore-dm", "").split():
            continue
        if not (node.parent.own and _colours(node) == _colours(node.parent)):
            yield node


def _colours(node: Node) -> tuple[object, ...]:
    return node.ink, node.ground, node.night_ink, node.night_ground


def _contrasts(document: Document) -> Iterator[tuple[Node, float, float]]:
    """``(element, its contrast by day, at night)``"""
    for node in _texts(document):
        by_day = contrast(node.ink.over(node.ground), node.ground)
        yield node, by_day, contrast(node.night_ink, node.night_ground)


def lost_at_night(document: Document) -> Iterator[Spot]:
    """4.1: text that is as good as invisible on a dark phone."""
    for node, _, at_night in _contrasts(document):
        if at_night < CONTRAST_LEAST:
            yield Spot(node, {"value": f"{at_night:.1f}"})


def weak_at_night(document: Document) -> Iterator[Spot]:
    """4.1: text that is hard to read on a dark phone."""
    for node, _, at_night in _contrasts(document):
        if CONTRAST_LEAST <= at_night < CONTRAST_GOOD:
            yield Spot(node, {"value": f"{at_night:.1f}"})


def weak_by_day(document: Document) -> Iterator[Spot]:
    """4.1: text that is hard to read as it was written."""
    for node, by_day, _ in _contrasts(document):
        if by_day < CONTRAST_GOOD:
            yield Spot(node, {"value": f"{by_day:.1f}"})


def gradients(document: Document) -> Iterator[Spot]:
    """4.1: a gradient behind text; WeChat makes one colour of it."""
    seen: set[int] = set()
    for name in ("background", "background-image"):
        for node in document.styled[name]:
            value = node.style.text(name)
            if node.index in seen or "gradient" not in value or "url(" in value:
                continue
            ignored = node.attributes.get("data-ignore-dm", "").split()
            if node.has_text and not node.in_svg and "text-bg-gradient" not in ignored:
                seen.add(node.index)
                yield Spot(node)


def text_laid_over(document: Document) -> Iterator[Spot]:
    """4.2: text placed over a background it does not stand in."""
    for node in document.styled["position"]:
        frame = node.positioned
        if node.style.text("position") not in ("absolute", "fixed") or frame is None:
            continue
        if not node.has_text or node.paints or node.in_svg_play:
            continue
        around = node.painters_above - frame.painters_above - frame.paints
        if not around and frame.painters > node.painters:
            yield Spot(node)


def black_shapes(document: Document) -> Iterator[Spot]:
    """4.4: shapes as dark as the night; WeChat does not convert them."""
    for svg in document.tagged["svg"]:
        if svg.in_svg or svg.is_hidden:
            continue
        if dark := _dark_shape(document, svg):
            yield Spot(svg, {"value": dark})


def _dark_shape(document: Document, svg: Node) -> str:
    """The first colour in ``svg`` that is lost on its ground, ``""`` for none."""
    paints: dict[int, tuple[str, str]] = {svg.index: _paints(svg, ("black", "none"))}
    undrawn = 0
    for node in document.nodes[svg.index + 1 : svg.after]:
        paints[node.index] = _paints(node, paints[node.parent.index])
        if node.tag in _UNDRAWN:
            undrawn = max(undrawn, node.after)
        if node.index < undrawn or node.tag not in _SHAPES:
            continue
        for value in paints[node.index]:
            found = colour(value)
            if not found or found.alpha < 0.05:
                continue
            if contrast(found.over(svg.night_ground), svg.night_ground) < CONTRAST_LEAST:
                return str(value)
    return ""


def _paints(node: Node, above: tuple[str, str]) -> tuple[str, str]:
    """Its fill and stroke as written, or as its parent has them."""
    fill, stroke = (
        node.style.text(name) or node.attributes.get(name, "").strip().lower() or inherited
        for name, inherited in zip(("fill", "stroke"), above, strict=True)
    )
    return fill, stroke


def kept_colours(document: Document) -> Iterator[Spot]:
    """4.5: elements that keep their colours at night."""
    for node in document.attributed["data-no-dark"]:
        if "whitelist" not in node.attributes.get("data-ignore-dm", "").split():
            yield Spot(node)


def important(document: Document) -> Iterator[Spot]:
    """4.5: declarations that WeChat's own styles cannot overrule."""
    yield from once(
        node
        for node in document.nodes
        if any(found.important for found in node.style.declarations.values())
    )
