"""A list beside what is on record for the same period and source. Pure."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .cells import FIGURES, LABELS

NEW, SAME, CHANGED = "new", "same", "changed"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is on record about one account; ``rank`` is None for one that is not on the list."""

    name: str
    rank: int | None
    tied: bool = False
    unit: str = ""
    figures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """How a row differs: ``kind`` is new, same or changed; ``texts`` say in what."""

    kind: str
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """By the ids of rows; ``gone`` are accounts that are on record and not in the list."""

    rows: Mapping[str, Difference]
    gone: Sequence[Recorded]

    def count(self, kind: str) -> int:
        """How many rows are of a kind."""
        return sum(difference.kind == kind for difference in self.rows.values())


def compare(
    rows: Sequence[Mapping[str, Any]],
    accounts: Mapping[str, Hashable],
    recorded: Mapping[Hashable, Recorded],
) -> Comparison:
    """``accounts`` tells whose row it is by the row's id, without those not on record."""
    differences = {
        row["id"]: _difference(row, recorded.get(accounts.get(row["id"]))) for row in rows
    }
    named = set(accounts.values())
    gone = [each for key, each in recorded.items() if key not in named and each.rank is not None]
    return Comparison(differences, sorted(gone, key=lambda each: each.rank))


def _difference(row: Mapping[str, Any], old: Recorded | None) -> Difference:
    if old is None:
        return Difference(NEW, ("新",))
    texts = []
    if old.rank is None:
        texts.append(f"未上榜→第{row['rank']}名")
    elif old.rank != row["rank"]:
        texts.append(f"名次 {old.rank}→{row['rank'] or '无'}")
    elif old.tied != row["tied"]:
        texts.append("并列→不并列" if old.tied else "不并列→并列")
    if old.unit != (row["unit"] or ""):
        texts.append(f"单位 {old.unit or '无'}→{row['unit'] or '无'}")
    for key in FIGURES:
        before, now = old.figures.get(key), row["values"].get(key)
        if _meaning(before) != _meaning(now):
            texts.append(f"{LABELS[key]} {_printed(before)}→{_printed(now)}")
    return Difference(CHANGED, tuple(texts)) if texts else Difference(SAME, ("相同",))


def _meaning(figure: Mapping[str, Any] | None) -> tuple[Any, ...] | None:
    return figure and (figure["value"], figure["bound"], figure["capped"])


def _printed(figure: Mapping[str, Any] | None) -> str:
    return "无" if figure is None else figure["raw"] or str(figure["value"])
