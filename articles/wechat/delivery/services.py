"""What people do about a delivery, one function per action.

Each only writes the row; the worker does what it says.
"""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit
from cms.users.models import User

from ...models import Delivery, DeliveryStage, Push, PushSettings
from ...pushes import back_office, days
from ...pushes import rules as push_rules
from ...pushes import services as pushes
from ...pushes.going_live import AT_MINUTE
from ...pushes.members import Loaded
from ...pushes.refusals import PushRefused
from ..account import is_configured
from . import plan, rules
from .box import GONE
from .job import entries_of
from .worker import BEFORE_DELIVERY

DELIVER, MASS_SEND = "articles.deliver_push", "articles.mass_send_push"
ADVANCE = "articles.wechat.delivery.tasks.advance_one"
_REFUSALS = {
    DELIVER: "您没有把推送送到微信的权限。由“发布”人员操作。",
    MASS_SEND: "您没有从工作台群发的权限。由“发布”人员操作。",
}
UNDER_WAY = "正在送往微信，请等这一步做完。"
_SENDING = (DeliveryStage.SENDING, DeliveryStage.CONFIRMING, DeliveryStage.PUBLISHING)


@transaction.atomic
def deliver(actor: Any, push: Push) -> Delivery:
    """Send the approved push to WeChat as a draft, or bring its draft up to date.

    Raises:
        PushRefused: no permission, no account, not approved as it is, or on its way already.
    """
    _demand(actor, DELIVER)
    push = Push.objects.select_for_update().get(pk=push.pk)
    if not is_configured():
        raise PushRefused("还没有接通微信，不能送草稿。可以用“复制到微信”，到公众号后台粘贴。")
    if reasons := pushes.why_not_deliver(push):
        raise PushRefused("现在不能送到微信：" + "".join(reasons))
    now = timezone.now()
    delivery = Delivery.objects.select_for_update().filter(push=push).first()
    if delivery is None:
        delivery = Delivery(push=push)
    elif refusal := _why_not_deliver_again(delivery, push):
        raise PushRefused(refusal)
    delivery.stage = DeliveryStage.PREFLIGHT
    delivery.push_digest = push.approved_digest
    delivery.requested_by, delivery.requested_at = actor, now
    delivery.stored = [each.as_json() for each in plan.left_alone(entries_of(delivery))]
    delivery.drift = []
    _go_on(delivery)
    back_office.refresh(push)
    audit.record(actor, "push.deliver", push)
    return delivery


@transaction.atomic
def deliver_anew(actor: Any, push: Push) -> Delivery:
    """Make another draft of a push whose draft has left the box without being sent.

    Raises:
        PushRefused: no permission, or the draft is where it was.
    """
    _demand(actor, DELIVER)
    delivery = _locked(push)
    if not (is_gone(delivery) or delivery.stage == DeliveryStage.LINKED):
        raise PushRefused("草稿还在草稿箱里，不用重新送。")
    delivery.media_id, delivery.publish_id, delivery.stored = "", "", []
    delivery.stage, delivery.next_at = DeliveryStage.DRAFT, None
    delivery.save()
    back_office.reopen(push)
    return deliver(actor, push)


@transaction.atomic
def retry(actor: Any, push: Push) -> None:
    """Go on where the delivery failed.

    Raises:
        PushRefused: no permission, nothing failed, or the push was changed since.
    """
    _demand(actor, DELIVER)
    delivery = _locked(push)
    if delivery.failed_at is None:
        raise PushRefused("没有失败的步骤要重试，可能已经有人处理。请刷新页面查看。")
    if delivery.stage == DeliveryStage.SENDING and not delivery.msg_id:
        # WeChat is asked to send once more, should it not have done so: that is a 群发.
        _demand(actor, MASS_SEND)
        if not PushSettings.load().allow_mass_send:
            raise PushRefused(rules.NOT_ALLOWED)
    if delivery.stage in BEFORE_DELIVERY:
        if reasons := pushes.why_not_deliver(delivery.push):
            raise PushRefused("现在不能送到微信：" + "".join(reasons))
        if is_outdated(delivery):
            raise PushRefused("推送改过了，请点“更新草稿”送现在的这一版。")
    _go_on(delivery)
    detail = {"stage": delivery.get_stage_display()}
    audit.record(actor, "push.delivery_retry", delivery.push, detail)


