"""The running review, and 待发布 sending back: the verdict."""

from functools import cached_property
from typing import Any

from django.forms import Media
from wagtail.admin import messages
from wagtail.models import TaskState

from ...models import ReadyTask, ReviewTask
from ...review import checklists, claiming, services
from ...review.passages import facts_in
from ...review.refusals import FormIncomplete, ReviewRefused
from ...review.stages import Dimension
from ..base import Desk, DeskPanel, FormRefused
from ..review_form import ReviewForm


class ReviewPanel(DeskPanel):
    name = "review"
    template_name = "articles/admin/desk/review.html"
    actions = {"approve": "approve", "send_back": "send_back", "keep_answers": "keep_answers"}

    def __init__(self, desk: Desk):
        super().__init__(desk)
        self.refusals: list[str] = []

    @property
    def media(self) -> Media:
        return Media(css={"all": ["articles/review.css"]}, js=["articles/review.js"])

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
            "form": self.form,
            "refusals": self.refusals,
            "sources": self._sources(),
            "kept_by": None if is_ready else self._kept_by_colleague(),
        }

    @cached_property
    def form(self) -> ReviewForm:
        """The form as it was posted, or as this person kept it."""
        task, step = self.desk.task, self.desk.task_state
        dimension = task.dimension if isinstance(task, ReviewTask) else ""
        posted = self.desk.request.POST
        is_ours = posted.get("step") == str(step.pk) and posted.get("action") in self.actions
        return ReviewForm(
            checklists.asked(dimension),
            facts_in(self.desk.draft) if dimension == Dimension.CREDIBLE else [],
            posted.dict() if is_ours else None,
            step if dimension and services.has_kept(self.desk.user, step) else None,
        )

    def approve(self) -> str:
        step = self._running_step()
        form = self.form
        try:
            services.approve(self.desk.user, step, form.comment, answers=form.answers())
        except ReviewRefused as refusal:
            self._show_again(refusal)
        return f"《{self.desk.article.title}》已通过{step.task.name}。"

    def send_back(self) -> str:
        step = self._running_step()
        form = self.form
        answers = form.answers() if form.rows else None
        try:
            services.send_back(self.desk.user, step, form.comment, form.kind, answers=answers)
        except ReviewRefused as refusal:
            self._show_again(refusal)
        return f"《{self.desk.article.title}》已退回修改，意见会显示给作者。"

    def keep_answers(self) -> str:
        step = self._running_step()
        form = self.form
        try:
            services.keep_answers(self.desk.user, step, form.answers(), form.comment)
        except ReviewRefused as refusal:
            self._show_again(refusal)
        return "已暂存，还没有提交。下次打开这篇文章可以接着填。"

    def _show_again(self, refusal: ReviewRefused) -> None:
        """The same page with what was typed, while there still is something to fill.

        Raises:
            ReviewRefused: the step is over.
            FormRefused: it is not.
        """
        still = TaskState.objects.filter(
            pk=self.desk.task_state.pk, status=TaskState.STATUS_IN_PROGRESS
        )
        if not still.exists():
            raise refusal
        if isinstance(refusal, FormIncomplete):
            self.refusals = refusal.reasons
            said = "还没有提交：清单或核对还差几处，写在表单上方。您填的内容都还在。"
        else:
            self.refusals = [str(refusal)]
            said = str(refusal)
        messages.error(self.desk.request, said)
        raise FormRefused

    def _sources(self) -> list[str]:
        """What a fact may have been checked against: the sources the article names."""
        names = [source.name for source in self.desk.draft.sources.all()]
        return list(dict.fromkeys(name for name in names if name))

    def _kept_by_colleague(self) -> Any:
        """Who else works on this review, so that two people do not fill the same form."""
        holder = claiming.holder(self.desk.task_state)
        return holder if holder and holder != self.desk.user else None

    def _running_step(self) -> TaskState:
        """The step shown when the form was loaded, so that a stale tab acts on nothing else."""
        step = self.desk.task_state
        posted = self.desk.request.POST.get("step", "")
        if step is None or str(step.pk) != posted:
            mine = posted.isdecimal() and TaskState.objects.filter(
                pk=posted, finished_by=self.desk.user
            )
            if mine and mine.exists():
                raise ReviewRefused("您已经处理过这一步了，不用再提交。下面是最新状态。")
            raise ReviewRefused("这一步已经有人处理过了，请看最新状态。")
        return step
