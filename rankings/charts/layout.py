"""What every chart over months shares: the axis of months, scales, method changes, labels."""

import math
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..periods import Month

PLOT_HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 52, 20, 22, 58
# Room for a chart on a 1366 px screen; a longer history gets narrower steps, never under MIN_STEP.
TARGET_WIDTH = 900
MIN_STEP, MAX_STEP = 7, 40
# Narrower steps leave no room for a number under every month.
STEP_FOR_EVERY_MONTH = 18
STEP_FOR_MARKS = 12
STEP_FOR_BIG_POINTS = 10
FONT_SIZE = 12
# Height of a line of labels above the plot.
LABEL_ROW = 15
# Light colours of series, each at least 4.5:1 on paper; the admin's style sheet has the dark ones.
PALETTE = ("#2E6A50", "#8A5200", "#2F5D9B", "#7A4A94", "#A3442F", "#52606B", "#66661A")
# A year named closer than this to the next one would be written over it.
YEAR_ROOM = 48

# At least this many places on the axis, so that a move from 1 to 2 does not look like a fall.
FEWEST_PLACES = 5
MOST_TICKS = 6
TICK_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
# Pixels two ticks must be apart to be read.
TICK_ROOM = 14


def colour_of(slot: int) -> str:
    """The light colour of a series."""
    return PALETTE[slot % len(PALETTE)]


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place on an axis, or a mark in a gap. ``anchor`` as in SVG."""

    x: int
    y: int
    text: str
    title: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class MethodBreak:
    """From ``month`` on the board is made otherwise; ``cut`` says that no run goes across."""

    month: Month
    label: str
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """A method change: a vertical line at ``x`` and its label above the plot."""

    x: int
    cut: bool
    label: Label


@dataclass(frozen=True, slots=True)
class MonthAxis:
    """``count`` consecutive months from ``first``, each ``step`` pixels wide."""

    first: Month
    count: int
    step: int
    left: int = LEFT

    @property
    def right(self) -> int:
        return self.left + self.step * self.count

    @property
    def radius(self) -> int:
        return 4 if self.step >= STEP_FOR_BIG_POINTS else 3

    def at(self, position: int) -> int:
        """The middle of a month."""
        return self.left + self.step * position + self.step // 2

    def edge(self, position: int) -> int:
        """The left side of a month."""
        return self.left + self.step * position

    def month(self, position: int) -> Month:
        return self.first + position

    def _januaries(self) -> list[int]:
        return [at for at in range(self.count) if self.month(at).month == 1]

    def months(self, bottom: int) -> tuple[Label, ...]:
        return tuple(
            Label(self.at(position), bottom + 18, str(self.month(position).month))
            for position in range(self.count)
            if self.step >= STEP_FOR_EVERY_MONTH or self.month(position).month in (1, 4, 7, 10)
        )

    def years(self, bottom: int) -> tuple[Label, ...]:
        januaries = self._januaries()
        return tuple(
            Label(self.at(position), bottom + 38, f"{self.month(position).year}年")
            for position in sorted({0, *januaries})
            if position
            or not januaries
            or januaries[0] == 0
            or januaries[0] * self.step >= YEAR_ROOM
        )

    def year_lines(self) -> tuple[int, ...]:
        return tuple(self.edge(position) for position in self._januaries() if position)


def month_axis(months: Sequence[Month], left: int = LEFT) -> MonthAxis:
    """The axis of consecutive ``months``, at least one."""
    step = max(MIN_STEP, min(MAX_STEP, TARGET_WIDTH // len(months)))
    return MonthAxis(months[0], len(months), step, left)


def text_width(text: str, size: int = FONT_SIZE) -> int:
    """About how many pixels ``text`` takes: a Chinese character is as wide as it is high."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return math.ceil(wide * size + (len(text) - wide) * size * 0.6)


def lay_breaks(
    axis: MonthAxis, breaks: Iterable[MethodBreak], top: int = TOP
) -> tuple[tuple[Break, ...], int]:
    """Method changes on ``axis`` and the top of the plot below their labels.

    Labels that would run into each other stand in rows above each other. A change before the
    first month or after the last is not shown.
    """
    placed: list[tuple[int, int, str, MethodBreak]] = []
    ends: list[int] = []
    for each in sorted(breaks, key=lambda each: each.month):
        position = each.month - axis.first
        if not 0 <= position < axis.count:
            continue
        x, width = axis.edge(position), text_width(each.label)
        start, anchor = (x, "start") if x + width <= axis.right else (x - width, "end")
        row = next((row for row, end in enumerate(ends) if end + 10 <= start), len(ends))
        if row == len(ends):
            ends.append(0)
        ends[row] = start + width
        placed.append((x, row, anchor, each))
    plot_top = top + LABEL_ROW * len(ends)
    return tuple(
        Break(
            x,
            each.cut,
            Label(
                x + (4 if anchor == "start" else -4),
                top - 6 + LABEL_ROW * (len(ends) - row - 1) + LABEL_ROW - 2,
                each.label,
                f"{each.month.label}起：{each.label}",
                anchor,
            ),
        )
        for x, row, anchor, each in placed
    ), plot_top