@transaction.atomic
def overwrite(actor: Any, push: Push) -> None:
    """Let the approved text replace what was changed by hand in the back office.

    Raises:
        PushRefused: no permission, or there is nothing to decide.
    """
    delivery = _asking(actor, push)
    audit.record(actor, "push.overwrite", delivery.push, {"changes": delivery.drift})
    delivery.stored = [each.as_json() for each in plan.overwritable(entries_of(delivery))]
    delivery.drift = []
    _go_on(delivery)


@transaction.atomic
def keep(actor: Any, push: Push) -> None:
    """Leave the draft as somebody changed it in the back office; it is not brought up to date.

    Raises:
        PushRefused: no permission, or there is nothing to decide.
    """
    delivery = _asking(actor, push)
    audit.record(actor, "push.keep_draft", delivery.push, {"changes": delivery.drift})
    delivery.stored = [each.as_json() for each in plan.left_alone(entries_of(delivery))]
    delivery.stage = DeliveryStage.DELIVERED
    delivery.delivered_at = delivery.delivered_at or timezone.now()
    _go_on(delivery)


@transaction.atomic
def mass_send(actor: Any, push: Push, typed: str) -> None:
    """群发: send the draft to all followers. ``typed`` confirms it; it cannot be taken back.

    Raises:
        PushRefused: no permission, not allowed by the settings, not confirmed, or not ready.
    """
    _demand(actor, MASS_SEND)
    delivery = _locked(push)
    push = delivery.push
    refusal = rules.why_not_send(
        is_allowed=PushSettings.load().allow_mass_send,
        typed=typed,
        title=push.title,
        obstacles=obstacles_to_sending(delivery),
    )
    if refusal:
        raise PushRefused(refusal)
    delivery.stage = DeliveryStage.SENDING
    delivery.clientmsgid = rules.client_message_id(
        push.pk, delivery.push_digest, delivery.clientmsgid
    )
    delivery.msg_id, delivery.attempted_at = "", None
    _go_on(delivery)
    audit.record(actor, "push.mass_send", push, {"clientmsgid": delivery.clientmsgid})


@transaction.atomic
def permanent_link(actor: Any, push: Push) -> None:
    """生成永久链接（不推送粉丝）: publish the draft without telling followers; it leaves the box.

    Raises:
        PushRefused: no permission, or there is no draft that may go.
    """
    _demand(actor, DELIVER)
    delivery = _locked(push)
    if reasons := why_no_draft(delivery):
        raise PushRefused("现在不能生成永久链接：" + "".join(reasons))
    delivery.stage = DeliveryStage.PUBLISHING
    delivery.publish_id, delivery.attempted_at = "", None
    _go_on(delivery)
    audit.record(actor, "push.permanent_link", delivery.push)


def is_gone(delivery: Delivery) -> bool:
    """Whether the draft was found to have left the box by other hands than ours."""
    return delivery.stage == DeliveryStage.DELIVERED and delivery.reason == GONE


def is_outdated(delivery: Delivery) -> bool:
    """Whether WeChat has, or is getting, another text than the one approved by now."""
    return delivery.push_digest != delivery.push.approved_digest


def is_asking(delivery: Delivery) -> bool:
    """Whether a person has to decide about changes made by hand."""
    return delivery.stage == DeliveryStage.DRAFT and bool(delivery.drift)


def is_under_way(delivery: Delivery) -> bool:
    """Whether the worker is at it, or will be without anybody's doing."""
    return delivery.failed_at is None and delivery.next_at is not None


