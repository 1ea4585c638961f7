"""Sources and runs. Data and questions only; actions are in ``services``."""

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from rankings.evidence.models import Sighting
from rankings.models import Board, SourceKind
from rankings.periods import Month

from .addresses import PatternError, address_for
from .fetch_errors import AddressRefused
from .fetching import check_address

DEFAULT_DAYS = "1,2,3,8,9,10"
# Longer than any run can take and any task may last: whoever is silent this long is dead.
STALE_AFTER = timedelta(minutes=10)


def _days(text: str) -> list[int]:
    """The days in ``1,2,3`` in order; raises ``ValidationError``."""
    parts = [part for part in re.split(r"[\s,，、;；]+", text) if part]
    if not parts or not all(part.isdecimal() and 1 <= int(part) <= 28 for part in parts):
        raise ValidationError("请填写 1 到 28 之间的日子，用逗号分开，例如 1,2,3,8,9,10。")
    return sorted({int(part) for part in parts})


def validate_days(text: str) -> None:
    _days(text)


class Source(ClusterableModel):
    """A place that prints a monthly list, and when to look there."""

    key = models.SlugField(
        "编号", max_length=64, unique=True, help_text="小写英文字母、数字和连字符，定下后不再改变。"
    )
    name = models.CharField("名称", max_length=120)
    source_kind = models.CharField(
        "来源种类",
        max_length=16,
        choices=SourceKind.choices,
        default=SourceKind.MEDIA,
        help_text="只有“发布机构”和“官方转载”的名次入库即为已核实，其余记为据报道。",
    )
    source_name = models.CharField("来源名称", max_length=120, help_text="写入名次记录的来源。")
    address = models.CharField(
        "地址模板",
        max_length=500,
        help_text="年份写 {year}，月份写 {month}（1）或 {month:02d}（01）。",
    )
    allowed_hosts = models.TextField(
        "允许的主机",
        help_text="每行一个，例如 www.example.gov.cn。跳转到其他主机时不予抓取。",
    )
    days = models.CharField(
        "每月抓取日",
        max_length=80,
        default=DEFAULT_DAYS,
        validators=[validate_days],
        help_text="用逗号分开。已经入库的月份，8 日起仍会再取一次，以便发现更正。",
    )
    hour = models.PositiveSmallIntegerField(
        "几点起", default=9, validators=[MaxValueValidator(23)], help_text="0 到 23，北京时间。"
    )
    active = models.BooleanField("按时抓取", default=True)
    is_example = models.BooleanField("示例数据", default=False)
    note = models.TextField("备注", blank=True)
    changed_at = models.DateTimeField("修改时间", auto_now=True)

    class Meta:
        verbose_name = "来源"
        verbose_name_plural = "来源"
        ordering = ["is_example", "name", "key"]
        permissions = [("run_source", "可以抓取来源")]

    def __str__(self) -> str:
        return f"{self.name}（示例）" if self.is_example else self.name

    def clean(self) -> None:
        """Find a pattern that could never be fetched while its author still looks at it."""
        super().clean()
        if not self.address or not self.allowed_hosts:
            return
        try:
            check_address(address_for(self.address, Month(2019, 8)), self.hosts)
        except (PatternError, AddressRefused) as error:
            raise ValidationError({"address": str(error)}) from error

    @property
    def hosts(self) -> list[str]:
        return self.allowed_hosts.lower().split()

    @property
    def day_list(self) -> list[int]:
        return _days(self.days)

    def address_of(self, month: Month) -> str:
        """Raises ``PatternError``."""
        return address_for(self.address, month)


class SourceBoard(Orderable):
    """Which board a listing of the page is, told by its heading."""

    source = ParentalKey(
        Source, verbose_name="来源", on_delete=models.CASCADE, related_name="boards"
    )
    heading = models.CharField(
        "标题中的文字",
        max_length=120,
        blank=True,
        help_text="页面上榜单标题里包含的文字；页面只有一个榜单时可以留空。",
    )
    board = models.ForeignKey(
        Board,
        verbose_name="榜单",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="source_boards",
        help_text="留空表示页面上的这个榜单不入库。",
    )

    class Meta(Orderable.Meta):
        verbose_name = "页面上的榜单"
        verbose_name_plural = "页面上的榜单"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "heading"],
                name="scrapers_sourceboard_heading",
                violation_error_message="同一来源里有两行标题文字相同，请合并或改写。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading or '（唯一的榜单）'} → {self.board or '不入库'}"


class RunState(models.TextChoices):
    """``NOT_DUE`` is shown for a source; no run is ever stored with it."""

    NOT_DUE = "not_due", "未到期"
    DUE = "due", "待抓取"
    RUNNING = "running", "抓取中"
    RECORDED = "recorded", "已入库"
    UNCHANGED = "unchanged", "无变化"
    REVIEW = "review", "待核"
    TRANSCRIPTION = "transcription", "待转录"
    REJECTED = "rejected", "已驳回"
    FAILED = "failed", "失败"


OPEN_STATES = (RunState.DUE, RunState.RUNNING)
WAITING_STATES = (RunState.REVIEW, RunState.TRANSCRIPTION)
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


class RunQuerySet(models.QuerySet["Run"]):
    def open(self) -> "RunQuerySet":
        return self.filter(state__in=OPEN_STATES)

    def waiting(self) -> "RunQuerySet":
        """Runs that a person must look at."""
        return self.filter(state__in=WAITING_STATES)

    def stale(self, now: datetime) -> "RunQuerySet":
        """Open runs whose worker, or whose queue entry, is gone."""
        return self.open().filter(heartbeat_at__lt=now - STALE_AFTER)

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
    extraction = models.JSONField("解析结果", null=True, blank=True)
    extractor_version = models.CharField("解析程序版本", max_length=20, blank=True)
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

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES
