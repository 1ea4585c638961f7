"""What sources state about places, in versions."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..periods import Month, Period
from .accounts import Account
from .boards import Board, PeriodKind
from .names import WEB_ADDRESS


class State(models.TextChoices):
    RANKED = "ranked", "有名次"
    ABSENT = "absent", "未上榜"
    NOT_ISSUED = "not_issued", "未发布"
    UNKNOWN = "unknown", "不详"


class Status(models.TextChoices):
    CONFIRMED = "confirmed", "已核实"
    PROPOSED = "proposed", "待复核"
    REPORTED = "reported", "据报道"
    REJECTED = "rejected", "已退回"


class SourceKind(models.TextChoices):
    """In order of weight: an earlier kind wins over a later one."""

    PUBLISHER = "publisher", "发布机构"
    OFFICIAL_REPOST = "official_repost", "官方转载"
    MEDIA = "media", "媒体报道"
    MIRROR = "mirror", "转载镜像"
    SELF = "self", "自述"


class Edition(models.TextChoices):
    FINAL = "final", "正式"
    PRELIMINARY = "preliminary", "初步"


class Origin(models.TextChoices):
    IMPORT = "import", "导入"
    SCRAPE = "scrape", "抓取"
    HAND = "hand", "手工录入"


class ObservationQuerySet(models.QuerySet["Observation"]):
    """The questions streaks, screens and importers ask."""

    def current(self) -> "ObservationQuerySet":
        """Newest versions, among them proposals that wait for the second person."""
        return self.filter(is_current=True)

    def in_force(self) -> "ObservationQuerySet":
        """What counts now: current and not merely proposed."""
        return self.filter(is_current=True, status__in=[Status.CONFIRMED, Status.REPORTED])

    def waiting(self) -> "ObservationQuerySet":
        """Proposals on which the second person has yet to decide."""
        return self.filter(is_current=True, status=Status.PROPOSED)


# What identifies a statement: who says something about which account on which list.
STATEMENT_KEY = ("board", "start", "end", "account", "source_kind", "source_name", "edition")
_NOT_PROPOSED = Q(status__in=[Status.CONFIRMED, Status.REPORTED])
_IN_FORCE = Q(is_current=True) & _NOT_PROPOSED


class Observation(models.Model):
    """One source's statement about (board, period, account).

    Content is never changed: a correction is a new version that supersedes the old one. A proposed
    version stands beside the one in force until the second person confirms it.
    """

    # The only fields a later act may touch.
    MUTABLE = frozenset(
        {
            "is_current",
            "status",
            "confirmed_by",
            "confirmed_at",
            "rejected_by",
            "rejected_at",
            "rejection",
        }
    )

    board = models.ForeignKey(
        Board,
        verbose_name="榜单",
        on_delete=models.PROTECT,
        related_name="observations",
        db_index=False,  # led by the composite index below
    )
    period_kind = models.CharField("统计期种类", max_length=8, choices=PeriodKind.choices)
    start = models.DateField("统计期起")
    end = models.DateField("统计期止")
    month = models.PositiveIntegerField(
        "统计月序号", null=True, blank=True, help_text="年×12＋月－1，只有整月才有。"
    )
    account = models.ForeignKey(
        Account,
        verbose_name="公众号",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observations",
    )
    state = models.CharField("状态", max_length=12, choices=State.choices)
    rank = models.PositiveIntegerField("名次", null=True, blank=True)
    tied = models.BooleanField("并列", default=False)
    unit = models.CharField("主体单位", max_length=120, blank=True)
    status = models.CharField("核实情况", max_length=12, choices=Status.choices)
    source_kind = models.CharField(
        "来源种类", max_length=16, choices=SourceKind.choices, default=SourceKind.MEDIA
    )
    source_name = models.CharField("来源", max_length=120, blank=True)
    source_url = models.CharField("来源网址", max_length=500, blank=True, validators=[WEB_ADDRESS])
    edition = models.CharField(
        "版次", max_length=12, choices=Edition.choices, default=Edition.FINAL
    )
    published = models.DateField("发布日期", null=True, blank=True)
    list_size = models.PositiveIntegerField("公布名次数", null=True, blank=True)
    method = models.CharField("计算方法", max_length=60, blank=True)
    figures = models.JSONField("数值", default=dict, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    capture = models.ForeignKey(
        "evidence.Capture",
        verbose_name="存证",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="observations",
    )
    version = models.PositiveIntegerField("版本", default=1)
    supersedes = models.ForeignKey(
        "self",
        verbose_name="取代",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    is_current = models.BooleanField("现行", default=True)
    reason = models.CharField("更正理由", max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="录入人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    recorded_at = models.DateTimeField("录入时间", auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    confirmed_at = models.DateTimeField("复核时间", null=True, blank=True)
    # A proposal sent back by the second person, or taken back by who made it.
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="退回人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    rejected_at = models.DateTimeField("退回时间", null=True, blank=True)
    rejection = models.CharField("退回理由", max_length=300, blank=True)
    origin = models.CharField("录入方式", max_length=8, choices=Origin.choices)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = "名次记录"
        verbose_name_plural = "名次记录"
        ordering = ["board", "start", "rank", "pk"]
        permissions = [
            ("record_observation", "可以录入和更正名次"),
            ("confirm_observation", "可以复核名次"),
            ("import_rankings", "可以导入名次"),
            ("view_report", "可以查看排名报告"),
        ]
        indexes = [
            models.Index(fields=["board", "month", "is_current"], name="rankings_obs_month"),
            # For the streaks of a whole board (streak_sql): who was called first, which months and
            # methods there are, and what is said of an account in a month, all without the rows.
            models.Index(
                fields=["board", "month", "account", "rank", "status", "is_current"],
                condition=_IN_FORCE & Q(rank=1),
                name="rankings_obs_first",
            ),
            models.Index(
                fields=["board", "month", "method"],
                condition=_IN_FORCE,
                name="rankings_obs_method",
            ),
            models.Index(
                fields=[
                    "board",
                    "account",
                    "month",
                    "rank",
                    "status",
                    "source_kind",
                    "edition",
                    "state",
                    "is_current",
                ],
                condition=_IN_FORCE,
                name="rankings_obs_account",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.RANKED, rank__isnull=False)
                | (~Q(state=State.RANKED) & Q(rank__isnull=True)),
                name="rankings_obs_rank_iff_ranked",
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1), name="rankings_obs_rank_positive"
            ),
            models.CheckConstraint(
                condition=Q(tied=False) | Q(rank__isnull=False), name="rankings_obs_tied_ranked"
            ),
            models.CheckConstraint(
                condition=Q(state=State.NOT_ISSUED, account__isnull=True)
                | (~Q(state=State.NOT_ISSUED) & Q(account__isnull=False)),
                name="rankings_obs_account_unless_not_issued",
            ),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")), name="rankings_obs_end_after_start"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1), name="rankings_obs_version_positive"
            ),
            # NULL accounts never equal each other in a unique index, hence two of each.
            models.UniqueConstraint(
                fields=[*STATEMENT_KEY],
                condition=Q(is_current=True) & _NOT_PROPOSED & Q(account__isnull=False),
                name="rankings_obs_one_in_force",
            ),
            models.UniqueConstraint(
                fields=[name for name in STATEMENT_KEY if name != "account"],
                condition=Q(is_current=True) & _NOT_PROPOSED & Q(account__isnull=True),
                name="rankings_obs_one_in_force_no_account",
            ),
            models.UniqueConstraint(
                fields=[*STATEMENT_KEY],
                condition=Q(is_current=True, status=Status.PROPOSED, account__isnull=False),
                name="rankings_obs_one_proposal",
            ),
            models.UniqueConstraint(
                fields=[name for name in STATEMENT_KEY if name != "account"],
                condition=Q(is_current=True, status=Status.PROPOSED, account__isnull=True),
                name="rankings_obs_one_proposal_no_account",
            ),
        ]

    def __str__(self) -> str:
        who = self.account if self.account_id else "全榜"
        return f"{self.board} {self.period.label} {who} {self.standing}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse to change the content of a recorded statement."""
        fields = kwargs.get("update_fields")
        if not self._state.adding and (fields is None or not self.MUTABLE.issuperset(fields)):
            raise TypeError("An observation is never changed; record a correction instead.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Observations are history: they are superseded, never removed."""
        raise TypeError("An observation is never deleted; record a correction instead.")

    @property
    def period(self) -> Period:
        return Period(self.start, self.end)

    @property
    def statistics_month(self) -> Month | None:
        return None if self.month is None else Month.from_index(self.month)

    @property
    def rank_min(self) -> int | None:
        """The best place an account can have that is absent from a list of the first N: N + 1."""
        if self.state == State.ABSENT and self.list_size is not None:
            return self.list_size + 1
        return None

    @property
    def standing(self) -> str:
        """第1名（并列）, 未上榜（前30名以外）, 未发布 or 不详."""
        if self.rank_min is not None:
            return f"未上榜（前{self.list_size}名以外）"
        if self.rank is None:
            return str(self.get_state_display())
        return f"第{self.rank}名（并列）" if self.tied else f"第{self.rank}名"
