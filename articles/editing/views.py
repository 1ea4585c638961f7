"""What differs between two versions, and whether one is still signed in."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView, View
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Revision

from ..desk.views import VIEW_PERMISSION
from ..models import ArticlePage
from ..review import looks
from ..review.differences import changes
from . import copies

# Versions offered for comparison; who needs an older one finds it in 修改历史.
CHOICES = 100


class ChangesView(WagtailAdminTemplateMixin, TemplateView):
    """What was changed: since the person last looked, or between any two versions they choose."""

    template_name = "articles/admin/changes/page.html"
    page_title = "改了什么"
    header_icon = "history"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def article(self) -> ArticlePage:
        return get_object_or_404(ArticlePage, pk=self.kwargs["pk"])

    @cached_property
    def drafts(self) -> dict[int, Revision]:
        """The saved drafts by their ids, oldest first."""
        return {draft.pk: draft for draft in self.article.saved_drafts()}

    def get_page_subtitle(self) -> str:
        return self.article.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("articles:index"), "label": "文章"},
            {"url": reverse("articles_desk", args=[self.article.pk]), "label": self.article.title},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        new = self._asked("to") or self.drafts.get(self.article.latest_revision_id)
        old = self._asked("from") or (self._baseline(new) if new else None)
        if old and new and old.pk > new.pk:
            old, new = new, old
        return super().get_context_data(
            article=self.article,
            versions=list(reversed(self.drafts.values()))[:CHOICES],
            old=old,
            new=new,
            found=changes(old.as_object(), new.as_object()) if old and new else [],
            **kwargs,
        )

    def _asked(self, name: str) -> Revision | None:
        """The version chosen under ``name``; whatever is none of this article's counts as none."""
        value = self.request.GET.get(name, "")
        if not (value.isascii() and value.isdigit() and len(value) < 19):
            return None
        return self.drafts.get(int(value))

    def _baseline(self, new: Revision) -> Revision | None:
        """What the person last saw; else what is public; else the version before."""
        last = looks.since_last_look(self.request.user, self.article)
        if last and last.revision and last.revision.pk < new.pk:
            return self.drafts.get(last.revision.pk)
        live = self.drafts.get(self.article.live_revision_id)
        if live and live.pk != new.pk:
            return live
        return next((d for d in reversed(self.drafts.values()) if d.pk < new.pk), None)


class SessionView(View):
    """Whether saving would be accepted now, asked by the editor before it sends anything.

    Without a session Wagtail answers 403 to such a request before it comes here.
    """

    def get(self, request: HttpRequest) -> JsonResponse:
        return JsonResponse(
            {
                "user": request.user.pk,
                "token": get_token(request),
                "saved": copies.saved(request),
            }
        )
