"""The chart of a published index: one series for each method, never a line across two of them.

A value with a bound carries its sign (≥, ≤, 约). Neighbouring months of one method are joined; a
line that touches a bound or a report is marked ``loose`` and drawn dashed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..figures import ABOUT, AT_LEAST, AT_MOST, EXACT
from ..periods import Month
from .layout import (
    BOTTOM,
    PLOT_HEIGHT,
    RIGHT,
    STEP_FOR_MARKS,
    Break,
    Key,
    Label,
    MethodBreak,
    MonthAxis,
    ValueScale,
    colour_of,
    lay_breaks,
    lay_legend,
    month_axis,
    polyline,
    runs,
    value_scale,
)

SIGNS = {EXACT: "", AT_LEAST: "≥", AT_MOST: "≤", ABOUT: "约"}
NO_METHOD = "未注明计算方法"
# Values have more digits than places.
INDEX_LEFT = 64


@dataclass(frozen=True, slots=True)
class IndexMonth:
    """The index of one month; ``value`` None leaves a gap. ``method`` "" is a method of its own."""

    month: Month
    value: float | None
    bound: str = EXACT
    method: str = ""
    reported: bool = False
    title: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class IndexPoint:
    """A value at pixel ``x``, ``y``; ``sign`` is empty where it is exact."""

    x: int
    y: int
    month: Month
    value: float
    sign: str
    reported: bool
    title: str
    href: str = ""

    @property
    def loose(self) -> bool:
        return bool(self.sign) or self.reported

    @property
    def corners(self) -> str:
        """The mark of a bound: ≥ points up, ≤ down, 约 is a diamond; empty for an exact value."""
        x, y = self.x, self.y
        return {
            "≥": f"{x - 5},{y + 4} {x + 5},{y + 4} {x},{y - 5}",
            "≤": f"{x - 5},{y - 4} {x + 5},{y - 4} {x},{y + 5}",
            "约": f"{x},{y - 5} {x + 5},{y} {x},{y + 5} {x - 5},{y}",
        }.get(self.sign, "")


@dataclass(frozen=True, slots=True)
class IndexLine:
    points: str
    loose: bool


@dataclass(frozen=True, slots=True)
class IndexSeries:
    """The months of one method; ``slot`` numbers its colour."""

    name: str
    slot: int
    points: tuple[IndexPoint, ...]
    lines: tuple[IndexLine, ...]

    @property
    def colour(self) -> str:
        return colour_of(self.slot)


@dataclass(frozen=True, slots=True)
class IndexChart:
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
    breaks: tuple[Break, ...]
    series: tuple[IndexSeries, ...]
    legend: tuple[Key, ...]
    # Whether there is room for the sign beside its mark.
    signs: bool = True

    @property
    def bounded(self) -> bool:
        """Whether any value is a bound."""
        return any(point.sign for series in self.series for point in series.points)


def index_chart(
    months: Sequence[IndexMonth], breaks: Iterable[MethodBreak] = ()
) -> IndexChart | None:
    """Lay out ``months``, which are consecutive and in order; None when none has a value."""
    values = [month.value for month in months if month.value is not None]
    if not values:
        return None
    axis = month_axis([month.month for month in months], INDEX_LEFT)
    laid, top = lay_breaks(axis, breaks)
    scale = value_scale(values, top)
    bottom = top + PLOT_HEIGHT
    series = method_series(axis, scale, months)
    legend = lay_legend(
        [(each.slot, each.name) for each in series], axis.left, axis.right, bottom + BOTTOM
    )
    return IndexChart(
        width=axis.right + RIGHT,
        height=max([bottom + BOTTOM, *(key.y + 14 for key in legend)]),
        radius=axis.radius,
        left=axis.left,
        right=axis.right,
        top=top,
        bottom=bottom,
        ticks=value_ticks(scale, axis.left),
        months=axis.months(bottom),
        years=axis.years(bottom),
        year_lines=axis.year_lines(),
        breaks=laid,
        series=series,
        legend=tuple(legend),
        signs=axis.step >= STEP_FOR_MARKS,
    )


def value_ticks(scale: ValueScale, left: int) -> tuple[Label, ...]:
    return tuple(
        Label(left - 8, scale.height_of(value), f"{value:,.10g}", anchor="end")
        for value in scale.ticks
    )


def method_series(
    axis: MonthAxis, scale: ValueScale, months: Sequence[IndexMonth]
) -> tuple[IndexSeries, ...]:
    """A series for each method, in the order in which they begin."""
    by_method: dict[str, dict[int, IndexPoint]] = {}
    for position, month in enumerate(months):
        if month.value is None:
            continue
        by_method.setdefault(month.method, {})[position] = IndexPoint(
            axis.at(position),
            scale.height_of(month.value),
            month.month,
            month.value,
            SIGNS[month.bound],
            month.reported,
            month.title,
            month.href,
        )
    return tuple(
        IndexSeries(method or NO_METHOD, slot, tuple(points.values()), index_lines(points))
        for slot, (method, points) in enumerate(by_method.items())
    )


def index_lines(points: dict[int, IndexPoint]) -> tuple[IndexLine, ...]:
    """The lines between ``points`` of one method, keyed by position, in order."""
    loose = {position: point.loose for position, point in points.items()}
    return tuple(
        IndexLine(polyline(points[position] for position in run), dashed)
        for run, dashed in runs(loose)
    )
