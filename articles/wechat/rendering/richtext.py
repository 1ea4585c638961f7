"""The rich text of a paragraph, rewritten for WeChat.

Works on what is stored (links by the ids of pages and documents) and lets through only what is
listed here: whatever else came into a text by an import stays out.
"""

import re
from collections.abc import Iterator

from lxml import etree, html

from ...templatetags.article_tags import web_address
from .references import References, in_wechat
from .targets import Target, Targets

RENAMED = {"b": "strong", "i": "em"}
# Headings are blocks of their own; in a paragraph they are emphasis at most.
PARAGRAPHS = {"p", "div", "section", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"}
LISTS = {"ul", "ol"}
INLINE = {"strong", "em", "sup", "sub", "br", "a"}
KEPT = {*LISTS, *INLINE, "p", "li"}
WITH_CONTENT = {"script", "style", "iframe", "object", "embed", "svg", "math", "template", "form"}
DEEPEST = 3  # as the theme indents
IDS = re.compile(r"[1-9]\d{0,9}", re.ASCII)


class RichText:
    """One paragraph block's text: parsed, asked what it links to, then rewritten."""

    def __init__(self, source: str) -> None:
        # lxml refuses control characters, which no reader would see.
        self._root = html.fragment_fromstring(_CONTROL.sub("", source), create_parent="section")

    def linked(self, kind: str) -> Iterator[int]:
        """The ids of the linked pages (``page``) or documents (``document``)."""
        for anchor in self._root.iter("a"):
            if anchor.get("linktype") == kind and IDS.fullmatch(anchor.get("id", "")):
                yield int(anchor.get("id"))

    def rewritten(self, targets: Targets, references: References, remarks: list[str]) -> str:
        """The text with classes of the theme; links that WeChat does not open are numbered."""
        root = self._root
        self._drop_foreign(remarks)
        for anchor in list(root.iter("a")):
            _Link(anchor, targets, remarks).rewrite(references)
        _put_in_order(root, remarks)
        for element in list(root.iter(*LISTS)):
            element.set("class", "list")
        _flatten(root)
        return "".join(_written(root))

    def _drop_foreign(self, remarks: list[str]) -> None:
        root = self._root
        dropped = False
        for element in list(root.iter()):
            if element is root or element.getparent() is None:
                continue
            if not isinstance(element.tag, str) or element.tag in WITH_CONTENT:
                dropped |= element.tag == "embed"
                element.drop_tree()
                continue
            # Of broken HTML a name may be none that can be given, not even again.
            if element.tag in RENAMED:
                element.tag = RENAMED[element.tag]
            if element.tag in PARAGRAPHS:
                element.tag = "p"
            if element.tag not in KEPT:
                element.drop_tag()
            elif element.tag != "a":
                element.attrib.clear()
        if dropped:
            remarks.append("正文段落里嵌入的图片或视频没有带到微信，请改用图片块、视频块。")


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class _Link:
    """One ``<a>`` of the text."""

    def __init__(self, anchor: html.HtmlElement, targets: Targets, remarks: list[str]) -> None:
        self.anchor, self.targets, self.remarks = anchor, targets, remarks
        self.text = " ".join(anchor.text_content().split())

    def rewrite(self, references: References) -> None:
        target = self._target()
        self._only_text_inside(target)
        anchor = self.anchor
        anchor.attrib.clear()
        if target is None or not self.text:
            anchor.drop_tag()
        elif target.wechat:
            anchor.set("href", target.wechat)
            anchor.set("class", "link")
        else:
            mark = etree.SubElement(anchor, "sup", {"class": "ref"})
            mark.text = f"[{references.number(target.address, self.text)}]"
            anchor.drop_tag()

    def _target(self) -> Target | None:
        kind, pk, href = (self.anchor.get(name, "") for name in ("linktype", "id", "href"))
        if kind in ("page", "document"):
            find = self.targets.page if kind == "page" else self.targets.document
            target = find(int(pk)) if IDS.fullmatch(pk) else None
            if target is None and self.text:
                self.remarks.append(f"“{self.text}”链接的页面或文件读者打不开，只留下了文字。")
            return target
        if address := in_wechat(href):
            return Target(self.text, address, address)
        return Target(self.text, address) if (address := web_address(href)) else None

    def _only_text_inside(self, target: Target | None) -> None:
        """A mail or telephone link becomes text, with what it leads to unless that is the text."""
        href = self.anchor.get("href", "")
        scheme, _, rest = href.partition(":")
        if target is None and scheme.lower() in ("mailto", "tel") and self.text:
            plain = rest.partition("?")[0]
            if plain and plain not in self.text.replace(" ", ""):
                last = self.anchor[-1] if len(self.anchor) else None
                if last is None:
                    self.anchor.text = f"{self.anchor.text or ''}（{plain}）"
                else:
                    last.tail = f"{last.tail or ''}（{plain}）"


def _put_in_order(root: html.HtmlElement, remarks: list[str]) -> None:
    """No paragraph, list or item inside emphasis, a link or a paragraph; items only in lists.

    Afterwards the text is paragraphs and lists, a list is items and lists, and no word is lost.
    """
    blocks = list(root.iter("p", "li", *LISTS))
    for block in blocks:
        for outer in list(block.iterancestors(*INLINE)):
            if outer.tag == "a":
                words = " ".join(outer.text_content().split())
                remarks.append(f"“{words}”的链接跨了段落，只留下了文字。")
            outer.drop_tag()
    for block in blocks:
        if block.tag == "li" and block.getparent().tag not in LISTS:
            block.tag = "p"
    for block in blocks:
        for outer in list(block.iterancestors("p")):
            outer.drop_tag()
    for block in blocks:
        if block.tag == "p" and (around := block.getparent()) is not None and around.tag in LISTS:
            block.tag = "li"
    _gather_loose(root, "p")
    for whole in list(root.iter(*LISTS)):
        _gather_loose(whole, "li")


def _gather_loose(root: html.HtmlElement, tag: str) -> None:
    """Words that stand in no paragraph of a text, or in no item of a list, get one."""
    loose: html.HtmlElement | None = None

    def gather(text: str | None, before: html.HtmlElement | None) -> None:
        nonlocal loose
        if not (text or "").strip() and loose is None:
            return
        if loose is None:
            loose = root.makeelement(tag)
            if before is None:
                root.insert(0, loose)
            else:
                before.addnext(loose)
        if len(loose):
            loose[-1].tail = (loose[-1].tail or "") + (text or "")
        else:
            loose.text = (loose.text or "") + (text or "")

    children = list(root)
    text, root.text = root.text, None
    gather(text, None)
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in INLINE:
            if loose is None:
                loose = root.makeelement(tag)
                child.addprevious(loose)
            loose.append(child)
            gather(tail, loose)
        else:
            loose = None
            gather(tail, child)


def _flatten(root: html.HtmlElement) -> None:
    """No list inside another: WeChat takes them apart. What an item says goes into a section.

    A list that holds others becomes paragraphs with their marks typed, indented by their depth; so
    the outer one goes on counting behind the inner one, whatever WeChat does to lists.
    """
    for paragraph in list(root.iter("p")):
        if _item_of(paragraph) is not None:
            if paragraph.getnext() is not None or (paragraph.tail or "").strip():
                paragraph.append(etree.Element("br"))
            paragraph.drop_tag()
    for whole in [found for found in root.iter(*LISTS) if _list_of(found) is None]:
        if next(whole.iterdescendants(*LISTS), None) is not None:
            outline = etree.Element("section", {"class": "outline"})
            outline.extend(list(_outline(whole, 1)))
            whole.addprevious(outline)
            whole.drop_tree()
    for item in list(root.iter("li")):
        said = etree.Element("section")
        said.text, item.text = item.text, None
        said.extend(list(item))
        item.append(said)


def _outline(whole: html.HtmlElement, depth: int) -> Iterator[html.HtmlElement]:
    """The items of ``whole`` and of the lists in it as paragraphs, in their order."""
    number = 0
    for item in list(whole):
        if item.tag in LISTS:
            yield from _outline(item, depth + 1)
            continue
        number += 1
        mark = f"{number}. " if whole.tag == "ol" else "• "
        said = _step(depth, f"{mark}{(item.text or '').lstrip()}")
        for child in list(item):
            if child.tag not in LISTS:
                said.append(child)
                continue
            yield said
            yield from _outline(child, depth + 1)
            said = _step(depth, (child.tail or "").strip())
        if said.text or len(said):
            yield said


def _step(depth: int, text: str) -> html.HtmlElement:
    step = etree.Element("p", {"class": f"step step{min(depth, DEEPEST)}"})
    step.text = text
    return step


def _item_of(element: html.HtmlElement) -> html.HtmlElement | None:
    return next(element.iterancestors("li"), None)


def _list_of(element: html.HtmlElement) -> html.HtmlElement | None:
    return next(element.iterancestors(*LISTS), None)


def _written(root: html.HtmlElement) -> Iterator[str]:
    for child in root:
        yield html.tostring(child, encoding="unicode")
