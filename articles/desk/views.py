"""The desk's addresses."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View
from wagtail.models import TaskState, WorkflowState

from ..models import ArticlePage, ReadyTask
from ..status import verdict_words
from .base import Desk, DeskPanel
from .panelled import PanelledView
from .panels import PANELS

VIEW_PERMISSION = "articles.view_articlepage"
_OF_THIS_ROUND = (TaskState.STATUS_IN_PROGRESS, TaskState.STATUS_APPROVED)


class ArticlePreviewView(View):
    """The latest text as readers would see it, for the frame on the desk.

    ``?mode=`` names one of the article's preview modes; the public page without it.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        article = get_object_or_404(ArticlePage, pk=pk).get_latest_revision_as_object()
        mode = request.GET.get("mode", article.default_preview_mode)
        if mode not in dict(article.preview_modes):
            raise Http404(f"no such preview mode: {mode}")
        # The frame lets no link lead anywhere: the desk itself offers the other modes.
        response = article.make_preview_request(request, mode, {"in_preview_panel": True})
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response


class ArticleDeskView(PanelledView):
    """Read the article as readers will, see who said what, and act."""

    template_name = "articles/admin/desk/page.html"
    header_icon = "doc-full-inverse"
    view_permission = VIEW_PERMISSION
    view_refusal = "您没有查看稿件的权限。"

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.request, get_object_or_404(ArticlePage, pk=self.kwargs["pk"]))

    @cached_property
    def panels(self) -> list[DeskPanel]:
        return [panel(self.desk) for panel in PANELS]

    def get_page_title(self) -> str:
        return "审核与发布"

    def get_page_subtitle(self) -> str:
        return self.desk.article.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("articles:index"), "label": "文章"},
            {"url": "", "label": "审核与发布", "sublabel": self.desk.article.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            article=self.desk.article, draft=self.desk.draft, stages=self._stages(), **kwargs
        )

    def _stages(self) -> list[dict[str, Any]]:
        """The three reviews and 待发布, each with its latest outcome in this round."""
        article = self.desk.article
        running_state = article.current_workflow_state
        state = running_state or article.workflow_states.order_by("-created_at").first()
        if state is None:
            return []
        gone = self.desk.gone
        if gone and not running_state and state.created_at <= gone.withdrawn_at:
            # The round that led to what was withdrawn is over.
            return []
        running = state.status == WorkflowState.STATUS_IN_PROGRESS
        shown = []
        for task in state.all_tasks_with_state():
            verdict = task.task_state.specific if task.task_state else None
            if running and verdict and verdict.status not in _OF_THIS_ROUND:
                # What an earlier round said; this one has not come to it yet.
                verdict = None
            words = verdict_words(
                verdict.status if verdict else "",
                ready=isinstance(task.specific, ReadyTask),
                was_approved=bool(getattr(verdict, "content_digest", "")),
            )
            shown.append({"name": task.name, "state": verdict, "words": words})
        return shown
