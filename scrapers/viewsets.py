"""The 抓取 menu: sources and runs."""

from typing import Any

import django_filters
from django.db.models import Count, Q
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, EditView, IndexView
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from cms.read_only import ReadOnlyViewSet

from . import queries, services, views
from .forms import SourceForm
from .models import Candidate, DifferenceState, Replay, Run, RunState, Source
from .services import Scope


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
                [
                    HelpPanel(
                        "每月的网址有规律的，填地址模板；没有规律的，填目录页和文章标题的样子，"
                        "系统每月到目录页上去找。两种只填一种。"
                    ),
                    FieldPanel("address"),
                    FieldPanel("index_address"),
                    FieldPanel("title_pattern"),
                    FieldPanel("allowed_hosts"),
                ],
                heading="页面地址",
            ),
            InlinePanel("boards", heading="页面上的榜单", label="榜单"),
            MultiFieldPanel(
                [FieldPanel("active"), FieldPanel("days"), FieldPanel("hour")], heading="抓取时间"
            ),
            MultiFieldPanel([FieldPanel("selector")], heading="少数页面才要的设置"),
            FieldPanel("note"),
        ],
        base_form_class=SourceForm,
    )

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/run/", views.RequestRunView.as_view(), name="request_run"),
        ]


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
            Column(
                "trigger",
                label="发起方式",
                accessor="get_trigger_display",
                classname="run-wide",
            ),
            DateColumn("requested_at", label="时间", sort_key="requested_at"),
        ]


class RunViewSet(ReadOnlyViewSet):
    model = Run
    name = "scrapers_run"
    url_prefix = "scrapers/runs"
    icon = "history"
    menu_label = "抓取记录"
    menu_order = 20
    index_view_class = RunIndexView
    filterset_class = RunFilterSet

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", views.RunView.as_view(), name="show"),
            path("<int:pk>/page/", views.ArchivedPageView.as_view(), name="page"),
            path(
                "<int:pk>/pictures/<int:picture>/",
                views.RunPictureView.as_view(),
                name="picture",
            ),
        ]


class CandidateColumn(Column):
    """The title, linked to the publisher's article."""

    cell_template_name = "scrapers/admin/candidate_cell.html"


class CandidateActionsColumn(Column):
    """是榜单 and 不是榜单, for those who judge runs; else who decided."""

    cell_template_name = "scrapers/admin/candidate_actions_cell.html"

    def get_cell_context_data(
        self, instance: Candidate, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        request = parent_context["request"]
        may_decide = request.user.has_perm("scrapers.review_run")
        return {**context, "request": request, "may_decide": may_decide}


class CandidateFilterSet(WagtailFilterSet):
    class Meta:
        model = Candidate
        fields = ["source", "state"]


class CandidateIndexView(IndexView):
    results_template_name = "scrapers/admin/candidate_results.html"

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("source", "decided_by")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            CandidateColumn("title", label="文章"),
            Column("source", label="来源", classname="run-wide"),
            Column("month", label="统计月", accessor=lambda row: row.statistics_month.label),
            StateColumn("state", label="状态", accessor="state", sort_key="state"),
            DateColumn("found_at", label="发现时间", sort_key="found_at", classname="run-wide"),
            CandidateActionsColumn("actions", label=""),
        ]


class CandidateViewSet(ReadOnlyViewSet):
    model = Candidate
    name = "scrapers_candidate"
    url_prefix = "scrapers/candidates"
    icon = "search"
    menu_label = "发现的文章"
    menu_order = 30
    index_view_class = CandidateIndexView
    filterset_class = CandidateFilterSet

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("<int:pk>/", views.DecideCandidateView.as_view(), name="decide"),
        ]


class ReplayIndexView(IndexView):
    results_template_name = "scrapers/admin/replay_results.html"

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("scrapers.run_replay"):
            return []
        return [HeaderButton("开始重放", url=reverse("scrapers_replay:start"), icon_name="rotate")]

    def get_base_queryset(self) -> Any:
        waiting = Count("differences", filter=Q(differences__state=DifferenceState.OPEN))
        return (
            super()
            .get_base_queryset()
            .select_related("actor")
            .annotate(found=Count("differences"), waiting=waiting)
        )

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "replay",
                label="重放",
                accessor=str,
                get_url=lambda replay: reverse("scrapers_replay:show", args=[replay.pk]),
            ),
            StateColumn("state", label="状态", accessor="state", sort_key="state"),
            Column(
                "scope",
                label="范围",
                accessor=lambda replay: Scope(**replay.scope).words,
                classname="run-wide",
            ),
            Column("read", label="已读页面"),
            Column("found", label="与以前不同"),
            Column("waiting", label="待处理"),
            Column(
                "actor",
                label="发起人",
                accessor=lambda replay: replay.actor or "命令行",
                classname="run-wide",
            ),
            DateColumn("started_at", label="开始时间", sort_key="started_at"),
        ]


class ReplayViewSet(ReadOnlyViewSet):
    model = Replay
    name = "scrapers_replay"
    url_prefix = "scrapers/replays"
    icon = "rotate"
    menu_label = "重放"
    menu_order = 40
    index_view_class = ReplayIndexView

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("start/", views.StartReplayView.as_view(), name="start"),
            path("<int:pk>/", views.ReplayView.as_view(), name="show"),
        ]


class ScrapersViewSetGroup(ViewSetGroup):
    menu_label = "抓取"
    menu_icon = "download"
    menu_order = 320
    items = (
        SourceViewSet("scrapers_source"),
        RunViewSet("scrapers_run"),
        CandidateViewSet("scrapers_candidate"),
        ReplayViewSet("scrapers_replay"),
    )


scrapers_viewset_group = ScrapersViewSetGroup()
