"""Which listings of a page are rankings of accounts, and which are charts of something else."""

from __future__ import annotations

import re

from .chrome import are_headlines, names_chrome, names_links
from .contract import ACCOUNT, ARTICLE
from .folding import fold
from .headings import names_a_board, names_any_chart, names_articles, names_no_board
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
#: Values that a chart of articles may show too.
_OF_ONE_ARTICLE = frozenset(("reads", "likes", "looks", "shares"))


def ranking_sections(sections: list[Section]) -> list[Section]:
    """The sections whose listing is a ranking.

    Beside a listing with labelled values, one without any must say by its heading that it ranks
    accounts: a chart of whatever week, of news or of films has no labels either.
    """
    kept = [section for section in sections if _holds_ranking(section)]
    if not any(_is_labelled(section.listing) for section in kept):
        return kept
    return [s for s in kept if _is_labelled(s.listing) or _ranks_accounts(s)]


def _holds_ranking(section: Section) -> bool:
    """Whether the section's listing is a ranking: names without any value need a heading's word."""
    listing = section.listing
    if listing is None:
        return False
    heading = section.heading or ""
    if listing.kind == "lines" and _is_chart(listing, heading):
        return False
    if listing.is_plain and not _is_vouched(section):
        return False
    if listing.bare:
        return names_a_board(heading) and (not listing.rows or listing.rows[0].rank == 1)
    return not (listing.kind == "lines" and names_no_board(heading) and not names_a_board(heading))


def _is_chart(listing: Listing, heading: str) -> bool:
    """Whether the heading makes the lines links or a chart of what readers clicked."""
    if names_links(heading):
        return True
    if not names_chrome(heading) or listing.subject == ARTICLE:
        return False
    return listing.is_plain or listing.keys <= _OF_ONE_ARTICLE


def _is_vouched(section: Section) -> bool:
    """Whether names with no more than a number beside them are those of ranked accounts."""
    listing = section.listing
    names = [row.account for row in listing.rows]
    of_accounts = _SAYS_ACCOUNTS.search(fold(section.heading or "")) is not None
    if are_headlines(names):
        return of_accounts and not listing.linked
    if listing.linked and listing.bare and not of_accounts:
        return False
    return not (listing.linked and not section.heading)


def contradicts_prose(section: Section) -> bool:
    """Whether bare names are none of those that the sentences above them rank."""
    listing = section.listing
    if listing is None or not listing.is_plain or not section.before:
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
    if names_any_chart(heading) or (names_articles(heading) and section.listing.bare):
        return False
    if section.listing.handles or not heading:
        return True
    return _OF_ACCOUNTS.search(fold(heading)) is not None and not names_articles(heading)
