"""Posters of a claim: previews, making them, and what became of those that were made."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.http import content_disposition_header
from wagtail.admin import messages

from ..models import Claim, Poster, PosterLayout
from ..services import RankingError
from ..services import posters as services
from .base import RankingScreen
from .report import download


def picture(data: bytes, name: str = "") -> HttpResponse:
    """A PNG of our own to be shown in a page."""
    response = HttpResponse(data, content_type=services.CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(False, name)
    response["X-Content-Type-Options"] = "nosniff"
    # A poster is void from the moment its claim is: nobody keeps an old copy.
    response["Cache-Control"] = "private, no-store"
    return response


def get_claim(pk: int) -> Claim:
    return get_object_or_404(Claim.objects.select_related("board", "account"), pk=pk)


def get_poster(pk: int) -> Poster:
    return get_object_or_404(
        Poster.objects.select_related("claim__board", "claim__account", "capture", "made_by"), pk=pk
    )


class PosterScreen(RankingScreen):
    """A screen below a claim."""

    header_icon = "image"
    claim: Claim

    def get_page_subtitle(self) -> str:
        return self.claim.number

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, last = super().get_breadcrumbs_items()
        return [
            *before,
            {"url": reverse("rankings:claim", args=[self.claim.pk]), "label": self.claim.number},
            last,
        ]


class ClaimPostersView(PosterScreen):
    """战报海报 of one claim: the three layouts to make, and those made so far."""

    title = "战报海报"
    template_name = "rankings/admin/posters/claim_posters.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.claim = get_claim(pk)
        return self._show()

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.claim = get_claim(pk)
        try:
            poster = services.make_poster(request.user, self.claim, request.POST.get("layout", ""))
        except RankingError as error:
            self.claim.refresh_from_db()
            return self._show(str(error), status=409)
        messages.success(request, f"海报已做好：{poster.get_layout_display()}。")
        return redirect("rankings:poster", poster.pk)

    def _show(self, problem: str = "", status: int = 200) -> HttpResponse:
        may_make = self.request.user.has_perm("rankings.make_poster")
        refusal = services.refusal(self.claim)
        return self.show(
            status=status,
            claim=self.claim,
            problem=problem,
            refusal=refusal if refusal != problem else "",
            layouts=PosterLayout.choices if may_make and not refusal else (),
            may_make=may_make,
            posters=self.claim.posters.select_related("claim"),
        )


class PosterPreviewView(PosterScreen):
    """What a poster would look like; nothing is kept."""

    permissions = ("make_poster",)

    def get(self, request: HttpRequest, pk: int, layout: str) -> HttpResponse:
        self.claim = get_claim(pk)
        try:
            return picture(services.draw_poster(self.claim, layout).data)
        except RankingError as error:
            return HttpResponse(str(error), status=409, content_type="text/plain; charset=utf-8")


class PosterView(PosterScreen):
    """One poster with what may be done with it."""

    template_name = "rankings/admin/posters/poster.html"

    def get_page_title(self) -> str:
        return f"战报海报：{self.poster.get_layout_display()}"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.poster = get_poster(pk)
        self.claim = self.poster.claim
        return self.show(poster=self.poster, claim=self.claim)


class PosterPictureView(PosterScreen):
    """The picture to look at: 已失效 stands across one whose claim does not hold."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        poster = get_poster(pk)
        try:
            return picture(services.shown_bytes(poster), file_name(poster))
        except RankingError as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")


class PosterDownloadView(PosterScreen):
    """The picture as a file, while its claim holds."""

    template_name = "rankings/admin/posters/poster.html"

    def get_page_title(self) -> str:
        return f"战报海报：{self.poster.get_layout_display()}"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.poster = get_poster(pk)
        self.claim = self.poster.claim
        try:
            data = services.poster_bytes(self.poster)
        except RankingError as error:
            return self.show(status=409, poster=self.poster, claim=self.claim, problem=str(error))
        return download(data, services.CONTENT_TYPE, file_name(self.poster))


def file_name(poster: Poster) -> str:
    mark = "" if poster.usable else "已失效-"
    return f"{mark}战报-{poster.claim.number}-{poster.get_layout_display()[:2]}.png"


urls = [
    path("claims/<int:pk>/posters/", ClaimPostersView.as_view(), name="claim_posters"),
    path(
        "claims/<int:pk>/posters/<slug:layout>.png",
        PosterPreviewView.as_view(),
        name="poster_preview",
    ),
    path("posters/<int:pk>/", PosterView.as_view(), name="poster"),
    path("posters/<int:pk>/picture.png", PosterPictureView.as_view(), name="poster_picture"),
    path("posters/<int:pk>/download/", PosterDownloadView.as_view(), name="poster_download"),
]
