"""存证 on screen: what was kept, and its bytes without letting them do anything."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin

from .. import reports
from ..evidence import kinds
from ..evidence import service as evidence
from ..evidence.companions import companions_of
from ..evidence.models import Capture
from .base import RankingScreen
from .report import download

# A stranger's page or picture: no scripts, no requests, no forms, a context of its own.
DEAD_PAGE = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
_CHARSET = re.compile(r"charset=[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
DEAD_PICTURE = "sandbox; default-src 'none'; frame-ancestors 'self'"


class CaptureScreen(RankingScreen):
    """What the screens of one capture share."""

    template_name = "rankings/admin/evidence.html"
    title = "存证"

    def get_page_subtitle(self) -> str:
        return self.capture.sha256[:12]

    def setup(self, request: HttpRequest, *args: object, **kwargs: int) -> None:
        super().setup(request, *args, **kwargs)
        self.capture: Capture | None = None

    def load(self, pk: int) -> bytes:
        """The kept bytes, hash checked. Raises ``EvidenceError``."""
        self.capture = get_object_or_404(Capture, pk=pk)
        return evidence.read(self.capture)


class EvidenceView(CaptureScreen):
    """Hash, where and when it was met, and a look at it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        problem, kind = "", kinds.UNKNOWN
        try:
            kind = kinds.kind_of(self.load(pk))
        except evidence.EvidenceError as error:
            problem = str(error)
        return self.show(
            capture=self.capture,
            kind=kind,
            is_page=kind is kinds.HTML,
            problem=problem,
            sightings=self.capture.sightings.all()[:50],
            companions=companions_of(self.capture.pk),
            uses=reports.evidence_uses(self.capture.pk),
        )


class EvidenceFileView(CaptureScreen):
    """The kept bytes as a download; hostile pages are never shown in place."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            data = self.load(pk)
        except evidence.EvidenceError as error:
            return self.show(status=503, capture=self.capture, problem=str(error))
        name = f"存证-{self.capture.sha256[:16]}.{kinds.kind_of(data).suffix}"
        return download(data, "application/octet-stream", name)


class DeadView(CaptureScreen):
    """The bytes shown in place, if they are of a kind that can be, and can do nothing."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            data = self.load(pk)
        except evidence.EvidenceError as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
        kind = kinds.kind_of(data)
        if not self.shows(kind):
            raise Http404("这份存证不能这样查看，请下载。")
        response = HttpResponse(data, content_type=self.content_type(kind))
        response["Content-Security-Policy"] = self.policy
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "no-referrer"
        # The same bytes for ever, but only for whoever may see them.
        response["Cache-Control"] = "private, max-age=3600"
        return response

    def shows(self, kind: kinds.FileKind) -> bool:
        raise NotImplementedError

    def content_type(self, kind: kinds.FileKind) -> str:
        return kind.content_type


@method_decorator(xframe_options_sameorigin, name="dispatch")
class EvidencePictureView(DeadView):
    policy = DEAD_PICTURE

    def shows(self, kind: kinds.FileKind) -> bool:
        return kind.picture


@method_decorator(xframe_options_sameorigin, name="dispatch")
class EvidencePageView(DeadView):
    policy = DEAD_PAGE

    def shows(self, kind: kinds.FileKind) -> bool:
        return kind in (kinds.HTML, kinds.TEXT)

    def content_type(self, kind: kinds.FileKind) -> str:
        """With the encoding that the server named, which the page itself may not."""
        for told in self.capture.sightings.values_list("content_type", flat=True):
            if match := _CHARSET.search(told):
                return f"{kind.content_type}; charset={match[1]}"
        return kind.content_type
