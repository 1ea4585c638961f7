"""The public search page. It reads no session and leaves no cookie."""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe
from wagtail.search.backends import get_search_backend

from cms.mirror import worker
from cms.mirror.views import unavailable
from cms.ops import rates
from cms.search import query as asking

from ..models import ArticlePage, ColumnPage
from . import suggestions
from .parameters import NEWEST, Parameters, read
from .query import MOST_PAGES, PAGE_SIZE, Asked, Found, find
from .snippets import marked, snippet

logger = logging.getLogger(__name__)

TEMPLATE = "articles/search_page.html"
WHOLE_MIRROR = ""


@dataclass(frozen=True)
class Result:
    """One article as it is listed, its title and a piece of its text marked."""

    article: ArticlePage
    title: SafeString
    snippet: SafeString


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Results for ``q`` (with ``column``, ``from``, ``to``, ``order``, ``page``), or the form."""
    closed = worker.closed_addresses()
    if WHOLE_MIRROR in closed:
        response = unavailable(request)
        response.status_code = 503
        return response
    if request.GET.get("q") and (seconds := rates.wait(request, "search", settings.SEARCH_RATE)):
        response = _page(request, {"refused": True, "seconds": seconds}, status=429)
        response["Retry-After"] = str(seconds)
        return response
    columns = list(ColumnPage.objects.live().order_by("path"))
    parameters = read(request.GET.dict(), columns)
    context: dict[str, Any] = {"columns": columns, "parameters": parameters, "newest": NEWEST}
    query = asking.parse(parameters.typed)
    if not parameters.mistakes and query:
        try:
            context |= _answer(parameters, query, columns, closed)
        except get_search_backend().failures:
            logger.exception("the search server does not answer")
            return _page(request, context | {"is_down": True}, status=503)
    elif not parameters.mistakes:
        context["tags"] = suggestions.most_used_tags()
    return _page(request, context)


def _answer(
    parameters: Parameters,
    query: asking.Query,
    columns: Sequence[ColumnPage],
    closed: Collection[str],
) -> dict[str, Any]:
    asked = Asked(
        query,
        parameters.column,
        parameters.since,
        parameters.until,
        parameters.newest_first,
        frozenset(closed),
    )
    number = parameters.page
    found = find(asked, number)
    if found.total and number > found.pages:
        number = found.pages
        found = find(asked, number)
    if not found.total:
        return {
            "found": found,
            "suggestions": suggestions.close(query, columns),
            "latest": ArticlePage.objects.newest().defer_streamfields()[:5],
            "is_narrowed": bool(parameters.column or parameters.since or parameters.until),
            "wider": parameters.address(column="", **{"from": "", "to": ""}),
        }
    return {
        "found": found,
        "results": results(found, query),
        "suggestions": suggestions.names(query, columns) if number == 1 else None,
        "number": number,
        "pages": _pages(parameters, number, found),
        "cut_off": found.total > MOST_PAGES * PAGE_SIZE,
        "most": MOST_PAGES * PAGE_SIZE,
        "by_relevance": parameters.address(order=""),
        "by_date": parameters.address(order=NEWEST),
    }


def results(found: Found, query: asking.Query) -> list[Result]:
    """The articles of ``found`` with what is shown of them."""
    articles = ArticlePage.objects.in_bulk(found.keys)
    field = ArticlePage._meta.get_field("body")
    return [
        Result(
            article,
            marked(article.title, query.phrases),
            snippet([article.digest, *field.get_searchable_content(article.body)], query.phrases),
        )
        for key in found.keys
        if (article := articles.get(key))  # withdrawn at this very moment
    ]


def _pages(parameters: Parameters, number: int, found: Found) -> list[tuple[int, str]]:
    """The pages around ``number`` that can be turned to, with their addresses."""
    near = {1, found.pages, *range(number - 2, number + 3)}
    return [
        (page, parameters.address(page=str(page)))
        for page in sorted(near)
        if 1 <= page <= found.pages
    ]


def _page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, TEMPLATE, context, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
