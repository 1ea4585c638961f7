"""Which approvals stand behind a text, read from the workflow's rows."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max
from wagtail.models import Page, Revision, TaskState, WorkflowState

from ..gate import NotApproved
from . import claims, rules
from .digest import files_read_once
from .models import ReviewTaskState

if TYPE_CHECKING:
    from articles.models import ArticlePage


@dataclass(frozen=True)
class Behind:
    """Who stands behind an article's latest text: ids of its authors, and the approvals given."""

    authors: frozenset[int] = frozenset()
    given: tuple[rules.Approval, ...] = ()


_read: ContextVar[Mapping[int, Behind]] = ContextVar("read", default=MappingProxyType({}))


@contextmanager
def read_ahead(articles: Iterable["ArticlePage"]) -> Iterator[None]:
    """Have what is asked of each of ``articles`` in this block read at once, before it.

    The caller holds the locks on their rows until after the block: whoever gives or voids an
    approval takes the same lock.
    """
    token = _read.set(of_many(articles))
    try:
        with files_read_once():
            yield
    finally:
        _read.reset(token)


def of_many(articles: Iterable["ArticlePage"]) -> dict[int, Behind]:
    """`Behind` of each article by its id, in a fixed number of queries however many there are."""
    articles = list(articles)
    known = _read.get()
    if all(a.pk in known for a in articles):
        return {a.pk: known[a.pk] for a in articles}
    authors, given_ = _authors(articles), _given(articles)
    return {
        a.pk: Behind(frozenset(authors.get(a.pk, ())), tuple(given_.get(a.pk, ())))
        for a in articles
    }


def of(article: "ArticlePage") -> Behind:
    """Who stands behind ``article``'s latest text."""
    return of_many([article])[article.pk]


def authors_since_live(article: "ArticlePage") -> set[int]:
    """Ids of everybody who wrote what readers do not see yet, or what nobody has reviewed yet.

    That is whoever saved a revision since the live one; of a text that is not live also who
    began it and whose contribution it came from. What went out as 特急 keeps its authors until
    it has been reviewed.
    """
    return set(of(article).authors)


def given(article: "ArticlePage") -> list[rules.Approval]:
    """The approvals of the article's latest review round in the order they were given.

    Cancelled rounds count for nothing. Neither do rounds from before a withdrawal: what was taken
    down is reviewed anew. A text that expired as planned was not: a new version that was under
    review meanwhile goes on.
    """
    return list(of(article).given)


def _authors(articles: list["ArticlePage"]) -> dict[int, set[int]]:
    from ..models import Contribution, UrgentRelease, UrgentStatus

    since: dict[int, int] = {}
    found: dict[int, set[int]] = {}
    # Of the rows: a revision's own copy of them is as old as the revision.
    rows = Page.objects.filter(pk__in=[article.pk for article in articles])
    for pk, live_revision, owner in rows.values_list("pk", "live_revision_id", "owner_id"):
        since[pk] = live_revision or 0
        found[pk] = {owner} if owner and not live_revision else set()
    unseen = [pk for pk, revision in since.items() if not revision]
    for pk, person in Contribution.objects.filter(article__in=unseen).values_list(
        "article", "sent_by"
    ):
        found[pk].add(person)
    for release in UrgentRelease.objects.filter(article__in=since, status=UrgentStatus.PUBLISHED):
        since[release.article_id] = release.revision_id
        found[release.article_id].update(release.authors)
    savers = (
        Revision.page_revisions.filter(object_id__in=map(str, since), user__isnull=False)
        .order_by()
        .values_list("object_id", "user_id")
        .annotate(last=Max("pk"))
    )
    for pk, person, last in savers:
        if last > since[int(pk)]:
            found[int(pk)].add(person)
    return found


def _given(articles: list["ArticlePage"]) -> dict[int, list[rules.Approval]]:
    from ..models import Withdrawal, WithdrawalKind

    pks = [article.pk for article in articles]
    withdrawn = dict(
        Withdrawal.objects.filter(article__in=pks)
        .exclude(kind=WithdrawalKind.EXPIRED)
        .order_by()
        .values_list("article")
        .annotate(Max("withdrawn_at"))
    )
    rounds = (
        WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Page),
            object_id__in=[str(pk) for pk in pks],
        )
        .exclude(status=WorkflowState.STATUS_CANCELLED)
        .order_by("created_at", "pk")
        .values_list("object_id", "pk", "created_at")
    )
    latest = {
        int(pk): round_
        for pk, round_, created_at in rounds
        if int(pk) not in withdrawn or created_at > withdrawn[int(pk)]
    }
    of_round: dict[int, list[rules.Approval]] = {}
    approved = ReviewTaskState.objects.filter(
        workflow_state__in=latest.values(),
        status=TaskState.STATUS_APPROVED,
        finished_by__isnull=False,
    ).order_by("finished_at", "pk")
    for round_, *approval in approved.values_list(
        "workflow_state", "task__reviewtask__dimension", "finished_by", "content_digest"
    ):
        of_round.setdefault(round_, []).append(rules.Approval(*approval))
    return {pk: of_round.get(round_, []) for pk, round_ in latest.items()}


def _is_urgent(revision: Revision, article: "ArticlePage", digest: str) -> bool:
    """Whether two people have let exactly this out as 特急, neither alone, and nothing newer."""
    from ..models import UrgentRelease, UrgentStatus

    release = UrgentRelease.objects.filter(
        article=article.pk, revision=revision, status=UrgentStatus.PUBLISHED
    ).first()
    live = Page.objects.values_list("live_revision_id", flat=True).get(pk=article.pk) or 0
    if release is None or live > revision.pk:
        return False
    # Asked of the revisions as well, whatever the release says of its authors.
    savers = Revision.page_revisions.filter(
        object_id=revision.object_id, pk__gt=live, pk__lte=revision.pk, user__isnull=False
    )
    return rules.is_urgent(
        digest,
        rules.Urgent(
            release.content_digest,
            release.requested_by_id,
            release.decided_by_id,
            release.reason,
        ),
        authors_since_live(article) | set(savers.values_list("user_id", flat=True)),
    )


def why_not_publish(revision: Revision) -> list[str]:
    """What speaks against publishing ``revision``'s text; empty when it may go public."""
    article = revision.as_object()
    return _why_not_publish(revision, article, article.content_digest)


def _why_not_publish(revision: Revision, article: "ArticlePage", digest: str) -> list[str]:
    behind = of(article)
    reasons = rules.why_not_publish(digest, behind.authors, behind.given)
    if reasons and _is_urgent(revision, article, digest):
        reasons = []
    return [*reasons, *claims.why_not_print(article)]


def require(revision: Revision, text: "ArticlePage") -> str:
    """The digest of ``text``, as ``revision`` holds it, which passed the reviews in this form.

    Raises:
        NotApproved: it has not, and is no 特急 that two people have let out.
    """
    digest = text.content_digest
    if reasons := _why_not_publish(revision, text, digest):
        raise NotApproved("不能发布：" + "".join(reasons))
    return digest
