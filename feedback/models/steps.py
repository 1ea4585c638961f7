"""The log of what was done to a message. Rows are only added."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from .messages import Message
from .places import Unit

USER = settings.AUTH_USER_MODEL
GONE = "（已按期限删除）"


class Deed(models.TextChoices):
    """What can be done, as the timeline calls it."""

    RECEIVE = "receive", "收到留言"
    ACCEPT = "accept", "受理"
    REFUSE = "refuse", "不予受理"
    MERGE = "merge", "并入另一条留言"
    ASSIGN = "assign", "交办"
    REPORT = "report", "报告落实情况"
    SUPERVISE_PASS = "supervise_pass", "督查通过"
    SUPERVISE_RETURN = "supervise_return", "督查退回重办"
    ANSWER = "answer", "起草答复"
    RETURN_ANSWER = "return_answer", "退回答复"
    APPROVE_ANSWER = "approve_answer", "审定并答复"
    ASK_EXTENSION = "ask_extension", "申请延期"
    ALLOW_EXTENSION = "allow_extension", "同意延期"
    DENY_EXTENSION = "deny_extension", "不同意延期"
    VERIFY_CONTACT = "verify_contact", "核实联系方式"
    RATE = "rate", "留言人评价"
    CLOSE = "close", "办结"
    PREPARE_PUBLIC = "prepare_public", "起草公开文字"
    PUBLISH = "publish", "公开"
    UNPUBLISH = "unpublish", "撤下公开"
    HAND_OVER = "hand_over", "移交"
    ERASE = "erase", "删除个人信息"


class AppendOnly(RuntimeError):
    """Somebody tried to change or delete what stands in the log."""


class StepQuerySet(models.QuerySet):
    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("办理记录只能追加。")

    update = bulk_update = delete = update_or_create = _refuse
    update.alters_data = delete.alters_data = True

    def forget(self) -> int:
        """Blank the notes, which may name people, when the deletion term of the message is over.

        Who did what and when stays. Answers how many notes.
        """
        return models.QuerySet.update(self.exclude(note=""), note=GONE)


class Step(models.Model):
    """One deed: who did what when, with which words, and whom it was given to."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="steps")
    deed = models.CharField("环节", max_length=20, choices=Deed.choices)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(
        USER, verbose_name="办理人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField("办理人姓名", max_length=60, help_text="留言人、系统或同事的姓名。")
    note = models.TextField("说明", max_length=3000, blank=True)
    unit = models.ForeignKey(
        Unit, verbose_name="交给单位", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    person = models.ForeignKey(
        USER, verbose_name="交给", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    was_late = models.BooleanField("超过环节期限", default=False)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = "办理记录"
        verbose_name_plural = "办理记录"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.message} {self.get_deed_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row.

        Raises:
            AppendOnly: it is in the log already.
        """
        if not self._state.adding:
            raise AppendOnly("办理记录只能追加。")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("办理记录不能删除。")
