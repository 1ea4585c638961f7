"""Public accounts and their dated names."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from .names import DatedName

COLOUR = RegexValidator(r"^#[0-9A-Fa-f]{6}$", "请填写 # 加六位十六进制数的颜色，例如 #2E6A50。")


class NameKind(models.TextChoices):
    NAME = "name", "名称"
    ALIAS = "alias", "别名"


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
    colour = models.CharField(
        "主色",
        max_length=7,
        default="#2E6A50",
        validators=[COLOUR],
        help_text="海报用的颜色，例如 #2E6A50。",
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
