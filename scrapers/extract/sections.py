"""The sequence of blocks cut at headings: what stands under which heading."""

from __future__ import annotations

from dataclasses import dataclass, field

from .blocks import Block, Found, Line, Picture
from .headings import clean_name, find_title, is_heading, is_short_line, names_a_board
from .listing import Listing


@dataclass(slots=True, eq=False)
class Section:
    """A heading (or none, at the start and behind a listing) with what follows it.

    ``lines`` are the texts under it, ``before`` how many of them stand above the listing.
    Two sections are never equal: headless ones may hold the same text.
    """

    heading: str | None
    lines: list[Line] = field(default_factory=list)
    listing: Listing | None = None
    pictures: list[str] = field(default_factory=list)
    before: int = 0

    @property
    def texts(self) -> list[str]:
        return [line.text for line in self.lines]


@dataclass(slots=True)
class Outline:
    """The page cut into sections, with its title and the text above the title."""

    title: str
    sections: list[Section]


def outline(blocks: list[Block], page_title: str, fallback_title: str) -> Outline:
    """Cut ``blocks`` at the page title, the headings and the listings."""
    at = find_title(blocks, page_title)
    title = blocks[at].text if at is not None else fallback_title
    sections = [Section(None)]
    for index, block in enumerate(blocks):
        if index == at:
            sections.append(Section(None))
        elif isinstance(block, Found):
            _place_listing(sections, block.listing)
        elif isinstance(block, Picture):
            if not block.aside:
                sections[-1].pictures.append(block.source)
        elif isinstance(block, Line) and not block.aside:
            if is_heading(block):
                if _is_caption_below(blocks, index) and sections[-1].heading is not None:
                    sections[-1].lines.append(block)
                    continue
                sections.append(Section(block.text))
            else:
                sections[-1].lines.append(block)
    return Outline(title, [section for section in sections if _has_content(section)])


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
        _adopt_short_line(section)
    section.listing, section.before = listing, len(section.lines)


def _split_off(sections: list[Section]) -> Section:
    """A second listing under one heading has none of its own, unless a short line names it."""
    earlier = sections[-1]
    section = Section(None)
    if len(earlier.lines) > earlier.before and is_short_line(earlier.lines[-1]):
        section.heading = earlier.lines.pop().text
    sections.append(section)
    return section


def _adopt_short_line(section: Section) -> None:
    """A short line right above a listing is its heading."""
    if section.lines and is_short_line(section.lines[-1]):
        section.heading = section.lines.pop().text


def _has_content(section: Section) -> bool:
    return bool(section.heading or section.lines or section.listing or section.pictures)


def name_of(section: Section) -> str:
    """The board name a section's heading gives, or the empty string."""
    return clean_name(section.heading) if section.heading else ""
