"""移交: what a person who leaves had in hand."""

from typing import Any

from django.db import transaction

from cms.ops import audit, notices

from ..access import CARRY_OUT, HAND_OVER, HANDLE
from ..models import Deed, Message, Unit
from .base import FeedbackRefused, address, locked, log


def in_hand(person: Any) -> tuple[int, list[Unit]]:
    """How many unfinished messages ``person`` handles, and the units they are a contact of."""
    count = Message.objects.unfinished().filter(handler=person).count()
    return count, list(Unit.objects.filter(people=person))


@transaction.atomic
def hand_over(actor: Any, giver: Any, taker: Any) -> tuple[int, int]:
    """Give the unfinished messages and the units of ``giver`` to ``taker``.

    Answers how many messages and how many units.

    Raises:
        FeedbackRefused: no permission, the same person, nothing to hand over, or ``taker`` has
            not the role for it.
    """
    if not actor.has_perm(HAND_OVER):
        raise FeedbackRefused("移交留言由管理员来做，您没有这个权限。")
    if giver.pk == taker.pk:
        raise FeedbackRefused("请选择另一位同事来接手。")
    count, units = in_hand(giver)
    if not (count or units):
        raise FeedbackRefused(f"{giver}没有经办中的留言，也不是承办单位的联系人。")
    if not taker.is_active:
        raise FeedbackRefused(f"{taker}的账号已停用，请换一位。")
    if count and not taker.has_perm(HANDLE):
        raise FeedbackRefused(f"{taker}没有“留言办理”角色，不能接手经办的留言。")
    if units and not taker.has_perm(CARRY_OUT):
        raise FeedbackRefused(f"{taker}没有“承办单位”角色，不能做承办单位的联系人。")
    found = Message.objects.unfinished().filter(handler=giver).order_by("pk")
    moved = 0
    for each in found:
        message = locked(each)
        if message.handler_id != giver.pk or not message.is_unfinished:
            continue
        message.handler = taker
        message.save(update_fields=["handler"])
        log(actor, Deed.HAND_OVER, message, note=f"由{giver}移交给{taker}", person=taker)
        audit.record(actor, "feedback.hand_over", message, {"from": str(giver), "to": str(taker)})
        notices.send(
            taker,
            "feedback.hand_over",
            f"留言 {message.number} 由{giver}移交给您经办。",
            address(message),
        )
        moved += 1
    for unit in units:
        unit.people.remove(giver)
        unit.people.add(taker)
        audit.record(actor, "feedback.hand_over", unit, {"from": str(giver), "to": str(taker)})
    return moved, len(units)
