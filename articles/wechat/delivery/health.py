"""What the health report says of pushes on their way to WeChat."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from ...models import Delivery, DeliveryStage

# A tick comes every minute, and a killed worker's lease has to run out first.
STUCK_AFTER = timedelta(minutes=15)
SHOWN = 20


def findings() -> list[HealthResult]:
    """Deliveries that failed, wait for a decision, or that nobody takes up."""
    stuck_before = timezone.now() - STUCK_AFTER
    rows = (
        Delivery.objects.select_related("push")
        .prefetch_related("push__members__article")
        .filter(push__dissolved_at=None, push__sent_at=None)
        .filter(
            Q(failed_at__isnull=False)
            | Q(stage=DeliveryStage.DRAFT, next_at=None)
            | Q(next_at__lt=stuck_before)
        )
        .order_by("pk")
    )
    return [_finding(row) for row in rows[:SHOWN]]


def _finding(row: Delivery) -> HealthResult:
    address = reverse("pushes_show", args=[row.push_id]) + "#delivery"
    if row.failed_at:
        message = f"推送{row.push}没有送到微信：{row.reason}"
        return HealthResult(Level.ALARM, message, address)
    if row.next_at is None:
        message = f"推送{row.push}的草稿在公众号后台改动过，请决定覆盖还是保留。"
        return HealthResult(Level.WARNING, message, address)
    message = f"推送{row.push}停在“{row.get_stage_display()}”，请检查后台任务是否在运行。"
    return HealthResult(Level.ALARM, message, address)
