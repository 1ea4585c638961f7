"""Moving what stands in the calendar: the planned day of an article, the minute of a push."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms import workdays
from cms.ops import audit
from cms.ops.models import DayKind

from ...locking import locked
from ...models import ArticlePage, Push
from ...review import deadlines
from .. import membership, services
from ..base import PLAN, demand, lock_days, open_push
from ..refusals import PushRefused
from .states import NO_DAY


@transaction.atomic
def plan_article(actor: Any, article: ArticlePage, day: date | None) -> None:
    """Propose ``day`` for an article in no push; None takes the plan back.

    The day is no content: it is written into the row and the latest revision as they are, so that
    nobody becomes an author by it and no approval is undone. Locked texts are planned as well; the
    deadline of a running review follows.

    Raises:
        PushRefused: no permission, the day has passed or is quiet, or there is nothing to plan.
    """
    demand(actor, PLAN)
    article = locked(article)
    if refusal := _why_not_plan(article) or _why_not_on(day):
        raise PushRefused(refusal)
    revision = article.get_latest_revision()
    before, after = revision.content.get("planned_for"), day and day.isoformat()
    if before == after:
        return
    revision.content = {**revision.content, "planned_for": after}
    revision.save(update_fields=["content"])
    ArticlePage.objects.filter(pk=article.pk).update(planned_for=day)
    if step := deadlines.running_review(article):
        deadlines.set_due(step)
    detail = {"from": before or NO_DAY, "to": after or NO_DAY}
    audit.record(actor, "article.plan_day", article, detail)


def _why_not_plan(article: ArticlePage) -> str:
    if held := membership.of(article):
        return f"这篇文章已编入推送{held.push.title}，请移动那个推送。"
    if article.approved_schedule:
        return "这篇文章已经单独定时。要改日期，请先在“审核与发布”页取消定时。"
    if article.latest_revision_id is None or (
        article.live and article.live_revision_id == article.latest_revision_id
    ):
        return "这篇文章已经发布，没有新的一稿可以安排。"
    return ""


def _why_not_on(day: date | None) -> str:
    if day is None:
        return ""
    if day < timezone.localdate():
        return "这一天已经过去，请选择今天或以后的日期。"
    special = workdays.days_between(day, day).get(day)
    if special and special.kind == DayKind.QUIET:
        return f"{day.month}月{day.day}日是静默日（{special.name}），不推送。请换一天。"
    return ""


def move_push(actor: Any, push: Push, day: date | None) -> str:
    """Propose another ``day`` for a push that is not committed; its slot stays.

    Answers what to know of the day, as `services.plan` does, and refuses as it does.
    """
    return services.plan(actor, push, day, push.planned_slot if day else None)


@transaction.atomic
def recommit(actor: Any, push: Push, was: datetime, at: datetime) -> None:
    """Move the committed minute of a push from ``was`` to ``at``; its approval stays.

    Both as the person saw and confirmed them. Taken back and committed anew in one transaction:
    when the new minute is refused, the old one stands.

    Raises:
        PushRefused: no permission, somebody moved it meanwhile, or ``at`` is refused.
    """
    lock_days()
    push = open_push(push)
    if push.go_live_at != was:
        raise PushRefused("这次推送的定时刚刚被改过，没有移动。请看最新的日历。")
    if at == was:
        raise PushRefused("新的时间和原来一样，没有改动。")
    services.uncommit(actor, push, f"改到{timezone.localtime(at):%m月%d日 %H:%M}")
    services.commit(actor, push, at)


def same_minute_on(push: Push, day: date) -> datetime:
    """The minute a committed push would have on ``day``: the same time of day."""
    return timezone.localtime(push.go_live_at).replace(year=day.year, month=day.month, day=day.day)
