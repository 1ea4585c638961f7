"""延期: once, with a reason, to the limit of hard messages, approved by another person."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import notices

from .. import deadlines
from ..models import Deed, Message
from .base import address, approvers, begun, finished, needed


@transaction.atomic
def ask(actor: Any, message: Message, reason: str) -> Message:
    """Ask for more time, before the time is over.

    Raises:
        FeedbackRefused: no permission, no reason, asked before, a hard one, or overdue.
    """
    message = begun(actor, Deed.ASK_EXTENSION, message)
    message.extension_reason = needed(reason, "请写明为什么要延期。", 200)
    message.extension_asked_at, message.extension_asked_by = timezone.now(), actor
    finished(actor, Deed.ASK_EXTENSION, message, note=message.extension_reason)
    notices.send_to(
        approvers(but=actor),
        "feedback.ask_extension",
        f"留言 {message.number} 申请延期，请审定。",
        address(message),
        by_mail=True,
    )
    return message


@transaction.atomic
def allow(actor: Any, message: Message) -> Message:
    """Give the time of hard messages; by another person than who asked.

    Raises:
        FeedbackRefused: no permission, their own request, or nothing was asked.
    """
    message = begun(actor, Deed.ALLOW_EXTENSION, message)
    message.is_extended = True
    message.extension_decided_at = timezone.now()
    before = message.due_at
    deadlines.set_whole(message)
    if message.is_unfinished:
        deadlines.set_step(message, timezone.now())
    finished(actor, Deed.ALLOW_EXTENSION, message, detail={"from": before, "to": message.due_at})
    _tell(message, f"同意，答复期限到{timezone.localtime(message.due_at):%m月%d日}")
    return message


@transaction.atomic
def deny(actor: Any, message: Message, reason: str) -> Message:
    """Leave the deadline as it is.

    Raises:
        FeedbackRefused: no permission, no reason, or nothing was asked.
    """
    message = begun(actor, Deed.DENY_EXTENSION, message)
    note = needed(reason, "请写明为什么不同意。", 200)
    message.extension_decided_at = timezone.now()
    finished(actor, Deed.DENY_EXTENSION, message, note=note)
    _tell(message, "没有同意，请按原期限办理")
    return message


def _tell(message: Message, decision: str) -> None:
    notices.settle(["feedback.ask_extension"], address(message))
    if message.extension_asked_by is not None:
        notices.send(
            message.extension_asked_by,
            "feedback.extension_decided",
            f"留言 {message.number} 的延期申请：{decision}。",
            address(message),
        )
