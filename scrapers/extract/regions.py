"""Parts of a page that are not its content: navigation, sidebars, footers, related links."""

from __future__ import annotations

from lxml.html import HtmlElement

_TAGS = frozenset(("nav", "aside", "footer"))
_NAMES_WORDS = (
    "nav navbar navigation menu topbar top-bar sidebar side aside crumb crumbs bread breadcrumb "
    "breadcrumbs foot footer related relate rel guess recommend recommendation hot-list hotlist "
    "share comment comments friend friends friendlink friendlinks link links copyright ad ads "
    "advert adv position pos path toolbar toolbox tools weather calendar cal qrcode ewm "
)
_NAMES = frozenset(_NAMES_WORDS.split())


def is_aside(element: HtmlElement) -> bool:
    """Whether ``element`` opens a part of the page that holds no board."""
    if element.tag in _TAGS:
        return True
    if not element.attrib or element.tag in ("body", "html"):
        return False
    names = f"{element.get('class') or ''} {element.get('id') or ''}".lower().split()
    return any(name in _NAMES for name in names)
