"""Reading stored pages again with a newer extractor, and what would differ."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .runs import Run

# Longer than any one page takes to read.
SILENT_AFTER = timedelta(minutes=2)


class ReplayState(models.TextChoices):
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"


class Replay(models.Model):
    """One pass over the stored captures; ``position`` is the last run read, to go on from."""

    version = models.CharField("解析程序版本", max_length=20)
    state = models.CharField(
        "状态", max_length=10, choices=ReplayState.choices, default=ReplayState.RUNNING
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="发起人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # Which runs are read: ``source`` (a key), ``first`` and ``last`` (month indexes); all optional.
    scope = models.JSONField("范围", default=dict, blank=True)
    position = models.PositiveBigIntegerField("读到的抓取记录", default=0)
    read = models.PositiveIntegerField("已读页面", default=0)
    unreadable = models.PositiveIntegerField("读不出的存证", default=0)
    started_at = models.DateTimeField("开始时间", default=timezone.now)
    heartbeat_at = models.DateTimeField("最近动静", default=timezone.now)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "重放"
        verbose_name_plural = "重放"
        ordering = ["-id"]
        permissions = [("run_replay", "可以用新的解析程序重放存证")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="running"), name="scrapers_replay_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"第 {self.pk} 次重放"

    def is_silent(self, now: datetime) -> bool:
        """Whether its worker must be gone; it may then be taken up where it stood."""
        return abs(now - self.heartbeat_at) > SILENT_AFTER


class DifferenceState(models.TextChoices):
    OPEN = "open", "待处理"
    APPLIED = "applied", "已送核对"
    DISMISSED = "dismissed", "不采用"


class ReplayDifference(models.Model):
    """What one stored page would now be read as; nothing is written before a person says so."""

    replay = models.ForeignKey(
        Replay, verbose_name="重放", on_delete=models.CASCADE, related_name="differences"
    )
    run = models.ForeignKey(
        Run, verbose_name="抓取记录", on_delete=models.CASCADE, related_name="differences"
    )
    changes = models.JSONField("不同之处", default=list)
    # Empty where the evidence could not be read.
    extraction = models.JSONField("新的解析结果", default=dict, blank=True)
    state = models.CharField(
        "状态", max_length=10, choices=DifferenceState.choices, default=DifferenceState.OPEN
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = "重放的不同之处"
        verbose_name_plural = "重放的不同之处"
        ordering = ["replay", "run"]
        constraints = [
            models.UniqueConstraint(fields=["replay", "run"], name="scrapers_difference_once")
        ]

    def __str__(self) -> str:
        return f"{self.replay}：{self.run}"

    @property
    def is_unreadable(self) -> bool:
        """The evidence could not be read: there is nothing to apply."""
        return not self.extraction
