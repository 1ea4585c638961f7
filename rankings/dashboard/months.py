"""What the accounts of a board say month by month, from two queries for all of them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import queries, streaks
from ..lineage import Lineage
from ..models import Observation
from ..periods import Month
from ..reports import Place, beyond_of, place_of

# What ``place_of`` and ``beyond_of`` read of a statement.
_FIELDS = (
    "pk",
    "month",
    "account_id",
    "state",
    "rank",
    "tied",
    "status",
    "source_kind",
    "source_name",
    "edition",
    "list_size",
    "method",
    "capture_id",
    "is_current",
)


@dataclass(frozen=True, slots=True)
class AccountMonth:
    """An account in a month. ``beyond`` N: not among the first N, ``by_report`` or confirmed."""

    state: str
    place: Place
    beyond: int | None = None
    by_report: bool = False


Months = Mapping[int, AccountMonth]


def account_months(
    line: Lineage,
    record: streaks.Record,
    months: Collection[int],
    accounts: Collection[int],
    *,
    figures: bool = False,
) -> dict[int, dict[int, AccountMonth]]:
    """For each of ``accounts`` its months with a statement, by month index; one query.

    ``months`` is a range of indexes; ``figures`` brings the printed values along.
    """
    if not months or not accounts:
        return {}
    fields = (*_FIELDS, "figures") if figures else _FIELDS
    rows = (
        Observation.objects.in_force()
        .filter(
            queries.in_lineage(line),
            month__gte=min(months),
            month__lte=max(months),
            account__in=accounts,
        )
        .order_by()
        .values_list(*fields, named=True)
    )
    found: dict[int, dict[int, list[Any]]] = {}
    for row in rows.iterator(chunk_size=10_000):
        found.setdefault(row.account_id, {}).setdefault(row.month, []).append(row)
    return {
        account: {
            month: _account_month(record.state(account, month), statements)
            for month, statements in by_month.items()
        }
        for account, by_month in found.items()
    }


def _account_month(state: str, rows: Iterable[Any]) -> AccountMonth:
    rows = list(rows)
    place = place_of(state, rows)
    if place.rank is not None or state not in (streaks.NOT_FIRST, streaks.UNKNOWN):
        return AccountMonth(state, place)
    beyond, by_report = beyond_of(rows) or (None, False)
    return AccountMonth(state, place, beyond, by_report)


def month_range(record: streaks.Record, last: Month | None = None) -> range:
    """The month indexes of a record up to ``last``; empty without one."""
    if not record.months:
        return range(0)
    end = record.last if last is None else min(record.last, last.index)
    return range(record.first, end + 1)
