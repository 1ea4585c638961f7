"""提醒: the list, what comes by mail, and the accounts that are watched."""

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton

from cms.ops.outbox import MAX_ATTEMPTS

from ..models import Alert, AlertKind, AlertLevel, AlertPreference, Board, PeriodKind, Watch
from ..reports import accounts_on
from ..resolve import NotResolved, account_resolver
from ..services import RankingError, alert_mail, watching
from ..viewsets import ReadersPolicy
from .base import RankingScreen

# Names offered while typing; any other account can still be typed.
OFFERED_NAMES = 300
LONGEST_NUMBER = 18


def _number(text: str) -> int | None:
    """A row's number as sent by a form; None for anything else."""
    fits = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if fits else None


# --- the list -------------------------------------------------------------------------------------


class AlertFilterSet(WagtailFilterSet):
    reading = django_filters.ChoiceFilter(
        label="阅读",
        choices=[("unread", "未读"), ("read", "已读")],
        empty_label="全部",
        method="of_reading",
        widget=forms.RadioSelect,
    )
    kind = django_filters.MultipleChoiceFilter(
        label="种类", choices=AlertKind.choices, widget=forms.CheckboxSelectMultiple
    )
    level = django_filters.MultipleChoiceFilter(
        label="程度", choices=AlertLevel.choices, widget=forms.CheckboxSelectMultiple
    )
    board = django_filters.ModelChoiceFilter(label="榜单", queryset=Board.objects.all())

    class Meta:
        model = Alert
        fields: list[str] = []

    def of_reading(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        if value == "read":
            return rows.filter(is_read=True)
        return rows.filter(is_read=False, created_at__gte=self.request.user.date_joined)


class NewsColumn(Column):
    """The news, its level in words, and the way to what it is about."""

    cell_template_name = "rankings/admin/alerts/news_cell.html"

    def get_cell_context_data(
        self, instance: Alert, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        joined = parent_context["request"].user.date_joined
        unread = not instance.is_read and instance.created_at >= joined
        return {**context, "unread": unread}


class ReadColumn(NewsColumn):
    cell_template_name = "rankings/admin/alerts/read_cell.html"


class AlertListView(generic.IndexView):
    """提醒: unread ones first."""

    model = Alert
    page_title = "提醒"
    header_icon = "bell"
    permission_policy = ReadersPolicy(Alert)
    any_permission_required = ["view"]
    index_url_name = "rankings:alerts"
    index_results_url_name = "rankings:alerts_results"
    filterset_class = AlertFilterSet
    search_fields = ["message"]
    search_backend_name = None
    default_ordering = "unread"
    paginate_by = 30
    template_name = "rankings/admin/alerts/index.html"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            NewsColumn("message", label="内容"),
            Column("kind", label="种类", accessor="get_kind_display", classname="only-wide"),
            DateColumn("created_at", label="时间", sort_key="created_at", classname="only-wide"),
            ReadColumn("read", label=""),
        ]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [
            HeaderButton(
                "邮件提醒", url=reverse("rankings:alert_preferences"), icon_name="mail", priority=10
            )
        ]

    def get_base_queryset(self) -> QuerySet:
        return watching.alerts_for(self.request.user)

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        if self.ordering == "unread":
            return queryset.order_by("is_read", "-created_at", "-pk")
        return super().order_queryset(queryset)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        unread = watching.unread_for(self.request.user).order_by("-pk")
        return {**context, "newest_unread": unread.values_list("pk", flat=True).first()}


class ReadView(View):
    """Marks one alert as read, or all up to the newest that was on the screen."""

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("rankings.view_report"):
            raise PermissionDenied
        alerts = Alert.objects.none()
        if one := _number(request.POST.get("alert", "")):
            alerts = Alert.objects.filter(pk=one)
        elif until := _number(request.POST.get("until", "")):
            alerts = Alert.objects.filter(pk__lte=until)
        count = watching.mark_read(request.user, alerts)
        if "until" in request.POST:
            messages.success(request, f"已把 {count} 条提醒标为已读。")
        return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The list as it was filtered."""
    came_from = request.headers.get("Referer", "")
    safe = url_has_allowed_host_and_scheme(
        came_from, {request.get_host()}, require_https=request.is_secure()
    )
    return came_from if safe else reverse("rankings:alerts")


# --- by mail --------------------------------------------------------------------------------------


class PreferenceForm(forms.Form):
    """``kinds`` counts only where the person chooses for themselves."""

    DEFAULT, CHOSEN = "default", "chosen"

    mode = forms.ChoiceField(
        label="用邮件提醒我",
        choices=[(DEFAULT, "按默认"), (CHOSEN, "只提醒下面勾选的种类")],
        widget=forms.RadioSelect,
    )
    kinds = forms.MultipleChoiceField(
        label="种类",
        choices=AlertKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="一种也不勾选，就不再收到邮件；工作台里的提醒不受影响。",
    )


class PreferenceView(RankingScreen):
    """邮件提醒: what the person wants by mail, and mails that did not go out."""

    title = "邮件提醒"
    header_icon = "mail"
    template_name = "rankings/admin/alerts/preferences.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        *before, here = super().get_breadcrumbs_items()
        return [*before, {"url": reverse("rankings:alerts"), "label": "提醒"}, here]

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = AlertPreference.objects.filter(user=request.user).first()
        initial = {"mode": PreferenceForm.DEFAULT}
        if chosen is not None:
            initial = {"mode": PreferenceForm.CHOSEN, "kinds": chosen.mail_kinds}
        return self._show(PreferenceForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        if "again" in request.POST:
            count = alert_mail.try_again(request.user)
            said = f"已安排重发 {count} 封。" if count else "没有需要重发的邮件。"
            messages.success(request, said)
            return redirect("rankings:alert_preferences")
        form = PreferenceForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        own = form.cleaned_data["mode"] == PreferenceForm.CHOSEN
        alert_mail.save_preference(request.user, form.cleaned_data["kinds"] if own else None)
        messages.success(request, "已保存。")
        return redirect("rankings:alert_preferences")

    def _show(self, form: PreferenceForm, status: int = 200) -> HttpResponse:
        user = self.request.user
        by_default = (
            "程度为“紧急”的都发给您：失去第一、更正使连续月数变短、结论需复核。"
            if alert_mail.gets_alarms(user)
            else "您不负责录入名次，不发邮件。"
        )
        form.fields["mode"].help_text = f"按默认：{by_default}"
        sees = alert_mail.may_see_mails(user)
        failed = alert_mail.unsent().exclude(error="").select_related("alert", "user")
        return self.show(
            status=status,
            form=form,
            person=user,
            sees_mails=sees,
            failed=failed.order_by("pk")[:50] if sees else [],
            most=MAX_ATTEMPTS,
        )


# --- watched accounts -----------------------------------------------------------------------------


class MarginForm(forms.Form):
    margin = forms.DecimalField(
        label="指数差距",
        required=False,
        min_value=0,
        max_digits=8,
        decimal_places=2,
        help_text=Watch._meta.get_field("margin").help_text,
        error_messages={"min_value": "指数差距不能是负数。"},
    )


class WatchForm(MarginForm):
    board = forms.ModelChoiceField(
        label="榜单",
        queryset=Board.objects.filter(period_kind=PeriodKind.MONTH),
        empty_label="请选择",
    )
    account = forms.CharField(
        label="公众号",
        max_length=100,
        help_text="写名称、别名或编号，输入时会列出榜上的名称。",
        widget=forms.TextInput(attrs={"list": "accounts-on-boards", "autocomplete": "off"}),
        error_messages={"required": "请写公众号的名称、别名或编号。"},
    )

    field_order = ("board", "account", "margin")

    def clean_account(self) -> Any:
        try:
            return account_resolver().find(self.cleaned_data["account"])
        except NotResolved as error:
            raise forms.ValidationError(str(error)) from error


class WatchView(RankingScreen):
    """关注: the accounts whose coming near is told, and which stand in the head-to-head."""

    title = "关注"
    header_icon = "view"
    template_name = "rankings/admin/alerts/watches.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(WatchForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm("rankings.watch_account"):
            raise PermissionDenied
        if "remove" in request.POST:
            return self._with_watch(request.POST["remove"], self._remove)
        if "change" in request.POST:
            return self._with_watch(request.POST["change"], self._change)
        form = WatchForm(request.POST)
        if not form.is_valid():
            return self._show(form, status=422)
        try:
            watch = watching.add_watch(request.user, **form.cleaned_data)
        except RankingError as error:
            form.add_error(None, str(error))
            return self._show(form, status=422)
        messages.success(request, f"已在《{watch.board}》上关注“{watch.account}”。")
        return redirect("rankings:watches")

    def _with_watch(self, number: str, act: Any) -> HttpResponse:
        pk = _number(number)
        watch = pk and Watch.objects.select_related("board", "account").filter(pk=pk).first()
        if not watch:
            messages.error(self.request, "这项关注已经取消了，请刷新页面。")
            return redirect("rankings:watches")
        try:
            messages.success(self.request, act(watch))
        except RankingError as error:
            messages.error(self.request, str(error))
        return redirect("rankings:watches")

    def _remove(self, watch: Watch) -> str:
        watching.remove_watch(self.request.user, watch)
        return f"已取消对“{watch.account}”的关注，已有的提醒还在。"

    def _change(self, watch: Watch) -> str:
        form = MarginForm(self.request.POST)
        if not form.is_valid():
            raise RankingError("".join(form.errors["margin"]))
        watching.change_watch(self.request.user, watch, form.cleaned_data["margin"])
        return f"已保存“{watch.account}”的指数差距。"

    def _show(self, form: WatchForm, status: int = 200) -> HttpResponse:
        may_change = self.request.user.has_perm("rankings.watch_account")
        return self.show(
            status=status,
            form=form,
            watches=Watch.objects.select_related("board", "account", "added_by"),
            may_change=may_change,
            names=self._names(form) if may_change else [],
        )

    def _names(self, form: WatchForm) -> list[str]:
        boards = form.fields["board"].queryset[:3]
        names = {
            account.name
            for board in boards
            for account in accounts_on(board, OFFERED_NAMES)
            if not account.is_ours
        }
        return sorted(names)[:OFFERED_NAMES]


alert_urls = [
    path("alerts/", AlertListView.as_view(), name="alerts"),
    path("alerts/results/", AlertListView.as_view(results_only=True), name="alerts_results"),
    path("alerts/read/", ReadView.as_view(), name="alerts_read"),
    path("alerts/preferences/", PreferenceView.as_view(), name="alert_preferences"),
    path("watches/", WatchView.as_view(), name="watches"),
]
