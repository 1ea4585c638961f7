"""重放: begin one, watch it, and decide about what would differ."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .. import extract, services
from ..forms import ReplayForm
from ..models import DifferenceState, Replay, ReplayDifference, ReplayState

PER_PAGE = 25


class StartReplayView(WagtailAdminTemplateMixin, TemplateView):
    """开始重放: all stored pages, or those of a source or of some months."""

    template_name = "scrapers/admin/start_replay.html"
    header_icon = "rotate"
    page_title = "开始重放"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("scrapers.run_replay"):
            raise PermissionDenied("您没有重放存证的权限。")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReplayForm(request.POST)
        if form.is_valid():
            try:
                replay = services.request_replay(request.user, form.scope())
            except services.ScrapeError as refusal:
                form.add_error(None, str(refusal))
            else:
                return redirect("scrapers_replay:show", replay.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("scrapers_replay:index"), "label": "重放"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReplayForm())
        return super().get_context_data(version=extract.VERSION, **kwargs)


class ReplayView(WagtailAdminTemplateMixin, TemplateView):
    """One replay: how far it is, and its differences with what may be done about them."""

    template_name = "scrapers/admin/replay.html"
    header_icon = "rotate"

    @cached_property
    def replay(self) -> Replay:
        return get_object_or_404(Replay.objects.select_related("actor"), pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("scrapers.view_replay"):
            raise PermissionDenied("您没有查看重放的权限。")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.POST.get("action") == "continue":
                services.request_replay(request.user, services.Scope(**self.replay.scope))
                messages.success(request, "已从停下的地方接着做。")
                return redirect("scrapers_replay:show", self.replay.pk)
            given = request.POST.get("difference", "")
            difference = get_object_or_404(
                ReplayDifference, replay=self.replay, pk=given if given.isdecimal() else 0
            )
            if request.POST.get("action") == "apply":
                run = services.apply_difference(request.user, difference)
                messages.success(request, "已送核对。核对后确认入库才会改动名次。")
                return redirect("scrapers_run:show", run.pk)
            if request.POST.get("action") == "dismiss":
                services.dismiss_difference(request.user, difference)
                messages.success(request, f"{difference.run}：不采用，原来读出的不变。")
            else:
                messages.error(request, "没有这个操作，请刷新页面后重试。")
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        except services.ScrapeError as refusal:
            messages.error(request, str(refusal))
        page = request.GET.get("p", "")
        address = reverse("scrapers_replay:show", args=[self.replay.pk])
        return redirect(f"{address}?p={page}" if page.isdecimal() else address)

    def get_page_title(self) -> str:
        return str(self.replay)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("scrapers_replay:index"), "label": "重放"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        replay = self.replay
        has_perm = self.request.user.has_perm
        differences = replay.differences.select_related("run__source", "decided_by").defer(
            "extraction", "run__extraction"
        )
        waiting_first = differences.order_by(F("decided_at").asc(nulls_first=True), "run_id")
        pages = Paginator(waiting_first, PER_PAGE)
        running = replay.state == ReplayState.RUNNING
        return super().get_context_data(
            replay=replay,
            scope=services.Scope(**replay.scope).words,
            running=running,
            stopped=running and replay.is_silent(timezone.now()),
            page_obj=pages.get_page(self.request.GET.get("p")),
            open_count=differences.filter(state=DifferenceState.OPEN).count(),
            may_decide=has_perm("scrapers.review_run"),
            may_run=has_perm("scrapers.run_replay"),
            **kwargs,
        )
