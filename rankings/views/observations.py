"""The list of statements, and the correction of one."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import AdminDateInput, BooleanRadioSelect

from .. import services
from ..figures import parse_figure
from ..importing.columns import FIGURE_LABELS
from ..models import Account, Board, Observation, State, Status
from ..periods import Month, PeriodError
from ..reports import figure_text, statement_card
from ..viewsets import ReadersPolicy
from .base import RankingScreen


class MonthField(forms.CharField):
    """2019-08, 2019年8月 …"""

    def clean(self, value: Any) -> Month | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Month.parse(text)
        except PeriodError as error:
            raise ValidationError(str(error)) from error


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

    class Meta:
        model = Observation
        fields: list[str] = []

    def of_month(self, rows: QuerySet, name: str, month: Month) -> QuerySet:
        return rows.filter(start__lte=month.last_day, end__gte=month.first_day)

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
        return context


class StatusColumn(Column):
    cell_template_name = "rankings/admin/includes/status_cell.html"


class SourceColumn(Column):
    cell_template_name = "rankings/admin/includes/source_cell.html"


def _month_page(row: Observation) -> str | None:
    """The page behind a monthly statement about an account; None for others."""
    if row.account_id is None or row.month is None:
        return None
    month = Month.from_index(row.month)
    return reverse("rankings:month_detail", args=[row.board.key, row.account.key, str(month)])


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
                get_url=_month_page,
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
                accessor=lambda row: (
                    f"第{row.version}版" if row.is_current else f"第{row.version}版（已被取代）"
                ),
                classname="only-wide",
            ),
            Column(
                "recorded_by",
                label="录入人",
                accessor=lambda row: row.recorded_by or "系统",
                classname="only-wide",
            ),
        ]

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


class CorrectionForm(forms.Form):
    """What a new version may say otherwise. Who is spoken of and who speaks stay as they are."""

    state = forms.ChoiceField(label="状态")
    rank = forms.IntegerField(
        label="名次", min_value=1, required=False, help_text="没有名次时留空。"
    )
    tied = forms.BooleanField(label="并列", required=False)
    status = forms.ChoiceField(
        label="核实情况", choices=[(Status.CONFIRMED, "已核实"), (Status.REPORTED, "据报道")]
    )
    source_url = forms.URLField(
        label="来源网址", required=False, max_length=500, assume_scheme="https"
    )
    published = forms.DateField(label="发布日期", required=False, widget=AdminDateInput)
    list_size = forms.IntegerField(label="公布名次数", min_value=1, required=False)
    method = forms.CharField(label="计算方法", required=False, max_length=60)
    note = forms.CharField(label="备注", required=False, max_length=500)
    reason = forms.CharField(
        label="更正理由",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明错在哪里、依据是什么，会和旧版一起长期保留。",
        error_messages={"required": "请写明更正理由。"},
    )

    CONTENT = (
        "state",
        "rank",
        "tied",
        "status",
        "source_url",
        "published",
        "list_size",
        "method",
        "note",
    )

    def __init__(self, observation: Observation, *args: Any, **kwargs: Any) -> None:
        self.observation = observation
        initial = {name: getattr(observation, name) for name in self.CONTENT}
        if observation.status == Status.PROPOSED:
            initial["status"] = Status.CONFIRMED
        for key, figure in observation.figures.items():
            initial[f"figure_{key}"] = _written(figure)
        super().__init__(*args, initial=initial, **kwargs)
        whole_board = observation.account_id is None
        self.fields["state"].choices = [
            choice for choice in State.choices if (choice[0] == State.NOT_ISSUED) == whole_board
        ]
        for key, label in FIGURE_LABELS.items():
            self.fields[f"figure_{key}"] = forms.CharField(
                label=label, required=False, max_length=64
            )
        self.order_fields([*self.CONTENT, *(f"figure_{key}" for key in FIGURE_LABELS), "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        state, rank = data.get("state"), data.get("rank")
        if state == State.RANKED and rank is None and "rank" not in self.errors:
            self.add_error("rank", "状态是“有名次”，请填写名次。")
        if state and state != State.RANKED and (rank is not None or data.get("tied")):
            self.add_error("rank", "这个状态没有名次，请清空名次和并列。")
        figures = {}
        for key, label in FIGURE_LABELS.items():
            field = f"figure_{key}"
            text = data.get(field, "")
            before = self.observation.figures.get(key)
            if not text:
                continue
            if before and text == _written(before):
                figures[key] = before
                continue
            figure = parse_figure(text, single_article=key == "max_reads")
            if figure is None or figure.value < 0:
                self.add_error(field, f"看不懂{label}“{text}”，请写成 88096、3.6万 或 10万+。")
            else:
                figures[key] = figure
        data["figures"] = figures
        return data

    @property
    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.CONTENT, "figures")}

    @property
    def figure_fields(self) -> list[forms.BoundField]:
        return [self[f"figure_{key}"] for key in FIGURE_LABELS]

    @property
    def content_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.CONTENT]


def _written(figure: dict[str, Any]) -> str:
    """The figure as it would be typed: as printed, where that is kept."""
    return str(figure.get("raw") or "") or figure_text(figure)


class CorrectView(RankingScreen):
    """更正: a new version with a reason; the old one is kept."""

    title = "更正名次"
    permissions = ("record_observation",)
    template_name = "rankings/admin/correct.html"
    header_icon = "edit"

    def get_page_subtitle(self) -> str:
        return str(self.row)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.row: Observation | None = None

    def _load(self, pk: int) -> Observation:
        self.row = get_object_or_404(
            Observation.objects.select_related("board", "account", "capture", "recorded_by"), pk=pk
        )
        return self.row

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(CorrectionForm(self._load(pk)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._load(pk)
        form = CorrectionForm(row, request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            new = services.correct_observation(
                request.user, row, form.cleaned_data["reason"], form.changes
            )
        except services.RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        if new.status == Status.PROPOSED:
            messages.success(
                request, "更正已提交，等另一位同事复核后生效；在此之前仍以原来的版本为准。"
            )
        else:
            messages.success(request, "更正已保存，旧版保留在记录里。")
        return redirect(_month_page(new) or reverse("rankings:observations"))

    def _show(self, form: CorrectionForm, status: int = 200) -> HttpResponse:
        return self.show(
            status=status, form=form, card=statement_card(self.row), media=form.media, row=self.row
        )
