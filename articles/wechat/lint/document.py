"""The HTML read once through: every element with what it inherits on a phone of 375 px.

Nothing is drawn. Widths are upper bounds and heights lower ones, so that what the rules call too
wide or too high is so on the phone, too; what depends on pictures or on scripts is left alone.
"""

from typing import Any

import lxml.html
from lxml import etree

from .colours import Paint
from .nodes import BLOCKS, CELLS, LINE_HEIGHT, MEDIA, SIDEWAYS, Box, Document, Node
from .styles import Style, colour, colours_in, is_fixed, pixels, read_style

# More than any article has; what stands behind them is not looked at, and `cut_short` is set.
ELEMENTS_MOST = 50_000
# Colours as good as transparent, which WeChat leaves alone.
ALPHA_LEAST = 0.05

_MUTE = frozenset(("script", "style", "title", "head", "template", "noscript", "textarea"))
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_NEVER_FULL = frozenset(("br", "wbr", "col", "colgroup"))
_COLOURED = CELLS | {"table", "tr"}


def read(html: str, own_hosts: frozenset[str] = frozenset()) -> Document:
    """``html`` (a fragment or a whole page, however broken) as a document."""
    document = Document(html, own_hosts=own_hosts)
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    # Around it an element of ours: what is empty, or only a comment, is no document to the parser.
    source = f"<html><body>{html}".encode("utf-8", "replace")
    root = lxml.html.document_fromstring(source, parser=parser)
    document.too_deep = any(
        entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log
    )
    _Reader(document).read(root)
    return document


