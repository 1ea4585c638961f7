"""审定: by somebody who had no hand in putting the push together."""

from typing import Any

from ...forms import ReasonForm
from .. import rules, services
from ..forms import NoteForm
from .base import PushDesk, PushPanel


class ApprovalPanel(PushPanel):
    name = "approval"
    template_name = "articles/admin/pushes/panels/approval.html"
    actions = {"approve": "approve", "undo_approval": "undo_approval"}

    def __init__(self, desk: PushDesk):
        super().__init__(desk)
        self.form = NoteForm(auto_id="approve_%s")
        self.reason_form = ReasonForm(auto_id="undo_%s")

    def context(self) -> dict[str, Any]:
        desk, push = self.desk, self.push
        people = list(push.assemblers.order_by("pk"))
        may = desk.is_open and desk.user.has_perm(services.APPROVE)
        return {
            "push": push,
            "people": people,
            "may": may,
            "is_open": desk.is_open,
            "refusal": rules.why_not_approve(
                desk.user.pk, {p.pk for p in people}, len(desk.loaded), desk.problems
            ),
            "form": self.form,
            "reason_form": self.reason_form,
        }

    def approve(self) -> str:
        self.form = NoteForm(self.desk.request.POST, auto_id="approve_%s")
        services.approve(self.desk.user, self.push, self.valid(self.form).cleaned_data["note"])
        return "已审定，可以定时了。之后有任何改动，都要重新审定。"

    def undo_approval(self) -> str:
        self.reason_form = ReasonForm(self.desk.request.POST, auto_id="undo_%s")
        reason = self.valid(self.reason_form).cleaned_data["reason"]
        services.undo_approval(self.desk.user, self.push, reason)
        return "已撤回审定，定时也一并取消。"
