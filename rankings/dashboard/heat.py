"""All accounts of a board over three years, as the table on screen and as the picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from .. import charts, streaks
from ..lineage import Lineage
from ..models import Account, Board
from ..periods import Month
from .months import AccountMonth, account_months, month_range

HEAT_MONTHS = 36
# More rows than this are no picture any more; the search finds the others.
HEAT_ROWS = 150

_NOT_ISSUED = charts.HeatCell(charts.NOT_ISSUED, "停")
_UNKNOWN = charts.HeatCell(charts.UNKNOWN, "·")
_ABSENT = charts.HeatCell(charts.ABSENT, "—")
_DISPUTED = charts.HeatCell(charts.DISPUTED, "争")


@dataclass(frozen=True, slots=True)
class HeatMonth:
    """A column, with the board that holds the month."""

    month: Month
    board: Board


@dataclass(frozen=True, slots=True)
class HeatLine:
    """An account's row; ``cells`` stand in the order of the months."""

    account: Account
    cells: tuple[charts.HeatCell, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class HeatTable:
    """``total`` accounts are on the board, ``found`` fit the search, ``rows`` are shown of them."""

    months: tuple[HeatMonth, ...]
    rows: tuple[HeatLine, ...]
    search: str
    found: int
    total: int

    @property
    def chart(self) -> charts.HeatMap | None:
        """The picture for print and download."""
        return charts.heat_map(
            [each.month for each in self.months],
            [charts.HeatRow(row.account.name, row.cells, row.marked) for row in self.rows],
        )

    @property
    def legend(self) -> tuple[charts.HeatKey, ...]:
        return charts.heat_legend()

    @property
    def years(self) -> tuple[tuple[int, int], ...]:
        """(year, number of its months) for the head of the table."""
        counted: dict[int, int] = {}
        for each in self.months:
            counted[each.month.year] = counted.get(each.month.year, 0) + 1
        return tuple(counted.items())


def heat_table(
    line: Lineage,
    record: streaks.Record,
    account: Account,
    accounts: Sequence[Account],
    places: Sequence[int],
    search: str = "",
    last: Month | None = None,
) -> HeatTable | None:
    """The last three years up to ``last``; one query. None for a board without months.

    ``account`` and our own one stand on top, then the accounts in the order of ``places`` (ids, the
    newest list from the top), then the others by name. ``search`` keeps names that hold it.
    """
    months = month_range(record, last)[-HEAT_MONTHS:]
    if not months:
        return None
    order = {pk: at for at, pk in enumerate(places)}
    listed = [account, *(each for each in accounts if each.pk != account.pk)]
    wanted = [each for each in listed if _fits(each, search) or each.pk == account.pk]
    wanted.sort(
        key=lambda each: (
            each.pk != account.pk,
            not each.is_ours,
            order.get(each.pk, len(order)),
            each.name,
        )
    )
    shown = wanted[:HEAT_ROWS]
    found = account_months(line, record, months, [each.pk for each in shown])
    suspended = [month in record.months and record.months[month].suspended for month in months]
    rows = []
    for each in shown:
        own = found.get(each.pk, {})
        cells = tuple(
            _NOT_ISSUED if stopped else _cell(own.get(month))
            for month, stopped in zip(months, suspended, strict=True)
        )
        rows.append(HeatLine(each, cells, each.pk == account.pk))
    return HeatTable(
        tuple(HeatMonth(Month.from_index(month), line.board_of(month)) for month in months),
        tuple(rows),
        search,
        len(wanted),
        len(listed),
    )


def _fits(account: Account, search: str) -> bool:
    return not search or search.casefold() in account.name.casefold()


def _cell(month: AccountMonth | None) -> charts.HeatCell:
    if month is None:
        return _UNKNOWN
    place = month.place
    if place.rank is None:
        if month.state == streaks.DISPUTED:
            return _DISPUTED
        return _UNKNOWN if month.beyond is None else _ABSENT
    text = f"{place.rank}并" if place.tied and place.rank < 100 else str(place.rank)
    if place.reported:
        return charts.HeatCell(charts.REPORTED, f"({text})")
    return charts.HeatCell(charts.bucket_of(place.rank), text)
