"""The steps of a delivery, one for each stage. Each can be cut off anywhere and done again."""

from collections.abc import Callable

from django.utils import timezone

from media.transcoding import PictureUnusable

from ...models import DeliveryStage, UploadPurpose, WeChatUpload
from ...pushes import back_office
from ...pushes import services as pushes
from ..errors import WeChatError
from . import box, plan, rules, sending
from .content import Picture, body_pictures, cover_pictures, wanted
from .job import Job, Stopped
from .preflight import problems

# Pages of drafts looked through for one whose making was cut off; it is among the newest.
MOST_PAGES = 25
MISSING = (
    "微信说素材库里少了要用的封面或图片，可能有人在公众号后台删了。点“重试”会重新上传，再写草稿。"
)


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
        job.finish(stage=DeliveryStage.COVERS, next_at=timezone.now(), done=0, total=0)


def send_covers(job: Job) -> None:
    """传封面, into the library."""
    if _send_all(job, cover_pictures(job.loaded)):
        job.finish(stage=DeliveryStage.DRAFT, next_at=timezone.now())


def _send_all(job: Job, pictures: list[Picture]) -> bool:
    """Whether WeChat has all; False when the time of this run was over before."""
    if job.delivery.total != len(pictures):
        job.note(done=0, total=len(pictures))
    for number, picture in enumerate(pictures, start=1):
        if job.run.is_over:
            job.finish(next_at=timezone.now())
            return False
        job.about = f"{picture.name}没有传上去："
        try:
            job.run.files.upload(job.client, picture.image, picture.use)
        except PictureUnusable as error:
            raise Stopped(str(error)) from error
        job.about = ""
        if number > job.delivery.done:
            # Further than any try before: what failed until here is over.
            job.note(done=number, attempts=0, reason="", detail="")
    return True


# --- the draft ------------------------------------------------------------------------------------


def write_draft(job: Job) -> None:
    """写草稿: make the draft, or make it what it is to be, and see that it is."""
    if reasons := pushes.why_not_deliver(job.push):
        raise Stopped("".join(reasons))
    try:
        targets = wanted(job.push.pk, job.loaded, job.run.files)
    except LookupError:
        # What WeChat had of a picture is known no longer: send it again.
        job.finish(stage=DeliveryStage.PICTURES, next_at=timezone.now(), done=0, total=0)
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
    back_office.reopen(job.push)  # what people did by hand was in another draft
    job.note(attempted_at=timezone.now())
    try:
        media_id = job.client.draft_add([target.fields for target in targets])
    except WeChatError as error:
        if box.was_not_done(error):
            job.note(attempted_at=None)
        _check_library(error, targets)
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
        found = job.client.draft_list(page * box.PAGE, box.PAGE)
        for item in found.items:
            if plan.is_ours(item.articles, targets):
                return item.media_id, plan.first_entries(targets)
            if plan.is_of_push(item.articles, job.push.pk):
                # Made of an earlier text of this push: taken as it is, and then made anew.
                there = job.client.draft_get(item.media_id)
                return item.media_id, [plan.Entry(article=article) for article in there]
        if (page + 1) * box.PAGE >= found.total:
            break
    return None


def _check_library(error: WeChatError, targets: list[plan.Wanted]) -> None:
    """Raise `Stopped` when WeChat no longer has a picture of ``targets``; all are sent again then.

    Not by itself: were it something else that WeChat means, it would never end.
    """
    if error.code != box.NOT_IN_THE_BOX:
        return
    names = set()
    for target in targets:
        names.add(target.fields.get("thumb_media_id"))
        listed = target.fields.get("image_info", {}).get("image_list", [])
        names |= {image["image_media_id"] for image in listed}
    WeChatUpload.objects.filter(
        purpose=UploadPurpose.MATERIAL, media_id__in=names - {None}
    ).delete()
    raise Stopped(MISSING, [f"{error.code}: {error.errmsg}"]) from error


def _reconcile(job: Job, targets: list[plan.Wanted]) -> None:
    got = box.look(job)
    if got is None:
        if job.delivery.attempted_at:
            # We were throwing the old one away when the reply got lost.
            job.finish(media_id="", stored=[], attempted_at=None, next_at=timezone.now())
        else:
            box.note_gone(job)
        return
    if job.delivery.attempted_at:
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
        if box.was_not_done(error):
            job.note(attempted_at=None)
        raise
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
            # The draft was there a moment ago; a picture of the library may be what is not.
            _check_library(error, [target])
            raise
        back_office.reopen(job.push, target.article_id)
        entries = plan.written(entries, place, target)
        job.note(stored=[entry.as_json() for entry in entries])
    job.finish(next_at=timezone.now())


def look_after(job: Job) -> None:
    """草稿已送达: whether it is still in the box, and what was changed there by hand."""
    got, now = box.look(job), timezone.now()
    if got is None:
        box.note_gone(job)
        return
    job.finish(
        drift=plan.changes_by_hand(job.entries, got),
        next_at=rules.next_look(job.delivery.delivered_at or now, now),
    )


def _nothing(job: Job) -> None:
    job.finish(next_at=None)


STEPS: dict[DeliveryStage, Callable[[Job], None]] = {
    DeliveryStage.PREFLIGHT: check,
    DeliveryStage.PICTURES: send_pictures,
    DeliveryStage.COVERS: send_covers,
    DeliveryStage.DRAFT: write_draft,
    DeliveryStage.DELIVERED: look_after,
    DeliveryStage.SENDING: sending.send,
    DeliveryStage.CONFIRMING: sending.send,
    DeliveryStage.PUBLISHING: sending.publish,
    DeliveryStage.LINKED: _nothing,
    DeliveryStage.SENT: _nothing,
}
