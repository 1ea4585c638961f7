"""导入历史文章: upload, look, confirm. For administrators; large sets go through the command."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views import View
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from rankings import uploads
from rankings.importing.reading import UnreadableFile

from ..models import ColumnPage
from . import past, past_plan
from .archive import Archive, ArchiveRefused, open_bytes
from .forms import PastForm
from .past_plan import PastOptions

SESSION_KEY = "articles_past_imports"
GONE = "上传的文件已过期或已处理，请重新上传。"
# What one request can write in good time; more is the command's.
MOST_AT_ONCE = 200


class PastImportItem(MenuItem):
    """In the menu of those who may."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(past.PERMISSION)


def menu_item() -> MenuItem:
    """导入历史文章 among the settings."""
    return PastImportItem(
        "导入历史文章",
        reverse("articles_past_upload"),
        name="past-articles",
        icon_name="history",
        order=900,
    )


class PastScreen(WagtailAdminTemplateMixin, View):
    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(past.PERMISSION):
            raise PermissionDenied("您没有导入历史文章的权限，请联系管理员。")
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return "导入历史文章"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("articles:index"), "label": "文章"},
            {"url": "", "label": self.get_page_title()},
        ]

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(**context), status=status)


class PastUploadView(PastScreen):
    template_name = "articles/admin/importing/past_upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=PastForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PastForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(422, form=form)
        for token, info in request.session.get(SESSION_KEY, {}).items():
            uploads.discard(uploads.Upload(token, info["sha256"]))
        upload = uploads.keep(form.cleaned_data["data"])
        request.session[SESSION_KEY] = {
            upload.token: {
                "sha256": upload.sha256,
                "name": form.cleaned_data["file"].name[:200],
                "options": form.said(),
            }
        }
        return redirect("articles_past_preview", upload.token)


class PastPreviewView(PastScreen):
    template_name = "articles/admin/importing/past_preview.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._with_archive(token, self._preview)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.POST.get("action") == "cancel":
            self._forget(token)
            messages.success(request, "已放弃这次导入，没有写入任何内容。")
            return redirect("articles_past_upload")
        return self._with_archive(token, self._confirm)

    def _with_archive(
        self, token: str, then: Callable[[str, Archive, PastOptions], HttpResponse]
    ) -> HttpResponse:
        info = self.request.session.get(SESSION_KEY, {}).get(token)
        try:
            if info is None:
                raise uploads.UploadGone(GONE)
            data = uploads.read(uploads.Upload(token, info["sha256"]))
            archive = open_bytes(data, info["name"])
            return then(token, archive, _options(info["options"]))
        except (ArchiveRefused, UnreadableFile, uploads.UploadGone) as refusal:
            messages.error(self.request, str(refusal))
            return redirect("articles_past_upload")

    def _preview(self, token: str, archive: Archive, options: PastOptions) -> HttpResponse:
        found = past_plan.plan(archive, options)
        return self.show(plan=found, most=MOST_AT_ONCE, too_many=len(found.new) > MOST_AT_ONCE)

    def _confirm(self, token: str, archive: Archive, options: PastOptions) -> HttpResponse:
        found = past_plan.plan(archive, options)
        skips = bool(self.request.POST.get("skip_bad"))
        if len(found.new) > MOST_AT_ONCE or (found.bad and not skips):
            messages.error(
                self.request, "还没有写入任何内容：请先处理有错的文章，或选“跳过有错的”。"
            )
            return self._preview(token, archive, options)
        wanted = found.new
        failed = past_plan.run(self.request.user, archive, wanted, options)
        if failed:
            reasons = "；".join(str(item) for item in failed[:5])
            messages.error(self.request, f"有 {len(failed)} 篇没有导入：{reasons}")
        messages.success(self.request, f"已导入 {len(wanted) - len(failed)} 篇历史文章。")
        self._forget(token)
        return redirect("articles:index")

    def _forget(self, token: str) -> None:
        waiting = self.request.session.get(SESSION_KEY, {})
        info = waiting.pop(token, None)
        if info is not None:
            uploads.discard(uploads.Upload(token, info["sha256"]))
            self.request.session[SESSION_KEY] = waiting


def _options(said: dict[str, Any]) -> PastOptions:
    column = ColumnPage.objects.filter(pk=said["column"]).first()
    return PastOptions(**{**said, "column": column})
