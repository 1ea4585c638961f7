"""The addresses of pushes: the list, a new one, one push's page."""

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views import generic

from ..desk.panelled import PanelledView
from ..models import Push
from .panels import PANELS
from .panels.base import PushDesk, PushPanel

VIEW_PERMISSION = "articles.view_push"


class PushIndexView(generic.IndexView):
    """All pushes, the newest first."""

    model = Push
    page_title = "推送"
    header_icon = "mail"
    any_permission_required = ["view"]
    index_url_name = "pushes_index"
    index_results_url_name = "pushes_index_results"
    template_name = "articles/admin/pushes/index.html"
    results_template_name = "articles/admin/pushes/index_results.html"
    columns = [
        TitleColumn(
            "title", label="推送", get_url=lambda push: reverse("pushes_show", args=[push.pk])
        ),
        Column("created_by", label="组稿人"),
        DateColumn("go_live_at", label="定时"),
    ]

    def get_base_queryset(self) -> Any:
        return Push.objects.select_related(
            "created_by", "approved_by", "delivery"
        ).prefetch_related("members__article")


class PushView(PanelledView):
    """One push: its articles, its approval, its time, and what became of it."""

    template_name = "articles/admin/pushes/push.html"
    header_icon = "mail"
    view_permission = VIEW_PERMISSION
    view_refusal = "您没有查看推送的权限。"

    @cached_property
    def desk(self) -> PushDesk:
        pushes = Push.objects.select_related("created_by", "approved_by", "delivery")
        return PushDesk(self.request, get_object_or_404(pushes, pk=self.kwargs["pk"]))

    @cached_property
    def panels(self) -> list[PushPanel]:
        return [panel(self.desk) for panel in PANELS]

    def get_page_title(self) -> str:
        return "推送"

    def get_page_subtitle(self) -> str:
        return self.desk.push.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("pushes_index"), "label": "推送"},
            {"url": "", "label": self.desk.push.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(push=self.desk.push, **kwargs)
