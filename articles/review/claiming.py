"""认领: who works on a review now, so that two people do not read the same text at once.

A claim is a sign and no lock: whoever may give the review may give it still, or take the claim
over. It lapses by itself `HOLDS_FOR` after it was made, and with its holder's right to the review.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import TaskState

from cms.ops import audit

from .models import ReviewTaskState
from .services import ReviewRefused, why_not_review

# Half a working day: a text that was taken up in the morning and left is free in the afternoon.
HOLDS_FOR = timedelta(hours=4)


def stands(claimed_at: datetime | None, now: datetime) -> bool:
    """Whether a claim made at ``claimed_at`` has not lapsed yet."""
    return claimed_at is not None and now < claimed_at + HOLDS_FOR


def holder(step: ReviewTaskState, admitted: Collection[int] | None = None) -> Any:
    """Who has claimed the running ``step`` and still holds it; None when it is free.

    ``admitted`` are the ids of whom the review admits; lists give them, a single step is asked.
    """
    if step.claimed_by_id is None or not stands(step.claimed_at, timezone.now()):
        return None
    if admitted is None:
        return step.claimed_by if step.task.specific.admits(step.claimed_by) else None
    return step.claimed_by if step.claimed_by_id in admitted else None


@transaction.atomic
def claim(actor: Any, step: TaskState) -> None:
    """Say that ``actor`` works on ``step``. Saying it again changes nothing.

    Raises:
        ReviewRefused: the actor may not give this review, it is over, or a colleague has it.
    """
    fresh = _running(actor, step)
    other = holder(fresh)
    if other == actor:
        return
    if other is not None:
        at = timezone.localtime(fresh.claimed_at)
        raise ReviewRefused(
            f"{other}已在 {at:%H:%M} 认领了这一审。确实需要您来审时，请打开这篇文章，选择“接手”。"
        )
    _take(actor, fresh)


@transaction.atomic
def take_over(actor: Any, step: TaskState) -> None:
    """Claim ``step`` although a colleague has it; both names are kept.

    Raises:
        ReviewRefused: the actor may not give this review, or it is over.
    """
    fresh = _running(actor, step)
    other = holder(fresh)
    if other != actor:
        _take(actor, fresh, before=other)


@transaction.atomic
def unclaim(actor: Any, step: TaskState, reason: str = "") -> None:
    """Give ``step`` back to all who may take it.

    Raises:
        ReviewRefused: it is over, or not claimed by the actor.
    """
    fresh = _locked(step)
    if fresh.claimed_by_id != actor.pk:
        raise ReviewRefused("这一审现在不是由您认领的，不需要放回。")
    fresh.claimed_by = fresh.claimed_at = None
    fresh.save(update_fields=["claimed_by", "claimed_at"])
    audit.record(actor, "article.unclaim", _article(fresh), {"reason": reason.strip()})


def _take(actor: Any, step: ReviewTaskState, before: Any = None) -> None:
    step.claimed_by, step.claimed_at = actor, timezone.now()
    step.save(update_fields=["claimed_by", "claimed_at"])
    detail = {"from": str(before)} if before else {}
    audit.record(actor, "article.claim", _article(step), detail)


def _running(actor: Any, step: TaskState) -> ReviewTaskState:
    """``step`` locked, when ``actor`` may give its verdict."""
    fresh = _locked(step)
    if refusal := why_not_review(actor, _article(fresh), fresh.task.specific):
        raise ReviewRefused(refusal)
    return fresh


def _locked(step: TaskState) -> ReviewTaskState:
    """The review read again with its row locked until the transaction ends.

    Raises:
        ReviewRefused: it is over, or no review.
    """
    fresh = ReviewTaskState.objects.select_for_update().filter(pk=step.pk).first()
    if fresh is None or fresh.status != TaskState.STATUS_IN_PROGRESS:
        raise ReviewRefused("这一步已经有人处理过了，请刷新页面查看最新状态。")
    return fresh


def _article(step: ReviewTaskState) -> Any:
    return step.workflow_state.content_object.specific
