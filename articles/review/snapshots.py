"""What an article says at one moment, as plain values that can be compared.

It holds what the content digest holds and, beside it, the block ids and the names people know
things by.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from django.utils.timezone import localtime
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from .digest import approved_values, without_ids

if TYPE_CHECKING:
    from articles.models import ArticlePage


@dataclass(frozen=True)
class Text:
    """Words; of rich text also where its links lead and what its mark-up is."""

    label: str
    text: str
    links: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """An image used: its id, the hash of its file, and the words its record carries."""

    label: str
    pk: int | None
    words: str = ""
    file: str = ""


@dataclass(frozen=True)
class Table:
    label: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Part:
    """A block, or an item in a list of blocks. ``value`` is the raw value the digest sees."""

    id: str
    kind: str
    label: str
    value: Any
    leaves: tuple["Leaf", ...]

    @property
    def text(self) -> str:
        """All its words, a line a field and a line a row."""
        lines = []
        for leaf in self.leaves:
            if isinstance(leaf, Text) and leaf.text.strip():
                lines.append(leaf.text)
            elif isinstance(leaf, Table):
                lines += ["\t".join(row) for row in leaf.rows]
            elif isinstance(leaf, Parts):
                lines += [item.text for item in leaf.items]
        return "\n".join(lines)

    @property
    def words(self) -> str:
        """All its words in one line, to recognise it by."""
        return " ".join(self.text.split())


@dataclass(frozen=True)
class Parts:
    """Items that are blocks themselves (the pictures of a 组图)."""

    label: str
    items: tuple[Part, ...]


Leaf = Text | Picture | Table | Parts


@dataclass(frozen=True)
class Snapshot:
    """``values`` are those of `digest.approved_values`; ``fields`` the plain ones in words;
    ``parts`` the body with its ids."""

    values: dict[str, Any]
    fields: tuple[Text, ...]
    parts: tuple[Part, ...]
    cover: Picture


# The fields a person fills in, as the editor calls them; the rest is told in its own way.
FIELDS = {
    "title": "标题",
    "digest": "摘要",
    "kind": "体裁",
    "author": "作者",
    "editor_in_charge": "责任编辑",
    "machine_made": "含人工智能生成内容",
    "expire_at": "自动撤下时间",
}

# Said without their label: of a paragraph one asks which, not what.
PLAIN = {"paragraph", "subheading"}


def snapshot(article: "ArticlePage") -> Snapshot:
    """Read ``article`` as it stands in memory, in a fixed number of queries."""
    values = approved_values(article)
    stream = article.body.stream_block
    raw = stream.get_prep_value(article.body)
    files = {(label, pk): (file, words) for label, pk, file, *words in values["files"]}
    reader = _Reader(_names(_choosers(stream, raw)), files)
    return Snapshot(
        values,
        tuple(Text(label, _in_words(article, name, values)) for name, label in FIELDS.items()),
        tuple(reader.part(stream.child_blocks[item["type"]], item) for item in raw),
        reader.picture("图片", values["cover"]),
    )


def _in_words(article: "ArticlePage", name: str, values: dict[str, Any]) -> str:
    if name == "kind":
        return article.get_kind_display()
    if name == "machine_made":
        return "是" if values[name] else "否"
    if name == "expire_at":
        return f"{localtime(article.expire_at):%Y-%m-%d %H:%M}" if article.expire_at else ""
    return values[name]


class _Reader:
    """Walks raw block values along the definitions of their blocks."""

    def __init__(
        self, names: dict[tuple[type, int], str], files: dict[tuple[str, int], tuple[str, list]]
    ):
        self._names = names
        self._files = files

    def part(self, block: blocks.Block, item: dict[str, Any]) -> Part:
        label = "" if item["type"] in PLAIN else str(block.label)
        leaves = tuple(self._leaves(block, item["value"], ""))
        return Part(item.get("id") or "", item["type"], label, without_ids(item["value"]), leaves)

    def picture(self, label: str, pk: int | None) -> Picture:
        file, words = self._files.get(("media.CustomImage", pk), ("", []))
        # The mark for machine-made pictures is the only one that is not a text.
        said = ["人工智能生成" if word is True else str(word) for word in words if word]
        return Picture(label, pk, "，".join(said), file)

    def _leaves(self, block: blocks.Block, value: Any, label: str) -> Iterator[Leaf]:
        if isinstance(block, blocks.StructBlock):
            yield from self._struct(block, value or {})
        elif isinstance(block, blocks.ListBlock):
            yield from self._list(block, value or [], label)
        elif isinstance(block, blocks.RichTextBlock):
            yield _rich_text(label, value or "")
        elif isinstance(block, ImageChooserBlock):
            yield self.picture(label, value)
        elif isinstance(block, blocks.ChooserBlock):
            yield Text(label, self._chosen(block, value))
        elif isinstance(block, blocks.BooleanBlock):
            yield Text(label, "是" if value else "否")
        else:
            yield Text(label, "" if value is None else str(value))

    def _struct(self, block: blocks.StructBlock, value: dict[str, Any]) -> Iterator[Leaf]:
        if {"header", "rows"} <= block.child_blocks.keys():
            header, rows = value.get("header") or [], value.get("rows") or []
            lines = [header, *(row["value"] for row in rows)]
            cells = tuple(tuple(cell["value"] or "" for cell in line) for line in lines)
            yield Table("", cells)
        for name, child in block.child_blocks.items():
            if isinstance(child, blocks.ListBlock) and name in ("header", "rows"):
                continue
            yield from self._leaves(child, value.get(name), str(child.label))

    def _list(self, block: blocks.ListBlock, items: list[Any], label: str) -> Iterator[Leaf]:
        child = block.child_block
        if isinstance(child, blocks.StructBlock):
            yield Parts(label, tuple(self.part(child, item) for item in items))
        else:
            yield Text(label, "\n".join(str(item["value"] or "") for item in items))

    def _chosen(self, block: blocks.ChooserBlock, pk: int | None) -> str:
        if pk is None:
            return ""
        return f"{self._names.get((block.model_class, pk), '已经删除')}（编号{pk}）"


def _rich_text(label: str, html: str) -> Text:
    """``html`` as words with a line a paragraph or list item, its links and its other marks."""
    soup = _soup(html)
    links, marks = [], []
    for tag in soup.find_all(True):
        if tag.name == "a":
            links.append(_target(tag))
        elif tag.name not in ("html", "body", "p", "br"):
            marks.append(tag.name)
    return Text(label, _words(soup), tuple(links), tuple(marks))


def plain_text(html: str) -> str:
    """The words of rich text, a line a paragraph or list item."""
    return _words(_soup(html))


def _soup(html: str) -> BeautifulSoup:
    # Told what it is, so that a paragraph holding an address is not taken for one.
    return BeautifulSoup(f"<body>{html}</body>", "lxml")


def _words(soup: BeautifulSoup) -> str:
    for tag in soup.find_all("br"):
        tag.replace_with("\n")
    for tag in soup.find_all(["p", "li", "h2", "h3", "h4"]):
        tag.append("\n")
    return soup.get_text().strip("\n")


def _target(tag: Any) -> str:
    if tag.get("href"):
        return tag["href"]
    kinds = {"page": "本站页面", "document": "文件"}
    return f"{kinds.get(tag.get('linktype', ''), '链接')}{tag.get('id', '')}"


def _choosers(block: blocks.Block, value: Any) -> Iterator[tuple[type, int]]:
    """``(model, id)`` of everything chosen but images, which are known by their files."""
    if value is None:
        return
    if isinstance(block, blocks.StreamBlock):
        for item in value:
            yield from _choosers(block.child_blocks[item["type"]], item["value"])
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from _choosers(block.child_block, item["value"])
    elif isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from _choosers(child, value.get(name))
    elif isinstance(block, blocks.ChooserBlock) and not isinstance(block, ImageChooserBlock):
        yield block.model_class, value


def _names(wanted: Iterator[tuple[type, int]]) -> dict[tuple[type, int], str]:
    """What the chosen things are called, one query a model."""
    by_model: dict[type, set[int]] = defaultdict(set)
    for model, pk in wanted:
        by_model[model].add(pk)
    return {
        (model, pk): str(found)
        for model, pks in by_model.items()
        for pk, found in model._default_manager.in_bulk(pks).items()
    }
