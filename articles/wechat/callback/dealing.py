"""What follows from an event: a push is out, or WeChat did not send it.

An event may come before we know its number, when the answer to our own call was lost; so one that
fits nothing is looked at again until a day has passed. What was sent by hand in the back office has
a number we never learn: the statistics of the next day find it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.ops import audit

from ...models import CallbackEvent, Delivery, DeliveryStage, Push, SentNoticed
from ...pushes import services as pushes
from ...pushes.refusals import PushRefused
from ...readings.addresses import parse_wechat_url
from ..errors import mass_status, why_not_published
from .messages import MASS_FINISHED

PATIENCE = timedelta(days=1)
NOT_OURS = "不是工作台发起的群发或发布，等次日统计核对。"


def deal_with_waiting() -> int:
    """Deal with every event that is still waiting; answers how many were settled."""
    waiting = CallbackEvent.objects.filter(handled_at=None).order_by("pk")
    return sum(deal_with(pk) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def deal_with(pk: int) -> bool:
    """Deal with one event; False when it was already, or has to wait."""
    event = CallbackEvent.objects.select_for_update().get(pk=pk)
    if event.handled_at is not None:
        return False
    note = _deal(event)
    if not note:
        if timezone.now() - event.received_at < PATIENCE:
            return False
        note = NOT_OURS
    event.handled_at, event.note = timezone.now(), note[:300]
    event.save(update_fields=["handled_at", "note"])
    return True


def _deal(event: CallbackEvent) -> str:
    """What was done, in a sentence; empty where no push of ours is known to be meant yet."""
    job = str(event.payload.get("job", ""))
    if not job:
        return NOT_OURS
    if event.event == MASS_FINISHED:
        if delivery := _delivery(Q(msg_id=job)):
            return _sending_ended(delivery, event)
        # Developers report this event for publications, too; it says nothing of them.
        if delivery := _delivery(Q(publish_id=job)):
            return _look_soon(delivery)
    elif delivery := _delivery(Q(publish_id=job)):
        return _publication_ended(delivery, event)
    return ""


def _delivery(which: Q) -> Delivery | None:
    return Delivery.objects.select_related("push").filter(which).first()


def _sending_ended(delivery: Delivery, event: CallbackEvent) -> str:
    said = mass_status(str(event.payload.get("status", "")))
    if said.failed:
        return _failed(delivery, said.sentence)
    if not said.sent:
        return _look_soon(delivery)
    push = delivery.push
    urls, msg_data_id = _addresses(push, event.payload.get("urls", {}))
    try:
        pushes.record_sent(
            None,
            push,
            min(_time(event), timezone.now()),
            noticed=SentNoticed.CALLBACK,
            msg_data_id=msg_data_id,
            urls=urls,
        )
    except PushRefused as refusal:
        return f"{push}：{refusal}"
    Delivery.objects.filter(pk=delivery.pk).update(
        stage=DeliveryStage.SENT, failed_at=None, reason="", detail="", next_at=None
    )
    known = f"，登记了{len(urls)}个地址" if urls else "，微信没有给出地址"
    return f"{push}已登记为发出{known}。"


def _publication_ended(delivery: Delivery, event: CallbackEvent) -> str:
    status = str(event.payload.get("status", ""))
    why = why_not_published(int(status)) if status.isdecimal() else ""
    # The addresses are asked for as after any publication: one way to record them is enough.
    return _failed(delivery, why) if why else _look_soon(delivery)


def _failed(delivery: Delivery, sentence: str) -> str:
    now = timezone.now()
    Delivery.objects.filter(pk=delivery.pk).update(
        failed_at=now, reason=sentence[:500], next_at=None
    )
    audit.record(None, "push.delivery_failed", delivery.push, {"reason": sentence})
    return f"{delivery.push}：{sentence}"


def _look_soon(delivery: Delivery) -> str:
    Delivery.objects.filter(pk=delivery.pk).update(next_at=timezone.now())
    return f"{delivery.push}：马上向微信查询结果。"


def _addresses(push: Push, told: Mapping[str, Any]) -> tuple[dict[int, str], str]:
    """Addresses by article id, and the message's id, which the long ones carry."""
    urls, msg_data_id = {}, ""
    for place, article in enumerate(push.members.values_list("article_id", flat=True), start=1):
        address = parse_wechat_url(str(told.get(str(place), "")))
        if address is not None:
            urls[article] = address.url
            msg_data_id = msg_data_id or address.mid
    return urls, msg_data_id


def _time(event: CallbackEvent) -> datetime:
    created = int(event.payload.get("created") or 0)
    return datetime.fromtimestamp(created, UTC) if created else event.received_at
