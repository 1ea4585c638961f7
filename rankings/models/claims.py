"""Claims: sentences with their proof frozen, and the posters made of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..periods import Month
from .accounts import COLOUR, Account
from .boards import Board
from .observations import Observation


class ClaimProof(models.TextChoices):
    """How far a claim is proved, as it was when it was frozen."""

    PROVED = "proved", "已逐月核实"
    PARTIAL = "partial", "部分核实"
    REPORTED = "reported", "仅有报道"


class ClaimStatus(models.TextChoices):
    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "有效"
    REVIEW = "review", "需复核"
    REJECTED = "rejected", "已退回"
    WITHDRAWN = "withdrawn", "已撤回"


class Superlative(models.TextChoices):
    NONE = "", "不写最高级"
    FIRST_EVER = "first_ever", "首个"
    ONLY = "only", "唯一"
    WHOLE_PROVINCE = "whole_province", "全省第一"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def holding(self) -> "ClaimQuerySet":
        """Approved and not in doubt: what may be printed."""
        return self.filter(status=ClaimStatus.APPROVED)

    def watched(self) -> "ClaimQuerySet":
        """Claims that somebody may have relied on: checked again at every change."""
        return self.filter(
            status__in=[ClaimStatus.PROPOSED, ClaimStatus.APPROVED, ClaimStatus.REVIEW]
        )


class Claim(models.Model):
    """A sentence such as 连续24个月列第一, with everything it rests on.

    ``frozen`` is the proof as plain values (``rankings.claims.freezing``), ``frozen_sha256`` its
    hash. Neither they nor the sentence ever change: what no longer holds is 需复核 or withdrawn.
    """

    # The only fields a later act may touch.
    MUTABLE = frozenset(
        {
            "status",
            "decided_by",
            "decided_at",
            "decision_reason",
            "verified_at",
            "findings",
            "review_since",
            "public_note",
        }
    )

    number = models.CharField("编号", max_length=20, unique=True)
    board = models.ForeignKey(
        Board, verbose_name="榜单", on_delete=models.PROTECT, related_name="claims"
    )
    account = models.ForeignKey(
        Account, verbose_name="公众号", on_delete=models.PROTECT, related_name="claims"
    )
    proof = models.CharField("核实程度", max_length=10, choices=ClaimProof.choices)
    superlative = models.CharField(
        "最高级说法",
        max_length=16,
        choices=Superlative.choices,
        default=Superlative.NONE,
        blank=True,
    )
    start = models.PositiveIntegerField("起始统计月序号")
    end = models.PositiveIntegerField("截止统计月序号")
    length = models.PositiveIntegerField("月数")
    text = models.TextField("结论")
    frozen = models.JSONField("证明材料")
    frozen_sha256 = models.CharField("证明材料哈希", max_length=64)
    observations = models.ManyToManyField(
        Observation, verbose_name="所依据的名次记录", related_name="claims"
    )
    status = models.CharField(
        "情况", max_length=10, choices=ClaimStatus.choices, default=ClaimStatus.PROPOSED
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="起草人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField("起草时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="批准人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("批准时间", null=True, blank=True)
    decision_reason = models.CharField("退回或撤回理由", max_length=300, blank=True)
    verified_at = models.DateTimeField("最近核验时间", null=True, blank=True)
    findings = models.JSONField("核验发现", default=list, blank=True)
    review_since = models.DateTimeField("需复核起", null=True, blank=True)
    public_note = models.CharField(
        "对外说明", max_length=300, blank=True, help_text="结论需复核或撤回后，印在公开页面上的话。"
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = "结论"
        verbose_name_plural = "结论"
        ordering = ["-made_at", "-pk"]
        permissions = [
            ("make_claim", "可以起草和撤回结论"),
            ("approve_claim", "可以批准结论"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gte=F("start")), name="rankings_claim_end_after_start"
            ),
            models.CheckConstraint(condition=Q(length__gte=1), name="rankings_claim_length"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change what was frozen."""
        fields = kwargs.get("update_fields")
        if not self._state.adding and (fields is None or not self.MUTABLE.issuperset(fields)):
            raise TypeError("A claim is never changed; withdraw it and make a new one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Claims are history: they are withdrawn, never removed."""
        raise TypeError("A claim is never deleted; withdraw it instead.")

    @property
    def holds(self) -> bool:
        return self.status == ClaimStatus.APPROVED

    @property
    def first_month(self) -> Month:
        return Month.from_index(self.start)

    @property
    def last_month(self) -> Month:
        return Month.from_index(self.end)


class PosterLayout(models.TextChoices):
    COVER = "cover", "封面（900×383）"
    SQUARE = "square", "方图（1∶1）"
    LONG = "long", "长图"


class Poster(models.Model):
    """A picture of a proved claim; its bytes are kept as evidence and never change."""

    claim = models.ForeignKey(
        Claim, verbose_name="结论", on_delete=models.PROTECT, related_name="posters"
    )
    layout = models.CharField("版式", max_length=8, choices=PosterLayout.choices)
    colour = models.CharField("主色", max_length=7, validators=[COLOUR])
    width = models.PositiveIntegerField("宽（像素）")
    height = models.PositiveIntegerField("高（像素）")
    capture = models.ForeignKey(
        "evidence.Capture", verbose_name="图片", on_delete=models.PROTECT, related_name="posters"
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="制作人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField("制作时间", auto_now_add=True)

    class Meta:
        verbose_name = "战报海报"
        verbose_name_plural = "战报海报"
        ordering = ["-made_at", "-pk"]
        permissions = [("make_poster", "可以制作海报")]

    def __str__(self) -> str:
        return f"{self.claim.number} {self.get_layout_display()}"

    @property
    def usable(self) -> bool:
        """Whether the claim on it still holds."""
        return self.claim.holds
