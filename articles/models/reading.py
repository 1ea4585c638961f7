"""Reading links for leaders without an account: signed, expiring, revocable, never an approval."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Revision

from .pages import ArticlePage

USER = settings.AUTH_USER_MODEL


class ReadingLink(models.Model):
    """One person's way to read one revision. ``key`` is the random part of the signed address."""

    article = models.ForeignKey(
        ArticlePage, verbose_name="文章", on_delete=models.CASCADE, related_name="reading_links"
    )
    revision = models.ForeignKey(
        Revision, verbose_name="修订版本", on_delete=models.CASCADE, related_name="+"
    )
    key = models.CharField(max_length=43, unique=True, editable=False)
    reader = models.CharField("送给谁看", max_length=60)
    note = models.CharField("附言", max_length=200, blank=True)
    created_by = models.ForeignKey(
        USER, verbose_name="生成人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    expires_at = models.DateTimeField("失效时间")
    revoked_by = models.ForeignKey(
        USER, verbose_name="收回人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_at = models.DateTimeField("收回时间", null=True)

    class Meta:
        verbose_name = "阅读链接"
        verbose_name_plural = "阅读链接"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"《{self.article.title}》送{self.reader}阅"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class ReadingOpening(models.Model):
    """One opening of a link."""

    link = models.ForeignKey(ReadingLink, on_delete=models.CASCADE, related_name="openings")
    at = models.DateTimeField("打开时间", auto_now_add=True)
    address = models.GenericIPAddressField("网络地址", null=True)
    browser = models.CharField("浏览器", max_length=200, blank=True)

    class Meta:
        verbose_name = "阅读记录"
        verbose_name_plural = "阅读记录"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.link} {self.at:%Y-%m-%d %H:%M}"


class ReadingOpinion(models.Model):
    """已阅 or an opinion left by the reader of a link."""

    link = models.ForeignKey(ReadingLink, on_delete=models.CASCADE, related_name="opinions")
    at = models.DateTimeField("时间", auto_now_add=True)
    text = models.TextField("意见", max_length=1000, blank=True)

    class Meta:
        verbose_name = "阅读意见"
        verbose_name_plural = "阅读意见"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.text[:40] or "已阅"
