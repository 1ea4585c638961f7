"""Mails that may neither be lost nor keep anybody waiting: a row each, tried until it is sent.

The rows are written together with what they tell, the mail goes out after the commit. The queue
only wakes the sender; what it does not wake the schedule finds.
"""

import datetime as dt
import smtplib
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import connection, models, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from .registry import HealthResult, Level

MAX_ATTEMPTS = 5
# After the first, second … attempt the mail rests this long; meanwhile nobody else takes it.
REST = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 240))
# Older news is not worth a mail any more.
TOO_OLD = dt.timedelta(days=14)
MOST_IN_ONE = 30
PERMISSION = "ops.resend_mail"


@dataclass(frozen=True, slots=True)
class Sent:
    """How many mails went out and how many did not."""

    mails: int = 0
    failed: int = 0

    def __str__(self) -> str:
        return f"发出 {self.mails} 封，失败 {self.failed} 封"


class Outbox(ABC):
    """One kind of rows to be mailed.

    A row has ``attempts``, ``next_at`` (until then it is somebody's who is sending it, or rests
    after a failure), ``sent_at`` and ``error``. ``label`` is what people call such a mail,
    ``person`` the row's field for whom it is for, ``since`` the path to when the row was written.
    """

    label: ClassVar[str]
    person: ClassVar[str]
    since: ClassVar[str]

    @abstractmethod
    def unsent(self) -> QuerySet[Any]:
        """What is still to be sent, or was given up."""

    @abstractmethod
    def with_content(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """``rows`` in the order of the mail, with what `deliver` reads of them."""

    @abstractmethod
    def words(self, row: Any) -> str:
        """What ``row`` tells, for whoever looks after mails that did not go out."""

    @abstractmethod
    def deliver(self, rows: list[Any]) -> None:
        """Send one person's ``rows`` as one mail.

        Raises:
            SMTPException, OSError, ValueError: it did not go out.
        """

    @abstractmethod
    def wake(self) -> None:
        """Put the task that calls `send` into the queue."""

    def wake_on_commit(self) -> None:
        """Wake the sender once when the transaction commits, however often this is asked for."""
        if not any(waiting == self.wake for _, waiting, *_ in connection.run_on_commit):
            # The rows are there: should the queue be out of reach, the schedule sends.
            transaction.on_commit(self.wake, robust=True)

    def send(self) -> Sent:
        """Send what is due, one mail a person; may run any number of times, side by side too.

        A row is taken before it is sent: of two senders only one has it, and if that one is
        killed the row is tried again after its rest. A person's failure does not keep the others
        waiting.
        """
        mails = failed = 0
        due = self.unsent().filter(_due(timezone.now())).order_by()
        for person in list(due.values_list(self.person, flat=True).distinct()):
            rows = self._take(person)
            if not rows:
                continue
            try:
                self.deliver(rows)
            except (smtplib.SMTPException, OSError, ValueError) as error:
                # A refused address or a mail server that is away: written down and tried again.
                failed += 1
                reason = " ".join(f"{type(error).__name__}：{error}".split())[:300]
                self.note_failure(rows, reason)
            else:
                mails += 1
                self.note_sent(rows, timezone.now())
        return Sent(mails, failed)

    def failed(self) -> QuerySet[Any]:
        """What did not go out when it was tried last."""
        return self.unsent().exclude(error="")

    @transaction.atomic
    def try_again(self) -> int:
        """Give what failed, or was given up, another round; answers how many rows."""
        count = self.failed().update(attempts=0, next_at=None)
        if count:
            self.wake_on_commit()
        return count

    def findings(self, url: str) -> list[HealthResult]:
        """How many mails are stuck and since when; ``url`` is where they can be sent again."""
        counts = self.failed().aggregate(
            given_up=models.Count("pk", filter=Q(attempts__gte=MAX_ATTEMPTS)),
            trying=models.Count("pk", filter=Q(attempts__lt=MAX_ATTEMPTS)),
            since=models.Min(self.since),
        )
        results = []
        since = counts["since"] and f"{timezone.localtime(counts['since']):%m月%d日 %H:%M}"
        if counts["given_up"]:
            message = (
                f"有 {counts['given_up']} 封{self.label}多次发送失败（最早 {since}），已停止重试，"
                "请检查邮件设置后重新发送。"
            )
            results.append(HealthResult(Level.ALARM, message, url))
        if counts["trying"]:
            message = (
                f"有 {counts['trying']} 封{self.label}没有发出（最早 {since}），稍后自动重试。"
            )
            results.append(HealthResult(Level.WARNING, message, url))
        return results

    @transaction.atomic
    def _take(self, person: int) -> list[Any]:
        """The person's due rows, from now on this sender's until they have rested."""
        now = timezone.now()
        due = self.unsent().filter(_due(now), **{self.person: person})
        rows = list(self.with_content(due.select_for_update(of=("self",)))[:MOST_IN_ONE])
        for row in rows:
            row.attempts += 1
            row.next_at = now + REST[min(row.attempts, len(REST)) - 1]
        due.model.objects.bulk_update(rows, ["attempts", "next_at"])
        return rows

    def note_sent(self, rows: list[Any], now: dt.datetime) -> None:
        self._table(rows).update(sent_at=now, error="")

    def note_failure(self, rows: list[Any], reason: str) -> None:
        self._table(rows).update(error=reason)

    @staticmethod
    def _table(rows: list[Any]) -> QuerySet[Any]:
        return type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])


_boxes: list[Outbox] = []


def register(box: Outbox) -> None:
    """Let ``box`` be looked after on the screen of mails that did not go out."""
    if box not in _boxes:
        _boxes.append(box)


def boxes() -> list[Outbox]:
    return list(_boxes)


def try_again(actor: Any) -> int:
    """Give all mails that failed, or were given up, another round; answers how many rows.

    For whoever repaired the mail settings.

    Raises:
        PermissionDenied: the actor may not.
    """
    if not actor.has_perm(PERMISSION):
        raise PermissionDenied("您没有重发邮件的权限，请联系管理员。")
    return sum(box.try_again() for box in _boxes)


def _due(now: dt.datetime) -> Q:
    return Q(attempts__lt=MAX_ATTEMPTS) & (Q(next_at=None) | Q(next_at__lte=now))


def mail(to: str, subject: str, body: str) -> None:
    """Send one plain mail of the workbench; its name stands before the subject."""
    EmailMessage(
        subject=" ".join(f"〔{settings.WAGTAIL_SITE_NAME}〕{subject}".split())[:120],
        body=body,
        to=[to],
        # Out-of-office notes are not to answer a machine (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def site_address(path: str) -> str:
    """The full address of a path of this site; nothing for anything else."""
    if not path.startswith("/") or path.startswith("//"):
        return ""
    return urljoin(settings.SITE_URL, path)
