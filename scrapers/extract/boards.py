"""Sections to boards: names, subjects, sizes, and which pictures and sentences make a board."""

from __future__ import annotations

import re

from rankings.figures import parse_figure

from .checks import MAX_INDEX
from .choosing import is_doubtful, ranking_sections
from .chrome import names_chrome, names_ranking_only
from .contract import ACCOUNT, ARTICLE, UNIT, Board
from .entries import fill_brackets
from .folding import fold, tidy
from .headings import clean_name, names_a_board, names_articles, names_no_board
from .listing import Listing, says_no_data
from .measures import metric_named
from .names import is_authority, match_key
from .prose import read_prose
from .sections import Outline, Section, name_of
from .sizes import (
    size_in_heading,
    size_of_every_board,
    size_of_named_board,
    size_of_this_board,
    sizes_of_named_boards,
)
from .ties import mark_ties

_INDEX = re.compile(r"WCI|BCI|TGI|指数|综合得分|传播力", re.IGNORECASE)
#: A line that stands for a whole board says no more.
_SHORT = 14
_TITLE_OF_RANKING = re.compile(
    r"榜|排行|排名|TOP|指数|影响力|传播力|[前\d百]强|微信|公众号|新媒体|通报", re.IGNORECASE
)
#: Headings of accounts, or of those who keep them.
_OF_ACCOUNTS = re.compile(
    r"^.{0,8}(?:账号|帐号|公众号|公号|微信|微博|单位|部门|机构|高校|医院|企业|媒体|[省市州县区镇乡街]级?)类?(?:[(\[].*)?$"
)
_NOTE = re.compile(
    r"括[号弧](?:内|中|里)(?:的)?(?:数字|数据|数值)?(?:均|都)?(?:为|是|指|表示)(.{1,20})"
)


def read_boards(page: Outline) -> tuple[list[Board], list[tuple[Board, Listing | None, Section]]]:
    """All boards in page order, each with the listing and section it was read from."""
    kept = ranking_sections(page.sections)
    for section in page.sections:
        if section not in kept:
            section.listing = None
    in_text = any(section.listing is not None for section in kept)
    pictured = [] if in_text else _pictured(page)
    made: list[tuple[Board, Listing | None, Section]] = []
    by_index = any(_INDEX.search(fold(line.text)) for line in page.lines)
    sections = page.sections
    for index, section in enumerate(sections):
        if section in kept:
            made.append((_listed(section, section.listing, by_index), section.listing, section))
        elif section in pictured or (in_text and _is_pictured(section)):
            made.append((_told(section, page.title, by_index, picture=True), None, section))
        elif _may_tell(page, index, in_text, bool(pictured)):
            board = _told(section, page.title, by_index, picture=False)
            if board.rows and not _is_told_already(board, section, made):
                made.append((board, None, section))
            elif _says_it_is_empty(section):
                made.append((board, Listing(), section))
    _name_alone(made, page.title)
    _size_all(made, page)
    return [board for board, _, _ in made], made


def _listed(section: Section, listing: Listing, by_index: bool) -> Board:
    fill_brackets(listing, _bracket_key(section, by_index))
    mark_ties(listing)
    if listing.kind == "lines" and listing.subject == ACCOUNT and _are_titles(section, listing):
        listing.flags.add("implausible_value")
    if is_doubtful(section):
        listing.flags.add("implausible_value")
    return Board(name_of(section), listing.subject, rows=listing.rows)


def _are_titles(section: Section, listing: Listing) -> bool:
    """Whether names under a heading of articles look like titles with an account behind."""
    heading = section.heading or ""
    return names_articles(heading) and any("——" in row.account for row in listing.rows)


def _bracket_key(section: Section, by_index: bool) -> str | None:
    texts = section.texts
    for text in texts:
        if match := _NOTE.search(fold(text)):
            return metric_named(match[1])
    for text in (section.heading or "", *texts[:4]):
        if key := metric_named(text):
            return key
    return "index" if by_index or _look_like_indices(section.listing) else None


def _look_like_indices(listing: Listing | None) -> bool:
    """Numbers up to 2000 with decimals: nothing else on these boards is printed so."""
    figures = [parse_figure(text) for text in listing.brackets if text] if listing else []
    return any(isinstance(figure and figure.value, float) for figure in figures) and all(
        figure is not None and 0 < figure.value <= MAX_INDEX for figure in figures
    )


