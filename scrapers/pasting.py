"""A pasted table to the cells of a list. Pure; tables are read by ``rankings.importing``."""

from collections.abc import Mapping, Sequence
from typing import Any

from rankings.importing.columns import Columns, UnusableTable, match
from rankings.importing.pasting import pasted_table
from rankings.importing.reading import Line, Table, UnreadableFile
from rankings.resolve import matching_form

from .cells import KEYS, OPTIONAL
from .extract.ranks import parse_rank

MAX_ROWS = 1_000
# Written behind a number whose column's heading says so.
_UNIT_WORDS = {10_000: "万"}

Cells = dict[str, str]


class PasteError(ValueError):
    """The pasted text is no list; the message is a Chinese sentence."""


def pasted_rows(text: str, columns: Sequence[str]) -> list[Cells]:
    """Each pasted line as key -> text. Without headings the table's own ``columns`` are meant.

    Raises ``PasteError``.
    """
    try:
        table = pasted_table(text)
        if (bare := _without_heading(table, columns)) is not None:
            return bare
        found = match(table, given={"board", "period"})
    except (UnreadableFile, UnusableTable) as error:
        raise PasteError(str(error)) from error
    rows = [_cells(found, line) for line in table.lines() if line.number > found.heading_line]
    return _checked([row for row in rows if any(row.values())])


def merged(
    rows: Sequence[Mapping[str, Any]], pasted: Sequence[Cells], first_free: int
) -> dict[tuple[str, str], str]:
    """(row's id, key) -> text. A line is the row of its account, else that of its rank, else new.

    New rows are called ``n`` and a number from ``first_free``.
    """
    by_name = {matching_form(row["account"]): row["id"] for row in rows if row["account"]}
    by_rank = {row["rank"]: row["id"] for row in rows if row["rank"] is not None}
    # Names first: a rank may have moved, and its old holder's row is not free then.
    named: dict[int, str] = {}
    for n, line in enumerate(pasted):
        place = by_name.pop(matching_form(line.get("account", "")), None)
        if place is not None:
            named[n] = place
    taken = set(named.values())
    cells: dict[tuple[str, str], str] = {}
    for n, line in enumerate(pasted):
        place = named.get(n)
        if place is None:
            rank = parse_rank(line.get("rank", ""))
            place = by_rank.get(rank.value) if rank else None
            if place is None or place in taken:
                place, first_free = f"n{first_free}", first_free + 1
            taken.add(place)
        cells.update({(place, key): value for key, value in line.items()})
    return cells


def _without_heading(table: Table, columns: Sequence[str]) -> list[Cells] | None:
    """The rows of a table that begins with a first row instead of headings, else None."""
    lines = list(table.lines())
    if not lines or not all(parse_rank(line.cells[0]) for line in lines if line.cells):
        return None
    width = max(len(line.cells) for line in lines)
    if width > len(columns):
        raise PasteError(
            f"粘贴的表没有表头，有 {width} 列，而这里只有 {len(columns)} 列。"
            "请连同表头一起复制，或先把要的列加上。"
        )
    return _checked([dict(zip(columns, line.cells, strict=False)) for line in lines])


def _cells(columns: Columns, line: Line) -> Cells:
    row = {key: columns.cell(line, key) for key in KEYS if key in columns.positions}
    if columns.cell(line, "tied") in ("1", "是", "并列") and "并列" not in row["rank"]:
        row["rank"] += "（并列）"
    for key, factor in columns.factors.items():
        if row.get(key, "")[-1:].isdigit() and key in OPTIONAL:
            row[key] += _UNIT_WORDS[factor]
    return row


def _checked(rows: list[Cells]) -> list[Cells]:
    if not rows:
        raise PasteError("粘贴的表里只有表头，没有名次。")
    if len(rows) > MAX_ROWS:
        raise PasteError(f"粘贴了 {len(rows)} 行，一次最多 {MAX_ROWS} 行，请分几次粘贴。")
    return rows
