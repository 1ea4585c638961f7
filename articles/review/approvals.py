"""Which approvals stand behind a text, read from the workflow's rows."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from wagtail.models import Revision, TaskState, WorkflowState

from . import claims, rules
from .models import ReviewTaskState

if TYPE_CHECKING:
    from articles.models import ArticlePage


class NotApproved(PermissionDenied):
    """The text may not go public; the message lists why in Chinese."""


def authors_since_live(article: "ArticlePage") -> set[int]:
    """Ids of everybody who saved a revision since the one that is live (all, if none is)."""
    revisions = article.revisions.filter(user__isnull=False)
    if article.live_revision_id:
        revisions = revisions.filter(pk__gt=article.live_revision_id)
    return set(revisions.values_list("user_id", flat=True))


def given(article: "ArticlePage") -> list[rules.Approval]:
    """The approvals of the article's latest review round; cancelled rounds count for nothing."""
    round_ = (
        WorkflowState.objects.for_instance(article)
        .exclude(status=WorkflowState.STATUS_CANCELLED)
        .order_by("-created_at", "-pk")
        .first()
    )
    if round_ is None:
        return []
    states = ReviewTaskState.objects.filter(
        workflow_state=round_, status=TaskState.STATUS_APPROVED, finished_by__isnull=False
    ).select_related("task__reviewtask")
    return [
        rules.Approval(s.task.reviewtask.dimension, s.finished_by_id, s.content_digest)
        for s in states
    ]


def why_not_publish(revision: Revision) -> list[str]:
    """What speaks against publishing ``revision``'s text; empty when it may go public."""
    article = revision.as_object()
    reasons = rules.why_not_publish(
        article.content_digest, authors_since_live(article), given(article)
    )
    return [*reasons, *claims.why_not_print(article)]


def require(revision: Revision) -> None:
    """Raise `NotApproved` unless ``revision`` passed the three reviews in its exact digest."""
    if reasons := why_not_publish(revision):
        raise NotApproved("不能发布：" + "".join(reasons))
