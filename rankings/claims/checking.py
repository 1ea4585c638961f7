"""Collects what a claim is verified against. Reads only."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from ..evidence import service as evidence
from ..evidence.models import Capture
from ..lineage import continued_by
from ..models import (
    Account,
    Board,
    BoardLink,
    Claim,
    ClaimProof,
    LinkStatus,
    Observation,
)
from ..periods import SHANGHAI, Month
from ..queries import NoRecord
from . import choosing, records, rivals, superlatives, versions
from .records import Series
from .verifying import Finding, Successor, Today, broken, compare

# A chain of corrections is followed by what identifies the statement.
_CHAIN = ("board_id", "start", "end", "account_id", "source_kind", "source_name", "edition")


def findings_of(
    claim: Claim, *, captures: Mapping[str, str] | None = None, series: Series | None = None
) -> list[Finding]:
    """What changed since the claim was frozen.

    ``captures`` are the results of ``check_captures``; without them files are left alone.
    ``series`` spares the reading of the board where many claims are verified.
    """
    if unsound := broken(claim.frozen, claim.frozen_sha256):
        return unsound
    series = series or records.series_of(claim.board)
    return compare(claim.frozen, claim.frozen_sha256, today_of(claim, series, captures or {}))


def check_captures(claim: Claim) -> dict[str, str]:
    """Hash the claim's evidence again, a file at a time: what is wrong with each, ``""`` if
    nothing. Slow; never call it with rows locked."""
    hashes = claim.frozen.get("evidence_hashes", [])
    kept = {capture.sha256: capture for capture in Capture.objects.filter(sha256__in=hashes)}
    result = {}
    for sha256 in hashes:
        capture = kept.get(sha256)
        if capture is None:
            result[sha256] = f"存证 {sha256[:12]} 的登记不见了，请从备份恢复。"
            continue
        try:
            evidence.read(capture)
        except evidence.EvidenceError as error:
            result[sha256] = str(error)
        else:
            result[sha256] = ""
    return result


def today_of(claim: Claim, series: Series, captures: Mapping[str, str]) -> Today:
    """What the records say now about the months of the claim."""
    frozen = claim.frozen
    start, end = claim.first_month, claim.last_month
    basis = records.basis_of(series, claim.account, start, end)
    run = records.run_of(basis, open_start=frozen["open_start"])
    sentence = records.sentence_of(series, claim.account, run, named=frozen)
    clause, objections = "", []
    if claim.superlative and not series.record.months:
        objections = ["榜单没有任何有效记录"]
    elif claim.superlative:
        last = Month.parse(frozen["superlative_basis"]["last"]).index
        case = rivals.case_of(series, claim.account, start, end, claim.length, last=last)
        objections = [str(each) for each in superlatives.objections(claim.superlative, case)]
        clause = "" if objections else superlatives.clause(claim.superlative, case)
    renewed = _renewed(claim, series, end)
    ids = [statement["id"] for statement in frozen["statements"]]
    rows = {
        row.pk: row
        for row in Observation.objects.filter(pk__in=ids).select_related(
            "board", "account", "capture"
        )
    }
    return Today(
        basis=basis,
        rows={pk: records.statement_json(row) for pk, row in rows.items()},
        replaced=_replaced(rows),
        captures=captures,
        sentence=superlatives.added(sentence.text, clause),
        # A longer run would need a superlative of its own.
        renewed=superlatives.added(renewed, clause if renewed == sentence.text else ""),
        proof=sentence.proof,
        rules=versions.rules(),
        links={link["id"]: link for link in basis.lineage["links"]},
        objections=objections,
    )


def _renewed(claim: Claim, series: Series, end: Month) -> str:
    """The sentence that would be drafted today for the same last month, without superlative."""
    try:
        start, last = choosing.span_of(
            series,
            claim.account,
            as_of=end,
            proved_only=claim.proof == ClaimProof.PROVED,
        )
    except NoRecord as error:
        return str(error)
    basis = records.basis_of(series, claim.account, start, last)
    return records.sentence_of(series, claim.account, records.run_of(basis)).text


def _replaced(rows: Mapping[int, Observation]) -> dict[int, Successor]:
    """What is in force in place of the rows that no longer are."""
    gone = {
        pk: row
        for pk, row in rows.items()
        if not (row.is_current and row.status in ("confirmed", "reported"))
    }
    if not gone:
        return {}
    chains = Q()
    for row in gone.values():
        chains |= Q(**{name: getattr(row, name) for name in _CHAIN})
    found = {
        tuple(getattr(row, name) for name in _CHAIN): row
        for row in Observation.objects.in_force()
        .filter(chains)
        .select_related("board", "account", "capture", "recorded_by", "confirmed_by")
    }
    return {
        pk: _successor(found.get(tuple(getattr(row, name) for name in _CHAIN)))
        for pk, row in gone.items()
    }


def _successor(row: Observation | None) -> Successor:
    if row is None:
        return Successor()
    who = [f"更正人 {row.recorded_by or '系统'}"]
    if row.confirmed_by is not None:
        who.append(f"复核人 {row.confirmed_by}")
    day = timezone.localtime(row.confirmed_at or row.recorded_at, SHANGHAI).date()
    return Successor(
        records.statement_json(row), row.version, row.reason, "，".join(who), day.isoformat()
    )


def boards_leaning_on(board_ids: Iterable[int]) -> set[int]:
    """The boards whose record contains months of these boards, those included."""
    links = BoardLink.objects.filter(status=LinkStatus.CONFIRMED)
    return set(continued_by(board_ids, links))


def series_cache() -> Callable[[Board], Series]:
    """``series_of`` that reads each board once, for one pass over many claims."""
    known: dict[int, Series] = {}

    def series(board: Board) -> Series:
        if board.pk not in known:
            known[board.pk] = records.series_of(board)
        return known[board.pk]

    return series


def superlative_basis(
    kind: str, series: Series, account: Account, start: Month, end: Month, length: int
) -> tuple[dict[str, Any], str, list[str]]:
    """What is frozen of a superlative, the clause for the sentence, and what stands against it."""
    case = rivals.case_of(series, account, start, end, length)
    against = [str(each) for each in superlatives.objections(kind, case)]
    basis = {
        "kind": kind,
        "first": str(Month.from_index(case.first)),
        "last": str(Month.from_index(case.last)),
        "first_issue": (
            None if case.first_issue is None else str(Month.from_index(case.first_issue))
        ),
        "scope": case.scope,
        "accounts": len(case.rivals) + 1,
        "lists": [
            {"month": str(Month.from_index(month)), "places": len(case.lists[month].places)}
            for month in sorted(case.lists)
            if case.first <= month <= case.last
        ],
    }
    return basis, "" if against else superlatives.clause(kind, case), against
