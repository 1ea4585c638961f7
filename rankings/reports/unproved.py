"""Which month to prove next."""

from dataclasses import dataclass

from .. import queries, streaks
from ..lineage import Lineage
from ..models import Account, Board, Status
from ..periods import Month

_OPEN = frozenset({streaks.REPORTED, streaks.UNKNOWN, streaks.DISPUTED})


@dataclass(frozen=True, slots=True)
class UnprovedMonth:
    """A month of an account's possible run that nothing proves yet; ``left`` counts all such."""

    board: Board
    month: Month
    left: int


def next_unproved(board: Board, account: Account, month: Month) -> UnprovedMonth | None:
    """The next month after ``month`` in the same possible run that has no proof, else the first.

    Months for which a proposal waits are passed over: they have been seen to. A fixed number of
    queries; None when there is no such month, or ``month`` breaks the run.
    """
    if not board.is_monthly:
        return None
    line = queries.lineage_of(board)
    stretch = _stretch(queries.month_states(board, account, line=line), month, line)
    left = [
        state
        for state in stretch
        if state.month != month
        and state.state in _OPEN
        and not any(row.status == Status.PROPOSED for row in state.observations)
    ]
    if not left:
        return None
    chosen = next((state for state in left if state.month > month), left[0])
    return UnprovedMonth(line.board_of(chosen.month.index), chosen.month, len(left))


def _stretch(
    states: list[queries.MonthState], month: Month, line: Lineage
) -> list[queries.MonthState]:
    """The months around ``month`` with nothing that breaks a run between."""
    stretch: list[queries.MonthState] = []
    for state in states:
        if state.month.index in line.cuts or state.state == streaks.NOT_FIRST:
            if stretch and stretch[0].month <= month <= stretch[-1].month:
                return stretch
            stretch = []
        if state.state != streaks.NOT_FIRST:
            stretch.append(state)
    holds = bool(stretch) and stretch[0].month <= month <= stretch[-1].month
    return stretch if holds else []
