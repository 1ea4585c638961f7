"""Lines, tiles and turns: laws over any rectangles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.ocr.geometry import (
    OVERLAP,
    TILE,
    Area,
    cuts,
    joined,
    lines_of,
    shared,
    tiles,
    turn_of,
    turned_back,
    union,
)


@dataclass(frozen=True)
class Item:
    area: Area
    row: int
    column: int


@st.composite
def grids(draw) -> list[Item]:
    """Rows of boxes of one height, a little up and down, at least half a height apart."""
    height = draw(st.floats(12, 60))
    pitch = height * draw(st.floats(1.5, 4))
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    items = []
    for row in range(rows):
        for column in range(columns):
            x, y = column * 200.0, row * pitch + draw(st.floats(-0.2, 0.2)) * height
            items.append(Item(Area(x, y, x + draw(st.floats(20, 150)), y + height), row, column))
    return draw(st.permutations(items))


@given(grids())
def test_lines_are_the_rows_whatever_the_order(items: list[Item]) -> None:
    lines = lines_of(items)
    assert [[item.row for item in line] for line in lines] == [
        [row] * len(line) for row, line in enumerate(lines)
    ]
    assert all([item.column for item in line] == sorted(i.column for i in line) for line in lines)
    assert sum(map(len, lines)) == len(items)


@given(st.integers(1, 60_000))
def test_cuts_cover_everything_and_share_the_overlap(length: int) -> None:
    found = cuts(length)
    assert (found[0][0], found[-1][1]) == (0, length)
    assert all(end - start <= TILE for start, end in found)
    for (_, end), (start, _) in pairwise(found):
        assert end - start >= OVERLAP


@given(st.integers(200, 4_000), st.integers(200, 9_000), st.data())
def test_what_lies_in_several_tiles_comes_out_once_and_whole(
    width: int, height: int, data: st.DataObject
) -> None:
    whole = Area(0, 0, width, height)
    texts = [
        Area(x, y, min(x + data.draw(st.integers(10, 140)), width), y + 40)
        for y in range(20, height - 60, 120)
        for x in [data.draw(st.integers(0, width - 12))]
    ]
    found = [
        (tile, [text.grown(0, 0, tile) for text in texts if shared(text, tile) > 0.3])
        for tile in tiles(width, height)
    ]
    seen = sorted(joined(found, whole), key=lambda area: area.y0)
    assert seen == texts


def test_a_line_wider_than_a_tile_is_joined() -> None:
    line, whole = Area(100, 50, 3900, 100), Area(0, 0, 4000, 400)
    found = [(tile, [line.grown(0, 0, tile)]) for tile in tiles(4000, 400)]
    assert joined(found, whole) == [Area(100, 50, 3900, 100)]


def turned(area: Area, degrees: float) -> Area:
    """A box as upright frame around the box's middle after the page fell by ``degrees``."""
    sin, cos = math.sin(math.radians(degrees)), math.cos(math.radians(degrees))
    x, y = area.cx * cos - area.cy * sin, area.cx * sin + area.cy * cos
    return area.moved(x - area.cx, y - area.cy)


@given(st.floats(-4.5, 4.5), st.integers(4, 20))
def test_the_turn_is_told_by_the_rows(degrees: float, rows: int) -> None:
    boxes = [
        turned(Area(x, row * 130, x + 90, row * 130 + 40), degrees)
        for row in range(rows)
        for x in (0, 150, 300, 450, 600)
    ]
    found = turn_of(boxes)
    if abs(degrees) < 0.2:
        assert found == 0
    elif abs(degrees) > 0.3:
        assert found == pytest.approx(degrees, abs=0.1)


def test_few_rows_tell_no_turn() -> None:
    boxes = [turned(Area(x, 0, x + 90, 40), 2) for x in (0, 150, 300)]
    assert turn_of(boxes) == 0


@given(st.floats(-5, 5), st.floats(0, 900), st.floats(0, 1400))
def test_turning_back_finds_the_spot_again(degrees: float, x: float, y: float) -> None:
    picture = Area(0, 0, 1000, 1500)
    sin, cos = math.sin(math.radians(-degrees)), math.cos(math.radians(-degrees))
    width = 1000 * abs(cos) + 1500 * abs(sin)
    height = 1000 * abs(sin) + 1500 * abs(cos)
    upright = Area(0, 0, width, height)
    dx, dy = x - picture.cx, y - picture.cy
    at = upright.cx + dx * cos - dy * sin, upright.cy + dx * sin + dy * cos
    found = turned_back(Area(*at, *at), degrees, upright, picture)
    assert (found.x0, found.y0) == pytest.approx((x, y), abs=1e-6)


@given(st.lists(st.tuples(*[st.floats(0, 500)] * 2, *[st.floats(501, 900)] * 2), min_size=1))
def test_a_union_holds_all(boxes: list[tuple[float, float, float, float]]) -> None:
    areas = [Area(*box) for box in boxes]
    around = union(areas)
    assert all(area.grown(0, 0, around) == area for area in areas)
