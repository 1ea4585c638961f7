"""Alerts by mail: one row for each alert and person, sent once and tried again until it is sent.

The rows are written together with the alert, the mail goes out after the commit. The queue only
wakes the sender; what it does not wake the schedule finds.
"""

import datetime as dt
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_q.tasks import async_task

from ..models import Alert, AlertKind, AlertLevel, AlertMail, AlertPreference
from .errors import RankingError, require

SEND = "rankings.tasks.send_alert_mails"
MAX_ATTEMPTS = 5
# After the first, second … attempt the mail rests this long; meanwhile nobody else takes it.
REST = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 240))
# Older news is not worth a mail any more.
TOO_OLD = dt.timedelta(days=14)
MOST_IN_ONE = 30
_ACCOUNTS = "django.contrib.auth.backends.ModelBackend"


# --- who wants what -------------------------------------------------------------------------------


def recipients(alert: Alert) -> list[Any]:
    """The people who want this alert by mail and have an address.

    Who has chosen kinds gets those, as long as they may read the report. Who has chosen nothing
    gets what is 紧急 if they record ranks: the propaganda office.
    """
    people = get_user_model().objects
    chosen = people.with_perm("rankings.view_report", backend=_ACCOUNTS).filter(
        ranking_alerts__isnull=False
    )
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
    return get_user_model().objects.with_perm(
        "rankings.record_observation", backend=_ACCOUNTS, include_superusers=False
    )


def address(alert: Alert) -> None:
    """Write down who is to be sent ``alert``, and wake the sender on commit."""
    people = recipients(alert)
    if not people:
        return
    AlertMail.objects.bulk_create(
        [AlertMail(alert=alert, user=person) for person in people], ignore_conflicts=True
    )
    if not any(waiting is wake for _, waiting, *_ in connection.run_on_commit):
        # The rows are there: should the queue be out of reach, the schedule sends.
        transaction.on_commit(wake, robust=True)


def wake() -> None:
    async_task(SEND, task_name="发送提醒邮件")


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


@dataclass(frozen=True, slots=True)
class Sent:
    """How many mails went out and how many did not."""

    mails: int = 0
    failed: int = 0


def unsent() -> QuerySet[AlertMail]:
    """What is still to be sent, or was given up."""
    return AlertMail.objects.filter(
        sent_at=None, alert__created_at__gt=timezone.now() - TOO_OLD, user__is_active=True
    )


def send_mails() -> Sent:
    """Send what is due, one mail a person; may run any number of times, side by side too.

    A row is taken before it is sent: of two senders only one has it, and if that one is killed the
    row is tried again after its rest. A person's failure does not keep the others waiting.
    """
    mails = failed = 0
    due = unsent().filter(_due(timezone.now())).order_by().values_list("user", flat=True).distinct()
    for user in list(due):
        rows = _take(user)
        if not rows:
            continue
        try:
            _send(rows)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # A refused address or a mail server that is away: written down and tried again.
            failed += 1
            _note_failure(rows, error)
        else:
            mails += 1
            _note_sent(rows)
    return Sent(mails, failed)


def _due(now: dt.datetime) -> Q:
    return Q(attempts__lt=MAX_ATTEMPTS) & (Q(next_at=None) | Q(next_at__lte=now))


@transaction.atomic
def _take(user: int) -> list[AlertMail]:
    """The person's due rows, from now on this sender's until they have rested."""
    now = timezone.now()
    rows = list(
        unsent()
        .select_for_update(of=("self",))
        .filter(_due(now), user=user)
        .select_related("alert__board", "user")
        .order_by("alert")[:MOST_IN_ONE]
    )
    for row in rows:
        row.attempts += 1
        row.next_at = now + REST[min(row.attempts, len(REST)) - 1]
    AlertMail.objects.bulk_update(rows, ["attempts", "next_at"])
    return rows


def _send(rows: list[AlertMail]) -> None:
    alerts = [row.alert for row in rows]
    house = settings.WAGTAIL_SITE_NAME
    first = alerts[0]
    what = f"{first.get_kind_display()}：{first.message}" if len(alerts) == 1 else ""
    subject = f"〔{house}〕{what or f'{len(alerts)} 条排名提醒'}"
    body = render_to_string(
        "rankings/mail/alerts.txt",
        {
            "alerts": [(alert, site_address(alert.url)) for alert in alerts],
            "preferences": site_address(reverse("rankings:alert_preferences")),
            "house": house,
        },
    )
    EmailMessage(
        subject=subject[:120],
        body=body,
        to=[rows[0].user.email],
        # Out-of-office notes are not to answer a machine (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def site_address(path: str) -> str:
    """The full address of a path of this site; nothing for anything else."""
    if not path.startswith("/") or path.startswith("//"):
        return ""
    return urljoin(settings.SITE_URL, path)


def _note_sent(rows: list[AlertMail]) -> None:
    now = timezone.now()
    AlertMail.objects.filter(pk__in=[row.pk for row in rows]).update(sent_at=now, error="")
    alerts = Alert.objects.filter(pk__in=[row.alert_id for row in rows])
    alerts.exclude(mails__sent_at=None).update(mailed_at=now, mail_error="")


def _note_failure(rows: list[AlertMail], error: Exception) -> None:
    reason = " ".join(f"{type(error).__name__}：{error}".split())[:300]
    AlertMail.objects.filter(pk__in=[row.pk for row in rows]).update(error=reason)
    Alert.objects.filter(pk__in=[row.alert_id for row in rows]).update(mail_error=reason)


def try_again(actor: Any) -> int:
    """Give mails that failed, or were given up, another round; answers how many.

    For whoever repaired the mail settings. Raises ``PermissionDenied``.
    """
    if actor is None or not may_see_mails(actor):
        raise PermissionDenied("您没有重发提醒邮件的权限，请联系管理员。")
    with transaction.atomic():
        count = unsent().exclude(error="").update(attempts=0, next_at=None)
        if count:
            transaction.on_commit(wake, robust=True)
    return count


def may_see_mails(person: Any) -> bool:
    """The office and the administrator look after mails that do not go out."""
    return person.has_perm("rankings.import_rankings")
