"""What the first person decides about a waiting run, and what the second makes of it."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from cms.ops import audit
from rankings.models import Board
from rankings.services import RankingError

from .. import checking
from ..effective import is_typed, typists
from ..models import Run, RunState
from .closing import close, counts_sentence
from .errors import ScrapeError
from .reading import effective_of
from .recording import BoardChoice, chosen_rows, record_choices
from .sources import rules_of
from .waiting import hold_waiting, may_review, reason_text


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
    The rows of a publisher wait for the second person, as any entry by hand. Where a row holds
    typed cells or comes from a picture nothing is recorded yet: the run waits in ``CHECK`` until
    a second person has looked (``pass_run``). ``complete`` is the person's word that the page is
    the whole list: accounts it no longer names become absent.
    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    may_review(actor)
    reason = reason_text(reason, "请写明确认入库的理由，例如核对了哪几处。")
    with transaction.atomic():
        run = hold_waiting(run)
        boards = effective_of(run)["boards"]
        if choices is None:
            choices = _matched(run)
        if _needs_second(boards, choices, complete=complete):
            _try_out(actor, run, choices, reason, complete)
            _hand_on(actor, run, boards, choices, reason, complete)
            return run
        counts = _record(actor, run, choices, reason, complete)
        _decide(actor, run, reason)
        close(run, RunState.RECORDED, f"经人工核对，{counts_sentence(counts)}", counts, actor)
    return run


def reject_run(actor: Any, run: Run, reason: str) -> Run:
    """Close a waiting run without recording anything; its evidence stays.

    Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    may_review(actor)
    reason = reason_text(reason, "请写明驳回的理由，便于以后查对。")
    with transaction.atomic():
        run = hold_waiting(run)
        _decide(actor, run, reason)
        close(run, RunState.REJECTED, f"已驳回：{reason}", {}, actor)
    return run


def pass_run(actor: Any, run: Run) -> Run:
    """The second person's word: record what the first one decided, in the name of both.

    Raises ``PermissionDenied``, also for whoever typed or decided, and ``ScrapeError``.
    """
    may_review(actor)
    with transaction.atomic():
        run = hold_waiting(run, (RunState.CHECK,))
        if problem := second_person_problem(actor, run):
            raise PermissionDenied(problem)
        decision = run.decision
        boards = Board.objects.in_bulk([choice["board"] for choice in decision["choices"]])
        choices = [
            BoardChoice(choice["position"], boards[choice["board"]], frozenset(choice["rows"]))
            for choice in decision["choices"]
            if choice["board"] in boards
        ]
        if len(choices) != len(decision["choices"]):
            raise ScrapeError("选定的榜单已经删除，请退回后重新选择。")
        first = run.decided_by
        try:
            counts = _record(
                first, run, choices, run.decision_reason, decision["complete"], confirmed_by=actor
            )
        except PermissionDenied as error:
            raise ScrapeError(f"{first}已经没有录入名次的权限，请退回后由别人确认。") from error
        run.checked_by, run.checked_at = actor, timezone.now()
        run.save(update_fields=["checked_by", "checked_at"])
        sentence = f"经{first}和{actor}两人核对，{counts_sentence(counts)}"
        close(run, RunState.RECORDED, sentence, counts, actor)
    return run


def return_run(actor: Any, run: Run, reason: str) -> Run:
    """Send a decided run back to the desk; what was typed is kept.

    The first person may take it back too. Raises ``PermissionDenied`` or ``ScrapeError``.
    """
    may_review(actor)
    reason = reason_text(reason, "请写明退回的理由，例如哪一行与图片不符。")
    with transaction.atomic():
        run = hold_waiting(run, (RunState.CHECK,))
        verb = "收回" if actor.pk == run.decided_by_id else "退回"
        run.state, run.reason = run.decision["from"], f"{actor}{verb}：{reason}"
        run.decision = None
        run.decided_by = run.decided_at = None
        run.decision_reason = ""
        run.save(
            update_fields=[
                "state",
                "reason",
                "decision",
                "decided_by",
                "decided_at",
                "decision_reason",
            ]
        )
        audit.record(
            actor, "scrape.return", run, {"month": str(run.statistics_month), "reason": reason}
        )
    return run


