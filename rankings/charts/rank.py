"""The rank chart.

The axis is inverted (first place on top). Months are joined only to the month right before them:
a gap stays open, whatever its reason, and no line crosses a cut. A line that touches a month known
by report alone is marked ``reported`` and drawn differently.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..periods import Month
from .layout import (
    BOTTOM,
    FEWEST_PLACES,
    LEFT,
    PLOT_HEIGHT,
    RIGHT,
    STEP_FOR_MARKS,
    Break,
    Label,
    MethodBreak,
    lay_breaks,
    month_axis,
    polyline,
    rank_height,
    rank_ticks,
    runs,
)

# The shortest arrow that is seen as one.
ARROW = 18


@dataclass(frozen=True, slots=True)
class ChartMonth:
    """One month to draw.

    ``rank`` None leaves a gap, with ``mark`` at the foot saying why; ``beyond`` N says instead
    that the account was not among the first N. ``href`` is where a click leads.
    """

    month: Month
    rank: int | None
    tied: bool = False
    reported: bool = False
    mark: str = ""
    title: str = ""
    beyond: int | None = None
    href: str = ""


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
    href: str = ""

    @property
    def first(self) -> bool:
        return self.rank == 1

    @property
    def diamond(self) -> str:
        """The corners of the mark of a tied place."""
        x, y = self.x, self.y
        return f"{x},{y - 6} {x + 6},{y} {x},{y + 6} {x - 6},{y}"


@dataclass(frozen=True, slots=True)
class Arrow:
    """A month beyond the last place that was printed: down from ``y`` to ``foot``."""

    x: int
    y: int
    foot: int
    beyond: int
    reported: bool
    title: str
    href: str = ""
    # One label does for months beside each other that are beyond the same place.
    labelled: bool = True

    @property
    def head(self) -> str:
        """The corners of the arrow's head."""
        return f"{self.x - 5},{self.foot - 7} {self.x + 5},{self.foot - 7} {self.x},{self.foot}"


@dataclass(frozen=True, slots=True)
class Line:
    """Neighbouring months with ranks; ``points`` as SVG wants them."""

    points: str
    reported: bool


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
    arrows: tuple[Arrow, ...] = ()
    breaks: tuple[Break, ...] = ()


def rank_chart(
    months: Sequence[ChartMonth], breaks: Iterable[MethodBreak] = ()
) -> RankChart | None:
    """Lay out ``months``, which are consecutive and in order; None when none has a place.

    ``breaks`` are the method changes; a line goes over one only when it is no cut.
    """
    ranks = [month.rank for month in months if month.rank is not None]
    if not ranks and all(month.beyond is None for month in months):
        return None
    breaks = tuple(breaks)
    axis = month_axis([month.month for month in months])
    laid, top = lay_breaks(axis, breaks)
    bottom = top + PLOT_HEIGHT
    places = max([FEWEST_PLACES, *ranks])
    height_of = rank_height(places, top)
    points = {
        position: Point(
            axis.at(position),
            height_of(month.rank),
            month.month,
            month.rank,
            month.tied,
            month.reported,
            month.title,
            month.href,
        )
        for position, month in enumerate(months)
        if month.rank is not None
    }
    return RankChart(
        width=axis.right + RIGHT,
        height=bottom + BOTTOM,
        radius=axis.radius,
        left=LEFT,
        right=axis.right,
        top=top,
        bottom=bottom,
        ticks=tuple(
            Label(LEFT - 8, height_of(rank), str(rank), anchor="end")
            for rank in rank_ticks(places, height_of)
        ),
        months=axis.months(bottom),
        years=axis.years(bottom),
        year_lines=axis.year_lines(),
        gaps=tuple(
            Label(axis.at(position), bottom - 6, month.mark, month.title)
            for position, month in enumerate(months)
            if month.rank is None
            and month.beyond is None
            and month.mark
            and axis.step >= STEP_FOR_MARKS
        ),
        lines=join(points, {each.month - axis.first for each in breaks if each.cut}),
        points=tuple(points.values()),
        arrows=tuple(
            Arrow(
                axis.at(position),
                min(height_of(min(month.beyond + 1, places)), bottom - ARROW),
                bottom,
                month.beyond,
                month.reported,
                month.title,
                month.href,
                labelled(months, position),
            )
            for position, month in enumerate(months)
            if month.rank is None and month.beyond is not None
        ),
        breaks=laid,
    )


def labelled(months: Sequence[ChartMonth], position: int) -> bool:
    """Whether an arrow says how many places were printed: unless its left neighbour does."""
    before = months[position - 1] if position else None
    return before is None or before.rank is not None or before.beyond != months[position].beyond


def join(points: Mapping[int, Point], cuts: Collection[int] = ()) -> tuple[Line, ...]:
    """The lines between ``points``, keyed by position, in order (``layout.runs``)."""
    reported = {position: point.reported for position, point in points.items()}
    return tuple(
        Line(polyline(points[position] for position in run), loose)
        for run, loose in runs(reported, cuts)
    )
