"""Which rank every row of a picture holds: what was read, held against its neighbours.

Pure. A printed rank is never replaced by the position. A rank that could not be read (a medal, a
blot) is given only where the ranks around it leave one possibility.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Seen:
    """What one row shows in the rank column: ``value`` is ``None`` where nothing was readable.

    ``faint``: found only by looking for it where a rank must be, so a weaker witness. ``score`` is
    the row's index as printed, by which a tie would show; ``None`` where unknown.
    """

    value: int | None
    faint: bool = False
    score: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """The rank of a row, ``None`` where it stays unknown; ``inferred`` from its neighbours."""

    value: int | None
    inferred: bool = False


def settle(rows: Sequence[Seen], before: int | None, *, scored: bool) -> list[Settled]:
    """The ranks of following rows.

    ``before`` is the rank of the row above the first one: 0 under a line of labels, ``None``
    where that is unknown. ``scored``: the table has an index, so no rank is inferred for a row
    whose index is unread or the same as a neighbour's, which may be a tie.
    """
    firm = _rising(rows)
    known = {-1: before} if before is not None else {}
    known |= {i: rank for i, rank in enumerate(firm) if rank is not None}
    for i, row in enumerate(rows):
        if row.faint and row.value is not None and _fits(i, row.value, known):
            firm[i] = row.value
            known[i] = row.value
    answer = [Settled(rank) for rank in firm]
    places = sorted(known)
    for left, right in pairwise(places):
        if right - left < 2 or known[right] - known[left] != right - left:
            continue
        for i in range(left + 1, right):
            unread = rows[i].value is None or rows[i].faint
            if unread and (not scored or _stands_alone(rows, i)):
                answer[i] = Settled(known[left] + i - left, inferred=True)
    return answer


def _rising(rows: Sequence[Seen]) -> list[int | None]:
    """The firmly read ranks; those that break the order most of the others keep are dropped."""
    firm = [(i, row.value) for i, row in enumerate(rows) if row.value and not row.faint]
    tails: list[int] = []
    ends: list[int] = []
    back: dict[int, int | None] = {}
    for i, rank in firm:
        at = bisect_right(tails, rank)
        back[i] = ends[at - 1] if at else None
        tails[at : at + 1] = [rank]
        ends[at : at + 1] = [i]
    kept: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        kept.add(step)
        step = back[step]
    return [row.value if i in kept else None for i, row in enumerate(rows)]


def _fits(i: int, rank: int, known: dict[int, int]) -> bool:
    """Whether ``rank`` at row ``i`` continues the nearest known rank above or below by ones."""
    above = max((j for j in known if j < i), default=None)
    below = min((j for j in known if j > i), default=None)
    rising = [rank - known[above] == i - above] if above is not None else []
    rising += [known[below] - rank == below - i] if below is not None else []
    return bool(rising) and all(rising)


def _stands_alone(rows: Sequence[Seen], i: int) -> bool:
    near = [rows[j].score for j in (i - 1, i + 1) if 0 <= j < len(rows)]
    return rows[i].score is not None and rows[i].score not in near
