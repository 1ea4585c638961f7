"""Head-to-head: who was ahead in how many months. Pure over the months of both."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import Account
from ..periods import Month
from ..reports import figure_text
from .months import AccountMonth, Months


@dataclass(frozen=True, slots=True)
class Duel:
    """The page's account against another over the same months; counts are months.

    ``unclear`` months are those in which one of the two places is not confirmed.
    """

    account: Account
    letter: str
    slot: int
    ahead: int
    level: int
    behind: int
    unclear: int

    @property
    def compared(self) -> int:
        return self.ahead + self.level + self.behind


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month of the table beside the charts: (place, index) of each account, in words."""

    month: Month
    cells: tuple[tuple[str, str], ...]


def side_by_side(people: Sequence[Months], months: Sequence[int]) -> tuple[MonthLine, ...]:
    """The months of all accounts beside each other, newest first."""
    return tuple(
        MonthLine(Month.from_index(month), tuple(_words(own.get(month)) for own in people))
        for month in reversed(months)
    )


def _words(said: AccountMonth | None) -> tuple[str, str]:
    if said is None:
        return "", ""
    if said.place.rank is None:
        return (f"前{said.beyond}名以外" if said.beyond is not None else ""), ""
    place = f"{said.place.rank}{'（并列）' if said.place.tied else ''}"
    if said.place.reported:
        place += "（据报道）"
    return place, figure_text(said.place.source.figures.get("index"))


def between(own: AccountMonth | None, other: AccountMonth | None) -> int | None:
    """1 when ``own`` was ahead, 0 level, -1 behind, None where that is not confirmed.

    Whoever is not among the first N is behind everybody who is.
    """
    if own is None or other is None:
        return None
    ours, theirs = _confirmed(own), _confirmed(other)
    if ours is not None and theirs is not None:
        return (ours < theirs) - (ours > theirs)
    if ours is not None and other.beyond is not None and not other.by_report:
        return 1 if ours <= other.beyond else None
    if theirs is not None and own.beyond is not None and not own.by_report:
        return -1 if theirs <= own.beyond else None
    return None


def _confirmed(month: AccountMonth) -> int | None:
    return None if month.place.reported else month.place.rank


def duels(
    own: Months, rivals: Sequence[tuple[Account, str, Months]], months: Sequence[int]
) -> list[Duel]:
    """One line for each of ``rivals``: account, letter and its months, over ``months``."""
    found = []
    for slot, (account, letter, theirs) in enumerate(rivals, 1):
        results = [between(own.get(month), theirs.get(month)) for month in months]
        found.append(
            Duel(
                account,
                letter,
                slot,
                results.count(1),
                results.count(0),
                results.count(-1),
                results.count(None),
            )
        )
    return found
