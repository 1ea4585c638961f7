"""Finding articles and putting them in order.

The order 相关 adds to the moment an article was published a bonus for where it matches:

    the whole query as one phrase in the title      20 years
    all words of the query in the title             10 years
    the whole query as one phrase in the text        3 years
    otherwise                                        nothing

so among equals the newer stands first, and a match in the title outweighs years, not decades.
Ties go to the later moment, then to the higher number. No score of a search engine comes into it:
SQLite and PostgreSQL answer alike, and the order does not change by the mere passing of time.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import BigIntegerField, Case, Count, F, Func, QuerySet, Value, When, Window
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from cms.mirror.pages import root_path
from cms.search import query as asking

from ..models import ArticlePage, ColumnPage

A_YEAR = 365 * 24 * 3600
TITLE_PHRASE, TITLE_WORDS, TEXT_PHRASE = 20 * A_YEAR, 10 * A_YEAR, 3 * A_YEAR

PAGE_SIZE = 10
MOST_PAGES = 50


@dataclass(frozen=True)
class Asked:
    """One search. Days are inclusive and of the site's time zone."""

    query: asking.Query
    column: ColumnPage | None = None
    since: date | None = None
    until: date | None = None
    newest_first: bool = False
    # Public addresses that were taken down by hand: not to be found either.
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Found:
    """A page of results: keys in their order, of ``total`` in all; ``first`` counts from 1."""

    keys: list[int]
    total: int
    first: int = 1

    @property
    def pages(self) -> int:
        """How many pages can be turned to."""
        return min(-(-self.total // PAGE_SIZE), MOST_PAGES)


class Seconds(Func):
    """A moment as whole seconds since 1970, the same number on both databases."""

    output_field = BigIntegerField()
    template = "CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s)) AS BIGINT)"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)


def find(asked: Asked, page: int = 1) -> Found:
    """The ``page``-th page of what ``asked`` finds among live articles, in one query."""
    rows = ranked(asked).annotate(total=Window(Count("pk"))).values_list("pk", "total")
    start = (page - 1) * PAGE_SIZE
    with get_search_backend().reading():
        found = list(rows[start : start + PAGE_SIZE])
        if found:
            return Found([key for key, _ in found], found[0][1], start + 1)
        return Found([], matching(asked).count() if page > 1 else 0)


def matching(asked: Asked) -> QuerySet:
    """The live articles that ``asked`` matches and its filters let through, as pages.

    The table of articles, with their texts, is not touched.
    """
    found = Page.objects.live().filter(pk__in=_ids(asked.query.node))
    if asked.column:
        found = found.child_of(asked.column)
    if asked.since:
        found = found.filter(first_published_at__gte=_midnight(asked.since))
    if asked.closed:
        root = root_path()
        found = found.exclude(url_path__in=[f"{root}{each[1:]}" for each in asked.closed])
    if asked.until:
        found = found.filter(first_published_at__lt=_midnight(asked.until + timedelta(days=1)))
    return found


def ranked(asked: Asked) -> QuerySet:
    """`matching` in the order asked for."""
    by_date = ("-first_published_at", "-pk")
    if asked.newest_first:
        return matching(asked).order_by(*by_date)
    query = asked.query
    tiers = [When(pk__in=_ids(query.whole, "title"), then=Value(TITLE_PHRASE))]
    if query.node != query.whole:
        tiers += [
            When(pk__in=_ids(query.node, "title"), then=Value(TITLE_WORDS)),
            When(pk__in=_ids(query.whole), then=Value(TEXT_PHRASE)),
        ]
    bonus = Case(*tiers, default=Value(0), output_field=BigIntegerField())
    rank = bonus + Seconds(F("first_published_at"))
    return matching(asked).annotate(rank=rank).order_by("-rank", *by_date)


def _ids(node: asking.Node, *columns: str) -> Any:
    return get_search_backend().matching_ids(ArticlePage, node, columns or ("title", "body"))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
