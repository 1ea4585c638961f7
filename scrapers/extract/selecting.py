"""A source's own override: only the part of the page that a CSS selector names is read."""

from __future__ import annotations

from functools import lru_cache

import cssselect2
from lxml import html
from lxml.html import HtmlElement

from .contract import PageRefused


class SelectorRefused(ValueError):
    """The text is no usable CSS selector; the message is a Chinese sentence."""


@lru_cache(maxsize=64)
def compiled(selector: str) -> tuple[cssselect2.compiler.CompiledSelector, ...]:
    """Raises :class:`SelectorRefused`."""
    try:
        found = tuple(cssselect2.compile_selector_list(selector))
    except cssselect2.SelectorError as error:
        raise SelectorRefused(
            f"“{selector}”不是能用的 CSS 选择器，请写成 #content 或 div.article 这样。"
        ) from error
    if not found or any(part.pseudo_element or part.never_matches for part in found):
        raise SelectorRefused(
            f"“{selector}”选不中页面上的任何内容，请写成 #content 或 div.article 这样。"
        )
    return found


def narrowed(root: HtmlElement, selector: str) -> HtmlElement:
    """A document of nothing but what ``selector`` names in ``root``, in page order.

    Raises :class:`PageRefused` where it names nothing, :class:`SelectorRefused` where it is none.
    """
    wanted = compiled(selector)
    wrapper = cssselect2.ElementWrapper.from_html_root(root)
    nodes = [match.etree_element for match in wrapper.query_all(*wanted)]
    if not nodes:
        raise PageRefused(
            f"页面上找不到“正文位置”{selector}，可能改版了；请核对来源的“正文位置”，或清空后重试。"
        )
    if root in nodes:
        return root
    chosen = set(nodes)
    outer = [node for node in nodes if not any(up in chosen for up in node.iterancestors())]
    document = html.document_fromstring("<html><body></body></html>")
    for node in outer:
        node.tail = None
        document.body.append(node)
    return document
