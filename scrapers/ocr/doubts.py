"""Figures that cannot be as they were read, because the figures around them say otherwise.

Pure. A misread digit is often read with confidence; the order of an index, the decimals of a
column and what an average may be find it. Which of two contradicting cells is wrong cannot be
told, so both are doubted; a person looks at the picture.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from rankings.figures import EXACT
from scrapers.extract.contract import ARTICLE, Row

#: A rule of a column is one when this share of its cells keep it.
_RULE = 0.8
_FEWEST = 4

#: The smaller and the larger of two figures of one account.
_PAIRS = (("average_reads", "max_reads"), ("max_reads", "reads"), ("headline_reads", "reads"))


def doubted(rows: Sequence[Row], subject: str) -> set[tuple[int, str]]:
    """The row number and key of every figure that is not to be believed."""
    found = _out_of_order(rows) | _odd_decimals(rows)
    if subject != ARTICLE:
        found |= _contradicting(rows)
    return found


def _out_of_order(rows: Sequence[Row]) -> set[tuple[int, str]]:
    """Indices that break the fall from rank to rank which nearly all of them keep."""
    at = [(i, row.values["index"].value) for i, row in enumerate(rows) if "index" in row.values]
    kept = _falling([value for _, value in at])
    if len(at) < _FEWEST or len(kept) < _RULE * len(at):
        return set()
    return {(i, "index") for number, (i, _) in enumerate(at) if number not in kept}


def _falling(values: Sequence[float]) -> set[int]:
    """Positions of a longest stretch of values that never rises."""
    tails: list[float] = []
    ends: list[int] = []
    back: list[int | None] = []
    for i, value in enumerate(values):
        at = bisect_right(tails, -value)
        back.append(ends[at - 1] if at else None)
        tails[at : at + 1] = [-value]
        ends[at : at + 1] = [i]
    kept: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        kept.add(step)
        step = back[step]
    return kept


def _odd_decimals(rows: Sequence[Row]) -> set[tuple[int, str]]:
    """Indices and averages with other than the usual number of decimals."""
    found: set[tuple[int, str]] = set()
    for key in ("index", "average_reads"):
        counts = {
            i: len(row.values[key].raw.partition(".")[2])
            for i, row in enumerate(rows)
            if key in row.values and row.values[key].raw.replace(".", "").isdecimal()
        }
        if len(counts) < _FEWEST:
            continue
        usual, times = Counter(counts.values()).most_common(1)[0]
        if times >= _RULE * len(counts):
            found |= {(i, key) for i, count in counts.items() if count != usual}
    return found


def _contradicting(rows: Sequence[Row]) -> set[tuple[int, str]]:
    found: set[tuple[int, str]] = set()
    for i, row in enumerate(rows):
        for small, large in _PAIRS:
            one, other = row.values.get(small), row.values.get(large)
            if one and other and {one.bound, other.bound} == {EXACT} and one.value > other.value:
                found |= {(i, small), (i, large)}
    return found
