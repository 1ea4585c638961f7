"""Monthly briefs: frozen when issued, archived as files, never rewritten."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..periods import Month
from .accounts import Account
from .boards import Board
from .observations import Observation


class BriefStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    ISSUED = "issued", "已签发"


class BriefFormat(models.TextChoices):
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    PDF = "pdf", "PDF"


class BriefTemplate(models.Model):
    """A Word template the office edited; the newest one in use makes new briefs."""

    name = models.CharField("名称", max_length=120)
    capture = models.ForeignKey(
        "evidence.Capture", verbose_name="文件", on_delete=models.PROTECT, related_name="+"
    )
    is_active = models.BooleanField("在用", default=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="上传人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "简报模板"
        verbose_name_plural = "简报模板"
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"],
                condition=Q(is_active=True),
                name="rankings_brieftemplate_one_active",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Brief(models.Model):
    """月度简报 of an account on a board. Once issued, ``document`` and files never change."""

    # The only fields a later act may touch once it is issued.
    MUTABLE = frozenset({"findings", "review_since", "verified_at"})

    number = models.CharField("编号", max_length=20, unique=True, null=True, blank=True)
    board = models.ForeignKey(
        Board, verbose_name="榜单", on_delete=models.PROTECT, related_name="briefs"
    )
    account = models.ForeignKey(
        Account, verbose_name="公众号", on_delete=models.PROTECT, related_name="briefs"
    )
    month = models.PositiveIntegerField("统计月序号")
    title = models.CharField("标题", max_length=120)
    remarks = models.TextField("编者的话", blank=True)
    status = models.CharField(
        "情况", max_length=8, choices=BriefStatus.choices, default=BriefStatus.DRAFT
    )
    document = models.JSONField("内容", default=dict, blank=True)
    observations = models.ManyToManyField(
        Observation, verbose_name="所依据的名次记录", related_name="briefs"
    )
    template = models.ForeignKey(
        BriefTemplate,
        verbose_name="模板",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    replaces = models.ForeignKey(
        "self",
        verbose_name="更正哪一期",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="编写人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField("编写时间", auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="签发人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    issued_at = models.DateTimeField("签发时间", null=True, blank=True)
    verified_at = models.DateTimeField("最近核验时间", null=True, blank=True)
    findings = models.JSONField("核验发现", default=list, blank=True)
    review_since = models.DateTimeField("需复核起", null=True, blank=True)

    class Meta:
        verbose_name = "月度简报"
        verbose_name_plural = "月度简报"
        ordering = ["-month", "-pk"]
        permissions = [
            ("make_brief", "可以编写简报"),
            ("issue_brief", "可以签发简报"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", number=None, issued_at=None)
                | Q(status="issued", number__isnull=False, issued_at__isnull=False),
                name="rankings_brief_number_iff_issued",
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}" if self.number else self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to rewrite an issued brief."""
        fields = kwargs.get("update_fields")
        if (
            not self._state.adding
            and (fields is None or not self.MUTABLE.issuperset(fields))
            and Brief.objects.filter(pk=self.pk, status=BriefStatus.ISSUED).exists()
        ):
            raise TypeError("An issued brief is never rewritten; issue a corrected one.")
        super().save(*args, **kwargs)

    @property
    def statistics_month(self) -> Month:
        return Month.from_index(self.month)

    @property
    def needs_review(self) -> bool:
        return self.review_since is not None

    @property
    def correction(self) -> "Brief | None":
        """The issued brief that corrects this one."""
        issued = [row for row in self.replaced_by.all() if row.status == BriefStatus.ISSUED]
        return issued[0] if issued else None

    @property
    def situation(self) -> str:
        """草稿, 已签发, 需复核, or 已由某期更正."""
        if (correction := self.correction) is not None:
            return f"已由 {correction.number} 更正"
        return "需复核" if self.needs_review else str(self.get_status_display())


class BriefFile(models.Model):
    """An issued brief in one format; the bytes are kept as evidence."""

    brief = models.ForeignKey(
        Brief, verbose_name="简报", on_delete=models.PROTECT, related_name="files"
    )
    format = models.CharField("格式", max_length=4, choices=BriefFormat.choices)
    capture = models.ForeignKey(
        "evidence.Capture", verbose_name="文件", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "简报文件"
        verbose_name_plural = "简报文件"
        ordering = ["brief", "format"]
        constraints = [
            models.UniqueConstraint(fields=["brief", "format"], name="rankings_brieffile_one_each")
        ]

    def __str__(self) -> str:
        return f"{self.brief} {self.get_format_display()}"
