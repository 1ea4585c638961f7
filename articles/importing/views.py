"""从 Word 新建 and 导入到本稿: upload, look and describe the pictures, save as a draft."""

from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views import View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from rankings import uploads

from ..models import ArticlePage, ColumnPage
from . import drafts, kept
from .forms import DraftForm, PictureForm, WordUploadForm, title_of

SESSION_KEY = "articles_word_imports"
WAITING_UPLOADS = 5
# While one request saves, another for the same file is told to wait.
SAVING_SECONDS = 120
GONE = "上传的文件已过期或已处理。如果刚刚保存过，草稿在文章列表里；否则请重新上传。"
PICTURE_TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
}


class WordScreen(WagtailAdminTemplateMixin, View):
    """What both steps share: for whom the words are, a new draft or one that exists."""

    header_icon = "upload"

    @cached_property
    def article(self) -> ArticlePage | None:
        """The draft to add to; None for a new one."""
        if "pk" not in self.kwargs:
            return None
        return get_object_or_404(ArticlePage, pk=self.kwargs["pk"])

    @cached_property
    def columns(self) -> list[ColumnPage]:
        """Where this person may begin an article."""
        return [
            column
            for column in ColumnPage.objects.live().order_by("path")
            if column.permissions_for_user(self.request.user).can_add_subpage()
        ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.article is not None:
            if reason := drafts.why_not_append(request.user, self.article):
                messages.error(request, reason)
                return redirect("articles_desk", self.article.pk)
        elif not self.columns:
            raise PermissionDenied("您没有新建文章的权限，请联系管理员。")
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return "从 Word 导入到本稿" if self.article else "从 Word 新建"

    def get_page_subtitle(self) -> str:
        return self.article.draft_title if self.article else ""

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("articles:index"), "label": "文章"},
            {"url": "", "label": self.get_page_title(), "sublabel": self.get_page_subtitle()},
        ]

    def address(self, name: str, *args: Any) -> str:
        """The address of a step, for this draft or for a new one."""
        if self.article:
            return reverse(f"articles_word_into_{name}", args=[self.article.pk, *args])
        return reverse(f"articles_word_{name}", args=args)

    def show(self, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"article": self.article, "upload_url": self.address("upload")}
        return self.render_to_response(self.get_context_data(**context), status=status)


