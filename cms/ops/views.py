"""Health addresses, the words of the admin's scripts, uploads without a web server in front."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, re_path
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import conditional_page, require_safe
from django.views.static import serve
from wagtail.admin.localization import get_localized_response
from wagtail.admin.views.i18n import js_catalog

from .health import report


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """The process can reach its database; overdue work never makes the site unready."""
    connection.ensure_connection()
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The level of each registered check; the sentences are for signed-in staff only."""
    findings = report()
    detailed = request.user.has_perm("wagtailadmin.access_admin")
    return JsonResponse(
        {
            "level": findings.level,
            "checks": {
                key: {
                    "level": level,
                    **({"messages": [r.message for r in results]} if detailed else {}),
                }
                for key, (level, results) in findings.checks.items()
            },
        },
        status=200 if findings.level != "alarm" else 503,
        json_dumps_params={"ensure_ascii": False},
    )


# By language. Translations change with the code only, and the process with it.
_catalogs: dict[str, bytes] = {}


@cache_control(private=True, no_cache=True)
@conditional_page
@require_safe
def javascript_catalog(request: HttpRequest) -> HttpResponse:
    """The words of the admin's scripts in the reader's language, made once a process.

    Every screen of the admin asks for them. Wagtail's own view makes them anew each time, which
    takes longer than most screens, and forbids the browser to keep them.
    """
    return get_localized_response(_catalog, request)


def _catalog(request: HttpRequest) -> HttpResponse:
    language = get_language()
    if language not in _catalogs:
        _catalogs[language] = js_catalog(request).content
    return HttpResponse(_catalogs[language], content_type="text/javascript; charset=utf-8")


def media_urlpatterns(prefix: str) -> list[URLPattern]:
    """Uploads served by the application, only where they lie on this machine's disk."""
    if not isinstance(default_storage, FileSystemStorage):
        return []
    return [
        re_path(
            rf"^{prefix.lstrip('/')}(?P<path>(?:images|original_images|posters)/.*)$",
            serve,
            {"document_root": settings.MEDIA_ROOT},
        )
    ]
