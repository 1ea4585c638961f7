"""The archive by months and the tags."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from taggit.models import Tag

from cms.mirror.views import mirrored

from ..models import ArticlePage, ColumnPage
from . import listings

ARCHIVE, TAGS = "/archive/", "/tags/"


def _number(given: str | None) -> int | None:
    return int(given) if given else None


@mirrored
def archive(request: HttpRequest) -> HttpResponse:
    """All months that have articles."""
    months = listings.months_of(ArticlePage.objects.live(), ARCHIVE)
    return _page(request, "archive_page", {"months": months})


@mirrored
def archive_month(
    request: HttpRequest, year: str, month: str, number: str | None = None
) -> HttpResponse:
    """The articles of one month, of all columns."""
    day = dt.date(int(year), int(month), 1)
    listing = listings.build_month(ArticlePage.objects.live(), ARCHIVE, day, _number(number))
    path = listings.page_at(listings.month_url(ARCHIVE, day), _number(number))
    return _page(request, "archive_month_page", {"listing": listing, "path": path, **_columns()})


@mirrored
def tags(request: HttpRequest) -> HttpResponse:
    """All tags that have public articles, those with most first."""
    of_public = Count(
        "articles_articletag_items", filter=Q(articles_articletag_items__content_object__live=True)
    )
    found = Tag.objects.annotate(count=of_public).filter(count__gt=0).order_by("-count", "pk")
    shown = [{"name": tag.name, "url": tag_url(tag.pk), "count": tag.count} for tag in found]
    return _page(request, "tags_page", {"tags": shown})


@mirrored
def tag(request: HttpRequest, pk: str, number: str | None = None) -> HttpResponse:
    """The articles of one tag."""
    found = get_object_or_404(Tag, pk=int(pk))
    base = tag_url(found.pk)
    listing = listings.build(tagged(found.pk), base, _number(number), title=found.name)
    path = listings.page_at(base, _number(number))
    return _page(
        request, "tag_page", {"tag": found, "listing": listing, "path": path, **_columns()}
    )


def tag_url(pk: int) -> str:
    """Tags are named by number: their names are Chinese, and may be mended."""
    return f"{TAGS}{pk}/"


def tagged(pk: int) -> Any:
    """The public articles of a tag."""
    return ArticlePage.objects.live().filter(tagged_items__tag_id=pk)


def _columns() -> dict[str, Any]:
    return {"columns": list(ColumnPage.objects.live())}


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, f"articles/{name}.html", context)
