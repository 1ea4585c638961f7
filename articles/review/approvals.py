"""Which approvals stand behind a text, read from the workflow's rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from wagtail.models import Page, Revision, TaskState, WorkflowState

from ..gate import NotApproved
from . import claims, rules
from .models import ReviewTaskState

if TYPE_CHECKING:
    from articles.models import ArticlePage


@dataclass(frozen=True)
class Behind:
    """Who stands behind an article's latest text: ids of its authors, and the approvals given."""

    authors: frozenset[int] = frozenset()
    given: tuple[rules.Approval, ...] = ()


def of_many(articles: Iterable["ArticlePage"]) -> dict[int, Behind]:
    """`Behind` of each article by its id, in a fixed number of queries however many there are."""
    articles = list(articles)
    authors, given_ = _authors(articles), _given(articles)
    return {
        a.pk: Behind(frozenset(authors.get(a.pk, ())), tuple(given_.get(a.pk, ())))
        for a in articles
    }


def authors_since_live(article: "ArticlePage") -> set[int]:
    """Ids of everybody who saved a revision since the one that is live (all, if none is)."""
    return _authors([article]).get(article.pk, set())


def given(article: "ArticlePage") -> list[rules.Approval]:
    """The approvals of the article's latest review round; cancelled rounds count for nothing."""
    return _given([article]).get(article.pk, [])


def _authors(articles: list["ArticlePage"]) -> dict[int, set[int]]:
    since = {article.pk: article.live_revision_id or 0 for article in articles}
    savers = (
        Revision.page_revisions.filter(object_id__in=map(str, since), user__isnull=False)
        .order_by()
        .values_list("object_id", "user_id")
        .annotate(last=Max("pk"))
    )
    found: dict[int, set[int]] = {}
    for pk, person, last in savers:
        if last > since[int(pk)]:
            found.setdefault(int(pk), set()).add(person)
    return found


def _given(articles: list["ArticlePage"]) -> dict[int, list[rules.Approval]]:
    page = ContentType.objects.get_for_model(Page)
    rounds = (
        WorkflowState.objects.filter(
            base_content_type=page, object_id__in=[str(article.pk) for article in articles]
        )
        .exclude(status=WorkflowState.STATUS_CANCELLED)
        .order_by("created_at", "pk")
        .values_list("object_id", "pk")
    )
    latest = {int(pk): round_ for pk, round_ in rounds}
    of_round: dict[int, list[rules.Approval]] = {}
    for round_, *approval in ReviewTaskState.objects.filter(
        workflow_state__in=latest.values(),
        status=TaskState.STATUS_APPROVED,
        finished_by__isnull=False,
    ).values_list("workflow_state", "task__reviewtask__dimension", "finished_by", "content_digest"):
        of_round.setdefault(round_, []).append(rules.Approval(*approval))
    return {pk: of_round.get(round_, []) for pk, round_ in latest.items()}


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
