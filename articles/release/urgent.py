"""特急: a text goes public before its reviews, by two people and with a written reason.

The reviews are not waived. They start in the same transaction on the text that is live by then,
and have to be done within the hours of the setting ``URGENT_REVIEW_HOURS``.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.models import Revision

from cms.ops import audit
from cms.ops.models import AuditEntry

from .. import publishing
from ..locking import locked
from ..models import ArticlePage, UrgentRelease, UrgentStatus
from ..pushes import membership
from ..review import approvals, claims, reposts, services
from ..review import rules as review_rules
from . import rules
from .base import ReleaseRefused, demand, stop_reviews, written

REQUEST, CONFIRM = "articles.request_urgent", "articles.confirm_urgent"
OVERDUE = "article.urgent_overdue"
MIN_REASON, MAX_REASON = 10, 500
MIN_DECLINE, MAX_DECLINE = 5, 300


def why_not_request(article: ArticlePage) -> str:
    """Why nobody may ask for 特急 for ``article``'s latest text; empty when one may."""
    open_release = article.urgent_releases.filter(status__in=_OPEN).first()
    if open_release and open_release.status == UrgentStatus.REQUESTED:
        return f"{open_release.requested_by}已经发起特急，正在等第二人确认，不能重复发起。"
    if open_release:
        return (
            "上一次特急发布还没有补审完，不能再发起。新稿请走三审；内容有错的，请撤稿或提出更正。"
        )
    if article.withdrawals.in_force().exists():
        return "这篇文章已经撤下，重新发布须通过三审，不能用特急。"
    if refusal := membership.why_not_alone(article):
        return refusal
    revision = article.get_latest_revision()
    if revision is None or (article.live and article.live_revision_id == revision.pk):
        return "没有可发布的新内容。"
    if not approvals.why_not_publish(revision):
        return "三审都已通过，请直接发布或定时，不需要特急。"
    return _why_not_go(article, revision)


@transaction.atomic
def request_urgent(actor: Any, article: ArticlePage, reason: str) -> UrgentRelease:
    """Ask a second person to let the latest revision go public before its reviews.

    Raises:
        ReleaseRefused: no permission, no proper reason, or the text cannot go out this way.
    """
    demand(actor, REQUEST, "您没有发起特急的权限。特急由“发布”人员发起。")
    reason = written(reason, "特急理由", MIN_REASON, MAX_REASON)
    article = locked(article)
    if refusal := why_not_request(article):
        raise ReleaseRefused(refusal)
    revision = article.get_latest_revision()
    release = UrgentRelease.objects.create(
        article=article,
        revision=revision,
        content_digest=revision.as_object().content_digest,
        authors=sorted(approvals.authors_since_live(article)),
        reason=reason,
        requested_by=actor,
    )
    audit.record(actor, "article.urgent_request", article, {"reason": reason})
    return release


@transaction.atomic
def confirm_urgent(actor: Any, release: UrgentRelease, note: str = "") -> UrgentRelease:
    """Publish the text of ``release`` at once, as its second person, and start the reviews.

    Raises:
        ReleaseRefused: the actor may not, it was answered already, or the text is another by now.
    """
    demand(actor, CONFIRM, "您没有确认特急的权限。特急由审核或发布人员作为第二人确认。")
    note = written(note, "意见", 0, MAX_DECLINE)
    release, article = _awaited(release)
    authors = approvals.authors_since_live(article)
    if refusal := rules.why_not_confirm_urgent(actor.pk, release.requested_by_id, authors):
        raise ReleaseRefused(refusal)
    if not release.requested_by.has_perm(REQUEST):
        raise ReleaseRefused("发起人现在没有发起特急的权限，请由其他发布人员重新发起。")
    revision = article.get_latest_revision()
    if (
        revision.pk != release.revision_id
        or revision.as_object().content_digest != release.content_digest
    ):
        raise ReleaseRefused(
            "发起之后稿件又有改动，这次特急只对原来那一稿有效。请回复不同意，或请发起人撤回后重新发起。"
        )
    if refusal := _why_not_go(article, revision):
        raise ReleaseRefused(refusal)
    _free(actor, article, revision)
    now = timezone.now()
    release.status = UrgentStatus.PUBLISHED
    release.authors = sorted(authors)
    release.decided_by, release.decided_at, release.decision_note = actor, now, note
    release.published_at = now
    release.review_due_at = now + timedelta(hours=settings.URGENT_REVIEW_HOURS)
    release.save()
    revision.publish(user=release.requested_by, skip_permission_checks=True)
    audit.record(
        actor,
        "article.urgent_publish",
        article,
        {
            "reason": release.reason,
            "requested_by": str(release.requested_by),
            "review_due_at": release.review_due_at,
        },
    )
    live = ArticlePage.objects.get(pk=article.pk)
    live.get_workflow().start(live, release.requested_by)
    services.record_submission(release.requested_by, live)
    return release


@transaction.atomic
def decline_urgent(actor: Any, release: UrgentRelease, reason: str) -> None:
    """Answer no, as the second person; the text goes on as if nobody had asked.

    Raises:
        ReleaseRefused: the actor may not, no reason, or it was answered already.
    """
    demand(actor, CONFIRM, "您没有答复特急的权限。特急由审核或发布人员作为第二人答复。")
    reason = written(reason, "不同意的原因", MIN_DECLINE, MAX_DECLINE)
    release, article = _awaited(release)
    if actor.pk == release.requested_by_id:
        raise ReleaseRefused("特急由您发起，不再需要时请用“撤回特急”。")
    _close(release, UrgentStatus.DECLINED, actor, reason)
    audit.record(actor, "article.urgent_decline", article, {"reason": reason})


