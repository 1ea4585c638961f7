"""What counts of a run: what the machine read, with what people typed over it. Pure.

The machine's reading is never changed. Pictures add rows to the board they belong to; people's
edits lie over both. Screens and recording ask the one function here, so that what a person saw is
what is recorded.

A row is a row of the extraction contract and has besides: ``id`` (its name for as long as the run
lives), ``picture`` (the number of the picture that it was read from, else None), ``added`` (a
person typed all of it) and ``typed`` (cell -> the edit behind it, see ``edit``).
"""

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .cells import KEYS, factors_of, put, text_of
from .extract.names import match_key

# Keys of edits that are no cells.
REMOVED = "removed"
PICTURES = "pictures"
ADDED_PREFIX = "n"
EDIT_KEYS = (*KEYS, REMOVED, PICTURES)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from one picture: ``extraction`` in the form of the contract."""

    board: int
    number: int
    extraction: Mapping[str, Any]
    at: datetime


def edit(
    board: int, row: str, key: str, old: str, new: str, *, factor: int = 1, **who: Any
) -> dict[str, Any]:
    """One edit as it is kept. ``who`` is ``by`` (id), ``name``, ``at`` (ISO, aware), ``reason``."""
    entry = {"board": board, "row": row, "key": key, "old": old, "new": new, **who}
    return {**entry, "factor": factor} if factor != 1 else entry


def effective(
    extraction: Mapping[str, Any],
    readings: Iterable[Reading] = (),
    edits: Sequence[Mapping[str, Any]] = (),
    until: datetime | None = None,
) -> dict[str, Any]:
    """The extraction with its pictures' rows and people's edits.

    Each board has besides: ``removed`` (rows struck out by people), ``factors`` (see
    ``cells.factors_of``) and ``late`` (how many readings came after people had begun to type, and
    so are left out until somebody asks for them). ``until`` is when the run was decided: nothing
    read later counts.
    """
    readings = sorted(readings, key=lambda reading: (reading.board, reading.number))
    return {
        **extraction,
        "boards": [
            _board(
                listing,
                [each for each in readings if each.board == position],
                [each for each in edits if each["board"] == position],
                until,
            )
            for position, listing in enumerate(extraction["boards"])
        ],
    }


def is_typed(row: Mapping[str, Any]) -> bool:
    """Whether a row is a person's or a picture's word, so that a second person must look."""
    return bool(row["typed"]) or row["picture"] is not None


def typists(rows: Iterable[Mapping[str, Any]]) -> set[int]:
    """Who typed cells that count, or struck rows out."""
    return {
        entry["by"]
        for row in rows
        for key, entry in row["typed"].items()
        if key == REMOVED or REMOVED not in row["typed"]
    }


def _board(
    listing: Mapping[str, Any],
    readings: Sequence[Reading],
    edits: Sequence[Mapping[str, Any]],
    until: datetime | None,
) -> dict[str, Any]:
    taken = [each for each in readings if _counts(each, edits, until)]
    rows = _joined(
        [_row(row, str(n)) for n, row in enumerate(listing["rows"])],
        [_row(*named) for reading in taken for named in _rows_of(reading, listing["subject"])],
    )
    factors = factors_of(rows)
    last: dict[str, dict[str, Mapping[str, Any]]] = {}
    for entry in edits:
        last.setdefault(entry["row"], {})[entry["key"]] = entry
    for row in rows:
        _type(row, last.get(row["id"], {}))
    for name in sorted((name for name in last if is_added(name)), key=_number):
        row = _row(_BLANK, name, added=True)
        _type(row, last[name])
        if row["typed"]:
            rows.insert(_place(rows, row["rank"]), row)
    for row in rows:
        struck = last.get(row["id"], {}).get(REMOVED)
        if struck is not None and struck["new"]:
            row["typed"][REMOVED] = struck
    return {
        **listing,
        "rows": [row for row in rows if REMOVED not in row["typed"]],
        "removed": [row for row in rows if REMOVED in row["typed"]],
        "factors": factors,
        "late": 0 if until is not None else len(readings) - len(taken),
    }


_BLANK: Mapping[str, Any] = {
    "rank": None,
    "tied": False,
    "account": "",
    "wechat_id": None,
    "unit": None,
    "values": {},
    "movement": None,
}


def is_added(name: str) -> bool:
    """Whether this is the id of a row that a person added: ``n`` and a number."""
    number = name.removeprefix(ADDED_PREFIX)
    return name != number and number.isascii() and number.isdigit() and len(number) < 6


def _number(name: str) -> int:
    return int(name.removeprefix(ADDED_PREFIX))


def _row(
    row: Mapping[str, Any], name: str, picture: int | None = None, *, added: bool = False
) -> Row:
    """``row`` as one of ours; a name that was not read in a picture is not there at all."""
    ours = {"id": name, "picture": picture, "added": added, "typed": {}}
    return {**copy.deepcopy({**_BLANK, **row}), **ours}


def _rows_of(reading: Reading, subject: str) -> Iterable[tuple[Mapping[str, Any], str, int]]:
    """Rows of the board's own kind, where the picture has any; ids count all rows read."""
    boards = reading.extraction["boards"]
    fitting = [board for board in boards if board["subject"] == subject and board["rows"]]
    n = 0
    for board in boards:
        for row in board["rows"]:
            if board in fitting or not fitting:
                yield row, f"g{reading.number}-{n}", reading.number
            n += 1


def _joined(page: list[Row], pictures: list[Row]) -> list[Row]:
    """The pictures' rows, and those told in the page's text that no picture repeats."""
    if not pictures:
        return page
    read = {(row["rank"], match_key(row["account"])) for row in pictures}
    told = [row for row in page if (row["rank"], match_key(row["account"])) not in read]
    return pictures + told


def _type(row: Row, cells: Mapping[str, Mapping[str, Any]]) -> None:
    for key, entry in cells.items():
        # Typing the machine's own word again is no edit.
        if key in KEYS and entry["new"] != text_of(row, key):
            put(row, key, entry["new"], entry.get("factor", 1))
            row["typed"][key] = entry


def _place(rows: Sequence[Row], rank: int | None) -> int:
    """Where an added row belongs by its rank: before the first row of a later one."""
    if rank is not None:
        for n, row in enumerate(rows):
            if row["rank"] is not None and row["rank"] > rank:
                return n
    return len(rows)


def _counts(reading: Reading, edits: Sequence[Mapping[str, Any]], until: datetime | None) -> bool:
    if until is not None and reading.at > until:
        return False
    typed = [_at(entry) for entry in edits if entry["key"] != PICTURES]
    if not typed or reading.at <= min(typed):
        return True
    return any(_at(entry) >= reading.at for entry in edits if entry["key"] == PICTURES)


def _at(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["at"])
