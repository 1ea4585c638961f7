"""What the clock does: tell of what is overdue, close, delete personal data."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from cms.ops import audit, notices

from .. import rules
from ..models import Deed, FeedbackSettings, Message, Publication, State
from ..models.steps import GONE
from .base import address, approvers, finished, locked, log, office

ENDED = (State.CLOSED, State.REFUSED, State.MERGED)


# --- overdue --------------------------------------------------------------------------------------


def whose_turn(message: Message) -> list[Any]:
    """Who has to do the next step: the unit, those who approve, or the office."""
    if message.state == State.DRAFTED:
        return approvers(but=message.answer_by)
    if message.state == State.ASSIGNED and message.unit is not None:
        people = list(message.unit.contacts())
        if people:
            return people
    if message.handler is not None and message.handler.is_active:
        return [message.handler]
    return office()


def note_overdue() -> int:
    """Tell once of each deadline that is over, of the step or the whole; answers how many."""
    now = timezone.now()
    whole = Q(due_at__lt=now) & ~Q(told_due_at=F("due_at"))
    step = Q(step_due_at__lt=now) & ~Q(told_step_due_at=F("step_due_at"))
    # Comparisons with an empty column are neither true nor false in SQL.
    whole |= Q(due_at__lt=now, told_due_at=None)
    step |= Q(step_due_at__lt=now, told_step_due_at=None)
    found = Message.objects.unfinished().filter(whole | step).order_by("pk")
    return sum(_tell_overdue(message, now) for message in found)


@transaction.atomic
def _tell_overdue(message: Message, now: dt.datetime) -> bool:
    message = locked(message)
    if not message.is_unfinished:
        return False
    whole = message.due_at < now and message.told_due_at != message.due_at
    step = message.step_due_at < now and message.told_step_due_at != message.step_due_at
    if not (whole or step):
        return False
    state = message.get_state_display()
    people = {person.pk: person for person in whose_turn(message)}
    if whole:
        words = f"留言 {message.number} 超过答复期限，现在{state}，请尽快办理。"
        people |= {person.pk: person for person in office()}
        message.told_due_at = message.due_at
        audit.record(None, "feedback.overdue", message, {"answer_due": message.due_at})
    else:
        words = f"留言 {message.number} 的本环节超期，现在{state}，请尽快处理。"
    if message.step_due_at < now:
        message.told_step_due_at = message.step_due_at
    message.save(update_fields=["told_due_at", "told_step_due_at"])
    notices.send_to(people.values(), "feedback.overdue", words, address(message), by_mail=True)
    return True


# --- closing --------------------------------------------------------------------------------------


def close_unrated() -> int:
    """Close what was answered long enough ago and nobody rated; answers how many."""
    days = FeedbackSettings.load().days_to_rate
    before = timezone.now() - dt.timedelta(days=days)
    found = Message.objects.filter(state=State.ANSWERED, answered_at__lt=before)
    return sum(_close(message) for message in found.order_by("pk"))


@transaction.atomic
def _close(message: Message) -> bool:
    message = locked(message)
    if message.state != State.ANSWERED:
        return False
    message.closed_at = timezone.now()
    finished(None, Deed.CLOSE, message, note="评价期满，没有评价")
    return True


# --- personal data --------------------------------------------------------------------------------


def due_for_deletion(now: dt.datetime) -> Any:
    """Ended messages whose term is over and that still hold personal data."""
    months = FeedbackSettings.load().months_kept
    day = rules.months_after(timezone.localdate(now), -months)
    before = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    return Message.objects.filter(state__in=ENDED, closed_at__lt=before, erased_at=None)


def erase_due() -> int:
    """Erase the personal data of all messages whose term is over; answers how many."""
    now = timezone.now()
    return sum(erase_personal_data(message) for message in due_for_deletion(now).order_by("pk"))


@transaction.atomic
def erase_personal_data(message: Message) -> bool:
    """Take out name, contact, words and notes; counts and published masked texts stay.

    Answers whether there was something to do; a message whose term runs is left alone.
    """
    message = locked(message)
    if not due_for_deletion(timezone.now()).filter(pk=message.pk).exists():
        return False
    message.name = message.contact = message.secret_hash = ""
    message.title = message.text = GONE
    message.answer = GONE if message.answer else ""
    message.satisfaction_comment = message.refusal_note = message.extension_reason = ""
    if not message.is_public:
        message.publication = Publication.NONE
        message.public_title = message.public_question = message.public_answer = ""
    message.erased_at = timezone.now()
    message.save()
    message.steps.all().forget()
    log(None, Deed.ERASE, message)
    audit.record(None, "feedback.erase", message)
    return True