class _Reader:
    """Walks the tree once, without recursion."""

    def __init__(self, document: Document):
        self.document = document
        self.open: list[Node] = []
        self.pictures = self.shapes = self.paragraph = 0
        self.piece = -1
        self.tables: list[tuple[int, int, int]] = []

    def read(self, root: Any) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
            if event == "start":
                if len(self.document.nodes) >= ELEMENTS_MOST:
                    self.document.cut_short = True
                    break
                self._begin(element)
                self._text(element.text)
            else:
                if event == "end":
                    self._end()
                if self.open:
                    self._text(element.tail)
        while self.open:
            self._end()

    # --- elements ---------------------------------------------------------------------------

    def _begin(self, element: Any) -> None:
        document, parent = self.document, self.open[-1] if self.open else None
        node = Node(element.tag, element.attrib, parent, len(document.nodes))
        node.start = len(document.chunks)
        document.nodes.append(node)
        document.tagged[node.tag].append(node)
        if parent:  # what is said of the page as a whole does not go along
            for name in element.attrib:
                document.attributed[name].append(node)
            node.style = read_style(element.get("style"))
            for name in node.style.declarations:
                document.styled[name].append(node)
        if parent:
            if parent.last:
                parent.last.next = node
            else:
                parent.first = node
            parent.last = node
            parent.children += 1
            if parent.parent and parent.parent.tag == "body":
                self.piece += 1
                node.piece = self.piece
            else:
                node.piece = parent.piece
        self._inherit(node)
        self._count(node)
        if node.is_block and parent and (box := self._box_of(parent)):
            box.is_open = False
        self.open.append(node)

    def _end(self) -> None:
        node = self.open.pop()
        node.end, node.after = len(self.document.chunks), len(self.document.nodes)
        if node.tag == "table" and self.tables:
            self.tables.pop()
        if node.tag == "br" and self.open and (box := self._box_of(self.open[-1])):
            box.is_open = False
        parent = node.parent
        if parent is None:
            return
        is_media = node.tag in MEDIA or node.tag.startswith("mp")
        node.has_media = node.has_media or is_media
        parent.has_media = parent.has_media or node.has_media
        parent.painters += node.painters + node.paints
        if not node.has_text and not node.has_media and node.tag not in _NEVER_FULL:
            parent.empties += 1
        self._pile(node, parent)

    def _pile(self, node: Node, parent: Node) -> None:
        """Add the height of ``node`` to its parent's."""
        if node.is_hidden or node.style.text("position") in ("absolute", "fixed"):
            return
        own = node.box.height if node.box else 0.0
        height = max(own, node.beside) + node.stacked
        if not node.is_block:
            parent.stacked += node.stacked
            parent.beside = max(parent.beside, node.beside)
            return
        node.needs = height
        fixed = node.length(node.style.text("height"), 0.0)
        if fixed:
            height = fixed
        elif height:
            sides = node.style.sides("padding")
            height += sum(max(node.length(sides.get(s, "")) or 0, 0) for s in ("top", "bottom"))
        is_beside = (
            node.display.startswith("inline")
            or node.style.text("float") in ("left", "right")
            or parent.tag == "tr"
            or (
                parent.display in SIDEWAYS
                and not parent.style.text("flex-direction").startswith("column")
            )
        )
        if is_beside:
            parent.beside = max(parent.beside, height)
        else:
            parent.stacked += height

    def _count(self, node: Node) -> None:
        """Where people find it: its number among its kind."""
        tag = node.tag
        if tag == "table":
            self.document.tables += 1
            self.tables.append((self.document.tables, 0, 0))
        elif self.tables and tag == "tr":
            number, row, _ = self.tables[-1]
            self.tables[-1] = (number, row + 1, 0)
        elif self.tables and tag in CELLS:
            number, row, column = self.tables[-1]
            self.tables[-1] = (number, max(row, 1), column + 1)
        if self.tables:
            node.table, node.row, node.column = self.tables[-1]
        if tag == "img":
            self.pictures += 1
        elif tag == "svg":
            self.shapes += 1
        node.picture, node.shape, node.paragraph = self.pictures, self.shapes, self.paragraph

    # --- text -------------------------------------------------------------------------------

    def _box_of(self, node: Node) -> Box | None:
        """The lines ``node`` writes into, if it has written any."""
        while not node.is_block and node.parent:
            node = node.parent
        return node.box

    def _text(self, text: str | None) -> None:
        if not text:
            return
        node = self.open[-1]
        if text.isspace():
            if node.tag in ("ul", "ol") and (
                not self.document.loose_lists or self.document.loose_lists[-1] is not node
            ):
                self.document.loose_lists.append(node)
            return
        if node.is_hidden or node.tag in _MUTE:
            return
        shown = " ".join(text.translate(_INVISIBLE).split())
        if not shown:
            return
        node.own = True
        if not node.in_svg:
            self._write(node, text, shown)
        self.document.chunks.append(shown)
        self.document.paragraphs.append(max(self.paragraph, 1))

    def _write(self, node: Node, text: str, shown: str) -> None:
        block = node
        while not block.is_block and block.parent:
            block = block.parent
        if block.box is None:
            block.box = Box(block)
            self.document.boxes.append(block.box)
            self.paragraph += 1
        if not node.keeps_breaks:
            block.box.add(node, width_of(shown) * node.font_size)
            return
        for number, line in enumerate(text.strip("\n").split("\n")):
            if number:
                block.box.is_open = False
            block.box.add(node, width_of(line) * node.font_size)

    # --- what is inherited ------------------------------------------------------------------

    def _inherit(self, node: Node) -> None:
        parent, style, tag = node.parent, node.style, node.tag
        node.is_block = tag in BLOCKS
        if parent is None:
            return
        node.in_svg = parent.in_svg or parent.tag == "svg"
        node.in_svg_play = (
            parent.in_svg_play or tag == "svg" or node.attributes.get("data-mode") == "svg"
        )
        node.ignores_width = parent.ignores_width or "data-ignore-width" in node.attributes
        node.is_hidden = parent.is_hidden
        node.wraps, node.keeps_breaks = parent.wraps, parent.keeps_breaks
        node.font_size, node.line = parent.font_size, parent.line
        node.is_centred = parent.is_centred
        node.room, node.left, node.right = parent.room, parent.left, parent.right
        node.flows = parent.flows
        node.ink, node.night_ink = parent.ink, parent.night_ink
        node.ground, node.night_ground = parent.ground, parent.night_ground
        node.over_picture = parent.over_picture
        is_frame = parent.parent is None or parent.style.text("position") not in ("", "static")
        node.positioned = parent if is_frame else parent.positioned
        node.painters_above = parent.painters_above + parent.paints
        node.in_list = parent.in_list or parent.tag in ("ul", "ol")
        node.in_pre = parent.in_pre or tag == "pre"
        node.scrolls_x, node.scrolls_y = parent.scrolls_x, parent.scrolls_y
        if tag == "pre":
            node.wraps, node.keeps_breaks = False, True
        elif tag == "center":
            node.is_centred = True
        if style.declarations:
            self._take_text(node)
        if node.is_block or node.display.startswith("inline-"):
            node.is_block = True
            _take_frame(node)
        _take_colours(node)

    def _take_text(self, node: Node) -> None:
        style, parent = node.style, node.parent
        node.display = style.text("display")
        if node.display == "none":
            node.is_hidden = True
        elif node.display == "inline":
            node.is_block = False
        elif node.display and node.display != "contents":
            node.is_block = True
        if space := style.text("white-space"):
            node.wraps = space not in ("nowrap", "pre")
            node.keeps_breaks = space.startswith("pre") or space == "break-spaces"
        node.scrolls_x = node.scrolls_x or _scrolls(style, "x")
        node.scrolls_y = node.scrolls_y or _scrolls(style, "y")
        if align := style.text("text-align"):
            node.is_centred = align == "center"
        size, line, _ = style.font
        if size and (found := pixels(size, parent.font_size, parent.font_size)) is not None:
            node.font_size = found
        if line:
            try:
                node.line = (float(line), True)
            except ValueError:
                found = pixels(line, node.font_size, node.font_size)
                node.line = (LINE_HEIGHT, True) if found is None else (found, False)


