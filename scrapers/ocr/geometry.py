"""Rectangles on a picture: overlaps, lines of text, tiles, and a slightly turned page.

Pure; lengths are pixels, y grows downwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Protocol, TypeVar

#: A model that finds text sees little of a tall picture shrunk to its input, hence tiles. The
#: overlap is more than any line of text is high, so that each line is whole in one tile at least.
TILE, OVERLAP = 1600, 160

#: Centres closer than this share of the text height stand on one line.
_SAME_LINE = 0.5
#: Boxes covering each other by this share of the smaller one are the same text.
_SAME_TEXT = 0.5
#: A box that ends this close to the cut of a tile may go on behind it.
_AT_CUT = 4


@dataclass(frozen=True, slots=True)
class Area:
    """An upright rectangle."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    def moved(self, dx: float, dy: float) -> Area:
        return Area(self.x0 + dx, self.y0 + dy, self.x1 + dx, self.y1 + dy)

    def grown(self, across: float, down: float, within: Area) -> Area:
        """Larger by ``across`` and ``down`` on each side, but not beyond ``within``."""
        return Area(
            max(self.x0 - across, within.x0),
            max(self.y0 - down, within.y0),
            min(self.x1 + across, within.x1),
            min(self.y1 + down, within.y1),
        )


class HasArea(Protocol):
    @property
    def area(self) -> Area: ...


Placed = TypeVar("Placed", bound=HasArea)


def union(areas: Iterable[Area]) -> Area:
    """The smallest rectangle around all ``areas`` (at least one)."""
    found = list(areas)
    return Area(
        min(area.x0 for area in found),
        min(area.y0 for area in found),
        max(area.x1 for area in found),
        max(area.y1 for area in found),
    )


def overlap_x(one: Area, other: Area) -> float:
    """How many pixels of width two rectangles share; negative: the gap between them."""
    return min(one.x1, other.x1) - max(one.x0, other.x0)


def overlap_y(one: Area, other: Area) -> float:
    return min(one.y1, other.y1) - max(one.y0, other.y0)


def shared(one: Area, other: Area) -> float:
    """The share (0 to 1) of the smaller rectangle that the other covers."""
    across, down = overlap_x(one, other), overlap_y(one, other)
    least = min(one.width * one.height, other.width * other.height)
    return across * down / least if across > 0 and down > 0 and least > 0 else 0.0


def lines_of(items: Sequence[Placed]) -> list[list[Placed]]:
    """The items line by line from the top, each line from the left."""
    lines: list[list[Placed]] = []
    for item in sorted(items, key=lambda item: item.area.cy):
        line = lines[-1] if lines else []
        height = min([item.area.height, *(other.area.height for other in line)])
        if line and item.area.cy - median(o.area.cy for o in line) < _SAME_LINE * height:
            line.append(item)
        else:
            lines.append([item])
    return [sorted(line, key=lambda item: item.area.x0) for line in lines]


# --- tiles ------------------------------------------------------------------------------------


def cuts(length: int, tile: int = TILE, overlap: int = OVERLAP) -> list[tuple[int, int]]:
    """Stretches of at most ``tile`` that cover ``length``; neighbours share ``overlap`` or more."""
    if length <= tile:
        return [(0, length)]
    count = math.ceil((length - overlap) / (tile - overlap))
    last = length - tile
    starts = [round(last * number / (count - 1)) for number in range(count)]
    return [(start, start + tile) for start in starts]


def tiles(width: int, height: int) -> list[Area]:
    """The tiles of a picture, from the top left."""
    return [
        Area(left, top, right, bottom)
        for top, bottom in cuts(height)
        for left, right in cuts(width)
    ]


