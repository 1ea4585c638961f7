"""Rules 2.1 to 2.4: wrappers and containers that WeChat's editor takes apart."""

import re
from collections.abc import Iterator

from .findings import Spot
from .nodes import BLOCKS, Document, Node

# Layers of one tag and one style, each the other's only child. WeChat's document says 10; its
# checker counts 15 levels of any kind before it looks.
LAYERS_MOST = 10
CHILDREN_MOST = 20
EMPTIES_MOST = 15

# As WeChat's checker has them: media and what looks like one of its components.
_SPECIAL = re.compile(r"iframe|video|audio|cps|mp|img|animatetransform|hr|path|br|svg|^g$|^a$")
_COMPONENT = re.compile(r"^(img|svg|iframe|video|audio|canvas|mp.*|qqmusic|cps.*)$|-")
# What the editor adds for its own use.
_HELPERS = ("ProseMirror-separator", "ProseMirror-trailingBreak")


def deep_wrapping(document: Document) -> Iterator[Spot]:
    """2.1"""
    if document.too_deep:
        yield Spot(None, {"count": "两千多"})
    inside: set[int] = set()
    for node in document.nodes:
        if node.index in inside or _SPECIAL.search(node.tag) or node.tag in ("html", "body"):
            continue
        layers, inner = 0, node
        while inner is not None and inner.tag == node.tag and _same(inner, node):
            inside.add(inner.index)
            if inner.children + inner.own != 1:
                break
            layers += 1
            inner = inner.first
        if layers > LAYERS_MOST:
            yield Spot(node, {"count": layers})


def _same(one: Node, other: Node) -> bool:
    return _style(one) == _style(other)


def _style(node: Node) -> str:
    return re.sub(r"\s+", "", node.attributes.get("style", "")).strip(";").lower()


def blocks_in_leaves(document: Document) -> Iterator[Spot]:
    """2.2"""
    for node in document.attributed["leaf"]:
        if node.tag != "span":
            continue
        if block := next((inner for inner in _below(document, node) if inner.tag in BLOCKS), None):
            yield Spot(node, {"tag": block.tag})


def _below(document: Document, node: Node) -> Iterator[Node]:
    """The elements in ``node``; none of another leaf's, which is looked at by itself."""
    place, nodes = node.index + 1, document.nodes
    while place < len(nodes) and place < node.after:
        inner = nodes[place]
        if inner.tag == "span" and "leaf" in inner.attributes:
            place = inner.after
            continue
        yield inner
        place += 1


def mixed_components(document: Document) -> Iterator[Spot]:
    """2.3: anything beside one picture, video or other component."""
    for node in document.attributed["nodeleaf"]:
        if node.tag == "section" and (node.own or not _holds_one(node)):
            yield Spot(node)


def _holds_one(node: Node) -> bool:
    inner = [child for child in _children(node) if not _is_helper(child)]
    if len(inner) == 1 and inner[0].tag == "a":
        return not inner[0].own and _holds_one(inner[0])
    return not inner or (len(inner) == 1 and bool(_COMPONENT.search(inner[0].tag)))


def _children(node: Node) -> Iterator[Node]:
    child = node.first
    while child is not None:
        yield child
        child = child.next


def _is_helper(node: Node) -> bool:
    return node.tag == "br" or node.attributes.get("class", "") in _HELPERS


def empty_elements(document: Document) -> Iterator[Spot]:
    """2.4"""
    for node in document.nodes:
        if node.children > CHILDREN_MOST and node.empties > EMPTIES_MOST:
            yield Spot(node, {"children": node.children, "empties": node.empties})
