"""The flower as Pillow draws it."""

import pytest

from media import flowers, lotus
from media.colours import PAPER
from media.lotus import Petal

SIZE = 204


def _pixel(tile, month, along=30.0):
    """The colour in the middle of a petal, a little clockwise of its vein."""
    points = lotus.outline(month, half=True)
    x, y = (sum(values) / len(points) for values in zip(*points, strict=True))
    return tile.getpixel((round(SIZE / 2 + 2 * x), round(SIZE / 2 + 2 * y)))


def _flower(**petals):
    months = [Petal.NONE] * 12
    for name, petal in petals.items():
        months[int(name[1:]) - 1] = petal
    return flowers.tile(flowers.Flower("2018年", tuple(months)), SIZE, PAPER)


@pytest.mark.parametrize(
    ("petal", "colour"),
    [
        (Petal.FIRST, flowers.LOTUS),
        (Petal.TIED, flowers.LOTUS),
        (Petal.LOST, flowers.LOST),
        (Petal.NONE, flowers.PALE),
        (Petal.REPORTED, PAPER),
        (Petal.UNKNOWN, PAPER),
        (Petal.SUSPENDED, PAPER),
        (Petal.DISPUTED, PAPER),
    ],
)
def test_only_what_is_proved_is_filled_with_the_lotus(petal, colour):
    assert _pixel(_flower(m3=petal), 3) == pytest.approx(colour, abs=6)


def test_each_kind_of_month_looks_different():
    tiles = {petal: _flower(m1=petal).tobytes() for petal in Petal}
    assert len(set(tiles.values())) == len(Petal)


def test_a_tie_fills_half_a_petal():
    tile = _flower(m12=Petal.TIED)
    assert tile.getpixel((SIZE // 2 + 6, SIZE // 2 - 60)) == pytest.approx(flowers.LOTUS, abs=6)
    assert tile.getpixel((SIZE // 2 - 6, SIZE // 2 - 60)) == pytest.approx(PAPER, abs=6)


def test_a_single_petal_for_the_legend():
    tile = flowers.single(Petal.FIRST, 36, PAPER)
    assert tile.size == (36, 36)
    assert tile.getpixel((18, 16)) == pytest.approx(flowers.LOTUS, abs=10)


def test_every_kind_but_nothing_has_words():
    assert set(flowers.WORDS) == set(Petal) - {Petal.NONE}
