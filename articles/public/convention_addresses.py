"""Which addresses of feeds and site maps there are, and which of them show an article."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, Q
from django.utils.timezone import localtime

from cms.mirror.models import MirrorFile

from ..models import ArticlePage, ArticleTag, ColumnPage
from ..models.pages import ArticleQuerySet
from . import directory, feeds, site_map, sitemaps

FEEDS = ("feed.atom", "feed.rss")
OF_THE_SITE = (
    *(f"/{file}" for file in FEEDS),
    sitemaps.INDEX,
    sitemaps.PAGES,
    site_map.ADDRESS,
    sitemaps.ROBOTS,
)
# What lists the lists: changed only by the first or last article of a month or a tag.
LISTS = (sitemaps.PAGES, site_map.ADDRESS)


def all_addresses() -> Iterator[str]:
    """Every address of a feed or a site map that exists now."""
    yield from OF_THE_SITE
    for column in ColumnPage.objects.live().order_by("path"):
        yield from _feeds_of(column)
    for month in directory.months():
        yield sitemaps.address_of(month)


def showing(article: ArticlePage) -> list[str]:
    """The addresses here that show ``article`` now: at most 8, with at most 10 queries."""
    if not article.live or not article.first_published_at:
        return []
    at = localtime(article.first_published_at)
    found = [sitemaps.INDEX, sitemaps.address_of(at.date())]
    live = ArticlePage.objects.live().exclude(pk=article.pk).order_by()
    if _is_among_newest(article, live):
        found += [f"/{file}" for file in FEEDS]
    column = article.get_parent()
    if _is_among_newest(article, live.child_of(column)):
        found += _feeds_of(column)
    same_month = live.filter(first_published_at__year=at.year, first_published_at__month=at.month)
    if not same_month.exists() or _has_a_tag_of_its_own(article) or _is_first(article, found[1]):
        found += LISTS
    return found


def _is_first(article: ArticlePage, month: str) -> bool:
    """Whether the mirror has nothing of its month or of one of its tags yet.

    The worker asks when several may have gone public at once, and none is the only one.
    """
    tags = article.tagged_items.values_list("tag_id", flat=True)
    wanted = {month, *(f"/tags/{pk}/" for pk in tags)}
    return MirrorFile.objects.filter(address__in=wanted, status=200).count() < len(wanted)


def showing_column(column: ColumnPage) -> list[str]:
    """Those that name ``column``: its feeds, those of the site, and the lists of pages."""
    return [*(f"/{file}" for file in FEEDS), *LISTS, *_feeds_of(column)] if column.live else []


def naming_tags() -> Iterator[str]:
    """Those that name tags: every feed, and the lists; for a tag that is renamed."""
    yield from OF_THE_SITE
    for column in ColumnPage.objects.live():
        yield from _feeds_of(column)


def naming_home() -> list[str]:
    """Those that print what the front page says of itself."""
    return [f"/{file}" for file in FEEDS]


def _feeds_of(column: ColumnPage) -> list[str]:
    return [f"{path}{file}" for file in FEEDS] if (path := column.get_url()) else []


def _is_among_newest(article: ArticlePage, others: ArticleQuerySet) -> bool:
    at = article.first_published_at
    newer = others.filter(
        Q(first_published_at__gt=at) | Q(first_published_at=at, pk__gt=article.pk)
    )
    return newer.values("pk")[: feeds.NEWEST].count() < feeds.NEWEST


def _has_a_tag_of_its_own(article: ArticlePage) -> bool:
    """Whether no other public article has one of its tags: the tag comes or goes with it."""
    others = ArticleTag.objects.filter(content_object__live=True, tag=OuterRef("tag"))
    alone = ~Exists(others.exclude(content_object=article.pk))
    return ArticleTag.objects.filter(alone, content_object=article.pk).exists()
