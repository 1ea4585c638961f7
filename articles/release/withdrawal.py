"""撤稿: a text is taken down at once by one person, and its address says so from then on."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cms.ops import audit

from .. import gate, publishing
from ..locking import locked
from ..models import ArticlePage, Withdrawal, WithdrawalKind
from . import corrections, urgent
from .base import ReleaseRefused, demand, stop_reviews, written

PERMISSION = "articles.withdraw_article"
MIN_REASON, MAX_REASON = 5, 500

# What a person may choose; the rest is set by what happens.
CHOICES = [choice for choice in WithdrawalKind.choices if choice[0] != WithdrawalKind.EXPIRED]


@transaction.atomic
def withdraw(actor: Any, article: ArticlePage, kind: str, reason: str) -> Withdrawal:
    """Take a live article down. One person is enough: silence is the safe direction.

    ``kind`` is what readers are told, in fixed words; ``reason`` stays inside. Set times and
    running reviews end with it.

    Raises:
        ReleaseRefused: no permission, no proper kind or reason, or it is not live (any more).
    """
    demand(actor, PERMISSION, "您没有撤稿的权限。撤稿由“发布”人员完成。")
    if kind not in dict(CHOICES):
        raise ReleaseRefused("请选择公开说明的撤稿原因。")
    reason = written(reason, "撤稿原因", MIN_REASON, MAX_REASON)
    article = locked(article)
    if not article.live:
        raise ReleaseRefused("这篇文章现在不在公开页面上，不需要撤稿。请刷新页面查看最新状态。")
    if article.approved_schedule:
        publishing.clear_schedule(actor, article, "文章撤稿")
    stop_reviews(actor, article, "文章撤稿")
    _settle(actor, article, "文章已撤稿")
    withdrawal = Withdrawal.objects.create(
        article=article, kind=kind, reason=reason, withdrawn_by=actor, withdrawn_at=timezone.now()
    )
    article.refresh_from_db()
    with gate.taking_down(article):
        article.unpublish(log_action=False)
    log(instance=article, action="wagtail.unpublish", user=actor, data={"reason": reason})
    audit.record(
        actor,
        "article.withdraw",
        article,
        {"kind": withdrawal.get_kind_display(), "reason": reason},
    )
    return withdrawal


def on_unpublished(sender: Any, instance: ArticlePage, **kwargs: Any) -> None:
    """Let the address of an article that has expired answer with a notice as well.

    Receives Wagtail's ``page_unpublished``, so that no way down leaves a bare 404 behind.
    """
    if instance.withdrawals.in_force().exists():
        return
    _settle(None, instance, "文章已到期撤下")
    Withdrawal.objects.create(
        article=instance,
        kind=WithdrawalKind.EXPIRED,
        reason="到了设定的撤下时间",
        withdrawn_at=timezone.now(),
    )


def on_published(sender: Any, instance: ArticlePage, **kwargs: Any) -> None:
    """A text that is live again ends its withdrawal. Receives Wagtail's ``page_published``."""
    instance.withdrawals.in_force().update(ended_at=timezone.now())


def _settle(actor: Any, article: ArticlePage, reason: str) -> None:
    """Close what only made sense while the article was public."""
    urgent.close_withdrawn(actor, article, reason)
    corrections.close_withdrawn(actor, article, reason)
