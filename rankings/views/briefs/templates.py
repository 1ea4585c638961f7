"""The Word templates: the current one, uploading an edited one, going back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from ...briefs import templates as rules
from ...briefs import word
from ...evidence import service as evidence
from ...models import BriefTemplate
from ...services import RankingError
from ...services import brief_templates as services
from ..base import RankingScreen
from ..report import download


class TemplatesView(RankingScreen):
    title = "简报的 Word 模板"
    permissions = ("make_brief",)
    template_name = "rankings/admin/briefs/templates.html"
    header_icon = "doc-full-inverse"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, last = super().get_breadcrumbs_items()
        return [*before, {"url": reverse("rankings:briefs"), "label": "简报"}, last]

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show()

    def _show(self, problem: str = "", status: int = 200) -> HttpResponse:
        rows = list(BriefTemplate.objects.select_related("capture", "uploaded_by"))
        return self.show(
            status=status,
            rows=rows,
            active=next((row for row in rows if row.is_active), None),
            problem=problem,
            placeholders=rules.placeholder_rows(),
            largest=rules.MAX_BYTES // 1024 // 1024,
        )

    def post(self, request: HttpRequest) -> HttpResponseBase:
        try:
            if request.POST.get("action") == "upload":
                said = self._upload(request)
            else:
                said = self._use(request)
        except RankingError as error:
            return self._show(str(error), status=422)
        messages.success(request, said)
        return redirect("rankings:brief_templates")

    def _upload(self, request: HttpRequest) -> str:
        file = request.FILES.get("file")
        if file is None:
            raise RankingError("请选择一个 .docx 文件。")
        if file.size > rules.MAX_BYTES:
            raise RankingError(
                f"文件有 {file.size / 1024 / 1024:.1f} MB，最大 "
                f"{rules.MAX_BYTES // 1024 // 1024} MB，请压缩或去掉其中的图片。"
            )
        name = request.POST.get("name", "").strip() or file.name
        template = services.add_template(request.user, name, file.read())
        return f"模板“{template.name}”试排通过，从现在起签发的简报都用它。"

    def _use(self, request: HttpRequest) -> str:
        number = request.POST.get("template", "")
        if not number:
            services.use_template(request.user, None)
            return "已恢复默认模板。"
        template = get_object_or_404(
            BriefTemplate, pk=number if number.isascii() and number.isdigit() else 0
        )
        services.use_template(request.user, template)
        return f"已启用模板“{template.name}”。"


class TemplateFileView(RankingScreen):
    """A template as a file, to be edited in Word."""

    title = "简报的 Word 模板"
    permissions = ("make_brief",)
    template_name = "rankings/admin/briefs/lost.html"

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        template = None if pk is None else get_object_or_404(BriefTemplate, pk=pk)
        try:
            data = services.template_bytes(template)
        except evidence.EvidenceError as error:
            return self.show(status=503, problem=str(error))
        name = "简报默认模板" if template is None else template.name.removesuffix(".docx")
        return download(data, word.CONTENT_TYPE, f"{name}.docx")
