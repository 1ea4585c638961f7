"""A push goes out: onto the mirror at once or again, and, as we hear, to WeChat's followers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.mirror import days as mirror_days
from cms.ops import audit

from ..models import Push, SentNoticed
from . import days, going_live, members, rules
from .base import COMMIT, DELIVER, check_open, demand, lock_days
from .refusals import PushRefused


@transaction.atomic
def publish_now(actor: Any, push: Push) -> None:
    """Put the approved push on the mirror at once, all of it or nothing.

    Raises:
        PushRefused: no permission, not approved as it is now, or today's turns are taken.
    """
    demand(actor, COMMIT)
    lock_days()
    push = going_live.lock_with_articles(push)
    check_open(push)
    now = timezone.now()
    today = timezone.localtime(now)
    calendar, others = days.calendar(today.date()), days.holdings(today.date(), but=push.pk)
    refusal = mirror_days.why_not_publish(today.date())
    if refusal := refusal or rules.why_not_send_at(today, calendar, others):
        raise PushRefused(refusal)
    push.go_live_at = now
    push.save(update_fields=["go_live_at"])
    going_live.publish(push, actor, "push.publish")


@transaction.atomic
def retry(actor: Any, push: Push) -> None:
    """Try a failed publication again, now.

    Raises:
        PushRefused: no permission, it has not failed (any more), or it may not go out as it is.
    """
    demand(actor, COMMIT)
    push = going_live.lock_with_articles(push)
    if push.publish_failed_at is None or push.published_at or push.dissolved_at:
        raise PushRefused("没有需要重试的发布，可能已经有人处理。请刷新页面查看。")
    if refusal := mirror_days.why_not_publish(timezone.localdate()):
        raise PushRefused(refusal)
    going_live.publish(push, actor, "push.publish_retry")


@transaction.atomic
def record_sent(
    actor: Any,
    push: Push,
    sent_at: datetime,
    *,
    noticed: str,
    msg_data_id: str = "",
    urls: Mapping[int, str] | None = None,
) -> None:
    """Record that followers have the push (``noticed``: how we know, of `SentNoticed`).

    ``urls`` are WeChat's addresses by article id; ``actor`` None is the system. Told again, it
    fills in what was not known yet and changes nothing else. What is not on the mirror and waits
    for no minute of its own goes there now; if it may not, that shows as a failure.

    Raises:
        PushRefused: no permission, the push was dissolved, the time is to come, or an address
            belongs to no article of it.
    """
    if actor is not None:
        demand(actor, DELIVER)
    push = going_live.lock_with_articles(push)
    if push.dissolved_at:
        raise PushRefused("这次推送已经解散，不能登记发出。")
    if sent_at > timezone.now():
        raise PushRefused("发出时间还没有到，请填写实际发出的时间。")
    rows = {row.article_id: row for row in push.members.all()}
    if stray := set(urls or {}) - rows.keys():
        raise PushRefused(f"有{len(stray)}个地址不属于这次推送的文章，请核对。")
    for pk, url in (urls or {}).items():
        if url and not rows[pk].wechat_url:
            rows[pk].wechat_url = url
            rows[pk].save(update_fields=["wechat_url"])
    push.msg_data_id = push.msg_data_id or msg_data_id
    is_news = push.sent_at is None
    if is_news:
        push.sent_at, push.sent_noticed, push.sent_recorded_by = sent_at, noticed, actor
    push.save(update_fields=["msg_data_id", "sent_at", "sent_noticed", "sent_recorded_by"])
    if not is_news:
        return
    said = SentNoticed(noticed).label
    audit.record(actor, "push.sent", push, {"sent_at": sent_at, "noticed": said})
    if going_live.overdue(timezone.now()).filter(pk=push.pk).exists():
        try:
            with transaction.atomic():
                going_live.publish(push, actor, "push.publish")
        except PermissionDenied as refusal:
            # It is out in WeChat all the same: that is on record, and this is to be mended.
            going_live.mark_failed(push.pk, refusal, timezone.now())


def why_not_deliver(push: Push, loaded: Iterable[members.Loaded] | None = None) -> list[str]:
    """What speaks against sending ``push`` to WeChat as it is now; empty when nothing does.

    ``loaded`` are its articles where they were read just now.
    """
    if push.dissolved_at:
        return ["这次推送已经解散。"]
    if push.sent_at:
        return ["这次推送已经发出。"]
    return going_live.why_not_go(push, loaded)
