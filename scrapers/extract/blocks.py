"""The visible document as a flat sequence: lines of text, listings, pictures, in page order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import takewhile

from lxml import etree
from lxml.html import HtmlElement

from .cards import card_listing, card_runs, definition_cards
from .cell_lines import label_line, lines_below, loose_grid
from .folding import INVISIBLE, fold, one_line
from .grid import holds_layout, table_grid
from .headers import Header, find_header, fits, goes_on, header_alone
from .inline_cells import CELL, SOFT_CELL, has_cells, with_gaps, without_cells
from .listing import Listing
from .picture_sources import source_of
from .pictures import is_content
from .regions import is_aside
from .tables import read_grid
from .texts import BLOCKS, arrow_of, is_tag, place_of

_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_CENTRE_STYLE = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_RUN_RANK = re.compile(r"\d{1,3}|(?:NO|TOP)\s*\.?\s*\d{1,3}", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """One line of text as a reader sees it, with how it is set.

    ``link``: all of it is a link; ``linked``: all its words are. ``lead``: the bold words it
    begins with, where the rest is not bold.
    """

    text: str
    runs: list[str]
    level: int = 0
    bold: bool = False
    centred: bool = False
    caption: bool = False
    link: bool = False
    linked: bool = False
    lead: str = ""
    aside: bool = False
    element_id: str = ""
    position: int | None = None
    place: str = ""
    spaced: str = ""

    @property
    def entry_text(self) -> str:
        """The text with gaps between its cells, or behind a rank in a tag of its own."""
        if self.spaced:
            return self.spaced
        if len(self.runs) > 1 and _RUN_RANK.fullmatch(fold(self.runs[0]).strip()):
            second = fold(self.runs[1]).strip()[:1]
            if (second and not second.isascii()) or second in ("@", '"'):
                return f"{self.runs[0].strip()} {''.join(self.runs[1:]).strip()}"
        return self.text


@dataclass(slots=True)
class Picture:
    """A picture that may hold a listing; ``source`` is its address as the page writes it."""

    aside: bool
    place: str
    source: str


@dataclass(slots=True)
class Found:
    """A listing with its place in the sequence."""

    listing: Listing


Block = Line | Picture | Found


@dataclass(slots=True)
class _State:
    """What an element hands down to its children."""

    bold: bool = False
    centred: bool = False
    level: int = 0
    caption: bool = False
    link: bool = False
    aside: bool = False
    element_id: str = ""
    preformatted: bool = False
    has_cells: bool = False


@dataclass(slots=True)
class _Buffer:
    """The line being read."""

    parts: list[tuple[str, _State]] = field(default_factory=list)
    position: int | None = None
    element: HtmlElement | None = None


class _Walker:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.states: list[_State] = [_State()]
        self.line = _Buffer()
        self.taken: set[HtmlElement] = set()
        self.cards: dict[HtmlElement, Listing] = {}
        self.labels_alone: Header | None = None
        #: The header of the table before, and its last rank.
        self.above: tuple[Header, int] | None = None
        self.items: list[list] = []

    def walk(self, root: HtmlElement) -> list[Block]:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if not isinstance(element.tag, str):
                continue
            if event == "end":
                self._end(element)
            elif self._start(element):
                walker.skip_subtree()
        self._flush()
        return self.blocks

    def _start(self, element: HtmlElement) -> bool:
        """Open ``element``; true when all of it has been taken as a listing."""
        outer = self.states[-1]
        state = _inherit(outer, element)
        self.states.append(state)
        if element.tag in BLOCKS or element.tag == "br":
            self._flush()
        elif outer.has_cells:
            self._gap(element, state)
        if element in self.cards:
            self._found(self.cards.pop(element))
            return True
        if element in self.taken or (self.line.parts and is_tag(element)):
            return True
        if not (outer if element.tag == "table" else state).aside and self._take_listing(element):
            return True
        if element.tag == "img" and is_content(element):
            self._flush()
            self.blocks.append(Picture(state.aside, place_of(element), source_of(element)))
        self._open_list(element)
        self._text(arrow_of(element) or element.text, state, element)
        return False

    def _end(self, element: HtmlElement) -> None:
        state = self.states.pop()
        if element.tag in BLOCKS:
            self._flush()
        elif self.states[-1].has_cells and element.tail and not element.tail.isspace():
            self._gap(element, state)
        if element.tag in ("ol", "ul") and self.items:
            self.items.pop()
        self._text(element.tail, self.states[-1], element.getparent())

    def _take_listing(self, element: HtmlElement) -> bool:
        if element.tag == "table":
            return self._take_table(element)
        if len(element) < 2:
            return False
        if element.tag == "dl" and (cards := definition_cards(element)):
            self._found(card_listing(cards))
            return True
        if (header := label_line(element)) is not None:
            listings, taken = lines_below(element, header)
            self.taken.update(taken)
        else:
            listings = read_grid(grid) if (grid := loose_grid(element)) else []
        for listing in listings:
            self._found(listing)
        if listings:
            return True
        for run in card_runs(element):
            first, *others = [card for card, _ in run]
            self.cards[first] = card_listing([card for _, card in run])
            self.taken.update(others)
        return False

    def _take_table(self, table: HtmlElement) -> bool:
        if holds_layout(table):
            return False
        caption = table.find("caption")
        title = one_line("".join(caption.itertext())) if caption is not None else None
        grid = table_grid(table)
        header, self.labels_alone = self.labels_alone, None
        if header is not None and fits(grid, header):
            listings = read_grid(grid, header, caption=title or None)
            if self.blocks and isinstance(label_table := self.blocks[-1], Found):
                self.blocks.pop()
                listings[0].title = listings[0].title or label_table.listing.title
        else:
            listings = read_grid(grid, caption=title or None)
            self.labels_alone = header_alone(grid)
            if not listings and (before := self.above) and goes_on(grid, *before):
                listings = read_grid(grid, before[0])
        if listings and listings[-1].rows:
            header = header or find_header(grid) or (self.above and self.above[0])
            self.above = header and (header.below(), listings[-1].rows[-1].rank)
        for listing in listings:
            self._found(listing)
        return bool(listings)

    def _gap(self, cell: HtmlElement, state: _State) -> None:
        """Mark where a cell begins or ends within a line."""
        if self.line.parts:
            self.line.parts.append((CELL if cell.get("class") else SOFT_CELL, state))

    def _found(self, listing: Listing) -> None:
        self._flush()
        self.blocks.append(Found(listing))

    def _open_list(self, element: HtmlElement) -> None:
        if element.tag in ("ol", "ul"):
            start = element.get("start") or "1"
            first = int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1
            self.items.append([element.tag, first - 1])
        elif element.tag == "li" and self.items:
            self.items[-1][1] += 1
            if self.items[-1][0] == "ol":
                self.line.position = self.items[-1][1]

    def _text(self, text: str | None, state: _State, element: HtmlElement | None) -> None:
        if text and state.preformatted and "\n" in text:
            for line in text.split("\n"):
                self._text(line, state, element)
                self._flush()
        elif text and not text.isspace():
            self.line.parts.append((INVISIBLE.sub("", text), state))
            if self.line.element is None:
                self.line.element = element
        elif text and self.line.parts:
            self.line.parts.append((" ", state))

    def _flush(self) -> None:
        buffer, self.line = self.line, _Buffer()
        marked = _SPACES.sub(" ", "".join(part for part, _ in buffer.parts))
        text = without_cells(marked).strip(" ")
        if not text.strip():
            self.line.position = buffer.position
            return
        if not isinstance(self.blocks[-1] if self.blocks else None, Found):
            self.labels_alone = None
        inked = [state for part, state in buffer.parts if part.strip()]
        first = inked[0]
        self.blocks.append(
            Line(
                text,
                [part for part, _ in buffer.parts if part.strip()],
                level=first.level,
                bold=all(state.bold for state in inked),
                centred=first.centred,
                caption=first.caption,
                link=all(state.link for state in inked),
                linked=_are_linked(buffer.parts),
                lead=_bold_lead(buffer.parts),
                aside=first.aside,
                element_id=first.element_id,
                position=buffer.position,
                place=place_of(buffer.element) if buffer.element is not None else "",
                spaced=with_gaps(marked) if text != marked.strip(" ") else "",
            )
        )


def read_blocks(root: HtmlElement) -> list[Block]:
    """Walk the visible document once, without recursion."""
    return _Walker().walk(root)


def _are_linked(parts: list[tuple[str, _State]]) -> bool:
    worded = [state.link for part, state in parts if _HAN.search(part)]
    return bool(worded) and all(worded)


def _bold_lead(parts: list[tuple[str, _State]]) -> str:
    """The bold words a line begins with; empty where it is bold as a whole or not at all."""
    inked = [(part, state.bold) for part, state in parts if part.strip()]
    lead = list(takewhile(lambda piece: piece[1], inked))
    return "".join(part for part, _ in lead) if 0 < len(lead) < len(inked) else ""


def _inherit(state: _State, element: HtmlElement) -> _State:
    tag = element.tag
    style = element.get("style") or "" if element.attrib else ""
    bold = state.bold or tag in ("b", "strong") or bool(style and _BOLD_STYLE.search(style))
    aligned = (element.get("align") or "").lower() if element.attrib else ""
    centred = state.centred or tag == "center" or aligned == "center"
    centred = centred or bool(style and _CENTRE_STYLE.search(style))
    identity = element.get("id") or "" if element.attrib else ""
    return _State(
        bold=bold,
        centred=centred and tag not in ("table",),
        level=_LEVELS.get(tag, state.level),
        caption=state.caption or tag in ("caption", "figcaption"),
        link=state.link or tag == "a",
        aside=state.aside or is_aside(element),
        element_id=identity if tag in BLOCKS and identity else state.element_id,
        preformatted=state.preformatted or tag == "pre",
        has_cells=has_cells(element),
    )
