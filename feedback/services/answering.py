"""反馈: the answer, written by one person and approved by another."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import notices

from ..models import Deed, Message
from .base import address, approvers, begun, finished, needed
from .handling import settle


@transaction.atomic
def draft_answer(actor: Any, message: Message, text: str) -> Message:
    """Write the answer, or write it anew; it waits for somebody else's approval.

    Raises:
        FeedbackRefused: no permission, nothing written, or not the time for it.
    """
    message = begun(actor, Deed.ANSWER, message)
    message.answer = needed(text, "请写答复。")
    message.answer_by = actor
    finished(actor, Deed.ANSWER, message, note=message.answer)
    settle(message)
    notices.send_to(
        approvers(but=actor),
        "feedback.answer",
        f"留言 {message.number} 的答复待审定。",
        address(message),
        by_mail=True,
    )
    return message


@transaction.atomic
def return_answer(actor: Any, message: Message, reason: str) -> Message:
    """Do not approve the answer: it is written again, or the matter is assigned again.

    Raises:
        FeedbackRefused: no permission, no reason, or not the time for it.
    """
    message = begun(actor, Deed.RETURN_ANSWER, message)
    note = needed(reason, "请写明答复要怎样改。")
    writer = message.answer_by
    finished(actor, Deed.RETURN_ANSWER, message, note=note)
    settle(message)
    if writer is not None:
        notices.send(
            writer,
            "feedback.return_answer",
            f"留言 {message.number} 的答复被退回，请修改。",
            address(message),
        )
    return message


@transaction.atomic
def approve_answer(actor: Any, message: Message) -> Message:
    """Let the sender read the answer; by another person than who wrote it.

    Raises:
        FeedbackRefused: no permission, their own answer, or not the time for it.
    """
    message = begun(actor, Deed.APPROVE_ANSWER, message)
    message.answer_approved_by = actor
    message.answered_at = timezone.now()
    writer = message.answer_by
    finished(actor, Deed.APPROVE_ANSWER, message, detail={"writer": str(writer or "")})
    settle(message)
    if writer is not None:
        wish = "留言人愿意公开，可以起草公开文字。" if message.is_public_wish else ""
        notices.send(
            writer,
            "feedback.approve_answer",
            f"留言 {message.number} 的答复已审定，留言人可以看到了。{wish}",
            address(message),
        )
    return message
