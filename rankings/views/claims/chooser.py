"""The window in which a claim that holds is chosen."""

from django import forms
from django.db.models import Q, QuerySet
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from ...models import Claim


class ClaimFilterForm(BaseFilterForm):
    """Number and words of the sentence, as printed."""

    q = forms.CharField(
        label="搜索",
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "编号或结论中的字"}),
    )

    def filter(self, objects: QuerySet) -> QuerySet:
        objects = super().filter(objects)
        if text := self.cleaned_data.get("q", "").strip():
            self.is_searching = True
            self.search_query = text
            objects = objects.filter(
                Q(number__icontains=text)
                | Q(text__icontains=text)
                | Q(account__name__icontains=text)
            )
        return objects


class HoldingClaims:
    """What both the window and its later pages show."""

    filter_form_class = ClaimFilterForm

    def get_object_list(self) -> QuerySet:
        return Claim.objects.holding().select_related("board", "account").defer("frozen")

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("proof", label="核实程度", accessor="get_proof_display"),
            Column(
                "example",
                label="示例",
                accessor=lambda claim: "示例" if claim.board.is_example else "",
            ),
        ]


class ClaimChooseView(HoldingClaims, ChooseView):
    pass


class ClaimChooseResultsView(HoldingClaims, ChooseResultsView):
    pass


class ClaimChooserViewSet(ChooserViewSet):
    model = Claim
    icon = "check"
    choose_one_text = "选择结论"
    choose_another_text = "换一条结论"
    edit_item_text = "查看这条结论"
    page_title = "选择结论"
    per_page = 10
    choose_view_class = ClaimChooseView
    choose_results_view_class = ClaimChooseResultsView


claim_chooser_viewset = ClaimChooserViewSet("claim_chooser", url_prefix="rankings/claim-chooser")


class ClaimUrlFinder(ModelAdminURLFinder):
    """Wagtail's lists of uses and its choosers lead to the claim's screen."""

    edit_url_name = "rankings:claim"

    def get_edit_url(self, instance: Claim) -> str | None:
        if self.user is not None and not self.user.has_perm("rankings.view_report"):
            return None
        return self.construct_edit_url(instance)
