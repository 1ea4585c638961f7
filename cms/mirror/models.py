"""What the mirror knows: what is to be rendered, and which bytes it wrote where."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from .addresses import LONGEST
from .identity import SiteIdentity as SiteIdentity


class MirrorJob(models.Model):
    """An address to be rendered, written in the transaction of the change that it shows.

    Where a thing was shown is known only before its change and written as addresses; where it is
    shown from now on is written as the thing itself, so that publishing stays quick.

    Rows are only added and, once rendered, deleted: people who publish at the same time wait for
    nobody, and a change that comes while its page is being rendered is never lost.
    """

    address = models.CharField("地址", max_length=LONGEST, blank=True, db_index=True)
    # Instead of an address, what has come to be shown: where, the worker finds out.
    subject = models.CharField("对象", max_length=120, blank=True, db_index=True)
    reason = models.CharField("原因", max_length=120)
    requested_at = models.DateTimeField("登记时间", auto_now_add=True)
    attempts = models.PositiveSmallIntegerField("失败次数", default=0)
    error = models.CharField("失败原因", max_length=300, blank=True)
    retry_at = models.DateTimeField("下次尝试", null=True, blank=True)

    class Meta:
        verbose_name = "镜像任务"
        verbose_name_plural = "镜像任务"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.address or self.subject


class MirrorFile(models.Model):
    """A file as the mirror wrote it; what lies on the disk otherwise was altered by others."""

    address = models.CharField("地址", max_length=LONGEST, unique=True)
    status = models.PositiveSmallIntegerField("状态", default=200)
    sha256 = models.CharField("校验值", max_length=64)
    size = models.PositiveIntegerField("字节数")
    written_at = models.DateTimeField("写入时间")

    class Meta:
        verbose_name = "镜像文件"
        verbose_name_plural = "镜像文件"
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address


class DifferenceKind(models.TextChoices):
    """How a file departs from what it should be."""

    MISSING = "missing", "缺少"
    DIFFERENT = "different", "内容不同"
    EXTRA = "extra", "多余"
    COPY = "copy", "压缩副本不符"
    NOTICE = "notice", "应当是撤下说明"
    STRANGER = "stranger", "不是镜像的文件"
    FAILED = "failed", "不能重新生成"


class Alteration(models.Model):
    """A file that somebody other than the mirror altered, removed or put there."""

    address = models.CharField("地址", max_length=1000)
    kind = models.CharField("情况", max_length=20, choices=DifferenceKind.choices)
    kept_as = models.CharField("原样保存在", max_length=1200, blank=True)
    found_at = models.DateTimeField("发现时间", auto_now_add=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="处理人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    seen_at = models.DateTimeField("处理时间", null=True, db_index=True)

    class Meta:
        verbose_name = "镜像改动"
        verbose_name_plural = "镜像改动"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.address}（{self.get_kind_display()}）"


class VerificationRound(models.Model):
    """One comparison of all files, a piece at a time; ``position`` is the last address done."""

    is_full = models.BooleanField("完整核对")
    started_at = models.DateTimeField("开始时间", auto_now_add=True)
    position = models.CharField("核对到", max_length=LONGEST, blank=True)
    checked = models.PositiveIntegerField("已核对", default=0)
    waiting = models.PositiveIntegerField("待更新", default=0)
    outdated = models.PositiveIntegerField("没有更新", default=0)
    altered = models.PositiveIntegerField("被改动", default=0)
    busy_until = models.DateTimeField("占用到", null=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = "镜像核对"
        verbose_name_plural = "镜像核对"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{'完整' if self.is_full else '快速'}核对 {self.started_at:%Y-%m-%d}"


class Closing(models.Model):
    """An emergency: one address (empty: the whole mirror) taken down until somebody restores it."""

    address = models.CharField("地址", max_length=LONGEST, blank=True, db_index=True)
    reason = models.CharField("原因", max_length=300)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="撤下人", on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField("撤下时间", auto_now_add=True)
    restored_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="恢复人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    restored_at = models.DateTimeField("恢复时间", null=True)

    class Meta:
        verbose_name = "紧急撤下"
        verbose_name_plural = "紧急撤下"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["address"],
                condition=models.Q(restored_at=None),
                name="mirror_closed_once",
            )
        ]
        permissions = [
            ("close_mirror", "可以紧急撤下页面或整个镜像"),
            ("view_mirror", "可以看镜像状态"),
            ("rebuild_mirror", "可以重建和核对镜像"),
        ]

    def __str__(self) -> str:
        return self.address or "整个镜像"


class SpecialPeriod(models.Model):
    """Days, both ends included, on which the mirror is grey, or nothing new appears on it.

    Apart from the holiday table: a day of mourning may be a holiday as well.
    """

    first = models.DateField("从")
    last = models.DateField("到（含当天）")
    name = models.CharField("名称", max_length=40)
    is_grey = models.BooleanField("页面变灰", default=False, help_text="哀悼日、公祭日等。")
    is_frozen = models.BooleanField(
        "停止发布",
        default=False,
        help_text="这些天里到点的文章和推送先等着，结束后自动发布；撤稿和更正照常。",
    )

    class Meta:
        verbose_name = "镜像特殊安排"
        verbose_name_plural = "哀悼日与停止发布"
        ordering = ["-first"]

    def __str__(self) -> str:
        return f"{self.name}（{self.first} 至 {self.last}）"

    def clean(self) -> None:
        super().clean()
        if self.first and self.last and self.last < self.first:
            raise ValidationError({"last": "结束日期早于开始日期，请改过来。"})
        if not (self.is_grey or self.is_frozen):
            raise ValidationError("请至少勾选一项：页面变灰，或停止发布。")
