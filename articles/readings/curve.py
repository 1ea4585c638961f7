"""A curve over days, for the screen and for print. Pure geometry, drawn by the rankings' template.

One metric of one source a curve: readers and reads never share an axis.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from rankings.charts import SIGNS, IndexChart, IndexSeries, Label
from rankings.charts.index import INDEX_LEFT, IndexPoint, index_lines, value_ticks
from rankings.charts.layout import (
    BOTTOM,
    MAX_STEP,
    PLOT_HEIGHT,
    RIGHT,
    STEP_FOR_BIG_POINTS,
    STEP_FOR_MARKS,
    TARGET_WIDTH,
    TOP,
    value_scale,
)
from rankings.figures import EXACT
from rankings.periods import Month

MIN_STEP = 4
# A day's number needs so many pixels.
LABEL_ROOM = 22


@dataclass(frozen=True, slots=True)
class DayValue:
    """What stands at one day."""

    day: dt.date
    value: float
    bound: str = EXACT
    title: str = ""


def day_curve(values: Sequence[DayValue], *, from_zero: bool = True) -> IndexChart | None:
    """Lay out ``values``, one a day and in their order; None without any.

    Neighbouring days are joined, others are not. ``from_zero`` lets the axis begin at nought.
    """
    if not values:
        return None
    first, last = values[0].day, values[-1].day
    count = (last - first).days + 1
    step = max(MIN_STEP, min(MAX_STEP, TARGET_WIDTH // count))
    right = INDEX_LEFT + step * count
    scale = value_scale([*([0.0] if from_zero else []), *(each.value for each in values)], TOP)
    bottom = TOP + PLOT_HEIGHT
    points = {
        (each.day - first).days: IndexPoint(
            INDEX_LEFT + step * (each.day - first).days + step // 2,
            scale.height_of(each.value),
            Month.of(each.day),
            each.value,
            SIGNS[each.bound],
            False,
            each.title,
        )
        for each in values
    }
    days = [first + dt.timedelta(days=at) for at in range(count)]
    months = [day for day in days if day.day == 1 or day == first]
    every = -(-LABEL_ROOM // step)

    def middle(day: dt.date) -> int:
        return INDEX_LEFT + step * (day - first).days + step // 2

    return IndexChart(
        width=max(right + RIGHT, INDEX_LEFT + 120),
        height=bottom + BOTTOM - 10,
        radius=4 if step >= STEP_FOR_BIG_POINTS else 2,
        left=INDEX_LEFT,
        right=right,
        top=TOP,
        bottom=bottom,
        ticks=value_ticks(scale, INDEX_LEFT),
        months=tuple(Label(middle(day), bottom + 18, str(day.day)) for day in days[::every]),
        years=tuple(
            Label(max(middle(day), INDEX_LEFT + 20), bottom + 38, f"{day.year}年{day.month}月")
            for day in _apart(months, step)
        ),
        year_lines=(),
        breaks=(),
        series=(IndexSeries("", 0, tuple(points.values()), index_lines(points)),),
        legend=(),
        signs=step >= STEP_FOR_MARKS,
    )


def _apart(days: Sequence[dt.date], step: int) -> list[dt.date]:
    """Firsts of months far enough from the next one to be written under the axis."""
    room = 76 // step
    return [
        day
        for at, day in enumerate(days)
        if at + 1 == len(days) or (days[at + 1] - day).days >= room
    ]
