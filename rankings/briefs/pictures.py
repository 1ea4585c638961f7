"""The charts of a brief as PNG, for Word: drawn with Pillow from the geometry of ``charts``.

The same places that the SVG templates draw, at ``SCALE`` times the size, with larger letters: a
page is narrower than a screen. Raises ``FontMissing``
(media.fonts) where the machine has no Chinese font.
"""

import io
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from PIL import Image, ImageDraw

from media.fonts import cjk_font

from .. import charts
from ..periods import Month

SCALE = 2
# Drawn larger still and shrunk, so that slanting lines are smooth.
FINE = 2
UNIT = SCALE * FINE
# Pixels of the geometry; 15 of its 900 come to 7 pt on the page.
TEXT, SMALL = 15, 13
PAPER, INK, SOFT, LEAF, LOTUS = "#FFFFFF", "#1F2A28", "#55625F", "#2E6A50", "#B8476B"
WATER, LINE = "#DCE7E3", "#C4CEC9"
DASH, GAP = 5, 4
EXAMPLE = "示例榜单 · 数据虚构，不得引用"

Document = Mapping[str, Any]


def rank_geometry(document: Document) -> charts.RankChart | None:
    """The rank chart of a document; None when no month has a place."""
    return charts.rank_chart(
        [
            charts.ChartMonth(
                Month.parse(row["month"]),
                row["rank"],
                row["tied"],
                row["reported"],
                row["mark"],
                row["title"],
                row["beyond"],
            )
            for row in document["history"]
        ],
        _breaks(document),
    )


def index_geometry(document: Document) -> charts.IndexChart | None:
    """The index chart of a document, a series for each method; None when no index is known."""
    return charts.index_chart(
        [
            charts.IndexMonth(
                Month.parse(row["month"]),
                None if row["index"] is None else row["index"]["value"],
                "exact" if row["index"] is None else row["index"]["bound"],
                row["method"],
                row["reported"],
                "" if row["index"] is None else f"{row['label']}：指数{row['index']['text']}",
            )
            for row in document["history"]
        ],
        _breaks(document),
    )


def _breaks(document: Document) -> list[charts.MethodBreak]:
    return [
        charts.MethodBreak(Month.parse(each["month"]), each["label"], each["cut"])
        for each in document["breaks"]
    ]


