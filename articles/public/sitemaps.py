"""The site map for search engines: an index, the pages, and the articles month by month.

By the month of first publication, so that one article changes one small file. Lists carry no date
of change: else every publication would change the file of the pages as well.
"""

import datetime as dt
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import SitemapIndexItem
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localtime

from cms.mirror.views import mirrored
from cms.ops.templatetags.site_tags import on_site
from rankings.models import HonoursPage

from ..models import ArticlePage, ColumnPage, CorrectionNote, HomePage
from .changes import changed_at, with_corrected_at
from .directory import live_tags, months

INDEX, PAGES, ROBOTS = "/sitemap.xml", "/sitemap-pages.xml", "/robots.txt"
XML = "application/xml"


def address_of(month: dt.date) -> str:
    """Where the site map of ``month`` stands."""
    return f"/sitemap-{month:%Y-%m}.xml"


class OurSitemap(Sitemap):
    """Full addresses below ``SITE_URL``, whatever host was asked."""

    limit = 50_000  # what the protocol allows in a file

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class Month(OurSitemap):
    """The articles that were first published in one month."""

    def __init__(self, month: dt.date, request: HttpRequest):
        self.month = month
        self.request = request

    def items(self) -> list[ArticlePage]:
        articles = ArticlePage.objects.live().filter(
            first_published_at__year=self.month.year, first_published_at__month=self.month.month
        )
        ordered = with_corrected_at(articles).order_by("first_published_at", "pk")
        return list(ordered.defer_streamfields())

    def location(self, item: ArticlePage) -> str:
        return item.get_url(self.request) or "/"

    def lastmod(self, item: ArticlePage) -> dt.datetime | None:
        return changed_at(item)


class Pages(OurSitemap):
    """Everything that is no article: the pages of the tree, and the lists."""

    def __init__(self, request: HttpRequest):
        self.request = request

    def items(self) -> list[str]:
        pages = [
            *HomePage.objects.live(),
            *ColumnPage.objects.live().order_by("path"),
            *HonoursPage.objects.live(),
        ]
        found = [url for page in pages if (url := page.get_url(self.request))]
        found += ["/archive/", *(f"/archive/{month:%Y-%m}/" for month in months())]
        found += ["/tags/", *(f"/tags/{tag.pk}/" for tag in live_tags())]
        return [*found, "/feedback/", "/sitemap/"]

    def location(self, item: str) -> str:
        return item


@mirrored
def index(request: HttpRequest) -> HttpResponse:
    """The list of the site maps, each month with its last change."""
    sitemaps = [SitemapIndexItem(on_site(PAGES))]
    sitemaps += [
        SitemapIndexItem(on_site(address_of(month)), changed) for month, changed in _changes()
    ]
    return TemplateResponse(request, "sitemap_index.xml", {"sitemaps": sitemaps}, content_type=XML)


def _changes() -> list[tuple[dt.date, dt.datetime]]:
    """Every month and when its articles last changed, newest first; two queries.

    Months are told apart here: SQLite would call Python for every row, and take twice as long.
    """
    published = ArticlePage.objects.live().filter(first_published_at__isnull=False).order_by()
    corrected = CorrectionNote.objects.public().filter(article__live=True).order_by()
    moments = chain(
        published.values_list("first_published_at", "last_published_at"),
        corrected.values_list("article__first_published_at", "decided_at"),
    )
    changes: dict[dt.date, dt.datetime] = {}
    for first, later in moments:
        month = localtime(first).date().replace(day=1)
        changed = max(first, later or first)
        changes[month] = max(changes.get(month, changed), changed)
    return sorted(changes.items(), reverse=True)


@mirrored
def pages(request: HttpRequest) -> HttpResponse:
    return _answer(request, Pages(request))


@mirrored
def month(request: HttpRequest, year: str, month: str) -> HttpResponse:
    try:
        sitemap = Month(dt.date(int(year), int(month), 1), request)
    except ValueError as error:
        raise Http404(str(error)) from error
    response = _answer(request, sitemap)
    if not response.context_data["urlset"]:
        raise Http404("no articles in this month")
    return response


def _answer(request: HttpRequest, sitemap: Sitemap) -> TemplateResponse:
    return TemplateResponse(
        request, "sitemap.xml", {"urlset": sitemap.get_urls()}, content_type=XML
    )


@mirrored
def robots(request: HttpRequest) -> HttpResponse:
    """What may be indexed: a demo not at all, of a real site everything that is a file."""
    if settings.DEMO:
        lines = ["User-agent: *", "Disallow: /"]
    else:
        closed = ("/admin/", "/api/", "/search/", "/feedback/new/", "/feedback/track/", "/-/")
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
        lines += ["", f"Sitemap: {on_site(INDEX)}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
