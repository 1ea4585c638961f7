"""The public date of a live article, which only ever moves forward."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from cms.ops import audit

from ..locking import locked
from ..models import ArticlePage
from .base import ReleaseRefused, demand, written

PERMISSION = "articles.change_public_date"
LOG_ACTIONS = {"article.change_public_date": "改公开日期"}
MIN_REASON, MAX_REASON = 5, 300


@transaction.atomic
def change_public_date(actor: Any, article: ArticlePage, at: datetime, reason: str) -> None:
    """Give a live article the later public date ``at`` (aware).

    Backdating is one of the veto items (单项否决) of the inspections of government sites, so that
    no screen and no service moves a date back.

    Raises:
        ReleaseRefused: no permission, no reason, not live, or ``at`` is not later than the present
            date, or lies in the future.
    """
    demand(actor, PERMISSION, "您没有改公开日期的权限。公开日期由“发布”人员改。")
    reason = written(reason, "改日期的原因", MIN_REASON, MAX_REASON)
    article = locked(article)
    before = article.first_published_at
    if not article.live or before is None:
        raise ReleaseRefused("这篇文章现在不在公开页面上，没有公开日期可改。")
    if at <= before:
        raise ReleaseRefused(
            f"公开日期只能往后改，现在是{timezone.localtime(before):%Y年%m月%d日 %H:%M}。"
            "日期倒签是检查的否决项，任何人都不能把日期改早。"
        )
    if at > timezone.now():
        raise ReleaseRefused("公开日期不能晚于现在。要以后才公开的文章，请用定时发布。")
    article.first_published_at = at
    article.save(update_fields=["first_published_at"], clean=False)
    log(
        instance=article,
        action="article.change_public_date",
        user=actor,
        data={"from": before.isoformat(), "to": at.isoformat(), "reason": reason},
    )
    audit.record(
        actor,
        "article.change_public_date",
        article,
        {"from": before, "to": at, "reason": reason},
    )
