"""Articles found on a publisher's index page."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from rankings.evidence.models import Sighting
from rankings.periods import Month

from .sources import Source


class CandidateState(models.TextChoices):
    WAITING = "waiting", "待确认"
    CONFIRMED = "confirmed", "已确认"
    REJECTED = "rejected", "不是榜单"


class Candidate(models.Model):
    """An article whose title looks like the list of ``month``; the first waits for a person."""

    source = models.ForeignKey(
        Source, verbose_name="来源", on_delete=models.CASCADE, related_name="candidates"
    )
    month = models.PositiveIntegerField("统计月序号", help_text="年×12＋月－1。")
    address = models.CharField("网址", max_length=2000)
    title = models.CharField("标题", max_length=300)
    state = models.CharField(
        "状态", max_length=10, choices=CandidateState.choices, default=CandidateState.WAITING
    )
    found_at = models.DateTimeField("发现时间", default=timezone.now)
    sighting = models.ForeignKey(
        Sighting,
        verbose_name="目录页的取得记录",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="确认人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField("确认时间", null=True, blank=True)

    class Meta:
        verbose_name = "发现的文章"
        verbose_name_plural = "发现的文章"
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "month", "address"], name="scrapers_candidate_once"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def statistics_month(self) -> Month:
        return Month.from_index(self.month)
