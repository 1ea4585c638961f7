"""The names of accounts and boards: a new name from a day on, and aliases."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput

from .. import services
from ..models import Account, Board, NameKind
from .base import RankingScreen


class RenameForm(forms.Form):
    name = forms.CharField(label="新名称", max_length=100)
    from_date = forms.DateField(
        label="启用日期", widget=AdminDateInput, help_text="新名称从这一天起使用。"
    )


class AliasForm(forms.Form):
    name = forms.CharField(label="别名", max_length=100, help_text="来源上印的另一种写法。")
    valid_from = forms.DateField(
        label="起", required=False, widget=AdminDateInput, help_text="留空表示一直如此。"
    )
    valid_to = forms.DateField(
        label="止", required=False, widget=AdminDateInput, help_text="留空表示至今。"
    )


class RenameView(RankingScreen):
    """改名: the account stays the same one, and its streak with it."""

    title = "改名"
    permissions = ("record_observation", "change_account")
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
        name, day = form.cleaned_data["name"], form.cleaned_data["from_date"]
        try:
            services.rename_account(request.user, self.account, name, day)
        except services.RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        messages.success(request, f"“{old}”自 {day} 起改名为“{name}”。")
        return redirect(Account.snippet_viewset.get_url_name("inspect"), pk)

    def _show(self, form: RenameForm, status: int = 200) -> HttpResponse:
        return self.show(
            status=status,
            form=form,
            account=self.account,
            names=self.account.names.all(),
            media=form.media,
        )


class AliasView(RankingScreen):
    """别名: what else sources call an account or a board."""

    title = "别名"
    model: type[Account] | type[Board] = Account
    template_name = "rankings/admin/aliases.html"
    header_icon = "tag"

    @property
    def permissions(self) -> tuple[str, ...]:
        return ("record_observation", f"change_{self.model._meta.model_name}")

    def get_page_subtitle(self) -> str:
        return str(self.thing)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.thing = get_object_or_404(self.model, pk=pk)
        return self._show(AliasForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.thing = get_object_or_404(self.model, pk=pk)
        if "remove" in request.POST:
            return self._remove(request.POST["remove"])
        form = AliasForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            alias = services.add_alias(request.user, self.thing, **form.cleaned_data)
        except services.RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        messages.success(self.request, f"以后写“{alias.name}”也能找到“{self.thing.name}”。")
        return redirect(self.request.path)

    def _remove(self, number: str) -> HttpResponse:
        known = {str(alias.pk): alias for alias in self._aliases()}
        alias = known.get(number)
        if alias is None:
            messages.error(self.request, "这个别名已经不在了，请刷新页面。")
        else:
            services.remove_alias(self.request.user, alias)
            messages.success(self.request, f"已删除别名“{alias.name}”，已有的记录不受影响。")
        return redirect(self.request.path)

    def _aliases(self) -> Any:
        if isinstance(self.thing, Account):
            return self.thing.names.filter(kind=NameKind.ALIAS)
        return self.thing.aliases.all()

    def _show(self, form: AliasForm, status: int = 200) -> HttpResponse:
        viewset = self.model.snippet_viewset
        return self.show(
            status=status,
            form=form,
            thing=self.thing,
            aliases=self._aliases(),
            media=form.media,
            back=reverse(viewset.get_url_name("inspect"), args=[self.thing.pk]),
        )