def why_no_draft(delivery: Delivery, loaded: Sequence[Loaded] | None = None) -> Sequence[str]:
    """Why there is no draft in WeChat that may go to readers as it is.

    ``loaded`` are the push's articles where they were read just now.
    """
    if delivery.stage != DeliveryStage.DELIVERED:
        return ["草稿还没有送达。"]
    if is_gone(delivery):
        return ["草稿已不在草稿箱里。"]
    return pushes.why_not_deliver(delivery.push, loaded) or (
        ["微信里的草稿是旧的，请先更新草稿。"] if is_outdated(delivery) else []
    )


def obstacles_to_sending(
    delivery: Delivery, loaded: Sequence[Loaded] | None = None
) -> Sequence[str]:
    """What stands against a 群发 now. Readers follow 阅读原文 to the mirror, so it comes first.

    ``loaded`` as for `why_no_draft`.
    """
    found = list(why_no_draft(delivery, loaded))
    push, now = delivery.push, timezone.localtime()
    if push.go_live_at and push.go_live_at > now:
        found.append(f"定时是{timezone.localtime(push.go_live_at):%m月%d日 %H:%M}，还没有到。")
    elif settings.MIRROR_PUBLISH == AT_MINUTE and not push.published_at:
        found.append("网页镜像还没有发布，“阅读原文”会打不开。请先定时或立即发布。")
    # Only what kind of day it is: turns and slots were asked after when the minute was fixed.
    if refusal := push_rules.why_not_send_at(now, days.calendar(now.date()), ()):
        found.append(refusal)
    return found


def _why_not_deliver_again(delivery: Delivery, push: Push) -> str:
    if delivery.stage in _SENDING:
        return "这次推送正在微信群发或发布，不能再送草稿。"
    if delivery.stage == DeliveryStage.LINKED:
        return "草稿已经生成永久链接。要群发的，请重新送一份草稿。"
    if is_gone(delivery):
        return "草稿已不在草稿箱里。已群发的请登记；确实没有群发的，请重新送一份草稿。"
    is_same = delivery.push_digest == push.approved_digest
    if delivery.stage == DeliveryStage.DELIVERED:
        return "微信里的草稿就是现在这一版，不用再送。" if is_same else ""
    if rules.is_busy(delivery.busy_until, timezone.now()):
        return UNDER_WAY
    return UNDER_WAY if is_same and is_under_way(delivery) else ""


def _asking(actor: Any, push: Push) -> Delivery:
    _demand(actor, DELIVER)
    delivery = _locked(push)
    if not is_asking(delivery):
        raise PushRefused("没有要决定的改动，可能已经有人处理。请刷新页面查看。")
    return delivery


def _locked(push: Push) -> Delivery:
    """The delivery with the rows of push and delivery locked, in this order."""
    push = Push.objects.select_for_update().get(pk=push.pk)
    delivery = Delivery.objects.select_for_update().filter(push=push).first()
    if delivery is None:
        raise PushRefused("这次推送还没有送到微信。")
    if push.sent_at:
        raise PushRefused("这次推送已经发出。")
    delivery.push = push
    return delivery


def _go_on(delivery: Delivery) -> None:
    """Save, and let the worker take it up at once. Whoever is only looking loses the lease."""
    delivery.next_at, delivery.busy_until = timezone.now(), None
    delivery.attempts, delivery.failed_at = 0, None
    delivery.reason, delivery.detail = "", ""
    delivery.save()
    pk = delivery.pk
    transaction.on_commit(lambda: async_task(ADVANCE, pk, task_name=f"送达微信 {pk}"))


def _demand(actor: Any, permission: str) -> None:
    """Read anew: permissions are remembered on the object, and a role may have been taken away."""
    if not User.objects.get(pk=actor.pk).has_perm(permission):
        raise PushRefused(_REFUSALS[permission])
