"""The reviews as tasks of a Wagtail workflow."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState

from .locks import ReadyLock, ReviewLock
from .refusals import ReviewRefused
from .stages import Dimension


class StageTask(AbstractGroupApprovalTask):
    """A step that belongs to the members of its groups and to nobody else, superusers included."""

    class Meta:
        abstract = True

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Start this step, or the first review whose approval the text has outgrown."""
        from . import deadlines, services

        if services.reopen_outdated(workflow_state, user):
            first = workflow_state.get_next_task()
            if first.pk != self.pk:
                return first.specific.start(workflow_state, user=user)
        state = super().start(workflow_state, user=user)
        if isinstance(state, ReviewTaskState):
            deadlines.set_due(state)
        return state

    def admits(self, person: Any) -> bool:
        """Whether ``person`` may take this step, as a member of its groups or as a deputy today."""
        return self._user_in_groups(person)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return self.admits(user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        return True

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return False

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """None: a verdict is a form on the desk, which Wagtail's buttons cannot fill."""
        return []

    def on_action(self, task_state: TaskState, user: Any, action_name: str, **kwargs: Any) -> None:
        """Refuse what comes by Wagtail's own ways (bulk actions, an old tab).

        Raises:
            ReviewRefused: always.
        """
        raise ReviewRefused("审核要填写清单：请到“审核与发布”页面，填好后通过或退回。")

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> Any:
        if self.admits(user):
            return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)
        return TaskState.objects.none()


class ReturnKind(models.TextChoices):
    """What a text was sent back for, so that reasons can be counted."""

    FACTS = "facts", "事实、数字或姓名有误"
    SOURCES = "sources", "信源不清"
    SECRECY = "secrecy", "涉密或个人信息"
    HEADLINE = "headline", "标题或导语"
    WORDING = "wording", "文字或标点"
    STRUCTURE = "structure", "结构或篇幅"
    PICTURES = "pictures", "图片"
    SERVICE = "service", "服务信息不全"
    TONE = "tone", "不够通俗亲切"
    OTHER = "other", "其他"


class ReviewTaskState(TaskState):
    """One review of one text: its 审 verdict, its 校 count, and the answers behind them.

    ``content_digest`` says which text was approved; ``answers`` and ``facts`` are the lists of
    `answers.Answers`, with the questions as they were worded then.
    """

    content_digest = models.CharField("内容摘要值", max_length=64, blank=True)
    answers = models.JSONField("审核清单", default=list, blank=True)
    facts = models.JSONField("核对事项", default=list, blank=True)
    slips = models.PositiveSmallIntegerField("校对差错数", null=True, blank=True)
    return_kind = models.CharField(
        "退回类别", max_length=20, choices=ReturnKind.choices, blank=True
    )
    due_at = models.DateTimeField("截稿", null=True, blank=True, db_index=True)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="认领人",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    claimed_at = models.DateTimeField("认领时间", null=True, blank=True)
    deputation = models.ForeignKey(
        "articles.Deputation",
        verbose_name="代审",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

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

    def admits(self, person: Any) -> bool:
        if not person.is_active:
            return False
        return super().admits(person) or self.deputation_for(person) is not None

    def deputation_for(self, person: Any) -> "Deputation | None":
        """In whose place ``person`` gives this review today; None in their own right or not at all.

        A deputation ends with the membership of the one it stands for.
        """
        if super().admits(person):
            return None
        return (
            Deputation.objects.in_force()
            .filter(deputy=person, dimension=self.dimension, person__groups__in=self.groups.all())
            .select_related("person")
            .first()
        )

    @classmethod
    def get_description(cls) -> str:
        return "可信、可读、可亲三审之一，由指定组的成员完成，写稿人不能审核自己的文章"


class ChecklistQuestion(models.Model):
    """A question a reviewer answers. The defaults are in code, the wording is the administrator's.

    ``code`` ties a row to its default; an added question gets one of its own. ``is_secrecy`` marks
    what the 发布审批单 prints as the secrecy review.
    """

    dimension = models.CharField("维度", max_length=20, choices=Dimension.choices)
    code = models.SlugField("代号", max_length=60, unique=True, editable=False)
    text = models.CharField("问题", max_length=120)
    help_text = models.CharField("怎么看", max_length=240, blank=True)
    order = models.PositiveSmallIntegerField("次序", default=100)
    is_active = models.BooleanField("使用", default=True)
    is_secrecy = models.BooleanField(
        "属于保密审查", default=False, help_text="答案会印在发布审批单的保密审查一栏。"
    )

    class Meta:
        verbose_name = "审核问题"
        verbose_name_plural = "审核清单"
        ordering = ["dimension", "order", "pk"]

    def __str__(self) -> str:
        return self.text


class DeputationQuerySet(models.QuerySet):
    def in_force(self, on: Any = None) -> "DeputationQuerySet":
        """Those that hold on the local day ``on`` (a date; today without one)."""
        day = on or timezone.localdate()
        return self.filter(
            starts_on__lte=day, ends_on__gte=day, ended_at=None, person__is_active=True
        )


class Deputation(models.Model):
    """代审: for some days a colleague gives a review in place of ``person``.

    The deputy's name stands under the approval, with whose place it was given in. The rules about
    distinct people and authors hold for deputies as for everybody.
    """

    dimension = models.CharField("维度", max_length=20, choices=Dimension.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审核人",
        on_delete=models.PROTECT,
        related_name="deputations_given",
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="代审人",
        on_delete=models.PROTECT,
        related_name="deputations_taken",
    )
    starts_on = models.DateField("从")
    ends_on = models.DateField("到（含当天）")
    reason = models.CharField("原因", max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="安排人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("安排时间", auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="结束人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_at = models.DateTimeField("提前结束时间", null=True)

    objects = DeputationQuerySet.as_manager()

    class Meta:
        verbose_name = "代审"
        verbose_name_plural = "代审"
        ordering = ["-starts_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.deputy}代{self.person}（{self.get_dimension_display()}）"


class ReadyTask(StageTask):
    """待发布: approved three times, locked, waiting for a time or a push."""

    lock_class = ReadyLock

    class Meta:
        verbose_name = "待发布"
        verbose_name_plural = "待发布"

    def start(self, workflow_state: WorkflowState, user: Any = None) -> TaskState:
        """Start to wait for a time, unless 特急 has made public what was approved now."""
        from ..release import urgent

        state = super().start(workflow_state, user=user)
        article = workflow_state.content_object.specific
        if state.task_id == self.pk and urgent.close_if_reviewed(user, article):
            state.status, state.finished_at = TaskState.STATUS_SKIPPED, timezone.now()
            state.save(update_fields=["status", "finished_at"])
        return state

    @classmethod
    def get_description(cls) -> str:
        return "三审之后锁定等待，由发布人员定时、立即发布或编入推送"
