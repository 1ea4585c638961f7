"""The reviews as tasks of a Wagtail workflow."""

from typing import Any

from django.db import models
from wagtail.locks import BaseLock
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

from .stages import Dimension


class ReviewLock(BaseLock):
    """Nobody changes a text while it is judged; the message says how to go on."""

    def __init__(self, obj: Any, task: "StageTask"):
        super().__init__(obj)
        self.task = task

    def for_user(self, user: Any) -> bool:
        return True

    def get_message(self, user: Any) -> str:
        return (
            f"本稿正在“{self.task.name}”，暂不能修改。"
            "需要改稿时，请先撤回审核，或请审核人退回修改。"
        )

    def get_locked_by(self, user: Any) -> str:
        return "审核中，已锁定"

    def get_description(self, user: Any) -> str:
        return "审核期间任何人都不能修改，撤回或退回后解锁"


class ReadyLock(ReviewLock):
    """The approved text waits for its time."""

    def get_message(self, user: Any) -> str:
        return (
            "三审已通过，本稿已锁定，等待发布人员定时或编入推送。"
            "需要改稿时，请发布人员退回修改，改后须重新三审。"
        )

    def get_locked_by(self, user: Any) -> str:
        return "待发布，已锁定"


class StageTask(AbstractGroupApprovalTask):
    """A step that belongs to the members of its groups and to nobody else, superusers included."""

    class Meta:
        abstract = True

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Start this step, or the first review whose approval the text has outgrown."""
        from . import services

        if services.reopen_outdated(workflow_state, user):
            first = workflow_state.get_next_task()
            if first.pk != self.pk:
                return first.specific.start(workflow_state, user=user)
        return super().start(workflow_state, user=user)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self._user_in_groups(user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return True

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if self._user_in_groups(user):
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.none()


class ReviewTaskState(TaskState):
    """One review of one text: the digest says which text was approved."""

    content_digest = models.CharField("内容摘要值", max_length=64, blank=True)

    class Meta:
        verbose_name = "审核记录"
        verbose_name_plural = "审核记录"


class ReviewTask(StageTask):
    """One of the three reviews."""

    dimension = models.CharField("维度", max_length=20, choices=Dimension.choices, unique=True)

    task_state_class = ReviewTaskState
    lock_class = ReviewLock
    admin_form_fields = ["name", "dimension", "groups"]
    admin_form_readonly_on_edit_fields = ["name", "dimension"]

    class Meta:
        verbose_name = "审核"
        verbose_name_plural = "审核"

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        from . import services

        if services.why_not_review(user, obj, self):
            return []
        return [("reject", "退回修改", True), ("approve", "通过", True)]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        from . import services

        comment = kwargs.get("comment", "")
        if action_name == "approve":
            services.approve(user, task_state, comment=comment)
        elif action_name == "reject":
            services.send_back(user, task_state, comment=comment)

    @classmethod
    def get_description(cls) -> str:
        return "可信、可读、可亲三审之一，由指定组的成员完成，写稿人不能审核自己的文章"


class ReadyTask(StageTask):
    """待发布: approved three times, locked, waiting for a time or a push."""

    lock_class = ReadyLock

    class Meta:
        verbose_name = "待发布"
        verbose_name_plural = "待发布"

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not self._user_in_groups(user):
            return []
        return [("reject", "退回修改", True)]

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        from . import services

        if action_name == "reject":
            services.send_back(user, task_state, comment=kwargs.get("comment", ""))

    @classmethod
    def get_description(cls) -> str:
        return "三审之后锁定等待，由发布人员定时、立即发布或编入推送"
