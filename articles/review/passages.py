"""An article as a reviewer goes through it: its passages, and the places to comment on."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lxml.html
from django.utils.dateformat import format as format_date
from lxml.etree import ParserError
from wagtail import blocks

from .facts import Fact, Kind, Passage, facts_of

if TYPE_CHECKING:
    from articles.models import ArticlePage

# The field of a struct that stands for the whole block, the first there is.
MAIN_FIELDS = ("text", "label", "title", "caption", "claim", "article", "image", "document")
# How much of a text is said to recognise it by; what must not stand at its end, or at a cut.
MOST_WORDS, MOST_HEADING = 24, 12
PAUSES = " ，、；：,;:"
BREAKS = PAUSES + "。（“《—-"
LINE_ENDS = {"p", "li", "br", "h2", "h3", "h4", "tr"}


@dataclass(frozen=True)
class Place:
    """Where a comment can stand. ``path`` is Wagtail's contentpath; ``words`` how it begins.

    ``position`` is where inside the field, for those fields whose editor asks for it.
    """

    path: str
    label: str
    words: str
    position: str = ""

    def __str__(self) -> str:
        return f"{self.label}：{self.words}" if self.words else self.label


def facts_in(article: "ArticlePage") -> list[Fact]:
    """The facts of ``article`` as it stands in memory (a row or a revision's object)."""
    return facts_of(passages(article))


def passages(article: "ArticlePage") -> Iterator[Passage]:
    """All stretches of text that readers will see, in their order."""
    yield Passage("标题", article.title)
    yield Passage("摘要", article.digest)
    heading = ""
    for number, block in enumerate(article.body, start=1):
        if block.block_type == "subheading":
            heading = _beginning(str(block.value), MOST_HEADING)
        under = f"（“{heading}”下）" if heading and block.block_type != "subheading" else ""
        yield from _of_block(block, f"第{number}块 {block.block.label}{under}")


def places(article: "ArticlePage") -> list[Place]:
    """What a reviewer can comment on: title, digest, cover, and each block by its first words."""
    found = [
        Place("title", "标题", _beginning(article.title)),
        Place("digest", "摘要", _beginning(article.digest)),
        Place("cover", "封面", _beginning(str(article.cover or "还没有封面"))),
    ]
    for number, block in enumerate(article.body, start=1):
        texts = (passage.text for passage in _of_block(block, ""))
        words = next((words for text in texts if (words := _beginning(text))), "")
        path = ".".join(["body", block.id, *_main_field(block.block, block.value)])
        label = f"第{number}块 {block.block.label}"
        rich = isinstance(block.block, blocks.RichTextBlock)
        position = _first_lines(block.value.source) if rich else ""
        found.append(Place(path, label, words, position))
    return found


def _beginning(text: str, most: int = MOST_WORDS) -> str:
    """The first words of ``text`` in one line; what goes on ends in … and in no comma."""
    line = " ".join(text.split())
    if len(line) > most:
        return f"{line[:most].rstrip(BREAKS)}…"
    return line.rstrip(PAUSES)


def _first_lines(html: str) -> str:
    """The first paragraph of rich text as a range of its editor; none where it has no key yet."""
    root = _parsed(html)
    keyed = root.find(".//*[@data-block-key]") if root is not None else None
    if keyed is None:
        return "[]"
    length = len(keyed.text_content())
    return json.dumps([{"key": keyed.get("data-block-key"), "start": 0, "end": length}])


def _parsed(html: str) -> Any:
    try:
        return lxml.html.fragment_fromstring(html, create_parent="div")
    except ParserError:
        return None


def plain_text(html: str) -> str:
    """Rich text as words, a line a paragraph or list item."""
    root = _parsed(html)
    if root is None:
        return ""
    for element in root.iter():
        if element.tag in LINE_ENDS:
            element.tail = "\n" + (element.tail or "")
    return root.text_content().strip("\n")


def _of_block(block: Any, where: str) -> Iterator[Passage]:
    value = block.value
    match block.block_type:
        case "paragraph":
            yield Passage(where, plain_text(value.source))
        case "subheading":
            yield Passage(where, str(value))
        case "quotation":
            yield Passage(where, value["text"], whole=Kind.QUOTATION)
            role = f"（{value['role']}）" if value["role"] else ""
            yield Passage(where, value["speaker"] + role, whole=Kind.PERSON)
        case "figure":
            yield Passage(where, value["label"], source=value["source"])
            yield Passage(where, value["value"] + value["unit"], value["source"], Kind.FIGURE)
            if value["date"]:
                day = format_date(value["date"], "Y年n月j日")
                yield Passage(where, day, value["source"], Kind.DATE)
        case "service_card":
            for name in ("title", "time", "place", "phone", "materials"):
                yield Passage(where, value[name])
        case "table":
            yield Passage(where, value["caption"])
            for number, row in enumerate([value["header"], *value["rows"]]):
                line = f"{where} 第{number}行" if number else f"{where} 表头"
                for cell in row:
                    yield Passage(line, cell)
        case "items":
            for item in value["items"]:
                yield Passage(where, item)
        case "picture" | "gallery":
            for picture in [value] if block.block_type == "picture" else value:
                yield Passage(f"{where} 图注", picture["caption"])
                yield Passage(f"{where} 替代文字", picture["alt_text"])
        case "ranking_fact":
            source = f"名次结论 {value['claim'].number}" if value["claim"] else ""
            yield Passage(where, value["sentence"], source)
        case "video" | "audio" | "attachment":
            yield Passage(where, value["title"])


def _main_field(block: blocks.Block, value: Any) -> list[str]:
    """The rest of the contentpath down to a field, for the editor shows comments at fields."""
    if isinstance(block, blocks.StructBlock):
        names = [name for name in MAIN_FIELDS if name in block.child_blocks]
        name = names[0] if names else next(iter(block.child_blocks))
        return [name, *_main_field(block.child_blocks[name], value[name])]
    if isinstance(block, blocks.ListBlock) and len(value):
        first = value.bound_blocks[0]
        return [first.id, *_main_field(first.block, first.value)]
    return []
