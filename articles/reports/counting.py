"""What the reports count, as pure functions over plain values. No function knows a person."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from rankings.periods import Month

from ..review.stages import Dimension

ALL_COLUMNS = "全部栏目"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Verdict:
    """One review that somebody finished: in which dimension, on a text of which column."""

    dimension: str
    column: str
    started_at: datetime
    finished_at: datetime
    returned: bool
    slips: int | None = None


@dataclass(frozen=True)
class Pace:
    """How long a review took. Hours are of the clock: nights and holidays count."""

    stage: str
    column: str
    count: int
    median_hours: float
    longest_hours: float
    returned: int

    @property
    def returned_share(self) -> float:
        """Between 0 and 1."""
        return self.returned / self.count


@dataclass(frozen=True)
class SlipRow:
    """The 校 of one month and one review: texts passed, slips found in them."""

    month: Month
    stage: str
    texts: int
    slips: int

    @property
    def per_text(self) -> float:
        return round(self.slips / self.texts, 2)


def hours_between(start: datetime, end: datetime) -> float:
    """Hours of the clock, to two places; never below nought where clocks were set back."""
    return round(max(end - start, timedelta()) / HOUR, 2)


def pace(verdicts: Iterable[Verdict]) -> list[Pace]:
    """A row for each review over all columns, followed by its columns by name."""
    groups: dict[tuple[str, str], list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.dimension, ALL_COLUMNS].append(verdict)
        groups[verdict.dimension, verdict.column].append(verdict)
    order = [dimension.value for dimension in Dimension]
    keys = sorted(groups, key=lambda k: (order.index(k[0]), k[1] != ALL_COLUMNS, k[1]))
    return [_pace(Dimension(key[0]).label, key[1], groups[key]) for key in keys]


def _pace(stage: str, column: str, verdicts: Sequence[Verdict]) -> Pace:
    hours = [hours_between(v.started_at, v.finished_at) for v in verdicts]
    return Pace(
        stage,
        column,
        len(verdicts),
        round(median(hours), 2),
        max(hours),
        sum(v.returned for v in verdicts),
    )


def slips(verdicts: Iterable[Verdict]) -> list[SlipRow]:
    """Slips by month, newest first, and within it by review. Uncounted reviews are left out."""
    groups: dict[tuple[int, int], list[int]] = defaultdict(list)
    order = [dimension.value for dimension in Dimension]
    for verdict in verdicts:
        if verdict.slips is not None and not verdict.returned:
            month = Month.of(verdict.finished_at)
            groups[-month.index, order.index(verdict.dimension)].append(verdict.slips)
    return [
        SlipRow(Month.from_index(-month), Dimension(order[at]).label, len(found), sum(found))
        for (month, at), found in sorted(groups.items())
    ]


@dataclass(frozen=True)
class Matrix:
    """Counts of two things against each other, both in the order of their first appearance."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[int]]]


def matrix(pairs: Iterable[tuple[str, str]]) -> Matrix:
    """How often each ``(row, column)`` comes; rows by how often, then by name."""
    counted = Counter(pairs)
    columns = list(dict.fromkeys(column for _, column in counted))
    totals = Counter()
    for (row, _), count in counted.items():
        totals[row] += count
    names = sorted(totals, key=lambda row: (-totals[row], row))
    return Matrix(
        [*columns, "合计"],
        [(name, [*(counted[name, c] for c in columns), totals[name]]) for name in names],
    )


def hours_words(hours: float) -> str:
    """``40分钟``, ``3.5小时``, or days from two days on: ``2天4小时``."""
    if hours < 1:
        minutes = round(hours * 60)
        return f"{minutes}分钟" if minutes else "不到1分钟"
    if hours < 48:
        return f"{round(hours, 1):g}小时"
    days, rest = divmod(round(hours), 24)
    return f"{days}天" + (f"{rest}小时" if rest else "")


def share_words(part: int, whole: int) -> str:
    """``25%``; what is not nought is never said as 0%."""
    if not part:
        return "0%"
    return f"{max(round(part * 100 / whole), 1)}%"
