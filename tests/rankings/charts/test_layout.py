"""What all charts share: which months are joined, scales, labels that do not collide."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.charts.layout import (
    LABEL_ROW,
    PALETTE,
    TOP,
    MethodBreak,
    lay_breaks,
    lay_legend,
    month_axis,
    runs,
    spread_out,
    text_width,
    value_scale,
)
from rankings.periods import Month

START = Month(2020, 1)
AXIS = month_axis([START + at for at in range(24)])


@pytest.mark.parametrize(
    ("loose", "cuts", "joined"),
    [
        ({}, (), ()),
        ({0: False}, (), ()),
        ({0: False, 1: False, 2: False}, (), (((0, 1, 2), False),)),
        ({0: False, 2: False}, (), ()),
        ({0: False, 1: True, 2: False, 3: False}, (), (((0, 1, 2), True), ((2, 3), False))),
        ({0: False, 1: False, 2: False, 3: False}, (2,), (((0, 1), False), ((2, 3), False))),
        ({0: False, 1: False, 2: False}, (1, 2), ()),
    ],
)
def test_which_months_are_joined(loose, cuts, joined) -> None:
    assert runs(loose, cuts) == joined


@given(
    st.lists(st.sampled_from([None, True, False]), max_size=60),
    st.sets(st.integers(0, 60), max_size=6),
)
def test_only_neighbours_are_joined_and_nothing_across_a_cut(months, cuts) -> None:
    loose = {at: each for at, each in enumerate(months) if each is not None}
    drawn = [pair for run, _ in runs(loose, cuts) for pair in pairwise(run)]
    assert drawn == [(at, at + 1) for at in loose if at + 1 in loose and at + 1 not in cuts]
    for run, dashed in runs(loose, cuts):
        assert all((loose[a] or loose[b]) == dashed for a, b in pairwise(run))


def test_breaks_stand_at_the_left_of_their_month_and_labels_in_rows() -> None:
    laid, top = lay_breaks(
        AXIS,
        [
            MethodBreak(START + 10, "方法由 12.0 改为 13.0（未衔接）", cut=True),
            MethodBreak(START + 11, "改为《新榜》"),
            MethodBreak(START + 40, "不在图上"),
        ],
    )
    assert [each.x for each in laid] == [AXIS.edge(10), AXIS.edge(11)]
    assert [each.cut for each in laid] == [True, False]
    assert laid[0].label.y != laid[1].label.y
    assert top == TOP + 2 * LABEL_ROW
    assert all(each.label.y < top for each in laid)


def test_a_label_that_would_leave_the_picture_stands_left_of_its_line() -> None:
    [one], _ = lay_breaks(AXIS, [MethodBreak(START + 23, "方法由 13.0 改为 14.2a")])
    assert one.label.anchor == "end" and one.label.x < one.x
    assert lay_breaks(AXIS, []) == ((), TOP)


@given(
    st.lists(
        st.floats(-2000, 2000, allow_nan=False).map(lambda value: round(value, 2)),
        min_size=1,
        max_size=40,
    )
)
def test_a_scale_holds_every_value_between_round_ticks(values) -> None:
    scale = value_scale(values, TOP)
    assert scale.low <= min(values) and max(values) <= scale.high
    assert 2 <= len(scale.ticks) <= 8
    heights = [scale.height_of(value) for value in sorted(values)]
    assert heights == sorted(heights, reverse=True)


@given(st.lists(st.integers(0, 200), max_size=7))
def test_letters_are_moved_apart_and_keep_their_order(heights) -> None:
    moved = spread_out(heights, 15, 0, 200)
    assert all(b - a >= 15 for a, b in pairwise(sorted(moved)))
    assert all(0 <= each <= 200 for each in moved)
    for (a, one), (b, two) in pairwise(sorted(zip(heights, moved, strict=True))):
        assert a == b or one < two


def test_a_legend_goes_on_in_the_next_line() -> None:
    keys = lay_legend([(slot, "很长的公众号名称" * 2) for slot in range(4)], 50, 500, 300)
    assert keys[0].x == 50
    assert len({key.y for key in keys}) > 1
    assert all(key.x + text_width(key.text) <= 500 for key in keys)
    assert [key.colour for key in keys] == list(PALETTE[:4])
