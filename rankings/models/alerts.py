"""Alerts about the rankings, who has read them, and which competitors are watched."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models

from .accounts import Account
from .boards import Board


class AlertKind(models.TextChoices):
    MONTH_OUT = "month_out", "新一期出榜"
    LOST_FIRST = "lost_first", "失去第一"
    TIE = "tie", "并列第一"
    LATE = "late", "榜单迟发"
    LAYOUT = "layout", "页面版式变化"
    FAILING = "failing", "抓取连续失败"
    STREAK_CHANGED = "streak_changed", "更正改变连续月数"
    MILESTONE = "milestone", "里程碑"
    COMPETITOR = "competitor", "对手接近"
    CLAIM_REVIEW = "claim_review", "结论需复核"


class AlertLevel(models.TextChoices):
    INFO = "info", "知悉"
    WARNING = "warning", "留意"
    ALARM = "alarm", "紧急"


class Alert(models.Model):
    """Something the office should know. ``key`` makes the same news appear once."""

    kind = models.CharField("种类", max_length=16, choices=AlertKind.choices)
    key = models.CharField(max_length=160, unique=True, editable=False)
    level = models.CharField("程度", max_length=8, choices=AlertLevel.choices)
    board = models.ForeignKey(
        Board,
        verbose_name="榜单",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="alerts",
    )
    account = models.ForeignKey(
        Account,
        verbose_name="公众号",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="alerts",
    )
    month = models.PositiveIntegerField("统计月序号", null=True, blank=True)
    message = models.CharField("内容", max_length=300)
    url = models.CharField("去看看", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    # Set once everybody who wants it by mail has been sent it.
    mailed_at = models.DateTimeField("邮件发出时间", null=True, blank=True)
    mail_error = models.CharField("邮件没有发出的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "提醒"
        verbose_name_plural = "提醒"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.message


class AlertReading(models.Model):
    """Who has read an alert."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    read_at = models.DateTimeField("阅读时间", auto_now_add=True)

    class Meta:
        verbose_name = "提醒阅读记录"
        verbose_name_plural = "提醒阅读记录"
        constraints = [
            models.UniqueConstraint(fields=["alert", "user"], name="rankings_alertreading_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.alert}"


class AlertMail(models.Model):
    """One alert to one person by mail: sent once, retried until it is sent."""

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="mails")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    # Until then it is somebody's who is sending it, or rests after a failure.
    next_at = models.DateTimeField("下次尝试", null=True, blank=True)
    error = models.CharField("没有发出的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "提醒邮件"
        verbose_name_plural = "提醒邮件"
        constraints = [
            models.UniqueConstraint(fields=["alert", "user"], name="rankings_alertmail_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.alert}"


class AlertPreference(models.Model):
    """Which kinds a person wants by mail; without a row, those of level 紧急."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="ranking_alerts"
    )
    mail_kinds = models.JSONField("用邮件提醒的种类", default=list, blank=True)

    class Meta:
        verbose_name = "提醒设置"
        verbose_name_plural = "提醒设置"

    def __str__(self) -> str:
        return f"{self.user} 的提醒设置"


class Watch(models.Model):
    """A competitor that is watched on a board; chosen accounts stand in the head-to-head."""

    board = models.ForeignKey(
        Board, verbose_name="榜单", on_delete=models.CASCADE, related_name="watches"
    )
    account = models.ForeignKey(
        Account, verbose_name="公众号", on_delete=models.CASCADE, related_name="watches"
    )
    margin = models.DecimalField(
        "指数差距",
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="与本账号的指数相差不超过这么多时提醒；留空则只在名次超过本账号时提醒。",
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="设置人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField("设置时间", auto_now_add=True)

    class Meta:
        verbose_name = "关注的公众号"
        verbose_name_plural = "关注的公众号"
        ordering = ["board", "account"]
        permissions = [("watch_account", "可以设置关注的公众号")]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "account"],
                name="rankings_watch_once",
                violation_error_message="这个公众号在这个榜单上已经关注了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.board} {self.account}"
