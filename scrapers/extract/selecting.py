"""A source's own override: only the part of the page that a CSS selector names is read."""

from __future__ import annotations

import cssselect2
from lxml import html
from lxml.html import HtmlElement

from ..selectors import compiled
from .contract import PageRefused


def narrowed(root: HtmlElement, selector: str) -> HtmlElement:
    """A document of nothing but what ``selector`` names in ``root``, in page order.

    Raises :class:`PageRefused` where it names nothing, ``SelectorRefused`` where it is none.
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
