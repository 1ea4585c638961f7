"""One month of a board as a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .. import streaks, wci
from ..importing.columns import FIGURE_LABELS
from ..models import Account, Board, Observation, State, Status
from ..periods import Month
from .index_check import check_of
from .places import Place, figure_text, place_of


@dataclass(frozen=True, slots=True)
class Movement:
    """Against the month before: ``step`` places up (positive) or down, None when unknown."""

    step: int | None = None
    words: str = ""

    @property
    def style(self) -> str:
        if not self.step:
            return "level"
        return "up" if self.step > 0 else "down"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One account in the month's table."""

    account: Account
    place: Place
    state: str
    movement: Movement
    figures: tuple[tuple[str, str], ...]
    row: Observation
    waiting: bool
    index_check: wci.Fingerprint | None = None

    @property
    def index_doubtful(self) -> bool:
        """Whether the printed index does not go with the figures printed beside it."""
        return self.index_check is not None and self.index_check.flagged

    @property
    def confirmed(self) -> bool:
        return self.place.rank is not None and not self.place.reported

    @property
    def disputed(self) -> bool:
        return self.state == streaks.DISPUTED


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A month of a board; ``compared_with`` is the month that movement is measured against."""

    board: Board
    month: Month | None
    previous: Month | None = None
    next: Month | None = None
    compared_with: Month | None = None
    rows: tuple[TableRow, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    not_issued: bool = False
    contested: bool = False
    sources: tuple[Observation, ...] = ()

    @property
    def doubtful(self) -> tuple[TableRow, ...]:
        """Rows whose printed index does not fit."""
        return tuple(row for row in self.rows if row.index_doubtful)


def month_table(board: Board, month: Month | None = None) -> MonthTable:
    """The table of ``month``, by default of the last month with a list. Three queries."""
    recorded: dict[int, bool] = {}
    about = Observation.objects.current().filter(board=board, month__isnull=False)
    for index, state in about.order_by().values_list("month", "state").distinct():
        recorded[index] = recorded.get(index, False) or state != State.NOT_ISSUED
    issued = [index for index, listed in recorded.items() if listed]
    if month is None:
        if not recorded:
            return MonthTable(board, None)
        month = Month.from_index(max(issued or recorded))
    before = max((index for index in issued if index < month.index), default=None)
    # Movement is told only against the list right before; suspended months do not come between.
    comparable = before is not None and all(
        index in recorded for index in range(before + 1, month.index)
    )
    wanted = [month.index] + ([before] if comparable else [])
    by_month: dict[int, list[Observation]] = {month.index: []}
    for row in about.filter(month__in=wanted).select_related("account", "capture"):
        by_month.setdefault(row.month, []).append(row)
    rows = by_month[month.index]
    states = states_of(rows, month.index)
    earlier = by_month.get(before, []) if comparable else []
    places_before = (
        _places(_by_account(earlier), states_of(earlier, before)) if before is not None else {}
    )
    absent_before = {
        row.account_id
        for row in earlier
        if row.state == State.ABSENT and row.status == Status.CONFIRMED
    }
    result = []
    statements = _by_account(rows)
    for account_id, place in _places(statements, states).items():
        own = statements[account_id]
        shown = place.source or own[0]
        result.append(
            TableRow(
                shown.account,
                place,
                states.of.get(account_id, states.others),
                _movement(
                    place, places_before.get(account_id), account_id in absent_before, comparable
                ),
                tuple((key, figure_text(shown.figures.get(key))) for key in FIGURE_LABELS),
                shown,
                any(row.status == Status.PROPOSED for row in own),
                check_of(shown, quick=True),
            )
        )
    result.sort(key=lambda row: (row.place.rank is None, row.place.rank or 0, row.account.name))
    used = {key for row in result for key, text in row.figures if text}
    first_claims = [row for row in result if row.state == streaks.DISPUTED and row.row.rank == 1]
    months = sorted(recorded)
    return MonthTable(
        board,
        month,
        previous=_neighbour(months, month, before=True),
        next=_neighbour(months, month, before=False),
        compared_with=Month.from_index(before) if comparable else None,
        rows=tuple(
            replace(row, figures=tuple(each for each in row.figures if each[0] in used))
            for row in result
        ),
        figures=tuple((key, label) for key, label in FIGURE_LABELS.items() if key in used),
        not_issued=states.suspended,
        contested=len(first_claims) > 1,
        sources=_sources(rows),
    )


def _neighbour(months: Sequence[int], month: Month, *, before: bool) -> Month | None:
    if before:
        found = max((index for index in months if index < month.index), default=None)
    else:
        found = min((index for index in months if index > month.index), default=None)
    return None if found is None else Month.from_index(found)


def states_of(rows: Iterable[Observation], index: int) -> streaks.MonthStates:
    record = streaks.resolve(
        streaks.Statement(
            row.month,
            row.account_id,
            row.state,
            row.rank,
            row.tied,
            row.status,
            row.source_kind,
            row.edition,
        )
        for row in rows
    )
    return record.months.get(index) or streaks.MonthStates()


def _by_account(rows: Iterable[Observation]) -> dict[int, list[Observation]]:
    statements: dict[int, list[Observation]] = {}
    for row in rows:
        if row.account_id is not None:
            statements.setdefault(row.account_id, []).append(row)
    return statements


def _places(
    statements: Mapping[int, Sequence[Observation]], states: streaks.MonthStates
) -> dict[int, Place]:
    return {
        account: place_of(states.of.get(account, states.others), rows)
        for account, rows in statements.items()
    }


def _movement(place: Place, before: Place | None, was_absent: bool, comparable: bool) -> Movement:
    """A reported place is never set against a confirmed one."""
    if place.rank is None or not comparable:
        return Movement()
    if before is None or before.rank is None:
        return Movement(words="新上榜") if was_absent else Movement()
    if before.reported != place.reported:
        return Movement()
    step = before.rank - place.rank
    if not step:
        return Movement(0, "持平")
    return Movement(step, f"升{step}位" if step > 0 else f"降{-step}位")


def _sources(rows: Iterable[Observation]) -> tuple[Observation, ...]:
    """One row for each source of the month."""
    found: dict[tuple[Any, ...], Observation] = {}
    for row in rows:
        found.setdefault(
            (row.source_kind, row.source_name, row.source_url, row.status, row.capture_id), row
        )
    return tuple(found.values())
