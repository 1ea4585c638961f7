"""Several accounts in one chart, by place or by index.

Each has a letter beside its colour. The rules are those of the single charts: gaps stay open, no
line crosses a cut, and an index is joined only within one method.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..periods import Month
from .index import INDEX_LEFT, IndexMonth, IndexSeries, method_series, value_ticks
from .layout import (
    BOTTOM,
    FEWEST_PLACES,
    LEFT,
    PLOT_HEIGHT,
    Break,
    Key,
    Label,
    MethodBreak,
    MonthAxis,
    colour_of,
    lay_breaks,
    lay_legend,
    month_axis,
    rank_height,
    rank_ticks,
    spread_out,
    value_scale,
)
from .rank import ChartMonth, Line, Point, join

LETTERS = "ABCDEFG"
# Room for the letters at the end of the lines.
VERSUS_RIGHT = 40
LETTER_ROOM = 15


@dataclass(frozen=True, slots=True)
class Contender:
    """An account with its months, one of the two kinds."""

    name: str
    ranks: Sequence[ChartMonth] = ()
    values: Sequence[IndexMonth] = ()


@dataclass(frozen=True, slots=True)
class Curve:
    """One account as drawn. ``slot`` 0 is the account the page is about."""

    letter: str
    name: str
    slot: int
    lines: tuple[Line, ...]
    points: tuple[Point, ...]
    series: tuple[IndexSeries, ...] = ()
    # The letter beside the last point; None where nothing is drawn.
    end: Label | None = None

    @property
    def colour(self) -> str:
        return colour_of(self.slot)


@dataclass(frozen=True, slots=True)
class VersusChart:
    """Everything the template draws, in pixels of a ``width`` × ``height`` box."""

    kind: str
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
    curves: tuple[Curve, ...]
    legend: tuple[Key, ...]


def versus_chart(
    contenders: Sequence[Contender], kind: str, breaks: Iterable[MethodBreak] = ()
) -> VersusChart | None:
    """Lay out up to seven contenders over the same months; the first is the page's account.

    ``kind`` is ``rank`` or ``index``. None when nobody has anything to draw.
    """
    breaks = tuple(breaks)
    months: Sequence[ChartMonth] | Sequence[IndexMonth]
    months = contenders[0].ranks if kind == "rank" else contenders[0].values
    if not months:
        return None
    axis = month_axis([each.month for each in months], LEFT if kind == "rank" else INDEX_LEFT)
    laid, top = lay_breaks(axis, breaks)
    bottom = top + PLOT_HEIGHT
    if kind == "rank":
        cuts = {each.month - axis.first for each in breaks if each.cut}
        drawn = _rank_curves(axis, contenders, top, cuts)
    else:
        drawn = _index_curves(axis, contenders, top)
    if drawn is None:
        return None
    curves, ticks = drawn
    legend = lay_legend(
        [(curve.slot, f"{curve.letter} {curve.name}") for curve in curves],
        axis.left,
        axis.right,
        bottom + BOTTOM,
    )
    return VersusChart(
        kind=kind,
        width=axis.right + VERSUS_RIGHT,
        height=legend[-1].y + 14,
        radius=max(2, axis.radius - 1),
        left=axis.left,
        right=axis.right,
        top=top,
        bottom=bottom,
        ticks=ticks,
        months=axis.months(bottom),
        years=axis.years(bottom),
        year_lines=axis.year_lines(),
        breaks=laid,
        curves=_with_letters(curves, top, bottom),
        legend=tuple(legend),
    )


_Drawn = tuple[list[Curve], tuple[Label, ...]]


def _rank_curves(
    axis: MonthAxis, contenders: Sequence[Contender], top: int, cuts: set[int]
) -> _Drawn | None:
    ranks = [month.rank for each in contenders for month in each.ranks if month.rank is not None]
    if not ranks:
        return None
    places = max([FEWEST_PLACES, *ranks])
    height_of = rank_height(places, top)
    curves = []
    for slot, each in enumerate(contenders):
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
            for position, month in enumerate(each.ranks)
            if month.rank is not None
        }
        curves.append(
            Curve(LETTERS[slot], each.name, slot, join(points, cuts), tuple(points.values()))
        )
    ticks = tuple(
        Label(axis.left - 8, height_of(rank), str(rank), anchor="end")
        for rank in rank_ticks(places, height_of)
    )
    return curves, ticks


def _index_curves(axis: MonthAxis, contenders: Sequence[Contender], top: int) -> _Drawn | None:
    values = [
        month.value for each in contenders for month in each.values if month.value is not None
    ]
    if not values:
        return None
    scale = value_scale(values, top)
    curves = [
        Curve(LETTERS[slot], each.name, slot, (), (), method_series(axis, scale, each.values))
        for slot, each in enumerate(contenders)
    ]
    return curves, value_ticks(scale, axis.left)


def _with_letters(curves: Sequence[Curve], top: int, bottom: int) -> tuple[Curve, ...]:
    """Letters beside the last points, moved apart where lines end together."""
    lasts: dict[int, tuple[Month, int, int]] = {}
    for curve in curves:
        points = [*curve.points, *(point for series in curve.series for point in series.points)]
        if points:
            last = max(points, key=lambda point: point.month)
            lasts[curve.slot] = (last.month, last.x, last.y)
    moved: dict[int, int] = {}
    for month in {month for month, _, _ in lasts.values()}:
        slots = [slot for slot, last in lasts.items() if last[0] == month]
        heights = spread_out([lasts[slot][2] for slot in slots], LETTER_ROOM, top + 6, bottom - 6)
        moved |= dict(zip(slots, heights, strict=True))
    return tuple(
        Curve(
            curve.letter,
            curve.name,
            curve.slot,
            curve.lines,
            curve.points,
            curve.series,
            Label(lasts[curve.slot][1] + 16, moved[curve.slot], curve.letter)
            if curve.slot in lasts
            else None,
        )
        for curve in curves
    )
