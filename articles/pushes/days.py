"""What the days of pushes look like to their rules, read from the rows."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from cms import workdays

from . import rules
from .slots import read_slots

if TYPE_CHECKING:
    from ..models import Push


def calendar(day: date) -> rules.Calendar:
    """What the settings and the official table say of ``day``."""
    from ..models import PushSettings

    settings = PushSettings.load()
    special = workdays.days_between(day, day).get(day)
    return rules.Calendar(
        read_slots(settings.slots),
        settings.daily_allowance,
        special.kind if special else "",
        special.name if special else "",
        settings.send_on_holidays,
    )


def holdings(day: date, *, but: int | None = None) -> list[rules.Holding]:
    """What standing pushes take of ``day``, other than the push ``but``."""
    from ..models import Push

    start = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day, time.max))
    found = (
        Push.objects.standing()
        .filter(
            Q(planned_for=day) | Q(go_live_at__range=(start, end)) | Q(sent_at__range=(start, end))
        )
        .exclude(pk=but)
        .select_related("created_by")
        .prefetch_related("members__article")
        .order_by("pk")
    )
    return [each for each in _of(found) if each.day == day]


def _of(found: Iterable["Push"]) -> list[rules.Holding]:
    from ..models import PushSettings

    slots = read_slots(PushSettings.load().slots)
    return [held for push in found if (held := _holding(push, slots))]


def _holding(push: "Push", slots: list[time]) -> rules.Holding | None:
    moment = push.sent_at or push.go_live_at or push.published_at
    if moment is not None:
        at = timezone.localtime(moment)
        what = "发出" if push.sent_at else "定时" if push.published_at is None else "发布"
        words = f"{push.title}（{push.created_by}组稿，{at:%m月%d日 %H:%M}{what}）"
        return rules.Holding(push.pk, at.date(), rules.slot_of(at.time(), slots), True, words)
    if push.planned_for is None:
        return None
    slot = f" {push.planned_slot:%H:%M}" if push.planned_slot else ""
    words = f"{push.title}（{push.created_by}组稿，计划{push.planned_for:%m月%d日}{slot}）"
    return rules.Holding(push.pk, push.planned_for, push.planned_slot, False, words)
