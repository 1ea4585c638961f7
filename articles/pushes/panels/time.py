"""计划与定时: a day that is proposed, a minute that is committed."""

from typing import Any

from django.conf import settings
from django.forms import Media
from django.utils import timezone
from wagtail.admin import messages

from ...forms import ReasonForm
from .. import going_live, services
from ..forms import CommitForm, PlanForm, suggested
from .base import PushDesk, PushPanel


class TimePanel(PushPanel):
    name = "time"
    template_name = "articles/admin/pushes/panels/time.html"
    actions = {
        "plan": "plan",
        "commit": "commit",
        "uncommit": "uncommit",
        "publish_now": "publish_now",
    }

    def __init__(self, desk: PushDesk):
        super().__init__(desk)
        push = desk.push
        slot = f"{push.planned_slot:%H:%M}" if push.planned_slot else ""
        self.plan_form = PlanForm(
            initial={"day": push.planned_for, "slot": slot}, auto_id="plan_%s"
        )
        self.commit_form = CommitForm(initial={"at": suggested(push)}, auto_id="commit_%s")
        self.reason_form = ReasonForm(auto_id="uncommit_%s")

    @property
    def media(self) -> Media:
        return self.plan_form.media + self.commit_form.media

    def context(self) -> dict[str, Any] | None:
        desk, push = self.desk, self.push
        if push.dissolved_at:
            return None
        may_commit = desk.is_open and desk.user.has_perm(services.COMMIT)
        return {
            "push": push,
            "may_plan": desk.is_open and not push.go_live_at and desk.user.has_perm(services.PLAN),
            "may_commit": may_commit,
            "is_approved": push.approved_at is not None and not desk.problems,
            "plan_form": self.plan_form,
            "commit_form": self.commit_form,
            "reason_form": self.reason_form,
            "at_minute": settings.MIRROR_PUBLISH == going_live.AT_MINUTE,
        }

    def plan(self) -> str:
        self.plan_form = PlanForm(self.desk.request.POST, auto_id="plan_%s")
        data = self.valid(self.plan_form).cleaned_data
        warning = services.plan(self.desk.user, self.push, data["day"], data["slot"])
        if warning:
            messages.warning(self.desk.request, warning)
        return "已安排计划。" if data["day"] else "已取消计划。"

    def commit(self) -> str:
        self.commit_form = CommitForm(self.desk.request.POST, auto_id="commit_%s")
        at = self.valid(self.commit_form).cleaned_data["at"]
        services.commit(self.desk.user, self.push, at)
        return f"已定时：{timezone.localtime(at):%Y年%m月%d日 %H:%M}。"

    def uncommit(self) -> str:
        self.reason_form = ReasonForm(self.desk.request.POST, auto_id="uncommit_%s")
        reason = self.valid(self.reason_form).cleaned_data["reason"]
        services.uncommit(self.desk.user, self.push, reason)
        return "已取消定时。没有别的改动时，可以直接重新定时。"

    def publish_now(self) -> str:
        services.publish_now(self.desk.user, self.push)
        return "推送的文章已一起发布到网页镜像。"
