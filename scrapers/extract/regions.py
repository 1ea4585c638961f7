"""Parts of a page that are not its content: navigation, sidebars, footers, related links."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

_TAGS = frozenset(("nav", "aside", "footer"))
_NAMES_WORDS = (
    "nav navbar navigation menu topbar top-bar sidebar side aside crumb crumbs bread breadcrumb "
    "breadcrumbs foot footer related relate rel guess recommend recommendation hot-list hotlist "
    "share comment comments friend friends friendlink friendlinks link links copyright ad ads "
    "advert adv position pos path toolbar toolbox tools weather calendar cal qrcode ewm "
)
_NAMES = frozenset(_NAMES_WORDS.split())

#: Parts of a compound name (``page-footer``, ``rightSide``) that tell as much as a whole one.
_PARTS_WORDS = (
    "navbar sidebar breadcrumb breadcrumbs crumb crumbs footer related recommend friendlink "
    "friendlinks copyright calendar weather qrcode sider side aside"
)
_PARTS = frozenset(_PARTS_WORDS.split())
#: ``has-sidebar``, ``content-sidebar-wrap``: the name of what stands around or beside it.
_AROUND_WORDS = "has with no without wrap wrapper main content layout body"
_AROUND = frozenset(_AROUND_WORDS.split())
_CUT = re.compile(r"[-_]+|(?<=[a-z])(?=[A-Z])")

_WIDTH = re.compile(r"(?:^|;)\s*width\s*:\s*(\d{1,4})(?:\.\d+)?\s*(px|%)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\s*(\d{1,4})(?:\.\d+)?\s*(px|%)?\s*", re.IGNORECASE)
_FLOAT = re.compile(r"(?:^|;)\s*float\s*:\s*(?:left|right)", re.IGNORECASE)

#: A side column is at most so wide, and at most so wide beside its neighbour.
MAX_SIDE = {"px": 340, "%": 36}
MAX_RATIO = 0.6


def is_aside(element: HtmlElement) -> bool:
    """Whether ``element`` opens a part of the page that holds no board."""
    if element.tag in _TAGS:
        return True
    if not element.attrib or element.tag in ("body", "html"):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    if any(name.lower() in _NAMES or _is_compound(name) for name in names):
        return True
    return element.tag in ("td", "div", "section") and _is_side_column(element)


def _is_compound(name: str) -> bool:
    parts = [part.lower() for part in _CUT.split(name)]
    if len(parts) < 2 or not _PARTS.intersection(parts):
        return False
    return not _AROUND.intersection(parts)


def _is_side_column(element: HtmlElement) -> bool:
    """A narrow layout column of plain lines beside a wide one that holds the text."""
    own = _width(element)
    if own is None or len(element) < 2 or own[0] > MAX_SIDE[own[1]]:
        return False
    if element.tag != "td" and not _FLOAT.search(element.get("style") or ""):
        return False
    if element.find(".//table") is not None:
        return False
    row, size = element.getparent(), _text_size(element, 4000)
    return row is not None and any(
        wide is not None
        and wide[1] == own[1]
        and own[0] <= MAX_RATIO * wide[0]
        and len(other) > 1
        and _text_size(other, 4 * size) > size
        for other in row
        if other is not element and other.tag == element.tag
        for wide in (_width(other),)
    )


def _width(element: HtmlElement) -> tuple[int, str] | None:
    """The width that an attribute or an inline style gives, with its unit."""
    match = _WIDTH.search(element.get("style") or "")
    match = match or _ATTRIBUTE.fullmatch(element.get("width") or "")
    return (int(match[1]), (match[2] or "px").lower()) if match else None


def _text_size(element: HtmlElement, limit: int) -> int:
    size = 0
    for text in element.itertext():
        size += len(text.strip())
        if size > limit:
            break
    return size
