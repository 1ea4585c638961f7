"""Telling people of the workbench what happened: a row each, mailed where that was asked for."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django_q.tasks import async_task

from .models import Notice
from .outbox import TOO_OLD, Outbox, mail, site_address

SEND = "cms.ops.tasks.send_notice_mails"


def send(recipient: Any, event: str, message: str, url: str = "", by_mail: bool = False) -> Notice:
    """Tell ``recipient`` in the caller's transaction, so that it stands or falls with the deed.

    ``event`` is an action of the audit log or another dotted name; ``url`` a path of this site.
    With ``by_mail`` the sender is woken on commit; nobody waits for the mail server.
    """
    notice = Notice.objects.create(
        recipient=recipient,
        event=event,
        message=message[:500],
        url=url,
        by_mail=by_mail and bool(recipient.email),
    )
    if notice.by_mail:
        MAILS.wake_on_commit()
    return notice


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
