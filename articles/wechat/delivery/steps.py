"""The steps of a delivery, one for each stage. Each can be cut off anywhere and done again."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from media.transcoding import PictureUnusable

from ...models import (
    DeliveryStage,
    Push,
    PushMember,
    SentNoticed,
    UploadPurpose,
    WeChatUpload,
)
from ...pushes import back_office
from ...pushes import services as pushes
from ..backoff import next_delay
from ..errors import ErrorKind, WeChatError, mass_status, why_not_published
from . import plan, rules
from .content import Picture, body_pictures, cover_pictures, wanted
from .job import Job, Stopped
from .preflight import problems

NOT_IN_THE_BOX = 40007
PAGE = 20
# Drafts looked through for one whose making was cut off; it is among the newest.
MOST_PAGES = 25
GONE = (
    "草稿已不在公众号的草稿箱里，可能已经群发。已群发的，请在下面登记已发出；没有登记的，"
    "次日统计出来后会自动核对。确实没有群发的，可以重新送一份。"
)
UNKNOWN_SENDING = "一天之内没有查到群发结果，请到公众号后台查看。"


def check(job: Job) -> None:
    """预检: all that speaks against it, at once."""
    found = problems(job.push, job.loaded, job.run.files, job.client)
    if found:
        first = found[0] if len(found) == 1 else f"预检发现{len(found)}个问题，请逐一处理后重试。"
        raise Stopped(first, found)
    job.finish(stage=DeliveryStage.PICTURES, next_at=timezone.now(), done=0, total=0)


def send_pictures(job: Job) -> None:
    """传图片: those of the texts."""
    if _send_all(job, body_pictures(job.loaded)):
        job.finish(stage=DeliveryStage.COVERS, next_at=timezone.now())


def send_covers(job: Job) -> None:
    """传封面, into the library."""
    if _send_all(job, cover_pictures(job.loaded)):
        job.finish(stage=DeliveryStage.DRAFT, next_at=timezone.now())


def _send_all(job: Job, pictures: list[Picture]) -> bool:
    """Whether WeChat has all; False when the time of this run was over before."""
    for done, picture in enumerate(pictures):
        job.note(done=done, total=len(pictures))
        if job.run.is_over:
            job.finish(next_at=timezone.now())
            return False
        job.about = f"{picture.name}没有传上去："
        try:
            job.run.files.upload(job.client, picture.image, picture.use)
        except PictureUnusable as error:
            raise Stopped(str(error)) from error
        job.about = ""
    job.note(done=len(pictures), total=len(pictures))
    return True


def _was_not_done(error: WeChatError) -> bool:
    """Whether the deed surely was not done. WeChat may have been at it when it said it was busy."""
    return error.outcome_known and error.kind is not ErrorKind.BUSY


# --- the draft ------------------------------------------------------------------------------------


def write_draft(job: Job) -> None:
    """写草稿: make the draft, or make it what it is to be, and see that it is."""
    if reasons := pushes.why_not_deliver(job.push):
        raise Stopped("".join(reasons))
    try:
        targets = wanted(job.push.pk, job.loaded, job.run.files)
    except LookupError:
        # What WeChat had of a picture is known no longer: send it again.
        job.finish(stage=DeliveryStage.PICTURES, next_at=timezone.now())
        return
    except PictureUnusable as error:
        raise Stopped(str(error)) from error
    if job.delivery.media_id:
        _reconcile(job, targets)
    else:
        _make(job, targets)


def _make(job: Job, targets: list[plan.Wanted]) -> None:
    if job.delivery.attempted_at and (found := _in_the_box(job, targets)):
        media_id, entries = found
        job.finish(
            media_id=media_id,
            stored=[entry.as_json() for entry in entries],
            attempted_at=None,
            next_at=timezone.now(),
        )
        return
    job.note(attempted_at=timezone.now())
    try:
        media_id = job.client.draft_add([target.fields for target in targets])
    except WeChatError as error:
        if _was_not_done(error):
            job.note(attempted_at=None)
        if error.code == NOT_IN_THE_BOX:
            _forget_library(job, targets)
        raise
    job.finish(
        media_id=media_id,
        stored=[entry.as_json() for entry in plan.first_entries(targets)],
        attempted_at=None,
        next_at=timezone.now(),
    )


def _in_the_box(job: Job, targets: list[plan.Wanted]) -> tuple[str, list[plan.Entry]] | None:
    """The draft that a call made whose reply is lost, and what is known of it."""
    for page in range(MOST_PAGES):
        found = job.client.draft_list(page * PAGE, PAGE)
        for item in found.items:
            if plan.is_ours(item.articles, targets):
                return item.media_id, plan.first_entries(targets)
            if plan.is_of_push(item.articles, job.push.pk):
                # Made of an earlier text of this push: taken as it is, and then made anew.
                there = job.client.draft_get(item.media_id)
                return item.media_id, [plan.Entry(article=article) for article in there]
        if (page + 1) * PAGE >= found.total:
            break
    return None


def _forget_library(job: Job, targets: list[plan.Wanted]) -> None:
    """A picture we used is no longer in the library: next time all of them are sent again."""
    names = set()
    for target in targets:
        names.add(target.fields.get("thumb_media_id"))
        listed = target.fields.get("image_info", {}).get("image_list", [])
        names |= {image["image_media_id"] for image in listed}
    WeChatUpload.objects.filter(
        purpose=UploadPurpose.MATERIAL, media_id__in=names - {None}
    ).delete()


def _reconcile(job: Job, targets: list[plan.Wanted]) -> None:
    delivery = job.delivery
    try:
        got = job.client.draft_get(delivery.media_id)
    except WeChatError as error:
        if error.code != NOT_IN_THE_BOX:
            raise
        if delivery.attempted_at:
            # We were throwing the old one away when the reply got lost.
            job.finish(media_id="", stored=[], attempted_at=None, next_at=timezone.now())
        else:
            _note_gone(job)
        return
    if delivery.attempted_at:
        job.note(attempted_at=None)
    decision = plan.decide(job.entries, got, targets)
    stored = [entry.as_json() for entry in decision.entries]
    match decision.deed:
        case plan.Deed.ASK:
            job.finish(
                "push.draft_changed",
                {"changes": list(decision.sentences)},
                stored=stored,
                drift=list(decision.sentences),
                next_at=None,
            )
        case plan.Deed.SPOILT:
            job.note(stored=stored)
            raise Stopped(
                "微信存下的和送去的不一样，可能过滤了内容。请核对后重试。", decision.sentences
            )
        case plan.Deed.RENEW:
            _throw_away(job)
        case plan.Deed.UPDATE:
            _update(job, list(decision.entries), decision.places, targets)
        case plan.Deed.NOTHING:
            now = timezone.now()
            job.finish(
                "push.delivered",
                stage=DeliveryStage.DELIVERED,
                stored=stored,
                drift=plan.changes_by_hand(decision.entries, got),
                delivered_at=now,
                attempted_at=None,
                next_at=rules.next_look(now, now),
            )


def _throw_away(job: Job) -> None:
    """The old draft goes first: nobody can send it by mistake, and there are never two."""
    job.note(attempted_at=timezone.now())
    try:
        job.client.draft_delete(job.delivery.media_id)
    except WeChatError as error:
        if _was_not_done(error):
            job.note(attempted_at=None)
        raise
    back_office.reopen(job.push)
    job.finish(media_id="", stored=[], attempted_at=None, next_at=timezone.now())


def _update(
    job: Job, entries: list[plan.Entry], places: tuple[int, ...], targets: list[plan.Wanted]
) -> None:
    for place in places:
        target = targets[place]
        entries = plan.pending(entries, place, target)
        job.note(stored=[entry.as_json() for entry in entries])
        try:
            job.client.draft_update(job.delivery.media_id, place, target.fields)
        except WeChatError as error:
            if error.code == NOT_IN_THE_BOX:
                # The draft was there a moment ago; a picture of the library may be what is not.
                _forget_library(job, [target])
            raise
        entries = plan.written(entries, place, target)
        job.note(stored=[entry.as_json() for entry in entries])
        back_office.reopen(job.push, target.article_id)
    job.finish(next_at=timezone.now())


def _note_gone(job: Job) -> None:
    job.finish(stage=DeliveryStage.DELIVERED, reason=GONE, next_at=None)


def look_after(job: Job) -> None:
    """草稿已送达: whether it is still in the box, and what was changed there by hand."""
    delivery = job.delivery
    if job.push.dissolved_at:
        job.finish(next_at=None)
        return
    try:
        got = job.client.draft_get(delivery.media_id)
    except WeChatError as error:
        if error.code != NOT_IN_THE_BOX:
            raise
        _note_gone(job)
        return
    now = timezone.now()
    job.finish(
        drift=plan.changes_by_hand(job.entries, got),
        next_at=rules.next_look(delivery.delivered_at or now, now),
    )


# --- 群发 -----------------------------------------------------------------------------------------


def send(job: Job) -> None:
    """群发中: send under a name that WeChat takes once, then ask what became of it."""
    if job.delivery.msg_id:
        _ask_after_sending(job)
    else:
        _send(job)


def _send(job: Job) -> None:
    delivery = job.delivery
    if not delivery.attempted_at and not _is_as_seen(job):
        return
    # From here on followers may have it. Asking again under the same name sends nothing twice, so
    # that the mark stays until WeChat has said what it did.
    is_first = delivery.attempted_at is None
    job.note(attempted_at=delivery.attempted_at or timezone.now())
    try:
        answer = job.client.mass_send(delivery.media_id, delivery.clientmsgid)
    except WeChatError as error:
        if is_first and error.kind in (ErrorKind.REFUSED, ErrorKind.QUOTA):
            # Surely not sent, and it must not go out by itself tomorrow: a person presses again.
            job.fail(error.sentence, stage=DeliveryStage.DELIVERED, attempted_at=None)
            return
        raise
    if answer.msg_data_id:
        Push.objects.filter(pk=job.push.pk).update(msg_data_id=answer.msg_data_id)
    job.finish(msg_id=answer.msg_id, attempted_at=None, next_at=timezone.now())


def _is_as_seen(job: Job) -> bool:
    """Whether the draft is what the person saw who pressed the button; else it is left alone."""
    reasons = pushes.why_not_deliver(job.push)
    if reasons:
        job.fail("已停下：" + "".join(reasons), stage=DeliveryStage.DELIVERED)
        return False
    try:
        got = job.client.draft_get(job.delivery.media_id)
    except WeChatError as error:
        if error.code != NOT_IN_THE_BOX:
            raise
        _note_gone(job)
        return False
    now = plan.changes_by_hand(job.entries, got)
    if now == job.delivery.drift:
        return True
    job.fail(
        "已停下：草稿刚刚在公众号后台改动过。请看过改动，再决定是否继续。",
        stage=DeliveryStage.DELIVERED,
        drift=now,
    )
    return False


def _ask_after_sending(job: Job) -> None:
    delivery = job.delivery
    said = mass_status(job.client.mass_get(delivery.msg_id))
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
        _look_later(job, UNKNOWN_SENDING)


def _look_later(job: Job, given_up: str) -> None:
    looks = job.delivery.attempts + 1
    pause = next_delay(looks)
    if pause is None:
        raise Stopped(given_up)
    stage = job.delivery.stage
    if stage == DeliveryStage.SENDING and looks >= rules.LOOKS_BEFORE_CONFIRMING:
        stage = DeliveryStage.CONFIRMING
    job.finish(attempts=looks, stage=stage, next_at=timezone.now() + pause)


# --- permanent links ------------------------------------------------------------------------------


def publish(job: Job) -> None:
    """生成永久链接: submit the draft once, then ask for the addresses."""
    if job.delivery.publish_id:
        _ask_after_publication(job)
        return
    if job.delivery.attempted_at and not _is_in_the_box(job):
        # It was taken on; under which number was in the reply that is lost.
        _find_publication(job)
        return
    if not job.delivery.attempted_at and not _is_as_seen(job):
        return
    job.note(attempted_at=timezone.now())
    try:
        publish_id = job.client.publish_submit(job.delivery.media_id)
    except WeChatError as error:
        if error.kind is ErrorKind.REFUSED:
            job.fail(error.sentence, stage=DeliveryStage.DELIVERED, attempted_at=None)
            return
        if _was_not_done(error):
            job.note(attempted_at=None)
        raise
    job.finish(publish_id=publish_id, attempted_at=None, next_at=timezone.now())


def _is_in_the_box(job: Job) -> bool:
    try:
        job.client.draft_get(job.delivery.media_id)
    except WeChatError as error:
        if error.code != NOT_IN_THE_BOX:
            raise
        return False
    return True


def _find_publication(job: Job) -> None:
    for item in job.client.publish_list(0, PAGE).items:
        if plan.is_of_push(item.articles, job.push.pk):
            _keep_links(job, {i: a.get("url", "") for i, a in enumerate(item.articles)})
            return
    _look_later(job, "没有查到永久链接的结果，请到公众号后台查看。")


def _ask_after_publication(job: Job) -> None:
    answer = job.client.publish_get(job.delivery.publish_id)
    status = answer["publish_status"]
    if why := why_not_published(status):
        job.fail(why, stage=DeliveryStage.DELIVERED, publish_id="")
    elif status == 0:
        _keep_links(job, _links(answer))
    else:
        _look_later(job, "一天之内没有生成永久链接，请到公众号后台查看。")


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


def _nothing(job: Job) -> None:
    job.finish(next_at=None)


STEPS: dict[DeliveryStage, Callable[[Job], None]] = {
    DeliveryStage.PREFLIGHT: check,
    DeliveryStage.PICTURES: send_pictures,
    DeliveryStage.COVERS: send_covers,
    DeliveryStage.DRAFT: write_draft,
    DeliveryStage.DELIVERED: look_after,
    DeliveryStage.SENDING: send,
    DeliveryStage.CONFIRMING: send,
    DeliveryStage.PUBLISHING: publish,
    DeliveryStage.LINKED: _nothing,
    DeliveryStage.SENT: _nothing,
}
