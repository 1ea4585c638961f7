"""立即抓取."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from .. import services
from ..addresses import PatternError
from ..due import month_to_fetch
from ..forms import RunRequestForm
from ..models import Source, Trigger


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
                trial = request.POST.get("action") == "trial"
                run = services.request_run(
                    request.user,
                    self.source,
                    form.cleaned_data["month"],
                    Trigger.TRIAL if trial else Trigger.BUTTON,
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
            address = self.source.index_address or self.source.address_of(month)
        except PatternError as error:
            address = str(error)
        return super().get_context_data(source=self.source, month=month, address=address, **kwargs)
