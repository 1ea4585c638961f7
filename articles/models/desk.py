"""What the newsroom notes beside an article; none of it is content."""

from django.conf import settings
from django.db import models
from wagtail.models import Revision

from .pages import ArticlePage

USER = settings.AUTH_USER_MODEL


class Priority(models.IntegerChoices):
    NORMAL = 0, "一般"
    HIGH = 1, "优先"
    TOP = 2, "急"


class ReviewPlan(models.Model):
    """By when the reviews of an article should be done (截稿), and what goes first."""

    article = models.OneToOneField(
        ArticlePage, verbose_name="文章", on_delete=models.CASCADE, related_name="review_plan"
    )
    due_at = models.DateTimeField("截稿", null=True, blank=True)
    priority = models.PositiveSmallIntegerField(
        "缓急", choices=Priority.choices, default=Priority.NORMAL
    )
    note = models.CharField("给审核人的话", max_length=200, blank=True)
    set_by = models.ForeignKey(
        USER, verbose_name="设定人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    set_at = models.DateTimeField("设定时间", auto_now=True)

    class Meta:
        verbose_name = "审稿安排"
        verbose_name_plural = "审稿安排"

    def __str__(self) -> str:
        return f"《{self.article.title}》审稿安排"


class ReviewLook(models.Model):
    """Who has seen which revision on the desk: the ground of 上次看过之后改了什么."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="review_looks")
    person = models.ForeignKey(USER, on_delete=models.CASCADE, related_name="+")
    article = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="review_looks")
    first_at = models.DateTimeField("第一次看", auto_now_add=True)

    class Meta:
        verbose_name = "看稿记录"
        verbose_name_plural = "看稿记录"
        constraints = [
            models.UniqueConstraint(
                fields=["article", "person", "revision"], name="articles_look_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.revision}"
