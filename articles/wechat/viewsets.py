"""The administrator's screens: calls to WeChat, and who gets previews on the phone."""

import json
from contextlib import suppress

import django_filters
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.views.generic.models import InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from cms.read_only import ReadOnlyViewSet

from ..models import PhoneReader, Push, WeChatCall
from . import readers
from .endpoints import ENDPOINTS, label_of
from .errors import WeChatError


def _outcome(call: WeChatCall) -> str:
    if call.errcode == 0:
        return "成功"
    if call.errcode is None:
        return f"没有得到回答（{f'HTTP {call.status}' if call.status else call.answered}）"
    return f"{call.errcode}：{WeChatError(call.errcode, call.answered).sentence}"


def _called(request: HttpRequest | None) -> QuerySet[Push]:
    """The pushes that calls are recorded under, the latest first."""
    pushes = Push.objects.filter(pk__in=WeChatCall.objects.values("push"))
    return pushes.prefetch_related("members__article").order_by("-pk")


class CallFilterSet(WagtailFilterSet):
    endpoint = django_filters.ChoiceFilter(
        label="接口", choices=[(path, known.label) for path, known in ENDPOINTS.items()]
    )
    failed = django_filters.ChoiceFilter(
        label="结果", choices=[("yes", "没有成功"), ("no", "成功")], method="by_outcome"
    )
    push = django_filters.ModelChoiceFilter(label="推送", queryset=_called)

    class Meta:
        model = WeChatCall
        fields = ["endpoint", "failed", "push"]

    def by_outcome(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.exclude(errcode=0) if value == "yes" else rows.filter(errcode=0)


class CallIndexView(IndexView):
    page_title = "微信接口记录"

    def get_base_queryset(self) -> QuerySet:
        rows = super().get_base_queryset().defer("sent")
        return rows.select_related("push").prefetch_related("push__members__article")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn(
                "endpoint",
                label="接口",
                accessor=lambda call: label_of(call.endpoint),
                get_url=self.get_inspect_url,
            ),
            Column("outcome", label="结果", accessor=_outcome),
            Column(
                "push",
                label="推送",
                accessor=lambda call: call.push or "—",
                classname="only-wide",
            ),
            Column("milliseconds", label="毫秒", classname="only-wide"),
            DateColumn("at", label="时间", sort_key="at"),
        ]


class CallInspectView(InspectView):
    """What was sent and answered, set out to be read."""

    page_title = "微信接口记录"

    def get_page_subtitle(self) -> str:
        return label_of(self.object.endpoint)

    def get_field_label(self, field_name: str, field: Field) -> str:
        return "结果" if field_name == "errcode" else super().get_field_label(field_name, field)

    def get_at_display_value(self) -> str:
        return f"{timezone.localtime(self.object.at):%Y年%m月%d日 %H:%M:%S}"

    def get_endpoint_display_value(self) -> str:
        return f"{label_of(self.object.endpoint)} {self.object.endpoint}"

    def get_push_display_value(self) -> str:
        push = self.object.push
        if push is None:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("pushes_show", args=[push.pk]), push)

    def get_errcode_display_value(self) -> str:
        return _outcome(self.object)

    def get_status_display_value(self) -> str:
        return str(self.object.status or "—")

    def get_sent_display_value(self) -> SafeString:
        return _set_out(self.object.sent)

    def get_answered_display_value(self) -> SafeString:
        return _set_out(self.object.answered)


def _set_out(text: str) -> SafeString:
    with suppress(ValueError):  # a page, a file, or what was too long to be kept whole
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return format_html('<pre class="wechat-call">{}</pre>', text)


class CallViewSet(ReadOnlyViewSet):
    model = WeChatCall
    name = "wechat_calls"
    url_prefix = "wechat/calls"
    icon = "history"
    menu_label = "微信接口记录"
    menu_order = 670
    add_to_settings_menu = True
    index_view_class = CallIndexView
    inspect_view_class = CallInspectView
    inspect_view_enabled = True
    inspect_view_fields = [
        "at",
        "endpoint",
        "push",
        "errcode",
        "status",
        "milliseconds",
        "sent",
        "answered",
    ]
    filterset_class = CallFilterSet
    pages = frozenset({"index", "index_results", "inspect"})


class ReaderIndexView(IndexView):
    page_title = "手机预览人"


class ReaderCreateView(CreateView):
    def save_instance(self) -> PhoneReader:
        return readers.save_reader(self.request.user, self.form.save(commit=False))


class ReaderEditView(EditView):
    def save_instance(self) -> PhoneReader:
        self.has_content_changes = self.form.has_changed()
        return readers.save_reader(self.request.user, self.form.save(commit=False))


class ReaderDeleteView(DeleteView):
    def delete_action(self) -> None:
        readers.remove_reader(self.request.user, self.object)


class ReaderViewSet(ModelViewSet):
    model = PhoneReader
    name = "phone_readers"
    url_prefix = "wechat/phone-readers"
    icon = "mobile-alt"
    menu_label = "手机预览人"
    menu_order = 660
    add_to_settings_menu = True
    copy_view_enabled = False
    inspect_view_enabled = False
    index_view_class = ReaderIndexView
    add_view_class = ReaderCreateView
    edit_view_class = ReaderEditView
    delete_view_class = ReaderDeleteView
    list_display = [
        "name",
        Column("wechat_name", label="微信号"),
        BooleanColumn("is_active", label="使用"),
    ]
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("name"), FieldPanel("wechat_name"), FieldPanel("is_active")],
                heading="手机预览人",
                help_text="推送的草稿可以发到这些人的手机上先看。本人须已关注公众号；"
                "微信号在手机微信“我”的页面上，不是昵称。",
            )
        ]
    )


viewsets = (ReaderViewSet(), CallViewSet())
