"""The full boards and the other accounts that a superlative is measured against."""

from collections import defaultdict

from .. import queries, streaks
from ..models import Account, Observation, SourceKind, State, Status
from ..periods import Month
from .records import Series
from .superlatives import Case, MonthList, not_full


def case_of(
    series: Series,
    account: Account,
    start: Month,
    end: Month,
    length: int,
    *,
    last: int | None = None,
) -> Case:
    """What is known around a run of ``account``; two queries.

    ``last`` bounds the record for a sentence that was dated then.
    """
    record = series.record
    first = record.first
    last = record.last if last is None else min(last, record.last)
    lists = month_lists(series, last)
    suspended = {month for month, states in record.months.items() if states.suspended}
    full = {month for month, each in lists.items() if not not_full(each)}
    rivals = {}
    named = Account.objects.in_bulk([pk for pk in record.accounts if pk != account.pk])
    for pk, rival in named.items():
        letters = "".join(
            _letter(record, pk, month, month in full) for month in range(first, last + 1)
        )
        rivals[_label(rival, rivals)] = letters
    oldest = series.line.boards[0]
    return Case(
        start=start.index,
        end=end.index,
        length=length,
        states="".join(
            record.state(account.pk, month) for month in range(start.index, end.index + 1)
        ),
        first=first,
        last=last,
        first_issue=oldest.first_month,
        board=series.board.name,
        scope=series.board.scope,
        lists=lists,
        suspended=suspended,
        rivals=rivals,
    )


def _label(account: Account, taken: dict[str, str]) -> str:
    return account.name if account.name not in taken else f"{account.name}（{account.key}）"


def _letter(record: streaks.Record, account: int, month: int, full: bool) -> str:
    """A full list names everybody: who is not on it was not first."""
    states = record.months.get(month)
    if states is None:
        return streaks.UNKNOWN
    if full and account not in states.of and not states.suspended:
        return streaks.NOT_FIRST
    return states.of.get(account, states.others)


def month_lists(series: Series, last: int) -> dict[int, MonthList]:
    """The confirmed places of every month up to ``last``, of its heaviest source each."""
    heaviest: dict[int, int] = {}
    # By account: one list printed in two places is one list.
    found: dict[int, dict[int, tuple[int, bool, int | None]]] = defaultdict(dict)
    rows = (
        Observation.objects.in_force()
        .filter(
            queries.in_lineage(series.line),
            month__lte=last,
            state=State.RANKED,
            status=Status.CONFIRMED,
        )
        .exclude(source_kind=SourceKind.SELF)
        .order_by()
        .values_list(
            "month", "board_id", "account_id", "source_kind", "edition", "rank", "tied", "list_size"
        )
    )
    sizes = {board.pk: board.list_size for board in series.line.boards}
    board_size: dict[int, int | None] = {}
    for month, board_id, account_id, kind, edition, *place in rows.iterator(chunk_size=5000):
        weight = 2 * streaks.SOURCE_WEIGHT[kind] + (edition == "final")
        if weight > heaviest.get(month, -1):
            heaviest[month] = weight
            found[month] = {}
        if weight == heaviest[month]:
            found[month][account_id] = tuple(place)
            board_size[month] = sizes[board_id]
    return {
        month: MonthList(
            tuple((rank, tied) for rank, tied, _ in places.values()),
            frozenset(size for _, _, size in places.values() if size is not None),
            board_size[month],
        )
        for month, places in found.items()
    }
