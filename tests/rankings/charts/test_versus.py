"""Head-to-head charts: letters beside colours, the rules of the single charts."""

from itertools import pairwise

import pytest

from rankings.charts import (
    ChartMonth,
    Contender,
    IndexMonth,
    MethodBreak,
    versus_chart,
)
from rankings.periods import Month

START = Month(2023, 1)


def ranked(name, *ranks):
    return Contender(name, [ChartMonth(START + at, rank) for at, rank in enumerate(ranks)])


def valued(name, *values, methods=None):
    methods = methods or ["13.0"] * len(values)
    return Contender(
        name,
        values=[
            IndexMonth(START + at, value, method=methods[at]) for at, value in enumerate(values)
        ],
    )


@pytest.mark.parametrize("kind", ["rank", "index"])
def test_nothing_to_draw_without_places_or_values(kind) -> None:
    assert versus_chart([Contender("甲")], kind) is None
    assert versus_chart([ranked("甲", None), ranked("乙", None)], "rank") is None
    assert versus_chart([valued("甲", None), valued("乙", None)], "index") is None


def test_each_has_a_letter_a_colour_and_a_key() -> None:
    chart = versus_chart([ranked("甲", 1, 2), ranked("乙", 2, 1), ranked("丙", None, None)], "rank")
    assert [curve.letter for curve in chart.curves] == ["A", "B", "C"]
    assert len({curve.colour for curve in chart.curves}) == 3
    assert [key.text for key in chart.legend] == ["A 甲", "B 乙", "C 丙"]
    assert chart.curves[2].end is None and chart.curves[2].lines == ()


def test_letters_do_not_cover_each_other() -> None:
    chart = versus_chart([ranked(str(at), 1) for at in range(7)], "rank")
    heights = sorted(curve.end.y for curve in chart.curves)
    assert all(b - a >= 15 for a, b in pairwise(heights))


def test_a_cut_and_a_gap_are_not_bridged() -> None:
    cut = MethodBreak(START + 2, "改", cut=True)
    chart = versus_chart([ranked("甲", 1, 1, 1, 1), ranked("乙", 2, None, 2, 2)], "rank", [cut])
    assert [len(line.points.split()) for line in chart.curves[0].lines] == [2, 2]
    assert [len(line.points.split()) for line in chart.curves[1].lines] == [2]
    assert [each.cut for each in chart.breaks] == [True]


def test_an_index_is_joined_only_within_a_method() -> None:
    chart = versus_chart(
        [valued("甲", 900, 910, methods=["12.0", "13.0"]), valued("乙", 900, 910)], "index"
    )
    assert all(not series.lines for series in chart.curves[0].series)
    assert [len(series.lines) for series in chart.curves[1].series] == [1]
