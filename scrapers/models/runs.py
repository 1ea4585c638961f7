"""Runs: one look at a source for one month, and what came of it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from rankings.evidence.models import Sighting
from rankings.periods import Month

from .sources import Source

# Longer than any run can take and any task may last: whoever is silent this long is dead.
STALE_AFTER = timedelta(minutes=10)


class RunState(models.TextChoices):
    """``NOT_DUE`` is shown for a source; no run is ever stored with it."""

    NOT_DUE = "not_due", "未到期"
    DUE = "due", "待抓取"
    RUNNING = "running", "抓取中"
    RECORDED = "recorded", "已入库"
    UNCHANGED = "unchanged", "无变化"
    REVIEW = "review", "待核"
    TRANSCRIPTION = "transcription", "待转录"
    CHECK = "check", "待第二人核对"
    REJECTED = "rejected", "已驳回"
    FAILED = "failed", "失败"


OPEN_STATES = (RunState.DUE, RunState.RUNNING)
WAITING_STATES = (RunState.REVIEW, RunState.TRANSCRIPTION, RunState.CHECK)
# The month's list is there: it is not looked for again until revisions are due.
SETTLED_STATES = (RunState.RECORDED, *WAITING_STATES)


class Step(models.TextChoices):
    """How far a run has come, in order."""

    FETCH = "fetch", "抓取"
    STORE = "store", "存证"
    EXTRACT = "extract", "解析"
    CHECK = "check", "核对"
    RECORD = "record", "入库"


class Trigger(models.TextChoices):
    SCHEDULE = "schedule", "按时"
    BUTTON = "button", "按钮"
    COMMAND = "command", "命令"
    BACKFILL = "backfill", "补抓"
    REPLAY = "replay", "重放"
    TRIAL = "trial", "试抓"


# What these put before a person is no look at the source in its turn.
ASIDE_TRIGGERS = (Trigger.REPLAY, Trigger.TRIAL)


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> "RunQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> "RunQuerySet":
        """Runs that a person must look at."""
        return self.filter(state__in=WAITING_STATES)

    def stale(self, now: datetime, silent: timedelta = STALE_AFTER) -> "RunQuerySet":
        """Open runs whose worker, or whose queue entry, is gone, ``silent`` that long."""
        lost = Q(heartbeat_at__lt=now - silent) | Q(heartbeat_at__gt=now + silent)
        return self.open().filter(lost)

    def for_month(self, month: Month) -> "RunQuerySet":
        return self.filter(month=month.index)


class Run(models.Model):
    """One look at a source for one month, from the request to what a person decided."""

    source = models.ForeignKey(
        Source, verbose_name="来源", on_delete=models.PROTECT, related_name="runs"
    )
    month = models.PositiveIntegerField("统计月序号", help_text="年×12＋月－1。")
    trigger = models.CharField("发起方式", max_length=10, choices=Trigger.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="发起人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.CharField(
        "指定的网址",
        max_length=2000,
        blank=True,
        help_text="在目录页上找到的文章；留空时按来源的地址模板。",
    )
    state = models.CharField(
        "状态", max_length=14, choices=RunState.choices, default=RunState.DUE, db_index=True
    )
    step = models.CharField("步骤", max_length=10, choices=Step.choices, blank=True)
    reason = models.TextField("说明", blank=True)
    sighting = models.ForeignKey(
        Sighting,
        verbose_name="取得记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="runs",
    )
    screenshot = models.ForeignKey(
        Sighting,
        verbose_name="截图",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    # How much of the page's structure is as it was on the last accepted one, 0 to 1.
    similarity = models.FloatField("与上次页面的相似度", null=True, blank=True)
    extraction = models.JSONField("解析结果", null=True, blank=True)
    extractor_version = models.CharField("解析程序版本", max_length=20, blank=True)
    # Cells typed by people: what the machine read is never overwritten.
    edits = models.JSONField("人工改动", default=list, blank=True)
    # What the first person decided while a second one has still to look.
    decision = models.JSONField("第一人的决定", null=True, blank=True)
    counts = models.JSONField("入库数量", default=dict, blank=True)
    attempts = models.PositiveSmallIntegerField("执行次数", default=0)
    requested_at = models.DateTimeField("提出时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    heartbeat_at = models.DateTimeField("最近动静", default=timezone.now)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="核对人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("核对时间", null=True, blank=True)
    decision_reason = models.CharField("核对理由", max_length=300, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="第二核对人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_at = models.DateTimeField("第二人核对时间", null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "抓取记录"
        verbose_name_plural = "抓取记录"
        ordering = ["-id"]
        permissions = [("review_run", "可以核对抓取结果")]
        indexes = [models.Index(fields=["source", "month", "state"], name="scrapers_run_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=Q(state__in=["due", "running"]),
                name="scrapers_run_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state="not_due"), name="scrapers_run_never_not_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.statistics_month.label}"

    @property
    def statistics_month(self) -> Month:
        return Month.from_index(self.month)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def is_silent(self, now: datetime) -> bool:
        """Whether its worker must be gone. A heartbeat in the future is a clock's that was off."""
        return abs(now - self.heartbeat_at) > STALE_AFTER

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES


class RunPicture(models.Model):
    """A picture of the run's page that may show a listing; ``board`` counts listings from 0."""

    run = models.ForeignKey(
        Run, verbose_name="抓取记录", on_delete=models.CASCADE, related_name="pictures"
    )
    board = models.PositiveSmallIntegerField("页面上第几个榜单")
    number = models.PositiveSmallIntegerField("榜单的第几张图")
    url = models.CharField("图片地址", max_length=2000)
    sighting = models.ForeignKey(
        Sighting,
        verbose_name="取得记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    problem = models.TextField("没有取得或没有读出的原因", blank=True)
    reading = models.JSONField("识别结果", null=True, blank=True)
    read_at = models.DateTimeField("识别时间", null=True, blank=True)
    # Begun and not finished; work that kills its worker is not tried for ever.
    attempts = models.PositiveSmallIntegerField("未完成的尝试", default=0)

    class Meta:
        verbose_name = "页面上的图片"
        verbose_name_plural = "页面上的图片"
        ordering = ["run", "board", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "board", "number"], name="scrapers_runpicture_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.run} 第{self.board + 1}个榜单图{self.number + 1}"
