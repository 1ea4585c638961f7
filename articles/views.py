"""The article desk: where an article is read, judged and given its time."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Page, TaskState

from . import publishing
from .forms import ReasonForm, ScheduleForm, VerdictForm
from .models import ArticlePage, ReadyTask, ReviewTask
from .publishing import PERMISSION
from .review import approvals, services
from .status import Stage, standing, verdict_words

VIEW_PERMISSION = "articles.view_articlepage"


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

    Every action is a call of one service; a refusal is shown as the service's sentence.
    """

    template_name = "articles/admin/desk.html"
    header_icon = "doc-full-inverse"

    @cached_property
    def article(self) -> ArticlePage:
        return get_object_or_404(ArticlePage, pk=self.kwargs["pk"])

    @cached_property
    def task_state(self) -> TaskState | None:
        return self.article.current_workflow_task_state

    @cached_property
    def task(self) -> ReviewTask | ReadyTask | None:
        return self.article.current_workflow_task

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action: Callable[[], str] | None = {
            "approve": self._approve,
            "send_back": self._send_back,
            "schedule": self._schedule,
            "publish": self._publish,
            "unschedule": self._unschedule,
            "retry": self._retry,
        }.get(request.POST.get("action", ""))
        if action is None:
            messages.error(request, "没有这个操作，请刷新页面后重试。")
            return redirect(self.request.path)
        try:
            messages.success(request, action())
        except PermissionDenied as refusal:
            messages.error(request, str(refusal) or "您没有这个权限。")
        except FormRefused as refusal:
            return self.render_to_response(self.get_context_data(**{refusal.name: refusal.form}))
        return redirect(self.request.path)

    def _approve(self) -> str:
        step = self._running_state()
        services.approve(self.request.user, step, self.request.POST.get("comment", ""))
        return f"《{self.article.title}》已通过{step.task.name}。"

    def _send_back(self) -> str:
        step = self._running_state()
        services.send_back(self.request.user, step, self.request.POST.get("comment", ""))
        return f"《{self.article.title}》已退回修改，意见会显示给作者。"

    def _schedule(self) -> str:
        form = _valid("schedule_form", ScheduleForm(self.request.POST))
        at = form.cleaned_data["go_live_at"]
        publishing.schedule(self.request.user, self.article, at)
        return f"已定时：{timezone.localtime(at):%Y年%m月%d日 %H:%M} 自动发布。"

    def _publish(self) -> str:
        publishing.publish_now(self.request.user, self.article)
        return "已发布到网页镜像。"

    def _unschedule(self) -> str:
        form = _valid("reason_form", ReasonForm(self.request.POST))
        publishing.unschedule(self.request.user, self.article, form.cleaned_data["reason"])
        return "已取消定时。内容没有改动时，可以直接重新定时。"

    def _retry(self) -> str:
        failure = self.article.publish_failures.first()
        if failure is None:
            raise publishing.PublishRefused("没有需要重试的发布，可能已经有人处理。")
        publishing.retry(self.request.user, failure)
        return "重试成功，文章已发布。"

    def _running_state(self) -> TaskState:
        """The step shown when the form was loaded, so that a stale tab acts on nothing else."""
        if self.task_state is None or str(self.task_state.pk) != self.request.POST.get("step"):
            raise services.ReviewRefused("这一步已经有人处理过了，请看最新状态。")
        return self.task_state

    def get_page_title(self) -> str:
        return "审核与发布"

    def get_page_subtitle(self) -> str:
        return self.article.title

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("articles:index"), "label": "文章"},
            {"url": "", "label": "审核与发布", "sublabel": self.article.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        article, user = self.article, self.request.user
        latest = article.get_latest_revision()
        draft = latest.as_object() if latest else article
        review_refusal = ""
        if isinstance(self.task, ReviewTask):
            review_refusal = services.why_not_review(user, article, self.task)
        publisher = user.has_perm(PERMISSION)
        reasons = approvals.why_not_publish(latest) if latest else ["还没有内容。"]
        now_standing = standing(article)
        has_news = not article.live or article.has_unpublished_changes
        context = {
            "article": article,
            "draft": draft,
            "sources": draft.sources.all(),
            "standing": now_standing,
            "stages": self._stages(),
            "history": self._history(),
            "step": self.task_state,
            "is_review": isinstance(self.task, ReviewTask),
            "is_ready": isinstance(self.task, ReadyTask),
            "review_refusal": review_refusal,
            "publisher": publisher,
            "can_publish": publisher
            and not reasons
            and has_news
            and now_standing.stage not in (Stage.SCHEDULED, Stage.FAILED),
            "is_scheduled": article.approved_schedule,
            "failure": article.publish_failures.first(),
            "verdict_form": VerdictForm(),
            "schedule_form": ScheduleForm(initial={"go_live_at": _next_slot(article.planned_for)}),
            "reason_form": ReasonForm(),
            "can_edit": article.permissions_for_user(user).can_edit()
            and not article.permissions_for_user(user).page_locked(),
        }
        return super().get_context_data(**{**context, **kwargs})

    def _stages(self) -> list[dict[str, Any]]:
        """The three reviews and 待发布, each with its latest outcome in this round."""
        state = (
            self.article.current_workflow_state
            or self.article.workflow_states.order_by("-created_at").first()
        )
        if state is None:
            return []
        return [
            {
                "name": task.name,
                "state": task.task_state,
                "words": verdict_words(
                    task.task_state.status if task.task_state else "",
                    ready=isinstance(task.specific, ReadyTask),
                    was_approved=bool(getattr(task.task_state, "content_digest", "")),
                ),
            }
            for task in state.all_tasks_with_state()
        ]

    def _history(self) -> list[tuple[TaskState, str]]:
        """Every verdict on this article with its words, newest first."""
        verdicts = (
            TaskState.objects.for_instance(Page(pk=self.article.pk))
            .exclude(status=TaskState.STATUS_IN_PROGRESS)
            .exclude(finished_by__isnull=True)
            .select_related("task", "finished_by")
            .annotate(digest=F("reviewtaskstate__content_digest"))
            .order_by("-finished_at")
        )
        ready = set(ReadyTask.objects.values_list("pk", flat=True))
        return [
            (
                verdict,
                verdict_words(
                    verdict.status,
                    ready=verdict.task_id in ready,
                    was_approved=bool(verdict.digest),
                ),
            )
            for verdict in verdicts
        ]


class FormRefused(Exception):
    """A form with errors, to be shown again under its name in the template."""

    def __init__(self, name: str, form: Any):
        self.name, self.form = name, form


def _valid(name: str, form: Any) -> Any:
    if not form.is_valid():
        raise FormRefused(name, form)
    return form


def _next_slot(planned_for: Any) -> Any:
    """What the time field suggests: half past eight of the planned day, if that is to come."""
    if planned_for is None:
        return None
    at = timezone.make_aware(
        timezone.datetime(planned_for.year, planned_for.month, planned_for.day, 8, 30)
    )
    return at if at > timezone.now() else None
