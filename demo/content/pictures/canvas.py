"""The canvas, the palette and the shapes that several motifs share."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

JPEG_QUALITY = 85


def rgb(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


PAPER = rgb("#FBFAF6")
INK = rgb("#1F2A28")
LEAF = rgb("#2E6A50")
LOTUS = rgb("#B8476B")
WATER = rgb("#DCE7E3")
WHITE = rgb("#FFFFFF")


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``one`` with ``share`` (0-1) of ``other`` stirred in."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))


# Tints keep every picture inside the palette.
LEAF_DEEP = mix(LEAF, INK, 0.45)
LEAF_MID = mix(LEAF, WATER, 0.35)
LEAF_PALE = mix(LEAF, WATER, 0.65)
LOTUS_MID = mix(LOTUS, PAPER, 0.4)
LOTUS_PALE = mix(LOTUS, PAPER, 0.72)
LOTUS_DEEP = mix(LOTUS, INK, 0.3)
WATER_DEEP = mix(WATER, LEAF, 0.2)
WATER_PALE = mix(WATER, PAPER, 0.55)
SAND = mix(mix(PAPER, LOTUS, 0.12), WATER, 0.18)
NIGHT = mix(INK, LEAF, 0.28)
GLOW = mix(PAPER, LOTUS, 0.08)
SKIN = mix(mix(LOTUS, PAPER, 0.72), SAND, 0.2)


class Canvas:
    """A drawing surface addressed in units of a 1200 x 800 poster."""

    WIDTH = 1200
    HEIGHT = 800

    def __init__(self, size: tuple[int, int], ground: Colour) -> None:
        # Covers the wanted size whatever its shape: the poster is centred, its overflow cut.
        self.size = size
        width, height = size[0] * 2, size[1] * 2
        self.scale = max(width / self.WIDTH, height / self.HEIGHT)
        self.left = (width - self.WIDTH * self.scale) / 2
        self.top = (height - self.HEIGHT * self.scale) / 2
        self.image = Image.new("RGB", (width, height), ground)
        self.pen = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> Point:
        return self.left + x * self.scale, self.top + y * self.scale

    def polygon(self, points: Iterable[Point], fill: Colour) -> None:
        self.pen.polygon([self.at(*point) for point in points], fill=fill)

    def rect(self, x: float, y: float, w: float, h: float, fill: Colour, radius: float = 0) -> None:
        box = [self.at(x, y), self.at(x + w, y + h)]
        if radius:
            self.pen.rounded_rectangle(box, radius=radius * self.scale, fill=fill)
        else:
            self.pen.rectangle(box, fill=fill)

    def disc(self, x: float, y: float, rx: float, fill: Colour, ry: float | None = None) -> None:
        ry = rx if ry is None else ry
        self.pen.ellipse([self.at(x - rx, y - ry), self.at(x + rx, y + ry)], fill=fill)

    def ring(self, x: float, y: float, rx: float, ry: float, width: float, colour: Colour) -> None:
        self.pen.ellipse(
            [self.at(x - rx, y - ry), self.at(x + rx, y + ry)],
            outline=colour,
            width=max(1, round(width * self.scale)),
        )

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A line with round joints and round ends."""
        spots = [self.at(*point) for point in points]
        thick = max(1, round(width * self.scale))
        self.pen.line(spots, fill=colour, width=thick, joint="curve")
        half = thick / 2
        # A disc on every joint: Pillow leaves notches in thick lines made of short pieces.
        for x, y in spots:
            self.pen.ellipse([x - half, y - half, x + half, y + half], fill=colour)

    def bytes(self) -> bytes:
        small = self.image.resize(self.size, Image.Resampling.LANCZOS)
        out = io.BytesIO()
        small.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
        return out.getvalue()


def curve(points: Sequence[Point], steps: int = 24) -> list[Point]:
    """A smooth (Catmull-Rom) line through ``points``."""
    padded = [points[0], *points, points[-1]]
    out: list[Point] = []
    for i in range(1, len(padded) - 2):
        p0, p1, p2, p3 = padded[i - 1 : i + 3]
        for step in range(steps):
            t = step / steps
            out.append(
                tuple(
                    0.5
                    * (
                        2 * p1[k]
                        + (p2[k] - p0[k]) * t
                        + (2 * p0[k] - 5 * p1[k] + 4 * p2[k] - p3[k]) * t * t
                        + (3 * p1[k] - p0[k] - 3 * p2[k] + p3[k]) * t**3
                    )
                    for k in (0, 1)
                )
            )
    out.append(points[-1])
    return out


