"""起草结论: choose board, account and month, look at what the records say, and freeze it."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from ... import reports
from ...claims import presenting
from ...claims.superlatives import LABELS
from ...models import Account, Board, ClaimProof, Superlative
from ...periods import Month, PeriodError
from ...queries import NoRecord
from ...resolve import NotResolved, find_account
from ...services import RankingError
from ...services import claims as services
from ..base import RankingScreen

# More names than this make the list of suggestions slower than typing.
SUGGESTED_ACCOUNTS = 500


class DraftForm(forms.Form):
    """What a claim is about. The sentence itself is never typed."""

    board = forms.ModelChoiceField(
        label="榜单",
        queryset=Board.objects.filter(period_kind="month"),
        to_field_name="key",
        empty_label=None,
        error_messages={
            "required": "请选择榜单。",
            "invalid_choice": "没有这个月榜，请重新选择。",
        },
    )
    account = forms.CharField(
        label="公众号",
        max_length=100,
        widget=forms.TextInput(attrs={"list": "rk-accounts", "autocomplete": "off"}),
        error_messages={"required": "请填写公众号的名称或编号。"},
    )
    as_of = forms.CharField(
        label="截至月份",
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "例如 2019-08，留空为最近一期"}),
    )
    superlative = forms.ChoiceField(label="最高级说法", choices=Superlative.choices, required=False)
    proved_only = forms.BooleanField(label="只写已核实的月份", required=False)

    def clean_account(self) -> Account:
        try:
            return find_account(self.cleaned_data["account"])
        except NotResolved as error:
            raise forms.ValidationError(str(error)) from error

    def clean_as_of(self) -> Month | None:
        text = self.cleaned_data["as_of"].strip()
        if not text:
            return None
        try:
            return Month.parse(text)
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error


class DraftView(RankingScreen):
    """The sentence with its months beforehand; nothing is written until 起草结论 is pressed."""

    title = "起草结论"
    permissions = ("make_claim",)
    template_name = "rankings/admin/claims/draft.html"
    header_icon = "check"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, last = super().get_breadcrumbs_items()
        return [*before, {"url": reverse("rankings:claims"), "label": "结论"}, last]

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.GET:
            return self._preview(DraftForm(request.GET))
        ours = reports.our_account()
        boards = [board for board in reports.boards_of(ours) if board.is_monthly]
        initial = {
            "board": boards[0].key if boards else None,
            "account": ours.name if ours else "",
        }
        return self._show(DraftForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = DraftForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        data = form.cleaned_data
        try:
            claim = services.make_claim(
                request.user,
                data["board"],
                data["account"],
                as_of=data["as_of"],
                superlative=data["superlative"],
                proved_only=data["proved_only"],
            )
        except RankingError as error:
            form.add_error(None, str(error))
            return self._preview(form, status=422)
        messages.success(request, f"已起草结论 {claim.number}，等另一位同事批准。")
        return redirect("rankings:claim", claim.pk)

    def _preview(self, form: DraftForm, status: int = 200) -> HttpResponse:
        """The form with what would be frozen beneath it."""
        if not form.is_valid() and not form.cleaned_data.get("board"):
            return self._show(form, status=422)
        if set(form.errors) - {"__all__"}:
            return self._show(form, status=422)
        data = form.cleaned_data
        try:
            draft = services.draft_claim(
                data["board"],
                data["account"],
                as_of=data["as_of"],
                superlative=data["superlative"],
                proved_only=data["proved_only"],
            )
        except (NoRecord, RankingError) as error:
            if str(error) not in form.non_field_errors():
                form.add_error(None, str(error))
            return self._show(form, status=422 if status == 200 else status)
        return self._show(form, status=status, draft=draft)

    def _show(
        self, form: DraftForm, *, status: int = 200, draft: services.Draft | None = None
    ) -> HttpResponse:
        context: dict[str, Any] = {}
        if draft is not None:
            months = presenting.shown_months(
                {
                    "account": draft.basis.account,
                    "lineage": draft.basis.lineage,
                    "months": draft.basis.months,
                    "statements": draft.basis.statements,
                }
            )
            context = {
                "draft": draft,
                "months": months,
                "years": presenting.years_of(months),
                "missing": presenting.missing(months),
                "proof_label": ClaimProof(draft.wording.proof).label,
                "superlative_label": LABELS.get(draft.wording.superlative, ""),
                "chosen": {
                    "board": draft.board.key,
                    "account": draft.account.key,
                    "as_of": form.cleaned_data["as_of"] or "",
                    "superlative": draft.wording.superlative,
                    "proved_only": "on" if form.cleaned_data["proved_only"] else "",
                },
            }
        board = (
            draft.board if draft is not None else Board.objects.filter(period_kind="month").first()
        )
        return self.show(
            status=status,
            form=form,
            media=form.media,
            suggestions=reports.accounts_on(board, SUGGESTED_ACCOUNTS) if board else [],
            legend=reports.STATE_WORDS.values(),
            **context,
        )
