"""截稿: by when a review should be done, worked out from the plan and told to the running step.

A deadline asks; it bars nobody. A text may be judged late, and what is late is shown.
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Page, TaskState

from cms.ops import audit
from cms.ops.models import AuditEntry

from ..models import ArticlePage, Priority, ReviewPlan, UrgentRelease, UrgentStatus
from ..publishing import PERMISSION
from .models import ReviewTask, ReviewTaskState

# On the day before the planned one, when the newsroom goes home.
PLANNED_HOUR = 18
OVERDUE = "article.review_overdue"


class PlanRefused(PermissionDenied):
    """The plan cannot be set so; the message is a Chinese sentence."""


def step_due(
    now: datetime,
    steps_left: int,
    hours: float,
    *,
    final: datetime | None = None,
    planned_for: date | None = None,
) -> datetime:
    """When a review that is planned at ``now`` should be done.

    ``steps_left`` counts the reviews still to be given, this one included; ``hours`` is what one
    may take when nothing is set. ``final`` is the 截稿 of all reviews: what is left until then is
    shared equally, and one that has passed is the step's own, which is then late at once. Without
    it the reviews should be through by 18:00 of the day before ``planned_for``, if that is to
    come; a planned day far off does not slow a review down.

    Raises:
        ValueError: ``steps_left`` is less than 1.
    """
    if steps_left < 1:
        raise ValueError("a step that runs is left to be done")
    usual = now + timedelta(hours=hours)
    if final is not None:
        return now + (final - now) / steps_left if final > now else final
    if planned_for is not None:
        eve = datetime.combine(
            planned_for - timedelta(days=1), time(PLANNED_HOUR), timezone.get_current_timezone()
        )
        if eve > now:
            return min(usual, now + (eve - now) / steps_left)
    return usual


def words(due: datetime, now: datetime) -> str:
    """还剩3小时, 已超2天: how far ``due`` is, in whole minutes, hours or (from two on) days."""
    left = due - now
    return f"已超{span(-left)}" if left < timedelta(0) else f"还剩{span(left)}"


def span(length: timedelta) -> str:
    """A length of time as people say it, rounded down but never nothing."""
    minutes = max(1, length // timedelta(minutes=1))
    if minutes < 60:
        return f"{minutes}分钟"
    hours = minutes // 60
    return f"{hours}小时" if hours < 48 else f"{hours // 24}天"


def set_due(step: ReviewTaskState) -> None:
    """Give the running ``step`` its deadline, by the plan of its article as it stands.

    The planned day is the judged draft's: the row of an article knows its live text only.
    """
    planned = step.revision.content.get("planned_for") if step.revision else None
    step.due_at = step_due(
        timezone.now(),
        _steps_left(step),
        settings.REVIEW_HOURS,
        final=_final(int(step.workflow_state.object_id)),
        planned_for=date.fromisoformat(planned) if planned else None,
    )
    step.save(update_fields=["due_at"])


@transaction.atomic
def set_plan(
    actor: Any,
    article: ArticlePage,
    due_at: datetime | None,
    priority: int,
    note: str = "",
) -> ReviewPlan:
    """Say by when the reviews of ``article`` should be done, and how urgent they are.

    It is no content: a locked text may be planned anew. The running step's deadline moves with it.

    Raises:
        PlanRefused: the actor neither writes, reviews nor publishes, or ``due_at`` has passed.
    """
    Page.objects.select_for_update().get(pk=article.pk)
    if not may_plan(actor, article):
        raise PlanRefused("截稿和缓急由能修改这篇文章的编辑、审核人员和发布人员安排。")
    plan = ReviewPlan.objects.filter(article=article).first() or ReviewPlan(article=article)
    if due_at is not None and due_at <= timezone.now() and due_at != plan.due_at:
        raise PlanRefused("截稿时间已经过去，请填写以后的时间。")
    before = (plan.pk, plan.due_at, plan.priority, plan.note)
    plan.due_at, plan.priority, plan.note = due_at, priority, note.strip()
    if before == (plan.pk, plan.due_at, plan.priority, plan.note):
        return plan
    moved = plan.pk is None or before[1] != due_at
    plan.set_by = actor
    plan.save()
    if moved and (step := running_review(article)):
        set_due(step)
    audit.record(
        actor,
        "article.plan",
        article,
        {"due_at": due_at, "priority": Priority(priority).label},
    )
    return plan


def end_plan(sender: Any, instance: ArticlePage, **kwargs: Any) -> None:
    """Drop the plan of what went public or was taken down, or the next text began late by it.

    Receives Wagtail's ``page_published`` and ``page_unpublished``; the log keeps what was planned.
    """
    ReviewPlan.objects.filter(article_id=instance.pk).delete()


def may_plan(person: Any, article: ArticlePage) -> bool:
    """Writers, reviewers and publishers arrange the reviews."""
    return (
        article.permissions_for_user(person).can_edit()
        or person.has_perm(PERMISSION)
        or any(task.admits(person) for task in ReviewTask.objects.filter(active=True))
    )


def running_review(article: ArticlePage) -> ReviewTaskState | None:
    """The review that ``article`` waits in."""
    state = article.current_workflow_task_state
    return ReviewTaskState.objects.filter(pk=state.pk).first() if state else None


def overdue(now: datetime) -> Any:
    """The running reviews whose deadline has passed, the longest late first (a queryset)."""
    return ReviewTaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS,
        workflow_state__current_task_state=F("pk"),
        due_at__lt=now,
    ).order_by("due_at", "pk")


def note_overdue() -> int:
    """Record each review that has become overdue, once; how many were recorded now."""
    late = list(overdue(timezone.now()).select_related("task", "workflow_state"))
    recorded = _recorded(late)
    return sum(_note_one(step.pk) for step in late if step.pk not in recorded)


@transaction.atomic
def _note_one(pk: int) -> bool:
    step = ReviewTaskState.objects.get(pk=pk)
    article = step.workflow_state.content_object.specific
    Page.objects.select_for_update().get(pk=article.pk)
    step.refresh_from_db()
    if step.status != TaskState.STATUS_IN_PROGRESS or step.due_at > timezone.now():
        return False
    if pk in _recorded([step]):
        return False
    audit.record(
        None, OVERDUE, article, {"stage": step.task.name, "due_at": step.due_at, "step": step.pk}
    )
    return True


def _recorded(steps: list[ReviewTaskState]) -> set[int]:
    """Which of ``steps`` the log already tells as overdue."""
    entries = AuditEntry.objects.filter(
        action=OVERDUE,
        object_type="articles.articlepage",
        object_id__in={step.workflow_state.object_id for step in steps},
    )
    return {detail["step"] for detail in entries.values_list("detail", flat=True)}


def _steps_left(step: ReviewTaskState) -> int:
    """How many reviews of this round are not given yet, the running one included."""
    given = step.workflow_state.task_states.filter(status=TaskState.STATUS_APPROVED)
    tasks = ReviewTask.objects.filter(
        active=True, workflow_tasks__workflow=step.workflow_state.workflow_id
    )
    return max(1, tasks.exclude(pk__in=given.values("task")).count())


def _final(article: int) -> datetime | None:
    """When all reviews should be done: the 截稿 or what a 特急 promised, whichever is first."""
    set_times = [
        ReviewPlan.objects.filter(article_id=article).values_list("due_at", flat=True).first(),
        UrgentRelease.objects.filter(article_id=article, status=UrgentStatus.PUBLISHED)
        .values_list("review_due_at", flat=True)
        .first(),
    ]
    return min((at for at in set_times if at), default=None)
