"""Public views: run for the mirror only, and what is answered where it has no file."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from . import days
from .models import MirrorJob

View = Callable[..., HttpResponse]
RETRY_SECONDS = 15


def mirrored(view: View) -> View:
    """Have the answer of ``view`` be a file of the mirror.

    Over HTTP it is not run: there the file answers, or, where there is none, `absent`.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "is_for_mirror", False) or settings.MIRROR_LIVE:
            return view(request, *args, **kwargs)
        return absent(request)

    answer.is_mirrored = True
    return answer


@require_safe
def absent(request: HttpRequest) -> HttpResponse:
    """No file stands there: a page that is just being made, or nothing.

    Old addresses become redirects on the way out, by Wagtail's middleware.
    """
    if MirrorJob.objects.filter(address=request.path).exists():
        response = unavailable(request)
        response.status_code = 503
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    response = not_found(request)
    response.status_code = 404
    return response


def not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "404.html")


def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "410.html")


def unavailable(request: HttpRequest) -> HttpResponse:
    return render(request, "503.html")


@mirrored
def day_style(request: HttpRequest) -> HttpResponse:
    """Grey on a day of mourning, and nothing on others; every page links it."""
    is_grey = days.is_grey(timezone.localdate())
    style = "html { filter: grayscale(1); }\n" if is_grey else "/* 平常的一天 */\n"
    return HttpResponse(style, content_type="text/css; charset=utf-8")
