"""登记已发出: a person says that a push was sent in WeChat's back office, and where it is."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import Delivery, DeliveryStage, Push, PushMember, SentNoticed
from . import addresses, services
from .refusals import PushRefused


@transaction.atomic
def register_sent(
    actor: Any, push: Push, sent_at: datetime, texts: Mapping[int, str] | None = None
) -> None:
    """Record that ``push`` was sent at ``sent_at``; ``texts`` are addresses by article id.

    Raises:
        PushRefused: as `articles.pushes.services.record_sent`; or an address is none of a post, of
            another sending or place, or another push's.
    """
    _record(actor, push, sent_at, texts or {})
    # What is left of its way is closed by the worker, who may be looking at it just now.
    waiting = Delivery.objects.filter(push=push).exclude(stage=DeliveryStage.SENT)
    waiting.update(next_at=timezone.now())


@transaction.atomic
def register_addresses(actor: Any, push: Push, texts: Mapping[int, str]) -> None:
    """Keep the addresses of a push that is on record as sent. Raises as `register_sent`."""
    push = Push.objects.select_for_update().get(pk=push.pk)
    if push.sent_at is None:
        raise PushRefused("这次推送还没有登记发出，请先登记发出。")
    _record(actor, push, push.sent_at, texts)
    audit.record(actor, "push.addresses", push)


def _record(actor: Any, push: Push, sent_at: datetime, texts: Mapping[int, str]) -> None:
    articles = list(push.members.order_by("position").values_list("article_id", flat=True))
    found, wrong = addresses.read([texts.get(pk, "") for pk in articles])
    if reason := next(filter(None, wrong), ""):
        raise PushRefused(reason)
    urls = {pk: each.url for pk, each in zip(articles, found, strict=True) if each}
    others = PushMember.objects.exclude(push=push).filter(wechat_url__in=urls.values())
    if other := others.select_related("push").first():
        raise PushRefused(f"地址 {other.wechat_url} 已经登记在推送{other.push}里，请核对。")
    services.record_sent(
        actor,
        push,
        sent_at,
        noticed=SentNoticed.PASTED,
        msg_data_id=next((each.mid for each in found if each and each.mid), ""),
        urls=urls,
    )
