"""Colours that may be seen through, and how well they can be told apart."""

from functools import lru_cache
from typing import NamedTuple

from .. import darkmode
from ..darkmode import Colour

PAPER: Colour = (255, 255, 255)


class Paint(NamedTuple):
    """A colour and how opaque it is, 0 … 1."""

    colour: Colour
    alpha: float = 1.0

    def over(self, below: Colour) -> Colour:
        """What is seen where this is painted over an opaque colour."""
        return _blended(self.colour, below, self.alpha)

    def on(self, below: "Paint | None") -> "Paint":
        """Both as one, this above ``below``."""
        if below is None or self.alpha >= 1:
            return self
        alpha = self.alpha + below.alpha * (1 - self.alpha)
        return Paint(_blended(self.colour, below.colour, self.alpha / alpha if alpha else 1), alpha)

    @property
    def ground_at_night(self) -> "Paint":
        return Paint(darkmode.ground(self.colour), self.alpha)

    def ink_at_night(self, ground: Colour) -> "Paint":
        """The text's colour at night, ``ground`` being converted already."""
        return Paint(darkmode.ink(self.colour, ground), self.alpha)


@lru_cache(maxsize=1_024)
def contrast(one: Colour, other: Colour) -> float:
    """How well two colours can be told apart, 1 … 21 (WCAG 2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _blended(above: Colour, below: Colour, share: float) -> Colour:
    return tuple(
        round(share * over + (1 - share) * under) for over, under in zip(above, below, strict=True)
    )
