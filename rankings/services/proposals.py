"""Proposals that do not come into force: sent back by the second person, or taken back."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import Observation, Status
from .errors import RankingError, require
from .writing import lock_boards

REASON_LIMIT = Observation._meta.get_field("rejection").max_length
TAKEN_BACK = "录入人撤回"


@transaction.atomic
def reject_proposals(actor: Any, observations: Iterable[Observation], reason: str) -> int:
    """The second person sends proposals back with a reason; answers how many.

    All or none; what was in force stays in force. Raises ``PermissionDenied`` without the
    permission, ``RankingError`` when the reason is missing, the person recorded one of them or one
    no longer waits.
    """
    if actor is None:
        raise PermissionDenied("复核必须由人来做。")
    require(actor, "confirm_observation")
    reason = _checked(reason)
    if not reason:
        raise RankingError("请写明退回理由，录入人才知道要改什么。")
    rows = waiting_rows(observations)
    for row in rows:
        if row.recorded_by_id == actor.pk:
            raise RankingError(f"“{row}”是您自己录入的，请用“撤回”。")
    _close(actor, rows, reason, "rankings.reject")
    return len(rows)


@transaction.atomic
def withdraw_proposals(actor: Any, observations: Iterable[Observation], reason: str = "") -> int:
    """Whoever entered proposals takes them back, while nobody has decided; answers how many.

    All or none. Raises ``PermissionDenied`` and ``RankingError``.
    """
    if actor is None:
        raise PermissionDenied("撤回必须由人来做。")
    require(actor, "record_observation", "import_rankings")
    reason = _checked(reason) or TAKEN_BACK
    rows = waiting_rows(observations)
    for row in rows:
        if row.recorded_by_id != actor.pk:
            raise RankingError(f"“{row}”不是您录入的，不能撤回；有误请由复核人退回。")
    _close(actor, rows, reason, "rankings.withdraw")
    return len(rows)


def withdraw_proposal(actor: Any, observation: Observation, reason: str = "") -> None:
    """``withdraw_proposals`` for one."""
    withdraw_proposals(actor, [observation], reason)


def waiting_rows(observations: Iterable[Observation]) -> list[Observation]:
    """The rows again, locked with their boards. Raises ``RankingError`` unless all still wait."""
    wanted = {row.pk: row.board_id for row in observations}
    lock_boards(wanted.values())
    rows = list(
        Observation.objects.select_for_update(of=("self",))
        .filter(pk__in=wanted)
        .select_related("board", "account")
        .order_by("pk")
    )
    for row in rows:
        if not row.is_current or row.status != Status.PROPOSED:
            raise RankingError(f"“{row}”已不在待复核之列，请刷新页面。")
    return rows


def _checked(reason: str) -> str:
    reason = reason.strip()
    if len(reason) > REASON_LIMIT:
        raise RankingError(f"理由太长（{len(reason)} 字），最多 {REASON_LIMIT} 字。")
    return reason


def _close(actor: Any, rows: Iterable[Observation], reason: str, action: str) -> None:
    now = timezone.now()
    for row in rows:
        row.status, row.is_current = Status.REJECTED, False
        row.rejected_by, row.rejected_at, row.rejection = actor, now, reason
        row.save(update_fields=["status", "is_current", "rejected_by", "rejected_at", "rejection"])
        audit.record(actor, action, row, {"version": row.version, "reason": reason})
