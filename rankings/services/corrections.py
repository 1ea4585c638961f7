"""Corrections, and the second person's word."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.ops import audit

from ..models import Observation, Origin, Status
from .errors import RankingError, require
from .proposals import waiting_rows
from .proving import keep_upload
from .recording import figure_json
from .writing import (
    CONTENT_LABELS,
    Changes,
    Draft,
    Policy,
    draft_errors,
    key_of,
    load_chains,
    lock_boards,
    write,
)


@transaction.atomic
def correct_observation(
    actor: Any,
    observation: Observation,
    reason: str,
    changes: Mapping[str, Any],
    *,
    upload: bytes | None = None,
) -> Observation:
    """Record a new version of a statement and answer it.

    ``changes`` maps content fields (``CONTENT_LABELS``), ``status`` and ``capture`` to new values;
    who is spoken of and who speaks never change. ``upload`` holds the bytes of a file to be kept
    as evidence of the new version. A confirmed version is a proposal until the
    second person confirms it; until then the old one stays in force. Raises ``RankingError`` when
    the reason is missing, nothing changes or somebody corrected it meanwhile.
    """
    require(actor, "record_observation")
    reason = reason.strip()
    if not reason:
        raise RankingError("请写明更正理由。")
    unknown = set(changes) - {*CONTENT_LABELS, "status", "capture"}
    if unknown:
        raise TypeError(f"Not content of an observation: {sorted(unknown)}")
    lock_boards([observation.board_id])
    old = Observation.objects.select_for_update().get(pk=observation.pk)
    chain = load_chains([key_of(old)])[key_of(old)]
    if not old.is_current or (chain.proposal is not None and chain.proposal.pk != old.pk):
        raise RankingError("这条记录已经有了新的版本，请刷新页面，在最新的版本上更正。")
    if upload is not None:
        url = changes.get("source_url", old.source_url)
        changes = {**changes, "capture": keep_upload(actor, upload, url=url)}
    content = {name: changes.get(name, getattr(old, name)) for name in CONTENT_LABELS}
    content["figures"] = {key: figure_json(figure) for key, figure in content["figures"].items()}
    capture = changes.get("capture", old.capture)
    status = changes.get("status", old.status)
    draft = Draft(
        board_id=old.board_id,
        period=old.period,
        account_id=old.account_id,
        status=Status.CONFIRMED if status == Status.PROPOSED else status,
        source_kind=old.source_kind,
        source_name=old.source_name,
        edition=old.edition,
        capture_id=None if capture is None else capture.pk,
        version=chain.head + 1,
        reason=reason,
        **content,
    )
    if errors := draft_errors(draft):
        raise RankingError("".join(errors))
    if (
        all(getattr(old, name) == value for name, value in content.items())
        and draft.capture_id == old.capture_id
        and status == old.status
    ):
        raise RankingError("内容没有变化，不需要更正。")
    told = Changes()
    write([draft], Policy(actor, Origin.HAND, reason), told)
    told.announce()
    # Not by what it supersedes: versions that were sent back stand in the line too.
    new = Observation.objects.get(**key_of(old)._asdict(), version=draft.version)
    audit.record(
        actor,
        "rankings.correct",
        new,
        {"supersedes": old.pk, "reason": reason, "status": new.status},
    )
    return new


@transaction.atomic
def confirm_observations(actor: Any, observations: Iterable[Observation]) -> int:
    """The second person confirms proposals; answers how many.

    All or none. Raises ``PermissionDenied`` without the permission, ``RankingError`` when the
    person recorded one of them or one no longer waits.
    """
    if actor is None:
        raise PermissionDenied("复核必须由人来做。")
    require(actor, "confirm_observation")
    rows = waiting_rows(observations)
    for row in rows:
        if row.recorded_by_id == actor.pk:
            raise RankingError(f"“{row}”是您自己录入的，请由另一位同事复核。")
    told = Changes()
    chains = load_chains([key_of(row) for row in rows])
    now = timezone.now()
    for row in rows:
        before = chains[key_of(row)].in_force
        told.add(row, before)
        if before is not None:
            before.is_current = False
            before.save(update_fields=["is_current"])
        row.status, row.confirmed_by, row.confirmed_at = Status.CONFIRMED, actor, now
        row.save(update_fields=["status", "confirmed_by", "confirmed_at"])
        audit.record(actor, "rankings.confirm", row, {"version": row.version})
    told.announce()
    return len(rows)
