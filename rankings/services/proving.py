"""补证: one statement about one month, entered by hand together with what proves it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from cms.ops import audit

from ..evidence import kinds
from ..evidence import service as evidence
from ..evidence.models import Capture, Sighting
from ..models import Account, Board, Edition, Observation, Origin, SourceKind, State, Status
from ..periods import Period
from .errors import RankingError, require
from .recording import ListRow, SourceRef, record_list, record_not_issued


@dataclass(frozen=True, slots=True)
class Proof:
    """What one source says about one month; ``account`` None means that no list was issued.

    ``upload`` holds the bytes of a file to be kept as evidence, ``capture`` names one kept before.
    """

    board: Board
    period: Period
    account: Account | None
    source: SourceRef
    status: str
    state: str = State.RANKED
    rank: int | None = None
    tied: bool = False
    edition: str = Edition.FINAL
    published: dt.date | None = None
    list_size: int | None = None
    method: str = ""
    note: str = ""
    upload: bytes | None = None
    capture: Capture | None = None


@transaction.atomic
def keep_upload(actor: Any, data: bytes, *, url: str = "") -> Capture:
    """Keep a file that a person hands in; ``url`` is where it was found.

    Raises ``RankingError`` for a file that is no evidence, and ``PermissionDenied``.
    """
    require(actor, "record_observation", "import_rankings")
    try:
        kind = kinds.check_upload(data)
        sighting = evidence.store(
            data,
            kind=Sighting.Kind.UPLOAD,
            url=url,
            content_type=kind.content_type,
            fetched_at=timezone.now(),
        )
    except evidence.EvidenceError as error:
        raise RankingError(str(error)) from error
    capture = sighting.capture
    audit.record(actor, "evidence.upload", capture, {"sha256": capture.sha256})
    return capture


@transaction.atomic
def record_proof(actor: Any, proof: Proof, *, reason: str = "") -> Observation:
    """Record a statement with its evidence and answer its newest version.

    A confirmed one needs evidence and waits for the second person; the account's own word never
    confirms. ``reason`` is needed where the same source said otherwise before. Raises
    ``RankingError`` and ``PermissionDenied``; then neither file nor statement is kept on record.
    """
    require(actor, "record_observation")
    if proof.status == Status.CONFIRMED:
        if proof.source.kind == SourceKind.SELF:
            raise RankingError("自述不能作为核实的依据，请改选据报道，或换一个来源。")
        if proof.upload is None and proof.capture is None:
            raise RankingError("已核实的记录必须有存证，请上传榜单原件，或选择已有的存证。")
    capture = proof.capture
    if proof.upload is not None:
        capture = keep_upload(actor, proof.upload, url=proof.source.url)
    said = {
        "board": proof.board,
        "period": proof.period,
        "source": proof.source,
        "status": proof.status,
        "origin": Origin.HAND,
        "published": proof.published,
        "capture": capture,
        "reason": reason,
    }
    if proof.account is None:
        result = record_not_issued(actor, note=proof.note, **said)
    else:
        before = _statements(proof).order_by("version").last()
        # The form does not ask for figures and unit: what the source said of them still holds.
        row = ListRow(
            proof.account,
            proof.rank,
            tied=proof.tied,
            state=proof.state,
            unit="" if before is None else before.unit,
            figures={} if before is None else before.figures,
            note=proof.note,
        )
        result = record_list(
            actor,
            rows=[row],
            edition=proof.edition,
            list_size=proof.list_size,
            method=proof.method,
            **said,
        )
    if not (result.created or result.corrected):
        raise RankingError("这个来源已经有内容相同的记录，没有需要补的。")
    return _statements(proof).order_by("version").last()


def _statements(proof: Proof) -> QuerySet[Observation]:
    """The current versions of what this source says of this account and month."""
    return Observation.objects.current().filter(
        board=proof.board,
        start=proof.period.start,
        end=proof.period.end,
        account=proof.account,
        source_kind=proof.source.kind,
        source_name=proof.source.name,
        edition=proof.edition if proof.account is not None else Edition.FINAL,
    )
