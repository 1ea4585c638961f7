"""What stands at an address: the answer of its view to a reader of whom nothing is known."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import timezone, translation
from wagtail.models import Site

from .addresses import GONE

OK, NOT_THERE, IS_GONE = 200, 404, 410


@dataclass(frozen=True)
class Rendered:
    """``status`` is 200, 404 or 410; ``body`` is empty with 404."""

    status: int
    body: bytes = b""


class NotRendered(Exception):
    """The view answered something that cannot stand as a file."""


# What all pages ask of the site, asked once for many of them.
_shared: ContextVar[dict[str, Any] | None] = ContextVar("shared", default=None)


@contextmanager
def many() -> Iterator[None]:
    """Render several pages: what concerns the site as a whole is asked once in this block.

    Not longer than one batch, or a change of the site would not be seen.
    """
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def shared(name: str, ask: Any) -> Any:
    """The answer of ``ask()``, remembered within `many`."""
    known = _shared.get()
    if known is None:
        return ask()
    if name not in known:
        known[name] = ask()
    return known[name]


def request_for(address: str) -> HttpRequest:
    """A request for ``address`` as nobody in particular sends it."""
    site = urlsplit(settings.SITE_URL)
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = address
    request.META = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "SERVER_NAME": site.hostname or "localhost",
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "HTTP_HOST": site.netloc,
        "wsgi.url_scheme": site.scheme,
        "HTTP_X_FORWARDED_PROTO": site.scheme,
    }
    request.is_for_mirror = True
    request._wagtail_site = shared("site", lambda: Site.find_for_request(request))
    request._wagtail_cached_site_root_paths = shared("root_paths", Site.get_site_root_paths)
    return request


def render(address: str) -> Rendered:
    """What stands at ``address`` now.

    Raises:
        NotRendered: the view set a cookie or answered with another status than 200, 404, 410.
        Exception: whatever the view raises.
    """
    try:
        match = resolve(address)
    except Resolver404:
        return Rendered(NOT_THERE)
    if not getattr(match.func, "is_mirrored", False):
        return Rendered(NOT_THERE)
    request = request_for(address)
    request.resolver_match = match
    # Whoever caused this may have chosen another time zone or language for the workbench.
    with timezone.override(None), translation.override(settings.LANGUAGE_CODE):
        return _answer(request, match)


def _answer(request: HttpRequest, match: ResolverMatch) -> Rendered:
    address = request.path
    try:
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
    except Http404:
        return Rendered(NOT_THERE)
    except PermissionDenied as error:
        raise NotRendered(f"{address}: {error}") from error
    if response.cookies:
        raise NotRendered(f"{address} sets a cookie")
    if response.status_code in (301, 302, 404):
        return Rendered(NOT_THERE)
    if response.status_code not in (OK, IS_GONE):
        raise NotRendered(f"{address} answers {response.status_code}")
    body = b"".join(response) if response.streaming else response.content
    return Rendered(response.status_code, body)


def render_gone() -> bytes:
    """The notice for a page that was taken down by hand: nothing of the page itself."""
    return render(GONE).body
