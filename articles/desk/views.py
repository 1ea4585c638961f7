"""The desk's addresses."""

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import TaskState, WorkflowState

from ..models import ArticlePage, ReadyTask
from ..status import verdict_words
from .base import Desk, DeskPanel, FormRefused
from .panels import PANELS

VIEW_PERMISSION = "articles.view_articlepage"
_OF_THIS_ROUND = (TaskState.STATUS_IN_PROGRESS, TaskState.STATUS_APPROVED)


class ArticlePreviewView(View):
    """The latest text as readers would see it, for the frame on the desk."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        article = get_object_or_404(ArticlePage, pk=pk).get_latest_revision_as_object()
        response = article.make_preview_request(request, article.default_preview_mode)
        response["X-Frame-Options"] = "SAMEORIGIN"
        return response


class ArticleDeskView(WagtailAdminTemplateMixin, TemplateView):
    """Read the article as readers will, see who said what, and act.

    Every action belongs to a panel and is a call of one service; a refusal is shown as the
    service's sentence.
    """

    template_name = "articles/admin/desk/page.html"
    header_icon = "doc-full-inverse"

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.request, get_object_or_404(ArticlePage, pk=self.kwargs["pk"]))

    @cached_property
    def panels(self) -> list[DeskPanel]:
        return [panel(self.desk) for panel in PANELS]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = request.POST.get("action", "")
        action = next((found for panel in self.panels if (found := panel.action(name))), None)
        if action is None:
            messages.error(request, "没有这个操作，请刷新页面后重试。")
            return redirect(self.request.path)
        try:
            messages.success(request, action())
        except PermissionDenied as refusal:
            messages.error(request, str(refusal) or "您没有这个权限。")
        except FormRefused:
            return self.render_to_response(self.get_context_data(**kwargs))
        return redirect(self.request.path)

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
        shown: dict[str, list[str]] = {"first": [], "act": [], "below": []}
        media = Media()
        for panel in self.panels:
            if (context := panel.context()) is not None:
                media += panel.media
                html = render_to_string(
                    panel.template_name, {"desk": self.desk, **context}, self.request
                )
                shown[panel.area].append(html)
        return super().get_context_data(
            desk=self.desk,
            article=self.desk.article,
            draft=self.desk.draft,
            stages=self._stages(),
            desk_media=media,
            **shown,
            **kwargs,
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