class _Pen:
    """Draws in the pixels of the geometry on a picture ``UNIT`` times as large."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width * UNIT, height * UNIT), PAPER)
        self._draw = ImageDraw.Draw(self.image)
        self._fonts: dict[tuple[int, bool], Any] = {}

    def line(
        self, points: Sequence[tuple[float, float]], colour: str, width: float = 1,
        *, dashed: bool = False,
    ) -> None:  # fmt: skip
        scaled = [(x * UNIT, y * UNIT) for x, y in points]
        pixels = max(1, round(width * UNIT))
        if not dashed:
            self._draw.line(scaled, fill=colour, width=pixels, joint="curve")
            return
        for start, end in pairwise(scaled):
            length = math.dist(start, end)
            at = 0.0
            while at < length:
                to = min(at + DASH * UNIT, length)
                piece = [
                    (
                        start[0] + (end[0] - start[0]) * part / length,
                        start[1] + (end[1] - start[1]) * part / length,
                    )
                    for part in (at, to)
                ]
                self._draw.line(piece, fill=colour, width=pixels)
                at = to + GAP * UNIT

    def text(
        self, x: float, y: float, text: str, colour: str = SOFT, *, anchor: str = "ms",
        size: int = TEXT, bold: bool = False,
    ) -> None:  # fmt: skip
        font = self._fonts.setdefault((size, bold), cjk_font(size * UNIT, bold=bold))
        self._draw.text((x * UNIT, y * UNIT), text, fill=colour, font=font, anchor=anchor)

    def disc(self, x: float, y: float, radius: float, fill: str, edge: str) -> None:
        box = [(x - radius) * UNIT, (y - radius) * UNIT, (x + radius) * UNIT, (y + radius) * UNIT]
        self._draw.ellipse(box, fill=fill, outline=edge, width=round(1.5 * UNIT))

    def polygon(self, corners: str, fill: str, edge: str) -> None:
        self._draw.polygon(
            [(x * UNIT, y * UNIT) for x, y in _pairs(corners)],
            fill=fill,
            outline=edge,
            width=round(1.5 * UNIT),
        )

    def png(self) -> bytes:
        buffer = io.BytesIO()
        self.image.reduce(FINE).save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


_ANCHORS = {"middle": "ms", "start": "ls", "end": "rs"}


def _pairs(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in points.split())]


def _frame(pen: _Pen, chart: charts.RankChart | charts.IndexChart, example: bool) -> None:
    """Years, months, method changes, the axis, the mark of an example: what both charts have."""
    if example:
        pen.text(chart.width - 12, 14, EXAMPLE, LOTUS, anchor="rs", size=SMALL, bold=True)
    for x in chart.year_lines:
        pen.line([(x, chart.top), (x, chart.bottom)], LINE, dashed=True)
    pen.line([(chart.left, chart.bottom), (chart.right, chart.bottom)], LINE)
    for label in chart.months:
        pen.text(label.x, label.y, label.text)
    for label in chart.years:
        pen.text(label.x, label.y, label.text, INK, size=SMALL, bold=True)
    for each in chart.breaks:
        pen.line([(each.x, chart.top - 4), (each.x, chart.bottom)], INK, 1.25, dashed=not each.cut)
        label = each.label
        pen.text(label.x, label.y, label.text, INK, anchor=_ANCHORS[label.anchor], size=SMALL)


def rank_png(chart: charts.RankChart, *, example: bool = False) -> bytes:
    """The rank chart: first place on top, gaps left open, reports hollow and dashed."""
    pen = _Pen(chart.width, chart.height)
    for tick in chart.ticks:
        first = tick.text == "1"
        colour, width = (LOTUS, 1.5) if first else (WATER, 1)
        pen.line([(chart.left, tick.y), (chart.right, tick.y)], colour, width)
        pen.text(
            tick.x, tick.y, "第1名" if first else tick.text, LOTUS if first else SOFT,
            anchor="rm", bold=first,
        )  # fmt: skip
    _frame(pen, chart, example)
    for gap in chart.gaps:
        pen.text(gap.x, gap.y, gap.text)
    for line in chart.lines:
        reported = line.reported
        pen.line(
            _pairs(line.points), SOFT if reported else LEAF, 1.25 if reported else 2,
            dashed=reported,
        )  # fmt: skip
    for arrow in chart.arrows:
        pen.line([(arrow.x, arrow.y), (arrow.x, arrow.foot)], SOFT, 1.5, dashed=arrow.reported)
        pen.polygon(arrow.head, SOFT, SOFT)
        pen.text(arrow.x, arrow.y - 4, f"{arrow.beyond}名外", size=SMALL)
    for point in chart.points:
        edge = LOTUS if point.first else LEAF
        fill = edge
        if point.reported:
            fill, edge = PAPER, SOFT
        if point.tied:
            pen.polygon(point.diamond, fill, edge)
        else:
            pen.disc(point.x, point.y, chart.radius, fill, edge)
    return pen.png()


def index_png(chart: charts.IndexChart, *, example: bool = False) -> bytes:
    """The index chart: a colour for each method, bounds with their sign, loose lines dashed."""
    pen = _Pen(chart.width, chart.height)
    for tick in chart.ticks:
        pen.line([(chart.left, tick.y), (chart.right, tick.y)], WATER)
        pen.text(tick.x, tick.y, tick.text, anchor="rm")
    _frame(pen, chart, example)
    for series in chart.series:
        colour = series.colour
        for line in series.lines:
            pen.line(_pairs(line.points), colour, 1.25 if line.loose else 2, dashed=line.loose)
        for point in series.points:
            pen.disc(point.x, point.y, chart.radius, PAPER if point.loose else colour, colour)
            if point.sign:
                pen.text(point.x, point.y - 8, point.sign, colour, size=SMALL)
    for key in chart.legend:
        pen.line([(key.x, key.y - 4), (key.x + 20, key.y - 4)], key.colour, 3)
        pen.text(key.x + 28, key.y, key.text, INK, anchor="ls")
    return pen.png()