def _pictured(page: Outline) -> list[Section]:
    """Sections whose listing is a picture; under a title of a ranking the first unnamed one."""
    named = [section for section in page.sections if _is_pictured(section)]
    if named or not _TITLE_OF_RANKING.search(fold(page.title)):
        return named
    shown = [section for section in page.sections if section.pictures and not section.heading]
    return shown[:1]


def _is_pictured(section: Section) -> bool:
    return (
        bool(section.pictures)
        and section.listing is None
        and section.heading is not None
        and names_a_board(section.heading)
    )


def _may_tell(page: Outline, index: int, in_text: bool, pictured: bool) -> bool:
    """Whether sentences of the section may make a board of their own."""
    sections, section = page.sections, page.sections[index]
    if section.pictures and not section.heading:
        return False
    if section.heading is None:
        later = any(other.heading and _tells_by_itself(other) for other in sections[index:])
        return not in_text and not pictured and not later
    if names_no_board(section.heading):
        return False
    if names_chrome(section.heading) and not names_ranking_only(section.heading):
        return False
    if names_a_board(section.heading):
        return True
    if in_text or pictured or any(names_a_board(other.heading or "") for other in sections):
        return _is_peer(section, sections)
    return bool(_TITLE_OF_RANKING.search(fold(page.title)))


def _is_peer(section: Section, sections: list[Section]) -> bool:
    """Whether a heading of accounts is set just as one that names a board (``省级账号``)."""
    if section.style is None or not _OF_ACCOUNTS.search(fold(section.heading or "")):
        return False
    return any(
        other.style == section.style and names_a_board(other.heading)
        for other in sections
        if other.heading and not names_chrome(other.heading)
    )


def _is_told_already(
    board: Board, section: Section, made: list[tuple[Board, Listing | None, Section]]
) -> bool:
    """Whether a section that does not call itself a board tells the places of another again."""
    if names_a_board(section.heading or ""):
        return False
    told = {(row.rank, match_key(row.account)) for row in board.rows}
    return any(
        told & {(row.rank, match_key(row.account)) for row in other.rows} for other, _, _ in made
    )


def _tells_by_itself(section: Section) -> bool:
    heading = section.heading or ""
    if names_no_board(heading) or names_articles(heading) or names_chrome(heading):
        return False
    return names_a_board(heading) or bool(read_prose(section.texts, heading, index_list=False))


def _says_it_is_empty(section: Section) -> bool:
    """A heading of a board over nothing but a line that says there is no data."""
    heading = section.heading or ""
    return names_a_board(heading) and any(
        len(text) <= _SHORT and "上榜" not in text and says_no_data(text)
        for text in section.texts[:2]
    )


def _told(section: Section, title: str, by_index: bool, *, picture: bool) -> Board:
    heading = section.heading or title
    board = Board(name_of(section), in_text=False, needs_transcription=picture)
    if names_articles(heading):
        board.subject = ARTICLE
        return board
    index_list = by_index or any(_INDEX.search(fold(text)) for text in (heading, title))
    board.rows = read_prose(section.texts, heading, index_list=index_list)
    if _are_units(board, heading):
        board.subject = UNIT
        for row in board.rows:
            row.unit = row.unit or row.account
    return board


def _are_units(board: Board, heading: str) -> bool:
    """Whether only public bodies are ranked, and nothing speaks of accounts."""
    if not board.rows or "账号" in fold(heading) or "公众号" in fold(heading):
        return False
    return all(is_authority(row.account) for row in board.rows)


def _name_alone(made: list[tuple[Board, Listing | None, Section]], title: str) -> None:
    """One listing on the page and no heading of its own: the page title names it."""
    if len(made) == 1 and not made[0][0].name:
        made[0][0].name = clean_name(tidy(title))


def _size_all(made: list[tuple[Board, Listing | None, Section]], page: Outline) -> None:
    page_lines = [line.text for line in page.lines]
    named = sizes_of_named_boards(page_lines)
    every = size_of_every_board(page_lines)
    alone = len(made) == 1
    for board, _, section in made:
        own = size_of_this_board(page_lines if alone else section.texts[: section.before or None])
        told = size_of_named_board(board.name, named)
        board.list_size = size_in_heading(board.name) or own or told or every
        if board.subject == ACCOUNT and not board.in_text and names_articles(board.name):
            board.subject = ARTICLE
