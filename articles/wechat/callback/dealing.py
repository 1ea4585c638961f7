"""What follows from an event: a push is out, or WeChat did not send it.

An event may come before we know its number, when the answer to our own call was lost; so one that
fits nothing is looked at again until a day has passed. What was sent by hand in the back office has
a number we never learn: the statistics of the next day find it.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import audit

from ...models import CallbackEvent, Delivery, DeliveryStage, Push, SentNoticed
from ...pushes import services as pushes
from ...pushes.refusals import PushRefused
from ...readings.addresses import parse_wechat_url
from ..delivery.services import ADVANCE
from ..errors import mass_status
from .messages import MASS_FINISHED

logger = logging.getLogger(__name__)

PATIENCE = timedelta(days=1)
WENT_WRONG = "处理时出错："
NOT_OURS = "没有对应的推送，可能是在公众号后台操作的，等次日统计核对。"


def deal_with_waiting() -> int:
    """Deal with every event that is still waiting; answers how many were settled."""
    waiting = CallbackEvent.objects.filter(handled_at=None).order_by("pk")
    return sum(deal_with(pk) for pk in list(waiting.values_list("pk", flat=True)))


def deal_with(pk: int) -> bool:
    """Deal with one event; False when it was already, has to wait, or something went wrong.

    What went wrong is noted with the event, shown in the health report, and tried again.
    """
    try:
        return _settle(pk)
    except Exception as error:  # whatever it is, it must show and not stop the others
        logger.exception("event %s of WeChat could not be dealt with", pk)
        CallbackEvent.objects.filter(pk=pk).update(note=f"{WENT_WRONG}{error}"[:300])
        return False


@transaction.atomic
def _settle(pk: int) -> bool:
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
    if event.event == MASS_FINISHED and (delivery := _locked(msg_id=job)):
        return _sending_ended(delivery, event)
    # Developers report that event for publications, too; what became of one is asked for in the
    # one way there is.
    if delivery := _locked(publish_id=job):
        return _look_now(delivery)
    return ""


def _locked(**which: str) -> Delivery | None:
    """The delivery with the rows of push and delivery locked, in this order as elsewhere."""
    pk = Delivery.objects.filter(**which).values_list("push", flat=True).first()
    if pk is None:
        return None
    push = Push.objects.select_for_update().get(pk=pk)
    delivery = Delivery.objects.select_for_update().filter(push=push, **which).first()
    if delivery is not None:
        delivery.push = push
    return delivery


def _sending_ended(delivery: Delivery, event: CallbackEvent) -> str:
    said = mass_status(str(event.payload.get("status", "")))
    if said.failed:
        return _failed(delivery, said.sentence)
    if not said.sent:
        return _look_now(delivery)
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
    _look_now(delivery)  # nothing is left to do but to close it
    known = f"登记了{len(urls)}个地址" if urls else "微信没有给出地址"
    return f"{push}已登记为发出，{known}。"


def _failed(delivery: Delivery, sentence: str) -> str:
    """WeChat refused for good, and only here does it say why; the draft may be sent anew."""
    if delivery.stage in (DeliveryStage.SENDING, DeliveryStage.CONFIRMING):
        delivery.stage, delivery.msg_id = DeliveryStage.DELIVERED, ""
        delivery.next_at, delivery.busy_until, delivery.attempts = None, None, 0
        delivery.failed_at, delivery.reason, delivery.detail = timezone.now(), sentence, ""
        delivery.save()
        audit.record(None, "push.delivery_failed", delivery.push, {"reason": sentence})
    return f"{delivery.push}：{sentence}"


def _look_now(delivery: Delivery) -> str:
    pk = delivery.pk
    Delivery.objects.filter(pk=pk).update(next_at=timezone.now())
    transaction.on_commit(lambda: async_task(ADVANCE, pk, task_name=f"送达微信 {pk}"))
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
