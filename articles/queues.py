"""What waits for whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.models import Revision, TaskState, WorkflowState

from .models import ArticlePage, ReadyTask, ReviewTask
from .publishing import PERMISSION
from .review import services


@dataclass(frozen=True)
class Waiting:
    """An article that waits for an action. ``refusal`` says why this person may not take it."""

    article: ArticlePage
    stage: str
    since: datetime
    submitted_by: str
    refusal: str = ""


def for_review(person: Any) -> list[Waiting]:
    """Articles in a review whose group ``person`` belongs to, longest waiting first."""
    tasks = [t for t in ReviewTask.objects.filter(active=True) if t.admits(person)]
    return [
        Waiting(
            article,
            state.task.name,
            state.started_at,
            str(state.workflow_state.requested_by or ""),
            services.why_not_review(person, article, _task_of(tasks, state)),
        )
        for state, article in _articles(_running(tasks))
    ]


def for_publishing(person: Any) -> list[Waiting]:
    """Approved articles that wait for a time; empty for those who may not set one."""
    if not person.has_perm(PERMISSION):
        return []
    tasks = list(ReadyTask.objects.filter(active=True))
    return [
        Waiting(
            article, state.task.name, state.started_at, str(state.workflow_state.requested_by or "")
        )
        for state, article in _articles(_running(tasks))
    ]


def returned_to(person: Any) -> list[Waiting]:
    """Articles that were sent back to ``person``, who submitted them."""
    states = TaskState.objects.filter(
        pk__in=WorkflowState.objects.filter(
            status=WorkflowState.STATUS_NEEDS_CHANGES, requested_by=person
        ).values("current_task_state")
    ).order_by("-finished_at")
    return [
        Waiting(article, state.task.name, state.finished_at, str(state.finished_by), state.comment)
        for state, article in _articles(
            states.select_related("task", "finished_by", "workflow_state")
        )
    ]


def why_returned(article: ArticlePage) -> str:
    """Who sent ``article`` back and why, in one line; empty when it is not with its author."""
    state = article.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES:
        return ""
    verdict = state.current_task_state
    return f"{verdict.task.name}（{verdict.finished_by}）退回：{verdict.comment}"


def scheduled() -> list[Revision]:
    """Revisions with a set time that has not failed, next first."""
    return list(
        Revision.page_revisions.filter(
            approved_go_live_at__isnull=False, publish_failure__isnull=True
        ).order_by("approved_go_live_at")
    )


def _running(tasks: list[Any]) -> Any:
    return (
        TaskState.objects.filter(task__in=tasks, status=TaskState.STATUS_IN_PROGRESS)
        .select_related("task", "workflow_state__requested_by")
        .order_by("started_at")
    )


def _task_of(tasks: list[ReviewTask], state: TaskState) -> ReviewTask:
    return next(task for task in tasks if task.pk == state.task_id)


def _articles(states: Any) -> list[tuple[TaskState, ArticlePage]]:
    """Pair each task state with its article, in two queries."""
    states = list(states)
    ids = {int(state.workflow_state.object_id) for state in states}
    articles = ArticlePage.objects.defer_streamfields().in_bulk(ids)
    return [
        (state, articles[int(state.workflow_state.object_id)])
        for state in states
        if int(state.workflow_state.object_id) in articles
    ]
