"""The official holidays with their make-up days, and the days on which nothing is sent."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cms.ops import audit
from cms.ops.models import DayKind, SpecialDay
from cms.ops.registry import HealthResult, Level

# The longest range that is entered at once; the longest holiday is nine days.
LONGEST = 31
# The table of the next year comes out in November; by this month it should be here.
TABLE_MONTH = 12
SATURDAY = 5


class DayRefused(PermissionDenied):
    """The table cannot be changed so; the message is a Chinese sentence."""


# --- questions ------------------------------------------------------------------------------------


def kind_of(day: date) -> DayKind | None:
    """How ``day`` departs from its day of the week; None when it does not."""
    kind = SpecialDay.objects.filter(day=day).values_list("kind", flat=True).first()
    return DayKind(kind) if kind else None


def is_holiday(day: date) -> bool:
    """Whether ``day`` is one of an official holiday; a plain weekend is none."""
    return kind_of(day) == DayKind.REST


def is_workday(day: date) -> bool:
    """Whether offices work on ``day``. A quiet day is what its day of the week says."""
    kind = kind_of(day)
    return kind == DayKind.WORK or (kind != DayKind.REST and day.weekday() < SATURDAY)


def is_quiet(day: date) -> bool:
    """Whether nothing is sent on ``day``."""
    return kind_of(day) == DayKind.QUIET


def days_between(first: date, last: date) -> dict[date, SpecialDay]:
    """The special days from ``first`` to ``last``, both included, in one query."""
    return {row.day: row for row in SpecialDay.objects.filter(day__range=(first, last))}


def missing_tables() -> list[HealthResult]:
    """Years whose holidays are needed by now and were not entered."""
    today = timezone.localdate()
    years = [today.year, *([today.year + 1] if today.month >= TABLE_MONTH else [])]
    known = set(
        SpecialDay.objects.filter(kind=DayKind.REST, day__year__in=years)
        .order_by()
        .values_list("day__year", flat=True)
        .distinct()
    )
    return [
        HealthResult(
            Level.WARNING,
            f"还没有录入{year}年的节假日，日历和推送不知道哪天放假、哪天补班。"
            "请管理员按国务院办公厅的通知录入。",
            reverse("special_days:add"),
        )
        for year in years
        if year not in known
    ]


# --- actions --------------------------------------------------------------------------------------


def why_not_add(first: date, last: date) -> str:
    """Why the days ``first`` to ``last`` cannot be entered; empty when they can."""
    if last < first:
        return "结束日期早于开始日期，请改过来。"
    if (last - first).days >= LONGEST:
        return f"一次最多录入{LONGEST}天，请分几次录入。"
    return _taken(days_between(first, last).values())


def _taken(rows: Iterable[SpecialDay]) -> str:
    names = "、".join(str(row) for row in rows)
    return f"已经有了：{names}。一天只能有一种安排，请先修改或删除原来的。" if names else ""


@transaction.atomic
def add(actor: Any, kind: str, name: str, first: date, last: date | None = None) -> SpecialDay:
    """Enter each day from ``first`` to ``last`` (both included); answers the first one.

    Raises:
        DayRefused: no permission, no range, or one of the days is in the table already.
    """
    last = last or first
    _check_permission(actor, "add")
    if refusal := why_not_add(first, last):
        raise DayRefused(refusal)
    rows = SpecialDay.objects.bulk_create(
        SpecialDay(day=first + timedelta(days=n), kind=kind, name=name)
        for n in range((last - first).days + 1)
    )
    audit.record(actor, "special_day.add", rows[0], {"from": first, "to": last})
    return rows[0]


@transaction.atomic
def change(actor: Any, row: SpecialDay, *, day: date, kind: str, name: str) -> SpecialDay:
    """Let ``row`` say something else.

    Raises:
        DayRefused: no permission, it is gone, or another row has ``day``.
    """
    _check_permission(actor, "change")
    row = _locked(row)
    if refusal := _taken(SpecialDay.objects.filter(day=day).exclude(pk=row.pk)):
        raise DayRefused(refusal)
    before = str(row)
    row.day, row.kind, row.name = day, kind, name
    if str(row) != before:
        row.save()
        audit.record(actor, "special_day.change", row, {"from": before, "to": str(row)})
    return row


@transaction.atomic
def remove(actor: Any, row: SpecialDay) -> None:
    """Take ``row`` out: the day is what its day of the week says.

    Raises:
        DayRefused: no permission, or it is gone already.
    """
    _check_permission(actor, "delete")
    row = _locked(row)
    audit.record(actor, "special_day.remove", row)
    row.delete()


def _locked(row: SpecialDay) -> SpecialDay:
    found = SpecialDay.objects.select_for_update().filter(pk=row.pk).first()
    if found is None:
        raise DayRefused("这一天刚刚被删除了，请回到列表看最新的。")
    return found


def _check_permission(actor: Any, verb: str) -> None:
    if not actor.has_perm(f"ops.{verb}_specialday"):
        raise DayRefused("您没有维护节假日的权限，请找管理员。")