def second_person_problem(actor: Any, run: Run) -> str:
    """Why ``actor`` cannot be the second person of a run in ``CHECK``, or ``""``."""
    if not actor.has_perm("rankings.confirm_observation"):
        return "您没有复核名次的权限，请换一位同事核对。"
    if actor.pk == run.decided_by_id:
        return "这份榜单是您确认的，请另一位同事核对。"
    boards = effective_of(run)["boards"]
    rows = [row for board in boards for row in [*board["rows"], *board["removed"]]]
    if actor.pk in typists(rows):
        return "这份榜单里有您录入的格子，请另一位同事核对。"
    return ""


def _needs_second(
    boards: Sequence[dict[str, Any]], choices: Sequence[BoardChoice], *, complete: bool
) -> bool:
    """Whether a row to be recorded is a person's or a picture's word.

    Striking out what the machine read is one too where the rest is said to be the whole list: it
    makes an account absent.
    """
    for choice in choices:
        if any(is_typed(row) for row in chosen_rows(boards, choice)):
            return True
        if complete and any(not row["added"] for row in boards[choice.position]["removed"]):
            return True
    return False


class _TriedOut(Exception):
    """All could be recorded; thrown to undo it."""


def _try_out(
    actor: Any, run: Run, choices: Sequence[BoardChoice], reason: str, complete: bool
) -> None:
    """Raise what recording would raise, so that the first person hears it. Leaves nothing."""
    try:
        with transaction.atomic():
            _record(actor, run, choices, reason, complete)
            raise _TriedOut
    except _TriedOut:
        pass


def _hand_on(
    actor: Any,
    run: Run,
    boards: Sequence[dict[str, Any]],
    choices: Sequence[BoardChoice],
    reason: str,
    complete: bool,
) -> None:
    run.decision = {
        "from": run.state,
        "complete": complete,
        "choices": [
            {
                "position": choice.position,
                "board": choice.board.pk,
                # By name, so that nothing that turns up later slips in.
                "rows": [row["id"] for row in chosen_rows(boards, choice)],
            }
            for choice in choices
        ],
    }
    run.save(update_fields=["decision"])
    _decide(actor, run, reason)
    rows = sum(len(choice["rows"]) for choice in run.decision["choices"])
    sentence = (
        f"{actor}已确认 {rows} 行，其中有人工录入或从图片识别的，等另一位同事对照核对后入库。"
    )
    close(run, RunState.CHECK, sentence, {}, actor)


def _record(
    actor: Any,
    run: Run,
    choices: Sequence[BoardChoice],
    reason: str,
    complete: bool,
    confirmed_by: Any = None,
) -> dict[str, int]:
    try:
        return record_choices(
            actor, run, choices, reason=reason, complete=complete, confirmed_by=confirmed_by
        )
    except RankingError as error:
        raise ScrapeError(str(error)) from error


def _decide(actor: Any, run: Run, reason: str) -> None:
    run.decided_by, run.decided_at, run.decision_reason = actor, timezone.now(), reason
    run.save(update_fields=["decided_by", "decided_at", "decision_reason"])


def _matched(run: Run) -> list[BoardChoice]:
    matches, _ = checking.match_boards(run.extraction["boards"], rules_of(run.source))
    boards = Board.objects.in_bulk(_keys(matches.values()))
    return [
        BoardChoice(position, boards[rule.board])
        for position, rule in matches.items()
        if rule.board is not None
    ]


def _keys(rules: Collection[checking.Rule]) -> list[int]:
    return [rule.board for rule in rules if rule.board is not None]
