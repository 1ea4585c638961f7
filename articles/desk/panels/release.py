"""Giving an approved text its time."""

from typing import Any

from django.forms import Media
from django.utils import timezone

from ... import publishing
from ...forms import ReasonForm, ScheduleForm
from ...review import approvals
from ...status import Stage
from ..base import Desk, DeskPanel


class ReleasePanel(DeskPanel):
    name = "release"
    template_name = "articles/admin/desk/release.html"
    actions = {"schedule": "schedule", "publish": "publish", "unschedule": "unschedule"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        planned = _next_slot(desk.article.planned_for)
        self.schedule_form = ScheduleForm(initial={"go_live_at": planned})
        self.reason_form = ReasonForm()

    @property
    def media(self) -> Media:
        return self.schedule_form.media

    def context(self) -> dict[str, Any] | None:
        desk = self.desk
        if not desk.is_publisher:
            return None
        waits = desk.standing.stage not in (Stage.SCHEDULED, Stage.FAILED, Stage.IN_PUSH)
        has_news = not desk.article.live or desk.article.has_unpublished_changes
        can_publish = (
            waits and has_news and desk.latest and not approvals.why_not_publish(desk.latest)
        )
        if not can_publish and not desk.article.approved_schedule:
            return None
        return {
            "can_publish": can_publish,
            "is_scheduled": desk.article.approved_schedule,
            "schedule_form": self.schedule_form,
            "reason_form": self.reason_form,
        }

    def schedule(self) -> str:
        self.schedule_form = ScheduleForm(self.desk.request.POST)
        at = self.valid(self.schedule_form).cleaned_data["go_live_at"]
        publishing.schedule(self.desk.user, self.desk.article, at)
        return f"已定时：{timezone.localtime(at):%Y年%m月%d日 %H:%M} 自动发布。"

    def publish(self) -> str:
        publishing.publish_now(self.desk.user, self.desk.article)
        return "已发布到网页镜像。"

    def unschedule(self) -> str:
        self.reason_form = ReasonForm(self.desk.request.POST)
        reason = self.valid(self.reason_form).cleaned_data["reason"]
        publishing.unschedule(self.desk.user, self.desk.article, reason)
        return "已取消定时。内容没有改动时，可以直接重新定时。"


def _next_slot(planned_for: Any) -> Any:
    """What the time field suggests: half past eight of the planned day, if that is to come."""
    if planned_for is None:
        return None
    at = timezone.make_aware(
        timezone.datetime(planned_for.year, planned_for.month, planned_for.day, 8, 30)
    )
    return at if at > timezone.now() else None
