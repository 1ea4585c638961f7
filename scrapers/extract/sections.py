"""The sequence of blocks cut at headings: what stands under which heading."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from .blocks import Block, Found, Line, Picture
from .chrome import heads_talk, names_chrome, names_links, ranks_others
from .contract import ARTICLE
from .headings import (
    clean_name,
    find_title,
    is_heading,
    is_short_line,
    lead_in,
    names_a_board,
)
from .listing import Listing


@dataclass(slots=True, eq=False)
class Section:
    """A heading (or none, at the start and behind a listing) with what follows it.

    ``lines`` are the texts under it, ``before`` how many of them stand above the listing,
    ``style`` how the heading is set: its level, bold, centred.
    Two sections are never equal: headless ones may hold the same text.
    """

    heading: str | None
    lines: list[Line] = field(default_factory=list)
    listing: Listing | None = None
    pictures: list[str] = field(default_factory=list)
    before: int = 0
    style: tuple[int, bool, bool] | None = None

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines]

    @property
    def shows_list(self) -> bool:
        """Whether a listing stands in it, or lines that are links or items."""
        listed = sum(line.linked or line.position is not None for line in self.lines)
        return self.listing is not None or listed > 1


@dataclass(slots=True)
class Outline:
    """The page cut into sections, with its title and the text above the title."""

    title: str
    sections: list[Section]

    @property
    def lines(self) -> list[Line]:
        """Every line of the page: what is told anywhere speaks of its only board."""
        return [line for section in self.sections for line in section.lines]


def outline(blocks: list[Block], page_title: str, fallback_title: str) -> Outline:
    """Cut ``blocks`` at the page title, the headings and the listings."""
    at = find_title(blocks, page_title)
    title = blocks[at].text if at is not None else fallback_title
    cutter = _Cutter()
    for index, block in enumerate(blocks):
        if index == at:
            cutter.open(None)
        elif isinstance(block, Found):
            cutter.listing(block.listing)
        elif isinstance(block, Picture):
            if not block.aside:
                cutter.main().pictures.append(block.source)
        elif isinstance(block, Line) and not block.aside:
            _take_line(cutter, blocks, index, block)
    return Outline(title, [section for section in cutter.sections if _has_content(section)])


def _take_line(cutter: _Cutter, blocks: list[Block], index: int, line: Line) -> None:
    if _heads_chrome(blocks, index, line):
        cutter.open_chrome(line)
    elif is_heading(line):
        if _is_caption_below(blocks, index) and cutter.sections[-1].heading is not None:
            cutter.sections[-1].lines.append(line)
        else:
            cutter.open(line.text, line)
    elif (parts := lead_in(line)) is not None:
        cutter.open(parts[0])
        cutter.sections[-1].lines.append(replace(line, text=parts[1], runs=[parts[1]], lead=""))
    else:
        cutter.line(line)


def _heads_chrome(blocks: list[Block], index: int, line: Line) -> bool:
    """Whether the line heads charts or links beside the text: by its words, over such a list."""
    if (line.link and not line.level) or not names_chrome(line.text):
        return False
    if line.level or line.bold or line.caption:
        return True
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if isinstance(following, Found):
        return following.listing.is_plain
    return isinstance(following, Line) and (following.linked or following.position is not None)


def _has_shown(chart: Section) -> bool:
    """Whether what the heading of a chart announced stands under it already."""
    heading = chart.heading or ""
    other = ranks_others(heading) or names_links(heading)
    return chart.shows_list or (other and len(chart.lines) > 1)


class _Cutter:
    """The sections being made; ``_text`` is the one that a chart within it has interrupted."""

    def __init__(self) -> None:
        self.sections = [Section(None)]
        self._text: Section | None = None

    def open(self, heading: str | None, line: Line | None = None) -> None:
        """Begin a section at a heading."""
        style = (line.level, line.bold, line.centred) if line is not None else None
        self.sections.append(Section(heading, style=style))
        self._text = None

    def open_chrome(self, line: Line) -> None:
        """Begin a section of a chart or links; the text may go on behind its list."""
        text = self._text or self.sections[-1]
        self.open(line.text)
        self._text = None if heads_talk(line.text) else text

    def main(self) -> Section:
        """The section of the text, also behind a list of a chart within it."""
        if self._text is not None and _has_shown(self.sections[-1]):
            return self._text
        return self.sections[-1]

    def line(self, line: Line) -> None:
        """Take a line; a sentence behind the list of a chart belongs to the text before it."""
        is_text = not line.linked and ("。" in line.text or "；" in line.text)
        (self.main() if is_text else self.sections[-1]).lines.append(line)

    def listing(self, listing: Listing) -> None:
        """Take a listing: a chart's own, or one of the text."""
        if self._text is not None and listing.title is None and self._is_beside(listing):
            self.sections.append(Section(self._heading_left()))
            self._text = None
        _place_listing(self.sections, listing)

    def _is_beside(self, listing: Listing) -> bool:
        """Whether the listing is not the one that the heading of a chart announced."""
        chart = self.sections[-1]
        if chart.listing is not None and (
            listing.continues(chart.listing) or listing.goes_on_behind(chart.listing)
        ):
            return False
        own = listing.kind == "lines" and (listing.subject == ARTICLE or listing.may_be_chart)
        return _has_shown(chart) or (names_links(chart.heading or "") and not own)

    def _heading_left(self) -> str | None:
        """The heading of the interrupted section, where nothing has stood under it yet."""
        text = self._text
        if text is None or text.listing is not None or text.pictures or text.heading is None:
            return None
        heading, text.heading = text.heading, None
        return heading


def _is_caption_below(blocks: list[Block], index: int) -> bool:
    """A picture's caption under it: the heading above the picture names the board."""
    block, before = blocks[index], blocks[index - 1] if index else None
    return isinstance(block, Line) and block.caption and isinstance(before, Picture)


def _place_listing(sections: list[Section], listing: Listing) -> None:
    section = sections[-1]
    last = next((s for s in reversed(sections) if s.listing is not None), None)
    if last is not None and section is last and listing.continues(last.listing):
        last.listing.rows += listing.rows
        last.listing.brackets += listing.brackets
        return
    if listing.title is not None:
        if section.listing is not None or section.heading is not None:
            section = Section(None)
            sections.append(section)
        section.heading = listing.title
    elif section.listing is not None:
        section = _split_off(sections)
    elif section.heading is None or not names_a_board(section.heading):
        section = _under_short_line(sections, listing)
    section.listing, section.before = listing, len(section.lines)


def _split_off(sections: list[Section]) -> Section:
    """A second listing under one heading has none of its own, unless a short line names it."""
    earlier = sections[-1]
    section = Section(None)
    if len(earlier.lines) > earlier.before and is_short_line(earlier.lines[-1]):
        section.heading = earlier.lines.pop().text
    sections.append(section)
    return section


def _under_short_line(sections: list[Section], listing: Listing) -> Section:
    """The section of a listing; a short line right above it is its heading.

    A mere list of names leaves a heading above to the sentences or the picture between.
    """
    section = sections[-1]
    if not section.lines or not is_short_line(section.lines[-1]):
        return section
    heading = section.lines.pop().text
    if section.heading and listing.may_be_chart and (section.lines or section.pictures):
        section = Section(None)
        sections.append(section)
    section.heading = heading
    return section


def _has_content(section: Section) -> bool:
    return bool(section.heading or section.lines or section.listing or section.pictures)


def name_of(section: Section) -> str:
    """The board name a section's heading gives, or the empty string."""
    return clean_name(section.heading) if section.heading else ""
