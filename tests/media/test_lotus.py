"""The geometry of the flower."""

import math
import re

import pytest

from media import lotus


def test_petals_stand_as_the_hours():
    assert [lotus.angle(month) for month in (12, 1, 3, 6, 9)] == [0, 30, 90, 180, 270]


@pytest.mark.parametrize("month", [0, 13, -1])
def test_no_such_month(month):
    with pytest.raises(ValueError, match="no such month"):
        lotus.angle(month)


def test_the_tip_points_where_the_hour_does():
    for month, (x, y) in {12: (0, -49), 3: (49, 0), 6: (0, 49), 9: (-49, 0)}.items():
        assert any(math.dist(point, (x, y)) < 1e-9 for point in lotus.outline(month))


def test_everything_stays_in_the_box():
    for month in range(1, 13):
        assert all(abs(x) <= 50 and abs(y) <= 50 for x, y in lotus.outline(month))


def test_neighbours_never_touch():
    """Each petal stays within its own thirty degrees, so that it is read and pressed alone."""
    widest = max(math.degrees(math.atan2(x, -y)) for x, y in lotus.outline(12, steps=200))
    assert 10 < widest < 15


def test_half_a_petal_lies_clockwise_of_its_vein():
    assert all(x >= -1e-9 for x, _ in lotus.outline(12, half=True))
    assert all(y >= -1e-9 for _, y in lotus.outline(3, half=True))


def _numbers(path):
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]


def test_the_path_is_the_outline():
    root, near, far, tip = lotus.ROOT, lotus.NEAR, lotus.FAR, lotus.TIP
    mirrored = [(-x, y) for x, y in (far, near)]
    whole = [*root, *near, *far, *tip, *mirrored[0], *mirrored[1], *root]
    assert _numbers(lotus.PETAL) == whole
    assert _numbers(lotus.HALF) == [*root, *near, *far, *tip]
