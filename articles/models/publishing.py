"""What happens to an article around its publication, beyond the text itself."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Page, Revision

from .pages import ArticlePage

USER = settings.AUTH_USER_MODEL


class PublishFailure(models.Model):
    """A scheduled publication that did not succeed. It is shown until somebody tries again."""

    revision = models.OneToOneField(
        Revision, verbose_name="修订版本", on_delete=models.CASCADE, related_name="publish_failure"
    )
    page = models.ForeignKey(
        Page, verbose_name="文章", on_delete=models.CASCADE, related_name="publish_failures"
    )
    reason = models.CharField("原因", max_length=300)
    detail = models.TextField("技术细节", blank=True)
    failed_at = models.DateTimeField("失败时间")

    class Meta:
        verbose_name = "发布失败"
        verbose_name_plural = "发布失败"
        ordering = ["-failed_at"]

    def __str__(self) -> str:
        return f"{self.page}：{self.reason}"


class UrgentStatus(models.TextChoices):
    """Where a 特急 stands. Only ``PUBLISHED`` lets a text go before its reviews."""

    REQUESTED = "requested", "待第二人确认"
    PUBLISHED = "published", "已特急发布，待补审"
    DECLINED = "declined", "第二人未同意"
    CANCELLED = "cancelled", "已撤回"
    REVIEWED = "reviewed", "已补审"
    REPLACED = "replaced", "已由三审通过的新稿取代"
    WITHDRAWN = "withdrawn", "已撤稿"


class UrgentReleaseQuerySet(models.QuerySet):
    def waiting(self) -> "UrgentReleaseQuerySet":
        """Those that a second person has not answered yet."""
        return self.filter(status=UrgentStatus.REQUESTED)

    def unreviewed(self) -> "UrgentReleaseQuerySet":
        """Those that are public while their three reviews are still to come."""
        return self.filter(status=UrgentStatus.PUBLISHED)

    def open(self) -> "UrgentReleaseQuerySet":
        """Those that wait for a second person, or for their three reviews."""
        return self.filter(status__in=(UrgentStatus.REQUESTED, UrgentStatus.PUBLISHED))

    def overdue(self) -> "UrgentReleaseQuerySet":
        """Those whose reviews should have been done by now."""
        return self.unreviewed().filter(review_due_at__lt=timezone.now())


class UrgentRelease(models.Model):
    """特急: one exact text published before its reviews by two people, reviewed afterwards.

    ``authors`` are the ids of those who had written when it went out: who reviews afterwards may
    be none of them, although the revision they wrote is the live one by then.
    """

    article = models.ForeignKey(
        ArticlePage, verbose_name="文章", on_delete=models.PROTECT, related_name="urgent_releases"
    )
    revision = models.ForeignKey(
        Revision, verbose_name="修订版本", on_delete=models.PROTECT, related_name="+"
    )
    content_digest = models.CharField("内容摘要值", max_length=64)
    authors = models.JSONField("写稿人", default=list)
    reason = models.TextField("特急理由", max_length=500)
    status = models.CharField(
        "状态", max_length=20, choices=UrgentStatus.choices, default=UrgentStatus.REQUESTED
    )
    requested_by = models.ForeignKey(
        USER, verbose_name="发起人", on_delete=models.PROTECT, related_name="+"
    )
    requested_at = models.DateTimeField("发起时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        USER, verbose_name="第二人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("第二人答复时间", null=True)
    decision_note = models.CharField("第二人意见", max_length=300, blank=True)
    published_at = models.DateTimeField("发布时间", null=True)
    review_due_at = models.DateTimeField("补审截止", null=True)
    closed_at = models.DateTimeField("了结时间", null=True)

    objects = UrgentReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "特急发布"
        verbose_name_plural = "特急发布"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(status="requested"),
                name="articles_urgent_one_request",
            )
        ]

    def __str__(self) -> str:
        return f"《{self.article.title}》特急：{self.get_status_display()}"

    @property
    def is_overdue(self) -> bool:
        """Whether its reviews should have been done by now."""
        return self.status == UrgentStatus.PUBLISHED and self.review_due_at < timezone.now()


class WithdrawalKind(models.TextChoices):
    """Why readers are told that a text is gone. Fixed words, since one person takes it down."""

    WRONG = "wrong", "内容有误"
    OUTDATED = "outdated", "信息已过期"
    RIGHTS = "rights", "涉及他人权益"
    DUPLICATE = "duplicate", "重复发布"
    OTHER = "other", "其他原因"
    EXPIRED = "expired", "已到有效期"


class WithdrawalQuerySet(models.QuerySet):
    def in_force(self) -> "WithdrawalQuerySet":
        """Those whose address answers 410 now."""
        return self.filter(ended_at=None)


class Withdrawal(models.Model):
    """撤稿: the address answers 410 with a dated notice from ``withdrawn_at`` on.

    ``reason`` is for the record and never shown to the public. ``ended_at`` is set when a newly
    reviewed text goes live at the address again.
    """

    article = models.ForeignKey(
        ArticlePage, verbose_name="文章", on_delete=models.PROTECT, related_name="withdrawals"
    )
    kind = models.CharField("公开说明", max_length=20, choices=WithdrawalKind.choices)
    reason = models.TextField("撤稿原因", max_length=500)
    withdrawn_by = models.ForeignKey(
        USER, verbose_name="撤稿人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField("撤稿时间")
    ended_at = models.DateTimeField("重新发布时间", null=True)

    objects = WithdrawalQuerySet.as_manager()

    class Meta:
        verbose_name = "撤稿"
        verbose_name_plural = "撤稿"
        ordering = ["-withdrawn_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["article"],
                condition=models.Q(ended_at=None),
                name="articles_withdrawal_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"《{self.article.title}》撤稿：{self.get_kind_display()}"


class WeChatAction(models.TextChoices):
    """What was done to the copy in WeChat when an article was corrected."""

    EDITED = "edited", "已在微信改正"
    DELETED = "deleted", "已在微信删除"
    NONE = "none", "微信未作改动"


class CorrectionStatus(models.TextChoices):
    PROPOSED = "proposed", "待第二人确认"
    PUBLISHED = "published", "已公开"
    DECLINED = "declined", "未同意"


class CorrectionNoteQuerySet(models.QuerySet):
    def waiting(self) -> "CorrectionNoteQuerySet":
        """Those that a second person has not answered yet."""
        return self.filter(status=CorrectionStatus.PROPOSED)

    def public(self) -> "CorrectionNoteQuerySet":
        """Those that readers see, first come first."""
        return self.filter(status=CorrectionStatus.PUBLISHED).order_by("decided_at", "pk")


class CorrectionNote(models.Model):
    """更正: a dated note below a live article, written by one person, let out by another."""

    article = models.ForeignKey(
        ArticlePage, verbose_name="文章", on_delete=models.PROTECT, related_name="correction_notes"
    )
    text = models.TextField("更正内容", max_length=500)
    wechat_action = models.CharField("微信处理", max_length=20, choices=WeChatAction.choices)
    status = models.CharField(
        "状态", max_length=20, choices=CorrectionStatus.choices, default=CorrectionStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        USER, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField("确认时间", null=True)
    decision_note = models.CharField("确认意见", max_length=300, blank=True)

    objects = CorrectionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "更正"
        verbose_name_plural = "更正"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"《{self.article.title}》更正：{self.get_status_display()}"
