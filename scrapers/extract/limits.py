"""How much beside its tables a page may hold to be read in process.

A page of any ranking stays far below; what lies beyond would take more than the two seconds that
one page may cost. Tables have a limit of their own (:mod:`.document`).
"""

from __future__ import annotations

from .blocks import Block, Line
from .contract import PageRefused

#: Lines, listings and pictures of a page. A list of a thousand rows has some thousands.
MAX_BLOCKS = 10_000
#: Parts under a heading of their own, or behind a listing.
MAX_SECTIONS = 500
#: Characters of the text under the headings, listings not counted. A long article has 20,000.
MAX_PROSE = 100_000


def check_blocks(blocks: list[Block]) -> None:
    """Raise :class:`PageRefused` for a page of too many lines."""
    if len(blocks) > MAX_BLOCKS:
        raise PageRefused(f"页面超过 {MAX_BLOCKS} 行,拒绝解析;请核对抓取的是不是榜单页面。")


def check_sections(count: int, lines: list[Line]) -> None:
    """Raise :class:`PageRefused` for too many headings or too much text under them."""
    if count > MAX_SECTIONS:
        raise PageRefused(f"页面小标题超过 {MAX_SECTIONS} 个,拒绝解析;请核对是不是榜单页面。")
    if sum(len(line.text) for line in lines) > MAX_PROSE:
        raise PageRefused(f"页面文字超过 {MAX_PROSE} 字,拒绝解析;请核对是不是榜单页面。")
