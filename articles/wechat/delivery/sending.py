"""How a draft goes to readers: 群发 to all followers, or a permanent link that tells nobody.

Each can be cut off anywhere and done again.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from ...models import DeliveryStage, Push, PushMember, SentNoticed
from ...pushes import services as pushes
from ..backoff import next_delay
from ..errors import ErrorKind, WeChatError, mass_status, why_not_published
from . import box, plan, rules
from .job import Job, Stopped

NO_RESULT = "一天之内没有查到结果，已经停止查询，请到公众号后台查看。"
CHANGED = "已停下：草稿刚刚在公众号后台改动过。请看过改动，再决定是否继续。"
CHANGED_AND_UNKNOWN = (
    "已停下：刚才的群发没有得到微信的回答，现在草稿又有了改动。请到公众号后台查看："
    "已经发出的，请登记；没有发出的，请在后台群发后登记，或删除草稿后重试。"
)


def send(job: Job) -> None:
    """群发中: send under a name that WeChat takes once, then ask what became of it."""
    if job.delivery.msg_id:
        _ask_after_sending(job)
    elif job.delivery.attempted_at:
        _send_again(job)
    elif _is_as_seen(job):
        _send_first(job)


def _send_first(job: Job) -> None:
    # From here on followers may have it. Asking again under the same name sends nothing twice, so
    # that the mark stays until WeChat has said what it did.
    job.note(attempted_at=timezone.now())
    try:
        _send(job)
    except WeChatError as error:
        if error.kind in (ErrorKind.REFUSED, ErrorKind.QUOTA):
            job.note(attempted_at=None)  # surely not sent
        raise


def _send_again(job: Job) -> None:
    """Whether the first call was heard is not known; a draft that left the box says that it was."""
    got = box.look(job)
    if got is not None and (_why_not(job) or plan.changes_by_hand(job.entries, got) != _seen(job)):
        raise Stopped(CHANGED_AND_UNKNOWN)
    try:
        _send(job)
    except WeChatError as error:
        if error.code != box.NOT_IN_THE_BOX:
            raise
        box.note_gone(job)


def _send(job: Job) -> None:
    answer = job.client.mass_send(job.delivery.media_id, job.delivery.clientmsgid)
    if answer.msg_data_id:
        Push.objects.filter(pk=job.push.pk).update(msg_data_id=answer.msg_data_id)
    job.finish(msg_id=answer.msg_id, attempted_at=None, next_at=timezone.now())


def _why_not(job: Job) -> str:
    return "".join(pushes.why_not_deliver(job.push))


def _seen(job: Job) -> list[str]:
    """What was changed by hand, as the person saw it who pressed the button."""
    return job.delivery.drift


def _is_as_seen(job: Job) -> bool:
    """Whether the draft is what the person saw who pressed the button; else it is left alone."""
    if reasons := _why_not(job):
        job.fail(f"已停下：{reasons}", stage=DeliveryStage.DELIVERED)
        return False
    got = box.look(job)
    if got is None:
        box.note_gone(job)
        return False
    now = plan.changes_by_hand(job.entries, got)
    if now == _seen(job):
        return True
    job.fail(CHANGED, stage=DeliveryStage.DELIVERED, drift=now)
    return False


def _ask_after_sending(job: Job) -> None:
    delivery = job.delivery
    try:
        said = mass_status(job.client.mass_get(delivery.msg_id))
    except WeChatError as error:
        if error.kind is not ErrorKind.REFUSED:
            raise
        # It will never be known here. Whether the draft is still in the box says more.
        job.fail(error.sentence, stage=DeliveryStage.DELIVERED, msg_id="")
        return
    if said.sent:
        msg_data_id = Push.objects.values_list("msg_data_id", flat=True).get(pk=job.push.pk)
        pushes.record_sent(
            None,
            job.push,
            timezone.now(),
            noticed=SentNoticed.MASS_SEND,
            msg_data_id=msg_data_id,
        )
        job.finish(stage=DeliveryStage.SENT, next_at=None, drift=[])
    elif said.failed:
        # For good, under this name: the next 群发 gets another one (`rules.client_message_id`).
        job.fail(said.sentence, stage=DeliveryStage.DELIVERED, msg_id="")
    else:
        _look_later(job, msg_id="")


def _look_later(job: Job, **forgotten: str) -> None:
    """Ask again after a pause; after a day ``forgotten`` is written and a person has to look."""
    looks = job.delivery.attempts + 1
    pause = next_delay(looks)
    if pause is None:
        job.fail(NO_RESULT, stage=DeliveryStage.DELIVERED, attempted_at=None, **forgotten)
        return
    stage = job.delivery.stage
    if stage == DeliveryStage.SENDING and looks >= rules.LOOKS_BEFORE_CONFIRMING:
        stage = DeliveryStage.CONFIRMING
    job.finish(attempts=looks, stage=stage, next_at=timezone.now() + pause)


def publish(job: Job) -> None:
    """生成永久链接: submit the draft once, then ask for the addresses."""
    if job.delivery.publish_id:
        _ask_after_publication(job)
    elif not job.delivery.attempted_at:
        if _is_as_seen(job):
            _submit(job)
    elif box.look(job) is None:
        # It was taken on; under which number was in the reply that is lost.
        _find_publication(job)
    else:
        _submit(job)


def _submit(job: Job) -> None:
    job.note(attempted_at=timezone.now())
    try:
        publish_id = job.client.publish_submit(job.delivery.media_id)
    except WeChatError as error:
        if box.was_not_done(error):
            job.note(attempted_at=None)
        raise
    job.finish(publish_id=publish_id, attempted_at=None, next_at=timezone.now())


def _find_publication(job: Job) -> None:
    for item in job.client.publish_list(0, box.PAGE).items:
        if plan.is_of_push(item.articles, job.push.pk):
            _keep_links(job, {i: a.get("url", "") for i, a in enumerate(item.articles)})
            return
    _look_later(job)


def _ask_after_publication(job: Job) -> None:
    try:
        answer = job.client.publish_get(job.delivery.publish_id)
    except WeChatError as error:
        if error.kind is not ErrorKind.REFUSED:
            raise
        job.fail(error.sentence, stage=DeliveryStage.DELIVERED, publish_id="")
        return
    status = answer["publish_status"]
    if why := why_not_published(status):
        job.fail(why, stage=DeliveryStage.DELIVERED, publish_id="")
    elif status == 0:
        _keep_links(job, _links(answer))
    else:
        _look_later(job, publish_id="")


def _links(answer: Mapping[str, Any]) -> dict[int, str]:
    """Addresses by place from 0; WeChat counts from 1 here (WeChat: freepublish/get)."""
    items = (answer.get("article_detail") or {}).get("item") or []
    return {int(item["idx"]) - 1: str(item.get("article_url", "")) for item in items}


def _keep_links(job: Job, links: Mapping[int, str]) -> None:
    for place, address in links.items():
        PushMember.objects.filter(push=job.push, position=place, wechat_url="").update(
            wechat_url=address
        )
    job.finish(stage=DeliveryStage.LINKED, attempted_at=None, next_at=None)