def _scrolls(style: Style, axis: str) -> bool:
    """Whether readers can move what does not fit."""
    said = f"{style.text('overflow')} {style.text(f'overflow-{axis}')}"
    return "auto" in said or "scroll" in said


def _take_frame(node: Node) -> None:
    """Its place and the room inside it."""
    parent, style = node.parent, node.style
    if parent.display in SIDEWAYS or node.display.startswith("inline") or node.tag in CELLS:
        node.flows = False
    if not style.declarations:
        return
    position = style.text("position")
    floats = style.text("float") in ("left", "right")
    if floats or position in ("absolute", "fixed", "relative") or style.text("transform"):
        node.flows = False
    margins, paddings = style.sides("margin"), style.sides("padding")
    left, right = (node.length(margins.get(side, "")) or 0.0 for side in ("left", "right"))
    inner = [max(node.length(paddings.get(side, "")) or 0.0, 0.0) for side in ("left", "right")]
    wide = style.text("width")
    width = node.length(wide) if wide else None
    if width is None:
        width = parent.room - left - right
    elif is_fixed(wide):
        width = min(width, parent.room)
    node.left = parent.left + left + inner[0]
    node.right = parent.left + left + width - inner[1]
    # Never narrower than one character: a narrower frame is told by the rule of widths.
    node.room = max(width - sum(inner), node.font_size, 1.0)


def _take_colours(node: Node) -> None:
    style, attributes = node.style, node.attributes
    painted = _ground(node)
    written = style.text("color") or (attributes.get("color") if node.tag == "font" else None)
    text = colour(written) if written else None
    keeps = "data-no-dark" in attributes
    if painted:
        node.paints = True
        node.over_picture = False
        node.ground = painted.over(node.ground)
        night = painted if keeps else painted.ground_at_night
        node.night_ground = night.over(node.night_ground)
    if any("url(" in style.text(name) for name in ("background", "background-image")):
        node.over_picture = node.paints = True
    if text:
        node.ink = text
    if text or painted:
        night = node.ink if keeps else node.ink.ink_at_night(node.night_ground)
        node.night_ink = night.over(node.night_ground)


def _ground(node: Node) -> Paint | None:
    """The plain colour behind its contents; of a gradient the one WeChat makes of it."""
    mixed = None
    for name in ("background", "background-color", "background-image"):
        if declaration := node.style.declarations.get(name):
            for found in colours_in(declaration.tokens):
                mixed = found.on(mixed)
    if mixed is None and node.tag in _COLOURED and (plain := node.attributes.get("bgcolor")):
        mixed = colour(plain)
    return mixed if mixed and mixed.alpha >= ALPHA_LEAST else None


def width_of(text: str) -> float:
    """How wide ``text`` is at least, in font sizes: ASCII half, all else whole."""
    narrow = len(text.encode("ascii", "ignore"))
    return len(text) - narrow / 2
