"""Any published ranking page to the JSON contract: a chain of small pure steps.

``extract`` is bytes in, :class:`~scrapers.extract.contract.Extraction` out; no database, no
network, no clock. The steps, in order, each in its own module: ``decoding`` (bytes to text),
``document`` and ``hiding`` (the visible document), ``blocks`` (lines, listings, pictures in page
order; ``tables``, ``cell_lines``, ``cards``, ``entries`` read the listings), ``sections`` (what
stands under which heading), ``choosing`` (which listings rank), ``boards`` and ``prose``,
``published`` and ``period``, ``checks``, ``bands`` and ``failed``, ``verdict``.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from .bands import bands_disagree, texts_about
from .blocks import Block, read_blocks
from .boards import read_boards
from .checks import board_flags
from .contract import Extraction, PageRefused, Period
from .decoding import decode
from .document import Page, parse
from .entries import group_entries
from .failed import is_failed
from .headings import bare_title, find_title
from .limits import check_blocks, check_sections
from .period import find_period
from .picture_sources import address_of, base_of
from .published import BEIJING, find_published
from .sections import outline
from .selecting import narrowed
from .verdict import in_order, verdict_of

__all__ = ["VERSION", "Extraction", "PageRefused", "extract"]

#: Raised whenever the same bytes may give another answer; stored with every run.
VERSION = "3"


def extract(
    data: bytes, *, url: str, content_type: str, fetched_at: datetime, selector: str = ""
) -> Extraction:
    """Read a saved ranking page.

    ``content_type`` is the HTTP header as received, ``fetched_at`` the aware time of the fetch,
    ``selector`` the CSS selector of the only part to be read, if any (a source's own override).
    Raises :class:`PageRefused` for pages beyond :mod:`.limits` and :mod:`.document`, and where the
    selector names nothing, and nothing else.
    """
    decoded = decode(data, content_type)
    page = parse(decoded.text)
    if page.root is None:
        return Extraction.refused("页面没有内容。")
    if selector:
        page.root = narrowed(page.root, selector)
    blocks = read_blocks(page.root)
    check_blocks(blocks)
    blocks = group_entries(blocks)
    title_at = find_title(blocks, page.title)
    outlined = outline(blocks, page.title, bare_title(page.title))
    check_sections(len(outlined.sections), outlined.lines)
    boards, made = read_boards(outlined)
    if is_failed(blocks, page.title, has_boards=bool(boards)):
        return Extraction.refused("页面不是榜单:已删除、要求登录或验证,或内容为空。")
    if not boards:
        return Extraction.refused("页面上没有找到榜单。")
    flags = {"charset_conflict"} if decoded.conflict else set()
    base = base_of(url, page.base)
    for board, listing, section in made:
        flags |= board_flags(board, listing)
        if board.needs_transcription:
            board.pictures = [address_of(source, base) for source in section.pictures]
        if bands_disagree(board, texts_about(board, boards, section, outlined)):
            flags.add("band_mismatch")
    headings = {section.heading for _, _, section in made if section.heading}
    times = read_times(page, blocks, title_at, url, fetched_at, headings)
    published, period, period_flags = times
    flags |= period_flags
    return Extraction(verdict_of(flags), period, published, boards, in_order(flags))


def read_times(
    page: Page,
    blocks: list[Block],
    title_at: int | None,
    url: str,
    fetched_at: datetime,
    board_headings: Collection[str] | None = None,
) -> tuple[date | None, Period | None, set[str]]:
    """The publish date, the period, and the flags that finding them raised.

    ``board_headings`` are the headings of boards; ``None`` takes every heading for one.
    """
    published = find_published(page, blocks, title_at)
    fetched = fetched_at.astimezone(BEIJING).date() if fetched_at.tzinfo else fetched_at.date()
    found = find_period(blocks, title_at, page.title, url, published, fetched, board_headings)
    flags = {
        flag
        for flag, raised in (
            ("period_year_inferred", found.inferred),
            ("period_conflict", found.conflict),
        )
        if raised
    }
    return published, found.period, flags