@transaction.atomic
def cancel_urgent(actor: Any, release: UrgentRelease) -> None:
    """Take the request back. Any publisher may, so that nobody's absence blocks another request.

    Raises:
        ReleaseRefused: no permission, or it was answered already.
    """
    demand(actor, REQUEST, "您没有撤回特急的权限。特急由“发布”人员撤回。")
    release, article = _awaited(release)
    _close(release, UrgentStatus.CANCELLED)
    audit.record(actor, "article.urgent_cancel", article)


def close_if_reviewed(actor: Any, article: ArticlePage) -> bool:
    """Close the 特急 of ``article`` if all three reviews have approved what is live.

    The last review calls it under the article's lock; True says that nothing is left to publish.
    """
    release = article.urgent_releases.unreviewed().first()
    if release is None:
        return False
    live = ArticlePage.objects.get(pk=article.pk)
    if not live.live or review_rules.why_not_publish(
        live.content_digest, approvals.authors_since_live(live), approvals.given(live)
    ):
        return False
    _close(release, UrgentStatus.REVIEWED)
    audit.record(actor, "article.urgent_reviewed", article)
    return True


def on_published(sender: Any, instance: ArticlePage, revision: Revision, **kwargs: Any) -> None:
    """Settle what another text makes void. Receives Wagtail's ``page_published``."""
    for release in instance.urgent_releases.open():
        if release.status == UrgentStatus.REQUESTED:
            _close(release, UrgentStatus.CANCELLED)
            reason = "稿件已经通过三审发布，不再需要特急"
            audit.record(None, "article.urgent_cancel", instance, {"reason": reason})
        elif release.revision_id != revision.pk:
            _close(release, UrgentStatus.REPLACED)


def close_withdrawn(actor: Any, article: ArticlePage, reason: str) -> None:
    """Settle requests and unreviewed releases of an article that leaves the mirror."""
    article.urgent_releases.unreviewed().update(
        status=UrgentStatus.WITHDRAWN, closed_at=timezone.now()
    )
    for release in article.urgent_releases.waiting():
        _close(release, UrgentStatus.CANCELLED)
        audit.record(actor, "article.urgent_cancel", article, {"reason": reason})


def mark_overdue() -> str:
    """Write once into the record of each late one; what the schedule calls every ten minutes."""
    marked = sum(_mark_one(release) for release in UrgentRelease.objects.overdue())
    return f"补审超时 {marked}"


@transaction.atomic
def _mark_one(release: UrgentRelease) -> bool:
    article = locked(release.article)
    release.refresh_from_db()
    said = AuditEntry.objects.filter(
        action=OVERDUE,
        object_type=article._meta.label_lower,
        object_id=str(article.pk),
        at__gte=release.review_due_at,
    )
    if not release.is_overdue or said.exists():
        return False
    audit.record(None, "article.urgent_overdue", article)
    return True


_OPEN = (UrgentStatus.REQUESTED, UrgentStatus.PUBLISHED)


def _awaited(release: UrgentRelease) -> tuple[UrgentRelease, ArticlePage]:
    """The request read again under its article's lock.

    Raises:
        ReleaseRefused: somebody has answered it or taken it back.
    """
    article = locked(release.article)
    release = UrgentRelease.objects.select_related("requested_by").get(pk=release.pk)
    if release.status != UrgentStatus.REQUESTED:
        raise ReleaseRefused(
            f"这次特急已经处理过了（{release.get_status_display()}），请看最新状态。"
        )
    return release, article


def _why_not_go(article: ArticlePage, revision: Revision) -> str:
    """What keeps the text from going out even by 特急; empty when nothing does."""
    if refusal := membership.why_not_alone(article):
        return refusal
    text = revision.as_object()
    try:
        text.full_clean()
    except ValidationError as error:
        missing = [
            str(text._meta.get_field(name).verbose_name)
            for name in error.message_dict
            if name in {field.name for field in text._meta.get_fields()}
        ]
        return f"稿件还没有写完整，不能特急发布。请编辑补好：{'、'.join(missing) or '内容'}。"
    if reasons := claims.why_not_print(text):
        return "不能特急发布：" + "".join(reasons)
    if refusal := reposts.why_no_origin(text):
        return f"不能特急发布：{refusal}"
    if refusal := services.why_no_reviews(article.get_workflow()):
        return "发布后无法补审，不能特急。" + refusal
    return ""


def _free(actor: Any, article: ArticlePage, revision: Revision) -> None:
    """End reviews and set times, so that the text goes out now and its reviews start anew."""
    if article.approved_schedule:
        publishing.clear_schedule(actor, article, "改为特急发布")
        revision.refresh_from_db()
    stop_reviews(actor, article, "改为特急发布，发布后重新三审")
    if revision.content.get("go_live_at"):
        # Wagtail would set this time again instead of publishing.
        revision.content = {**revision.content, "go_live_at": None}
        revision.save(update_fields=["content"])


def _close(release: UrgentRelease, status: UrgentStatus, by: Any = None, note: str = "") -> None:
    release.status = status
    release.closed_at = timezone.now()
    if by is not None:
        release.decided_by, release.decided_at, release.decision_note = by, release.closed_at, note
    release.save()
