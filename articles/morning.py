"""The mail of the morning: what waits for a person, what is late, and what came back to them."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cms.ops import audit, notices
from cms.ops.models import AuditEntry, Notice
from cms.users.models import User

from . import work
from .queues import Waiting
from .review import deadlines, deputies

EVENT = "mail.morning_digest"
# In Asia/Shanghai, before the newsroom's first meeting.
HOUR = 8
# Of each kind so many titles are named, cut to so many characters: a notice is one paragraph.
TITLES, TITLE_LENGTH = 3, 18


def send_digests() -> int:
    """Write today's digests, once it is `HOUR`; how many people were written to now.

    The rows are the truth: a day is done when the log says so, a person when their notice is
    there. Called again or after a killed worker it goes on where it stopped. The mails are sent
    by the outbox of the notices.
    """
    now = timezone.localtime()
    if now.hour < HOUR:
        return 0
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if AuditEntry.objects.filter(action=EVENT, at__gte=midnight).exists():
        return 0
    readers = deputies.draft_readers().exclude(email="")
    written = sum(
        _send_one(pk, midnight) for pk in readers.order_by("pk").values_list("pk", flat=True)
    )
    audit.record(None, EVENT, None, {"people": written})
    return written


@transaction.atomic
def _send_one(pk: int, midnight: datetime) -> bool:
    """Write to one person, unless there is nothing to say or it was said today."""
    person = User.objects.select_for_update().get(pk=pk)
    if Notice.objects.filter(recipient=person, event=EVENT, created_at__gte=midnight).exists():
        return False
    found = work.of(person)
    if not found:
        return False
    words = message(found, timezone.now())
    notices.send(person, EVENT, words, reverse("wagtailadmin_home"), by_mail=True)
    return True


def message(found: work.Work, now: datetime) -> str:
    """The digest in one paragraph, what is late first."""
    late = [row for row in found.reviews if row.due_at and row.due_at < now]
    on_time = [row for row in found.reviews if row not in late]
    parts = [
        ("审核已超期", late, lambda row: deadlines.words(row.due_at, now)),
        ("等您确认", found.confirm, lambda row: row.stage),
        ("等您审", on_time, lambda row: row.stage),
        ("待发布", found.ready, None),
        ("退回给您", found.returned, lambda row: row.stage),
    ]
    said = [_part(label, rows, note) for label, rows, note in parts if rows]
    return f"今天要处理：{'；'.join(said)}。"


def _part(label: str, rows: list[Waiting], note: Any) -> str:
    titles = [
        f"《{_cut(row.title)}》" + (f"（{note(row)}）" if note else "") for row in rows[:TITLES]
    ]
    rest = "等" if len(rows) > TITLES else ""
    return f"{label}{len(rows)}篇：{'、'.join(titles)}{rest}"


def _cut(title: str) -> str:
    return title if len(title) <= TITLE_LENGTH else f"{title[: TITLE_LENGTH - 1]}…"
