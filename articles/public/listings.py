"""Lists that stay where they are: pages are counted from the oldest article.

A list of 120 articles has page 1 with the oldest 50, page 2 with the next 50, and at its own
address the newest 20. A new article changes the list's own address only; nothing older moves.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.http import Http404
from django.utils.timezone import localtime, make_aware

from ..models.pages import ArticlePage, ArticleQuerySet

SIZE = 50
FRONT = 20  # articles on a column's own page, whatever their month
LONG_AGO = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Month:
    """A month that has articles, as lists name it; ``day`` is its first."""

    day: dt.date
    url: str
    count: int
    is_current: bool = False


@dataclass(frozen=True)
class Listing:
    """One page of a list; ``pages`` are label, address and whether current, newest first.

    ``newer_url`` and ``older_url`` may lead into the neighbouring month.
    """

    title: str
    articles: list[ArticlePage]
    newer_url: str = ""
    older_url: str = ""
    pages: list[tuple[str, str, bool]] = field(default_factory=list)


def full_pages(count: int) -> int:
    """How many full pages of older articles a list of ``count`` has beside its own address."""
    return max(count - 1, 0) // SIZE


def page_at(base: str, number: int | None) -> str:
    """The address of page ``number`` of the list at ``base``; None is the list's own."""
    return base if number is None else f"{base}{number}/"


def page_of(position: int, count: int) -> int | None:
    """On which page the article at ``position`` (0 is the oldest) of ``count`` stands."""
    number = position // SIZE + 1
    return number if number <= full_pages(count) else None


def pages_from(base: str, position: int, count: int) -> Iterator[str]:
    """The addresses that move when an article comes to or leaves ``position``: its page and newer.

    ``count`` is of the longer list. The two older pages are among them: one of them leads on.
    """
    # The page that was the newest numbered one may lead on to another now, and others may have
    # come at the same time: from two pages before its own.
    for number in range(max(position // SIZE - 1, 1), full_pages(count) + 1):
        yield page_at(base, number)
    yield base


def newest_first(articles: ArticleQuerySet) -> ArticleQuerySet:
    """Latest first. That they have a date is said so that the index on it gives them in order;
    else SQLite would sort all articles for three of them.
    """
    return articles.filter(first_published_at__gt=LONG_AGO).order_by("-first_published_at", "-id")


def build(
    articles: ArticleQuerySet,
    base: str,
    number: int | None,
    *,
    title: str,
    newer: str = "",
    older: str = "",
) -> Listing:
    """Page ``number`` of ``articles``; ``newer`` and ``older`` are where the neighbours' pages are.

    Two queries.

    Raises:
        Http404: there are no articles, or no such page.
    """
    count = articles.count()
    full = full_pages(count)
    if not count or (number is not None and not 1 <= number <= full):
        raise Http404
    in_order = articles.with_what_lists_show().order_by("first_published_at", "pk")
    start = (full if number is None else number - 1) * SIZE
    shown = list(in_order[start : start + SIZE])[::-1]
    if number is None:
        newer_url, older_url = newer, page_at(base, full) if full else older
    else:
        newer_url = page_at(base, number + 1 if number < full else None)
        older_url = page_at(base, number - 1) if number > 1 else older
    # A numbered page names only older ones: it must not move when newer ones come.
    numbers = [None, *range(full, 0, -1)] if number is None else range(number, 0, -1)
    pages = [
        (str(full + 1 if each is None else each), page_at(base, each), each == number)
        for each in numbers
    ]
    return Listing(title, shown, newer_url, older_url, pages)


# --- months ---------------------------------------------------------------------------------------


def month_url(base: str, day: dt.date) -> str:
    return f"{base}{day:%Y-%m}/"


def months_of(articles: ArticleQuerySet, base: str) -> list[Month]:
    """The months of ``articles``, newest first, in one query."""
    rows = (
        articles.order_by()
        .annotate(month=TruncMonth("first_published_at"))
        .values_list("month")
        .annotate(count=Count("pk"))
        .order_by("-month")
    )
    return [Month(day := at.date(), month_url(base, day), count) for at, count in rows]


def in_month(articles: ArticleQuerySet, day: dt.date) -> ArticleQuerySet:
    return articles.filter(first_published_at__year=day.year, first_published_at__month=day.month)


def month_before(articles: ArticleQuerySet, day: dt.date) -> dt.date | None:
    """The last month before ``day``'s that has articles."""
    start = _start(day)
    return _month(articles.filter(first_published_at__lt=start).order_by("-first_published_at"))


def month_after(articles: ArticleQuerySet, day: dt.date) -> dt.date | None:
    """The first month after ``day``'s that has articles."""
    next_month = _start((day.replace(day=28) + dt.timedelta(days=4)).replace(day=1))
    return _month(
        articles.filter(first_published_at__gte=next_month).order_by("first_published_at")
    )


def build_month(articles: ArticleQuerySet, base: str, day: dt.date, number: int | None) -> Listing:
    """Page ``number`` of the month of ``day``, leading on to the months beside it; four queries.

    Raises:
        Http404: nothing was published in that month, or there is no such page.
    """
    before, after = month_before(articles, day), month_after(articles, day)
    return build(
        in_month(articles, day),
        month_url(base, day),
        number,
        title=f"{day.year}年{day.month}月",
        newer=_oldest_page(articles, base, after) if after else "",
        older=month_url(base, before) if before else "",
    )


def months_showing(articles: ArticleQuerySet, base: str, article: ArticlePage) -> Iterator[str]:
    """The addresses of the monthly list at ``base`` that change with ``article``, which is in it.

    The months beside it are always among them, for their way on: whether it is the first or last of
    its month cannot be told while others come and go with it. Five queries.
    """
    day = localtime(article.first_published_at).date().replace(day=1)
    month = in_month(articles, day)
    others = month.exclude(pk=article.pk)
    count = others.count() + 1
    yield from pages_from(month_url(base, day), others.filter(_older_than(article)).count(), count)
    if before := month_before(articles, day):
        yield month_url(base, before)
    if after := month_after(articles, day):
        yield _oldest_page(articles, base, after)


def list_showing(articles: ArticleQuerySet, base: str, article: ArticlePage) -> Iterator[str]:
    """As `months_showing`, of a list that is not cut by months; two queries."""
    others = articles.exclude(pk=article.pk)
    yield from pages_from(base, others.filter(_older_than(article)).count(), others.count() + 1)


def _older_than(article: ArticlePage) -> Q:
    at = article.first_published_at
    return Q(first_published_at__lt=at) | Q(first_published_at=at, pk__lt=article.pk)


def _oldest_page(articles: ArticleQuerySet, base: str, day: dt.date) -> str:
    full = full_pages(in_month(articles, day).count())
    return page_at(month_url(base, day), 1 if full else None)


def _month(articles: ArticleQuerySet) -> dt.date | None:
    at = articles.values_list("first_published_at", flat=True).first()
    return localtime(at).date().replace(day=1) if at else None


def _start(day: dt.date) -> dt.datetime:
    """Midnight of the first of ``day``'s month, in Asia/Shanghai."""
    return make_aware(dt.datetime(day.year, day.month, 1))


def list_addresses(base: str, count: int) -> Iterator[str]:
    """All addresses of a list of ``count`` articles."""
    if count:
        yield base
        for number in range(1, full_pages(count) + 1):
            yield page_at(base, number)


def month_addresses(articles: ArticleQuerySet, base: str) -> Iterator[str]:
    """All addresses of the monthly list at ``base``; one query."""
    for month in months_of(articles, base):
        yield from list_addresses(month.url, month.count)
