"""收集、交办、落实、督查: from a new message to something that can be answered."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from cms.ops import notices

from .. import deadlines
from ..models import Category, Deed, Difficulty, Message, RefusalKind, State, Unit
from .base import FeedbackRefused, address, begun, finished, locked, needed, office

# Who was asked to do something with the message has nothing to do any more.
ASKED = (
    "feedback.receive",
    "feedback.assign",
    "feedback.supervise_return",
    "feedback.report",
    "feedback.answer",
    "feedback.return_answer",
    "feedback.overdue",
)
# Nobody has to decide on these any more when the message has come to an end.
DECISIONS = ("feedback.ask_extension",)


@transaction.atomic
def accept(
    actor: Any,
    message: Message,
    *,
    category: str = "",
    difficulty: str = Difficulty.ORDINARY,
) -> Message:
    """Take the message on; a wrong category is put right here, which may change the deadline.

    Raises:
        FeedbackRefused: no permission, not waiting any more, or no such category.
    """
    message = begun(actor, Deed.ACCEPT, message)
    category = category or message.category
    if category not in Category.values or difficulty not in Difficulty.values:
        raise FeedbackRefused("请选择类别和难度。")
    message.category, message.difficulty = category, difficulty
    message.handler = actor
    deadlines.set_whole(message)
    finished(
        actor,
        Deed.ACCEPT,
        message,
        detail={"category": message.get_category_display(), "answer_due": message.due_at},
    )
    settle(message)
    return message


@transaction.atomic
def refuse(actor: Any, message: Message, kind: str, note: str = "") -> Message:
    """Do not deal with it; the sender reads the reason (``kind``) and ``note``.

    Raises:
        FeedbackRefused: no permission, too late, or no reason of the fixed kinds.
    """
    message = begun(actor, Deed.REFUSE, message)
    if kind not in RefusalKind.values:
        raise FeedbackRefused("请选择不予受理的原因。")
    message.refusal_kind = kind
    message.refusal_note = needed(note, "", 300) if note.strip() else ""
    _end(message, actor)
    label = RefusalKind(kind).label
    finished(actor, Deed.REFUSE, message, note=label, detail={"reason": label})
    settle(message)
    return message


@transaction.atomic
def merge(actor: Any, message: Message, into: Message) -> Message:
    """Let the answer to ``into`` stand for this one too, which says the same.

    Raises:
        FeedbackRefused: no permission, too late, or ``into`` is this one or cannot be answered.
    """
    # Always in the same order: two who merge crosswise wait for each other otherwise.
    for each in sorted((message, into), key=lambda one: one.pk):
        locked(each)
    message = begun(actor, Deed.MERGE, message)
    into = locked(into)
    if into.pk == message.pk:
        raise FeedbackRefused("不能并入它自己，请填另一条留言的编号。")
    if into.state in (State.MERGED, State.REFUSED):
        raise FeedbackRefused(f"{into}{into.get_state_display()}，不能并入，请换一条。")
    if message.merged.exists():
        raise FeedbackRefused("已经有别的留言并入这一条，请反过来合并。")
    message.merged_into = into
    _end(message, actor)
    finished(actor, Deed.MERGE, message, note=str(into), detail={"to": into.number})
    settle(message)
    return message


@transaction.atomic
def assign(
    actor: Any, message: Message, unit: Unit, note: str = "", *, shares_contact: bool = False
) -> Message:
    """Give the message to ``unit``, or to another one than before.

    Raises:
        FeedbackRefused: no permission, not the time for it, or the unit is switched off.
    """
    message = begun(actor, Deed.ASSIGN, message)
    if not unit.is_active:
        raise FeedbackRefused(f"{unit}已停用，请换一个单位。")
    message.unit, message.shares_contact = unit, shares_contact
    message.reported_by = None
    finished(actor, Deed.ASSIGN, message, note=note, unit=unit, detail={"unit": str(unit)})
    settle(message)
    notices.send_to(
        unit.contacts(),
        "feedback.assign",
        f"留言 {message.number} 交办给{unit}，请在{_day(message)}前报告落实情况。",
        address(message),
        by_mail=True,
    )
    return message


@transaction.atomic
def report(actor: Any, message: Message, text: str) -> Message:
    """落实: say what was done. A unit without people in the workbench is written for.

    Raises:
        FeedbackRefused: not their unit, not the time for it, or nothing written.
    """
    message = begun(actor, Deed.REPORT, message)
    note = needed(text, "请写清楚做了什么、结果怎样。")
    message.reported_by = actor
    finished(actor, Deed.REPORT, message, note=note, unit=message.unit)
    settle(message)
    people = [person for person in office() if person.pk != actor.pk]
    notices.send_to(
        people,
        "feedback.report",
        f"留言 {message.number} 已报告落实情况，请督查。",
        address(message),
    )
    return message


@transaction.atomic
def supervise_pass(actor: Any, message: Message, note: str = "") -> Message:
    """督查: what was reported is true and enough; by another person than who reported.

    Raises:
        FeedbackRefused: no permission, their own report, or not the time for it.
    """
    message = begun(actor, Deed.SUPERVISE_PASS, message)
    finished(actor, Deed.SUPERVISE_PASS, message, note=note)
    settle(message)
    return message


@transaction.atomic
def supervise_return(actor: Any, message: Message, reason: str) -> Message:
    """督查 is not content: the unit does it again.

    Raises:
        FeedbackRefused: no permission, their own report, no reason, or not the time for it.
    """
    message = begun(actor, Deed.SUPERVISE_RETURN, message)
    note = needed(reason, "请写明哪里没有做到位，要怎样补。")
    message.reported_by = None
    finished(actor, Deed.SUPERVISE_RETURN, message, note=note, unit=message.unit)
    settle(message)
    notices.send_to(
        message.unit.contacts() if message.unit else [],
        "feedback.supervise_return",
        f"留言 {message.number} 督查未通过，请在{_day(message)}前重新办理。",
        address(message),
        by_mail=True,
    )
    return message


def _end(message: Message, actor: Any) -> None:
    message.closed_at = timezone.now()
    message.handler = message.handler or actor


def settle(message: Message) -> None:
    """What people were asked to do with ``message`` is done, or need not be done any more."""
    over = ASKED if message.is_unfinished else (*ASKED, *DECISIONS)
    notices.settle(over, address(message))


def _day(message: Message) -> str:
    return f"{timezone.localtime(message.step_due_at):%m月%d日}"
