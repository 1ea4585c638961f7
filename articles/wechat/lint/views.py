"""What the editor asks while somebody writes."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from wagtail.admin.views.pages.preview import PreviewOnCreate, PreviewOnEdit

from ...models import ArticlePage, ColumnPage
from .judging import judge

# How Wagtail names what is to be created.
OF_ARTICLES = {"content_type_app_name": "articles", "content_type_model_name": "articlepage"}


class LintOnEdit(PreviewOnEdit):
    """The rules over the posted form, read as Wagtail reads it for a preview; nothing is kept.

    Answers ``{is_valid, html, errors, warnings}``; what cannot be read as a form is only not
    valid: the editor keeps what it showed.
    """

    http_method_names = ("post",)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not isinstance(self.object, ArticlePage):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        article = self.posted()
        if article is None:
            return JsonResponse({"is_valid": False})
        judged = judge(article)
        return JsonResponse(
            {
                "is_valid": True,
                "html": render_to_string(
                    "articles/admin/wechat_lint/judged.html", {"judged": judged, "live": True}
                ),
                "errors": len(judged.errors),
                "warnings": len(judged.warnings),
            }
        )

    def posted(self) -> ArticlePage | None:
        """The article as the posted form would make it; None where the form is not valid."""
        if "body-count" not in self.request.POST:  # the field itself takes that for granted
            return None
        form = self.get_form(self.request.POST)
        return form.save(commit=False) if self.validate_form(form) else None


class LintOnCreate(PreviewOnCreate, LintOnEdit):
    """The same for an article that has not been saved yet."""


def posted(request: HttpRequest, page: ArticlePage | ColumnPage) -> ArticlePage | None:
    """The article that the editor's form in ``request`` would make; None when it is not valid.

    ``page`` is the article, or the column in which one is begun.
    """
    if isinstance(page, ArticlePage):
        view = LintOnEdit()
        view.setup(request, page_id=page.pk)
    else:
        view = LintOnCreate()
        view.setup(request, parent_page_id=page.pk, **OF_ARTICLES)
    return view.posted()
