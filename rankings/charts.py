"""The rank chart as plain whole numbers; a template draws it as SVG.

The axis is inverted (first place on top). Months are joined only to the month right before them:
a gap stays open, whatever its reason. A line that touches a month known by report alone is marked
``reported`` and drawn differently.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .periods import Month

PLOT_HEIGHT = 220
LEFT, RIGHT, TOP, BOTTOM = 52, 20, 22, 58
# Room for a chart on a 1366 px screen; a longer history gets narrower steps, never under MIN_STEP.
TARGET_WIDTH = 900
MIN_STEP, MAX_STEP = 7, 40
# Narrower steps leave no room for a number under every month.
STEP_FOR_EVERY_MONTH = 18
STEP_FOR_MARKS = 12
STEP_FOR_BIG_POINTS = 10
# At least this many places on the axis, so that a move from 1 to 2 does not look like a fall.
FEWEST_PLACES = 5
MOST_TICKS = 6
TICK_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
# Pixels two ticks must be apart to be read.
TICK_ROOM = 14


@dataclass(frozen=True, slots=True)
class ChartMonth:
    """One month to draw. ``rank`` None leaves a gap, with ``mark`` at the foot saying why."""

    month: Month
    rank: int | None
    tied: bool = False
    reported: bool = False
    mark: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A month with a rank, at pixel ``x``, ``y``."""

    x: int
    y: int
    month: Month
    rank: int
    tied: bool
    reported: bool
    title: str

    @property
    def first(self) -> bool:
        return self.rank == 1

    @property
    def diamond(self) -> str:
        """The corners of the mark of a tied place."""
        x, y = self.x, self.y
        return f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}"


@dataclass(frozen=True, slots=True)
class Line:
    """Neighbouring months with ranks; ``points`` as SVG wants them."""

    points: str
    reported: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place on an axis, or a mark in a gap."""

    x: int
    y: int
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class RankChart:
    """Everything the template draws, in pixels of a ``width`` × ``height`` box."""

    width: int
    height: int
    radius: int
    left: int
    right: int
    top: int
    bottom: int
    ticks: tuple[Label, ...]
    months: tuple[Label, ...]
    years: tuple[Label, ...]
    year_lines: tuple[int, ...]
    gaps: tuple[Label, ...]
    lines: tuple[Line, ...]
    points: tuple[Point, ...]


def rank_chart(months: Sequence[ChartMonth]) -> RankChart | None:
    """Lay out ``months``, which are consecutive and in order; None when none has a rank."""
    ranks = [month.rank for month in months if month.rank is not None]
    if not ranks:
        return None
    step = max(MIN_STEP, min(MAX_STEP, TARGET_WIDTH // len(months)))
    places = max(FEWEST_PLACES, *ranks)
    right = LEFT + step * len(months)
    bottom = TOP + PLOT_HEIGHT

    def at(position: int) -> int:
        return LEFT + step * position + step // 2

    def height_of(rank: int) -> int:
        return TOP + 8 + round((rank - 1) * (PLOT_HEIGHT - 16) / (places - 1))

    points = {
        position: Point(
            at(position),
            height_of(month.rank),
            month.month,
            month.rank,
            month.tied,
            month.reported,
            month.title,
        )
        for position, month in enumerate(months)
        if month.rank is not None
    }
    januaries = [position for position, month in enumerate(months) if month.month.month == 1]
    year_starts = sorted({0, *januaries})
    return RankChart(
        width=right + RIGHT,
        height=bottom + BOTTOM,
        radius=4 if step >= STEP_FOR_BIG_POINTS else 3,
        left=LEFT,
        right=right,
        top=TOP,
        bottom=bottom,
        ticks=tuple(
            Label(LEFT - 8, height_of(rank), str(rank)) for rank in _ticks(places, height_of)
        ),
        months=tuple(
            Label(at(position), bottom + 18, str(month.month.month))
            for position, month in enumerate(months)
            if step >= STEP_FOR_EVERY_MONTH or month.month.month in (1, 4, 7, 10)
        ),
        years=tuple(
            Label(at(position), bottom + 38, f"{months[position].month.year}年")
            for position in year_starts
            # The first year is not named when the next one would be written over it.
            if position or not januaries or januaries[0] == 0 or januaries[0] * step >= 48
        ),
        year_lines=tuple(LEFT + step * position for position in januaries if position),
        gaps=tuple(
            Label(at(position), bottom - 6, month.mark, month.title)
            for position, month in enumerate(months)
            if month.rank is None and month.mark and step >= STEP_FOR_MARKS
        ),
        lines=_lines(points),
        points=tuple(points.values()),
    )


def _ticks(places: int, height_of: Callable[[int], int]) -> list[int]:
    step = next((step for step in TICK_STEPS if places / step <= MOST_TICKS), places // MOST_TICKS)
    ticks = [1]
    for rank in range(step, places + 1, step):
        if height_of(rank) - height_of(ticks[-1]) >= TICK_ROOM:
            ticks.append(rank)
    return ticks


def _lines(points: dict[int, Point]) -> tuple[Line, ...]:
    """Runs of months that follow each other, cut where the proof changes."""
    lines: list[Line] = []
    run: list[Point] = []
    run_reported = False
    for position, point in points.items():
        before = points.get(position - 1)
        if before is None:
            _close(lines, run, run_reported)
            run = [point]
            continue
        reported = point.reported or before.reported
        if len(run) > 1 and reported != run_reported:
            _close(lines, run, run_reported)
            run = [before]
        run_reported = reported
        run.append(point)
    _close(lines, run, run_reported)
    return tuple(lines)


def _close(lines: list[Line], run: list[Point], reported: bool) -> None:
    if len(run) > 1:
        lines.append(Line(" ".join(f"{point.x},{point.y}" for point in run), reported))
