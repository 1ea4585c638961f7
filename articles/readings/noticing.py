"""Noticing, from the statistics of a day, that a delivered push was sent in the back office.

The statistics name no draft. What was sent is told by everything at once: the draft is no longer in
the draft box, it was delivered by that day, the message of that day has as many items, and all
titles are those that were delivered, in their order. That only marks the push as sent; a person
sees how it was noticed and can put it right. Readings are not joined this way: from then on the
push carries the message id, and readings go by that id and the place alone.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ..models import Delivery, PublishType, Push, SentNoticed, WeChatPost
from ..pushes import services as pushes
from ..pushes.digest import push_digest
from ..wechat.errors import WeChatError

DRAFT_GONE = 40007


@dataclass(frozen=True, slots=True)
class Message:
    """One sending as the statistics of ``day`` tell it; ``titles`` and ``urls`` by place."""

    msg_data_id: str
    day: dt.date
    titles: tuple[str, ...]
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivered push whose sending nobody has noticed."""

    push: int
    delivered_on: dt.date
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitting:
    """``message`` and the pushes it may be; more than one is for a person to decide."""

    message: Message
    pushes: tuple[int, ...]


def fitting(messages: Iterable[Message], waiting: Sequence[Waiting]) -> list[Fitting]:
    """The messages that may be one of ``waiting``, each with all it may be. Pure.

    A push that two messages of the same titles may be is left to a person with both.
    """
    found = [
        Fitting(
            message,
            tuple(
                push.push
                for push in waiting
                if push.titles == message.titles and push.delivered_on <= message.day
            ),
        )
        for message in messages
        if message.titles and all(message.titles)
    ]
    return [each for each in found if each.pushes]


def certain(found: Sequence[Fitting]) -> list[tuple[Message, int]]:
    """Those of ``found`` where one message is one push and no other. Pure."""
    claims = defaultdict(int)
    for each in found:
        for push in each.pushes:
            claims[push] += 1
    return [
        (each.message, each.pushes[0])
        for each in found
        if len(each.pushes) == 1 and claims[each.pushes[0]] == 1
    ]


def notice(day: dt.date, draft_is_there: Callable[[str], bool]) -> list[Push]:
    """Mark as sent what the statistics of ``day`` show to be out; answers those pushes.

    ``draft_is_there`` asks WeChat for a draft by its media id; it may raise `WeChatError`.
    """
    found = open_questions(day)
    sent = []
    for message, pk in certain(found):
        media_id = Delivery.objects.values_list("media_id", flat=True).get(push=pk)
        if draft_is_there(media_id):
            continue
        if push := _record(pk, message):
            sent.append(push)
    return sent


def open_questions(day: dt.date) -> list[Fitting]:
    """Messages of ``day`` that no push of ours is known to be, with the pushes they may be."""
    messages = _messages(day)
    return fitting(messages, _waiting(day)) if messages else []


def draft_is_there(client: object) -> Callable[[str], bool]:
    """A question for `notice`, asked of WeChat."""

    def ask(media_id: str) -> bool:
        try:
            client.draft_get(media_id)
        except WeChatError as error:
            if error.code == DRAFT_GONE:
                return False
            raise
        return True

    return ask


def _messages(day: dt.date) -> list[Message]:
    rows: dict[str, list[WeChatPost]] = defaultdict(list)
    posts = WeChatPost.objects.filter(
        published_on=day, member=None, publish_type=PublishType.SENT
    ).exclude(msg_data_id="")
    for post in posts.order_by("msg_data_id", "index"):
        rows[post.msg_data_id].append(post)
    return [
        Message(mid, day, tuple(p.title for p in found), tuple(p.url for p in found))
        for mid, found in rows.items()
        # An item that is not reported (fewer than three readers) leaves a hole: not all is known.
        if [post.index for post in found] == list(range(1, len(found) + 1))
    ]


def _waiting(day: dt.date) -> list[Waiting]:
    out = Delivery.objects.filter(
        push__dissolved_at=None, push__msg_data_id="", delivered_at__isnull=False
    )
    found = []
    for delivery in out.select_related("push"):
        push, on = delivery.push, timezone.localtime(delivery.delivered_at).date()
        if push.sent_at and timezone.localtime(push.sent_at).date() != day:
            continue
        titles = tuple(str(item.get("title", "")) for item in delivery.stored)
        found.append(Waiting(push.pk, on, titles))
    return found


@transaction.atomic
def _record(pk: int, message: Message) -> Push | None:
    """Mark the push as sent with its message id; None when it is not any more what was delivered,
    or somebody was quicker."""
    push = Push.objects.select_for_update().get(pk=pk)
    if push.msg_data_id or push.dissolved_at or push.delivery.push_digest != push_digest(push):
        return None
    members = list(push.members.values_list("article_id", "pk"))
    urls = {article: url for (article, _), url in zip(members, message.urls, strict=True) if url}
    pushes.record_sent(
        None,
        push,
        push.sent_at or _sent_at(push, message.day),
        noticed=SentNoticed.STATISTICS,
        msg_data_id=message.msg_data_id,
        urls=urls,
    )
    for index, (article, member) in enumerate(members, start=1):
        WeChatPost.objects.filter(msg_data_id=message.msg_data_id, index=index).update(
            article=article, member=member
        )
    return push


def _sent_at(push: Push, day: dt.date) -> dt.datetime:
    """The minute is not told. The committed one, if it is of that day, else the earliest it can be:
    when the draft was delivered, or the day began."""
    began = timezone.make_aware(dt.datetime.combine(day, dt.time.min))
    earliest = max(began, push.delivery.delivered_at)
    at = push.go_live_at
    if at is not None and at >= earliest and timezone.localtime(at).date() == day:
        return at
    return earliest
