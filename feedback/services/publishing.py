"""公开: question and answer on the mirror, in texts of their own without personal data."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.mirror import worker
from cms.mirror.registry import dependents_of
from cms.ops import notices

from .. import masking
from ..models import Deed, Message, Publication
from .base import FeedbackRefused, address, approvers, begun, finished, needed


def suggestion(message: Message) -> dict[str, str]:
    """Title, question and answer masked by machine, for a person to read and correct."""
    names = [message.name]
    return {
        "title": message.public_title or masking.mask(message.title, names),
        "question": message.public_question or masking.mask(message.text, names),
        "answer": message.public_answer or masking.mask(message.answer, names),
    }


@transaction.atomic
def prepare(actor: Any, message: Message, title: str, question: str, answer: str) -> Message:
    """Write what shall stand on the mirror; it waits for somebody else's approval.

    Raises:
        FeedbackRefused: no permission, no wish of the sender, a text is missing, or a number or
            address of a person is still in it.
    """
    message = begun(actor, Deed.PREPARE_PUBLIC, message)
    message.public_title = needed(title, "请写公开标题。", 60)
    message.public_question = needed(question, "请写公开的留言。")
    message.public_answer = needed(answer, "请写公开的答复。")
    texts = "\n".join((message.public_title, message.public_question, message.public_answer))
    if found := masking.leftovers(texts):
        raise FeedbackRefused(f"公开文字里还有{'、'.join(found)}，请先隐去。")
    message.publication = Publication.PREPARED
    message.public_by = actor
    finished(actor, Deed.PREPARE_PUBLIC, message)
    notices.send_to(
        approvers(but=actor),
        "feedback.prepare_public",
        f"留言 {message.number} 的公开文字待审定。",
        address(message),
    )
    return message


@transaction.atomic
def publish(actor: Any, message: Message) -> Message:
    """Put the prepared texts on the mirror; by another person than who wrote them.

    Raises:
        FeedbackRefused: no permission, their own texts, or none prepared.
    """
    message = begun(actor, Deed.PUBLISH, message)
    message.publication = Publication.PUBLIC
    message.published_by, message.published_at = actor, timezone.now()
    message.withdrawn_at = None
    finished(actor, Deed.PUBLISH, message, detail={"writer": str(message.public_by or "")})
    notices.settle(["feedback.prepare_public"], address(message))
    return message


@transaction.atomic
def unpublish(actor: Any, message: Message, reason: str) -> Message:
    """Take the texts off the mirror at once; anybody of the office may.

    Raises:
        FeedbackRefused: no permission, no reason, or not public.
    """
    message = begun(actor, Deed.UNPUBLISH, message)
    note = needed(reason, "请写明为什么撤下。", 200)
    shown = list(dependents_of(message))
    message.publication = Publication.WITHDRAWN
    message.withdrawn_at = timezone.now()
    finished(actor, Deed.UNPUBLISH, message, note=note)
    # Silence does not wait for the worker.
    transaction.on_commit(partial(worker.render_at_once, shown))
    return message
