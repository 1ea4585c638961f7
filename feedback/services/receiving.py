"""What senders do: write a message, rate the answer."""

from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from articles.models import ArticlePage
from cms.ops import audit, notices

from .. import deadlines, rules, tracking
from ..models import (
    Category,
    Deed,
    FeedbackSettings,
    Message,
    Place,
    Satisfaction,
    State,
    Step,
)
from . import contacts
from .base import SENDER, FeedbackRefused, address, finished, locked, log, needed, office

TRIES = 20


@dataclass(frozen=True, slots=True)
class Received:
    """``code`` is shown to the sender once; only its digest is kept."""

    message: Message
    code: str


@transaction.atomic
def receive(
    category: str,
    title: str,
    text: str,
    *,
    consents: bool,
    name: str = "",
    contact: str = "",
    place: Place | None = None,
    article: ArticlePage | None = None,
    is_public_wish: bool = False,
    note: str = "",
) -> Received:
    """Take a message in; the office is told. ``note`` is for the office, at the first step.

    Raises:
        FeedbackRefused: closed, no consent, no title or text, too long, or no such category.
    """
    chosen = FeedbackSettings.load()
    if not chosen.is_open:
        raise FeedbackRefused("现在暂停接收新留言，请稍后再来。")
    if not consents:
        raise FeedbackRefused("请先勾选同意，我们才能办理这条留言。")
    if category not in Category.values:
        raise FeedbackRefused("请选择类别。")
    if place is not None and not Place.objects.active().filter(pk=place.pk).exists():
        raise FeedbackRefused("这个地点现在不能选，请重新选择。")
    now = timezone.now()
    message = Message(
        category=category,
        title=needed(title, "请写标题，一句话说清楚是什么事。", 60),
        text=needed(text, "请写内容。"),
        name=_short(name, 30),
        contact=_short(contact, 100),
        place=place,
        article=article,
        received_at=now,
        consent_at=now,
        consent_text=chosen.consent,
        is_public_wish=is_public_wish,
        state=State.RECEIVED,
    )
    deadlines.set_whole(message)
    deadlines.set_step(message, now)
    code = tracking.new_code()
    _number(message, code)
    log(None, Deed.RECEIVE, message, by_name=SENDER, note=note)
    audit.record(None, "feedback.receive", message, {"category": Category(category).label})
    notices.send_to(
        office(),
        "feedback.receive",
        f"收到新留言 {message.number}（{message.get_category_display()}），请受理。",
        address(message),
        by_mail=True,
    )
    contacts.ask_on_commit(message)
    return Received(message, code)


def _number(message: Message, code: str) -> None:
    """Save under the next number of the day; of two at once the second takes the one after."""
    day = f"{timezone.localdate(message.received_at):%Y%m%d}"
    for _ in range(TRIES):
        last = (
            Message.objects.filter(number__startswith=f"{day}-")
            .order_by("-pk")
            .values_list("number", flat=True)
            .first()
        )
        message.number = f"{day}-{int(last.partition('-')[2]) + 1 if last else 1:04d}"
        message.secret_hash = tracking.digest(message.number, code)
        try:
            with transaction.atomic():
                message.save(force_insert=True)
        except IntegrityError:
            continue
        return
    raise FeedbackRefused("现在留言的人太多，请过一会儿再提交。")


def _short(words: str, most: int) -> str:
    words = " ".join(words.replace("\0", "").split())
    if len(words) > most:
        raise FeedbackRefused(f"称呼最多 30 个字，联系方式最多 100 个字：“{words[:10]}…”太长了。")
    return words


@transaction.atomic
def rate(message: Message, satisfaction: str, comment: str = "") -> Message:
    """Write down what the sender thinks of the answer, which closes the message.

    Raises:
        FeedbackRefused: not answered yet, rated already, or no such rating.
    """
    message = locked(message)
    if satisfaction not in Satisfaction.values:
        raise FeedbackRefused("请选择满意、基本满意或不满意。")
    if message.state == State.CLOSED:
        raise FeedbackRefused("这条留言已经办结，不能再评价。")
    if message.state not in rules.PATHS[Deed.RATE][0]:
        raise FeedbackRefused("答复以后才能评价。")
    if len(comment.strip()) > 300:
        raise FeedbackRefused("评价最多 300 个字，请写短一些。")
    message.satisfaction = satisfaction
    message.satisfaction_comment = comment.strip()
    message.closed_at = timezone.now()
    label = Satisfaction(satisfaction).label
    finished(None, Deed.RATE, message, note=label, by_name=SENDER, detail={"rating": label})
    if satisfaction == Satisfaction.UNSATISFIED:
        people: list[Any] = [message.handler] if message.handler else office()
        notices.send_to(
            people,
            "feedback.rate",
            f"留言 {message.number} 的答复被评为不满意，请看看留言人的意见。",
            address(message),
        )
    return message


def timeline(message: Message) -> list[Step]:
    """The steps the sender may see: what was done and when, without the notes of the house."""
    inner = (Deed.ASK_EXTENSION, Deed.DENY_EXTENSION, Deed.ANSWER, Deed.RETURN_ANSWER)
    hidden = (*inner, Deed.PREPARE_PUBLIC, Deed.HAND_OVER, Deed.VERIFY_CONTACT)
    return list(message.steps.exclude(deed__in=hidden).order_by("pk").defer("note"))
