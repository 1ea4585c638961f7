"""Days of mourning and days without anything new: entering, changing and removing them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from cms.ops import audit

from .models import SpecialPeriod

ADD, CHANGE, REMOVE = "mirror.period.add", "mirror.period.change", "mirror.period.remove"


@transaction.atomic
def save(actor: Any, period: SpecialPeriod) -> SpecialPeriod:
    """Store a new or changed ``period`` that was validated.

    Raises:
        PermissionDenied: no permission.
    """
    is_new = period.pk is None
    _demand(actor, "add" if is_new else "change")
    before = {} if is_new else {"from": _words(SpecialPeriod.objects.get(pk=period.pk))}
    period.save()
    audit.record(actor, ADD if is_new else CHANGE, period, {**before, "to": _words(period)})
    return period


@transaction.atomic
def remove(actor: Any, period: SpecialPeriod) -> None:
    """Forget ``period``: pages get their colour back, and what waited is published.

    Raises:
        PermissionDenied: no permission.
    """
    _demand(actor, "delete")
    audit.record(actor, REMOVE, period, {"from": _words(period)})
    period.delete()


def _words(period: SpecialPeriod) -> str:
    effects = [
        *(["页面变灰"] if period.is_grey else []),
        *(["停止发布"] if period.is_frozen else []),
    ]
    return f"{period}，{'、'.join(effects)}"


def _demand(actor: Any, what: str) -> None:
    if not actor.has_perm(f"mirror.{what}_specialperiod"):
        raise PermissionDenied("您没有安排停止发布和变灰的权限，请联系管理员或宣传部。")
