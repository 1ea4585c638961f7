"""解散: giving the push up."""

from typing import Any

from ...forms import ReasonForm
from .. import services
from .base import PushDesk, PushPanel


class DissolvePanel(PushPanel):
    name = "dissolve"
    template_name = "articles/admin/pushes/panels/dissolve.html"
    actions = {"dissolve": "dissolve"}

    def __init__(self, desk: PushDesk):
        super().__init__(desk)
        self.form = ReasonForm(auto_id="dissolve_%s")

    def context(self) -> dict[str, Any] | None:
        return {"form": self.form} if self.desk.may_assemble else None

    def dissolve(self) -> str:
        self.form = ReasonForm(self.desk.request.POST, auto_id="dissolve_%s")
        reason = self.valid(self.form).cleaned_data["reason"]
        services.dissolve(self.desk.user, self.push, reason)
        return "推送已解散，文章都回到“待发布”。"
