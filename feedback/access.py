"""Who sees and does what with messages, asked of the database for `feedback.rules`."""

import datetime as dt
from typing import Any

from django.utils import timezone

from .models import Difficulty, Message, Publication, State
from .models.messages import MessageQuerySet
from .rules import Actor, Facts

VIEW = "feedback.view_message"
HANDLE = "feedback.handle_message"
CARRY_OUT = "feedback.carry_out_message"
APPROVE = "feedback.approve_answer"
FIGURES = "feedback.view_figures"
HAND_OVER = "feedback.hand_over_message"


def visible_to(person: Any) -> MessageQuerySet:
    """All messages for the office, those given to their units for contacts of a unit."""
    messages = Message.objects.all()
    if person.has_perm(VIEW) or person.has_perm(HANDLE):
        return messages
    if person.has_perm(CARRY_OUT):
        return messages.filter(unit__in=person.feedback_units.all())
    return messages.none()


def sees_contact(person: Any, message: Message) -> bool:
    """Whether ``person`` may read the sender's name and contact.

    The office may; a unit only while it works on the message and the office allowed it.
    """
    if person.has_perm(HANDLE):
        return True
    return (
        message.shares_contact
        and message.state == State.ASSIGNED
        and person.has_perm(CARRY_OUT)
        and person.feedback_units.filter(pk=message.unit_id).exists()
    )


def reads_words(person: Any) -> bool:
    """Whether ``person`` reads the sender's words as they are; others read them masked."""
    return any(map(person.has_perm, (HANDLE, APPROVE, CARRY_OUT)))


def actor_of(person: Any) -> Actor:
    """``person`` as the rules see them. At most one query besides the permissions."""
    carries_out = person.has_perm(CARRY_OUT)
    return Actor(
        pk=person.pk,
        handles=person.has_perm(HANDLE),
        approves=person.has_perm(APPROVE),
        carries_out=carries_out,
        units=frozenset(person.feedback_units.values_list("pk", flat=True))
        if carries_out
        else frozenset(),
    )


def facts_of(message: Message, now: dt.datetime | None = None) -> Facts:
    """``message`` as the rules see it."""
    return Facts(
        state=State(message.state),
        difficulty=Difficulty(message.difficulty),
        is_overdue=message.due_at < (now or timezone.now()),
        unit=message.unit_id,
        unit_has_people=message.unit is not None and message.unit.contacts().exists(),
        reported_by=message.reported_by_id,
        answer_by=message.answer_by_id,
        extension_asked=message.extension_asked_at is not None,
        extension_decided=message.extension_decided_at is not None,
        extension_asked_by=message.extension_asked_by_id,
        has_contact=bool(message.contact),
        contact_verified=message.is_contact_verified,
        is_public_wish=message.is_public_wish,
        publication=Publication(message.publication),
        public_by=message.public_by_id,
        erased=message.erased_at is not None,
    )
