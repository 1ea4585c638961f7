"""HTML from Word, WPS, WeChat or a browser to the blocks of our article body.

No text is ever dropped: what fits no block becomes a paragraph, and what is more than text is
named in a warning.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Any

from . import reader
from .reader import FORMATS, Line, ListItem, Losses, Picture, Piece, Rule, Run, Table
from .tables import cell_text, grid, lines_in

MAX_SUBHEADING = 40
MAX_CAPTION = 120
MAX_ALT = 160
MAX_ITEM = 300
# An editor that holds more than this in one block grows slow.
PARAGRAPHS_UP_TO = 3_000

_ATTRIBUTION = re.compile(r"(?:—|–|―|--|－－)+\s*(?P<who>[^—–―]{1,150})")
_SPEAKER = re.compile(
    r"(?P<speaker>[^，,、（(]{1,60})(?:(?:[，,]\s*|(?P<open>[（(]))(?P<role>.{1,80}?)(?(open)[）)]))?"
)
_BULLET = re.compile(r"[^\w\u4e00-\u9fff]|[lnuqØüvo§]", re.ASCII)
_DECIMAL = re.compile(r"(\d{1,3})[.．、)）]")
_CAPTION_MARK = re.compile(r"[▲△↑▼↓]")

Pictures = Callable[[Picture], dict[str, Any] | None]


@dataclass(slots=True)
class Conversion:
    """``blocks`` are StreamField values of `BodyBlock`; ``warnings`` sentences for the editor."""

    blocks: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def blocks_from_html(html: str, pictures: Pictures) -> Conversion:
    """What can be seen in ``html``, as blocks.

    ``pictures`` answers the value of a picture block (``image`` and what else it knows) for each
    picture, or None to leave it out; an ``alt_text`` or ``caption`` it sets stays. Never raises,
    whatever ``html`` is.
    """
    pieces, losses = reader.read(html)
    writer = _Writer(pictures)
    writer.write(pieces)
    writer.end_paragraphs()
    return Conversion(writer.blocks, [*writer.warnings(), *_sentences(losses)])


def no_pictures(picture: Picture) -> None:
    """Leave every picture out."""
    return None


class _Writer:
    def __init__(self, pictures: Pictures):
        self.pictures = pictures
        self.blocks: list[dict[str, Any]] = []
        self.paragraphs: list[str] = []
        self.size = 0
        self.left_out = 0
        self.flattened = 0
        self.table_links = 0

    def warnings(self) -> list[str]:
        found = []
        if self.left_out:
            found.append(f"有 {self.left_out} 张图片没有带入，请在相应位置用“图片”内容块上传。")
        if self.flattened:
            found.append(
                f"有 {self.flattened} 个表格超出“表格”内容块的限制（最多 8 列、每格 120 字、"
                "不含图片），已按行改成文字，请核对。"
            )
        if self.table_links:
            found.append(f"表格里有 {self.table_links} 处链接只保留了文字。")
        return found

    # --- pieces

    def write(self, pieces: list[Piece]) -> None:
        for key, group in groupby(pieces, _belongs_to):
            run = list(group)
            if key == "list":
                self._list(run)
            elif key == "word":
                self._word_list(run)
            elif isinstance(key, int):
                self._quote(run)
            else:
                for piece in run:
                    self._one(piece)

    def _one(self, piece: Piece) -> None:
        if isinstance(piece, Picture):
            self._picture(piece)
        elif isinstance(piece, Rule):
            self._block("divider", None)
        elif isinstance(piece, Table):
            self._table(piece)
        elif piece.kind == "heading":
            self._heading(piece)
        elif not self._is_caption(piece):
            self._paragraph(_rich(piece.runs))

    def _is_caption(self, line: Line) -> bool:
        """Take ``line`` as the caption of the picture right before it, if it is one."""
        last = self.blocks[-1] if self.blocks and not self.paragraphs else None
        if last is None or last["type"] != "picture" or last["value"].get("caption"):
            return False
        marked = line.kind == "caption" or _CAPTION_MARK.match(line.text)
        if not marked or len(line.text) > MAX_CAPTION or not line.is_plain:
            return False
        last["value"]["caption"] = line.text
        return True

    def _picture(self, picture: Picture) -> None:
        value = self.pictures(picture)
        if value is None:
            self.left_out += 1
            return
        self._block("picture", {"caption": "", "alt_text": picture.alt[:MAX_ALT], **value})

    def _heading(self, line: Line) -> None:
        text = line.text.replace("\n", " ")
        if len(text) <= MAX_SUBHEADING:
            self._block("subheading", text)
        else:
            bold = [Run(r.text, r.formats | {"b"}, r.href) for r in line.runs]
            self._paragraph(_rich(bold))

    def _quote(self, lines: list[Line]) -> None:
        quotation = _quotation(lines)
        if quotation:
            self._block("quotation", quotation)
        else:
            for line in lines:
                self._paragraph(_rich(line.runs))

    def _list(self, lines: list[Line]) -> None:
        for _, group in groupby(lines, lambda line: line.items[0].list_id):
            run = list(group)
            first = run[0].items[0]
            if first.ordered and first.start != 1:
                # Our lists count from one: the numbers are kept as text.
                self._numbered(run, first)
            else:
                self._items(run, first.ordered)

    def _items(self, lines: list[Line], ordered: bool) -> None:
        ids = [line.items[-1].item_id for line in lines]
        flat = all(len(line.items) == 1 for line in lines) and len(set(ids)) == len(ids)
        fits = all(line.is_plain and len(line.text) <= MAX_ITEM for line in lines)
        if flat and fits:
            self._block("items", {"ordered": ordered, "items": [line.text for line in lines]})
        else:
            self._paragraph(_nested(lines))

    def _numbered(self, lines: list[Line], first: ListItem) -> None:
        number, seen = first.start - 1, set()
        for line in lines:
            if line.items[0].item_id not in seen:
                seen.add(line.items[0].item_id)
                number += 1
                self._paragraph(_rich([Run(f"{number}. "), *line.runs]))
            else:
                self._paragraph(_rich(line.runs))

    def _word_list(self, lines: list[Line]) -> None:
        """Word says a list as paragraphs with what it printed in front of each."""
        tree = _from_word(lines)
        if tree is not None:
            self._items(tree, tree[0].items[0].ordered)
        else:
            for line in lines:
                self._paragraph(_rich([Run(f"{line.marker} "), *line.runs]))

    def _table(self, table: Table) -> None:
        found = grid(table)
        if found:
            header, *rows = found.rows
            self._block("table", {"caption": found.caption, "header": header, "rows": rows})
            self.table_links += sum(
                bool(run.href)
                for row in table.rows
                for cell in row
                for line in lines_in(cell.pieces)
                for run in line.runs
            )
            return
        self.write(list(table.captions))
        one_column = all(len(row) <= 1 for row in table.rows)
        plain = all(isinstance(p, Line) for row in table.rows for c in row for p in c.pieces)
        self.flattened += not one_column
        for row in table.rows:
            if one_column or not plain:
                # A frame around text, or pictures side by side: what is in it, in its order.
                for cell in row:
                    self.write(cell.pieces)
            elif texts := [text for cell in row if (text := cell_text(cell))]:
                self._paragraph(escape("　".join(texts), quote=False))

    # --- blocks

    def _paragraph(self, rich: str) -> None:
        if not rich:
            return
        if self.size + len(rich) > PARAGRAPHS_UP_TO:
            self.end_paragraphs()
        self.paragraphs.append(rich if rich.startswith(("<ul>", "<ol>")) else f"<p>{rich}</p>")
        self.size += len(rich)

    def end_paragraphs(self) -> None:
        if self.paragraphs:
            self.blocks.append({"type": "paragraph", "value": "".join(self.paragraphs)})
        self.paragraphs, self.size = [], 0

    def _block(self, kind: str, value: Any) -> None:
        self.end_paragraphs()
        self.blocks.append({"type": kind, "value": value})


def _belongs_to(piece: Piece) -> str | int:
    """Which neighbours a piece makes one block with; empty for none."""
    if not isinstance(piece, Line) or piece.kind != "text":
        return ""
    if piece.items:
        return "list"
    if piece.marker:
        return "word"
    return piece.quote or ""


def _rich(runs: list[Run]) -> str:
    """The runs as the rich text Wagtail stores, without a paragraph around them."""
    written = []
    for run in runs:
        text = escape(run.text, quote=False).replace("\n", "<br/>")
        for name in reversed(FORMATS):
            if name in run.formats:
                text = f"<{name}>{text}</{name}>"
        if run.href:
            text = f'<a href="{escape(run.href)}">{text}</a>'
        written.append(text)
    return "".join(written)


def _nested(lines: list[Line]) -> str:
    """A list of lists as rich text; a second line of an item follows after a break."""
    written: list[str] = []
    open_: list[ListItem] = []
    for line in lines:
        shared = 0
        for ours, theirs in zip(open_, line.items, strict=False):
            if ours.list_id != theirs.list_id:
                break
            shared += 1
        while len(open_) > max(shared, 1):
            written.append(f"</li></{_list_tag(open_.pop())}>")
        if shared and open_[shared - 1].item_id == line.items[shared - 1].item_id:
            if shared == len(line.items):
                written.append("<br/>")
        elif shared:
            written.append("</li><li>")
            open_[shared - 1] = line.items[shared - 1]
        for item in line.items[shared:]:
            written.append(f"<{_list_tag(item)}><li>")
            open_.append(item)
        written.append(_rich(line.runs))
    while open_:
        written.append(f"</li></{_list_tag(open_.pop())}>")
    return "".join(written)


def _list_tag(item: ListItem) -> str:
    return "ol" if item.ordered else "ul"


def _from_word(lines: list[Line]) -> list[Line] | None:
    """Word's paragraphs with markers as lines of a list; None when its numbers are not ours."""
    open_: list[ListItem] = []
    numbers: list[int] = []
    made: list[Line] = []
    for count, line in enumerate(lines, start=1):
        decimal = _DECIMAL.fullmatch(line.marker)
        if not decimal and not _BULLET.fullmatch(line.marker):
            return None
        level = min(line.level, len(open_) + 1, reader.MAX_LIST_DEPTH)
        del open_[level:], numbers[level:]
        fresh = len(open_) < level
        if fresh:
            open_.append(ListItem(count, count, bool(decimal)))
            numbers.append(0)
        numbers[-1] += 1
        ordered = bool(decimal)
        if open_[-1].ordered != ordered or (decimal and int(decimal[1]) != numbers[-1]):
            return None
        open_[-1] = ListItem(open_[-1].list_id, count, ordered)
        made.append(Line(line.runs, items=tuple(open_)))
    return made


