"""公开镜像: how it stands, emergencies, and what administrators ask of it."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.mirror import closing, days, health, upkeep, worker
from cms.mirror.models import (
    Alteration,
    Closing,
    MirrorFile,
    MirrorJob,
    SpecialPeriod,
    VerificationRound,
)

VIEW = "mirror.view_mirror"
SHOWN = 20
PAST = 10


def _reason(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=closing.MAX_REASON,
        error_messages={
            "required": f"请填写{label}。",
            "max_length": f"{label}太长，请压缩到{closing.MAX_REASON}字以内。",
        },
    )


class TakeDownForm(forms.Form):
    address = forms.CharField(
        label="页面地址",
        max_length=2000,
        help_text="从浏览器地址栏整段复制，或写成 /yaowen/kaichao/ 这样。",
        error_messages={
            "required": "请粘贴要撤下的页面地址。",
            "max_length": "地址太长，请从浏览器的地址栏复制。",
        },
    )
    reason = _reason("撤下原因")


class TakeDownAllForm(forms.Form):
    reason = _reason("撤下原因")
    sure = forms.BooleanField(
        label="确认撤下整个网站",
        error_messages={"required": "请勾选确认：公众将看不到任何页面。"},
    )


class RestoreForm(forms.Form):
    reason = _reason("恢复原因")


class SeenForm(forms.Form):
    note = _reason("查明情况")


class StatusView(WagtailAdminTemplateMixin, TemplateView):
    """One screen; each button is an ``action`` of its own."""

    template_name = "mirror/status.html"
    page_title = "公开镜像"
    header_icon = "globe"
    _show_breadcrumbs = True
    forms = {
        "take_down": TakeDownForm,
        "take_down_all": TakeDownAllForm,
        "restore": RestoreForm,
        "seen": SeenForm,
    }

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied("您没有查看公开镜像的权限，请联系管理员。")
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        in_force = closing.in_force()
        given = kwargs.pop("form", None)
        action = kwargs.pop("action", "")
        made = {
            name: given if name == action and name != "restore" else form(prefix=name)
            for name, form in self.forms.items()
        }
        return super().get_context_data(
            findings=health.check(),
            files=MirrorFile.objects.filter(status=200).count(),
            notices=MirrorFile.objects.filter(status=410).count(),
            waiting=MirrorJob.objects.values("address").distinct().count(),
            jobs=MirrorJob.objects.order_by("-pk")[:SHOWN],
            newest=MirrorFile.objects.order_by("-written_at").first(),
            rounds=[_last(is_full=True), _last(is_full=False)],
            altered=Alteration.objects.filter(seen_at=None)[:SHOWN],
            in_force=in_force,
            is_closed=any(not each.address for each in in_force),
            past=Closing.objects.exclude(restored_at=None).select_related(
                "closed_by", "restored_by"
            )[:PAST],
            freeze=days.freeze_now(),
            periods=SpecialPeriod.objects.exists(),
            may_close=user.has_perm(closing.PERMISSION),
            may_rebuild=user.has_perm(upkeep.PERMISSION),
            made=made,
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        action = request.POST.get("action", "")
        doings = {
            "take_down": self._take_down,
            "take_down_all": self._take_down_all,
            "restore": self._restore,
            "rebuild": self._rebuild,
            "verify": self._verify,
            "seen": self._seen,
        }
        if action not in doings:
            return redirect("mirror_status")
        data: dict[str, Any] = {}
        form = None
        if action in self.forms:
            form = self.forms[action](request.POST, prefix=action)
            if not form.is_valid():
                for errors in form.errors.values():
                    messages.error(request, errors[0])
                return self.render_to_response(self.get_context_data(form=form, action=action))
            data = form.cleaned_data
        try:
            doings[action](data)
        except (closing.ClosingRefused, upkeep.UpkeepRefused) as refusal:
            messages.error(request, str(refusal))
            return self.render_to_response(self.get_context_data(form=form, action=action))
        return redirect("mirror_status")

    # --- one for each button ----------------------------------------------------------------------

    def _take_down(self, data: dict[str, Any]) -> None:
        done = closing.take_down(self.request.user, data["address"], data["reason"])
        found = worker.store().read(done.address)
        if found is not None and found[0] == 200:
            messages.error(
                self.request,
                f"{done.address}已登记撤下，但文件还没有换掉（磁盘或权限有问题）。"
                "后台会马上再试；等不及请撤下整个镜像。",
            )
            return
        messages.success(
            self.request,
            f"{done.address}已撤下，读者现在看到“已撤下”的说明。首页和栏目里的标题、"
            "微信里的那一篇都没有动：文章请再到“审核与发布”页撤稿，微信请到公众号后台处理。",
        )

    def _take_down_all(self, data: dict[str, Any]) -> None:
        closing.take_down_all(self.request.user, data["reason"])
        if not worker.store().is_closed:
            messages.error(self.request, "已登记，但还没有生效。请维护人员马上查看服务器。")
            return
        messages.success(self.request, "整个镜像已撤下，公众看到“暂停服务”。微信里的文章没有动。")

    def _restore(self, data: dict[str, Any]) -> None:
        pk = self.request.POST.get("closing", "")
        found = get_object_or_404(Closing, pk=int(pk) if pk.isdecimal() else 0)
        closing.restore(self.request.user, found, data["reason"])
        messages.success(self.request, f"{found}已恢复，按现在的内容重新生成。")

    def _rebuild(self, data: dict[str, Any]) -> None:
        waiting = upkeep.rebuild(self.request.user)
        messages.success(self.request, f"已登记重建，{waiting} 页由后台逐页生成，旧页面照常可看。")

    def _verify(self, data: dict[str, Any]) -> None:
        upkeep.verify(self.request.user)
        messages.success(self.request, "已开始核对，过几分钟刷新本页看结果。")

    def _seen(self, data: dict[str, Any]) -> None:
        number = upkeep.acknowledge(self.request.user, data["note"])
        messages.success(self.request, f"已确认 {number} 处改动，警报解除。")


def _last(*, is_full: bool) -> dict[str, Any]:
    found = VerificationRound.objects.filter(is_full=is_full)
    return {
        "label": "完整核对（每夜，逐页重新生成比较）"
        if is_full
        else "快速核对（每小时，比较校验值）",
        "done": found.exclude(finished_at=None).first(),
        "running": found.filter(finished_at=None).first(),
    }


class MirrorMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(VIEW)


def menu_item() -> MenuItem:
    return MirrorMenuItem(
        "公开镜像", reverse("mirror_status"), name="mirror", icon_name="globe", order=150
    )


URLS = [path("reports/mirror/", StatusView.as_view(), name="mirror_status")]
