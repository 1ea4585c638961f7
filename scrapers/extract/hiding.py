"""Which nodes a reader of the page does not see (README §2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from lxml import etree
from lxml.html import HtmlElement

#: Elements whose text is never content.
NEVER_SHOWN = frozenset(
    ("script", "style", "template", "noscript", "head", "select", "textarea", "iframe", "object")
)

_OFFSCREEN = re.compile(
    r"(?:^|;)(?:left|right|top|bottom|margin(?:-left|-top|-right)?|text-indent)"
    r":-(?:\d{4,}|999)(?:\.\d+)?(?:px|em|pt|rem)?"
)
_TRANSLATED = re.compile(r"(?:^|;)transform:translate[xy]?\(-(?:\d{4,}|999)")
_ZERO = r"(?:0+(?:\.0*)?|\.0+)(?:px|em|rem|pt|%)?(?:!important)?(?=;|$)"
_SHOWN = re.compile(r"(?:^|;)display:(?!none)[a-z-]+")
_GONE = re.compile(r"(?:^|;)display:none(?:!important)?(?=;|$)")
_SHRUNK = re.compile(rf"(?:^|;)font-size:{_ZERO}")
_SIZED = re.compile(r"(?:^|;)font-size:(?!0|\.0)")
_UNSEEN = re.compile(rf"(?:^|;)(?:visibility:(?:hidden|collapse)|opacity:{_ZERO})")
_CLIPPED = re.compile(rf"(?:^|;)(?:max-)?height:{_ZERO}")

#: The id of a WeChat article's body, which is served hidden and shown by script.
WECHAT_BODY = "js_content"


def is_hidden(element: HtmlElement, by_rules: Collection[HtmlElement] = ()) -> bool:
    """Whether ``element`` is invisible by tag, attribute, inline style or style sheet.

    ``by_rules`` are the elements that the page's own style sheets hide.
    """
    if element.tag in NEVER_SHOWN:
        return True
    attributes = element.attrib
    if not attributes:
        return False
    style = _squeeze(attributes.get("style") or "")
    if "hidden" in attributes or (element in by_rules and not _SHOWN.search(style)):
        return True
    if not style:
        return False
    if _SHRUNK.search(style) and not any(_sized_parts(element)):
        return True
    return _hidden_by(style, attributes.get("id") == WECHAT_BODY)


def drop_shrunk_text(element: HtmlElement) -> None:
    """Blank what an element of font size 0 holds itself, beside parts with a size of their own."""
    if _SHRUNK.search(_squeeze(element.get("style") or "")):
        element.text = None
        for child in element:
            child.tail = None


def _sized_parts(element: HtmlElement) -> Iterator[bool]:
    parts = element.iterdescendants(etree.Element)
    next_styles = (part.get("style") for part in parts)
    return (bool(_SIZED.search(_squeeze(style))) for style in next_styles if style)


def _hidden_by(style: str, is_wechat_body: bool) -> bool:
    if _GONE.search(style) or _OFFSCREEN.search(style) or _TRANSLATED.search(style):
        return True
    if _CLIPPED.search(style) and "overflow:hidden" in style and "padding" not in style:
        return True
    return not is_wechat_body and bool(_UNSEEN.search(style))


def _squeeze(style: str) -> str:
    return re.sub(r"\s+", "", style).lower()
