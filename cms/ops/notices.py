"""Telling people of the workbench what happened: a row each, mailed where that was asked for."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django_q.tasks import async_task

from .models import Notice, NoticePreference
from .outbox import TOO_OLD, Outbox, mail, site_address
from .registry import notice_families

SEND = "cms.ops.tasks.send_notice_mails"
# What was read is kept this long.
KEPT = dt.timedelta(days=90)


def send(recipient: Any, event: str, message: str, url: str = "", by_mail: bool = False) -> Notice:
    """Tell ``recipient`` in the caller's transaction, so that it stands or falls with the deed.

    ``event`` is an action of the audit log or another dotted name; ``url`` a path of this site.
    With ``by_mail`` it is mailed too, unless they do not want this family by mail; the sender is
    woken on commit, so that nobody waits for the mail server.
    """
    return send_to([recipient], event, message, url, by_mail)[0]


def send_to(
    people: Iterable[Any], event: str, message: str, url: str = "", by_mail: bool = False
) -> list[Notice]:
    """Tell each of ``people`` the same; see `send`. At most two queries."""
    people = list(people)
    quiet: set[int] = set()
    if by_mail and people:
        families = {family.key for family in notice_families() if event in family.events}
        quiet = {
            row.person_id
            for row in NoticePreference.objects.filter(person__in=people)
            if families & set(row.muted)
        }
    notices = Notice.objects.bulk_create(
        Notice(
            recipient=person,
            event=event,
            message=_fitting(message),
            url=url,
            by_mail=by_mail and bool(person.email) and person.pk not in quiet,
        )
        for person in people
    )
    if any(notice.by_mail for notice in notices):
        MAILS.wake_on_commit()
    return notices


def _fitting(message: str, most: int = 500) -> str:
    return message if len(message) <= most else f"{message[: most - 1]}…"


# --- reading --------------------------------------------------------------------------------------


def unread(person: Any) -> QuerySet[Notice]:
    """What ``person`` has not read, newest first."""
    return Notice.objects.filter(recipient=person, read_at=None).order_by("-pk")


def unread_first(person: Any) -> QuerySet[Notice]:
    """All that ``person`` was told: the unread, then the rest, newest first."""
    mine = Notice.objects.filter(recipient=person)
    return mine.annotate(is_read=Q(read_at__isnull=False)).order_by("is_read", "-pk")


def mark_read(person: Any, notice: Notice) -> None:
    """Note that ``person`` has read ``notice``; the first time counts.

    Raises:
        PermissionDenied: it is somebody else's.
    """
    if notice.recipient_id != person.pk:
        raise PermissionDenied("这不是发给您的通知。")
    unread(person).filter(pk=notice.pk).update(read_at=timezone.now())


def mark_all_read(person: Any) -> int:
    """Note that ``person`` has read all; answers how many were new."""
    return unread(person).update(read_at=timezone.now())


def settle(events: Iterable[str], url: str) -> None:
    """What was asked by ``events`` about ``url`` is done: nobody has to read or mail it now."""
    Notice.objects.filter(event__in=events, url=url, read_at=None).update(read_at=timezone.now())


def delete_old() -> int:
    """Delete what was read long ago; answers how many."""
    return Notice.objects.filter(read_at__lt=timezone.now() - KEPT).delete()[0]


def mute(person: Any, families: Iterable[str]) -> None:
    """Mail ``person`` no notices of ``families`` (keys) from now on, and those of all others."""
    known = {family.key for family in notice_families()}
    NoticePreference.objects.update_or_create(
        person=person, defaults={"muted": sorted(known & set(families))}
    )


# --- sending --------------------------------------------------------------------------------------


class NoticeMails(Outbox):
    """The mails of notices. What was read in the workbench meanwhile needs none."""

    label = "通知邮件"
    person = "recipient"
    since = "created_at"

    def wake(self) -> None:
        async_task(SEND, task_name="发送通知邮件")

    def unsent(self) -> QuerySet[Notice]:
        return Notice.objects.filter(
            by_mail=True,
            sent_at=None,
            read_at=None,
            created_at__gt=timezone.now() - TOO_OLD,
            recipient__is_active=True,
        ).exclude(recipient__email="")

    def with_content(self, rows: QuerySet[Notice]) -> QuerySet[Notice]:
        return rows.select_related("recipient").order_by("pk")

    def words(self, row: Notice) -> str:
        return row.message

    def deliver(self, rows: list[Notice]) -> None:
        body = render_to_string(
            "ops/mail/notices.txt",
            {
                "notices": [(notice.message, site_address(notice.url)) for notice in rows],
                "house": settings.WAGTAIL_SITE_NAME,
            },
        )
        subject = rows[0].message if len(rows) == 1 else f"{len(rows)} 条通知"
        mail(rows[0].recipient.email, subject, body)


MAILS = NoticeMails()
