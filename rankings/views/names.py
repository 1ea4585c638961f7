"""Renaming an account from a day on."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from .. import services
from ..models import Account
from .base import RankingScreen


class RenameForm(forms.Form):
    name = forms.CharField(label="新名称", max_length=100)
    from_date = forms.DateField(
        label="启用日期", widget=AdminDateInput, help_text="新名称从这一天起使用。"
    )


class RenameView(RankingScreen):
    """改名: the account stays the same one, and its streak with it."""

    title = "改名"
    permission = "record_observation"
    template_name = "rankings/admin/rename.html"
    header_icon = "edit"

    def get_page_subtitle(self) -> str:
        return str(self.account)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.account = get_object_or_404(Account, pk=pk)
        return self._show(RenameForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.account = get_object_or_404(Account, pk=pk)
        form = RenameForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        old = self.account.name
        try:
            services.rename_account(
                request.user,
                self.account,
                form.cleaned_data["name"],
                form.cleaned_data["from_date"],
            )
        except services.RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        messages.success(
            request,
            f"“{old}”自{form.cleaned_data['from_date']:%Y-%m-%d}起改名为“{form.cleaned_data['name']}”。",
        )
        return redirect(Account.snippet_viewset.get_url_name("inspect"), pk)

    def _show(self, form: RenameForm, status: int = 200) -> HttpResponse:
        return self.show(
            status=status,
            form=form,
            account=self.account,
            names=self.account.names.all(),
            media=form.media,
        )
