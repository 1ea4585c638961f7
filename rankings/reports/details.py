"""One account in one month, with the statements and evidence behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from .. import queries, streaks, wci
from ..importing.columns import FIGURE_LABELS
from ..models import Account, Board, Observation, SourceKind, State, Status
from ..periods import Month, Period
from .account import MonthCell, cell_of
from .index_check import check_of
from .months import states_of
from .places import figure_text


@dataclass(frozen=True, slots=True)
class MonthDetail:
    """Every statement about an account in a month, all versions, newest first."""

    board: Board
    account: Account
    month: Month
    cell: MonthCell
    observations: tuple[Observation, ...]
    firsts: tuple[Account, ...]

    @property
    def explanation(self) -> str:
        return state_explanation(self.cell.state)


_EXPLANATIONS = {
    streaks.FIRST: "有已核实的来源说明本月单独列第一，没有同级来源反对。计入已核实的连续月数。",
    streaks.TIED: "有已核实的来源说明本月并列第一。计入连续月数，并列的月数另外注明。",
    streaks.NOT_FIRST: "已核实的来源说明本月第一不是它，连续到此中断。",
    streaks.SUSPENDED: "有已核实的来源说明本月榜单没有发布。既不计入，也不中断。",
    streaks.REPORTED: (
        "只有报道或自述说本月列第一，没有核实到榜单原件。不计入已核实的月数，只算“最多可能”。"
    ),
    streaks.UNKNOWN: "没有能说明本月名次的资料。已核实的连续到此断开，补齐证据后会接上。",
    streaks.DISPUTED: "同一级别的来源互相矛盾，查清之前不算数，只算“最多可能”。",
}


def state_explanation(state: str) -> str:
    """What a month state does to a streak, for people."""
    return _EXPLANATIONS[state]


def month_detail(board: Board, account: Account, month: Month) -> MonthDetail:
    """Two queries: the month's statements in force, and all versions about the account."""
    in_month = Observation.objects.filter(board=board, month=month.index)
    rows = list(in_month.current().select_related("account", "capture"))
    states = states_of(rows, month.index)
    own = in_month.filter(Q(account=account) | Q(state=State.NOT_ISSUED))
    versions = own.select_related(
        "account", "capture", "recorded_by", "confirmed_by", "rejected_by"
    ).order_by("-is_current", "source_kind", "source_name", "edition", "-version", "-pk")
    state = states.of.get(account.pk, states.others)
    about = [row for row in rows if row.account_id == account.pk or row.state == State.NOT_ISSUED]
    firsts = {
        row.account_id: row.account
        for row in rows
        if row.account_id not in (None, account.pk)
        and states.of.get(row.account_id, states.others) in (streaks.FIRST, streaks.TIED)
    }
    return MonthDetail(
        board,
        account,
        month,
        cell_of(queries.MonthState(month, state, about), board),
        tuple(versions),
        tuple(firsts.values()),
    )


@dataclass(frozen=True, slots=True)
class StatementCard:
    """One version of a statement with its figures in words."""

    row: Observation
    figures: tuple[tuple[str, str, str], ...]
    index_check: wci.Fingerprint | None = None

    @property
    def style(self) -> str:
        """proved, reported, waiting or old: a report never looks like proof."""
        if not self.row.is_current:
            return "old"
        if self.row.status == Status.PROPOSED:
            return "waiting"
        if self.row.status == Status.CONFIRMED and self.row.source_kind != SourceKind.SELF:
            return "proved"
        return "reported"


def statement_card(row: Observation) -> StatementCard:
    """``figures`` are (label, text, as printed)."""
    figures = tuple(
        (label, figure_text(figure), _as_printed(figure))
        for key, label in FIGURE_LABELS.items()
        if (figure := row.figures.get(key))
    )
    return StatementCard(row, figures, check_of(row, quick=True))


def _as_printed(figure: Mapping[str, Any]) -> str:
    """The printed text where it says more than the number."""
    raw = str(figure.get("raw") or "")
    return "" if raw.replace(",", "") == str(figure.get("value")) else raw


@dataclass(frozen=True, slots=True)
class EvidenceUse:
    """A period of a board in which statements rest on one capture."""

    board: Board
    label: str
    month: Month | None
    rows: int


def evidence_uses(capture: int) -> list[EvidenceUse]:
    """Where a capture is used, newest period first; two queries."""
    groups = list(
        Observation.objects.current()
        .filter(capture=capture)
        .values("board_id", "start", "end")
        .annotate(rows=Count("pk"))
        .order_by("-start", "board_id")
    )
    boards = Board.objects.in_bulk({group["board_id"] for group in groups})
    uses = []
    for group in groups:
        period = Period(group["start"], group["end"])
        uses.append(
            EvidenceUse(boards[group["board_id"]], period.label, period.month, group["rows"])
        )
    return uses
