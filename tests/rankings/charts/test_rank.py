"""The rank chart: inverted, gaps open, reports apart."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.charts import ChartMonth, MethodBreak, rank_chart
from rankings.periods import Month

START = Month(2020, 11)


def months(*ranks: int | None, reported: frozenset[int] = frozenset(), tied=frozenset()):
    return [
        ChartMonth(
            START + at,
            rank,
            tied=at in tied,
            reported=at in reported,
            mark="" if rank else "?",
            title=f"{START + at}",
        )
        for at, rank in enumerate(ranks)
    ]


def test_nothing_to_draw_without_a_rank() -> None:
    assert rank_chart(months(None, None)) is None
    assert rank_chart([]) is None


def test_first_place_is_on_top_and_has_its_own_line() -> None:
    chart = rank_chart(months(1, 3, 2))
    first, third, second = chart.points
    assert first.y < second.y < third.y
    assert chart.ticks[0].text == "1"
    assert chart.ticks[0].y == first.y
    assert first.first and not second.first


@pytest.mark.parametrize(
    ("ranks", "lengths"),
    [
        ((1, 2, 3), [3]),
        ((1, None, 3), []),
        ((1, 2, None, 4, 5, 6), [2, 3]),
        ((None, 1, None), []),
        ((1,), []),
    ],
)
def test_a_gap_is_never_bridged(ranks, lengths) -> None:
    chart = rank_chart(months(*ranks))
    assert [len(line.points.split()) for line in chart.lines] == lengths
    assert len(chart.points) == sum(rank is not None for rank in ranks)


def test_a_line_that_touches_a_report_is_drawn_apart() -> None:
    chart = rank_chart(months(1, 1, 2, 1, 1, reported=frozenset({2})))
    assert [(len(line.points.split()), line.reported) for line in chart.lines] == [
        (2, False),
        (3, True),
        (2, False),
    ]
    assert [point.reported for point in chart.points] == [False, False, True, False, False]


def test_a_gap_says_why_at_its_foot() -> None:
    chart = rank_chart(months(1, None, 1))
    assert [(gap.text, gap.title) for gap in chart.gaps] == [("?", "2020-12")]


def test_years_and_months_are_named() -> None:
    chart = rank_chart(months(*[1] * 15))
    assert [label.text for label in chart.months][:4] == ["11", "12", "1", "2"]
    assert [label.text for label in chart.years] == ["2020年", "2021年", "2022年"]
    assert len(chart.year_lines) == 2


@pytest.mark.parametrize("count", [1, 12, 36, 120])
def test_ten_years_fit_a_screen_of_1366_pixels(count) -> None:
    chart = rank_chart(months(*[1] * count))
    assert chart.width <= 980
    # Marks of neighbouring months do not run into each other.
    assert all(b.x - a.x >= 2 * chart.radius for a, b in pairwise(chart.points))


@given(st.lists(st.none() | st.integers(1, 3000), min_size=1, max_size=130))
def test_everything_stays_inside_the_frame(ranks) -> None:
    chart = rank_chart(months(*ranks))
    if chart is None:
        assert not any(ranks)
        return
    for point in chart.points:
        assert chart.left < point.x < chart.right
        assert chart.top <= point.y <= chart.bottom
    heights = [tick.y for tick in chart.ticks]
    assert heights == sorted(heights)
    assert len(heights) <= 8
    for one, two in pairwise(sorted(chart.points, key=lambda point: point.rank)):
        assert one.y <= two.y
    joined = sum(len(line.points.split()) - 1 for line in chart.lines)
    neighbours = sum(a is not None and b is not None for a, b in pairwise(ranks))
    assert joined == neighbours


# --- method changes and lists that end -----------------------------------------------------------


def test_a_line_crosses_a_linked_change_but_no_cut() -> None:
    linked = rank_chart(months(1, 1, 2, 2), [MethodBreak(START + 2, "改名")])
    assert [len(line.points.split()) for line in linked.lines] == [4]
    cut = rank_chart(months(1, 1, 2, 2), [MethodBreak(START + 2, "改方法", cut=True)])
    assert [len(line.points.split()) for line in cut.lines] == [2, 2]
    assert [each.cut for each in (*linked.breaks, *cut.breaks)] == [False, True]
    assert cut.top > rank_chart(months(1, 1)).top  # room for the label


def test_a_place_beyond_the_list_is_an_arrow_and_no_point() -> None:
    record = [
        ChartMonth(START, 1),
        ChartMonth(START + 1, None, beyond=30, mark="?"),
        ChartMonth(START + 2, None, beyond=30, reported=True),
        ChartMonth(START + 3, None, beyond=50),
    ]
    chart = rank_chart(record)
    assert [arrow.beyond for arrow in chart.arrows] == [30, 30, 50]
    assert [arrow.labelled for arrow in chart.arrows] == [True, False, True]
    assert [arrow.reported for arrow in chart.arrows] == [False, True, False]
    assert len(chart.points) == 1 and chart.lines == () and chart.gaps == ()
    assert all(chart.top < arrow.y < arrow.foot == chart.bottom for arrow in chart.arrows)


def test_a_record_of_nothing_but_short_lists_is_drawn() -> None:
    chart = rank_chart([ChartMonth(START, None, beyond=10)])
    assert chart.points == () and len(chart.arrows) == 1
