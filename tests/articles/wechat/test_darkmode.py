"""WeChat's dark mode, as its published converter has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.wechat.darkmode import (
    BRIGHTEST_GROUND,
    DARK_GROUND,
    DARK_INK,
    LEAST_DISTANCE,
    Colour,
    brightness,
    ground,
    ink,
)

COLOURS = st.tuples(*[st.integers(0, 255)] * 3)


@pytest.mark.parametrize(
    ("day", "night"),
    [
        ((255, 255, 255), DARK_GROUND),
        ((246, 246, 246), (34, 34, 34)),
        ((220, 231, 227), (184, 193, 190)),  # light and coloured: dimmed
        ((46, 106, 80), (46, 106, 80)),
        ((0, 0, 0), (56, 56, 56)),  # too dark to be told from the page
    ],
)
def test_grounds(day: Colour, night: Colour) -> None:
    assert ground(day) == night


@pytest.mark.parametrize(
    ("day", "night"),
    [
        ((25, 25, 25), DARK_INK),
        ((0, 0, 0), DARK_INK),
        ((255, 255, 255), (255, 255, 255)),  # bright on purpose
        ((46, 106, 80), (111, 191, 156)),
        ((89, 89, 89), (140, 140, 140)),
        ((184, 71, 107), (184, 71, 107)),  # stands out enough for WeChat
    ],
)
def test_inks_on_the_page(day: Colour, night: Colour) -> None:
    assert ink(day) == night


@given(COLOURS, COLOURS)
def test_every_colour_becomes_one(day: Colour, below: Colour) -> None:
    night = ground(below)
    assert brightness(night) <= BRIGHTEST_GROUND + 1
    assert all(0 <= part <= 255 for part in (*night, *ink(day, night)))


@given(COLOURS)
def test_what_stands_on_the_page_stands_out(day: Colour) -> None:
    assert brightness(ink(day)) - brightness(DARK_GROUND) >= LEAST_DISTANCE - 1
