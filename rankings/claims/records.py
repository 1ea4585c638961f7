"""What the records say about an account in some months of a board, as plain values."""

import copy
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from django.db.models import Max, Q

from .. import queries, sentences, streaks
from ..lineage import Lineage
from ..models import Account, Board, BoardLink, Observation, State
from ..periods import Month
from .freezing import Basis

_UNSETTLED = frozenset({streaks.REPORTED, streaks.UNKNOWN, streaks.DISPUTED})
_NAMES = ("key", "name", "publisher", "scope")


@dataclass(frozen=True, slots=True)
class Series:
    """The record of a board, resolved once for any number of claims."""

    board: Board
    line: Lineage
    record: streaks.Record


def series_of(board: Board) -> Series:
    """Three queries, however many accounts and months."""
    line = queries.lineage_of(board)
    return Series(board, line, queries.month_record(board, line))


def statement_json(row: Observation) -> dict[str, Any]:
    """A statement as a claim keeps it (``freezing.STATEMENT_FIELDS``)."""
    return {
        "id": row.pk,
        "version": row.version,
        "month": str(Month.from_index(row.month)),
        "board": row.board.key,
        "account": None if row.account is None else row.account.key,
        "state": row.state,
        "rank": row.rank,
        "tied": row.tied,
        "list_size": row.list_size,
        "status": row.status,
        "edition": row.edition,
        "method": row.method,
        "published": None if row.published is None else row.published.isoformat(),
        "recorded_at": moment(row.recorded_at),
        "confirmed_at": None if row.confirmed_at is None else moment(row.confirmed_at),
        "source": {"kind": row.source_kind, "name": row.source_name, "url": row.source_url},
        "evidence_sha256": None if row.capture is None else row.capture.sha256,
    }


