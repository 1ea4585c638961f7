"""What this app announces to the ground floor."""

from cms.mirror.registry import register_addresses, register_dependents
from cms.ops.registry import (
    HealthCheck,
    NoticeFamily,
    ScheduleSpec,
    register_action_labels,
    register_health_check,
    register_notice_family,
    register_schedule,
)

from . import health
from .access import VIEW
from .labels import ACTION_LABELS
from .models import FeedbackSettings, Message
from .public import health as floods
from .public import lists

FAMILY = NoticeFamily(
    "feedback",
    "留言",
    "有新留言、交办给您单位的、等您审定的、超过期限的",
    frozenset(
        {
            "feedback.receive",
            "feedback.assign",
            "feedback.supervise_return",
            "feedback.answer",
            "feedback.ask_extension",
            "feedback.overdue",
        }
    ),
)
SCHEDULES = (
    ScheduleSpec("feedback_overdue", "feedback.tasks.note_overdue", 30),
    ScheduleSpec("feedback_daily", "feedback.tasks.daily", 24 * 60),
)


def register() -> None:
    """Called once, when the app is ready."""
    register_action_labels(ACTION_LABELS)
    register_notice_family(FAMILY)
    for schedule in SCHEDULES:
        register_schedule(schedule)
    register_health_check(HealthCheck("feedback", "留言", health.findings, VIEW))
    register_health_check(HealthCheck("feedback_flood", "留言防刷", floods.findings, VIEW))
    register_dependents(Message, lists.showing)
    register_dependents(FeedbackSettings, lambda chosen: [lists.BASE])
    register_addresses("feedback", lists.addresses)
