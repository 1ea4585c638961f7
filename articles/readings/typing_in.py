"""What a person tells of a post: a value read off a screen, and where a post is."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import ArticlePage, Metric, Reading, ReadingSource, WeChatPost, Window
from . import joining, recording
from .addresses import parse_wechat_url
from .import_plan import IMPORT
from .sheet import read_value
from .words import printed


class TypedRefused(PermissionDenied):
    """It is not taken; the message is a Chinese sentence."""


@transaction.atomic
def type_in(
    actor: Any, post: WeChatPost, metric: Metric, text: str, day: dt.date, where: str
) -> Reading:
    """Keep the value ``text`` of ``metric`` as it stood on ``day``, seen at ``where``.

    Typed again for the same day it takes the place of the first one.

    Raises:
        TypedRefused: no permission, not a number, a day that cannot be, or no place.
    """
    _demand(actor)
    post = WeChatPost.objects.select_for_update().get(pk=post.pk)
    value = read_value(metric, text.strip())
    if isinstance(value, str):
        raise TypedRefused(value)
    if day > timezone.localdate():
        raise TypedRefused("日期还没有到，请填看到这个数的那一天。")
    if day < post.published_on:
        raise TypedRefused(f"日期早于发表日期 {post.published_on}，请核对。")
    if not where.strip():
        raise TypedRefused("请写明在哪里看到的，例如：手机上的文章页。")
    kept = {"post": post, "metric": metric, "source": ReadingSource.TYPED, "stat_date": day}
    before = Reading.objects.filter(**kept, window=Window.TO_DATE).first()
    reading = Reading(
        **kept,
        window=Window.TO_DATE,
        value=value.value,
        bound=value.bound,
        capped=value.capped,
        raw=value.raw,
        note=where.strip()[:100],
        taken_at=timezone.now(),
    )
    recording.write([reading])
    detail = {"metric": metric.label, "to": printed(reading), "date": day, "where": reading.note}
    if before is not None:
        detail["from"] = printed(before)
    audit.record(actor, "reading.type_in", post, detail)
    return reading


@transaction.atomic
def register(actor: Any, article: ArticlePage, url: str, published_on: dt.date) -> WeChatPost:
    """Say where ``article`` stands in WeChat, so that readings find it.

    A post that is known already is joined to the article; one joined to another is refused.

    Raises:
        TypedRefused: no permission, no address of a post, another article's, or an impossible day.
    """
    _demand(actor)
    address = parse_wechat_url(url)
    if address is None:
        raise TypedRefused(
            "这不是微信文章的地址，请从微信里复制，例如 https://mp.weixin.qq.com/s/…。"
        )
    if published_on > timezone.localdate():
        raise TypedRefused("发表日期还没有到，请核对。")
    known = WeChatPost.objects.select_for_update().filter(url=address.url).first()
    if address.key is not None:
        mid, index = address.key
        known = WeChatPost.objects.filter(msg_data_id=mid, index=index).first() or known
    if known is None:
        # A sheet may have brought the post without its address.
        known = WeChatPost.objects.filter(
            article=article, published_on=published_on, msg_data_id="", url=""
        ).first()
    if known is not None and known.article_id not in (None, article.pk):
        raise TypedRefused(f"这个地址已经是另一篇文章{known}，请核对。")
    told = joining.post(url)
    ours = joining.join([told]).get(told)
    if ours is not None and ours.article != article.pk:
        raise TypedRefused("这个地址属于另一篇文章，请核对。")
    post = known or WeChatPost(title=article.title[:200], published_on=published_on)
    post.article = article
    post.url = post.url or address.url
    if address.key is not None:
        post.msg_data_id, post.index = address.key
    if ours is not None and ours.member:
        post.member_id = ours.member
    post.save()
    audit.record(actor, "reading.register", post, {"original_url": address.url})
    return post


def _demand(actor: Any) -> None:
    if not actor.has_perm(IMPORT):
        raise TypedRefused("您没有录入阅读数据的权限，请联系“发布”人员或宣传部。")
