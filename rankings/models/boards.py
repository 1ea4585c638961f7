"""Boards, the other names they are printed under, and the written links between them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from ..periods import Month
from .names import WEB_ADDRESS, DatedName


class PeriodKind(models.TextChoices):
    MONTH = "month", "月"
    WEEK = "week", "周"
    DAY = "day", "日"
    CUSTOM = "custom", "自定"


class Board(models.Model):
    """A ranking list: publisher, name, scope and metric."""

    key = models.SlugField(
        "编号", max_length=64, unique=True, help_text="小写英文字母、数字和连字符，定下后不再改变。"
    )
    publisher = models.CharField("发布机构", max_length=120, blank=True)
    name = models.CharField("名称", max_length=120)
    scope = models.CharField("范围", max_length=60, blank=True, help_text="例如：县级。")
    metric = models.CharField("指标", max_length=60, blank=True, help_text="例如：WCI。")
    period_kind = models.CharField(
        "统计期", max_length=8, choices=PeriodKind.choices, default=PeriodKind.MONTH
    )
    list_size = models.PositiveIntegerField(
        "公布名次数", null=True, blank=True, help_text="只公布前 N 名时填 N；公布全部时留空。"
    )
    first_month = models.PositiveIntegerField(
        "首期统计月序号",
        null=True,
        blank=True,
        editable=False,
        help_text="年×12＋月－1；知道榜单从哪个月办起时才有。",
    )
    issue_day = models.PositiveSmallIntegerField(
        "通常发布日",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(28)],
        help_text="次月几日前后发布，例如 8；不知道时留空。",
    )
    late_days = models.PositiveSmallIntegerField(
        "宽限天数",
        default=15,
        help_text="过了通常发布日（没有填时按次月 1 日）多少天还没有名次，就提醒“榜单迟发”。",
    )
    is_example = models.BooleanField(
        "示例数据", default=False, help_text="示例榜单在每个页面都标明“示例”。"
    )
    note = models.TextField("备注", blank=True)

    class Meta:
        verbose_name = "榜单"
        verbose_name_plural = "榜单"
        ordering = ["is_example", "name", "key"]

    def __str__(self) -> str:
        return f"{self.name}（示例）" if self.is_example else self.name

    @property
    def is_monthly(self) -> bool:
        return self.period_kind == PeriodKind.MONTH


class BoardAlias(DatedName):
    """Another name under which sources print a board."""

    board = models.ForeignKey(
        Board, verbose_name="榜单", on_delete=models.CASCADE, related_name="aliases"
    )

    class Meta:
        verbose_name = "榜单别名"
        verbose_name_plural = "榜单别名"
        ordering = ["name", "pk"]


class LinkStatus(models.TextChoices):
    PROPOSED = "proposed", "待复核"
    CONFIRMED = "confirmed", "已生效"
    REJECTED = "rejected", "已退回"
    WITHDRAWN = "withdrawn", "已撤销"


class BoardLink(models.Model):
    """The written word that a series goes on across a renaming or a change of method.

    ``later`` continues ``earlier`` from ``month`` on; both are the same board when only its method
    changed. Without a confirmed link a streak ends there (docs/streak-rules.md §2, case 4).
    """

    # The only fields a later act may touch.
    MUTABLE = frozenset({"status", "decided_by", "decided_at", "decision_reason"})

    earlier = models.ForeignKey(
        Board, verbose_name="前身榜单", on_delete=models.PROTECT, related_name="links_onward"
    )
    later = models.ForeignKey(
        Board, verbose_name="后续榜单", on_delete=models.PROTECT, related_name="links_back"
    )
    month = models.PositiveIntegerField(
        "衔接的统计月序号", help_text="后续榜单（方法）的第一个月。"
    )
    earlier_method = models.CharField("原计算方法", max_length=60, blank=True)
    later_method = models.CharField("新计算方法", max_length=60, blank=True)
    reason = models.CharField("衔接理由", max_length=300)
    source_url = models.CharField("依据网址", max_length=500, blank=True, validators=[WEB_ADDRESS])
    capture = models.ForeignKey(
        "evidence.Capture",
        verbose_name="存证",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="board_links",
    )
    status = models.CharField(
        "情况", max_length=12, choices=LinkStatus.choices, default=LinkStatus.PROPOSED
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="提出人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    linked_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("复核时间", null=True, blank=True)
    decision_reason = models.CharField("退回或撤销理由", max_length=300, blank=True)

    class Meta:
        verbose_name = "榜单衔接"
        verbose_name_plural = "榜单衔接"
        ordering = ["later", "month", "pk"]
        permissions = [("link_board", "可以提出和撤销榜单衔接")]
        constraints = [
            models.UniqueConstraint(
                fields=["later", "month"],
                condition=Q(status__in=["proposed", "confirmed"]),
                name="rankings_link_one_a_month",
            ),
        ]

    def __str__(self) -> str:
        if self.within_board:
            return f"{self.later} {self.since.label}起换计算方法"
        return f"{self.later} {self.since.label}起接续 {self.earlier}"

    @property
    def since(self) -> Month:
        return Month.from_index(self.month)

    @property
    def within_board(self) -> bool:
        """Whether only the method changed."""
        return self.earlier_id == self.later_id
