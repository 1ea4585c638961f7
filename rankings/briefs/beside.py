"""The account beside others: places and indexes of the same months."""

from collections.abc import Mapping, Sequence
from typing import Any

from .. import streaks
from ..lineage import Lineage
from ..models import Account, Board, Observation, Watch
from ..periods import Month
from ..reports import MonthCell, MonthTable, TableRow
from ..reports.places import figure_text, place_of
from . import findings
from .findings import Standing

# Months over which we are set against others.
COMPARED = 12
# Accounts to set beside ours when none are watched.
NEIGHBOURS = 3


def figure_json(figure: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A stored figure as documents keep it."""
    if not figure or figure.get("value") is None:
        return None
    return {
        "value": figure["value"],
        "bound": figure.get("bound", "exact"),
        "text": figure_text(figure),
    }


def standing_of(row: TableRow) -> Standing:
    said = row.row
    return Standing(
        key=row.account.key,
        name=row.account.name,
        rank=row.place.rank,
        tied=row.place.tied,
        reported=row.place.reported,
        index=said.figures.get("index"),
        origin=(said.source_kind, said.source_name, said.edition, said.method),
        movement=row.movement.words,
        step=row.movement.step,
    )


def others_of(
    board: Board, account: Account, table: MonthTable, compared: Sequence[str] | None
) -> list[Account]:
    if compared is not None:
        found = {each.key: each for each in Account.objects.filter(key__in=compared)}
        return [found[key] for key in compared if key in found]
    watched = [
        watch.account
        for watch in Watch.objects.filter(board=board)
        .exclude(account=account)
        .select_related("account")
        .order_by("pk")
    ]
    if watched:
        return watched
    ranked = [row for row in table.rows if row.place.rank is not None]
    own = next((row.place.rank for row in ranked if row.account.pk == account.pk), 1)
    near = sorted(
        (row for row in ranked if row.account.pk != account.pk),
        key=lambda row: (abs(row.place.rank - own), row.place.rank, row.account.name),
    )
    chosen = sorted(near[:NEIGHBOURS], key=lambda row: (row.place.rank, row.account.name))
    return [row.account for row in chosen]


def rows_of(
    lineage: Lineage, accounts: Sequence[Account], month: Month
) -> dict[tuple[int, int], list[Observation]]:
    """Statements in force about ``accounts`` in the compared months, by account and month."""
    found: dict[tuple[int, int], list[Observation]] = {}
    rows = Observation.objects.in_force().filter(
        board__in=lineage.boards,
        account__in=accounts,
        month__gt=month.index - COMPARED,
        month__lte=month.index,
    )
    for row in rows.order_by("pk"):
        if lineage.board_of(row.month).pk == row.board_id:
            found.setdefault((row.account_id, row.month), []).append(row)
    return found


def compared_rows(
    account: Account,
    others: Sequence[Account],
    rows: Mapping[tuple[int, int], Sequence[Observation]],
    record: streaks.Record,
    window: Sequence[MonthCell],
    table: MonthTable,
) -> list[dict[str, Any]]:
    """A row for each of ``others``; only months in which both places are proved are counted."""
    in_table = {row.account.pk: row for row in table.rows if row.place.rank is not None}
    own = in_table.get(account.pk)
    result = []
    for other in others:
        tally = {"ahead": 0, "behind": 0, "level": 0}
        for cell in window[-COMPARED:]:
            index = cell.month.index
            place = place_of(record.state(other.pk, index), rows.get((other.pk, index), ()))
            ranks = (cell.place.rank, place.rank)
            if None in ranks or cell.place.reported or place.reported:
                continue
            order = (ranks[0] > ranks[1]) - (ranks[0] < ranks[1])
            tally[{-1: "ahead", 0: "level", 1: "behind"}[order]] += 1
        row = in_table.get(other.pk)
        result.append(
            {
                "key": other.key,
                "name": other.name,
                "rank": None if row is None else row.place.rank,
                "place": "—" if row is None else row.place.words,
                "movement": "" if row is None else row.movement.words,
                "proof": ""
                if row is None
                else ("据报道（未核实）" if row.place.reported else "已核实"),
                "index": None if row is None else figure_json(row.row.figures.get("index")),
                "gap": _gap_words(own, row),
                **tally,
            }
        )
    return result


def _gap_words(own: TableRow | None, other: TableRow | None) -> str:
    """高34.55, 低≥1,200 or a dash."""
    if own is None or other is None:
        return "—"
    ours, theirs = standing_of(own), standing_of(other)
    for ahead, behind, word in ((ours, theirs, "高"), (theirs, ours, "低")):
        gap = findings.lead(ahead, behind)
        if gap is not None:
            return f"{word}{figure_text(gap)}" if gap["value"] else "相同"
    return "—"
