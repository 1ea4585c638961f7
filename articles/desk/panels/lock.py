"""Who holds the text and why, and taking it back (撤回送审)."""

from typing import Any

from wagtail.models import WorkflowState

from ...forms import ReasonForm
from ...models import ReviewTask
from ...review import services
from ..base import Desk, DeskPanel


class LockPanel(DeskPanel):
    name = "lock"
    template_name = "articles/admin/desk/lock.html"
    actions = {"take_back": "take_back"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.form = ReasonForm(auto_id="lock_%s")

    def context(self) -> dict[str, Any] | None:
        article = self.desk.article
        lock = article.get_lock()
        if lock is None:
            return None
        state = article.current_workflow_state
        runs = state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS
        return {
            "message": "" if self._is_asked() else lock.get_message(self.desk.user),
            "may_take_back": runs and services.may_take_back(self.desk.user, article),
            "form": self.form,
        }

    def _is_asked(self) -> bool:
        """Whether the review is this person's to give: then the form says all."""
        task = self.desk.task
        return isinstance(task, ReviewTask) and not services.why_not_review(
            self.desk.user, self.desk.article, task
        )

    def take_back(self) -> str:
        self.form = ReasonForm(self.desk.request.POST, auto_id="lock_%s")
        reason = self.valid(self.form).cleaned_data["reason"]
        services.take_back(self.desk.user, self.desk.article, reason)
        return "已撤回送审，现在可以修改。改好后请重新提交，三审从头开始。"
