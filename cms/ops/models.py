"""The audit log: who did what to which thing, when."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware, localtime

from .registry import action_labels

# What the details of all apps are called in the report.
DETAIL_LABELS = {
    "added": "新增",
    "answer_due": "答复期限",
    "approved_by": "原审定人",
    "article": "文章",
    "articles": "文章（按次序）",
    "as_archive": "首次建档",
    "bad": "坏行",
    "category": "类别",
    "changes": "改动",
    "claim": "结论",
    "clientmsgid": "群发编号",
    "comment": "留言内容",
    "comments": "留言",
    "confirmed": "已核实",
    "confirmed_by": "复核人",
    "contacts": "联系人",
    "content_digest": "内容摘要值",
    "corrected": "更正",
    "created": "新增",
    "date": "日期",
    "days": "天数",
    "deputy": "代审人",
    "deputy_for": "代谁审",
    "dimension": "维度",
    "due_at": "截稿",
    "expires_at": "失效时间",
    "exported_on": "导出日期",
    "fields": "改动的项",
    "file": "文件",
    "findings": "核验发现",
    "form": "形式",
    "from": "从",
    "go_live_at": "定时",
    "in_use": "是否在用",
    "kind": "类别",
    "level": "程度",
    "margin": "指数差距",
    "metric": "指标",
    "month": "月份",
    "note": "意见",
    "noticed": "怎样得知",
    "number": "编号",
    "origin": "录入方式",
    "original_url": "原文地址",
    "people": "人数",
    "period": "统计期",
    "person": "审核人",
    "pictures": "图片数",
    "priority": "缓急",
    "published_at": "发布时间",
    "push": "推送",
    "push_id": "推送编号",
    "rating": "评价",
    "reader": "送阅对象",
    "reason": "原因",
    "removed": "移除",
    "requested_by": "发起人",
    "retired": "不再在榜",
    "review_due_at": "补审截止",
    "revision": "修订版本",
    "rows": "行数",
    "rule": "按规则",
    "sent_at": "发出时间",
    "sha256": "校验值",
    "slips": "校对差错数",
    "source": "来源",
    "stage": "环节",
    "status": "核实情况",
    "step": "环节编号",
    "supersedes": "取代",
    "text": "内容",
    "to": "到",
    "trigger": "触发",
    "unchanged": "无变化",
    "unit": "承办单位",
    "version": "版本",
    "waiting": "待复核",
    "wechat": "微信处理",
    "where": "位置",
    "writer": "写稿人",
}


def _in_words(value: Any) -> Any:
    if isinstance(value, list):
        return "，".join(map(str, value))
    try:
        at = parse_datetime(value) if isinstance(value, str) else None
    except ValueError:  # Somebody's words that only look like a time.
        return value
    # What has no offset is no time of ours: it may be any number of eight digits.
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at and is_aware(at) else value


class AuditEntry(models.Model):
    """One action. Rows are only added; the actor's name is kept beside the link to the person."""

    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="操作人",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    actor_name = models.CharField("操作人姓名", max_length=120)
    action = models.CharField("动作", max_length=80, db_index=True)
    object_type = models.CharField("对象类型", max_length=100, blank=True)
    object_id = models.CharField("对象编号", max_length=64, blank=True)
    object_label = models.CharField("对象", max_length=255, blank=True)
    detail = models.JSONField("详情", default=dict, blank=True)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object_idx")]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.object_label}"

    @property
    def detail_text(self) -> str:
        """The detail in one line for people."""
        return "；".join(
            f"{DETAIL_LABELS.get(name, name)}：{_in_words(value)}"
            for name, value in self.detail.items()
        )

    @property
    def action_label(self) -> str:
        """The action in words."""
        return action_labels().get(self.action, self.action)


class Notice(models.Model):
    """A message of the workbench to one person, shown in the admin and mailed where the table says.

    The mail's fate stands in the row: what has not gone out is tried again, and what happened
    never waits for the mail server.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="收件人",
        on_delete=models.CASCADE,
        related_name="notices",
    )
    event = models.CharField("事件", max_length=60)
    message = models.CharField("内容", max_length=500)
    url = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    by_mail = models.BooleanField("发邮件", default=False)
    sent_at = models.DateTimeField("邮件发出时间", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    # Until then it is somebody's who is sending it, or rests after a failure.
    next_at = models.DateTimeField("下次尝试", null=True, blank=True)
    error = models.CharField("没有发出的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = "通知"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["recipient", "read_at"], name="ops_notice_unread_idx")]
        permissions = [("resend_mail", "可以重发没有发出的邮件")]

    def __str__(self) -> str:
        return self.message


class NoticePreference(models.Model):
    """Families of notices that a person does not want by mail; without a row all are mailed."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preference"
    )
    muted = models.JSONField("不发邮件的类别", default=list, blank=True)

    class Meta:
        verbose_name = "通知设置"
        verbose_name_plural = "通知设置"

    def __str__(self) -> str:
        return f"{self.person} 的通知设置"


class DayKind(models.TextChoices):
    """How a day departs from its day of the week."""

    REST = "rest", "放假"
    WORK = "work", "补班"
    QUIET = "quiet", "静默（不推送）"


class SpecialDay(models.Model):
    """A day of the official holiday table, or one on which nothing is sent.

    The table comes out each November for the next year (国务院办公厅关于部分节假日安排的通知).
    """

    day = models.DateField("日期", unique=True)
    kind = models.CharField("类别", max_length=10, choices=DayKind.choices)
    name = models.CharField("名称", max_length=40)

    class Meta:
        verbose_name = "特殊日子"
        verbose_name_plural = "节假日与静默日"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {self.name}，{self.get_kind_display()}"


class SearchIndex(models.Model):
    """By what rules the search index was written last; others mean that it is written anew."""

    backend = models.CharField("后端", max_length=100, primary_key=True)
    version = models.CharField("版本", max_length=100)
    built_at = models.DateTimeField("建立时间", auto_now=True)

    class Meta:
        verbose_name = "搜索索引"
        verbose_name_plural = "搜索索引"

    def __str__(self) -> str:
        return f"{self.backend} {self.version}"
