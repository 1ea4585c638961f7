"""Giving a push its day, its approval and its minute."""

from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.mirror import days as mirror_days
from cms.ops import audit

from ..models import MemberForm, Push
from ..wechat.lint import judging
from . import back_office, days, going_live, rules
from . import members as texts
from .base import (
    APPROVE,
    COMMIT,
    MAX_REASON,
    PLAN,
    committed,
    demand,
    forget_failure,
    lock_days,
    open_push,
    reason_given,
    undo,
)
from .digest import push_digest
from .refusals import PushRefused


@transaction.atomic
def plan(actor: Any, push: Push, day: date | None, slot: time | None = None) -> str:
    """Propose ``day`` and perhaps its ``slot``; None takes the plan back. It commits nothing.

    Answers what to know of the day, empty when there is room: too many plans only warn.

    Raises:
        PushRefused: no permission, the push is over or committed, the day has passed or is quiet,
            or the slot is another push's.
    """
    demand(actor, PLAN)
    lock_days()
    push = open_push(push)
    if push.go_live_at:
        raise PushRefused(f"这次推送已{committed(push)}。要改日期，请先取消定时。")
    return set_plan(actor, push, day, slot)


def set_plan(actor: Any, push: Push, day: date | None, slot: time | None) -> str:
    slot = slot if day else None
    others = days.holdings(day, but=push.pk) if day else []
    warning = ""
    if day is not None:
        calendar = days.calendar(day)
        if refusal := rules.why_not_plan(day, slot, timezone.localdate(), calendar, others):
            raise PushRefused(refusal)
        warning = rules.plan_warning(day, calendar, others)
    before = _plan_words(push)
    push.planned_for, push.planned_slot = day, slot
    if _plan_words(push) != before:
        push.save(update_fields=["planned_for", "planned_slot"])
        audit.record(actor, "push.plan", push, {"from": before, "to": _plan_words(push)})
    return warning


def _plan_words(push: Push) -> str:
    if push.planned_for is None:
        return "没有计划"
    slot = f" {push.planned_slot:%H:%M}" if push.planned_slot else ""
    return f"{push.planned_for.isoformat()}{slot}"


@transaction.atomic
def approve(actor: Any, push: Push, note: str = "") -> None:
    """Approve the push in its exact composition.

    Raises:
        PushRefused: no permission, the actor had a hand in it, it is over, empty or approved
            already, something is wrong with an article, or WeChat would not take one.
    """
    demand(actor, APPROVE)
    push = open_push(push)
    if push.approved_at:
        raise PushRefused(f"这次推送已由{push.approved_by}审定，不用再审定。")
    loaded = texts.load(push)
    problems = [why for each in loaded for why in each.problems]
    assemblers = set(push.assemblers.values_list("pk", flat=True))
    if refusal := rules.why_not_approve(actor.pk, assemblers, len(loaded), problems):
        raise PushRefused(refusal)
    # Looked at before the reviews, too; since then our own templates may have become others.
    if unfit := [f"《{each.title}》{why}" for each in loaded if (why := _why_unfit(each))]:
        raise PushRefused("还不能审定：" + "".join(unfit))
    push.approved_by, push.approved_at = actor, timezone.now()
    push.approved_digest = push_digest(push)
    push.save(update_fields=["approved_by", "approved_at", "approved_digest"])
    back_office.refresh(push)
    detail = {"content_digest": push.approved_digest, "note": note.strip()[:MAX_REASON]}
    audit.record(actor, "push.approve", push, detail)


def _why_unfit(each: texts.Loaded) -> str:
    """What WeChat would not take of its HTML; a picture message has none."""
    return "" if each.member.form == MemberForm.PICTURES else judging.why_unfit(each.text)


@transaction.atomic
def undo_approval(actor: Any, push: Push, reason: str) -> None:
    """Take the approval back, and the minute with it.

    Raises:
        PushRefused: no permission, no reason, the push is over, or it is not approved.
    """
    demand(actor, APPROVE)
    reason = reason_given(reason, "撤回审定的原因")
    push = open_push(push)
    if push.approved_at is None:
        raise PushRefused("这次推送还没有审定，不用撤回。请刷新页面查看最新状态。")
    undo(actor, push, reason)


def reopen(actor: Any, article_pk: int, reason: str) -> None:
    """Undo the approval of the push that holds the article: its text is another by now.

    What a change of the text calls, whoever made it; nothing happens where nothing was approved.
    """
    pushes = Push.objects.holding().filter(members__article=article_pk, approved_at__isnull=False)
    for push in pushes.select_for_update(of=("self",)):
        undo(actor, push, reason)


@transaction.atomic
def commit(actor: Any, push: Push, at: datetime) -> None:
    """定时: let the approved push go out at ``at`` (aware).

    Raises:
        PushRefused: no permission, not approved as it is now, committed already, or the minute is
            past, on a day without sending, in another push's slot, or beyond the day's allowance.
    """
    demand(actor, COMMIT)
    lock_days()
    push = open_push(push)
    if push.go_live_at:
        raise PushRefused(f"这次推送已{committed(push)}。要改时间，请先取消定时。")
    if reasons := going_live.why_not_go(push):
        raise PushRefused("不能定时：" + "".join(reasons))
    local, now = timezone.localtime(at), timezone.localtime()
    calendar, others = days.calendar(local.date()), days.holdings(local.date(), but=push.pk)
    refusal = rules.why_not_commit(local, now, calendar, others)
    if refusal := refusal or mirror_days.why_not_publish(local.date()):
        raise PushRefused(refusal)
    push.go_live_at = at
    push.save(update_fields=["go_live_at"])
    audit.record(actor, "push.commit", push, {"go_live_at": at})


@transaction.atomic
def uncommit(actor: Any, push: Push, reason: str) -> None:
    """Take the minute back; the approval holds while nothing changes.

    Raises:
        PushRefused: no permission, no reason, the push is over, or it has no minute.
    """
    demand(actor, COMMIT)
    reason = reason_given(reason, "取消定时的原因")
    lock_days()
    push = open_push(push)
    if push.go_live_at is None:
        raise PushRefused("这次推送没有定时，可能刚刚取消或发布。请刷新页面查看。")
    at, push.go_live_at = push.go_live_at, None
    forget_failure(push)
    push.save()
    audit.record(actor, "push.uncommit", push, {"reason": reason, "go_live_at": at})
