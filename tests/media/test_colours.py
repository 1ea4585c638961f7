"""Colours that can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media import colours

COLOUR = st.tuples(*[st.integers(0, 255)] * 3)


def test_the_ends_of_the_scale():
    assert colours.contrast(colours.WHITE, colours.BLACK) == pytest.approx(21)
    assert colours.contrast(colours.INK, colours.INK) == 1


def test_known_pairs():
    assert colours.contrast(colours.parse("#777777"), colours.WHITE) == pytest.approx(
        4.48, abs=0.01
    )
    assert colours.contrast(colours.parse("#2E6A50"), colours.PAPER) > 4.5


@pytest.mark.parametrize("text", ["", "2E6A50", "#2E6A5", "#2E6A500", "#GGGGGG"])
def test_no_colour(text):
    with pytest.raises(ValueError, match=r"not a colour|invalid literal"):
        colours.parse(text)


@given(COLOUR)
def test_text_can_be_read_on_every_ground(ground):
    assert colours.contrast(colours.text_on(ground), ground) >= colours.READABLE


@given(COLOUR, COLOUR)
def test_a_colour_moves_until_it_can_be_read(colour, ground):
    assert colours.contrast(colours.towards(colour, ground), ground) >= colours.READABLE


def test_a_colour_that_reads_stays():
    leaf = colours.parse("#2E6A50")
    assert colours.towards(leaf, colours.PAPER, colours.INK) == leaf


@given(COLOUR, COLOUR)
def test_contrast_has_no_direction(one, two):
    assert colours.contrast(one, two) == colours.contrast(two, one) >= 1
