"""The front page: the day's push first, then what is new."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from ..models.pages import ArticlePage, ColumnPage, HomePage
from . import listings

LATEST, OF_COLUMN = 12, 3
# A push leads as long as what came after it is not much newer.
LEADS_FOR = dt.timedelta(days=3)


@dataclass(frozen=True)
class DaysPush:
    """A push as readers see it: ``articles`` in their order, the headline first."""

    day: dt.date
    articles: list[ArticlePage]


def days_push(newest: ArticlePage | None) -> DaysPush | None:
    """The latest push, unless single articles have been going out for days since; two queries."""
    from ..models import Push

    push = Push.objects.exclude(published_at=None).order_by("-published_at", "-pk").first()
    if push is None or newest is None:
        return None
    shown = ArticlePage.objects.live().filter(push_members__push=push)
    articles = list(shown.with_what_lists_show().order_by("push_members__position"))
    day = localtime(push.published_at).date()
    if not articles or localtime(newest.first_published_at).date() - day > LEADS_FOR:
        return None
    return DaysPush(day, articles)


def context(home: HomePage) -> dict[str, Any]:
    """What the front page shows."""
    newest = list(ArticlePage.objects.newest().with_what_lists_show()[: LATEST + 9])
    push = days_push(newest[0] if newest else None)
    headline = push.articles[0] if push else newest[0] if newest else None
    led = {article.pk for article in push.articles} if push else {headline.pk} if headline else ()
    columns = list(ColumnPage.objects.child_of(home).live())
    for column in columns:
        in_column = listings.newest_first(ArticlePage.objects.live().child_of(column))
        column.newest = list(in_column.defer_streamfields()[:OF_COLUMN])
    return {
        "push": push,
        "headline": headline,
        "latest": [article for article in newest if article.pk not in led][:LATEST],
        "columns": columns,
    }
