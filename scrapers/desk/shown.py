"""What the desk shows: boards, rows and cells as templates print them."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rankings.models import Board

from .. import cells
from ..comparing import CHANGED, NEW, SAME, Comparison, Difference

FIRST_MARKS = 12


@dataclass(frozen=True, slots=True)
class DeskCell:
    """``name`` is the field's; ``text`` what it shows, ``saved`` what is kept."""

    key: str
    name: str
    label: str
    text: str
    saved: str
    number: bool
    marks: Sequence[str] = ()
    error: str = ""
    typed: Mapping[str, Any] | None = None
    crop: str = ""

    @property
    def width(self) -> int:
        """How many letters wide the field is to be; a Chinese character is two."""
        text = max(self.text, self.saved, key=len)
        shown = sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
        return min(max(shown + 1, 3 if self.key == "rank" else 7), 26)

    @property
    def changed(self) -> bool:
        """Whether it is yet to be saved."""
        return self.text != self.saved


@dataclass(frozen=True, slots=True)
class DeskRow:
    """``blank`` is an empty row offered for typing."""

    id: str
    name: str
    cells: Sequence[DeskCell]
    editable: bool
    ticked: bool
    removed: bool = False
    added: bool = False
    blank: bool = False
    picture: int | None = None
    difference: Difference | None = None

    @property
    def odd(self) -> bool:
        return any(cell.marks or cell.error for cell in self.cells)


@dataclass(frozen=True, slots=True)
class DeskMark:
    """A mark with the name of its row, for the list of what to look at first."""

    anchor: str
    row: str
    label: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DeskBoard:
    """One listing; ``board`` is the one it falls under by the source's headings, or was chosen."""

    position: int
    name: str
    subject: str
    recordable: bool
    needs_transcription: bool
    board: Board | None
    columns: Sequence[tuple[str, str]]
    rows: Sequence[DeskRow]
    marks: Sequence[DeskMark]
    comparison: Comparison | None
    list_size: int | None
    late: int
    optional: Sequence[tuple[str, str]]
    free_row: str
    whole_only: bool
    cut: int = 0
    windows: Sequence[tuple[int, int]] = ()

    @property
    def filled(self) -> int:
        """How many rows the list has."""
        return sum(not row.blank and not row.removed for row in self.rows) + self.cut

    @property
    def blank_rows(self) -> int:
        """How many empty rows are offered."""
        return sum(row.blank for row in self.rows)

    @property
    def first_marks(self) -> Sequence[DeskMark]:
        return self.marks[:FIRST_MARKS]

    @property
    def more_marks(self) -> int:
        return len(self.marks) - len(self.first_marks)

    @property
    def counts(self) -> dict[str, int]:
        """How the list differs from what is on record."""
        if self.comparison is None:
            return {}
        kinds = {"新": NEW, "不同": CHANGED, "相同": SAME}
        return {label: self.comparison.count(kind) for label, kind in kinds.items()}

    @property
    def template_row(self) -> DeskRow:
        """An empty row, for a script to copy."""
        return blank_row(self.position, "__row__", [key for key, _ in self.columns])

    @property
    def column_keys(self) -> str:
        return ",".join(key for key, _ in self.columns)


def blank_row(
    position: int,
    name: str,
    keys: Sequence[str],
    typed: Mapping[tuple[int, str, str], str] | None = None,
    errors: Mapping[tuple[int, str, str], str] | None = None,
) -> DeskRow:
    made = [
        DeskCell(
            key=key,
            name=f"c-{position}-{name}-{key}",
            label=cells.LABELS[key],
            text=(typed or {}).get((position, name, key), ""),
            saved="",
            number=key == "rank" or key in cells.FIGURES,
            error=(errors or {}).get((position, name, key), ""),
        )
        for key in keys
    ]
    return DeskRow(name, "新加的一行", made, editable=True, ticked=True, blank=True)
