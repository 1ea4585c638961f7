"""What all actions on a message have in common."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from cms.ops import audit
from cms.users.holders import holders

from .. import access, deadlines, rules
from ..models import Deed, Message, Step, Unit

SENDER = "留言人"


class FeedbackRefused(PermissionDenied):
    """The action is against the rules or came too late; the message is a Chinese sentence."""


def locked(message: Message) -> Message:
    """The message read again with its row locked.

    Raises:
        FeedbackRefused: it is gone.
    """
    found = (
        Message.objects.select_for_update(of=("self",))
        .select_related("unit")
        .filter(pk=message.pk)
        .first()
    )
    if found is None:
        raise FeedbackRefused("找不到这条留言，请回到列表看最新的。")
    return found


def begun(actor: Any, deed: Deed, message: Message) -> Message:
    """The message locked, after the rules have allowed ``actor`` to do ``deed``.

    Raises:
        FeedbackRefused: not this person, or not now; somebody may have been quicker.
    """
    found = locked(message)
    if reason := rules.why_not(deed, access.facts_of(found), access.actor_of(actor)):
        raise FeedbackRefused(reason)
    return found


def finished(
    actor: Any,
    deed: Deed,
    message: Message,
    *,
    note: str = "",
    unit: Unit | None = None,
    person: Any = None,
    by_name: str = "",
    detail: dict[str, Any] | None = None,
) -> None:
    """Move ``message`` on, save it, and write the deed into its log and the audit.

    The audit keeps no word of the sender, nor what is written to them: it outlives the message.
    """
    now = timezone.now()
    was_late = message.is_unfinished and message.step_due_at < now
    state = rules.next_state(deed, message.state)
    moved = state != message.state or deed == Deed.ASSIGN
    message.state = state
    if moved and message.is_unfinished:
        deadlines.set_step(message, now)
    message.save()
    log(
        actor,
        deed,
        message,
        note=note,
        unit=unit,
        person=person,
        by_name=by_name,
        was_late=was_late and moved,
    )
    audit.record(actor, f"feedback.{deed.value}", message, detail)


def log(
    actor: Any,
    deed: Deed,
    message: Message,
    *,
    note: str = "",
    unit: Unit | None = None,
    person: Any = None,
    by_name: str = "",
    was_late: bool = False,
) -> None:
    """Add a step to the log; ``actor`` None is the sender (``by_name``) or the system."""
    Step.objects.create(
        message=message,
        deed=deed,
        at=timezone.now(),
        by=actor,
        by_name=(str(actor) if actor else by_name or audit.SYSTEM)[:60],
        note=note.strip(),
        unit=unit,
        person=person,
        was_late=was_late,
    )


def needed(words: str, refusal: str, most: int = 3000) -> str:
    """``words`` without the blanks around.

    Raises:
        FeedbackRefused: nothing is left, or it is too long.
    """
    # PostgreSQL keeps no null characters.
    words = words.replace("\0", "").strip()
    if not words:
        raise FeedbackRefused(refusal)
    if len(words) > most:
        raise FeedbackRefused(f"最多 {most} 个字，请写短一些。")
    return words


def address(message: Message) -> str:
    """The message's own page in the workbench."""
    return reverse("feedback_message:show", args=[message.pk])


def office() -> list[Any]:
    """Those who accept, assign, supervise and answer."""
    return list(holders(access.HANDLE, superusers=False).order_by("pk"))


def approvers(but: Any = None) -> list[Any]:
    """Those who approve, except the one who wrote."""
    people = holders(access.APPROVE, superusers=False).order_by("pk")
    return [person for person in people if but is None or person.pk != but.pk]
