"""What a withdrawn article's public address answers."""

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

if TYPE_CHECKING:
    from ..models import ArticlePage, Withdrawal

GONE = 410


def gone(request: HttpRequest, article: "ArticlePage", withdrawal: "Withdrawal") -> HttpResponse:
    """410 with a dated notice in fixed words, the way on, and nothing of the article itself."""
    context = {"withdrawal": withdrawal, "column": article.column}
    response = TemplateResponse(request, "articles/withdrawn.html", context, status=GONE)
    response["X-Robots-Tag"] = "noindex"
    return response
