"""What the reports read, each in a fixed number of queries, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import Page, TaskState

from cms.ops.models import AuditEntry
from cms.ops.registry import action_labels

from ..models import ArticlePage, ColumnPage, ReviewTaskState, UrgentRelease, UrgentStatus
from ..review.models import ReturnKind
from ..review.stages import Dimension
from ..timeline.sentences import Event, choice_words, line
from .counting import Verdict, hours_between
from .periods import Span

# Deeds that leave the usual way, each with its name in the report.
EXCEPTIONS = (
    "article.urgent_publish",
    "article.unschedule",
    "article.withdraw",
    "article.correction_publish",
    "article.change_public_date",
    "article.save_over",
)
DEPUTISED = "代审"


@dataclass(frozen=True)
class About:
    """An article as lists name it: its id while it exists, title and column."""

    pk: int | None
    title: str
    column: str = ""


@dataclass(frozen=True)
class Return:
    at: datetime
    article: About
    stage: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Late:
    """A review that went on beyond its deadline; ``finished_at`` None is one still open."""

    article: About
    stage: str
    due_at: datetime
    finished_at: datetime | None
    hours_late: float


@dataclass(frozen=True)
class Haste:
    """One 特急: both people stand in it, for it needs both their names."""

    article: About
    reason: str
    requested_by: str
    requested_at: datetime
    decided_by: str
    published_at: datetime | None
    review_due_at: datetime | None
    closed_at: datetime | None
    status: str
    is_overdue: bool


@dataclass(frozen=True)
class Exceptional:
    at: datetime
    article: About
    what: str
    words: str


def verdicts(span: Span) -> list[Verdict]:
    """Every review finished in ``span``, an approval that a later change made void included."""
    rows = _of_articles(
        ReviewTaskState.objects.filter(
            finished_at__gte=span.begins, finished_at__lt=span.ends, finished_by__isnull=False
        ).filter(
            Q(status__in=(TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED))
            | Q(status=TaskState.STATUS_CANCELLED) & ~Q(content_digest="")
        )
    ).values_list(
        "task__reviewtask__dimension",
        "workflow_state__object_id",
        "started_at",
        "finished_at",
        "status",
        "slips",
    )
    found = list(rows)
    about = _about(int(object_id) for _, object_id, *_ in found)
    return [
        Verdict(
            dimension,
            about[int(object_id)].column if int(object_id) in about else "",
            started_at,
            finished_at,
            status == TaskState.STATUS_REJECTED,
            slips,
        )
        for dimension, object_id, started_at, finished_at, status, slips in found
    ]


def returns(span: Span) -> list[Return]:
    """Every text sent back in ``span``, newest first, 待发布 included."""
    entries = list(_audited(span).filter(action="article.send_back"))
    about = _about(int(entry.object_id) for entry in entries)
    return [
        Return(
            entry.at,
            _article(entry, about),
            str(entry.detail.get("stage") or ""),
            choice_words(ReturnKind, entry.detail.get("kind")) or ReturnKind.OTHER.label,
            str(entry.detail.get("reason") or ""),
        )
        for entry in entries
    ]


def late(span: Span) -> list[Late]:
    """Every review whose deadline lay in ``span`` and that went on beyond it, latest first."""
    now = timezone.now()
    rows = list(
        _of_articles(
            ReviewTaskState.objects.filter(due_at__gte=span.begins, due_at__lt=span.ends)
            .filter(
                Q(status=TaskState.STATUS_IN_PROGRESS)
                | Q(finished_by__isnull=False, status__in=_JUDGED)
            )
            .filter(due_at__lt=Coalesce("finished_at", now))
        )
        .order_by("-due_at", "-pk")
        .values_list(
            "task__reviewtask__dimension",
            "workflow_state__object_id",
            "due_at",
            "finished_at",
        )
    )
    about = _about(int(object_id) for _, object_id, *_ in rows)
    return [
        Late(
            about.get(int(object_id), About(None, "（已删除的草稿）")),
            f"{Dimension(dimension).label}审核",
            due_at,
            finished_at,
            hours_between(due_at, finished_at or now),
        )
        for dimension, object_id, due_at, finished_at in rows
    ]


_JUDGED = (TaskState.STATUS_APPROVED, TaskState.STATUS_REJECTED, TaskState.STATUS_CANCELLED)


def urgent(span: Span) -> list[Haste]:
    """Every 特急 asked for in ``span``, newest first."""
    rows = list(
        UrgentRelease.objects.filter(
            requested_at__gte=span.begins, requested_at__lt=span.ends
        ).select_related("requested_by", "decided_by")
    )
    about = _about(row.article_id for row in rows)
    now = timezone.now()
    return [
        Haste(
            article=about[row.article_id],
            reason=row.reason,
            requested_by=str(row.requested_by),
            requested_at=row.requested_at,
            decided_by=str(row.decided_by or ""),
            published_at=row.published_at,
            review_due_at=row.review_due_at,
            closed_at=row.closed_at,
            status=row.get_status_display(),
            is_overdue=_is_overdue(row, now),
        )
        for row in rows
    ]


def _is_overdue(row: UrgentRelease, now: datetime) -> bool:
    """Whether the three reviews came later than they had to, or are still to come."""
    if row.review_due_at is None or row.status == UrgentStatus.WITHDRAWN:
        return False
    return (row.closed_at or now) > row.review_due_at


def exceptions(span: Span) -> list[Exceptional]:
    """Every deed in ``span`` that left the usual way, newest first."""
    entries = list(
        _audited(span).filter(
            Q(action__in=EXCEPTIONS) | Q(action="article.approve", detail__has_key="deputy_for")
        )
    )
    labels = action_labels()
    about = _about(int(entry.object_id) for entry in entries)
    return [
        Exceptional(
            entry.at,
            _article(entry, about),
            DEPUTISED if entry.action == "article.approve" else labels[entry.action],
            line(Event(entry.action, entry.actor_name, entry.detail)).plain,
        )
        for entry in entries
    ]


def _audited(span: Span) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(
        object_type=ArticlePage._meta.label_lower, at__gte=span.begins, at__lt=span.ends
    ).order_by("-at", "-pk")


def _of_articles(states: QuerySet[Any]) -> QuerySet[Any]:
    """Only reviews of pages: the object's id of any other could not be told from a page's."""
    return states.filter(
        workflow_state__base_content_type=ContentType.objects.get_for_model(Page),
        task__reviewtask__isnull=False,
    )


def _article(entry: AuditEntry, about: dict[int, About]) -> About:
    """The article of an audit entry; one that is gone keeps the name it had then."""
    return about.get(int(entry.object_id), About(None, entry.object_label))


def _about(ids: Iterable[int]) -> dict[int, About]:
    """Title and column of articles by id, in three queries at most."""
    wanted = set(ids)
    if not wanted:
        return {}
    columns = dict(ColumnPage.objects.values_list("path", "draft_title"))
    rows = ArticlePage.objects.values_list("pk", "draft_title", "path")
    # More ids than a database takes in one question are looked up among all.
    if len(wanted) <= 500:
        rows = rows.filter(pk__in=wanted)
    return {
        pk: About(pk, title, columns.get(path[: -Page.steplen], ""))
        for pk, title, path in rows
        if pk in wanted
    }
