"""Months as petals."""

import math

from hypothesis import given
from hypothesis import strategies as st

from media import lotus as geometry
from media.lotus import Petal
from rankings import lotus, streaks
from rankings.periods import Month

STATES = "FTNSR?D"


def test_every_state_has_its_own_petal():
    assert set(lotus.PETALS) == set(STATES)
    assert len(set(lotus.PETALS.values())) == len(STATES)


@given(
    st.dictionaries(st.builds(Month, st.just(2018), st.integers(1, 12)), st.sampled_from(STATES))
)
def test_only_what_is_proved_is_drawn_as_proved(states):
    for petal in lotus.drawn(2018, states, {}):
        state = states.get(Month(2018, petal.month))
        assert (petal.style == Petal.FIRST) == (state == streaks.FIRST)
        assert (petal.style == Petal.TIED) == (state == streaks.TIED)
        assert (petal.style == Petal.NONE) == (state is None)


def test_twelve_petals_with_their_links():
    march = Month(2018, 3)
    petals = lotus.drawn(2018, {march: "R"}, {march: ("#county-2018-03", "2018年3月：据报道第一")})
    assert [petal.month for petal in petals] == list(range(1, 13))
    assert (petals[2].angle, petals[2].style) == (90, Petal.REPORTED)
    assert (petals[2].target, petals[2].title) == ("#county-2018-03", "2018年3月：据报道第一")
    assert all(not petal.target for petal in petals if petal.month != 3)


def test_months_of_other_years_are_left_out():
    assert {petal.style for petal in lotus.drawn(2018, {Month(2017, 12): "F"}, {})} == {Petal.NONE}


def _corners(path):
    numbers = path.replace("M", " ").replace("L", " ").replace("Z", "").replace("-", " -")
    left, right = numbers.split("H")
    x, y, x2, y2 = map(float, left.split())
    return [(x, y), (x2, y2), (float(right), y2)]


def test_a_finger_finds_one_petal_only():
    """The wedge holds the petal and stays within its thirty degrees."""
    _, left, right = _corners(lotus.WEDGE)
    assert math.degrees(math.atan2(right[0], -right[1])) < 15
    assert left == (-right[0], right[1])
    assert max(x for x, _ in geometry.outline(12)) < right[0]


def test_the_hours_stand_outside_the_petals():
    assert [hour for hour, _, _ in lotus.HOURS] == [12, 3, 6, 9]
    assert all(math.hypot(x, y) > 49 for _, x, y in lotus.HOURS)


def test_a_flower_a_year():
    years = lotus.flowers({Month(2017, 12): "F", Month(2018, 1): "T", Month(2018, 3): "S"})
    assert [flower.label for flower in years] == ["2017年", "2018年"]
    assert years[0].petals == (Petal.NONE,) * 11 + (Petal.FIRST,)
    assert years[1].petals[:3] == (Petal.TIED, Petal.NONE, Petal.SUSPENDED)
    assert all(len(flower.petals) == 12 for flower in years)