class WordUploadView(WordScreen):
    template_name = "articles/admin/importing/word_upload.html"

    def _form(self, *data: Any, **kwargs: Any) -> WordUploadForm:
        return WordUploadForm(*data, columns=None if self.article else self.columns, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """``?column=`` is the column whose page the person comes from."""
        return self.show(form=self._form(initial={"column": request.GET.get("column")}))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(422, form=form)
        name = form.cleaned_data["file"].name[:200]
        upload = kept.keep(form.cleaned_data["text"], name, form.cleaned_data["credit"])
        waiting = request.session.get(SESSION_KEY, {})
        while len(waiting) >= WAITING_UPLOADS:
            oldest = next(iter(waiting))
            uploads.discard(uploads.Upload(oldest, waiting.pop(oldest)["sha256"]))
        column = form.cleaned_data.get("column")
        waiting[upload.token] = {
            "sha256": upload.sha256,
            "column": column.pk if column else None,
            "article": self.article.pk if self.article else None,
        }
        request.session[SESSION_KEY] = waiting
        return redirect(self.address("preview", upload.token))


class WaitingUpload(WordScreen):
    """A step about a file that this person has uploaded."""

    @property
    def info(self) -> dict[str, Any]:
        """Raises ``uploads.UploadGone``."""
        found = self.request.session.get(SESSION_KEY, {}).get(self.kwargs["token"])
        if found is None or found["article"] != self.kwargs.get("pk"):
            raise uploads.UploadGone(GONE)
        return found

    @property
    def upload(self) -> uploads.Upload:
        return uploads.Upload(self.kwargs["token"], self.info["sha256"])

    def forget(self) -> None:
        uploads.discard(self.upload)
        waiting = self.request.session[SESSION_KEY]
        del waiting[self.kwargs["token"]]
        self.request.session[SESSION_KEY] = waiting


class WordPreviewView(WaitingUpload):
    template_name = "articles/admin/importing/word_preview.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except uploads.UploadGone:
            messages.warning(request, GONE)
            return redirect("articles:index")

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self._preview(kept.read(self.upload))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("action") == "cancel":
            self.forget()
            messages.success(request, "已放弃这次导入，没有保存任何内容。")
            return redirect(self.upload_page())
        held = kept.read(self.upload)
        draft, pictures = self._forms(held, request.POST)
        valid = [form.is_valid() for form in (*([draft] if draft else []), *pictures)]
        if not all(valid):
            return self._preview(held, draft, pictures, 422)
        lock = f"word-import-{self.upload.token}"
        if not cache.add(lock, True, SAVING_SECONDS):
            messages.warning(request, "这份文件正在保存，请稍候在文章列表里查看。")
            return redirect("articles:index")
        try:
            article = self._save(held, draft, [form.described() for form in pictures])
        except drafts.ImportRefused as refusal:
            messages.error(request, str(refusal))
            return self._preview(held, draft, pictures, 409)
        finally:
            cache.delete(lock)
        self.forget()
        messages.success(
            request, f"已存为草稿《{article.draft_title}》。请补全摘要、信源等内容后提交审核。"
        )
        return redirect("wagtailadmin_pages:edit", article.pk)

    def upload_page(self) -> str:
        return self.address("upload")

    def _save(self, held: kept.Kept, draft: DraftForm | None, described: list[Any]) -> ArticlePage:
        user, text = self.request.user, held.text
        if draft is None:
            opened = self.request.POST.get("opened_revision", "")
            revision = int(opened) if opened.isdecimal() else 0
            return drafts.append_word(user, self.article, revision, text, described, held.name)
        column = get_object_or_404(ColumnPage, pk=self.info["column"])
        title, author = draft.cleaned_data["title"], draft.cleaned_data["author"]
        _, text = self._titled(held)
        return drafts.draft_from_word(user, column, title, author, text, described, held.name)

    def _titled(self, held: kept.Kept) -> tuple[str, Any]:
        """The title the file offers, and the text without it: its first heading, or its name."""
        first = held.text.blocks[0] if held.text.blocks else None
        if self.article is None and first and first["type"] == "subheading":
            return first["value"], kept.WordText(
                held.text.blocks[1:], held.text.warnings, held.text.pictures
            )
        return title_of(held.name), held.text

    def _forms(
        self, held: kept.Kept, data: Any = None
    ) -> tuple[DraftForm | None, list[PictureForm]]:
        draft = None
        if self.article is None:
            initial = {"title": self._titled(held)[0], "author": str(self.request.user)}
            draft = DraftForm(data, initial=initial)
        pictures = [
            PictureForm(data, prefix=f"picture-{number}", initial={"credit": held.credit})
            for number in range(len(held.text.pictures))
        ]
        return draft, pictures

    def _preview(
        self,
        held: kept.Kept,
        draft: DraftForm | None = None,
        pictures: list[PictureForm] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        if pictures is None:
            draft, pictures = self._forms(held)
        text = self._titled(held)[1]
        return self.show(
            status,
            file=held.name,
            draft=draft,
            warnings=held.text.warnings,
            pieces=list(self._pieces(text.blocks, pictures)),
            picture_count=len(pictures),
            opened_revision=self.article.latest_revision_id if self.article else "",
        )

    def _pieces(self, blocks: list[dict[str, Any]], pictures: list[PictureForm]) -> Any:
        """The blocks as readers will see them; a picture with the form that describes it."""
        body = ArticlePage.body.field.stream_block
        for block in blocks:
            if block["type"] == "picture":
                number = block["value"]["image"]
                yield {
                    "form": pictures[number],
                    "number": number + 1,
                    "caption": block["value"]["caption"],
                    "url": self.address("picture", self.kwargs["token"], number),
                }
            else:
                yield {"block": body.to_python([block])[0]}


class WordPictureView(WaitingUpload):
    """One picture of an upload, to the person who uploaded it."""

    def get(self, request: HttpRequest, number: int, **kwargs: Any) -> HttpResponse:
        try:
            found = kept.read_picture(self.upload, number)
        except uploads.UploadGone as error:
            raise Http404 from error
        if found is None:
            raise Http404
        response = HttpResponse(found[0], content_type=PICTURE_TYPES[found[1]])
        response["Content-Security-Policy"] = "sandbox"
        response["Cache-Control"] = "private, max-age=3600"
        return response
