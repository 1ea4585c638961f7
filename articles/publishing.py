"""Going live: setting a time, publishing what is due, and showing what failed.

The revision's ``approved_go_live_at`` is the truth of every schedule. The queue only calls
`publish_due` once a minute; a worker that dies leaves the row as it was for the next call.
"""

import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, OperationalError, transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Revision, TaskState

from cms.mirror import days as mirror_days
from cms.ops import audit
from cms.tasks import sent_together
from cms.users import holders

from . import gate
from .locking import locked
from .models import ArticlePage, PublishFailure
from .pushes import going_live, membership
from .review import approvals, comments, ready

logger = logging.getLogger(__name__)

PERMISSION = "articles.schedule_article"
# Articles that go live in one transaction: about a second, in which others who write wait.
BATCH = 30


class PublishRefused(PermissionDenied):
    """The action is against the rules or came too late; the message is a Chinese sentence."""


@dataclass
class DueReport:
    """What one run of `publish_due` did: labels of pages, failures with their reason."""

    published: list[str] = field(default_factory=list)
    expired: list[str] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    postponed: list[str] = field(default_factory=list)


@transaction.atomic
def schedule(actor: Any, article: ArticlePage, at: datetime) -> Revision:
    """Let the approved latest revision go live at ``at`` (aware).

    Raises:
        PublishRefused: no permission, not approved in this exact text, ``at`` has passed, or
            publishing has stopped on its day.
    """
    article, revision = _ready_to_go(actor, article)
    if at <= timezone.now():
        raise PublishRefused("定时的时间已经过去，请选择以后的时间，或使用“立即发布”。")
    _check_day(at)
    # The time is no content: it is written into the approved revision, so that no new
    # revision (and no new author) comes between approval and publication.
    revision.content = {**revision.content, "go_live_at": at.isoformat()}
    revision.approved_go_live_at = at
    revision.save(update_fields=["content", "approved_go_live_at"])
    article.revisions.exclude(pk=revision.pk).update(approved_go_live_at=None)
    PublishFailure.objects.filter(page_id=article.pk).delete()
    Page.objects.filter(pk=article.pk).update(go_live_at=at, has_unpublished_changes=True)
    _leave_ready(actor, article)
    log(
        instance=article,
        action="wagtail.publish.schedule",
        user=actor,
        revision=revision,
        data={
            "revision": {
                "id": revision.pk,
                "created": revision.created_at.isoformat(),
                "go_live_at": at.isoformat(),
                "has_live_version": article.live,
            }
        },
    )
    audit.record(actor, "article.schedule", article, {"go_live_at": at})
    return revision


@transaction.atomic
def unschedule(actor: Any, article: ArticlePage, reason: str) -> None:
    """Take back the set time; the text waits in 待发布 again while its approvals hold.

    Raises:
        PublishRefused: no permission, no reason, or nothing is scheduled any more.
    """
    _check_permission(actor)
    article = locked(article)
    if article.scheduled_revision is None:
        raise PublishRefused("这篇文章没有定时，可能刚刚已经发布。请刷新页面查看。")
    if not reason.strip():
        raise PublishRefused("请写明取消定时的原因。")
    clear_schedule(actor, article, reason)
    ready.back_to_ready(actor, locked(article))


def clear_schedule(actor: Any, article: ArticlePage, reason: str) -> None:
    """Take the set time off a scheduled article; the caller holds its lock and may do so."""
    revision = article.scheduled_revision
    revision.content = {**revision.content, "go_live_at": None}
    revision.approved_go_live_at = None
    revision.save(update_fields=["content", "approved_go_live_at"])
    PublishFailure.objects.filter(page_id=article.pk).delete()
    Page.objects.filter(pk=article.pk).update(go_live_at=None)
    log(
        instance=article,
        action="wagtail.schedule.cancel",
        user=actor,
        revision=revision,
        data={"revision": {"id": revision.pk, "created": revision.created_at.isoformat()}},
    )
    audit.record(actor, "article.unschedule", article, {"reason": reason})


