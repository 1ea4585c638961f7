"""The 发布审批单 on screen, to print, and as a Word file."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.generic import View
from wagtail.models import Revision

from rankings.views.report import download

from ..models import ArticlePage
from . import word
from .content import Sheet, file_name, heading, rows
from .reading import revision_of, sheet

VIEW_PERMISSION = "articles.view_articlepage"


class SheetView(View):
    """What both forms share: who may see a sheet, and of which draft it is."""

    article: ArticlePage
    revision: Revision

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        self.article = get_object_or_404(ArticlePage, pk=kwargs["pk"])
        asked = request.GET.get("revision")
        if asked is None:
            found = revision_of(self.article)
        else:
            number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
            found = self.article.revisions.filter(pk=number).first()
        if found is None:
            raise Http404("没有这一稿，请从文章的“审核与发布”页面打开发布审批单。")
        self.revision = found

    def sheet(self) -> Sheet:
        return sheet(self.article, self.revision)


class SheetPageView(SheetView):
    """A page of its own, A4, black on white."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        shown = self.sheet()
        return render(
            request,
            "articles/approval_sheet/page.html",
            {
                "article": self.article,
                "revision": self.revision,
                "live": self.article.live_revision_id if self.article.live else None,
                "latest": self.article.latest_revision_id,
                "sheet": shown,
                "heading": heading(shown),
                "rows": rows(shown),
                "closing": word.closing(timezone.now()),
            },
        )


class SheetWordView(SheetView):
    """The same as .docx."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        shown, now = self.sheet(), timezone.now()
        name = file_name(shown, timezone.localdate(now))
        return download(word.write(shown, now), word.CONTENT_TYPE, name)
