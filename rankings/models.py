"""Accounts, boards and observations. Data and questions only; actions are in ``services``."""

from typing import Any

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q

from .periods import Month, Period

WEB_ADDRESS = URLValidator(
    schemes=["http", "https"], message="请填写以 http:// 或 https:// 开头的网址。"
)


class PeriodKind(models.TextChoices):
    MONTH = "month", "月"
    WEEK = "week", "周"
    DAY = "day", "日"
    CUSTOM = "custom", "自定"


class NameKind(models.TextChoices):
    NAME = "name", "名称"
    ALIAS = "alias", "别名"


class State(models.TextChoices):
    RANKED = "ranked", "有名次"
    ABSENT = "absent", "未上榜"
    NOT_ISSUED = "not_issued", "未发布"
    UNKNOWN = "unknown", "不详"


class Status(models.TextChoices):
    CONFIRMED = "confirmed", "已核实"
    PROPOSED = "proposed", "待复核"
    REPORTED = "reported", "据报道"


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


class Account(models.Model):
    """A WeChat public account. ``key`` never changes; names are dated."""

    key = models.SlugField(
        "编号", max_length=64, unique=True, help_text="小写英文字母、数字和连字符，定下后不再改变。"
    )
    name = models.CharField("现用名称", max_length=100)
    wechat_id = models.CharField("微信号", max_length=64, blank=True)
    gh_id = models.CharField("原始 ID", max_length=64, blank=True)
    place = models.CharField("所属地区", max_length=100, blank=True)
    is_ours = models.BooleanField("本账号", default=False)
    confirmed = models.BooleanField(
        "已确认", default=True, help_text="抓取时遇到的陌生名称先记为未确认，等人核对。"
    )
    note = models.TextField("备注", blank=True)

    class Meta:
        verbose_name = "公众号"
        verbose_name_plural = "公众号"
        ordering = ["name", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_ours"],
                condition=Q(is_ours=True),
                name="rankings_account_one_ours",
                violation_error_message="已经有一个本账号了，本账号只能有一个。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a new account its first dated name: every account has at least one."""
        adding = self._state.adding
        super().save(*args, **kwargs)
        if adding:
            AccountName.objects.create(account=self, name=self.name)


class DatedName(models.Model):
    """A name and the days on which it held; an empty bound is open."""

    name = models.CharField("名称", max_length=100)
    valid_from = models.DateField("起", null=True, blank=True)
    valid_to = models.DateField("止", null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class AccountName(DatedName):
    """A name or an alias of an account."""

    account = models.ForeignKey(
        Account, verbose_name="公众号", on_delete=models.CASCADE, related_name="names"
    )
    kind = models.CharField("种类", max_length=8, choices=NameKind.choices, default=NameKind.NAME)

    class Meta:
        verbose_name = "公众号名称"
        verbose_name_plural = "公众号名称"
        ordering = [F("valid_from").asc(nulls_first=True), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="rankings_accountname_dates",
                violation_error_message="截止日期不能早于起始日期。",
            )
        ]


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


class ObservationQuerySet(models.QuerySet["Observation"]):
    """The questions streaks, screens and importers ask."""

    def current(self) -> "ObservationQuerySet":
        """Newest versions, among them proposals that wait for the second person."""
        return self.filter(is_current=True)

    def in_force(self) -> "ObservationQuerySet":
        """What counts now: current and not merely proposed."""
        return self.filter(is_current=True).exclude(status=Status.PROPOSED)

    def waiting(self) -> "ObservationQuerySet":
        """Proposals on which the second person has yet to decide."""
        return self.filter(is_current=True, status=Status.PROPOSED)


# What identifies a statement: who says something about which account on which list.
STATEMENT_KEY = ("board", "start", "end", "account", "source_kind", "source_name", "edition")
_NOT_PROPOSED = Q(status__in=[Status.CONFIRMED, Status.REPORTED])


class Observation(models.Model):
    """One source's statement about (board, period, account).

    Content is never changed: a correction is a new version that supersedes the old one. A proposed
    version stands beside the one in force until the second person confirms it.
    """

    # The only fields a later act may touch.
    MUTABLE = frozenset({"is_current", "status", "confirmed_by", "confirmed_at"})

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
    def standing(self) -> str:
        """第1名（并列）, 未上榜, 未发布 or 不详."""
        if self.rank is None:
            return str(self.get_state_display())
        return f"第{self.rank}名（并列）" if self.tied else f"第{self.rank}名"
