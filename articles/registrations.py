"""What this app announces to the floors below."""

from cms.ops.registry import (
    HealthCheck,
    NoticeFamily,
    ScheduleSpec,
    register_action_labels,
    register_health_check,
    register_notice_family,
    register_schedule,
)
from media.guards import register_use
from rankings.dependents import register_dependents
from rankings.own_month import register_own_month

from . import claim_watch, file_uses, health, notifications
from .labels import ACTION_LABELS
from .public import dependents
from .pushes.calendar import watch
from .readings import health as readings
from .readings.own_month import own_month
from .readings.screens import VIEW as VIEW_READINGS
from .wechat import health as wechat
from .wechat import quotas
from .wechat.callback import setting_up as callback
from .wechat.delivery import health as delivery

MORNING = NoticeFamily(
    "morning",
    "每日审稿提醒",
    "每天早上八点：等您审的、超期的、退回给您的",
    frozenset({"mail.morning_digest"}),
)
SCHEDULES = (
    ScheduleSpec("publish_due", "articles.publishing.publish_due_task", 1),
    ScheduleSpec("morning_digest", "articles.morning.send_digests", 5),
    ScheduleSpec("review_overdue", "articles.review.deadlines.note_overdue", 10),
    ScheduleSpec("silence", "articles.pushes.calendar.watch.tell", 60),
    ScheduleSpec("delivery", "articles.wechat.delivery.tasks.advance_all", 1),
    ScheduleSpec("wechat_events", "articles.wechat.callback.dealing.deal_with_waiting", 5),
    ScheduleSpec("wechat_events_prune", "articles.wechat.callback.inbox.prune", 24 * 60),
    ScheduleSpec("wechat_calls", "articles.wechat.calls.prune", 24 * 60),
    ScheduleSpec("statistics", "articles.readings.fetching.fetch_due", 5),
    ScheduleSpec("urgent_overdue", "articles.release.urgent.mark_overdue", 10),
)
HEALTH_CHECKS = (
    ("publishing", "定时发布", health.publishing),
    ("after_review", "特急补审", health.after_reviews),
    ("late_reviews", "审核超期", health.late_reviews),
    ("reviewers", "审核人手", health.reviewers),
    ("article_claims", "文中结论", health.claims),
    ("silence", "推送间隔", watch.findings),
    ("quiet_days", "静默日", watch.on_quiet_days),
    ("delivery", "送达微信", delivery.findings),
)
WECHAT_CHECKS = (
    ("wechat", "微信连接", wechat.connection),
    ("wechat_quotas", "微信接口用量", quotas.findings),
    ("wechat_events", "微信通知", callback.findings),
)


def register() -> None:
    """Called once, when the app is ready."""
    register_use(file_uses.titles_showing)
    dependents.register()
    register_dependents("articles", "文章", claim_watch.dependents)
    register_action_labels(ACTION_LABELS)
    for family in (*notifications.FAMILIES, MORNING, watch.FAMILY):
        register_notice_family(family)
    for schedule in SCHEDULES:
        register_schedule(schedule)
    for key, label, check in HEALTH_CHECKS:
        register_health_check(HealthCheck(key, label, check, "articles.view_articlepage"))
    register_health_check(HealthCheck("statistics", "统计取数", readings.findings, VIEW_READINGS))
    register_own_month(own_month)
    for key, label, check in WECHAT_CHECKS:
        register_health_check(HealthCheck(key, label, check, "articles.view_wechatcall"))
