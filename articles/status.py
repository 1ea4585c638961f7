"""Where an article stands, in the words people use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef
from django.utils import timezone
from wagtail.models import TaskState, WorkflowState

from cms.mirror import days as mirror_days

from . import claim_watch
from .models import ArticlePage, Push, ReadyTask, UrgentRelease
from .pushes import membership


class Stage(StrEnum):
    """The stations of an article; the value is what people read."""

    DRAFT = "草稿"
    RETURNED = "退回修改"
    IN_REVIEW = "审核中"
    READY = "待发布"
    IN_PUSH = "已编入推送"
    SCHEDULED = "已定时"
    FAILED = "发布失败"
    LIVE = "已发布"
    LIVE_EDITED = "已发布，有改动"
    RECHECK = "已发布，需复核"
    URGENT_ASKED = "特急待确认"
    AFTER_REVIEW = "特急已发布，待补审"
    WITHDRAWN = "已撤下"


@dataclass(frozen=True)
class Standing:
    """A stage with what makes it concrete: the review it waits for, or the time that is set."""

    stage: Stage
    detail: str = ""

    def __str__(self) -> str:
        return self.detail or str(self.stage)


def standing(article: ArticlePage) -> Standing:
    """Where ``article`` stands now.

    Lists prefetch what is read here: ``prefetch_workflow_states()``,
    ``annotate_approved_schedule()``, ``claim_watch.in_doubt()``, `is_urgent_asked`,
    `is_unreviewed` and `pushes.membership.prefetch`.
    """
    found = _standing(article)
    if found.stage in _SETTLED or not _is_urgent_asked(article):
        return found
    return Standing(Stage.URGENT_ASKED, _asked(found))


# A time that is set, or reviews that follow, are said before a request.
_SETTLED = {Stage.SCHEDULED, Stage.FAILED, Stage.AFTER_REVIEW, Stage.IN_PUSH}


def _standing(article: ArticlePage) -> Standing:
    if article.approved_schedule:
        if article.publish_failures.all():
            return Standing(Stage.FAILED)
        return Standing(Stage.SCHEDULED, _set_for(article.go_live_at, "定时"))
    if member := membership.of(article):
        return _in_push(member.push)
    state = article.current_workflow_state
    if article.live and _is_unreviewed(article):
        return Standing(Stage.AFTER_REVIEW, _after_review(state))
    if state and state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return Standing(Stage.RETURNED, f"{state.current_task_state.task.name}退回")
    if state and state.current_task_state:
        task = state.current_task_state.task
        if task.content_type_id == ContentType.objects.get_for_model(ReadyTask).pk:
            return Standing(Stage.READY)
        return Standing(Stage.IN_REVIEW, f"{task.name}中")
    if article.live and _in_doubt(article):
        return Standing(Stage.RECHECK)
    if article.live:
        edited = article.has_unpublished_changes
        return Standing(Stage.LIVE_EDITED if edited else Stage.LIVE)
    if article.first_published_at:
        return Standing(Stage.WITHDRAWN)
    return Standing(Stage.DRAFT)


def _set_for(moment: datetime, word: str, *, is_out: datetime | None = None) -> str:
    """The time that is set, and what keeps from it where it is over."""
    words = f"{word} {timezone.localtime(moment):%m月%d日 %H:%M}"
    if not is_out and moment <= timezone.now() and (freeze := mirror_days.freeze_now()):
        return f"{words}，{mirror_days.words(freeze)}"
    return words


def _in_push(push: Push) -> Standing:
    """How far the push is that holds an article."""
    if push.publish_failed_at:
        return Standing(Stage.FAILED, "推送发布失败")
    if push.go_live_at:
        return Standing(
            Stage.IN_PUSH, _set_for(push.go_live_at, "推送定时", is_out=push.published_at)
        )
    if push.planned_for:
        return Standing(Stage.IN_PUSH, f"推送计划 {push.planned_for:%m月%d日}")
    return Standing(Stage.IN_PUSH)


def is_urgent_asked() -> Exists:
    """The condition that a 特急 was asked for and its second person has not answered."""
    return Exists(UrgentRelease.objects.waiting().filter(article=OuterRef("pk")))


def _is_urgent_asked(article: ArticlePage) -> bool:
    known = getattr(article, "is_urgent_asked", None)
    return article.urgent_releases.waiting().exists() if known is None else known


def _asked(found: Standing) -> str:
    """A request for 特急 beside what else holds of the text."""
    if found.stage in (Stage.IN_REVIEW, Stage.RETURNED, Stage.READY):
        return f"{Stage.URGENT_ASKED}，{found}"
    return f"已发布，新稿{Stage.URGENT_ASKED}" if found.stage == Stage.LIVE_EDITED else ""


def is_unreviewed() -> Exists:
    """The condition that an article went public by 特急 and its reviews are still to come."""
    return Exists(UrgentRelease.objects.unreviewed().filter(article=OuterRef("pk")))


def _is_unreviewed(article: ArticlePage) -> bool:
    known = getattr(article, "is_unreviewed", None)
    return article.urgent_releases.unreviewed().exists() if known is None else known


def _after_review(state: WorkflowState | None) -> str:
    """How far the reviews are that follow a 特急."""
    if state is None or state.current_task_state is None:
        return ""
    if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
        return "特急已发布，补审退回"
    return f"特急已发布，{state.current_task_state.task.name}中"


def _in_doubt(article: ArticlePage) -> bool:
    """Whether the live article prints a claim that no longer holds."""
    known = getattr(article, "in_doubt", None)
    if known is None:
        known = ArticlePage.objects.filter(claim_watch.in_doubt(), pk=article.pk).exists()
    return known


def verdict_words(status: str, *, ready: bool, was_approved: bool) -> str:
    """What a step's ``status`` (of Wagtail's ``TaskState``) says to the people of a newsroom.

    ``ready`` is the step 待发布, which is left and not judged; ``was_approved`` tells an approval
    that a later change made void from a step the author withdrew from.
    """
    if status == TaskState.STATUS_APPROVED:
        return "已安排发布" if ready else "已通过"
    if status == TaskState.STATUS_SKIPPED:
        return "已经公开"
    if status == TaskState.STATUS_REJECTED:
        return "已退回"
    if status == TaskState.STATUS_CANCELLED:
        return "已通过，改稿后作废" if was_approved else "已撤回送审"
    if status == TaskState.STATUS_IN_PROGRESS:
        return "进行中"
    return "未开始"
