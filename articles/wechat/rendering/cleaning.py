"""The last pass over what is sent: nothing left that WeChat removes or that says nothing."""

import re

from lxml import html

# WeChat removes the others or does not need them; a style that came from the theme stays.
KEPT = {"style", "href", "src", "alt", "data-w"}
HOLDING_BLOCKS = {"section", "table", "tbody", "tr", "ul", "ol", "blockquote"}
HOLDING_TEXT = {"p", "li", "td", "th", "h2", "h3"}
POINTLESS_WHEN_EMPTY = {
    *("section", "p", "span", "strong", "em", "sup", "sub", "a", "li", "ul", "ol"),
    *("blockquote", "h2", "h3"),
}
# Not \s: a hard space or an ideographic one was written on purpose.
WHITE = re.compile(r"[ \t\n\r\f]+")
AROUND_SIGNS = re.compile(r"\s*([:;,])\s*")


def clean(root: html.HtmlElement) -> None:
    """Strip ``root`` and all below it of what only served the rendering, in place."""
    for element in list(root.iter()):
        for name in set(element.keys()) - KEPT:
            del element.attrib[name]
        if style := element.get("style"):
            element.set("style", AROUND_SIGNS.sub(r"\1", style.strip()).rstrip(";"))
        _tidy(element)
    for element in reversed(list(root.iter(*POINTLESS_WHEN_EMPTY))):
        empty = not len(element) and not (element.text or "").strip()
        if empty and element is not root:
            element.drop_tree()


def _tidy(element: html.HtmlElement) -> None:
    """White space to one space, and none where blocks begin, end or follow each other."""
    element.text = WHITE.sub(" ", element.text) if element.text else None
    for child in element:
        child.tail = WHITE.sub(" ", child.tail) if child.tail else None
        if child.tag == "br" and child.tail:
            child.tail = child.tail.lstrip(" ")
    if element.tag in HOLDING_BLOCKS and not _says_something(element):
        element.text = None
        for child in element:
            child.tail = None
    if element.tag in HOLDING_TEXT:
        element.text = element.text.lstrip(" ") if element.text else None
        if len(element):
            element[-1].tail = element[-1].tail.rstrip(" ") if element[-1].tail else None
        elif element.text:
            element.text = element.text.rstrip(" ")


def _says_something(element: html.HtmlElement) -> bool:
    """Whether words stand directly in ``element``, between its blocks."""
    return any((text or "").strip(" ") for text in (element.text, *(c.tail for c in element)))
