"""How often WeChat may be asked on one day, and how often it was.

WeChat counts by account, interface and calendar day. The limits we know are the least that every
account has, so that only WeChat's own 45009 stops us.
"""

from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from cms.ops.registry import HealthResult, Level

from ..models import WeChatQuota
from .endpoints import ENDPOINTS, label_of
from .errors import QUOTA_SPENT, WeChatError

WARN_AT = 0.8


def take(appid: str, endpoint: str) -> None:
    """Count a call that is about to be made.

    Raises:
        WeChatError: 45009, without asking WeChat, when it said so earlier today.
        RuntimeError: inside a transaction. A call cannot be rolled back, and waiting for WeChat
            would hold up every other writer.
    """
    with transaction.atomic(durable=True):
        row, _ = WeChatQuota.objects.get_or_create(
            appid=appid, day=timezone.localdate(), endpoint=endpoint
        )
        if row.spent_at:
            raise WeChatError(QUOTA_SPENT)
        WeChatQuota.objects.filter(pk=row.pk).update(used=F("used") + 1)


def note_spent(appid: str, endpoint: str) -> None:
    """WeChat answered 45009."""
    WeChatQuota.objects.filter(appid=appid, day=timezone.localdate(), endpoint=endpoint).update(
        spent_at=timezone.now()
    )


def left(endpoint: str) -> int | None:
    """About how many calls are left today; None where no limit is known."""
    row = _today().filter(endpoint=endpoint).first()
    if row and row.spent_at:
        return 0
    limit = ENDPOINTS[endpoint].daily
    return None if limit is None else max(limit - (row.used if row else 0), 0)


def prune(before: date) -> None:
    """Forget the days before ``before``."""
    WeChatQuota.objects.filter(day__lt=before).delete()


def findings() -> list[HealthResult]:
    """Interfaces that are spent today, or nearly so."""
    results = []
    for row in _today().order_by("endpoint"):
        limit = ENDPOINTS[row.endpoint].daily if row.endpoint in ENDPOINTS else None
        name = f"微信接口“{label_of(row.endpoint)}”"
        if row.spent_at:
            message = f"{name}今天的次数已经用完，要用它的操作明天会自动再试。"
        elif limit and row.used >= limit * WARN_AT:
            message = f"{name}今天已用 {row.used} 次，一般每天 {limit} 次，请少做重复的操作。"
        else:
            continue
        results.append(HealthResult(Level.WARNING, message, reverse("wechat_calls:index")))
    return results


def _today():
    return WeChatQuota.objects.filter(appid=settings.WECHAT_APPID, day=timezone.localdate())
