"""The list of statements."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import BooleanRadioSelect
from wagtail.admin.widgets.button import Button

from ..forms import MonthField
from ..models import Account, Board, Observation, State, Status
from ..periods import Month
from ..reports import returned_to
from ..viewsets import ReadersPolicy
from .base import month_page

# So many of what came back are told above the list.
RETURNED_SHOWN = 5


def _accounts_named(text: str) -> QuerySet:
    """Accounts with this key, or with the text in a name they bear or bore."""
    return Account.objects.filter(Q(key=text) | Q(names__name__icontains=text))


class MonthFilter(django_filters.Filter):
    field_class = MonthField


class ObservationFilterSet(WagtailFilterSet):
    board = django_filters.ModelChoiceFilter(label="榜单", queryset=Board.objects.all())
    month = MonthFilter(
        label="统计月", help_text="例如 2019-08", method="of_month", widget=forms.TextInput
    )
    account = django_filters.CharFilter(label="公众号（名称或编号）", method="of_account")
    state = django_filters.ChoiceFilter(
        label="状态", choices=State.choices, empty_label="全部", widget=forms.RadioSelect
    )
    status = django_filters.ChoiceFilter(
        label="核实情况", choices=Status.choices, empty_label="全部", widget=forms.RadioSelect
    )
    is_current = django_filters.BooleanFilter(label="现行版本", widget=BooleanRadioSelect)
    mine = django_filters.BooleanFilter(
        label="我录入的", method="of_mine", widget=BooleanRadioSelect
    )

    class Meta:
        model = Observation
        fields: list[str] = []

    def of_month(self, rows: QuerySet, name: str, month: Month) -> QuerySet:
        return rows.filter(start__lte=month.last_day, end__gte=month.first_day)

    def of_mine(self, rows: QuerySet, name: str, wanted: bool) -> QuerySet:
        mine = Q(recorded_by=self.request.user)
        return rows.filter(mine if wanted else ~mine)

    def of_account(self, rows: QuerySet, name: str, text: str) -> QuerySet:
        return rows.filter(account__in=_accounts_named(text).values("pk"))


class StatementColumn(TitleColumn):
    """The account, with the way to correct the statement for whoever may."""

    cell_template_name = "rankings/admin/includes/statement_cell.html"

    def get_cell_context_data(
        self, instance: Observation, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        user = parent_context["request"].user
        context["may_correct"] = user.has_perm("rankings.record_observation")
        context["may_withdraw"] = (
            instance.status == Status.PROPOSED and instance.recorded_by_id == user.pk
        )
        return context


class StatusColumn(Column):
    cell_template_name = "rankings/admin/includes/status_cell.html"


class SourceColumn(Column):
    cell_template_name = "rankings/admin/includes/source_cell.html"


def _version(row: Observation) -> str:
    if row.is_current:
        return f"第{row.version}版"
    fate = "已退回" if row.status == Status.REJECTED else "已被取代"
    return f"第{row.version}版（{fate}）"


class ObservationListView(generic.IndexView):
    """名次记录: every version of every statement, read only."""

    model = Observation
    page_title = "名次记录"
    header_icon = "clipboard-list"
    permission_policy = ReadersPolicy(Observation)
    any_permission_required = ["view"]
    index_url_name = "rankings:observations"
    index_results_url_name = "rankings:observations_results"
    filterset_class = ObservationFilterSet
    # Names of accounts are searched besides, below.
    search_fields = ["source_name", "note"]
    search_backend_name = None
    default_ordering = "-start"
    paginate_by = 50
    template_name = "rankings/admin/observations.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            StatementColumn(
                "account",
                label="公众号",
                accessor=lambda row: row.account or "全榜",
                get_url=month_page,
            ),
            Column("board", label="榜单"),
            Column(
                "start",
                label="统计期",
                accessor=lambda row: row.period.label,
                sort_key="start",
            ),
            Column("standing", label="名次", sort_key="rank"),
            StatusColumn("status", label="核实情况"),
            SourceColumn("source_name", label="来源"),
            Column(
                "version",
                label="版本",
                accessor=_version,
                classname="only-wide",
            ),
            Column(
                "recorded_by",
                label="录入人",
                accessor=lambda row: row.recorded_by or "系统",
                classname="only-wide",
            ),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        address = reverse("rankings:export")
        return [
            *super().header_more_buttons,
            Button("导出全部（CSV）", url=address, icon_name="download", priority=80),
            Button(
                "导出全部（XLSX）", url=f"{address}?format=xlsx", icon_name="download", priority=90
            ),
        ]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        if not self.results_only:
            context["returned"] = returned_to(self.request.user)[:RETURNED_SHOWN]
        return context

    def get_base_queryset(self) -> QuerySet:
        return Observation.objects.select_related("board", "account", "recorded_by", "capture")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        # By a sub-query: joined with its names, an account's rows would be repeated.
        named = _accounts_named(self.search_query).values("pk")
        found = Q(account__in=named)
        for field in self.search_fields:
            found |= Q(**{f"{field}__icontains": self.search_query})
        return queryset.filter(found)

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.ordering == "-start":
            return queryset.order_by("-start", "board", "rank", "pk")
        return super().order_queryset(queryset)
