"""The audit log: who did what to which thing, when."""

from django.conf import settings
from django.db import models

from .registry import action_labels

# What the details of all apps are called in the report.
DETAIL_LABELS = {
    "added": "新增",
    "as_archive": "首次建档",
    "bad": "坏行",
    "confirmed": "已核实",
    "confirmed_by": "复核人",
    "content_digest": "内容摘要值",
    "corrected": "更正",
    "created": "新增",
    "date": "日期",
    "dimension": "维度",
    "fields": "改动的项",
    "findings": "核验发现",
    "from": "原为",
    "go_live_at": "定时",
    "margin": "指数差距",
    "month": "月份",
    "number": "编号",
    "origin": "录入方式",
    "original_url": "原文地址",
    "period": "统计期",
    "pictures": "图片数",
    "published_at": "发布时间",
    "reason": "原因",
    "removed": "移除",
    "retired": "不再在榜",
    "revision": "修订版本",
    "rule": "按规则",
    "sha256": "校验值",
    "source": "来源",
    "stage": "环节",
    "status": "核实情况",
    "supersedes": "取代",
    "to": "改为",
    "trigger": "触发",
    "unchanged": "无变化",
    "version": "版本",
    "waiting": "待复核",
}


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
        return "；".join(f"{DETAIL_LABELS.get(k, k)}：{v}" for k, v in self.detail.items())

    @property
    def action_label(self) -> str:
        """The action in words."""
        return action_labels().get(self.action, self.action)
