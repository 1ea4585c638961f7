"""What the rules look at: the elements of a text and what each inherits."""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..darkmode import DARK_GROUND, DARK_INK, LIGHT_INK, Colour
from .colours import PAPER, Paint
from .styles import EMPTY, Style, pixels

# The screen WeChat's own check narrows to, and what its pages begin with.
SCREEN = 375
FONT_SIZE = 17.0
LINE_HEIGHT = 1.6

BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "col"),
        *("colgroup", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li"),
        *("main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot"),
        *("th", "thead", "tr", "ul"),
    )
)
MEDIA = frozenset(
    ("img", "image", "svg", "iframe", "video", "audio", "canvas", "hr", "input", "object")
)
CELLS = frozenset(("td", "th"))
_INK = Paint(LIGHT_INK)
SIDEWAYS = frozenset(("flex", "inline-flex", "grid", "inline-grid", "-webkit-flex", "-webkit-box"))


@dataclass(slots=True, eq=False)
class Box:
    """The lines of text that stand in one block: their widths if nothing broke them."""

    node: "Node"
    lines: list[float] = field(default_factory=list)
    font_size: float = 0.0
    line_height: float = 0.0
    is_open: bool = False

    def add(self, node: "Node", width: float) -> None:
        if self.is_open:
            self.lines[-1] += width
        else:
            self.lines.append(width)
            self.is_open = True
        self.font_size = max(self.font_size, node.font_size)
        self.line_height = max(self.line_height, node.line_pixels)

    @property
    def rows(self) -> int:
        """The fewest lines on a screen: each is broken where the block is full."""
        if not self.node.wraps:
            return len(self.lines)
        return sum(max(1, math.ceil(width / self.node.room)) for width in self.lines)

    @property
    def height(self) -> float:
        return self.rows * max(self.line_height, self.node.line_pixels)


@dataclass(slots=True, eq=False, repr=False)
class Node:
    """One element; lengths are in CSS pixels, ``left`` and ``right`` those of its contents."""

    tag: str
    attributes: Any
    parent: "Node | None"
    index: int
    style: Style = EMPTY
    children: int = 0
    empties: int = 0
    first: "Node | None" = None
    last: "Node | None" = None
    next: "Node | None" = None

    after: int = 0
    """The index of the first element behind it."""

    # Which text it holds: chunks[start:end] of the document; `own`, whether directly.
    start: int = 0
    end: int = 0
    own: bool = False
    has_media: bool = False

    # Where people find it.
    paragraph: int = 0
    picture: int = 0
    shape: int = 0
    table: int = 0
    row: int = 0
    column: int = 0
    piece: int | None = None
    """Which element within an outermost one it is or belongs to, from 0."""

    # What it inherits or is given.
    display: str = ""
    is_block: bool = False
    is_hidden: bool = False
    in_svg: bool = False
    in_svg_play: bool = False
    ignores_width: bool = False
    wraps: bool = True
    keeps_breaks: bool = False
    font_size: float = FONT_SIZE
    line: tuple[float, bool] = (LINE_HEIGHT, True)
    """Line height: a factor of the font size (True), or pixels."""
    is_centred: bool = False
    in_pre: bool = False
    in_list: bool = False
    scrolls_x: bool = False
    scrolls_y: bool = False
    """Whether readers can move what does not fit."""
    room: float = SCREEN
    left: float = 0.0
    right: float = SCREEN
    flows: bool = True
    """Whether it stands where plain blocks stand, so that ``left`` is to be trusted."""

    # Colours: of text as written, and both grounds and text as they are seen, by day and by night.
    ink: Paint = _INK
    ground: Colour = PAPER
    night_ink: Colour = DARK_INK
    night_ground: Colour = DARK_GROUND
    over_picture: bool = False
    positioned: "Node | None" = None
    """What an absolute position in it is counted from."""
    paints: bool = False
    painters: int = 0
    painters_above: int = 0

    # How high its contents are at least.
    stacked: float = 0.0
    beside: float = 0.0
    needs: float = 0.0
    box: Box | None = None

    @property
    def line_pixels(self) -> float:
        amount, is_factor = self.line
        return amount * self.font_size if is_factor else amount

    @property
    def has_text(self) -> bool:
        return self.end > self.start

    @property
    def margins(self) -> dict[str, str]:
        return self.style.sides("margin")

    def length(self, value: str, whole: float | None = None) -> float | None:
        """``value`` in pixels, per cent of ``whole`` or of the parent's room."""
        if whole is None:
            whole = self.parent.room if self.parent else SCREEN
        return pixels(value, self.font_size, whole)

    def ancestors(self) -> Iterator["Node"]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent


@dataclass(slots=True)
class Document:
    """The elements in their order, indexed by what rules ask for."""

    html: str
    nodes: list[Node] = field(default_factory=list)
    chunks: list[str] = field(default_factory=list)
    """The pieces of text readers see, white space trimmed."""
    boxes: list[Box] = field(default_factory=list)
    paragraphs: list[int] = field(default_factory=list)
    """For each chunk the number of its paragraph, from 1."""
    tables: int = 0
    tagged: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))
    attributed: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))
    styled: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))
    loose_lists: list[Node] = field(default_factory=list)
    """Lists with white space between their items."""
    own_hosts: frozenset[str] = frozenset()
    too_deep: bool = False
    cut_short: bool = False

    def words(self, node: Node, most: int) -> str:
        """The text in ``node``, at most ``most`` characters with the mark of an omission."""
        found, length = [], 0
        for chunk in self.chunks[node.start : node.end]:
            found.append(chunk)
            length += len(chunk)
            if length > most:
                break
        text = " ".join("".join(found).split())
        return text if len(text) <= most else text[: most - 1] + "…"
