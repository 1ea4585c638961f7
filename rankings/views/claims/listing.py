"""The list of claims."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton

from ...models import Board, Claim, ClaimProof, ClaimStatus
from ...viewsets import ReadersPolicy


class ClaimFilterSet(WagtailFilterSet):
    status = django_filters.ChoiceFilter(
        label="情况", choices=ClaimStatus.choices, empty_label="全部", widget=forms.RadioSelect
    )
    proof = django_filters.ChoiceFilter(
        label="核实程度", choices=ClaimProof.choices, empty_label="全部", widget=forms.RadioSelect
    )
    board = django_filters.ModelChoiceFilter(label="榜单", queryset=Board.objects.all())

    class Meta:
        model = Claim
        fields: list[str] = []


class ClaimColumn(TitleColumn):
    """Number, sentence, board and marks in one cell that a phone can show."""

    cell_template_name = "rankings/admin/claims/cell.html"


class BadgeColumn(Column):
    cell_template_name = "rankings/admin/claims/status_cell.html"


class ClaimListView(generic.IndexView):
    model = Claim
    page_title = "结论"
    header_icon = "check"
    permission_policy = ReadersPolicy(Claim)
    any_permission_required = ["view"]
    index_url_name = "rankings:claims"
    index_results_url_name = "rankings:claims_results"
    filterset_class = ClaimFilterSet
    search_fields = ["number", "text", "account__name"]
    search_backend_name = None
    default_ordering = "-made_at"
    paginate_by = 30
    template_name = "rankings/admin/claims/list.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            ClaimColumn(
                "text",
                label="结论",
                get_url=lambda claim: reverse("rankings:claim", args=[claim.pk]),
            ),
            BadgeColumn("status", label="情况"),
            Column("length", label="月数", sort_key="length", classname="only-wide"),
            Column("end", label="截至", accessor=lambda claim: claim.last_month.label),
            Column(
                "made_by",
                label="起草人",
                accessor=lambda claim: claim.made_by or "系统",
                classname="only-wide",
            ),
        ]

    def get_base_queryset(self) -> QuerySet:
        return Claim.objects.select_related("board", "account", "made_by").defer("frozen")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        if not self.is_searching:
            return queryset
        found = Q()
        for field in self.search_fields:
            found |= Q(**{f"{field}__icontains": self.search_query})
        return queryset.filter(found)

    @cached_property
    def header_buttons(self) -> list[Button]:
        if not self.request.user.has_perm("rankings.make_claim"):
            return []
        return [HeaderButton("起草结论", url=reverse("rankings:claim_draft"), icon_name="plus")]
