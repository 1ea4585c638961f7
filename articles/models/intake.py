"""Where articles come from: 选题单, and what contributors of streets and departments send in."""

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models

from .pages import ArticlePage, ColumnPage

USER = settings.AUTH_USER_MODEL


class TopicStatus(models.TextChoices):
    PROPOSED = "proposed", "待定"
    ACCEPTED = "accepted", "已采用"
    WRITING = "writing", "写作中"
    DONE = "done", "已成稿"
    DROPPED = "dropped", "不做"


class Topic(models.Model):
    """选题: an idea for an article, from proposal to draft."""

    title = models.CharField("选题", max_length=80)
    angle = models.TextField("角度与要点", max_length=500, blank=True)
    column = models.ForeignKey(
        ColumnPage, verbose_name="栏目", null=True, blank=True, on_delete=models.SET_NULL
    )
    status = models.CharField(
        "状态", max_length=20, choices=TopicStatus.choices, default=TopicStatus.PROPOSED
    )
    planned_for = models.DateField("计划日期", null=True, blank=True)
    proposed_by = models.ForeignKey(
        USER, verbose_name="提出人", on_delete=models.PROTECT, related_name="+"
    )
    assigned_to = models.ForeignKey(
        USER,
        verbose_name="由谁写",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    dropped_because = models.CharField("不做的原因", max_length=200, blank=True)
    article = models.OneToOneField(
        ArticlePage,
        verbose_name="文章",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="topic",
    )
    created_at = models.DateTimeField("提出时间", auto_now_add=True)
    updated_at = models.DateTimeField("最近变动", auto_now=True)

    class Meta:
        verbose_name = "选题"
        verbose_name_plural = "选题单"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title


class ContributionStatus(models.TextChoices):
    SUBMITTED = "submitted", "待处理"
    TAKEN = "taken", "已采用"
    DECLINED = "declined", "未采用"
    RECALLED = "recalled", "已撤回"


class Contribution(models.Model):
    """来稿: what a contributor (通讯员) sends in; an editor who takes it makes it a draft."""

    title = models.CharField("标题", max_length=80)
    text = models.TextField("正文", max_length=20_000, blank=True)
    source = models.CharField("信源", max_length=160, blank=True, help_text="事实从哪里来。")
    sent_by = models.ForeignKey(
        USER, verbose_name="通讯员", on_delete=models.PROTECT, related_name="contributions"
    )
    sent_at = models.DateTimeField("投稿时间", auto_now_add=True)
    status = models.CharField(
        "状态",
        max_length=20,
        choices=ContributionStatus.choices,
        default=ContributionStatus.SUBMITTED,
    )
    handled_by = models.ForeignKey(
        USER, verbose_name="处理人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    handled_at = models.DateTimeField("处理时间", null=True)
    answer = models.CharField("答复", max_length=300, blank=True)
    article = models.OneToOneField(
        ArticlePage,
        verbose_name="文章",
        null=True,
        on_delete=models.SET_NULL,
        related_name="contribution",
    )

    class Meta:
        verbose_name = "来稿"
        verbose_name_plural = "投稿箱"
        ordering = ["-pk"]
        permissions = [("handle_contribution", "可以处理来稿")]

    def __str__(self) -> str:
        return self.title


def private_storage() -> Storage:
    """Files that only signed-in people with a right to them may see."""
    return storages["private"]


class ContributionFile(models.Model):
    """A Word file or picture sent along; private until an editor takes it over."""

    contribution = models.ForeignKey(Contribution, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(
        "文件", storage=private_storage, upload_to="contributions/%Y/%m/", max_length=200
    )
    name = models.CharField("文件名", max_length=160)
    description = models.CharField("图片说明", max_length=160, blank=True)
    is_picture = models.BooleanField("是图片", default=False)

    class Meta:
        verbose_name = "来稿附件"
        verbose_name_plural = "来稿附件"

    def __str__(self) -> str:
        return self.name
