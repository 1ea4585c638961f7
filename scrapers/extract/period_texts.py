"""The texts a period may be stated in: titles, headings and lines, apart (README §8)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from .blocks import Block, Found, Line
from .chrome import names_chrome
from .headings import is_heading

_TITLES = re.compile(r"《[^》]*》")

#: How many blocks below the title a month may stand alone as the period.
_BELOW_TITLE = 6


@dataclass(slots=True)
class Texts:
    """``headings`` of boards come first; ``below`` are the lines right under the title."""

    titles: list[str] = field(default_factory=list)
    own_headings: list[str] = field(default_factory=list)
    other_headings: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    current: str = ""

    @property
    def headings(self) -> list[str]:
        return self.own_headings + self.other_headings


def read_texts(
    blocks: list[Block],
    title_at: int | None,
    page_title: str,
    board_headings: Collection[str] | None,
) -> Texts:
    """Sort a page's lines; ``board_headings`` are those that head a board (``None``: all)."""
    texts = Texts([page_title] if page_title else [])
    for index, block in enumerate(blocks):
        if isinstance(block, Found) and block.listing.title:
            texts.own_headings.append(block.listing.title)
        if not isinstance(block, Line) or block.aside:
            continue
        if "date_current" in block.element_id:
            texts.current = block.text
        if index == title_at:
            texts.titles.insert(0, block.text)
        elif block.text in (board_headings or ()):
            texts.own_headings.append(block.text)
        elif names_chrome(block.text):
            continue
        elif is_heading(block):
            is_own = board_headings is None
            (texts.own_headings if is_own else texts.other_headings).append(block.text)
        elif not block.link:
            texts.lines.append(without_titles(block.text))
            if title_at is not None and 0 < index - title_at <= _BELOW_TITLE:
                texts.below.append(block.text)
    return texts


def without_titles(text: str) -> str:
    """The text less the titles of articles, whose dates are theirs."""
    return _TITLES.sub("", text)
