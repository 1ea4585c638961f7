"""The archive of briefs, drafts first."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton

from ...models import Board, Brief, BriefStatus
from ...viewsets import ReadersPolicy

REVIEW = "review"


class BriefFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label="情况",
        choices=[*BriefStatus.choices, (REVIEW, "需复核")],
        empty_label="全部",
        widget=forms.RadioSelect,
        method="of_status",
    )
    board = django_filters.ModelChoiceFilter(label="榜单", queryset=Board.objects.all())

    class Meta:
        model = Brief
        fields: list[str] = []

    def of_status(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == REVIEW:
            return rows.exclude(review_since=None)
        return rows.filter(status=value)


class BriefColumn(TitleColumn):
    """Number, title, board and marks in one cell that a phone can show."""

    cell_template_name = "rankings/admin/briefs/cell.html"


class SituationColumn(Column):
    cell_template_name = "rankings/admin/briefs/situation_cell.html"


class BriefListView(generic.IndexView):
    model = Brief
    page_title = "简报"
    header_icon = "doc-full"
    permission_policy = ReadersPolicy(Brief)
    any_permission_required = ["view"]
    index_url_name = "rankings:briefs"
    index_results_url_name = "rankings:briefs_results"
    filterset_class = BriefFilterSet
    search_fields = ["number", "title", "account__name"]
    search_backend_name = None
    paginate_by = 30
    template_name = "rankings/admin/briefs/list.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            BriefColumn(
                "title",
                label="简报",
                get_url=lambda brief: reverse("rankings:brief", args=[brief.pk]),
            ),
            Column(
                "month",
                label="统计月",
                accessor=lambda brief: brief.statistics_month.label,
                sort_key="month",
                classname="only-wide",
            ),
            SituationColumn("status", label="情况"),
            Column(
                "issued_at",
                label="签发",
                accessor=_issued,
                sort_key="issued_at",
                classname="only-wide",
            ),
        ]

    def get_base_queryset(self) -> QuerySet:
        return (
            Brief.objects.select_related("board", "account", "made_by", "issued_by")
            .prefetch_related("replaced_by")
            .defer("document")
        )

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        """Drafts wait to be issued, so they come first; then the newest number."""
        if self.ordering:
            return super().order_queryset(queryset)
        return queryset.order_by(F("issued_at").desc(nulls_first=True), "-pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        found = Q()
        for field in self.search_fields:
            found |= Q(**{f"{field}__icontains": self.search_query})
        return queryset.filter(found)

    @cached_property
    def header_buttons(self) -> list[Button]:
        if not self.request.user.has_perm("rankings.make_brief"):
            return []
        return [HeaderButton("编写简报", url=reverse("rankings:brief_new"), icon_name="plus")]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        if not self.request.user.has_perm("rankings.make_brief"):
            return []
        return [
            Button(
                "Word 模板",
                url=reverse("rankings:brief_templates"),
                icon_name="doc-full-inverse",
                priority=10,
            )
        ]


def _issued(brief: Brief) -> Any:
    if brief.issued_at is None:
        return f"{brief.made_by or '系统'}编写"
    return f"{brief.issued_by or '系统'}，{timezone.localtime(brief.issued_at):%Y-%m-%d}"
