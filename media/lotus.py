"""The lotus as plain geometry: a year is a flower, a month is a petal.

The box is 100 wide and high with the middle at 0, 0 and y downwards, as SVG has it. Petals stand
as the hours of a clock: December on top, January at one o'clock. Drawing is somebody else's work:
posters fill the outlines with Pillow, pages write ``PETAL`` as SVG.
"""

import math
from enum import StrEnum

MONTHS = 12
# Inner end, two control points, tip; the other side is its mirror image. Narrow enough that
# neighbours never overlap: each petal is read, and pressed, by itself.
ROOT, NEAR, FAR, TIP = (0.0, -10.0), (5.0, -17.0), (10.5, -33.0), (0.0, -49.0)
PETAL = "M0-10C5-17 10.5-33 0-49C-10.5-33-5-17 0-10Z"
# The half on the clockwise side of the vein: a shared first place fills no more of its petal.
HALF = "M0-10C5-17 10.5-33 0-49Z"
POD = 6.0


class Petal(StrEnum):
    """How a month is drawn; NONE is a month outside the record."""

    FIRST = "first"
    TIED = "tied"
    REPORTED = "reported"
    DISPUTED = "disputed"
    UNKNOWN = "unknown"
    SUSPENDED = "suspended"
    LOST = "lost"
    NONE = "none"


def angle(month: int) -> int:
    """Degrees clockwise from the top at which the petal of ``month`` (1 to 12) stands."""
    if not 1 <= month <= MONTHS:
        raise ValueError(f"no such month: {month}")
    return month % MONTHS * (360 // MONTHS)


def outline(month: int, *, steps: int = 16, half: bool = False) -> list[tuple[float, float]]:
    """The corners of the petal of ``month`` as a polygon of ``2 × steps`` points or so.

    ``half`` gives the half on the clockwise side of the vein.
    """
    right = [_bezier(step / steps) for step in range(steps + 1)]
    points = right if half else [*right, *((-x, y) for x, y in reversed(right[1:-1]))]
    turn = math.radians(angle(month))
    cosine, sine = math.cos(turn), math.sin(turn)
    return [(x * cosine - y * sine, x * sine + y * cosine) for x, y in points]


def _bezier(t: float) -> tuple[float, float]:
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3)
    corners = (ROOT, NEAR, FAR, TIP)
    return (
        sum(weight * corner[0] for weight, corner in zip(weights, corners, strict=True)),
        sum(weight * corner[1] for weight, corner in zip(weights, corners, strict=True)),
    )
