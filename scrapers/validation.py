"""Whether a list that was read well can be true: held against the last accepted ones.

Pure functions over plain values, after extraction and never changing it. What is found is a
sentence for a person, because each of these does happen in truth, only seldom: the list then
waits, and no number is recorded by itself.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from rankings.periods import Month

# Monthly lists of one board exchange a few accounts; when fewer than half stay, it is more likely
# another board, another district or another column that was read as names.
SMALLEST_OVERLAP = 0.5
# Below this a list is too short for shares to say anything.
FEWEST_ROWS = 4
# Two months of one account never have the same reads or index but by chance; when half of the
# accounts do, last month's page was printed again under a new date.
MOST_REPEATED = 0.5
# As few rows as chance could repeat.
FEWEST_REPEATED = 3
# The index grows with the logarithm of the reads: a median account does not move by half in a
# month, while a new version of the formula moves all of them together.
LARGEST_JUMP = 1.5
# Over fewer accounts a median is one account's fortune.
FEWEST_COMPARED = 5
# A list without a stated length may vary a little; beyond this rows were missed or added.
SHORTEST, LONGEST = 0.8, 1.5
# Older lists say little of today's: accounts come and go, formulas change.
OLDEST_COMPARED = 6


@dataclass(frozen=True)
class Line:
    """One account of a list. ``names`` are all forms under which it may be printed.

    ``figures`` are those printed exactly, by key; bounds such as 10万+ repeat in truth.
    """

    names: frozenset[str]
    rank: int | None = None
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Accepted:
    """A list of the same source and board on record; ``list_size`` as the source stated it."""

    month: Month
    lines: Sequence[Line]
    list_size: int | None = None


def name_key(name: str) -> str:
    """The form in which names are compared: width, case, spaces and quotes do not count."""
    kept = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in kept if char.isalnum())


def lines_of(rows: Iterable[Mapping[str, Any]]) -> list[Line]:
    """The rows of an extracted listing (extraction contract)."""
    return [
        Line(frozenset({name_key(row["account"])}), row["rank"], exact_figures(row["values"] or {}))
        for row in rows
    ]


def exact_figures(values: Mapping[str, Mapping[str, Any]]) -> dict[str, float]:
    """Figures (contract or record form) that are no bounds, not capped and not zero."""
    return {
        key: float(figure["value"])
        for key, figure in values.items()
        if figure.get("value") and figure.get("bound") == "exact" and not figure.get("capped")
    }


def doubts(
    label: str,
    month: Month,
    listing: Sequence[Line],
    accepted: Sequence[Accepted],
    *,
    list_size: int | None = None,
    ours: Line | None = None,
) -> list[str]:
    """Chinese sentences about what of a new list of ``month`` a person should look at.

    ``accepted`` holds lists of the same source and board: of the same month, before it, after it,
    in any order. ``ours`` carries the names of our own account. No accepted list, no doubts.
    """
    near = [
        other for other in accepted if abs(other.month - month) <= OLDEST_COMPARED and other.lines
    ]
    if not near or not listing:
        return []
    # A list is most like itself, else like the one before it, else like the one after it.
    last = min(near, key=lambda other: (abs(other.month - month), other.month > month))
    found = [
        _own_missing(label, listing, last, month, ours),
        _overlap(label, listing, last),
        _scale(label, listing, last),
    ]
    if last.month != month:
        found.append(_size(label, listing, last, list_size))
    # What a person let through once is not asked again when the page is fetched again.
    if not (last.month == month and _repeated(label, listing, last)):
        found += [_repeated(label, listing, other) for other in near if other.month != month]
    return [sentence for sentence in found if sentence]


def _own_missing(
    label: str, listing: Sequence[Line], last: Accepted, month: Month, ours: Line | None
) -> str:
    if ours is None or _named(listing, ours.names) is not None:
        return ""
    before = _named(last.lines, ours.names)
    if before is None or before.rank is None:
        return ""
    when = "原来入库的这个月" if last.month == month else last.month.label
    return (
        f"“{label}”{when}有本账号（第{before.rank}名），这次没有读到，"
        "请对照页面核对是漏读、改名还是确实不在榜上。"
    )


def _overlap(label: str, listing: Sequence[Line], last: Accepted) -> str:
    if min(len(listing), len(last.lines)) < FEWEST_ROWS:
        return ""
    kept = len(_pairs(listing, last.lines))
    if kept >= SMALLEST_OVERLAP * min(len(listing), len(last.lines)):
        return ""
    return (
        f"“{label}”的 {len(listing)} 个公众号里只有 {kept} 个在{last.month.label}的榜上，"
        "请核对是不是同一个榜单。"
    )


def _scale(label: str, listing: Sequence[Line], last: Accepted) -> str:
    ratios = [
        new.figures["index"] / old.figures["index"]
        for new, old in _pairs(listing, last.lines)
        if new.figures.get("index", 0) > 0 and old.figures.get("index", 0) > 0
    ]
    if len(ratios) < FEWEST_COMPARED:
        return ""
    jump = median(ratios)
    if 1 / LARGEST_JUMP <= jump <= LARGEST_JUMP:
        return ""
    return (
        f"“{label}”的指数总体是{last.month.label}的 {jump:.2f} 倍，"
        "可能换了计算方法或读错了列，请核对。"
    )


def _size(label: str, listing: Sequence[Line], last: Accepted, list_size: int | None) -> str:
    if list_size and last.list_size:
        if list_size == last.list_size:
            return ""
        return (
            f"“{label}”公布 {list_size} 个名次，{last.month.label}公布 {last.list_size} 个，"
            "请核对是不是同一个榜单。"
        )
    now, before = len(listing), len(last.lines)
    if before < FEWEST_ROWS or SHORTEST * before <= now <= LONGEST * before:
        return ""
    return f"“{label}”有 {now} 行，{last.month.label}有 {before} 行，请核对有无遗漏或多读。"


def _repeated(label: str, listing: Sequence[Line], other: Accepted) -> str:
    pairs = [(new, old) for new, old in _pairs(listing, other.lines) if new.figures and old.figures]
    same = [1 for new, old in pairs if _same_figures(new.figures, old.figures)]
    if len(same) < FEWEST_REPEATED or len(same) < MOST_REPEATED * len(pairs):
        return ""
    return (
        f"“{label}”有 {len(same)} 个公众号的数值与{other.month.label}完全相同，"
        "可能是旧榜单换了日期，请核对。"
    )


def _same_figures(new: Mapping[str, float], old: Mapping[str, float]) -> bool:
    """All figures printed both times; a count of articles alone repeats by chance."""
    both = (new.keys() & old.keys()) - {"articles", "posts"}
    return bool(both) and all(new[key] == old[key] for key in both)


def _named(lines: Sequence[Line], names: frozenset[str]) -> Line | None:
    return next((line for line in lines if line.names & names), None)


def _pairs(listing: Sequence[Line], others: Sequence[Line]) -> list[tuple[Line, Line]]:
    """Each line with the one of the same account; linear in both."""
    by_name = {name: line for line in others for name in line.names}
    pairs = []
    for line in listing:
        old = next((by_name[name] for name in line.names if name in by_name), None)
        if old is not None:
            pairs.append((line, old))
    return pairs
