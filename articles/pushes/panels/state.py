"""How far the push has come, what is wrong with it, and a failed publication with its retry."""

from typing import Any

from django.conf import settings

from .. import going_live, services, way
from .base import PushPanel


class StatePanel(PushPanel):
    name = "state"
    template_name = "articles/admin/pushes/panels/state.html"
    area = "first"
    actions = {"retry": "retry"}

    def context(self) -> dict[str, Any]:
        push = self.push
        wrong = self.desk.problems if not push.dissolved_at and not push.sent_at else []
        if push.approved_at and not push.published_at and not wrong:
            wrong = going_live.why_not_go(push, self.desk.loaded)
        return {
            "push": push,
            "problems": wrong,
            "may_retry": self.desk.user.has_perm(services.COMMIT),
            "wechat": way.in_brief(push),
            "at_minute": settings.MIRROR_PUBLISH == going_live.AT_MINUTE,
        }

    def retry(self) -> str:
        services.retry(self.desk.user, self.push)
        return "重试成功，推送的文章已一起发布。"
