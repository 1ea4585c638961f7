"""What waits for whom: the queue of reviews, and what a person has to do.

Rows are filled for a whole list at once, so that the number of queries does not grow with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import (
    Case,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    When,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from wagtail.models import Page, Revision, TaskState, WorkflowState

from .models import (
    ArticlePage,
    ColumnPage,
    Deputation,
    Priority,
    ReviewPlan,
    ReviewTask,
    ReviewTaskState,
    UrgentRelease,
    UrgentStatus,
)
from .publishing import PERMISSION
from .review import approvals, claiming, reviewers, rules

# So many names of those who may take a review are said.
NAMES_SHOWN = 3


class View(TextChoices):
    """The parts of the queue; the value is the address, the label what people read."""

    MINE = "mine", "等我审"
    REVIEWS = "reviews", "全部在审"
    READY = "ready", "待发布"
    RETURNED = "returned", "我退回的"
    WRITTEN = "written", "我写的"


@dataclass(frozen=True)
class Waiting:
    """An article that waits for an action. ``refusal`` says why this person may not take it.

    ``step`` is the running or returned step, None for what waits outside of the reviews;
    ``comment`` why it was returned, by the one whom ``stage`` names.
    ``due_at`` is a review's deadline; of what waits otherwise its set time or the 截稿 of its plan.
    ``holder`` has claimed it; ``people`` are the names of those who may take it; ``deputation``
    is in whose place this person would.
    """

    article: ArticlePage
    stage: str
    since: datetime
    submitted_by: str
    refusal: str = ""
    # Printing a step would look its revision up.
    step: TaskState | None = field(default=None, repr=False)
    comment: str = ""
    column: str = ""
    priority: Priority = Priority.NORMAL
    note: str = ""
    due_at: datetime | None = None
    holder: Any = None
    is_review: bool = False
    is_mine: bool = False
    is_urgent: bool = False
    people: tuple[str, ...] = ()
    deputation: Deputation | None = None

    @property
    def title(self) -> str:
        return self.article.draft_title or self.article.title

    @property
    def planned_for(self) -> date | None:
        """The day it is planned for, while that is still to come true."""
        return None if self.article.live else self.article.planned_for

    @property
    def can_claim(self) -> bool:
        """Whether the person may take the review, and nobody has."""
        return self.is_mine and self.holder is None

    @property
    def nobody(self) -> bool:
        """A review that cannot go on: all who might give it wrote the text or gave another."""
        return self.is_review and not self.people

    @property
    def people_words(self) -> str:
        """张三、李四、王五等5人."""
        shown = "、".join(self.people[:NAMES_SHOWN])
        return f"{shown}等{len(self.people)}人" if len(self.people) > NAMES_SHOWN else shown


def default_view(person: Any) -> View:
    """What a person sees first: their reviews, what they publish, or what they wrote."""
    if own_tasks(person):
        return View.MINE
    return View.READY if person.has_perm(PERMISSION) else View.WRITTEN


def own_tasks(person: Any) -> list[ReviewTask]:
    """The reviews ``person`` gives, as a member or as a deputy today."""
    return [task for task in ReviewTask.objects.filter(active=True) if task.admits(person)]


def steps(view: View, person: Any) -> QuerySet:
    """The steps of ``view``, what is overdue first, then by urgency and deadline.

    Annotated with ``article_id``, ``due``, ``priority`` and ``is_late``.
    """
    current = _current()
    running = current.filter(status=TaskState.STATUS_IN_PROGRESS)
    match view:
        case View.MINE:
            return _open_to(person, running.filter(task__in=own_tasks(person)))
        case View.REVIEWS:
            return running.filter(task__reviewtask__isnull=False)
        case View.READY:
            return running.filter(task__readytask__isnull=False)
        case View.RETURNED:
            return current.filter(status=TaskState.STATUS_REJECTED, finished_by=person)
        case View.WRITTEN:
            saved = Revision.page_revisions.filter(
                object_id=OuterRef("workflow_state__object_id"), user=person
            )
            return current.filter(Q(workflow_state__requested_by=person) | Exists(saved))


def fill(person: Any, found: Iterable[TaskState]) -> list[Waiting]:
    """The rows of ``found`` (of `steps`) for ``person``, in a fixed number of queries."""
    found = list(found)
    articles = ArticlePage.objects.defer_streamfields().in_bulk({s.article_id for s in found})
    found = [step for step in found if step.article_id in articles]
    columns = dict(
        ColumnPage.objects.filter(
            path__in={_parent_path(article) for article in articles.values()}
        ).values_list("path", "title")
    )
    reviews = ReviewTaskState.objects.select_related("claimed_by").in_bulk(
        [step.pk for step in found]
    )
    plans = plans_of(articles)
    urgent = set(
        UrgentRelease.objects.filter(
            article__in=articles, status=UrgentStatus.PUBLISHED
        ).values_list("article", flat=True)
    )
    tasks = {task.pk: task for task in ReviewTask.objects.all()}
    admitted = reviewers.of_tasks(tasks.values())
    behind = approvals.of_many(articles.values())

    def row(step: TaskState) -> Waiting:
        article = articles[step.article_id]
        is_running = step.status == TaskState.STATUS_IN_PROGRESS
        plan = plans.get(article.pk)
        common = {
            "article": article,
            "stage": step.task.name if is_running else f"{step.task.name}退回",
            "since": step.started_at if is_running else step.finished_at,
            "submitted_by": str(step.workflow_state.requested_by or ""),
            "step": step,
            "comment": "" if is_running else step.comment,
            "column": columns.get(_parent_path(article), ""),
            "priority": Priority(step.priority),
            "note": plan.note if plan else "",
            "is_urgent": article.pk in urgent,
        }
        task = tasks.get(step.task_id)
        if task is None or not is_running:
            return Waiting(**common, due_at=due_at(article, plan))
        mine = next((r for r in admitted[task.pk] if r.person.pk == person.pk), None)
        stand = behind[article.pk]
        refusal = mine and rules.why_not_review(
            person.pk, task.dimension, stand.authors, stand.given
        )
        return Waiting(
            **common,
            refusal=refusal or "",
            due_at=step.due,
            holder=claiming.holder(
                reviews[step.pk], {reviewer.person.pk for reviewer in admitted[task.pk]}
            ),
            is_review=True,
            is_mine=mine is not None and not refusal,
            people=tuple(
                str(each) for each in reviewers.who_may(admitted[task.pk], task.dimension, stand)
            ),
            deputation=mine.deputation if mine else None,
        )

    return [row(step) for step in found]


def plans_of(articles: Collection[int]) -> dict[int, ReviewPlan]:
    """The plans of the articles with these ids, by them."""
    return {plan.article_id: plan for plan in ReviewPlan.objects.filter(article__in=articles)}


def due_at(article: ArticlePage, plan: ReviewPlan | None) -> datetime | None:
    """When what waits outside of the reviews is due: at the time that is set, else as planned."""
    if article.go_live_at and article.go_live_at > timezone.now():
        return article.go_live_at
    return plan.due_at if plan else None


def returned_to(person: Any) -> list[Waiting]:
    """Articles that were sent back to ``person``, who submitted them."""
    sent_back = _current().filter(
        status=TaskState.STATUS_REJECTED, workflow_state__requested_by=person
    )
    return fill(person, sent_back.order_by("-finished_at"))


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


def _current() -> QuerySet:
    """The step that each article waits in or was sent back from."""
    article_id = Cast("workflow_state__object_id", IntegerField())
    plans = ReviewPlan.objects.filter(article_id=OuterRef("article_id"))
    late = Q(status=TaskState.STATUS_IN_PROGRESS, due__lt=timezone.now())
    return (
        TaskState.objects.filter(
            workflow_state__current_task_state=F("pk"),
            workflow_state__status__in=(
                WorkflowState.STATUS_IN_PROGRESS,
                WorkflowState.STATUS_NEEDS_CHANGES,
            ),
            workflow_state__content_type=ContentType.objects.get_for_model(ArticlePage),
        )
        .annotate(
            article_id=article_id,
            due=Case(
                When(
                    status=TaskState.STATUS_IN_PROGRESS,
                    reviewtaskstate__isnull=False,
                    then=F("reviewtaskstate__due_at"),
                ),
                default=Subquery(plans.values("due_at")[:1]),
            ),
            priority=Coalesce(Subquery(plans.values("priority")[:1]), Priority.NORMAL.value),
        )
        .annotate(is_late=Case(When(late, then=1), default=0))
        .select_related("task", "finished_by", "workflow_state__requested_by")
        .order_by("-is_late", "-priority", F("due").asc(nulls_last=True), "started_at", "pk")
    )


def _open_to(person: Any, running: QuerySet) -> QuerySet:
    """Those of ``running`` reviews that ``person``, whom they admit, may judge."""
    candidates = list(
        running.order_by().values_list("pk", "task__reviewtask__dimension", "article_id")
    )
    articles = ArticlePage.objects.only("pk", "live_revision").filter(
        pk__in={article for _, _, article in candidates}
    )
    behind = approvals.of_many(articles)
    barred = [
        step
        for step, dimension, article in candidates
        if article in behind
        and rules.why_not_review(
            person.pk, dimension, behind[article].authors, behind[article].given
        )
    ]
    return running.exclude(pk__in=barred)


def _parent_path(article: ArticlePage) -> str:
    return article.path[: -Page.steplen]
