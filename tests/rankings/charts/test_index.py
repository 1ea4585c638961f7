"""The index chart: a series for each method, bounds with their signs."""

import pytest

from rankings.charts import NO_METHOD, IndexMonth, index_chart
from rankings.periods import Month

START = Month(2023, 1)


def months(*values, methods="", bounds=None, reported=()):
    bounds = bounds or {}
    methods = methods or "a" * len(values)
    return [
        IndexMonth(
            START + at,
            value,
            bounds.get(at, "exact"),
            {"a": "WCI 12.0", "b": "WCI 13.0", "-": ""}[methods[at]],
            at in reported,
        )
        for at, value in enumerate(values)
    ]


def test_nothing_to_draw_without_a_value() -> None:
    assert index_chart(months(None, None)) is None
    assert index_chart([]) is None


def test_two_methods_never_share_a_line() -> None:
    chart = index_chart(months(900, 910, 920, 1000, 1010, methods="aaabb"))
    assert [series.name for series in chart.series] == ["WCI 12.0", "WCI 13.0"]
    assert [series.slot for series in chart.series] == [0, 1]
    assert [len(line.points.split()) for series in chart.series for line in series.lines] == [3, 2]
    assert len({series.colour for series in chart.series}) == 2
    assert [key.text for key in chart.legend] == ["WCI 12.0", "WCI 13.0"]


def test_methods_that_take_turns_are_not_joined_either() -> None:
    chart = index_chart(months(900, 1000, 910, 1010, methods="abab"))
    assert all(series.lines == () for series in chart.series)


def test_a_method_nobody_named_is_one_of_its_own() -> None:
    chart = index_chart(months(900, 910, methods="-a"))
    assert [series.name for series in chart.series] == [NO_METHOD, "WCI 12.0"]


def test_a_gap_stays_open() -> None:
    [series] = index_chart(months(900, None, 910)).series
    assert series.lines == () and len(series.points) == 2


@pytest.mark.parametrize(
    ("bound", "sign"), [("exact", ""), ("at_least", "≥"), ("at_most", "≤"), ("about", "约")]
)
def test_a_bound_has_its_sign_and_its_mark_and_a_dashed_line(bound, sign) -> None:
    chart = index_chart(months(900, 910, bounds={1: bound}))
    [series] = chart.series
    assert series.points[1].sign == sign
    assert bool(series.points[1].corners) == bool(sign)
    assert [line.loose for line in series.lines] == [bool(sign)]
    assert chart.bounded == bool(sign)


def test_a_report_is_loose() -> None:
    [series] = index_chart(months(900, 910, reported={0})).series
    assert series.points[0].loose and series.lines[0].loose


def test_higher_is_larger() -> None:
    chart = index_chart(months(900, 1000))
    low, high = chart.series[0].points
    assert high.y < low.y
    assert chart.ticks[0].y > chart.ticks[-1].y
    assert chart.ticks[-1].text == "1,000"