def joined(found: Sequence[tuple[Area, Sequence[Area]]], whole: Area) -> list[Area]:
    """Boxes of several tiles as boxes of the picture: each text once, and whole.

    ``found`` are the tiles with the boxes in them, both in pixels of the picture. Text cut by the
    side of a tile is joined; text cut by its upper or lower edge is whole in the next tile.
    """
    alone: list[Area] = []
    kept: list[Area] = []
    contested: list[tuple[bool, Area]] = []
    for tile, areas in found:
        for box in areas:
            if sum(shared(box, other) > 0 for other, _ in found) > 1:
                contested.append((_is_cut(box, tile, whole), box))
            else:
                alone.append(box)
    for cut, box in sorted(contested, key=lambda item: item[0]):
        twin = next((i for i, other in enumerate(kept) if _same(box, other, cut=cut)), None)
        if twin is None:
            kept.append(box)
        else:
            kept[twin] = _wider(kept[twin], box)
    return alone + kept


def _is_cut(box: Area, tile: Area, whole: Area) -> bool:
    """Whether the box touches an edge of its tile that is not the edge of the picture."""
    return any(
        abs(edge - outer) > _AT_CUT and abs(edge - side) <= _AT_CUT
        for edge, outer, side in (
            (tile.x0, whole.x0, box.x0),
            (tile.x1, whole.x1, box.x1),
            (tile.y0, whole.y0, box.y0),
            (tile.y1, whole.y1, box.y1),
        )
    )


def _same(box: Area, other: Area, *, cut: bool) -> bool:
    if shared(box, other) >= _SAME_TEXT:
        return True
    level = overlap_y(box, other) >= 0.6 * min(box.height, other.height)
    return cut and level and overlap_x(box, other) > 0


def _wider(one: Area, other: Area) -> Area:
    """Both as one line of text: as wide as both, as high as the higher."""
    high = max(one, other, key=lambda area: area.height)
    return Area(min(one.x0, other.x0), high.y0, max(one.x1, other.x1), high.y1)


# --- a picture that stands a little aslant ----------------------------------------------------

#: Less does no harm, more is no page but something else.
LEAST_TURN, MOST_TURN = 0.25, 5.0
#: Fewer rows say nothing of the whole picture.
_FEW = 4


def turn_of(areas: Sequence[Area]) -> float:
    """How many degrees the lines fall to the right; negative: they rise.

    Told by the ends of whole rows of words, since one word is too short to tell. 0 when there are
    too few rows, when they disagree, or when the turn is not worth mending.
    """
    angles = []
    for chain in _chains(areas):
        first, last = chain[0], chain[-1]
        angles.append(math.degrees(math.atan2(last.cy - first.cy, last.cx - first.cx)))
    if len(angles) < _FEW:
        return 0.0
    middle = median(angles)
    agree = sum(abs(angle - middle) < 0.4 for angle in angles)
    fits = LEAST_TURN <= abs(middle) <= MOST_TURN and agree * 2 > len(angles)
    return middle if fits else 0.0


def _chains(areas: Sequence[Area]) -> list[list[Area]]:
    """Three and more words of one height on a row, each followed by its nearest on the right."""
    ordered = sorted(areas, key=lambda area: area.x0)
    chains: list[list[Area]] = []
    for area in ordered:
        ends = [chain for chain in chains if _follows(chain[-1], area)]
        if ends:
            min(ends, key=lambda chain: abs(chain[-1].cy - area.cy)).append(area)
        else:
            chains.append([area])
    return [chain for chain in chains if len(chain) > 2]


def _follows(left: Area, right: Area) -> bool:
    alike = 0.6 < right.height / max(left.height, 1) < 1.6
    return alike and left.x1 <= right.cx and abs(right.cy - left.cy) < 0.4 * left.height


def turned_back(area: Area, degrees: float, upright: Area, picture: Area) -> Area:
    """The rectangle around ``area`` of the ``upright`` picture in pixels of the ``picture``.

    ``upright`` is ``picture`` turned by ``degrees`` counter-clockwise around its centre, grown so
    that nothing is cut off.
    """
    if not degrees:
        return area
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    points = []
    for x in (area.x0, area.x1):
        for y in (area.y0, area.y1):
            dx, dy = x - upright.cx, y - upright.cy
            points.append((picture.cx + dx * cos - dy * sin, picture.cy + dx * sin + dy * cos))
    box = union(Area(x, y, x, y) for x, y in points)
    return box.grown(0, 0, picture)
