"""The running review, and 待发布 sending back: the verdict."""

from typing import Any

from wagtail.models import TaskState

from ...forms import VerdictForm
from ...models import ReadyTask, ReviewTask
from ...review import services
from ...review.answers import Answers
from ..base import DeskPanel


class ReviewPanel(DeskPanel):
    name = "review"
    template_name = "articles/admin/desk/review.html"
    actions = {"approve": "approve", "send_back": "send_back"}

    def context(self) -> dict[str, Any] | None:
        desk = self.desk
        is_ready = isinstance(desk.task, ReadyTask)
        if not isinstance(desk.task, ReviewTask) and not (is_ready and desk.is_publisher):
            return None
        return {
            "step": desk.task_state,
            "is_ready": is_ready,
            "refusal": ""
            if is_ready
            else services.why_not_review(desk.user, desk.article, desk.task),
            "form": VerdictForm(),
        }

    def approve(self) -> str:
        step = self._running_step()
        post = self.desk.request.POST
        answers = Answers(slips=int(post.get("slips") or 0))
        services.approve(self.desk.user, step, post.get("comment", ""), answers=answers)
        return f"《{self.desk.article.title}》已通过{step.task.name}。"

    def send_back(self) -> str:
        step = self._running_step()
        services.send_back(self.desk.user, step, self.desk.request.POST.get("comment", ""))
        return f"《{self.desk.article.title}》已退回修改，意见会显示给作者。"

    def _running_step(self) -> TaskState:
        """The step shown when the form was loaded, so that a stale tab acts on nothing else."""
        step = self.desk.task_state
        if step is None or str(step.pk) != self.desk.request.POST.get("step"):
            raise services.ReviewRefused("这一步已经有人处理过了，请看最新状态。")
        return step
