"""通知: what a person was told, and the mails that did not go out."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.views import View
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.views.account import BaseSettingsPanel, notifications_tab
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from . import notices, outbox
from .models import Notice, NoticePreference
from .registry import notice_families

PER_PAGE = 50


class NoticesView(WagtailAdminTemplateMixin, TemplateView):
    """What the person was told, the unread first."""

    template_name = "ops/notices.html"
    page_title = "通知"
    header_icon = "bell"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": "通知"}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        pages = Paginator(notices.unread_first(self.request.user), PER_PAGE)
        page = pages.get_page(self.request.GET.get("p"))
        return super().get_context_data(
            page_obj=page, unread=notices.unread(self.request.user).count(), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if pk := request.POST.get("notice", ""):
            one = get_object_or_404(Notice, pk=pk if pk.isdecimal() else 0, recipient=request.user)
            notices.mark_read(request.user, one)
        else:
            count = notices.mark_all_read(request.user)
            messages.success(request, f"已把 {count} 条标为已读。" if count else "没有未读的通知。")
        return redirect("notices")


class OpenNoticeView(View):
    """Go to what a notice is about; whoever opens it has read it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        notice = get_object_or_404(Notice, pk=pk, recipient=request.user)
        notices.mark_read(request.user, notice)
        is_ours = outbox.site_address(notice.url) != ""
        return redirect(notice.url if is_ours else "notices")


class UnsentMailsView(WagtailAdminTemplateMixin, TemplateView):
    """All mails of the workbench that did not go out, and one button to try again."""

    template_name = "ops/unsent_mails.html"
    page_title = "没有发出的邮件"
    header_icon = "mail"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(outbox.PERMISSION):
            raise PermissionDenied("您没有查看未发邮件的权限，请联系管理员。")
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stuck = [
            {
                "label": box.label,
                "person": getattr(row, box.person),
                "words": box.words(row),
                "attempts": row.attempts,
                "error": row.error,
                "next_at": row.next_at if row.attempts < outbox.MAX_ATTEMPTS else None,
            }
            for box in outbox.boxes()
            for row in box.with_content(box.failed())[:PER_PAGE]
        ]
        return super().get_context_data(stuck=stuck, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        count = outbox.try_again(request.user)
        said = f"已安排重发 {count} 封。" if count else "没有需要重发的邮件。"
        messages.success(request, said)
        return redirect("unsent_mails")


URLS = [
    path("notices/", NoticesView.as_view(), name="notices"),
    path("notices/<int:pk>/", OpenNoticeView.as_view(), name="open_notice"),
    path("reports/unsent-mails/", UnsentMailsView.as_view(), name="unsent_mails"),
]


class NoticesMenuItem(MenuItem):
    """通知 with the number of unread ones on it."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        item = super().render_component(request)
        if count := notices.unread(request.user).count():
            item.attrs = {"data-unread": str(count), "aria-label": f"通知，{count} 条未读"}
        return item


class UnsentMailsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(outbox.PERMISSION)


class NoticesPanel(Component):
    """The newest unread on the dashboard. Says nothing when all is read."""

    name = "notices"
    template_name = "ops/notices_panel.html"
    order = 57
    shown = 5

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"notices": notices.unread(parent_context["request"].user)[: self.shown]}


class MailFamiliesForm(forms.Form):
    """By which families of notices a person wants mail."""

    families = forms.MultipleChoiceField(
        label="这些通知也发邮件",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾选的只在工作台里显示。",
    )

    def __init__(self, *args: Any, instance: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.person = instance
        choices = [(each.key, f"{each.label}：{each.help_text}") for each in notice_families()]
        self.fields["families"].choices = choices
        chosen = NoticePreference.objects.filter(person=instance).first()
        muted = chosen.muted if chosen else []
        self.initial["families"] = [key for key, _ in choices if key not in muted]

    def save(self) -> None:
        wanted = self.cleaned_data["families"]
        notices.mute(self.person, {each.key for each in notice_families()} - set(wanted))


class MailFamiliesPanel(BaseSettingsPanel):
    name = "notices"
    title = "邮件通知"
    tab = notifications_tab
    order = 100
    form_class = MailFamiliesForm

    def is_active(self) -> bool:
        return bool(notice_families())

    @cached_property
    def _form(self) -> forms.Form:
        return super().get_form()

    def get_form(self) -> forms.Form:
        return self._form


def menu_item() -> NoticesMenuItem:
    return NoticesMenuItem("通知", reverse("notices"), name="notices", icon_name="bell", order=50)


def unsent_mails_menu_item() -> UnsentMailsMenuItem:
    return UnsentMailsMenuItem(
        "没有发出的邮件", reverse("unsent_mails"), name="unsent_mails", icon_name="mail"
    )
