"""Wide tables, accounts down and months across, as the long tables the importer reads."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from ..models import State
from ..periods import Month, Period, PeriodError
from .columns import FIGURES, HEADING_LINES, field_of
from .reading import MAX_COLUMNS, Line, Table
from .rows import BLANKS, state_named

# A cell's number is its line's times this, plus its column's.
_STRIDE = MAX_COLUMNS + 1
_AFTER_MONTH = re.compile(r"(?:的)?(?:名次|排名|位次|排行|榜)$")
_SHORT_MONTH = re.compile(r"(\d{1,2})月(?:份)?")
_YEAR = re.compile(r"(20\d\d)(?:年|年度)?")
_BEYOND = re.compile(
    r"[>≥](?:第)?(\d{1,4})(?:名|位)?"
    r"|(?:前|top)?(\d{1,4})(?:名|位)?(?:\+|以外|之外|开外|外|以后|之后)",
    re.IGNORECASE,
)
# What says nothing of one month, or would say the same of all.
_NOT_CARRIED = frozenset({"rank", "tied", "state", "period", "list_size", "version", "supersedes"})
_ADDED = ("period", "rank", "state", "list_size")
_OF_ACCOUNT = frozenset({"account", "account_key", "wechat_id", "unit"})


def heading_month(text: str, year: int | None = None) -> Month | None:
    """The month that a column's heading names; ``year`` helps headings that give none."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    plain = _AFTER_MONTH.sub("", plain)
    if not plain[:1].isdigit() or len(plain) > 12:
        return None
    if year is not None and (short := _SHORT_MONTH.fullmatch(plain)):
        plain = f"{year}-{short[1]}"
    try:
        period = Period.parse(plain)
    except PeriodError:
        return None
    # A sheet keeps a month as its first day.
    if period.start == period.end and period.start.day == 1:
        return Month.of(period.start)
    return period.month


def is_heading(text: str) -> bool:
    """Whether a cell looks like the heading of a column."""
    return field_of(text) is not None or heading_month(text) is not None


@dataclass(frozen=True, slots=True)
class WideTable:
    """A wide table read as a long one: each cell of a month becomes a line of its own."""

    base: Table
    heading_line: int
    months: dict[int, Month]
    kept: dict[int, str]
    left_out: tuple[str, ...]

    def lines(self) -> Iterator[Line]:
        """The heading, then a line a cell that says something. Raises ``UnreadableFile``."""
        for line in self.base.lines():
            if line.number < self.heading_line:
                continue
            kept = [_at(line, column) for column in self.kept]
            if line.number == self.heading_line:
                yield Line(line.number * _STRIDE, [*kept, *_ADDED])
                continue
            for column, month in self.months.items():
                said = _said(_at(line, column))
                if said is not None:
                    # That a list was not issued is said of the board, not of the account.
                    whole = said[1] == State.NOT_ISSUED
                    names = self.kept.values()
                    cells = [
                        "" if whole and name in _OF_ACCOUNT else cell
                        for name, cell in zip(names, kept, strict=True)
                    ]
                    yield Line(line.number * _STRIDE + column + 1, [*cells, str(month), *said])

    def where(self, number: int) -> str:
        """第 5 行“2018年3月”一列."""
        line, column = divmod(number, _STRIDE)
        month = self.months.get(column - 1)
        return f"第 {line} 行" if month is None else f"第 {line} 行“{month.label}”一列"


def unfold(table: Table) -> Table | WideTable:
    """``table`` itself, or as a long one where it has accounts down and months across.

    Raises ``UnreadableFile``.
    """
    years: list[int | None] = []
    for seen, line in enumerate(table.lines()):
        if seen == HEADING_LINES:
            break
        fields = [field_of(cell) for cell in line.cells]
        if "period" in fields:
            break
        months = {
            column: month
            for column, cell in enumerate(line.cells)
            if fields[column] is None
            and (month := heading_month(cell, years[column] if column < len(years) else None))
        }
        if months and "account" in fields:
            kept = {
                column: name
                for column, name in enumerate(fields)
                if name is not None and name not in _NOT_CARRIED and not name.startswith(FIGURES)
            }
            left_out = tuple(
                cell
                for column, cell in enumerate(line.cells)
                if cell and column not in months and column not in kept
            )
            return WideTable(table, line.number, months, kept, left_out)
        years = _years(line.cells)
    return table


def _years(cells: list[str]) -> list[int | None]:
    """The year over each column; a merged cell stands over those that follow."""
    years: list[int | None] = []
    year = None
    for cell in cells:
        if match := _YEAR.fullmatch(cell.strip()):
            year = int(match[1])
        elif cell:
            year = None
        years.append(year)
    # Nothing is written over the last columns of the last year.
    return years + [year] * (MAX_COLUMNS - len(years))


def _at(line: Line, column: int) -> str:
    return line.cells[column] if column < len(line.cells) else ""


def _said(text: str) -> tuple[str, str, str] | None:
    """(rank, state, list size) as texts; None for a cell that states nothing."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    if plain.casefold() in BLANKS:
        return None
    if beyond := _BEYOND.fullmatch(plain):
        return "", State.ABSENT.value, beyond[1] or beyond[2]
    if not plain.strip("?"):
        return "", State.UNKNOWN.value, ""
    state = state_named(plain)
    return ("", state.value, "") if state is not None else (text, "", "")
