"""Text to the visible document: a tree without what a reader does not see, plus its metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from .contract import PageRefused
from .hiding import drop_shrunk_text, is_hidden
from .style_rules import hidden_by_rules

#: More is refused: the fetcher already stops below it.
MAX_CHARACTERS = 16 * 1024 * 1024
#: More table cells on one page are refused.
MAX_CELLS = 100_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Page:
    """A visible document. ``root`` is ``None`` where nothing could be parsed."""

    root: HtmlElement | None
    title: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    scripts: str = ""
    is_wechat: bool = False
    base: str = ""


def parse(text: str) -> Page:
    """Parse ``text`` and drop comments, scripts and hidden nodes.

    Raises :class:`PageRefused` beyond :data:`MAX_CHARACTERS`, :data:`MAX_CELLS` or the parser's
    depth (2,048 nested elements), where what follows would silently be lost.
    """
    if len(text) > MAX_CHARACTERS:
        raise PageRefused("页面过大,拒绝解析;请核对抓取的是不是榜单页面。")
    root = parse_whole(text)
    if root is None:
        return Page(None)
    if root.xpath("count(//td) + count(//th)") > MAX_CELLS:
        raise PageRefused(f"页面表格超过 {MAX_CELLS} 格,拒绝解析;请核对抓取的是不是榜单页面。")
    page = Page(
        root,
        title=_title(root),
        metas=_metas(root),
        scripts=_scripts(root),
        is_wechat=bool(root.xpath("boolean(//*[@id='js_content'])")),
        base=root.xpath("string((//base/@href)[1])"),
    )
    _prune(root)
    return page


def parse_whole(text: str) -> HtmlElement | None:
    """The whole tree, what is hidden included; ``None`` where nothing could be parsed.

    Raises :class:`PageRefused` for what is nested too deeply.
    """
    text = _CONTROL.sub(" ", text)
    if not text.strip():
        return None
    parser = lxml.html.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = lxml.html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise PageRefused("页面嵌套过深,拒绝解析;请核对抓取的是不是榜单页面。")
    return root


def _title(root: HtmlElement) -> str:
    found = root.find(".//title")
    return "" if found is None else "".join(found.itertext())


def _metas(root: HtmlElement) -> dict[str, str]:
    """``<meta>`` contents by their lower-case name or property; the first of a name counts."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop")
        if name:
            metas.setdefault(name.strip().lower(), meta.get("content") or "")
    return metas


def _scripts(root: HtmlElement) -> str:
    return "\n".join(script.text or "" for script in root.iter("script"))


def _prune(root: HtmlElement) -> None:
    css = "\n".join(style.text or "" for style in root.iter("style"))
    by_rules = hidden_by_rules(root, css)
    doomed = [element for element in root.iter(etree.Element) if is_hidden(element, by_rules)]
    for element in doomed:
        if element is not root and element.getparent() is not None:
            element.drop_tree()
    for element in root.xpath("//*[contains(@style, 'font-size')]"):
        drop_shrunk_text(element)
