"""待发布, entered again and left by services that give an approved text its time."""

from typing import TYPE_CHECKING, Any

from wagtail.models import WorkflowState

from . import approvals, rules
from .models import ReadyTask

if TYPE_CHECKING:
    from articles.models import ArticlePage


def is_ready(article: "ArticlePage") -> bool:
    """Whether ``article`` waits in 待发布."""
    task = article.current_workflow_task
    return isinstance(task, ReadyTask)


def leave(actor: Any, article: "ArticlePage") -> None:
    """Finish 待发布, in which ``article`` waits; the caller holds its lock."""
    article.current_workflow_task_state.specific.approve(user=actor)


def back_to_ready(actor: Any, article: "ArticlePage") -> bool:
    """Let ``article`` wait in 待发布 again, in the round that brought it there.

    The caller holds its lock. False when the three approvals hold no more, or a new round has
    begun: then it stays where it is.
    """
    state = (
        WorkflowState.objects.for_instance(article)
        .exclude(status=WorkflowState.STATUS_CANCELLED)
        .order_by("-created_at", "-pk")
        .first()
    )
    if state is None or state.status != WorkflowState.STATUS_APPROVED:
        return False
    text = article.get_latest_revision_as_object()
    if rules.why_not_publish(
        text.content_digest, approvals.authors_since_live(article), approvals.given(article)
    ):
        return False
    task = ReadyTask.objects.filter(workflow_tasks__workflow=state.workflow, active=True).first()
    if task is None:
        return False
    state.status, state.current_task_state = WorkflowState.STATUS_IN_PROGRESS, None
    state.save(update_fields=["status", "current_task_state"])
    state.update(user=actor, next_task=task)
    return True
