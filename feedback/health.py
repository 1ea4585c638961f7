"""What the health report says of messages."""

import datetime as dt

from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from . import deadlines, rules
from .models import FeedbackSettings, Message
from .services.base import address

SHOWN = 20


def findings() -> list[HealthResult]:
    """Messages on their way to a veto, overdue ones, and those due by the next working day."""
    now = timezone.now()
    today = timezone.localdate(now)
    is_workday = deadlines.calendar_between(today, today + dt.timedelta(days=deadlines.HORIZON))
    soon = deadlines.end_of(rules.working_day_after(today, 1, is_workday))
    due = Message.objects.unfinished().filter(due_at__lte=soon).order_by("due_at", "pk")
    results = [_finding(message, now, today) for message in due[:SHOWN]]
    if (more := due.count() - SHOWN) > 0:
        results.append(
            HealthResult(Level.ALARM, f"另有 {more} 条留言超期或即将到期，请到留言列表查看。")
        )
    if not FeedbackSettings.load().is_open:
        results.append(
            HealthResult(
                Level.WARNING,
                "网站现在不接收新留言。检查指标要求有可用的留言渠道，请尽快在“留言设置”里开放。",
            )
        )
    return results


def _finding(message: Message, now: dt.datetime, today: dt.date) -> HealthResult:
    state = message.get_state_display()
    veto = rules.veto_on(timezone.localdate(message.received_at))
    day = f"{timezone.localtime(message.due_at):%m月%d日}"
    if (veto - today).days <= rules.VETO_ALARM_DAYS:
        waited = (today - timezone.localdate(message.received_at)).days
        words = (
            f"留言 {message.number} 已收到 {waited} 天没有答复，"
            f"{veto:%m月%d日}起即构成检查指标的单项否决，请立即办理。现在{state}。"
        )
        return HealthResult(Level.ALARM, words, address(message))
    if message.due_at < now:
        words = f"留言 {message.number} 应在{day}前答复，已经超期，现在{state}，请尽快办理。"
        return HealthResult(Level.ALARM, words, address(message))
    words = f"留言 {message.number} 应在{day}前答复，快到期了，现在{state}。"
    return HealthResult(Level.WARNING, words, address(message))
