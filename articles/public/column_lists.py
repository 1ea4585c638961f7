"""A column's own page with its newest articles, and the lists of its months."""

import datetime as dt
import re
from typing import Any

from ..models.pages import ArticlePage, ColumnPage
from . import listings

MONTH = re.compile(r"([12]\d{3})-(0[1-9]|1[0-2])", re.ASCII)
NUMBER = re.compile(r"[1-9]\d{0,4}", re.ASCII)


def month_asked(components: list[str]) -> dict[str, Any] | None:
    """``day`` and ``number`` of the list at these parts of an address below the column, if any."""
    if not 1 <= len(components) <= 2 or not (month := MONTH.fullmatch(components[0])):
        return None
    if len(components) == 2 and not NUMBER.fullmatch(components[1]):
        return None
    day = dt.date(int(month[1]), int(month[2]), 1)
    return {"day": day, "number": int(components[1]) if len(components) == 2 else None}


def context(
    column: ColumnPage, base: str, day: dt.date | None, number: int | None
) -> dict[str, Any]:
    """What the page of ``column``, which lies at ``base``, or of one of its months shows.

    Raises:
        Http404: nothing was published in that month, or there is no such page.
    """
    articles = ArticlePage.objects.live().child_of(column)
    if day is not None:
        listing = listings.build_month(articles, base, day, number)
        path = listings.page_at(listings.month_url(base, day), number)
        return {"listing": listing, "months": [], "path": path}
    months = listings.months_of(articles, base)
    newest = list(listings.newest_first(articles).with_what_lists_show()[: listings.FRONT])
    older = months[0].url if sum(month.count for month in months) > len(newest) else ""
    listing = listings.Listing("最新", newest, older_url=older) if newest else None
    return {"listing": listing, "months": months, "path": base}
