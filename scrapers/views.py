"""Screens of the scrapers: ask for a run, watch it, and judge what it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.views import View
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from rankings.evidence import service as evidence

from . import queries, services
from .addresses import PatternError
from .checking import flag_text
from .due import month_to_fetch
from .extract.decoding import decode
from .forms import ReviewForm, RunRequestForm
from .models import Run, Source, Trigger

# The page is a stranger's: no scripts, no requests, no forms, a context of its own.
ARCHIVE_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


class RequestRunView(WagtailAdminTemplateMixin, TemplateView):
    """立即抓取: choose the month and let the worker fetch it."""

    template_name = "scrapers/admin/request_run.html"
    header_icon = "download"
    page_title = "立即抓取"

    @cached_property
    def source(self) -> Source:
        return get_object_or_404(Source, pk=self.kwargs["pk"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm("scrapers.run_source"):
            raise PermissionDenied("您没有抓取来源的权限。")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = RunRequestForm(request.POST)
        if form.is_valid():
            try:
                run = services.request_run(
                    request.user, self.source, form.cleaned_data["month"], Trigger.BUTTON
                )
            except services.RunInProgress as refusal:
                messages.warning(request, str(refusal))
                return redirect("scrapers_run:show", refusal.run.pk)
            except services.ScrapeError as refusal:
                form.add_error("month", str(refusal))
            else:
                return redirect("scrapers_run:show", run.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def get_page_subtitle(self) -> str:
        return str(self.source)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("scrapers_source:index"), "label": "来源"},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        month = month_to_fetch(timezone.now())
        kwargs.setdefault("form", RunRequestForm(initial={"month": month}))
        try:
            address = self.source.address_of(month)
        except PatternError as error:
            address = str(error)
        return super().get_context_data(source=self.source, month=month, address=address, **kwargs)


class RunView(WagtailAdminTemplateMixin, TemplateView):
    """One run: its progress, its evidence, and the desk where a person judges it."""

    template_name = "scrapers/admin/run.html"
    header_icon = "download"

    @cached_property
    def run(self) -> Run:
        runs = Run.objects.select_related("source", "sighting__capture", "actor", "decided_by")
        return get_object_or_404(runs, pk=self.kwargs["pk"])

    @cached_property
    def shown(self) -> list[queries.ShownBoard]:
        return queries.shown_boards(self.run)

    @property
    def may_review(self) -> bool:
        return self.request.user.has_perm("scrapers.review_run")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        _check_may_view(request)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReviewForm(request.POST, shown=self.shown)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        reason = form.cleaned_data["reason"]
        try:
            if request.POST.get("action") == "accept":
                run = services.accept_run(
                    request.user,
                    self.run,
                    reason,
                    form.choices(),
                    complete=form.cleaned_data["complete"],
                )
                messages.success(request, f"{run}：{run.reason}")
            elif request.POST.get("action") == "reject":
                run = services.reject_run(request.user, self.run, reason)
                messages.success(request, f"{run}：已驳回，没有入库。")
            else:
                messages.error(request, "没有这个操作，请刷新页面后重试。")
        except PermissionDenied as refusal:
            messages.error(request, str(refusal))
        except services.ScrapeError as refusal:
            form.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(form=form))
        return redirect("scrapers_run:show", self.run.pk)

    def get_page_title(self) -> str:
        return str(self.run)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("scrapers_run:index"), "label": "抓取记录"},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        run = self.run
        desk = run.is_waiting and self.may_review
        if desk:
            kwargs.setdefault("form", ReviewForm(shown=self.shown))
        extraction = run.extraction or {}
        return super().get_context_data(
            run=run,
            steps=queries.steps_of(run),
            listings=[_with_fields(listing, kwargs.get("form")) for listing in self.shown],
            flags=[flag_text(code) for code in extraction.get("flags", [])],
            extraction=extraction,
            capture=run.sighting.capture if run.sighting else None,
            **kwargs,
        )


@method_decorator(xframe_options_sameorigin, name="dispatch")
class ArchivedPageView(View):
    """The kept page as a reader saw it, dead: for the frame beside the rows."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        _check_may_view(request)
        run = get_object_or_404(Run.objects.select_related("sighting__capture"), pk=pk)
        if run.sighting is None:
            raise Http404("这条抓取记录没有存下页面。")
        try:
            data = evidence.read(run.sighting.capture)
        except evidence.EvidenceError as error:
            return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
        response = HttpResponse(
            decode(data, run.sighting.content_type).text.encode("utf-8", "replace"),
            content_type="text/html; charset=utf-8",
        )
        response["Content-Security-Policy"] = ARCHIVE_POLICY
        response["X-Content-Type-Options"] = "nosniff"
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "private, no-store"
        return response


def _check_may_view(request: HttpRequest) -> None:
    if not request.user.has_perm("scrapers.view_run"):
        raise PermissionDenied("您没有查看抓取记录的权限。")


@dataclass(frozen=True)
class _Listing:
    """A listing with its form fields, where it has some; ``ticked`` are row numbers as text."""

    shown: queries.ShownBoard
    board_field: BoundField | None = None
    ticked: frozenset[str] = frozenset()
    row_errors: Sequence[str] = ()


def _with_fields(listing: queries.ShownBoard, form: ReviewForm | None) -> _Listing:
    name = f"board-{listing.position}"
    if form is None or name not in form.fields:
        return _Listing(listing)
    rows = form[f"rows-{listing.position}"]
    ticked = frozenset(str(number) for number in rows.value() or [])
    return _Listing(listing, form[name], ticked, rows.errors)
