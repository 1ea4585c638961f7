"""Months as petals: which state is drawn how, and the flower of a year as SVG wants it."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from media import lotus
from media.flowers import Flower
from media.lotus import MONTHS, Petal

from . import streaks
from .periods import Month

# Only what is proved is filled with the colour of the lotus.
PETALS = {
    streaks.FIRST: Petal.FIRST,
    streaks.TIED: Petal.TIED,
    streaks.REPORTED: Petal.REPORTED,
    streaks.DISPUTED: Petal.DISPUTED,
    streaks.UNKNOWN: Petal.UNKNOWN,
    streaks.SUSPENDED: Petal.SUSPENDED,
    streaks.NOT_FIRST: Petal.LOST,
}
# The thirty degrees of a petal: a finger needs more room than the petal itself.
WEDGE = "M0-9L-13.2-50H13.2Z"
VEIN = "M0-10V-49"
# The hours that are written beside the flower, and where, in its box.
HOURS = ((12, 0, -53), (3, 56, 3), (6, 0, 58), (9, -56, 3))
# The shapes themselves, for templates.
PETAL, HALF = lotus.PETAL, lotus.HALF
# Wide enough for the hours: left, top, width, height.
VIEW_BOX = "-62 -61 124 122"


@dataclass(frozen=True, slots=True)
class Drawn:
    """One petal of an SVG: turned by ``angle``; ``target`` and ``title`` of a link, or nothing."""

    month: int
    angle: int
    style: Petal
    target: str = ""
    title: str = ""


def drawn(
    year: int, states: Mapping[Month, str], links: Mapping[Month, tuple[str, str]]
) -> tuple[Drawn, ...]:
    """The twelve petals of ``year``, January first.

    ``states`` maps months to letters of ``streaks``, ``links`` to (target, title); other months are
    drawn as nothing.
    """
    petals = []
    for number in range(1, MONTHS + 1):
        month = Month(year, number)
        style = PETALS[states[month]] if month in states else Petal.NONE
        petals.append(Drawn(number, lotus.angle(number), style, *links.get(month, ("", ""))))
    return tuple(petals)


def flowers(states: Mapping[Month, str]) -> tuple[Flower, ...]:
    """A flower for each year of ``states``, as posters draw it."""
    return tuple(
        Flower(f"{year}年", tuple(petal.style for petal in drawn(year, states, {})))
        for year, _ in groupby(sorted(states), key=lambda month: month.year)
    )