def rank_height(places: int, top: int) -> Callable[[int], int]:
    """Place to pixel, first place on top; ``places`` at least 2."""

    def height_of(rank: int) -> int:
        return top + 8 + round((rank - 1) * (PLOT_HEIGHT - 16) / (places - 1))

    return height_of


def rank_ticks(places: int, height_of: Callable[[int], int]) -> list[int]:
    """Places worth a line, the first always."""
    step = next((step for step in TICK_STEPS if places / step <= MOST_TICKS), places // MOST_TICKS)
    ticks = [1]
    for rank in range(step, places + 1, step):
        if height_of(rank) - height_of(ticks[-1]) >= TICK_ROOM:
            ticks.append(rank)
    return ticks


@dataclass(frozen=True, slots=True)
class ValueScale:
    """Values to pixels, larger ones higher; the ends are round numbers."""

    low: float
    high: float
    ticks: tuple[float, ...]
    top: int

    def height_of(self, value: float) -> int:
        share = (value - self.low) / (self.high - self.low)
        return self.top + 8 + round((1 - share) * (PLOT_HEIGHT - 16))


def value_scale(values: Sequence[float], top: int) -> ValueScale:
    """A scale that holds all ``values`` (at least one), four to seven round ticks apart."""
    low, high = min(values), max(values)
    if high == low:
        spread = max(abs(high) * 0.1, 1.0)
        low, high = low - spread, high + spread
    rough = (high - low) / 4
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(
        each * magnitude for each in (1, 2, 2.5, 5, 10) if each * magnitude >= rough * 0.999
    )
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = tuple(round(number * step, 10) for number in range(first, last + 1))
    return ValueScale(ticks[0], ticks[-1], ticks, top)


def spread_out(heights: Sequence[int], room: int, low: int, high: int) -> list[int]:
    """``heights`` moved as little as needed so that each is ``room`` from the next.

    They stay between ``low`` and ``high`` where there is room for all; the order is kept.
    """
    order = sorted(range(len(heights)), key=lambda at: (heights[at], at))
    result = list(heights)
    floor = low
    for at in order:
        result[at] = max(result[at], floor)
        floor = result[at] + room
    ceiling = high
    for at in reversed(order):
        if result[at] <= ceiling:
            break
        result[at] = ceiling
        ceiling -= room
    return result


def runs(
    loose: Mapping[int, bool], cuts: Collection[int] = ()
) -> tuple[tuple[tuple[int, ...], bool], ...]:
    """Which months are joined by a line, as (positions, loose) pairs of two months or more.

    ``loose`` maps the position of every month with a value to whether it is less than proved; so
    is then a line that touches it. Only neighbours are joined, and nothing across a cut, given as
    the position of the first month after it.
    """
    found: list[tuple[tuple[int, ...], bool]] = []
    run: list[int] = []
    run_loose = False

    def close() -> None:
        if len(run) > 1:
            found.append((tuple(run), run_loose))

    for position in loose:
        if position - 1 not in loose or position in cuts:
            close()
            run = [position]
            continue
        line_loose = loose[position] or loose[position - 1]
        if len(run) > 1 and line_loose != run_loose:
            close()
            run = [position - 1]
        run_loose = line_loose
        run.append(position)
    close()
    return tuple(found)


def polyline(points: Iterable[Any]) -> str:
    """The corners as SVG wants them, of anything with ``x`` and ``y``."""
    return " ".join(f"{point.x},{point.y}" for point in points)


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: a swatch in the colour of ``slot`` at ``x``, then the text."""

    x: int
    y: int
    slot: int
    text: str

    @property
    def colour(self) -> str:
        return colour_of(self.slot)


SWATCH = 30


def lay_legend(entries: Sequence[tuple[int, str]], left: int, right: int, y: int) -> list[Key]:
    """(slot, text) pairs in as many lines as they need; the last one's ``y`` tells how many."""
    keys: list[Key] = []
    x = left
    for slot, text in entries:
        width = SWATCH + text_width(text) + 18
        if keys and x + width > right:
            x, y = left, y + 20
        keys.append(Key(x, y, slot, text))
        x += width
    return keys
