"""Alerts by mail: one row for each alert and person, sent by the shared outbox."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_q.tasks import async_task

from cms.ops import outbox
from cms.ops.outbox import TOO_OLD, Sent, site_address
from cms.users.holders import holders

from ..models import Alert, AlertKind, AlertLevel, AlertMail, AlertPreference
from .errors import RankingError, require

SEND = "rankings.tasks.send_alert_mails"


# --- who wants what -------------------------------------------------------------------------------


def recipients(alert: Alert) -> list[Any]:
    """The people who want this alert by mail and have an address.

    Who has chosen kinds gets those, as long as they may read the report. Who has chosen nothing
    gets what is 紧急 if they record ranks: the propaganda office.
    """
    chosen = holders("rankings.view_report").filter(ranking_alerts__isnull=False)
    wanted = {
        person.pk: person
        for person in chosen.select_related("ranking_alerts")
        if alert.kind in person.ranking_alerts.mail_kinds
    }
    if alert.level == AlertLevel.ALARM:
        office = _office().filter(ranking_alerts__isnull=True)
        wanted |= {
            person.pk: person for person in office if person.has_perm("rankings.view_report")
        }
    return [person for person in wanted.values() if person.email]


def gets_alarms(person: Any) -> bool:
    """Whether what is 紧急 is mailed to ``person`` without a choice of theirs."""
    return _office().filter(pk=person.pk).exists()


def _office() -> QuerySet[Any]:
    return holders("rankings.record_observation", superusers=False)


def address(alert: Alert) -> None:
    """Write down who is to be sent ``alert``, and wake the sender on commit."""
    people = recipients(alert)
    if not people:
        return
    AlertMail.objects.bulk_create(
        [AlertMail(alert=alert, user=person) for person in people], ignore_conflicts=True
    )
    MAILS.wake_on_commit()


def save_preference(person: Any, kinds: Iterable[str] | None) -> None:
    """Which kinds ``person`` wants by mail; None goes back to what is sent without a choice.

    Raises ``PermissionDenied`` and ``RankingError``.
    """
    require(person, "view_report")
    if kinds is None:
        AlertPreference.objects.filter(user=person).delete()
        return
    kinds = list(dict.fromkeys(kinds))
    unknown = [kind for kind in kinds if kind not in AlertKind.values]
    if unknown:
        raise RankingError(f"没有“{unknown[0]}”这种提醒，请刷新页面后再选。")
    AlertPreference.objects.update_or_create(user=person, defaults={"mail_kinds": kinds})


# --- sending --------------------------------------------------------------------------------------


class AlertMails(outbox.Outbox):
    """The mails of alerts. An alert counts as mailed once everybody addressed has it."""

    label = "提醒邮件"
    person = "user"
    since = "alert__created_at"

    def wake(self) -> None:
        async_task(SEND, task_name="发送提醒邮件")

    def unsent(self) -> QuerySet[AlertMail]:
        return AlertMail.objects.filter(
            sent_at=None, alert__created_at__gt=timezone.now() - TOO_OLD, user__is_active=True
        )

    def with_content(self, rows: QuerySet[AlertMail]) -> QuerySet[AlertMail]:
        return rows.select_related("alert__board", "user").order_by("alert")

    def words(self, row: AlertMail) -> str:
        return row.alert.message

    def deliver(self, rows: list[AlertMail]) -> None:
        _send(rows)

    def note_sent(self, rows: list[AlertMail], now: dt.datetime) -> None:
        super().note_sent(rows, now)
        _alerts(rows).exclude(mails__sent_at=None).update(mailed_at=now, mail_error="")

    def note_failure(self, rows: list[AlertMail], reason: str) -> None:
        super().note_failure(rows, reason)
        _alerts(rows).update(mail_error=reason)


MAILS = AlertMails()


def unsent() -> QuerySet[AlertMail]:
    """What is still to be sent, or was given up."""
    return MAILS.unsent()


def send_mails() -> Sent:
    """Send what is due, one mail a person; may run any number of times, side by side too."""
    return MAILS.send()


def _send(rows: list[AlertMail]) -> None:
    alerts = [row.alert for row in rows]
    first = alerts[0]
    what = f"{first.get_kind_display()}：{first.message}" if len(alerts) == 1 else ""
    body = render_to_string(
        "rankings/mail/alerts.txt",
        {
            "alerts": [(alert, site_address(alert.url)) for alert in alerts],
            "preferences": site_address(reverse("rankings:alert_preferences")),
            "house": settings.WAGTAIL_SITE_NAME,
        },
    )
    outbox.mail(rows[0].user.email, what or f"{len(alerts)} 条排名提醒", body)


def _alerts(rows: list[AlertMail]) -> QuerySet[Alert]:
    return Alert.objects.filter(pk__in=[row.alert_id for row in rows])


def try_again(actor: Any) -> int:
    """Give mails that failed, or were given up, another round; answers how many.

    For whoever repaired the mail settings. Raises ``PermissionDenied``.
    """
    if actor is None or not may_see_mails(actor):
        raise PermissionDenied("您没有重发提醒邮件的权限，请联系管理员。")
    return MAILS.try_again()


def may_see_mails(person: Any) -> bool:
    """The office and the administrator look after mails that do not go out."""
    return person.has_perm("rankings.import_rankings")
