"""导入后台表格: upload, look, choose, write."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin import messages

from rankings import uploads

from . import import_plan
from .forms import UploadForm
from .import_plan import IMPORT, READ_ERRORS, ImportPlan, ImportRefused
from .screens import ReadingScreen

SESSION_KEY = "articles_reading_imports"
SHOWN = 100


class ImportScreen(ReadingScreen):
    permission = IMPORT
    refusal = "您没有导入阅读数据的权限，请联系“发布”人员或宣传部。"
    page_title = "导入后台表格"
    header_icon = "upload"


class UploadView(ImportScreen):
    template_name = "articles/admin/readings/upload.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(422, form=form)
        said = form.cleaned_data
        try:
            found = import_plan.plan(said["data"], said["file"].name, said["exported_on"])
        except READ_ERRORS as error:
            form.add_error("file", str(error))
            return self.show(422, form=form)
        if found.known:
            form.add_error("file", import_plan.already(found.known))
            return self.show(422, form=form)
        _forget_all(request)
        upload = uploads.keep(said["data"])
        request.session[SESSION_KEY] = {
            upload.token: {
                "sha256": upload.sha256,
                "name": said["file"].name[:200],
                "exported_on": said["exported_on"].isoformat(),
            }
        }
        return redirect("readings_preview", upload.token)


class PreviewView(ImportScreen):
    template_name = "articles/admin/readings/preview.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._with_plan(token, {}, self._preview)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        if request.POST.get("action") == "cancel":
            _forget_all(request)
            messages.success(request, "已放弃这次导入，没有写入任何内容。")
            return redirect("readings_upload")
        choices = _choices(request.POST)
        then = self._write if request.POST.get("action") == "save" else self._preview
        return self._with_plan(token, choices, then)

    def _with_plan(
        self, token: str, choices: Mapping[int, str], then: Callable[[ImportPlan], HttpResponse]
    ) -> HttpResponse:
        info = self.request.session.get(SESSION_KEY, {}).get(token)
        try:
            if info is None:
                raise uploads.UploadGone("上传的文件已过期或已处理，请重新上传。")
            data = uploads.read(uploads.Upload(token, info["sha256"]))
            exported_on = date.fromisoformat(info["exported_on"])
            return then(import_plan.plan(data, info["name"], exported_on, choices))
        except (*READ_ERRORS, uploads.UploadGone) as refusal:
            messages.error(self.request, str(refusal))
            return redirect("readings_upload")

    def _preview(self, found: ImportPlan) -> HttpResponse:
        return self.show(
            plan=found,
            taken=found.taken[:SHOWN],
            more=max(len(found.taken) - SHOWN, 0),
            asked=found.asked[:SHOWN],
            skips=bool(self.request.POST.get("skip_bad")),
        )

    def _write(self, found: ImportPlan) -> HttpResponse:
        if found.bad and not self.request.POST.get("skip_bad"):
            messages.error(self.request, "还没有写入任何内容：请先处理有错的行，或选“跳过有错的”。")
            return self._preview(found)
        try:
            batch = import_plan.run(self.request.user, found)
        except ImportRefused as refusal:
            messages.error(self.request, str(refusal))
            return self._preview(found)
        _forget_all(self.request)
        messages.success(
            self.request,
            f"已写入 {batch.rows} 篇：新增 {found.added} 个数，改动 {found.changed} 个数。",
        )
        return redirect(f"{reverse('readings_index')}?metric=reads")


def _choices(posted: Mapping[str, Any]) -> dict[int, str]:
    """The answers to “which post is this row?” by row number."""
    return {
        int(number): answer
        for name, answer in posted.items()
        if (number := name.removeprefix("row-")) != name and number.isdecimal()
    }


def _forget_all(request: HttpRequest) -> None:
    for token, info in request.session.pop(SESSION_KEY, {}).items():
        uploads.discard(uploads.Upload(token, info["sha256"]))