def moment(value: datetime) -> str:
    """A moment in UTC to the second: the same in every time zone and database."""
    return value.astimezone(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")


def _people(row: Observation) -> dict[str, str]:
    return {
        "recorded_by": "" if row.recorded_by is None else str(row.recorded_by),
        "confirmed_by": "" if row.confirmed_by is None else str(row.confirmed_by),
    }


def board_json(board: Board) -> dict[str, Any]:
    return {
        **{name: getattr(board, name) for name in _NAMES},
        "is_example": board.is_example,
    }


def account_json(account: Account, start: Month, end: Month) -> dict[str, Any]:
    """The account with the names it bore in the period."""
    names = account.names.filter(
        Q(valid_from=None) | Q(valid_from__lte=end.last_day),
        Q(valid_to=None) | Q(valid_to__gte=start.first_day),
    )
    return {
        "key": account.key,
        "name": account.name,
        "names": [
            {
                "name": each.name,
                "kind": each.kind,
                "from": None if each.valid_from is None else each.valid_from.isoformat(),
                "to": None if each.valid_to is None else each.valid_to.isoformat(),
            }
            for each in names
        ],
    }


def link_json(link: BoardLink) -> dict[str, Any]:
    return {
        "id": link.pk,
        "earlier": link.earlier.key,
        "later": link.later.key,
        "month": str(link.since),
        "earlier_method": link.earlier_method,
        "later_method": link.later_method,
        "reason": link.reason,
        "source_url": link.source_url,
        "evidence_sha256": None if link.capture is None else link.capture.sha256,
    }


def deciding(series: Series, account: Account, start: Month, end: Month) -> list[Observation]:
    """The statements in force that decide the months: about the account, who was first, and that
    the board was not issued."""
    return list(
        Observation.objects.in_force()
        .filter(
            queries.in_lineage(series.line),
            Q(account=account) | Q(state=State.NOT_ISSUED) | Q(rank=1),
            month__gte=start.index,
            month__lte=end.index,
        )
        .select_related("board", "account", "capture", "recorded_by", "confirmed_by")
        .order_by("month", "pk")
    )


def basis_of(series: Series, account: Account, start: Month, end: Month) -> Basis:
    """What the records say about ``account`` from ``start`` to ``end``, both counted."""
    rows = deciding(series, account, start, end)
    by_month: dict[int, list[Observation]] = defaultdict(list)
    for row in rows:
        by_month[row.month].append(row)
    months = []
    for index in range(start.index, end.index + 1):
        found = by_month[index]
        months.append(
            {
                "month": str(Month.from_index(index)),
                "state": series.record.state(account.pk, index),
                "board": series.line.board_of(index).key,
                "methods": sorted(series.line.methods.get(index, ())),
                "statements": [row.pk for row in found],
            }
        )
    links = [link for link in series.line.links if start.index <= link.month <= end.index]
    captures = {row.capture.sha256: row.capture for row in rows if row.capture is not None}
    captures |= {link.capture.sha256: link.capture for link in links if link.capture is not None}
    return Basis(
        board=board_json(series.board),
        account=account_json(account, start, end),
        lineage={
            "boards": [board_json(board) for board in series.line.boards],
            "links": [link_json(link) for link in links],
        },
        months=months,
        statements=[statement_json(row) for row in rows],
        captures=[{"sha256": sha256, "size": captures[sha256].size} for sha256 in sorted(captures)],
        latest_observation=Observation.objects.aggregate(latest=Max("pk"))["latest"] or 0,
        open_start=_opens(series, account, start.index),
        cuts=[
            str(Month.from_index(cut))
            for cut in sorted(series.line.cuts)
            if start.index < cut <= end.index
        ],
        people={str(row.pk): _people(row) for row in rows},
    )


def _opens(series: Series, account: Account, start: int) -> bool:
    """Whether nobody can say that the run did not begin earlier than ``start``.

    So at the first month of the record, and after a month that is not settled; not where the board
    itself is known to begin.
    """
    record = series.record
    issued_first = series.line.boards[0].first_month
    if issued_first is not None and start <= issued_first:
        return False
    if not record.months:
        return True
    for month in range(start - 1, record.first - 1, -1):
        if month + 1 in series.line.cuts:
            return False
        state = record.state(account.pk, month)
        if state != streaks.SUSPENDED:
            return state in _UNSETTLED
    return True


def run_of(basis: Basis, *, open_start: bool | None = None) -> streaks.Run:
    """The run that ends with the last month of the basis, and lies wholly within it.

    ``open_start`` tells what was known of the months before on an earlier day.
    """
    if open_start is None:
        open_start = basis.open_start
    first = Month.parse(basis.months[0]["month"]).index
    last = Month.parse(basis.months[-1]["month"]).index
    run = streaks.measure(basis.states, first, last).current
    whole = run.proved_from is not None and run.proved_from.index == first
    return replace(run, open_start=open_start, proved_open_start=whole and open_start)


def sentence_of(
    series: Series,
    account: Account,
    run: streaks.Run,
    *,
    named: Mapping[str, Any] | None = None,
) -> sentences.Sentence:
    """The sentence about ``run``; with the names in the frozen value ``named`` where given."""
    if named is None:
        return queries.run_sentence(series.board, account, run, line=series.line)
    boards = {each["key"]: each for each in named["lineage"]["boards"]}
    account = copy.copy(account)
    account.name = named["account"]["name"]
    links = []
    for link in series.line.links:
        renamed = copy.copy(link)
        renamed.earlier = _named(link.earlier, boards)
        renamed.later = _named(link.later, boards)
        links.append(renamed)
    return queries.run_sentence(
        _named(series.board, {series.board.key: named["board"]}),
        account,
        run,
        line=replace(series.line, links=tuple(links)),
    )


def _named(board: Board, names: Mapping[str, Mapping[str, Any]]) -> Board:
    """A copy of the board that bears the names it had; never saved."""
    board = copy.copy(board)
    for name in ("name", "publisher", "scope", "is_example"):
        if board.key in names:
            setattr(board, name, names[board.key][name])
    return board
