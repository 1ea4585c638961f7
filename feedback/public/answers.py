"""How pages of the application answer: kept by nobody, found by no search engine, no cookie."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# A form shown again with what is wrong.
REFUSED = 422
FORBIDDEN, CONFLICT, TOO_LARGE, TOO_MANY, UNAVAILABLE = 403, 409, 413, 429, 503
RETRY_SECONDS = 600


def page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200, wait: int = 0
) -> HttpResponse:
    """The page ``name``; ``wait`` seconds are told to programs as well."""
    response = render(request, f"feedback/public/{name}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    if wait:
        response["Retry-After"] = str(wait)
    return response
