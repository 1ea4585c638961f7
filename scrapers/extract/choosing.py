"""Which listings of a page are rankings of accounts, and which are charts of something else."""

from __future__ import annotations

import re

from .chrome import are_headlines, names_chrome, names_links, names_ranking_only, ranks_others
from .contract import ACCOUNT
from .folding import fold
from .headings import names_a_board, names_articles, names_no_board
from .listing import Listing
from .names import match_key
from .prose import read_prose
from .sections import Section

#: Words of headings over accounts and units; charts of films, news or goods have none.
_OF_ACCOUNTS = re.compile(
    r"微信|公众号|账号|帐号|公号|政务|媒体|单位|部门|机构|总榜|单榜|综合|WCI|BCI|指数|传播|影响"
    r"|[省市州县区镇乡街校院局委系统直企]|TOP\s*\d|前[\d一二三四五六七八九十]|\d强|十[强大]",
    re.IGNORECASE,
)
#: Words that name what is ranked as accounts or as those who keep them.
_SAYS_ACCOUNTS = re.compile(
    r"微信|公众号|账号|帐号|公号|微博|政务|媒体|单位|部门|机构|[省市州县区镇]|系统|高校|医院|企业"
)


def ranking_sections(sections: list[Section]) -> list[Section]:
    """The sections whose listing is a ranking.

    Beside a listing with labelled values, one without any must say by its heading that it ranks
    accounts: a chart of whatever week, of news or of films has no labels either.
    """
    kept = [section for section in sections if _holds_ranking(section)]
    mere = [section for section in kept if _says_ranking_only(section)]
    if mere and any(_is_board_otherwise(section, kept) for section in sections):
        kept = [section for section in kept if section not in mere]
    if not any(_is_labelled(section.listing) for section in kept):
        return kept
    return [s for s in kept if _is_labelled(s.listing) or _ranks_accounts(s)]


def _accounts_of(listing: Listing) -> list[str]:
    """The names of a listing, in its order."""
    return [row.account for row in listing.rows]


def _holds_ranking(section: Section) -> bool:
    """Whether the section's listing is a ranking: names without any value need a heading's word."""
    listing = section.listing
    if listing is None:
        return False
    heading = section.heading or ""
    if ranks_others(heading) and len({key for row in listing.rows for key in row.values}) < 2:
        return False
    if listing.kind == "lines" and _is_chart(listing, heading):
        return False
    if listing.may_be_chart and not _is_vouched(section):
        return False
    if listing.bare:
        return names_a_board(heading) and (not listing.rows or listing.rows[0].rank == 1)
    return not (listing.kind == "lines" and names_no_board(heading) and not names_a_board(heading))


def _is_chart(listing: Listing, heading: str) -> bool:
    """Whether the heading makes the lines links or a chart of what readers clicked."""
    if names_links(heading):
        return True
    if not listing.may_be_chart or not names_chrome(heading) or names_ranking_only(heading):
        return False
    return listing.is_plain or listing.linked or are_headlines(_accounts_of(listing))


def _is_vouched(section: Section) -> bool:
    """Whether names with no more than a number beside them are those of ranked accounts."""
    listing = section.listing
    names = _accounts_of(listing)
    of_accounts = _SAYS_ACCOUNTS.search(fold(section.heading or "")) is not None
    if sum(names_a_board(name) for name in names) * 2 > len(names):
        return False  # a table of contents
    if are_headlines(names):
        return of_accounts and not (
            listing.linked or section.pictures or contradicts_prose(section)
        )
    return not (listing.linked and (section.pictures or not section.heading))


def _says_ranking_only(section: Section) -> bool:
    return section.listing.is_plain and names_ranking_only(section.heading or "")


def _is_board_otherwise(section: Section, kept: list[Section]) -> bool:
    """Whether the section is a board that a list under a mere ``本周排行`` stands beside."""
    if section in kept:
        return not _says_ranking_only(section)
    heading = section.heading or ""
    if names_a_board(heading) and not names_chrome(heading) and section.pictures:
        return True
    return not names_no_board(heading) and any(
        row.rank == 1 for row in read_prose(section.texts, heading, index_list=False)
    )


def is_doubtful(section: Section) -> bool:
    """Whether a list was kept although its names, or the words above it, speak against it."""
    listing = section.listing
    if listing is None or not listing.may_be_chart:
        return False
    if are_headlines(_accounts_of(listing)) or contradicts_prose(section):
        return True
    if listing.bare and section.pictures:
        return True
    heading = section.heading or ""
    if listing.linked and listing.bare and not _SAYS_ACCOUNTS.search(fold(heading)):
        return True
    return names_chrome(heading) and not names_ranking_only(heading)


def contradicts_prose(section: Section) -> bool:
    """Whether bare names are none of those that the sentences above them rank."""
    listing = section.listing
    if listing is None or not listing.may_be_chart or not section.before:
        return False
    told = read_prose(section.texts[: section.before], section.heading or "", index_list=False)
    listed = {match_key(row.account) for row in listing.rows}
    return any(row.rank == 1 for row in told) and listed.isdisjoint(
        match_key(row.account) for row in told
    )


def _is_labelled(listing: Listing) -> bool:
    if listing.kind == "lines":
        return listing.subject != ACCOUNT or any(row.values for row in listing.rows)
    return not listing.bare


def _ranks_accounts(section: Section) -> bool:
    heading = section.heading or ""
    if names_chrome(heading) or (names_articles(heading) and section.listing.bare):
        return False
    if section.listing.handles or not heading:
        return True
    return _OF_ACCOUNTS.search(fold(heading)) is not None and not names_articles(heading)
