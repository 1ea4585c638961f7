"""What people and the clock may do to claims: one function an action."""

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from cms.ops import audit

from ..claims import bundle, checking, choosing, records, versions
from ..claims.freezing import Basis, Circumstances, Wording, digest, freeze
from ..claims.superlatives import LABELS, added
from ..claims.verifying import Finding, errors_of
from ..models import (
    Account,
    Board,
    Claim,
    ClaimProof,
    ClaimStatus,
    Superlative,
)
from ..periods import SHANGHAI, Month
from ..queries import NoRecord, lineage_of
from ..sentences import Proof
from ..signals import claim_changed
from .errors import RankingError, require
from .writing import lock_boards

_PROOFS = {
    Proof.PROVED: ClaimProof.PROVED,
    Proof.PARTIAL: ClaimProof.PARTIAL,
    Proof.REPORTED: ClaimProof.REPORTED,
}
TEXT_LIMIT = Claim._meta.get_field("decision_reason").max_length
# How often a number is tried while others take theirs.
_TRIES = 50
# A claim is verified again when it has not been for so long.
VERIFIED_EVERY = dt.timedelta(hours=23)


class ClaimRefused(RankingError):
    """The records do not carry the claim; ``reasons`` say precisely why."""

    def __init__(self, message: str, reasons: Sequence[str]) -> None:
        super().__init__(message)
        self.reasons = list(reasons)


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim as it would be made now. ``objections`` stand against the superlative."""

    board: Board
    account: Account
    basis: Basis
    wording: Wording
    start: Month
    end: Month
    objections: tuple[str, ...] = ()


def draft_claim(
    board: Board,
    account: Account,
    *,
    as_of: Month | None = None,
    superlative: str = "",
    proved_only: bool = False,
) -> Draft:
    """What ``make_claim`` would freeze; writes nothing. Raises ``NoRecord`` where there is no run.

    ``proved_only`` tells the confirmed months alone where those before them are not settled.
    """
    if superlative not in Superlative.values:
        raise RankingError(f"不认识的最高级说法“{superlative}”。")
    series = records.series_of(board)
    start, end = choosing.span_of(series, account, as_of=as_of, proved_only=proved_only)
    basis = records.basis_of(series, account, start, end)
    run = records.run_of(basis)
    sentence = records.sentence_of(series, account, run)
    length = run.proved if sentence.proof == Proof.PROVED else run.possible
    text, told, against = sentence.text, None, []
    if superlative:
        told, clause, against = checking.superlative_basis(
            superlative, series, account, start, end, length
        )
        if sentence.proof != Proof.PROVED:
            against.insert(0, "还有月份没有逐月核实，不能用最高级。")
        text = text if against else added(text, clause)
    wording = Wording(text, _PROOFS[sentence.proof], length, superlative, told)
    return Draft(board, account, basis, wording, start, end, tuple(against))


@transaction.atomic
def make_claim(
    actor: Any,
    board: Board,
    account: Account,
    *,
    as_of: Month | None = None,
    superlative: str = "",
    proved_only: bool = False,
) -> Claim:
    """Freeze what the records say into a claim that waits for a second person.

    The run that ends at ``as_of``; without it the current one, else the longest. Raises
    ``RankingError`` where there is nothing to say, a superlative is not carried
    (``ClaimRefused``) or the same claim exists.
    """
    require(actor, "make_claim")
    lock_boards([each.pk for each in lineage_of(board).boards])
    try:
        draft = draft_claim(
            board, account, as_of=as_of, superlative=superlative, proved_only=proved_only
        )
    except NoRecord as error:
        raise RankingError(str(error)) from error
    if draft.objections:
        raise ClaimRefused(
            f"不能写“{LABELS[superlative]}”：{''.join(draft.objections[:1])}", draft.objections
        )
    same = Claim.objects.watched().filter(board=board, account=account, text=draft.wording.sentence)
    if (existing := same.first()) is not None:
        raise RankingError(f"同样的结论已经有了：{existing.number}，请直接使用或先撤回它。")
    now = timezone.now()
    frozen = freeze(
        draft.basis,
        draft.wording,
        Circumstances(
            computed_at=records.moment(now),
            made_by="" if actor is None else str(actor),
            salt=secrets.token_hex(16),
            code_version=versions.code_version(),
            rules=versions.rules(),
        ),
    )
    claim = _create_numbered(
        now,
        board=board,
        account=account,
        proof=draft.wording.proof,
        superlative=superlative,
        start=draft.start.index,
        end=draft.end.index,
        length=draft.wording.length,
        text=draft.wording.sentence,
        frozen=frozen,
        frozen_sha256=digest(frozen),
        made_by=actor,
    )
    claim.observations.set([statement["id"] for statement in draft.basis.statements])
    audit.record(
        actor,
        "rankings.claim.make",
        claim,
        {"sha256": claim.frozen_sha256, "period": f"{draft.start}/{draft.end}"},
    )
    _tell(claim)
    return claim


def _create_numbered(now: dt.datetime, **fields: Any) -> Claim:
    """The claim under the next number of the Beijing year: JL-2026-0001.

    Who loses the race for a number takes the one after it.
    """
    prefix = f"JL-{now.astimezone(SHANGHAI).year}-"
    for _ in range(_TRIES):
        numbers = Claim.objects.filter(number__startswith=prefix).values_list("number", flat=True)
        taken = max((int(number[len(prefix) :]) for number in numbers), default=0)
        number = f"{prefix}{taken + 1:04d}"
        try:
            with transaction.atomic():
                return Claim.objects.create(number=number, **fields)
        except IntegrityError:
            if not Claim.objects.filter(number=number).exists():
                raise
    raise RankingError("编号正忙，请稍后再试。")


def approve_claim(actor: Any, claim: Claim) -> Claim:
    """The second person approves; everything is verified again first, evidence included.

    Raises ``PermissionDenied`` without the permission, ``ClaimRefused`` with what no longer
    holds, ``RankingError`` for the maker and for a claim that does not wait.
    """
    _second_person(actor, claim)
    return _settle(actor, claim, ClaimStatus.PROPOSED, "rankings.claim.approve")


def restore_claim(actor: Any, claim: Claim, reason: str = "") -> Claim:
    """The second person puts a claim under review back into force once it is verified clean.

    Raises as ``approve_claim`` does.
    """
    _second_person(actor, claim)
    reason = _checked(reason)
    return _settle(actor, claim, ClaimStatus.REVIEW, "rankings.claim.restore", reason)


def _settle(actor: Any, claim: Claim, state: str, action: str, reason: str = "") -> Claim:
    """Verify and approve in one step, with the evidence hashed before anything is locked."""
    captures = checking.check_captures(claim)
    with transaction.atomic():
        # Recordings lock their boards first: none of them can slip in between.
        lock_boards(_board_ids(claim))
        locked = _locked(claim, state)
        findings = checking.findings_of(locked, captures=captures)
        if errors := errors_of(findings):
            messages = [error.message for error in errors]
            raise ClaimRefused(
                f"核验没有通过，不能批准：{messages[0]}"
                + (f"（另有{len(messages) - 1}项）" if len(messages) > 1 else ""),
                messages,
            )
        now = timezone.now()
        _change(
            actor,
            locked,
            ClaimStatus.APPROVED,
            action,
            {"sha256": locked.frozen_sha256, **({"reason": reason} if reason else {})},
            decided_by=actor,
            decided_at=now,
            decision_reason=reason,
            verified_at=now,
            findings=[finding.as_json() for finding in findings],
            review_since=None,
            public_note="",
        )
    return locked


@transaction.atomic
def reject_claim(actor: Any, claim: Claim, reason: str) -> Claim:
    """The second person sends a proposed claim back with a reason.

    Raises ``PermissionDenied`` and ``RankingError``.
    """
    _second_person(actor, claim)
    reason = _needed(reason, "请写明退回理由，起草人才知道要改什么。")
    locked = _locked(claim, ClaimStatus.PROPOSED)
    return _change(
        actor,
        locked,
        ClaimStatus.REJECTED,
        "rankings.claim.reject",
        {"reason": reason},
        decided_by=actor,
        decided_at=timezone.now(),
        decision_reason=reason,
    )


@transaction.atomic
def withdraw_claim(actor: Any, claim: Claim, reason: str, public_note: str = "") -> Claim:
    """Take a claim back for good; ``public_note`` is what the public page says of it.

    Raises ``PermissionDenied`` and ``RankingError``.
    """
    require(actor, "make_claim", "approve_claim")
    reason = _needed(reason, "请写明撤回理由，会长期保留。")
    public_note = _checked(public_note)
    locked = _locked(claim, *WATCHED)
    return _change(
        actor,
        locked,
        ClaimStatus.WITHDRAWN,
        "rankings.claim.withdraw",
        {"reason": reason},
        decided_by=actor,
        decided_at=timezone.now(),
        decision_reason=reason,
        public_note=public_note,
    )


WATCHED = (ClaimStatus.PROPOSED, ClaimStatus.APPROVED, ClaimStatus.REVIEW)


def verify_claim(claim: Claim, *, actor: Any = None, evidence: bool = True) -> list[Finding]:
    """Compare a claim with today's records and say what changed; errors come first.

    The result is kept with the claim; an approved one with errors turns 需复核 at once. Without
    ``evidence`` the kept files are not hashed again.
    """
    require(actor, "make_claim", "approve_claim")
    captures = checking.check_captures(claim) if evidence else {}
    with transaction.atomic():
        locked = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
        findings = checking.findings_of(locked, captures=captures)
        _keep(locked, findings)
    claim.refresh_from_db()
    return findings


def recheck_claims(board_ids: Iterable[int], months: Iterable[int]) -> int:
    """Verify the claims that lean on these boards in these months (indexes).

    Called in the transaction of every recording, evidence files apart. One query where nothing is
    touched. Answers how many claims turned 需复核.
    """
    months = set(months)
    if not months:
        return 0
    # A superlative leans on months outside its run as well.
    near = Q(start__lte=max(months), end__gte=min(months)) | ~Q(superlative=Superlative.NONE)
    found = list(Claim.objects.watched().filter(near).values_list("pk", "board_id").order_by("pk"))
    if not found:
        return 0
    affected = checking.boards_leaning_on(board_ids)
    return _verify_each(
        [pk for pk, board_id in found if board_id in affected], checking.series_cache()
    )


def recheck_board(board: Board) -> int:
    """Verify every watched claim on a board or on what continues it: its links changed."""
    affected = checking.boards_leaning_on([board.pk])
    found = Claim.objects.watched().filter(board_id__in=affected).order_by("pk")
    return _verify_each(list(found.values_list("pk", flat=True)), checking.series_cache())


def _verify_each(pks: Sequence[int], series: Callable[[Board], records.Series]) -> int:
    turned = 0
    with transaction.atomic():
        for pk in pks:
            claim = (
                Claim.objects.select_for_update(of=("self",))
                .select_related("board", "account")
                .get(pk=pk)
            )
            findings = checking.findings_of(claim, series=series(claim.board))
            turned += _keep(claim, findings, files_checked=False)
    return turned


def due_claims(now: dt.datetime | None = None, *, limit: int = 20) -> list[Claim]:
    """Approved claims that were not verified for a day, the longest first."""
    now = now or timezone.now()
    return list(
        Claim.objects.holding()
        .filter(Q(verified_at=None) | Q(verified_at__lt=now - VERIFIED_EVERY))
        .order_by("verified_at", "pk")[:limit]
    )


def _keep(claim: Claim, findings: Sequence[Finding], *, files_checked: bool = True) -> bool:
    """Write down what was found; true when the claim turned 需复核."""
    now = timezone.now()
    kept = [finding.as_json() for finding in findings]
    if not files_checked:
        # What was wrong with a file stays wrong until the files are looked at again.
        kept += [each for each in claim.findings if each["code"] == "capture" and each not in kept]
    fields = {"findings": kept}
    if files_checked:
        fields["verified_at"] = now
    errors = errors_of(findings)
    if errors and claim.status == ClaimStatus.APPROVED:
        _change(
            None,
            claim,
            ClaimStatus.REVIEW,
            "rankings.claim.review",
            {"reason": errors[0].message, "findings": len(errors)},
            review_since=now,
            **fields,
        )
        return True
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.save(update_fields=list(fields))
    return False


def _second_person(actor: Any, claim: Claim) -> None:
    if actor is None:
        raise PermissionDenied("结论必须由人来批准。")
    require(actor, "approve_claim")
    if claim.made_by_id == actor.pk:
        raise RankingError("这条结论是您自己起草的，请由另一位同事处理。")


def _board_ids(claim: Claim) -> set[int]:
    keys = {board["key"] for board in claim.frozen["lineage"]["boards"]}
    return {claim.board_id, *Board.objects.filter(key__in=keys).values_list("pk", flat=True)}


def _locked(claim: Claim, *states: str) -> Claim:
    """The claim again, locked. Raises ``RankingError`` unless it is in one of ``states``."""
    locked = (
        Claim.objects.select_for_update(of=("self",))
        .select_related("board", "account")
        .get(pk=claim.pk)
    )
    if locked.status not in states:
        raise RankingError(
            f"{locked.number} 现在是“{locked.get_status_display()}”，不能这样处理，请刷新页面。"
        )
    return locked


def _change(
    actor: Any, claim: Claim, to: str, action: str, detail: dict[str, Any], **fields: Any
) -> Claim:
    """Move a locked claim to another status, with its audit entry and its signal."""
    claim.status = to
    for name, value in fields.items():
        setattr(claim, name, value)
    claim.save(update_fields=["status", *fields])
    audit.record(actor, action, claim, detail)
    _tell(claim)
    return claim


def _tell(claim: Claim) -> None:
    transaction.on_commit(lambda: claim_changed.send(sender=Claim, claim=claim))


def _needed(text: str, missing: str) -> str:
    text = _checked(text)
    if not text:
        raise RankingError(missing)
    return text


def _checked(text: str) -> str:
    text = text.strip()
    if len(text) > TEXT_LIMIT:
        raise RankingError(f"太长（{len(text)} 字），最多 {TEXT_LIMIT} 字。")
    return text


def export_bundle(actor: Any, claim: Claim, target: IO[bytes]) -> None:
    """Write the evidence bundle of a claim into ``target``.

    Raises ``PermissionDenied``, and ``RankingError`` where it cannot be made.
    """
    require(actor, "view_report")
    try:
        bundle.write(claim, target)
    except bundle.BundleError as error:
        raise RankingError(str(error)) from error
    audit.record(actor, "rankings.claim.bundle", claim, {"sha256": claim.frozen_sha256})
