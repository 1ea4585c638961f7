"""截稿与缓急, and who works on the running review."""

from typing import Any

from django.forms import Media
from django.utils import timezone

from ...models import Priority, ReviewPlan, ReviewTask
from ...queue.columns import near
from ...queue.forms import PlanForm
from ...review import claiming, deadlines, services
from ...status import Stage
from ..base import Desk, DeskPanel


class PlanPanel(DeskPanel):
    """Stands above the verdict: people see that a colleague has the text before they begin."""

    name = "plan"
    template_name = "articles/admin/desk/plan.html"
    actions = {"claim": "claim", "unclaim": "unclaim", "take_over": "take_over", "plan": "plan"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.saved = ReviewPlan.objects.filter(article_id=desk.article.pk).first()
        self.form = PlanForm(
            initial={
                "due_at": self.saved.due_at if self.saved else None,
                "priority": self.saved.priority if self.saved else Priority.NORMAL,
                "note": self.saved.note if self.saved else "",
            }
        )

    @property
    def media(self) -> Media:
        return self.form.media + Media(css={"all": ["articles/queue.css"]})

    def context(self) -> dict[str, Any] | None:
        desk = self.desk
        is_review = isinstance(desk.task, ReviewTask)
        is_idle = desk.task is None and desk.gone is None
        is_timed = desk.article.approved_schedule or desk.standing.stage == Stage.IN_PUSH
        is_ahead = is_idle and not is_timed and self._has_news()
        if not is_review and not is_ahead:
            return None
        context: dict[str, Any] = {
            "plan": self.saved,
            "form": self.form,
            "may_plan": deadlines.may_plan(desk.user, desk.article),
        }
        if is_review:
            step = desk.task_state
            context |= {
                "step": step,
                "due": near(step.due_at, timezone.now()),
                "waited": deadlines.span(timezone.now() - step.started_at),
                "holder": claiming.holder(step),
                "may_review": not services.why_not_review(desk.user, desk.article, desk.task),
                "deputation": desk.task.deputation_for(desk.user),
            }
        return context

    def claim(self) -> str:
        claiming.claim(self.desk.user, self._step())
        return "已认领，其他同事会看到您在审。"

    def take_over(self) -> str:
        claiming.take_over(self.desk.user, self._step())
        return "已由您接手，其他同事会看到您在审。"

    def unclaim(self) -> str:
        claiming.unclaim(self.desk.user, self._step(), self.desk.request.POST.get("reason", ""))
        return "已放回，其他同事可以认领。"

    def plan(self) -> str:
        self.form = PlanForm(self.desk.request.POST)
        data = self.valid(self.form).cleaned_data
        deadlines.set_plan(
            self.desk.user, self.desk.article, data["due_at"], data["priority"], data["note"]
        )
        return "已安排截稿和缓急。"

    def _has_news(self) -> bool:
        return not self.desk.article.live or self.desk.article.has_unpublished_changes

    def _step(self) -> Any:
        """The running step; what was judged meanwhile is refused by the service."""
        step = self.desk.task_state
        if step is None or str(step.pk) != self.desk.request.POST.get("step"):
            raise services.ReviewRefused("这一步已经有人处理过了，请看最新状态。")
        return step
