"""What a person decides about a waiting run."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from rankings.models import Board
from rankings.services import RankingError

from .. import checking
from ..models import Run, RunState
from .closing import close, counts_sentence
from .errors import ScrapeError
from .recording import BoardChoice, record_choices
from .sources import rules_of


def accept_run(
    actor: Any,
    run: Run,
    reason: str,
    choices: Sequence[BoardChoice] | None = None,
    *,
    complete: bool = False,
) -> Run:
    """Record a waiting run's rows after a person has looked at the page.

    Without ``choices`` every listing that falls under a board of the source is recorded whole.
    The rows of a publisher wait for the second person, as any entry by hand. ``complete`` is the
    person's word that the page is the whole list: accounts it no longer names become absent.
    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    _may_review(actor)
    reason = _reason(reason, "请写明确认入库的理由，例如核对了哪几处。")
    with transaction.atomic():
        run = _waiting(run)
        if choices is None:
            choices = _matched(run)
        try:
            counts = record_choices(actor, run, choices, reason=reason, complete=complete)
        except RankingError as error:
            raise ScrapeError(str(error)) from error
        _decide(actor, run, reason)
        close(run, RunState.RECORDED, f"经人工核对，{counts_sentence(counts)}", counts, actor)
    return run


def reject_run(actor: Any, run: Run, reason: str) -> Run:
    """Close a waiting run without recording anything; its evidence stays.

    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    _may_review(actor)
    reason = _reason(reason, "请写明驳回的理由，便于以后查对。")
    with transaction.atomic():
        run = _waiting(run)
        _decide(actor, run, reason)
        close(run, RunState.REJECTED, f"已驳回：{reason}", {}, actor)
    return run


def _may_review(actor: Any) -> None:
    if actor is None or not actor.has_perm("scrapers.review_run"):
        raise PermissionDenied("您没有核对抓取结果的权限。")


def _reason(text: str, missing: str) -> str:
    text = text.strip()
    if not text:
        raise ScrapeError(missing)
    limit = Run._meta.get_field("decision_reason").max_length
    if len(text) > limit:
        raise ScrapeError(f"理由超过 {limit} 个字，请写短一些。")
    return text


def _waiting(run: Run) -> Run:
    held = Run.objects.select_for_update().get(pk=run.pk)
    if not held.is_waiting:
        raise ScrapeError(f"这条抓取记录已经是“{held.get_state_display()}”，请刷新页面查看。")
    return held


def _decide(actor: Any, run: Run, reason: str) -> None:
    run.decided_by, run.decided_at, run.decision_reason = actor, timezone.now(), reason
    run.save(update_fields=["decided_by", "decided_at", "decision_reason"])


def _matched(run: Run) -> list[BoardChoice]:
    matches, _ = checking.match_boards(run.extraction["boards"], rules_of(run.source))
    boards = Board.objects.in_bulk([rule.board for rule in matches.values() if rule.board])
    return [
        BoardChoice(position, boards[rule.board])
        for position, rule in matches.items()
        if rule.board is not None
    ]
