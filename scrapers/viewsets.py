"""The 抓取 menu: sources and runs."""

from typing import Any

import django_filters
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from . import queries, services, views
from .forms import SourceForm
from .models import Run, RunState, Source


class StatusColumn(Column):
    """The state of the newest list, linked to its run."""

    cell_template_name = "scrapers/admin/status_cell.html"

    def get_value(self, instance: Source) -> queries.SourceStatus:
        return queries.source_status(instance, timezone.now())


class RunNowColumn(Column):
    """The button 立即抓取, for those who may."""

    cell_template_name = "scrapers/admin/run_now_cell.html"

    def get_value(self, instance: Source) -> str:
        return reverse("scrapers_source:request_run", args=[instance.pk])

    def get_cell_context_data(
        self, instance: Source, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        user = parent_context["request"].user
        return {**context, "may_run": user.has_perm("scrapers.run_source")}


class StateColumn(Column):
    cell_template_name = "scrapers/admin/state_cell.html"


class SourceIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("boards__board")


class SourceCreateView(CreateView):
    def save_instance(self) -> Source:
        return services.save_source(self.request.user, super().save_instance, created=True)


class SourceEditView(EditView):
    def save_instance(self) -> Source:
        return services.save_source(self.request.user, super().save_instance, created=False)


class SourceViewSet(ModelViewSet):
    model = Source
    name = "scrapers_source"
    url_prefix = "scrapers/sources"
    icon = "site"
    menu_label = "来源"
    menu_order = 10
    copy_view_enabled = False
    index_view_class = SourceIndexView
    add_view_class = SourceCreateView
    edit_view_class = SourceEditView
    list_display = [
        "__str__",
        Column("source_kind", label="来源种类", accessor="get_source_kind_display"),
        StatusColumn("status", label="最近一期"),
        RunNowColumn("run_now", label=""),
    ]
    search_fields = ["name", "key", "source_name"]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("name"), FieldPanel("key"), FieldPanel("is_example")], heading="来源"
            ),
            MultiFieldPanel(
                [FieldPanel("source_kind"), FieldPanel("source_name")], heading="可信程度"
            ),
            MultiFieldPanel(
                [FieldPanel("address"), FieldPanel("allowed_hosts")], heading="页面地址"
            ),
            InlinePanel("boards", heading="页面上的榜单", label="榜单"),
            MultiFieldPanel(
                [FieldPanel("active"), FieldPanel("days"), FieldPanel("hour")], heading="抓取时间"
            ),
            FieldPanel("note"),
        ],
        base_form_class=SourceForm,
    )

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/run/", views.RequestRunView.as_view(), name="request_run"),
        ]


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Runs are made by fetching and closed on their page; no form ever edits one."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return "view" in actions and super().user_has_permission(user, "view")


class RunFilterSet(WagtailFilterSet):
    state = django_filters.MultipleChoiceFilter(
        label="状态",
        choices=[choice for choice in RunState.choices if choice[0] != RunState.NOT_DUE],
        widget=django_filters.widgets.forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Run
        fields = ["source", "state", "trigger"]


class RunIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("source")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "run",
                label="来源和统计月",
                accessor=str,
                get_url=lambda run: reverse("scrapers_run:show", args=[run.pk]),
            ),
            StateColumn("state", label="状态", accessor="state", sort_key="state"),
            Column("reason", label="说明"),
            Column("trigger", label="发起方式", accessor="get_trigger_display"),
            DateColumn("requested_at", label="时间", sort_key="requested_at"),
        ]


class RunViewSet(ModelViewSet):
    model = Run
    name = "scrapers_run"
    url_prefix = "scrapers/runs"
    icon = "history"
    menu_label = "抓取记录"
    menu_order = 20
    copy_view_enabled = False
    index_view_class = RunIndexView
    filterset_class = RunFilterSet
    # No form is ever shown; the viewset asks for one all the same.
    form_fields = ["reason"]
    permission_policy = ReadOnlyPolicy(Run)

    def get_urlpatterns(self) -> list[Any]:
        own = {"index", "index_results"}
        return [
            *(pattern for pattern in super().get_urlpatterns() if pattern.name in own),
            path("<int:pk>/", views.RunView.as_view(), name="show"),
            path("<int:pk>/page/", views.ArchivedPageView.as_view(), name="page"),
            path(
                "<int:pk>/pictures/<int:picture>/",
                views.RunPictureView.as_view(),
                name="picture",
            ),
        ]

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        gone = ("add", "edit", "delete", "history", "usage")
        return super().get_common_view_kwargs(
            **{f"{name}_url_name": None for name in gone}, **kwargs
        )


class ScrapersViewSetGroup(ViewSetGroup):
    menu_label = "抓取"
    menu_icon = "download"
    menu_order = 320
    items = (SourceViewSet("scrapers_source"), RunViewSet("scrapers_run"))


scrapers_viewset_group = ScrapersViewSetGroup()
