"""What a person has to do about pushes, and what goes out by itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from ..models import Push, PushMember
from . import services


@dataclass(frozen=True)
class Task:
    """A push that waits for ``what``, put together ``since``."""

    push: Push
    what: str
    since: datetime


def waiting_for(person: Any) -> list[Task]:
    """Pushes that ``person`` could approve or commit, those of the nearest day first.

    Fixed number of queries.
    """
    tasks = []
    waiting = _shown(Push.objects.open().filter(go_live_at=None, members__isnull=False).distinct())
    if person.has_perm(services.APPROVE):
        mine = waiting.filter(approved_at=None).exclude(assemblers=person.pk)
        tasks += [Task(push, "审定推送", push.created_at) for push in mine]
    if person.has_perm(services.COMMIT):
        approved = waiting.filter(approved_at__isnull=False)
        tasks += [Task(push, "给推送定时", push.approved_at) for push in approved]
    return tasks


def committed() -> QuerySet[Push]:
    """Pushes that go out by themselves, the next first."""
    found = Push.objects.holding().filter(go_live_at__isnull=False, publish_failed_at=None)
    return _shown(found).order_by("go_live_at", "pk")


def held() -> int:
    """How many approved articles wait in a push instead of 待发布."""
    return PushMember.objects.filter(push__in=Push.objects.holding()).count()


def _shown(found: QuerySet[Push]) -> QuerySet[Push]:
    return (
        found.select_related("created_by")
        .prefetch_related("members__article")
        .order_by(F("planned_for").asc(nulls_last=True), "pk")
    )
