"""A save is for the version that was opened, and for no other.

Wagtail compares versions for its autosave alone; an ordinary save from an old tab writes over
what a colleague saved since. Here such a save is refused, and what was typed is shown with the
differences.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.models import Page, Revision

from cms.ops import audit

from ..models import ArticlePage
from ..review.differences import Change, changes
from .typed import Typed

# The field by which a person says: mine counts, although somebody saved since.
MINE_COUNTS = "mine_counts"


def save_under_lock(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Answer a save of an article, or None when it is no such request.

    Wagtail's view reads the latest version first and writes at the end, in no transaction: of two
    saves at the same moment the later would win unseen. So the view is run once more from here,
    inside the transaction that holds the article's row.
    """
    if request.method != "POST" or not isinstance(page, ArticlePage):
        return None
    if getattr(request, "holds_article_row", False):
        return None
    view, args, kwargs = request.resolver_match
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=page.pk)
        article = ArticlePage.objects.get(pk=page.pk)
        if refusal := why_not_save(request, article):
            return refused(request, article, refusal)
        mine_counted = MINE_COUNTS in request.POST
        before = article.get_latest_revision()
        request.holds_article_row = True
        response = view(request, *args, **kwargs)
        if mine_counted and before and before.pk != _latest_id(article):
            audit.record(
                request.user,
                "article.save_over",
                article,
                {"revision": before.pk, "writer": str(before.user or "")},
            )
    return response


@dataclass(frozen=True)
class Refusal:
    """``can_insist``: the person may decide that theirs counts."""

    sentence: str
    can_insist: bool = False


STALE = Refusal(
    "您打开之后，这篇文章又保存过新的版本。为了不盖掉别人（或您自己在另一个窗口）的改动，"
    "这次没有保存。您写的都在下面。",
    can_insist=True,
)
NO_AUTOSAVE = Refusal("本工作台不使用自动保存，这次没有保存。请刷新页面，再按“保存草稿”。")


def why_not_save(request: HttpRequest, article: ArticlePage) -> Refusal | None:
    """What speaks against writing the posted form, the row being locked; None when nothing does."""
    if "overwrite_revision_id" in request.POST:
        return NO_AUTOSAVE
    lock = article.get_lock()
    if lock and lock.for_user(request.user):
        if "action-cancel-workflow" in request.POST:
            return None  # takes the text back and writes none
        return Refusal(f"这次没有保存。{lock.get_message(request.user)}您写的都在下面。")
    latest = _latest_id(article)
    if request.POST.get("loaded_revision_id", "") != (str(latest) if latest else ""):
        return STALE
    return None


def refused(request: HttpRequest, article: ArticlePage, refusal: Refusal) -> HttpResponse:
    """The page that shows what was typed beside what is stored."""
    return TemplateResponse(
        request,
        "articles/admin/editing/not_saved.html",
        {"article": article, "refusal": refusal, "conflict": Conflict(request, article)},
        status=409,
    )


class Conflict:
    """The typed text, the stored one, and the one that was opened."""

    def __init__(self, request: HttpRequest, article: ArticlePage):
        self._request = request
        self._article = article
        self.latest: Revision | None = article.get_latest_revision()
        self.typed = Typed(request, article)

    @cached_property
    def loaded(self) -> Revision | None:
        """The version the person had opened, if the form names one of this article's."""
        asked = self._request.POST.get("loaded_revision_id", "")
        if not asked.isascii() or not asked.isdigit():
            return None
        return self._article.revisions.filter(pk=int(asked)).first()

    @cached_property
    def theirs(self) -> list[Change]:
        """What was changed since the person opened the article."""
        if self.loaded is None or self.latest is None or self.loaded.pk == self.latest.pk:
            return []
        return changes(self.loaded.as_object(), self.latest.as_object())

    @cached_property
    def mine(self) -> list[Change]:
        """What saving the typed text would change in what is stored."""
        return changes(self._article.get_latest_revision_as_object(), self.typed.article)

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The posted form, ready to be posted again for the latest version."""
        latest = str(self.latest.pk) if self.latest else ""
        return [*self.typed.fields, ("loaded_revision_id", latest), (MINE_COUNTS, "1")]


def _latest_id(article: Any) -> int | None:
    return ArticlePage.objects.values_list("latest_revision_id", flat=True).get(pk=article.pk)
