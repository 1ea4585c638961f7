"""Health addresses, and uploads on a machine without a web server in front."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, re_path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.static import serve

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
