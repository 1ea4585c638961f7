"""A month of a board as a table that can be put in another order."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..reports import MonthTable, TableRow

RANK, NAME, MOVE = "rank", "name", "move"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column; ``sorted`` is ascending, descending or nothing, ``order`` what a press asks for."""

    key: str
    label: str
    number: bool
    sorted: str
    order: str


@dataclass(frozen=True, slots=True)
class SortableRow:
    """A row with the values it is put in order by; None is always last."""

    row: TableRow
    rank: int | None
    step: int | None
    figures: tuple[tuple[str, str, float | None], ...]


@dataclass(frozen=True, slots=True)
class BoardTable:
    table: MonthTable
    headings: tuple[Heading, ...]
    rows: tuple[SortableRow, ...]
    order: str


def board_table(table: MonthTable, order: str = "") -> BoardTable:
    """``table`` in ``order``: a column's key, with ``-`` before it for the other way round.

    Places begin with the first, names with the first of the alphabet, everything else with the
    largest. An unknown order is by place.
    """
    labels = {RANK: "名次", NAME: "公众号", MOVE: _move_label(table), **dict(table.figures)}
    key = order.removeprefix("-")
    if key not in labels:
        key, order = RANK, RANK
    rows = [_sortable(row) for row in table.rows]
    # Two passes keep the order by place among equals, and unknown values at the end.
    rows.sort(key=lambda row: (row.rank is None, row.rank or 0, row.row.account.name))
    known = [row for row in rows if _value(row, key) is not None]
    unknown = [row for row in rows if _value(row, key) is None]
    backwards = order.startswith("-") == (key in (RANK, NAME))
    known.sort(key=lambda row: _value(row, key), reverse=backwards)
    return BoardTable(
        table,
        tuple(
            Heading(
                each,
                label,
                each not in (NAME, MOVE),
                ("descending" if backwards else "ascending") if each == key else "",
                f"-{each}" if order == each else each,
            )
            for each, label in labels.items()
        ),
        (*known, *unknown),
        order,
    )


def _move_label(table: MonthTable) -> str:
    return f"较{table.compared_with.label}" if table.compared_with else "较上期"


def _sortable(row: TableRow) -> SortableRow:
    values = []
    for key, text in row.figures:
        figure = row.row.figures.get(key) or {}
        values.append((key, text, figure.get("value")))
    return SortableRow(row, row.place.rank, row.movement.step, tuple(values))


def _value(row: SortableRow, key: str) -> int | float | str | None:
    if key == RANK:
        return row.rank
    if key == NAME:
        return row.row.account.name
    if key == MOVE:
        return row.step
    return next((value for each, _, value in row.figures if each == key), None)


def newest_order(rows: Sequence[TableRow]) -> list[int]:
    """The accounts of a month from the first place down, as ids."""
    return [row.account.pk for row in rows if row.place.rank is not None]
