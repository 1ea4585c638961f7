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
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import Delivery, PublishType, Push, SentNoticed, WeChatPost
from ..pushes import services as pushes
from ..pushes.base import DELIVER
from ..pushes.digest import push_digest
from ..pushes.refusals import PushRefused
from ..wechat.delivery.job import titles_of
from ..wechat.errors import WeChatError

DRAFT_GONE = 40007
_AROUND = dt.timedelta(days=7)


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


def candidates(push: Push) -> list[WeChatPost]:
    """The headlines of other messages around the day ``push`` is said to have been sent."""
    day = timezone.localtime(push.sent_at).date()
    return list(
        WeChatPost.objects.filter(
            index=1,
            member=None,
            publish_type=PublishType.SENT,
            published_on__range=(day - _AROUND, day + _AROUND),
        )
        .exclude(msg_data_id="")
        .order_by("published_on", "msg_data_id")
    )


@transaction.atomic
def correct(actor: Any, push: Push, headline: WeChatPost) -> None:
    """Say that the statistics were misread: ``push`` is the message of ``headline``.

    The readings of both messages stay with their posts; only which push they are of changes.

    Raises:
        PushRefused: no permission, the push was not noticed by statistics, or the other message is
            another push's.
    """
    if not actor.has_perm(DELIVER):
        raise PushRefused("您没有登记推送发出的权限。由“发布”人员登记。")
    push = Push.objects.select_for_update().get(pk=push.pk)
    if push.sent_noticed != SentNoticed.STATISTICS:
        raise PushRefused("这次推送不是由次日统计得知发出的，不能在这里改。请刷新页面查看。")
    headline = WeChatPost.objects.get(pk=headline.pk)
    if headline.pk not in {each.pk for each in candidates(push)}:
        raise PushRefused("这条消息已经属于另一次推送，或不在前后几天之内。请刷新页面查看。")
    before = push.msg_data_id
    WeChatPost.objects.filter(member__push=push).update(member=None, article=None)
    push.members.update(wechat_url="")
    push.msg_data_id, push.sent_recorded_by = headline.msg_data_id, actor
    push.sent_at = _sent_at(push, headline.published_on)
    push.sent_noticed = SentNoticed.PASTED
    push.save(update_fields=["msg_data_id", "sent_recorded_by", "sent_at", "sent_noticed"])
    posts = {
        post.index: post for post in WeChatPost.objects.filter(msg_data_id=headline.msg_data_id)
    }
    for member in push.members.order_by("position"):
        if post := posts.get(member.position + 1):
            post.article_id, post.member = member.article_id, member
            post.save(update_fields=["article", "member"])
            member.wechat_url = post.url
            member.save(update_fields=["wechat_url"])
    detail = {"from": before, "to": push.msg_data_id, "sent_at": push.sent_at}
    audit.record(actor, "push.sent_correct", push, detail)


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
        found.append(Waiting(push.pk, on, titles_of(delivery)))
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