def petal(x: float, y: float, angle: float, length: float, width: float) -> list[Point]:
    """A pointed petal whose foot is (x, y); ``angle`` in degrees, 0 is straight up."""
    turn = math.radians(angle)
    side: list[Point] = []
    for step in range(41):
        t = step / 40
        # Fullest a little above the middle, drawn out to a point.
        bulge = math.sin(math.pi * t**0.8) ** 0.85 * (1 - 0.18 * t)
        side.append((width / 2 * bulge, -length * t))
    outline = side + [(-a, b) for a, b in reversed(side)]
    return [
        (
            x + a * math.cos(turn) - b * math.sin(turn),
            y + a * math.sin(turn) + b * math.cos(turn),
        )
        for a, b in outline
    ]


def hill(c: Canvas, points: Sequence[Point], fill: Colour) -> None:
    """A ridge through ``points``, filled down to the lower edge."""
    ridge = curve(points)
    c.polygon([*ridge, (ridge[-1][0], 900), (ridge[0][0], 900)], fill)


def pad(
    c: Canvas, x: float, y: float, rx: float, fill: Colour, vein: Colour, notch: float = 60
) -> None:
    """A lotus leaf lying on the water: an ellipse with a notch and veins."""
    ry = rx * 0.36
    start = notch + 9
    edge = [
        (x + rx * math.cos(math.radians(a)), y + ry * math.sin(math.radians(a)))
        for a in range(int(start), int(start) + 343, 3)
    ]
    c.polygon([(x, y), *edge], fill)
    for a in range(int(start) + 24, int(start) + 340, 34):
        c.line(
            [
                (x, y),
                (
                    x + rx * 0.82 * math.cos(math.radians(a)),
                    y + ry * 0.82 * math.sin(math.radians(a)),
                ),
            ],
            max(1.6, rx / 75),
            vein,
        )


def flower(c: Canvas, x: float, y: float, size: float) -> None:
    """A lotus seen from the side: twelve petals in three rows, back to front."""
    rows = (
        ((-62, -31, 0, 31, 62), 1.0, 0.4, LOTUS),
        ((-47, -16, 16, 47), 0.86, 0.4, LOTUS_MID),
        ((-33, 0, 33), 0.66, 0.4, LOTUS_PALE),
    )
    for angles, length, width, fill in rows:
        # From the outside in, so that the middle petal lies on top.
        for angle in sorted(angles, key=abs, reverse=True):
            c.polygon(petal(x, y, angle, size * length, size * width), mix(fill, PAPER, 0.12))
            c.polygon(
                petal(x, y, angle, size * length * 0.97, size * width * 0.86),
                fill,
            )


def tree(c: Canvas, x: float, ground: float, size: float, fill: Colour, trunk: Colour) -> None:
    """A round tree standing at (x, ground)."""
    c.rect(x - size * 0.05, ground - size * 0.75, size * 0.1, size * 0.75, trunk)
    c.disc(x, ground - size * 0.95, size * 0.42, fill, size * 0.5)
    c.line([(x, ground - size * 0.55), (x + size * 0.18, ground - size * 0.85)], size * 0.03, trunk)
    c.line([(x, ground - size * 0.68), (x - size * 0.16, ground - size * 0.95)], size * 0.03, trunk)


def house(
    c: Canvas, x: float, ground: float, w: float, h: float, wall: Colour, roof: Colour
) -> None:
    """A small house with a grey-green gable roof, a door and two windows."""
    c.rect(x, ground - h, w, h, wall)
    c.polygon(
        [
            (x - w * 0.09, ground - h),
            (x + w / 2, ground - h - w * 0.36),
            (x + w * 1.09, ground - h),
        ],
        roof,
    )
    c.rect(x + w * 0.4, ground - h * 0.5, w * 0.2, h * 0.5, LEAF_DEEP)
    for offset in (0.13, 0.69):
        c.rect(x + w * offset, ground - h * 0.72, w * 0.18, w * 0.18, WATER_DEEP)
        c.line(
            [
                (x + w * (offset + 0.09), ground - h * 0.72),
                (x + w * (offset + 0.09), ground - h * 0.72 + w * 0.18),
            ],
            w * 0.012,
            wall,
        )
