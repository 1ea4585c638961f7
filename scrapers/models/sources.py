"""Where lists are printed, and which of their listings is which board."""

import re
from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable

from rankings.models import Board, SourceKind
from rankings.periods import Month

from ..addresses import PatternError, address_for, has_month
from ..fetch_errors import AddressRefused
from ..fetching import check_address
from ..selectors import SelectorRefused, compiled
from ..titles import check_pattern

DEFAULT_DAYS = "1,2,3,8,9,10"


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
        blank=True,
        help_text="年份写 {year}，月份写 {month}（1）或 {month:02d}（01）。"
        "地址没有规律的，这里留空，改填下面的目录页。",
    )
    index_address = models.CharField(
        "目录页或订阅源地址",
        max_length=500,
        blank=True,
        help_text="发布单位列出文章的页面，或 RSS、Atom 地址；系统在里面按标题找当月的榜单。",
    )
    title_pattern = models.CharField(
        "文章标题的样子",
        max_length=200,
        blank=True,
        help_text="例如 {year}年{month}月*县级*排行榜：年份写 {year}，月份写 {month}，"
        "* 代表任意文字。第一次找到的文章由宣传部确认，以后各月自动采用。",
    )
    # What a person confirmed, index address and pattern: a change of either asks again.
    confirmed_pattern = models.CharField(
        "已确认的标题样子", max_length=800, blank=True, editable=False
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
    selector = models.CharField(
        "正文位置",
        max_length=200,
        blank=True,
        help_text="CSS 选择器，例如 #content。一般留空；只在自动解析读到了页面别处的内容时才填。",
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
        if not self.address and not self.index_address:
            raise ValidationError({"address": "请填写地址模板；地址没有规律的，改填目录页地址。"})
        if self.address and self.index_address:
            raise ValidationError(
                {"index_address": "地址模板和目录页只填一个：有规律的填地址模板，没有的填目录页。"}
            )
        if bool(self.index_address) != bool(self.title_pattern):
            raise ValidationError({"title_pattern": "目录页地址和文章标题的样子要一起填写。"})
        self._try("title_pattern", lambda: check_pattern(self.title_pattern))
        self._try("selector", lambda: compiled(self.selector))
        if self.allowed_hosts:
            self._try("index_address", lambda: check_address(self.index_address, self.hosts))
            self._try(
                "address",
                lambda: check_address(address_for(self.address, Month(2019, 8)), self.hosts),
            )

    def _try(self, field: str, check: Callable[[], object]) -> None:
        """Turn the refusal of a filled-in field into a remark beside it."""
        if not getattr(self, field):
            return
        try:
            check()
        except (PatternError, AddressRefused, SelectorRefused) as error:
            raise ValidationError({field: str(error)}) from error

    @property
    def is_discovered(self) -> bool:
        """Whether each month's address is looked for on an index page."""
        return bool(self.index_address)

    @property
    def pattern_to_confirm(self) -> str:
        """What a person confirms once: where is looked, and for what."""
        return f"{self.index_address}\n{self.title_pattern}"

    @property
    def has_months(self) -> bool:
        """Whether past months can be fetched. Raises ``PatternError``."""
        return self.is_discovered or has_month(self.address)

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
