"""What is pasted into the editor, cleaned on the server and answered as blocks."""

from html import unescape
from typing import Any

from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.views import View
from wagtail.models import PagePermissionTester
from wagtail.permissions import page_permission_policy

from cms.ops import audit

from ..models import ArticlePage
from .html import blocks_from_html, no_pictures

MAX_BYTES = 2 * 1024 * 1024
# Longer than any article WeChat takes; an editor with more in it grows slow.
MAX_CHARACTERS = 50_000
TOO_LONG = (
    "粘贴的内容太长，没有放进来，剪贴板里的原文还在。"
    "请分几次粘贴，或存成 .docx 后用“从 Word 新建”。"
)


class CleanPasteView(View):
    """POST ``html`` (and ``article`` while one is edited): blocks as the editor's fields hold
    them, and sentences on what could not be kept. Nothing of the text is stored."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest) -> HttpResponseBase:
        article, allowed = _article(request)
        if not allowed:
            return _refused("您没有修改这篇文章的权限。", 403)
        html = request.POST.get("html", "")
        if len(html.encode("utf-8", "replace")) > MAX_BYTES:
            return _refused(TOO_LONG, 413)
        made = blocks_from_html(html, no_pictures)
        if sum(len(unescape(str(block["value"]))) for block in made.blocks) > MAX_CHARACTERS:
            return _refused(TOO_LONG, 413)
        body = ArticlePage.body.field.stream_block
        blocks = body.get_form_state(body.to_python(made.blocks))
        if article is not None and blocks:
            audit.record(request.user, "article.from_paste", article)
        return JsonResponse({"blocks": blocks, "warnings": made.warnings})


def _article(request: HttpRequest) -> tuple[ArticlePage | None, bool]:
    """The article that is being edited (None for a new one), and whether the person may write."""
    pk = request.POST.get("article", "")
    if not pk:
        return None, page_permission_policy.user_has_any_permission(request.user, {"add", "change"})
    article = ArticlePage.objects.filter(pk=int(pk)).first() if pk.isdecimal() else None
    if article is None:
        return None, False
    tester: PagePermissionTester = article.permissions_for_user(request.user)
    return article, tester.can_edit() and not tester.page_locked()


def _refused(sentence: str, status: int) -> JsonResponse:
    answer: dict[str, Any] = {"message": sentence}
    return JsonResponse(answer, status=status)
