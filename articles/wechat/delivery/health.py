"""What the health report says of pushes on their way to WeChat."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from ...models import Delivery, DeliveryStage, Push
from ..account import is_configured
from .box import GONE

# A tick comes every minute, and a killed worker's lease has to run out first.
STUCK_AFTER = timedelta(minutes=15)
# Before its minute a push has to lie in the draft box, and after it somebody has to say it is out.
DELIVERED_BEFORE, NOTED_WITHIN = timedelta(minutes=30), timedelta(hours=1)
SHOWN = 20


def findings() -> list[HealthResult]:
    """Deliveries that wait for a person or that nobody takes up, and pushes that are overdue."""
    told = list(_waiting()[:SHOWN])
    late = _late().exclude(pk__in=[row.push_id for row in told])
    return [*map(_finding, told), *map(_lateness, late[:SHOWN])]


def _waiting() -> QuerySet[Delivery]:
    stuck_before = timezone.now() - STUCK_AFTER
    return (
        Delivery.objects.select_related("push")
        .prefetch_related("push__members__article")
        .filter(push__dissolved_at=None, push__sent_at=None)
        .filter(
            Q(failed_at__isnull=False)
            | Q(stage=DeliveryStage.DRAFT, next_at=None)
            | Q(stage=DeliveryStage.DELIVERED, reason=GONE)
            | Q(next_at__lt=stuck_before)
        )
        .order_by("pk")
    )


def _late() -> QuerySet[Push]:
    """Those whose minute is near or over without a draft, or over without anybody's noting it."""
    now = timezone.now()
    overdue = Q(go_live_at__lt=now - NOTED_WITHIN)
    if is_configured():
        undelivered = Q(delivery=None) | Q(delivery__delivered_at=None)
        overdue |= undelivered & Q(go_live_at__lt=now + DELIVERED_BEFORE)
    return (
        Push.objects.standing()
        .filter(overdue, sent_at=None)
        .select_related("delivery")
        .prefetch_related("members__article")
        .order_by("go_live_at", "pk")
    )


def _lateness(push: Push) -> HealthResult:
    at = f"{timezone.localtime(push.go_live_at):%m月%d日 %H:%M}"
    delivery = getattr(push, "delivery", None)
    if not is_configured() or (delivery and delivery.delivered_at):
        message = f"推送{push}定于{at}，还没有登记发出。已群发的请登记，没有的请群发。"
        return HealthResult(Level.WARNING, message, _address(push.pk))
    is_over = push.go_live_at <= timezone.now()
    message = f"推送{push}定于{at}，草稿还没有送到微信，请{'马上' if is_over else '在此之前'}送。"
    return HealthResult(Level.ALARM if is_over else Level.WARNING, message, _address(push.pk))


def _address(push_pk: int) -> str:
    return reverse("pushes_show", args=[push_pk]) + "#delivery"


def _finding(row: Delivery) -> HealthResult:
    address = _address(row.push_id)
    if row.failed_at:
        message = f"推送{row.push}在微信没有办成：{row.reason}"
        return HealthResult(Level.ALARM, message, address)
    if row.stage == DeliveryStage.DELIVERED and row.next_at is None:
        message = f"推送{row.push}的草稿已不在公众号草稿箱，可能已经群发，请登记。"
        return HealthResult(Level.WARNING, message, address)
    if row.next_at is None:
        message = f"推送{row.push}的草稿在公众号后台改动过，请决定覆盖还是保留。"
        return HealthResult(Level.WARNING, message, address)
    message = f"推送{row.push}停在“{row.get_stage_display()}”，请检查后台任务是否在运行。"
    return HealthResult(Level.ALARM, message, address)
