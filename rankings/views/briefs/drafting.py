"""编写简报: choose board, account and month; the words come from the record."""

from typing import Any

from django import forms
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from ... import reports
from ...models import Account, Board, Observation
from ...periods import Month, PeriodError
from ...resolve import NotResolved, find_account
from ...services import RankingError
from ...services import briefs as services
from ..base import RankingScreen

# More names than this make the list of suggestions slower than typing.
SUGGESTED_ACCOUNTS = 500


class DraftForm(forms.Form):
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
    month = forms.CharField(
        label="统计月",
        max_length=20,
        widget=forms.TextInput(attrs={"placeholder": "例如 2026-10"}),
        error_messages={"required": "请填写统计月，例如 2026-10。"},
    )

    def clean_account(self) -> Account:
        try:
            return find_account(self.cleaned_data["account"])
        except NotResolved as error:
            raise forms.ValidationError(str(error)) from error

    def clean_month(self) -> Month:
        try:
            return Month.parse(self.cleaned_data["month"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error


class DraftView(RankingScreen):
    title = "编写简报"
    permissions = ("make_brief",)
    template_name = "rankings/admin/briefs/new.html"
    header_icon = "doc-full"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, last = super().get_breadcrumbs_items()
        return [*before, {"url": reverse("rankings:briefs"), "label": "简报"}, last]

    def get(self, request: HttpRequest) -> HttpResponse:
        ours = reports.our_account()
        boards = [board for board in reports.boards_of(ours) if board.is_monthly]
        wanted = request.GET.get("board", "")
        board = next((each for each in boards if each.key == wanted), None)
        if board is None and boards:
            board = boards[0]
        initial = {
            "board": board.key if board else None,
            "account": request.GET.get("account", "") or (ours.name if ours else ""),
            "month": request.GET.get("month", "") or _latest(board),
        }
        return self._show(DraftForm(initial=initial), board)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        form = DraftForm(request.POST)
        if not form.is_valid():
            return self._show(form, form.cleaned_data.get("board"), status=422)
        data = form.cleaned_data
        try:
            brief = services.make_brief(request.user, data["board"], data["account"], data["month"])
        except RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, data["board"], status=422)
        messages.success(request, "草稿已写好，请核对内容，再请另一位同事签发。")
        return redirect("rankings:brief", brief.pk)

    def _show(self, form: DraftForm, board: Board | None, *, status: int = 200) -> HttpResponse:
        return self.show(
            status=status,
            form=form,
            media=form.media,
            suggestions=reports.accounts_on(board, SUGGESTED_ACCOUNTS) if board else [],
        )


def _latest(board: Board | None) -> str:
    """The newest month of the board's record, as it is typed."""
    if board is None:
        return ""
    newest = Observation.objects.in_force().filter(board=board).aggregate(last=Max("month"))["last"]
    return "" if newest is None else str(Month.from_index(newest))
