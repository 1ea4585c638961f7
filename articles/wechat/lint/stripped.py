"""What WeChat removes, rewrites or shows otherwise than it was written.

No list of WeChat's says so; this is what its editor and its interface have been seen to do.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from .findings import Spot
from .nodes import Document, Node

# Whose pictures readers in WeChat see.
PICTURE_HOSTS = ("qpic.cn", "qlogo.cn", "wx.qq.com")
VIDEO_HOSTS = ("v.qq.com", "mp.weixin.qq.com")
ARTICLE_HOST = "mp.weixin.qq.com"

_ACTIVE = ("form", "input", "button", "select", "textarea", "object", "embed", "canvas")
_FLEX = ("flex", "inline-flex", "-webkit-flex", "-webkit-box")
_GRID = ("grid", "inline-grid")
_LIFTED = ("absolute", "fixed", "sticky")
_URL = re.compile(r"url\(\s*['\"]?([^'\")]*)")
_NUMBER = re.compile(r"\s*\d+(\.\d+)?\s*(px)?\s*")


def once(found: Iterable[Node]) -> Iterator[Spot]:
    """One spot for all of ``found``: at the first, with how many there are."""
    nodes = {node.index: node for node in found if node.tag not in ("html", "body")}
    if nodes:
        yield Spot(nodes[min(nodes)], {"count": len(nodes)})


def _host(address: str) -> str:
    """The host of a web address in lower case; empty for relative and broken ones."""
    try:
        return (urlsplit(address.strip()).hostname or "").lower()
    except ValueError:  # brackets that are no IPv6 address
        return ""


def _is_of(host: str, hosts: Iterable[str]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


# --- removed --------------------------------------------------------------------------------


def style_sheets(document: Document) -> Iterator[Spot]:
    for tag in ("style", "link"):
        for node in document.tagged[tag]:
            yield Spot(node, {"tag": tag})


def scripts(document: Document) -> Iterator[Spot]:
    for node in document.tagged["script"]:
        yield Spot(node)


def handlers(document: Document) -> Iterator[Spot]:
    names = [name for name in document.attributed if name.startswith("on") and len(name) > 4]
    yield from once(node for name in names for node in document.attributed[name])


def active_elements(document: Document) -> Iterator[Spot]:
    for tag in _ACTIVE:
        for node in document.tagged[tag]:
            yield Spot(node, {"tag": tag})


def raw_media(document: Document) -> Iterator[Spot]:
    for tag in ("video", "audio"):
        for node in document.tagged[tag]:
            yield Spot(node, {"kind": "视频" if tag == "video" else "音频"})


def frames(document: Document) -> Iterator[Spot]:
    for node in document.tagged["iframe"]:
        address = node.attributes.get("src") or node.attributes.get("data-src") or ""
        if not _is_of(_host(address), VIDEO_HOSTS):
            yield Spot(node)


def classes(document: Document) -> Iterator[Spot]:
    yield from once(document.attributed["class"])


def ids(document: Document) -> Iterator[Spot]:
    yield from once(document.attributed["id"])


def variables(document: Document) -> Iterator[Spot]:
    yield from once(
        node
        for node in document.nodes
        for name, found in node.style.declarations.items()
        if name.startswith("--") or "var(" in found.text
    )


def broken_styles(document: Document) -> Iterator[Spot]:
    yield from once(node for node in document.nodes if node.style.is_broken)


def divs(document: Document) -> Iterator[Spot]:
    yield from once(document.tagged["div"])


# --- unreliable -----------------------------------------------------------------------------


def grids(document: Document) -> Iterator[Spot]:
    for node in document.styled["display"]:
        if node.display in _GRID:
            yield Spot(node)


def flexes(document: Document) -> Iterator[Spot]:
    yield from once(node for node in document.styled["display"] if node.display in _FLEX)


def lifted(document: Document) -> Iterator[Spot]:
    for node in document.styled["position"]:
        if (value := node.style.text("position")) in _LIFTED:
            yield Spot(node, {"value": value})


def floats(document: Document) -> Iterator[Spot]:
    """Drawings are left out: templates float them where a line is to have no height."""
    yield from once(
        node
        for node in document.styled["float"]
        if node.style.text("float") in ("left", "right") and node.tag != "svg"
    )


def foreign_objects(document: Document) -> Iterator[Spot]:
    for node in document.tagged["foreignobject"]:
        yield Spot(node)


def shape_references(document: Document) -> Iterator[Spot]:
    """Parts of a drawing that name each other, which needs the ids that are removed."""
    found = []
    for svg in document.tagged["svg"]:
        if svg.in_svg:
            continue
        for node in document.nodes[svg.index : svg.after]:
            values = (str(value) for value in node.attributes.values())
            if node.tag in ("use", "marker") or any("url(#" in value for value in values):
                found.append(svg)
                break
    yield from once(found)


# --- links, lists, pictures -----------------------------------------------------------------


def outside_links(document: Document) -> Iterator[Spot]:
    for node in document.tagged["a"]:
        address = node.attributes.get("href", "").strip()
        if address and not address.startswith("#") and _host(address) != ARTICLE_HOST:
            yield Spot(node, {"value": address[:60]})


def anchors(document: Document) -> Iterator[Spot]:
    for node in document.tagged["a"]:
        if node.attributes.get("href", "").strip().startswith("#"):
            yield Spot(node)


def nested_lists(document: Document) -> Iterator[Spot]:
    for tag in ("ul", "ol"):
        for node in document.tagged[tag]:
            if node.in_list:
                yield Spot(node)


def loose_lists(document: Document) -> Iterator[Spot]:
    for node in document.loose_lists:
        yield Spot(node)


def sized_pictures(document: Document) -> Iterator[Spot]:
    yield from once(
        node
        for name in ("width", "height")
        for node in document.attributed[name]
        if node.tag == "img" and _NUMBER.fullmatch(node.attributes.get(name, ""))
    )


def _address(node: Node) -> str:
    """Where a picture is; WeChat itself writes ``data-src``."""
    return (node.attributes.get("data-src") or node.attributes.get("src") or "").strip()


def missing_pictures(document: Document) -> Iterator[Spot]:
    for node in document.tagged["img"]:
        if not _address(node) and "ProseMirror" not in node.attributes.get("class", ""):
            yield Spot(node)


def outside_pictures(document: Document) -> Iterator[Spot]:
    hosts = (*PICTURE_HOSTS, *document.own_hosts)
    yield from once(
        node
        for node in document.tagged["img"]
        if (address := _address(node)) and not _is_of(_host(address), hosts)
    )


def outside_grounds(document: Document) -> Iterator[Spot]:
    hosts = (*PICTURE_HOSTS, *document.own_hosts)
    yield from once(
        node
        for name in ("background", "background-image")
        for node in document.styled[name]
        if any(not _is_of(_host(found), hosts) for found in _URL.findall(node.style.text(name)))
    )