def _quotation(lines: list[Line]) -> dict[str, str] | None:
    """The lines as a quotation when the last says whose words they are."""
    if any(run.href for line in lines for run in line.runs):
        return None
    texts = [line.text for line in lines]
    *before, last = "\n".join(texts).split("\n")
    found = _ATTRIBUTION.fullmatch(last)
    if found is None:
        # 话说完了——某某: on the same line, after the end of a sentence.
        cut = re.search(r"(?<=[。！？…”」』])\s*——", last)
        found = _ATTRIBUTION.fullmatch(last[cut.start() :].strip()) if cut else None
        if found is None or cut is None:
            return None
        before.append(last[: cut.start()])
    who = _SPEAKER.fullmatch(found["who"].strip())
    if not before or who is None:
        return None
    return {
        "text": "\n".join(before),
        "speaker": who["speaker"].strip(),
        "role": (who["role"] or "").strip(),
    }


def _sentences(losses: Losses) -> list[str]:
    found = []
    if losses.media:
        ids = f"（腾讯视频编号：{'、'.join(losses.video_ids)}）" if losses.video_ids else ""
        found.append(
            f"有 {losses.media} 处视频、音频或其他嵌入内容没有带入{ids}，"
            "请用“视频”“音频”内容块补上。"
        )
    if losses.hidden:
        found.append("原文里有隐藏的文字，没有带入。")
    if losses.struck:
        found.append(f"有 {losses.struck} 处带删除线的文字，已按普通文字带入，不要的请删去。")
    if losses.links:
        found.append(f"有 {losses.links} 处链接不是网页地址，只保留了文字。")
    return found
