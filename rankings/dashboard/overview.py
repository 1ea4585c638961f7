"""Everything the overview shows of an account on a board, put together."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from .. import charts, reports
from ..models import Account, Alert, Claim, ClaimStatus, Observation
from ..periods import Month
from ..reports import AccountReport, MonthTable, TableRow
from . import pictures, table, versus
from .choosing import Choice, Rivals, rivals
from .heat import HeatTable, heat_table
from .margins import Margin, Stand, margin
from .months import account_months, month_range
from .needs import NeedGroup, group_needs, needs_of
from .next_issue import NextIssue, next_issue

CLAIMS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Waiting:
    """Proposals on the board: all of them, and those about the account."""

    board: int
    own: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole screen as plain values; ``pictures`` by their keys."""

    choice: Choice
    report: AccountReport
    margin: Margin
    needs: tuple[NeedGroup, ...]
    open_months: int
    weak_months: int
    next_issue: NextIssue
    waiting: Waiting
    claims: tuple[Claim, ...]
    alerts: int
    board_table: table.BoardTable
    pictures: dict[str, pictures.Picture]
    rivals: Rivals
    duels: tuple[versus.Duel, ...]
    side_by_side: tuple[versus.MonthLine, ...]
    heat: HeatTable | None

    def picture(self, key: str) -> pictures.Picture | None:
        """The picture called ``key``; the heat map is drawn only for this."""
        if key == pictures.HEAT:
            return pictures.heat_picture(self.report, self.heat)
        return self.pictures.get(key)

    @property
    def versus_pictures(self) -> list[pictures.Picture]:
        """The head-to-head's pictures, places before indexes."""
        keys = (pictures.VERSUS_RANK, pictures.VERSUS_INDEX)
        return [self.pictures[key] for key in keys if key in self.pictures]


def overview(choice: Choice, user: Any, today: dt.date) -> Overview | None:
    """The overview of a choice; None where board, account or months are missing.

    ``today`` in Asia/Shanghai; ``user`` is whose unread alerts are counted. The number of queries
    grows with nothing.
    """
    if choice.board is None or choice.account is None or choice.record is None:
        return None
    line, record, account = choice.line, choice.record, choice.account
    report = reports.account_report(
        choice.board, account, as_of=choice.as_of, line=line, record=record
    )
    if not report.cells or report.as_of is None:
        return None
    month_rows = reports.month_table(line.board_of(report.as_of.index), report.as_of)
    rivals_found = rivals(choice, month_rows.rows)
    months = month_range(record, choice.as_of)
    people = [account, *rivals_found.accounts]
    found = account_months(line, record, months, [each.pk for each in people], figures=True)
    others = [
        (each, letter, found.get(each.pk, {}))
        for each, letter in zip(rivals_found.accounts, charts.LETTERS[1:], strict=False)
    ]
    own = found.get(account.pk, {})
    drawn = [
        pictures.rank_picture(report, line),
        pictures.index_picture(report, own, line),
        *pictures.versus_pictures(report, own, others, line),
    ]
    needs = needs_of(report.cells, report.current.run)
    return Overview(
        choice=choice,
        report=report,
        margin=margin(*_stands(account, month_rows)),
        needs=tuple(group_needs(needs)),
        open_months=sum(need.open for need in needs),
        weak_months=sum(not need.open for need in needs),
        next_issue=next_issue(
            Month.from_index(record.last), today, choice.board.issue_day, choice.board.late_days
        ),
        waiting=_waiting(choice),
        claims=_claims(choice),
        alerts=_unread(choice, user),
        board_table=table.board_table(month_rows, choice.asked.order),
        pictures={each.key: each for each in drawn if each is not None},
        rivals=rivals_found,
        duels=tuple(versus.duels(own, others, months)),
        side_by_side=versus.side_by_side([own, *(theirs for *_, theirs in others)], months),
        heat=heat(choice, month_rows.rows),
    )


def heat(choice: Choice, rows: tuple[TableRow, ...]) -> HeatTable | None:
    """The heat map of a choice; ``rows`` is the list of its last month, for the order."""
    return heat_table(
        choice.line,
        choice.record,
        choice.account,
        choice.accounts,
        table.newest_order(rows),
        choice.asked.search,
        choice.as_of,
    )


def _stands(account: Account, month: MonthTable) -> tuple[Stand | None, list[Stand]]:
    """The account and the others on a month's list, as the margin compares them."""
    own, others = None, []
    for row in month.rows:
        if row.place.rank is None or row.place.source is None:
            continue
        source = row.place.source
        stand = Stand(
            row.account.name,
            row.place.rank,
            row.place.reported,
            source.figures.get("index"),
            (source.source_kind, source.source_name, source.method),
        )
        if row.account.pk == account.pk:
            own = stand
        else:
            others.append(stand)
    return own, others


def _waiting(choice: Choice) -> Waiting:
    counted = (
        Observation.objects.waiting()
        .filter(board__in=choice.line.boards)
        .aggregate(board=Count("pk"), own=Count("pk", filter=Q(account=choice.account)))
    )
    return Waiting(counted["board"], counted["own"])


def _claims(choice: Choice) -> tuple[Claim, ...]:
    """The newest claims about the account on the boards of the record, those in doubt first."""
    shown = (ClaimStatus.APPROVED, ClaimStatus.REVIEW, ClaimStatus.PROPOSED)
    found = list(
        Claim.objects.filter(board__in=choice.line.boards, account=choice.account, status__in=shown)
        .defer("frozen")
        .order_by("-made_at", "-pk")[:CLAIMS_SHOWN]
    )
    # What needs somebody comes before what is in order.
    found.sort(key=lambda claim: claim.status != ClaimStatus.REVIEW)
    return tuple(found)


def _unread(choice: Choice, user: Any) -> int:
    return (
        Alert.objects.filter(Q(board__in=choice.line.boards) | Q(board=None))
        .exclude(readings__user=user)
        .count()
    )