@transaction.atomic
def publish_now(actor: Any, article: ArticlePage) -> None:
    """Put the approved latest revision on the mirror at once.

    Raises:
        PublishRefused: no permission, not approved in this exact text, or publishing has stopped.
    """
    article, revision = _ready_to_go(actor, article)
    _check_day(timezone.now())
    _leave_ready(actor, article)
    revision.publish(user=actor, skip_permission_checks=True)
    audit.record(actor, "article.publish", article, {"revision": revision.pk})


def publish_due(*, dry_run: bool = False) -> DueReport:
    """Publish every push and revision whose time has come and take down what has expired.

    A broken item is rolled back, marked failed with its reason, and stops no other. A database
    that is busy is no fault of the item; the next run tries again. A dry run reports as published
    and expired what a real one would take up.
    """
    now = timezone.now()
    pushes = [(push.pk, f"推送{push.title}") for push in going_live.overdue(now)]
    if dry_run:
        published = [label for _, label in [*pushes, *_due(now)]]
        return DueReport(published, [label for _, label in _expired(now)])
    report = DueReport()
    for pk, label in pushes:
        _publish_push(pk, label, now, report)
    waiting = list(_due(now))
    for start in range(0, len(waiting), BATCH):
        _publish_batch(dict(waiting[start : start + BATCH]), now, report)
    for pk, label in list(_expired(now)):
        try:
            if _take_down_one(pk, now):
                report.expired.append(label)
        except DatabaseError as error:
            logger.warning("expiry of page %s postponed: %s", pk, error)
            report.postponed.append(label)
    return report


def _publish_push(pk: int, label: str, now: datetime, report: DueReport) -> None:
    try:
        if going_live.publish_one(pk, now):
            report.published.append(label)
    except OperationalError as error:
        logger.warning("publication of %s postponed: %s", label, error)
        report.postponed.append(label)
    except Exception as error:  # whatever it is, it must not stop the others
        logger.exception("publication of %s failed", label)
        report.failed.append((label, going_live.mark_failed(pk, error, now)))


def _publish_batch(due: dict[int, str], now: datetime, report: DueReport) -> None:
    """Publish those of ``due`` (revision id to title) that still are, each in a savepoint.

    They share a transaction, since most of what each asks of the database all of them ask.
    """
    done = DueReport()
    try:
        with sent_together(), transaction.atomic():
            _publish_locked(due, now, done)
    except OperationalError as error:
        logger.warning("publication of revisions %s postponed: %s", [*due], error)
        report.postponed += due.values()
    except DatabaseError as error:
        # Found at the end, when it is too late to say whose fault it is: one by one.
        if len(due) > 1:
            for pk, label in due.items():
                _publish_batch({pk: label}, now, report)
        else:
            ((pk, label),) = due.items()
            logger.exception("publication of revision %s failed", pk)
            report.failed.append((label, _mark_failed(pk, error, now)))
    else:
        report.published += done.published
        report.failed += done.failed


def _publish_locked(due: dict[int, str], now: datetime, done: DueReport) -> None:
    """Lock the articles of ``due``; publish those whose time is still set.

    What somebody else holds right now is left for the next run.
    """
    asked = Revision.objects.filter(pk__in=due)
    pages = Page.objects.select_for_update(skip_locked=True).order_by("pk")
    ids = pages.filter(pk__in=[int(pk) for pk in asked.values_list("object_id", flat=True)])
    found = ArticlePage.objects.prefetch_related(membership.prefetch())
    articles = found.in_bulk(list(ids.values_list("pk", flat=True)))
    # Read after the locks: another worker may have been quicker.
    still = asked.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at", "pk")
    with approvals.read_ahead(articles.values()), holders.read_once():
        for revision in still:
            if (article := articles.get(int(revision.object_id))) is None:
                continue
            label = due[revision.pk]
            revision.content_object = article  # known, and so not read again
            try:
                with transaction.atomic():
                    revision.publish(log_action="wagtail.publish.scheduled")
                    audit.record(None, "article.publish", article, {"revision": revision.pk})
                done.published.append(label)
            except OperationalError:
                raise
            except Exception as error:  # whatever it is, it must not stop the others
                logger.exception("publication of revision %s failed", revision.pk)
                done.failed.append((label, _mark_failed(revision.pk, error, now)))


def publish_due_task() -> str:
    """What the schedule calls; the sentence is kept as the task's result."""
    report = publish_due()
    return (
        f"发布 {len(report.published)}，到期撤下 {len(report.expired)}，"
        f"失败 {len(report.failed)}，稍后再试 {len(report.postponed)}"
    )


