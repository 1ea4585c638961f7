"""What a run kept, shown so that it can do nothing."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin

from rankings.evidence import kinds
from rankings.evidence import service as evidence
from rankings.evidence.models import Sighting

from ..extract.decoding import decode
from ..models import Run, RunPicture

# The page is a stranger's: no scripts, no requests, no forms, a context of its own.
ARCHIVE_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
PICTURE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'self'"


def check_may_view(request: HttpRequest) -> None:
    """Raise ``PermissionDenied`` unless runs may be looked at."""
    if not request.user.has_perm("scrapers.view_run"):
        raise PermissionDenied("您没有查看抓取记录的权限。")


@method_decorator(xframe_options_sameorigin, name="dispatch")
class ArchivedPageView(View):
    """The kept page as a reader saw it, dead: for the frame beside the rows."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        check_may_view(request)
        run = get_object_or_404(Run.objects.select_related("sighting__capture"), pk=pk)
        if run.sighting is None:
            raise Http404("这条抓取记录没有存下页面。")
        try:
            data = evidence.read(run.sighting.capture)
        except evidence.EvidenceError as error:
            return _unreadable(error)
        response = HttpResponse(
            decode(data, run.sighting.content_type).text.encode("utf-8", "replace"),
            content_type="text/html; charset=utf-8",
        )
        return _dead(response, ARCHIVE_POLICY, "private, no-store")


@method_decorator(xframe_options_sameorigin, name="dispatch")
class RunPictureView(View):
    """A picture of the page, as it was stored: for the place beside the rows."""

    def get(self, request: HttpRequest, pk: int, picture: int) -> HttpResponse:
        check_may_view(request)
        pictures = RunPicture.objects.select_related("sighting__capture")
        return _picture(get_object_or_404(pictures, pk=picture, run=pk).sighting)


def _picture(sighting: Sighting | None) -> HttpResponse:
    if sighting is None:
        raise Http404("这张图片没有存下来。")
    try:
        data = evidence.read(sighting.capture)
    except evidence.EvidenceError as error:
        return _unreadable(error)
    kind = kinds.kind_of(data)
    if not kind.picture:
        raise Http404("存下的内容不是图片。")
    response = HttpResponse(data, content_type=kind.content_type)
    # The same bytes for ever, but only for whoever may see them.
    return _dead(response, PICTURE_POLICY, "private, max-age=3600")


def _unreadable(error: evidence.EvidenceError) -> HttpResponse:
    return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")


def _dead(response: HttpResponse, policy: str, cache: str) -> HttpResponse:
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = cache
    return response
