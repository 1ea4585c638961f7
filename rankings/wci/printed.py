"""What a printed figure says about the number its publisher computed with.

``compute.truth_of`` asks another question: what a figure says about the true number. A board that
prints 10万+ computes with 100001, and one that prints 21.1万+ has cut off the digits after it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..figures import (
    ABOUT,
    ARTICLE_CAP,
    AT_LEAST,
    AT_MOST,
    DIGITS_PATTERN,
    EXACT,
    Figure,
    parse_figure,
    squeeze,
)
from .compute import INFINITE, Pair

_DIGITS = re.compile(DIGITS_PATTERN)
#: No count of a board is larger; beyond it floats no longer hold whole numbers.
LARGEST = 10**15


def figure_from(stored: Mapping[str, Any] | Figure | float) -> Figure | None:
    """A stored figure (``value``, ``bound``, ``capped``, ``raw``) as a :class:`Figure`.

    None where it holds no number: stored values come from outside.
    """
    if isinstance(stored, Figure):
        return stored
    if not isinstance(stored, Mapping):
        stored = {"value": stored}
    value = stored.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not abs(value) < LARGEST:  # NaN is not smaller either
        return None
    return Figure(
        value,
        str(stored.get("bound") or EXACT),
        bool(stored.get("capped")),
        str(stored.get("raw") or ""),
    )


def step_of(figure: Figure) -> float:
    """The unit of the last printed digit: 1 for ``63028``, 1000 for ``21.1万``, 0.01 for ``8.20``.

    1 for whole numbers and the last decimal for others where the text is not kept.
    """
    match = _DIGITS.search(squeeze(figure.raw)) if len(figure.raw) <= 200 else None
    digits = match[0].replace(",", "") if match else str(abs(figure.value))
    decimals = len(digits.partition(".")[2])
    number = Decimal(digits)
    if match is None or number == 0:
        return float(Decimal(1).scaleb(-decimals))
    scale = abs(Decimal(str(figure.value))) / number
    # Only a power of ten can be a unit; anything else is a text that belongs to another number.
    if scale <= 0 or Decimal(1).scaleb(scale.adjusted()) != scale:
        return float(Decimal(1).scaleb(-min(decimals, 8)))
    return float(scale.scaleb(-decimals))


def as_computed(figure: Figure, name: str = "") -> Pair | None:
    """The range in which the publisher's own number lies; None for 约 and 近, which bound nothing.

    ``name`` is the figure's key. Averages and numbers in 万 are rounded or cut off, whole counts
    are exact, ``万+`` is cut off at the printed digit (round digits at the last that is not 0).
    """
    value = float(figure.value)
    if figure.capped:
        return (float(ARTICLE_CAP), float(ARTICLE_CAP))
    bound = figure.bound
    if bound == AT_LEAST and figure.raw:
        # A sum over a capped article is stored as a bound, but printed as the number used.
        printed = parse_figure(figure.raw)
        bound = printed.bound if printed is not None else bound
    if bound == ABOUT:
        return None
    if bound == AT_MOST:
        return (0.0, value)
    step = step_of(figure)
    if bound == AT_LEAST:
        return (value, value + _cut_off(value, step)) if figure.raw else (value, INFINITE)
    if name.startswith("average_"):
        return (max(0.0, value - step / 2), value + step)
    if step > 1:
        return (max(0.0, value - step / 2), value + step)
    return (value, value)


def _cut_off(value: float, step: float) -> float:
    """How much more than the printed ``20万+`` there may be: up to the next round number."""
    if value <= 0:
        return step
    while value % (step * 10) == 0:
        step *= 10
    return step


def published_range(figure: Figure) -> Pair | None:
    """The range of a published index: half a unit of its last digit; None for 约 and 近."""
    if figure.bound == ABOUT:
        return None
    value, step = float(figure.value), step_of(figure)
    if figure.bound == AT_MOST:
        return (0.0, value)
    if figure.bound == AT_LEAST:
        return (value, value + _cut_off(value, step)) if figure.raw else (value, INFINITE)
    return (value - step / 2, value + step / 2)