@transaction.atomic
def retry(actor: Any, failure: PublishFailure) -> None:
    """Try a failed publication again, now.

    Raises:
        PublishRefused: no permission, the schedule was taken back meanwhile, or publishing has
            stopped.
        NotApproved: the text still lacks an approval.
    """
    _check_permission(actor)
    _check_day(timezone.now())
    revision = failure.revision
    article = locked(failure.page.specific)
    revision.refresh_from_db()
    if revision.approved_go_live_at is None:
        failure.delete()
        raise PublishRefused("这次定时已经取消，不需要重试。")
    failure.delete()
    revision.publish(
        user=actor, log_action="wagtail.publish.scheduled", skip_permission_checks=True
    )
    audit.record(actor, "article.publish_retry", article, {"revision": revision.pk})


def _due(now: datetime) -> Iterator[tuple[int, str]]:
    """``(revision id, page title)`` of what is due and not marked failed, oldest first.

    Articles only: home, columns and honours are published by a person, never by the clock.
    On days on which publishing has stopped nothing is due; the first tick afterwards takes it up.
    """
    if mirror_days.freeze_on(timezone.localdate(now)):
        return iter(())
    return (
        Revision.objects.filter(
            content_type=ContentType.objects.get_for_model(ArticlePage),
            approved_go_live_at__lte=now,
            publish_failure__isnull=True,
        )
        .order_by("approved_go_live_at", "pk")
        .values_list("pk", "object_str")
        .iterator()
    )


@transaction.atomic
def _mark_failed(pk: int, error: Exception, now: datetime) -> str:
    """Record the failure for people to see and answer its reason."""
    reason = str(error) if isinstance(error, PermissionDenied) else f"系统错误：{error}"
    revision = Revision.objects.get(pk=pk)
    failure, _ = PublishFailure.objects.update_or_create(
        revision=revision,
        defaults={
            "page_id": int(revision.object_id),
            "reason": reason[:300],
            "detail": "".join(traceback.format_exception(error)),
            "failed_at": now,
        },
    )
    audit.record(None, "article.publish_failed", failure.page, {"reason": reason})
    return failure.reason


def _expired(now: datetime) -> Iterator[tuple[int, str]]:
    return (
        ArticlePage.objects.live().filter(expire_at__lte=now).values_list("pk", "title").iterator()
    )


def _take_down_one(pk: int, now: datetime) -> bool:
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=pk)
        article = ArticlePage.objects.get(pk=pk)
        if not article.live or article.expire_at is None or article.expire_at > now:
            return False
        with gate.taking_down(article):
            article.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
        audit.record(None, "article.expire", article)
    return True


def _check_day(at: datetime) -> None:
    """What is 特急 does not come by here: that is what it is for."""
    if refusal := mirror_days.why_not_publish(timezone.localdate(at)):
        raise PublishRefused(refusal)


def _check_permission(actor: Any) -> None:
    if not actor.has_perm(PERMISSION):
        raise PublishRefused("您没有发布权限。定时和发布由“发布”人员完成。")


def _ready_to_go(actor: Any, article: ArticlePage) -> tuple[ArticlePage, Revision]:
    """Lock the article and assert that its latest revision may go public."""
    _check_permission(actor)
    article = locked(article)
    if refusal := membership.why_not_alone(article):
        raise PublishRefused(refusal)
    revision = article.get_latest_revision()
    if revision is None or (article.live and article.live_revision_id == revision.pk):
        raise PublishRefused("没有可发布的新内容。")
    if reasons := approvals.why_not_publish(revision):
        raise PublishRefused("不能发布：" + "".join(reasons))
    if refusal := comments.why_not_ready(article):
        raise PublishRefused(refusal)
    return article, revision


def _leave_ready(actor: Any, article: ArticlePage) -> None:
    """Finish 待发布, if the article is waiting there."""
    state = article.current_workflow_task_state
    if ready.is_ready(article):
        ready.leave(actor, article)
    elif state and state.status == TaskState.STATUS_IN_PROGRESS:
        raise PublishRefused("本稿还在审核中，三审都通过后才能定时或发布。")
