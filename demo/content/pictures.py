"""Original illustrations for the demo, drawn by code with Pillow alone.

Every motif is a calm poster of flat shapes in the house palette. There is no text in them, so no
font is needed, and nothing random, so that the same key always gives the same bytes. Shapes are
drawn on a canvas of 1200 x 800 units at twice the wanted size and scaled down once, which is what
makes the edges smooth.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from typing import TypedDict

from PIL import Image, ImageDraw

Colour = tuple[int, int, int]
Point = tuple[float, float]

DEFAULT_SIZE = (1080, 720)
JPEG_QUALITY = 85
CREDIT = "示例图·本项目绘制"
LICENCE = "示例"


class Picture(TypedDict):
    """What the media library asks of a picture."""

    title: str
    alt: str
    credit: str
    licence: str


def _rgb(text: str) -> Colour:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


PAPER = _rgb("#FBFAF6")
INK = _rgb("#1F2A28")
LEAF = _rgb("#2E6A50")
LOTUS = _rgb("#B8476B")
WATER = _rgb("#DCE7E3")
WHITE = _rgb("#FFFFFF")


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    """``one`` with ``share`` (0-1) of ``other`` stirred in."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


# Tints keep every picture inside the palette.
LEAF_DEEP = _mix(LEAF, INK, 0.45)
LEAF_MID = _mix(LEAF, WATER, 0.35)
LEAF_PALE = _mix(LEAF, WATER, 0.65)
LOTUS_MID = _mix(LOTUS, PAPER, 0.4)
LOTUS_PALE = _mix(LOTUS, PAPER, 0.72)
LOTUS_DEEP = _mix(LOTUS, INK, 0.3)
WATER_DEEP = _mix(WATER, LEAF, 0.2)
WATER_PALE = _mix(WATER, PAPER, 0.55)
SAND = _mix(_mix(PAPER, LOTUS, 0.12), WATER, 0.18)
NIGHT = _mix(INK, LEAF, 0.28)
GLOW = _mix(PAPER, LOTUS, 0.08)
SKIN = _mix(_mix(LOTUS, PAPER, 0.72), SAND, 0.2)


class _Canvas:
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


def _curve(points: Sequence[Point], steps: int = 24) -> list[Point]:
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
                )  # type: ignore[arg-type]
            )
    out.append(points[-1])
    return out


def _petal(x: float, y: float, angle: float, length: float, width: float) -> list[Point]:
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


def _hill(c: _Canvas, points: Sequence[Point], fill: Colour) -> None:
    """A ridge through ``points``, filled down to the lower edge."""
    ridge = _curve(points)
    c.polygon([*ridge, (ridge[-1][0], 900), (ridge[0][0], 900)], fill)


def _pad(
    c: _Canvas, x: float, y: float, rx: float, fill: Colour, vein: Colour, notch: float = 60
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


def _flower(c: _Canvas, x: float, y: float, size: float) -> None:
    """A lotus seen from the side: twelve petals in three rows, back to front."""
    rows = (
        ((-62, -31, 0, 31, 62), 1.0, 0.4, LOTUS),
        ((-47, -16, 16, 47), 0.86, 0.4, LOTUS_MID),
        ((-33, 0, 33), 0.66, 0.4, LOTUS_PALE),
    )
    for angles, length, width, fill in rows:
        # From the outside in, so that the middle petal lies on top.
        for angle in sorted(angles, key=abs, reverse=True):
            c.polygon(_petal(x, y, angle, size * length, size * width), _mix(fill, PAPER, 0.12))
            c.polygon(
                _petal(x, y, angle, size * length * 0.97, size * width * 0.86),
                fill,
            )


def _tree(c: _Canvas, x: float, ground: float, size: float, fill: Colour, trunk: Colour) -> None:
    """A round tree standing at (x, ground)."""
    c.rect(x - size * 0.05, ground - size * 0.75, size * 0.1, size * 0.75, trunk)
    c.disc(x, ground - size * 0.95, size * 0.42, fill, size * 0.5)
    c.line([(x, ground - size * 0.55), (x + size * 0.18, ground - size * 0.85)], size * 0.03, trunk)
    c.line([(x, ground - size * 0.68), (x - size * 0.16, ground - size * 0.95)], size * 0.03, trunk)


def _house(
    c: _Canvas, x: float, ground: float, w: float, h: float, wall: Colour, roof: Colour
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


def _lotus(c: _Canvas) -> None:
    c.disc(600, 330, 270, GLOW)
    c.rect(0, 560, 1200, 300, WATER)
    for y, x1, x2 in ((612, 90, 420), (655, 760, 1130), (712, 210, 560), (752, 640, 980)):
        c.line([(x1, y), (x2, y)], 5, WATER_DEEP)
    _pad(c, 250, 640, 190, LEAF_MID, LEAF_PALE, 300)
    _pad(c, 980, 690, 210, LEAF, LEAF_MID, 210)
    c.line(_curve([(600, 540), (606, 620), (594, 690)]), 16, LEAF)
    _pad(c, 600, 690, 270, LEAF_DEEP, LEAF, 40)
    _flower(c, 600, 566, 360)
    c.polygon(_curve([(520, 548), (600, 580), (680, 548), (640, 600), (560, 600)]), LEAF)


def _leaves(c: _Canvas) -> None:
    for i in range(9):
        y = 60 + i * 92
        c.line([(70 + (i * 197) % 500, y), (520 + (i * 263) % 620, y)], 5, WATER_DEEP)
    for x, y, rx, fill, vein, notch in (
        (230, 190, 170, LEAF_PALE, WATER, 40),
        (640, 130, 150, LEAF_PALE, WATER, 130),
        (1030, 235, 185, LEAF_MID, LEAF_PALE, 100),
        (520, 360, 225, LEAF, LEAF_MID, 20),
        (130, 480, 200, LEAF_MID, LEAF_PALE, 320),
        (900, 520, 255, LEAF_DEEP, LEAF, 190),
        (430, 660, 270, LEAF, LEAF_MID, 300),
        (1120, 745, 200, LEAF_MID, LEAF_PALE, 240),
    ):
        c.disc(x + 8, y + rx * 0.07, rx, WATER_DEEP, rx * 0.37)
        _pad(c, x, y, rx, fill, vein, notch)
    _flower(c, 735, 350, 150)


def _ripples(c: _Canvas) -> None:
    for x, y, radii, colour in (
        (770, 470, (60, 130, 215, 315, 430, 560, 700), LEAF_PALE),
        (300, 250, (40, 90, 150, 220), LEAF_MID),
    ):
        for i, r in enumerate(radii):
            c.ring(x, y, r, r * 0.42, 9 - i * 0.9, _mix(colour, WATER, i / len(radii)))
    _pad(c, 300, 250, 70, LEAF, LEAF_MID, 30)
    c.polygon(_petal(770, 485, 82, 120, 62), LOTUS)
    c.polygon(_petal(770, 485, 82, 108, 34), LOTUS_MID)
    c.disc(765, 487, 7, LOTUS_DEEP)


def _street(c: _Canvas) -> None:
    c.disc(940, 190, 84, LOTUS_PALE)
    _hill(c, [(-40, 470), (200, 360), (470, 440), (760, 340), (1240, 450)], WATER)
    for x, w, h, wall, roof in (
        (60, 210, 220, PAPER, LEAF_DEEP),
        (470, 190, 190, PAPER, LEAF),
        (860, 240, 240, PAPER, LEAF_DEEP),
    ):
        _house(c, x, 620, w, h, wall, roof)
    c.rect(290, 310, 160, 310, SAND)
    c.rect(280, 296, 180, 18, LEAF)
    for row in range(4):
        for col in range(3):
            c.rect(
                308 + col * 46, 340 + row * 66, 30, 40, LEAF_PALE if (row + col) % 3 else LOTUS_MID
            )
    c.rect(690, 400, 150, 220, SAND)
    c.rect(680, 386, 170, 18, LOTUS_DEEP)
    for row in range(3):
        for col in range(2):
            c.rect(712 + col * 62, 424 + row * 62, 40, 38, LEAF_MID)
    for x, size in ((30, 150), (455, 120), (665, 180), (1140, 200)):
        _tree(c, x, 622, size, LEAF_MID if size < 160 else LEAF, LEAF_DEEP)
    c.rect(-10, 620, 1220, 30, WATER_DEEP)
    c.rect(-10, 648, 1220, 170, LEAF_DEEP)
    for x in range(20, 1200, 170):
        c.rect(x, 722, 90, 10, WATER)


def _counter(c: _Canvas) -> None:
    c.rect(150, 90, 900, 430, LEAF)
    c.rect(178, 118, 844, 402, WATER_PALE)
    c.rect(590, 118, 20, 402, LEAF)
    # Someone on either side of the desk, without faces: any window, anybody.
    for x, coat, hair in ((390, LEAF_MID, LEAF_DEEP), (805, LOTUS_MID, INK)):
        c.disc(x, 520, 122, coat, 150)
        c.disc(x, 288, 74, hair, 78)
        c.rect(x - 22, 330, 44, 70, _mix(SKIN, LOTUS, 0.16), 20)
        c.polygon([(x - 46, 380), (x + 46, 380), (x, 440)], PAPER)
        c.disc(x, 306, 56, SKIN, 62)
        fringe = [(x - 62, 300), (x - 40, 262), (x + 8, 268), (x + 62, 300), (x + 66, 262)]
        c.polygon([*_curve(fringe), (x + 30, 222), (x - 30, 222), (x - 66, 262)], hair)
    c.rect(90, 506, 1020, 44, LEAF_DEEP, 8)
    c.rect(130, 550, 940, 260, _mix(LEAF, INK, 0.15))
    for x in (150, 390, 630, 870):
        c.rect(x + 10, 580, 190, 240, LEAF, 6)
    c.polygon([(505, 470), (655, 462), (668, 508), (498, 508)], PAPER)
    for y, x1, x2 in ((478, 525, 630), (488, 523, 610), (498, 521, 640)):
        c.line([(x1, y), (x2, y - 2)], 3, LEAF_PALE)
    c.rect(980, 430, 50, 76, PAPER, 6)
    c.line(_curve([(1005, 432), (1000, 385), (1016, 352)]), 6, LEAF)
    c.polygon(_petal(1012, 372, 8, 66, 40), LOTUS)
    c.polygon(_petal(1002, 408, -64, 54, 26), LEAF_MID)


def _parcel(c: _Canvas) -> None:
    c.disc(600, 400, 330, WATER_PALE)
    c.disc(600, 672, 380, WATER_DEEP, 46)
    # Parcel behind, letter in front.
    c.polygon([(420, 300), (700, 230), (960, 300), (690, 380)], LEAF_MID)
    c.polygon([(420, 300), (690, 380), (690, 680), (420, 580)], LEAF)
    c.polygon([(690, 380), (960, 300), (960, 580), (690, 680)], LEAF_DEEP)
    c.polygon([(535, 271), (580, 260), (845, 333), (800, 347)], LOTUS_PALE)
    c.polygon([(800, 347), (845, 333), (845, 623), (800, 639)], LOTUS_MID)
    c.polygon(_petal(690, 306, -62, 130, 70), LOTUS)
    c.polygon(_petal(690, 306, 62, 130, 70), LOTUS)
    c.disc(690, 300, 22, LOTUS_DEEP, 18)
    c.polygon([(252, 470), (560, 500), (536, 690), (228, 660)], PAPER)
    c.polygon([(252, 470), (560, 500), (390, 596)], WATER)
    c.line([(252, 470), (390, 596), (560, 500)], 6, LEAF_PALE)
    c.disc(390, 590, 26, LOTUS)
    for y in (300, 350, 400):
        c.line([(120, y), (250 + (y - 300) * 0.4, y)], 10, LEAF_PALE)


def _bubble(c: _Canvas, x: float, y: float, w: float, h: float, fill: Colour, left: bool) -> None:
    c.rect(x, y, w, h, fill, 44)
    foot = x + 70 if left else x + w - 70
    lean = -50 if left else 50
    c.polygon([(foot - 34, y + h - 10), (foot + 34, y + h - 10), (foot + lean, y + h + 56)], fill)


def _chat(c: _Canvas) -> None:
    c.disc(600, 400, 360, WATER_PALE)
    _bubble(c, 160, 120, 500, 210, LEAF, True)
    for x in (300, 410, 520):
        c.disc(x, 225, 25, PAPER)
    _bubble(c, 520, 330, 520, 200, LOTUS, False)
    for y, x2 in ((390, 930), (430, 860), (470, 900)):
        c.line([(600, y), (x2, y)], 15, LOTUS_PALE)
    _bubble(c, 250, 540, 400, 150, LEAF_DEEP, True)
    c.line([(390, 612), (430, 650), (520, 578)], 22, WATER)
    for x, y, r in ((850, 180, 34), (950, 230, 20), (780, 640, 26), (160, 450, 22)):
        c.disc(x, y, r, LEAF_PALE)


def _pen(c: _Canvas) -> None:
    c.polygon([(252, 150), (808, 96), (872, 690), (316, 744)], WATER_DEEP)
    c.polygon([(232, 130), (788, 76), (852, 670), (296, 724)], PAPER)
    c.line([(330, 160), (384, 690)], 4, LOTUS_PALE)
    for i in range(7):
        y = 220 + i * 68
        x = 375 + i * 7.3
        length = (330, 360, 290, 350, 240, 0, 0)[i]
        c.line([(x, y), (x + 375, y - 36)], 3, WATER)
        if length:
            wave = [
                (x + 10 + s, y - 12 - s * 0.096 + (7 if (s // 20) % 2 else -7))
                for s in range(0, length, 20)
            ]
            c.line(_curve(wave, 8), 6, LEAF_MID)
    # A brush-like pen laid across the sheet.
    turn = math.radians(38)

    def along(s: float, t: float) -> Point:
        return (
            620 + s * math.cos(turn) - t * math.sin(turn) * -1,
            470 - s * math.sin(turn) + t * math.cos(turn),
        )

    c.polygon([along(90, -26), along(560, -26), along(560, 26), along(90, 26)], LEAF)
    c.polygon([along(90, -26), along(560, -26), along(560, -8), along(90, -8)], LEAF_MID)
    c.polygon([along(400, -26), along(430, -26), along(430, 26), along(400, 26)], LOTUS)
    c.polygon([along(90, -26), along(90, 26), along(0, 0)], SAND)
    c.polygon([along(34, -10), along(34, 10), along(0, 0)], INK)
    c.disc(*along(560, 0), 26, LEAF_DEEP)


def _hills(c: _Canvas) -> None:
    c.disc(830, 230, 110, LOTUS_PALE)
    c.disc(830, 230, 84, LOTUS_MID)
    for points, fill in (
        ([(-40, 420), (180, 300), (420, 400), (700, 270), (980, 390), (1240, 300)], WATER),
        ([(-40, 480), (240, 420), (520, 330), (800, 470), (1240, 380)], LEAF_PALE),
        ([(-40, 500), (200, 560), (520, 480), (860, 540), (1240, 470)], LEAF_MID),
        ([(-40, 650), (300, 560), (700, 620), (1240, 560)], LEAF),
        ([(-40, 700), (420, 690), (800, 720), (1240, 660)], LEAF_DEEP),
    ):
        _hill(c, points, fill)
    for i in range(5):
        c.line(
            _curve([(430 + i * 96, 622 + i * 6), (480 + i * 100, 655), (470 + i * 130, 700)]),
            5,
            LEAF_MID,
        )
    for x, y, s in ((180, 190, 1.0), (270, 240, 0.7), (380, 170, 0.55)):
        c.line(
            _curve(
                [
                    (x - 36 * s, y - 12 * s),
                    (x - 14 * s, y - 20 * s),
                    (x, y),
                    (x + 14 * s, y - 20 * s),
                    (x + 36 * s, y - 12 * s),
                ]
            ),
            6 * s,
            LEAF_DEEP,
        )
    _house(c, 190, 616, 70, 52, PAPER, LOTUS_DEEP)
    _house(c, 282, 606, 54, 40, PAPER, LEAF_DEEP)
    _tree(c, 160, 624, 90, LEAF_MID, LEAF_DEEP)


def _bridge(c: _Canvas) -> None:
    c.disc(270, 200, 78, LOTUS_PALE)
    _hill(c, [(-40, 400), (260, 330), (560, 410), (900, 310), (1240, 400)], WATER_PALE)
    _hill(c, [(-40, 470), (300, 440), (700, 470), (1240, 430)], LEAF_PALE)
    c.rect(0, 520, 1200, 320, WATER)

    def deck(x: float) -> float:
        return 420 - 130 * math.cos((x - 600) / 560 * math.pi / 2) ** 1.5

    xs = range(60, 1141, 12)
    upper = [(float(x), deck(x)) for x in xs]
    c.polygon([*upper, (1140, 540), (60, 540)], LEAF)
    for x, r in ((600, 138), (325, 86), (875, 86)):
        c.disc(x, 540, r, WATER, r * 1.05)
        c.ring(x, 540, r + 10, r * 1.05 + 10, 10, LEAF_DEEP)
    c.rect(0, 540, 1200, 300, WATER)
    # The reflection is the same bridge, paler and flatter.
    c.polygon(
        [*[(float(x), 540 + (540 - deck(x)) * 0.55) for x in xs], (1140, 540), (60, 540)],
        WATER_DEEP,
    )
    for x, r in ((600, 138), (325, 86), (875, 86)):
        c.disc(x, 540, r, WATER, r * 0.58)
    c.rect(0, 534, 1200, 8, WATER_PALE)
    for x in range(84, 1130, 58):
        c.line([(x, deck(x) - 4), (x, deck(x) - 44)], 9, LEAF_DEEP)
    c.line([(float(x), deck(x) - 46) for x in xs], 9, LEAF_DEEP)
    c.line(upper, 12, LEAF_DEEP)
    for y, x1, x2 in ((640, 120, 360), (690, 700, 1080), (740, 300, 620), (600, 930, 1130)):
        c.line([(x1, y), (x2, y)], 5, WATER_PALE)
    _pad(c, 170, 720, 110, LEAF_MID, LEAF_PALE, 300)
    _pad(c, 1050, 735, 90, LEAF, LEAF_MID, 200)
    _flower(c, 1050, 728, 84)


def _bench(c: _Canvas) -> None:
    _hill(c, [(-40, 560), (320, 520), (760, 560), (1240, 510)], WATER)
    c.rect(0, 620, 1200, 220, LEAF_PALE)
    c.disc(420, 660, 330, LEAF_MID, 34)
    c.polygon(
        _curve([(392, 660), (404, 500), (396, 360), (452, 360), (450, 500), (476, 660)]), LEAF_DEEP
    )
    c.line(_curve([(425, 430), (510, 350), (560, 290)]), 20, LEAF_DEEP)
    c.line(_curve([(420, 460), (340, 370), (290, 310)]), 18, LEAF_DEEP)
    for x, y, r, fill in (
        (290, 250, 150, LEAF),
        (560, 240, 160, LEAF),
        (425, 206, 180, LEAF),
        (340, 215, 105, LEAF_MID),
        (515, 170, 92, LEAF_MID),
        (610, 270, 70, LEAF_MID),
    ):
        c.disc(x, y, r, fill)
    for y in (470, 512):
        c.rect(600, y, 420, 26, LOTUS_DEEP, 8)
    c.rect(584, 566, 452, 24, LOTUS, 8)
    for x in (630, 972):
        c.rect(x, 464, 14, 200, INK)
        c.rect(x + 18, 586, 14, 92, INK)
    for x, y, angle in (
        (760, 300, 30),
        (860, 390, 110),
        (700, 400, 70),
        (960, 330, 150),
        (300, 690, 80),
        (880, 700, 40),
    ):
        c.polygon(_petal(x, y, angle, 30, 18), LEAF)
    c.rect(760, 548, 60, 10, PAPER)
    c.rect(756, 556, 68, 10, LEAF)


def _calendar(c: _Canvas) -> None:
    c.disc(600, 690, 400, WATER_DEEP, 34)
    c.rect(300, 130, 600, 560, WATER_DEEP, 22)
    c.rect(290, 118, 600, 560, PAPER, 22)
    c.rect(290, 118, 600, 150, LEAF, 22)
    c.rect(290, 220, 600, 60, LEAF)
    for x in (420, 590, 760):
        c.rect(x - 13, 80, 26, 84, LEAF_DEEP, 13)
    for row in range(5):
        for col in range(7):
            day = row * 7 + col
            if day < 2 or day > 31:
                continue
            x, y = 350 + col * 80, 330 + row * 72
            if day == 16:
                for i in range(12):
                    c.polygon(_petal(x, y, i * 30, 36, 18), LOTUS)
                c.disc(x, y, 9, LOTUS_PALE)
            else:
                c.disc(x, y, 17, WATER if col not in (0, 6) else LOTUS_PALE)
    _flower(c, 590, 252, 100)
    c.rect(950, 560, 110, 118, LEAF_MID, 10)
    c.line(_curve([(1004, 562), (1000, 470), (1010, 400)]), 8, LEAF)
    for angle, length in ((-50, 110), (48, 120), (-4, 140)):
        c.polygon(_petal(1004, 500, angle, length, 44), LEAF)
    for x, y in ((170, 250), (130, 420), (200, 560)):
        c.polygon(_petal(x, y, 60, 46, 26), LOTUS_MID)


def _lamp(c: _Canvas) -> None:
    for x, y, r in (
        (130, 110, 4),
        (300, 70, 3),
        (480, 150, 4),
        (720, 80, 3),
        (900, 150, 4),
        (1090, 90, 4),
        (1120, 250, 3),
        (210, 230, 3),
        (820, 240, 3),
    ):
        c.disc(x, y, r, WATER)
    c.disc(1000, 170, 62, WATER_PALE)
    c.disc(1026, 156, 56, NIGHT)
    _hill(c, [(-40, 520), (260, 430), (640, 510), (1240, 420)], _mix(NIGHT, LEAF, 0.3))
    for r in (260, 200, 145):
        c.disc(400, 300, r, _mix(NIGHT, GLOW, 0.1 + (260 - r) / 900))
    for x, w, h in ((660, 170, 190), (860, 200, 240), (1080, 170, 180)):
        c.rect(x, 660 - h, w, h, _mix(NIGHT, LEAF, 0.55))
        c.polygon(
            [(x - 16, 660 - h), (x + w / 2, 660 - h - w * 0.32), (x + w + 16, 660 - h)],
            _mix(NIGHT, INK, 0.6),
        )
        for i in range(2):
            lit = (x // 10 + i) % 3 != 0
            c.rect(
                x + 26 + i * (w - 92),
                660 - h + 46,
                40,
                48,
                LOTUS_PALE if lit else _mix(NIGHT, LEAF, 0.2),
            )
    c.polygon([(352, 330), (448, 330), (640, 700), (160, 700)], _mix(NIGHT, GLOW, 0.17))
    c.rect(-10, 660, 1220, 160, _mix(INK, NIGHT, 0.4))
    c.disc(400, 690, 250, _mix(NIGHT, GLOW, 0.32), 36)
    c.rect(390, 330, 20, 360, INK)
    c.rect(372, 660, 56, 34, INK, 6)
    c.polygon([(350, 330), (450, 330), (430, 238), (370, 238)], GLOW)
    c.disc(400, 292, 20, LOTUS_PALE, 30)
    c.polygon([(340, 240), (460, 240), (400, 190)], INK)
    c.rect(342, 326, 116, 12, INK, 4)


def _books(c: _Canvas) -> None:
    c.rect(0, 610, 1200, 230, WATER)
    c.rect(0, 604, 1200, 14, WATER_DEEP)
    for x, y, w, fill, band in (
        (190, 546, 470, LEAF_DEEP, LEAF_MID),
        (230, 482, 410, LOTUS, LOTUS_PALE),
        (200, 418, 440, LEAF, WATER),
    ):
        c.rect(x, y, w, 64, fill, 8)
        c.rect(x + w - 90, y + 10, 96, 44, PAPER, 4)
        for i in range(3):
            c.line([(x + w - 86, y + 20 + i * 12), (x + w, y + 20 + i * 12)], 2, WATER_DEEP)
        c.rect(x + 40, y, 16, 64, band)
    # An open book leaning on nothing, its pages as two curves.
    for side in (-1, 1):
        page = _curve([(0, 0), (90, -46), (190, -30), (260, -10)])
        top = [(880 + side * px, 470 + py) for px, py in page]
        c.polygon([*top, (880 + side * 268, 600), (880, 620)], LEAF_MID)
        low = [(880 + side * px * 0.96, 600 + py) for px, py in page]
        c.polygon([*top, *reversed(low)], PAPER if side < 0 else WATER_PALE)
        for i in range(4):
            row = [(880 + side * (24 + px * 0.8), 498 + i * 26 + py * 0.95) for px, py in page]
            c.line(row, 4, LEAF_PALE)
    c.line([(880, 472), (880, 606)], 5, LEAF)
    c.polygon([(920, 452), (948, 446), (948, 660), (934, 640), (920, 662)], LOTUS)
    c.rect(328, 322, 80, 96, WATER_DEEP, 14)
    c.rect(340, 314, 56, 16, LEAF_PALE, 6)
    c.line(_curve([(368, 334), (360, 240), (376, 160)]), 7, LEAF)
    c.polygon(_petal(374, 200, 8, 110, 60), LOTUS)
    c.polygon(_petal(374, 200, 8, 96, 28), LOTUS_MID)
    c.polygon(_petal(362, 280, -62, 110, 46), LEAF_MID)
    c.polygon(_petal(362, 300, 60, 90, 40), LEAF)


def _door(c: _Canvas) -> None:
    c.rect(0, 640, 1200, 200, LEAF_PALE)
    c.polygon([(455, 640), (745, 640), (900, 840), (300, 840)], WATER_PALE)
    c.rect(372, 92, 456, 548, LEAF_DEEP)
    c.rect(408, 128, 384, 512, GLOW)
    _hill_box = [(408, 470), (500, 420), (610, 450), (700, 400), (792, 440)]
    c.polygon([*_curve(_hill_box), (792, 640), (408, 640)], LEAF_PALE)
    c.polygon([*_curve([(408, 540), (540, 500), (792, 550)]), (792, 640), (408, 640)], WATER)
    c.disc(690, 250, 46, LOTUS_MID)
    _pad(c, 520, 600, 70, LEAF, LEAF_MID, 300)
    _flower(c, 640, 610, 90)
    # Two leaves of the door thrown open towards the visitor.
    c.polygon([(408, 128), (260, 70), (260, 720), (408, 640)], LEAF)
    c.polygon([(792, 128), (940, 70), (940, 720), (792, 640)], LEAF)
    for side in (-1, 1):
        for top, bottom in ((0.08, 0.44), (0.54, 0.9)):
            outer, inner = 600 + side * 316, 600 + side * 218

            def edge(x: float, share: float) -> float:
                depth = (abs(x - 600) - 192) / 148
                upper, lower = 128 - 58 * depth, 640 + 80 * depth
                return upper + (lower - upper) * share

            c.polygon(
                [
                    (outer, edge(outer, top)),
                    (inner, edge(inner, top)),
                    (inner, edge(inner, bottom)),
                    (outer, edge(outer, bottom)),
                ],
                LEAF_MID,
            )
        c.disc(600 + side * 206, 400, 9, LOTUS_PALE)
    for x in (130, 1070):
        c.rect(x - 50, 620, 100, 90, LOTUS_DEEP, 8)
        for angle, length in ((-46, 150), (46, 150), (-18, 190), (18, 190)):
            c.polygon(_petal(x, 624, angle, length, 56), LEAF if abs(angle) > 20 else LEAF_MID)


def _phone(c: _Canvas) -> None:
    c.disc(600, 400, 350, WATER_PALE)
    c.rect(436, 70, 350, 676, WATER_DEEP, 48)
    c.rect(424, 58, 350, 676, INK, 48)
    c.rect(444, 94, 310, 604, PAPER, 26)
    c.rect(550, 70, 100, 10, LEAF_MID, 5)
    c.rect(444, 94, 310, 150, LEAF, 26)
    c.rect(444, 180, 310, 70, LEAF)
    _flower(c, 599, 226, 96)
    for row in range(2):
        for col in range(3):
            c.rect(
                470 + col * 92,
                280 + row * 96,
                72,
                72,
                (WATER, LOTUS_PALE, WATER_DEEP)[(row + col) % 3],
                18,
            )
    for y, w in ((500, 258), (540, 210), (580, 240)):
        c.line([(482, y), (470 + w, y)], 12, WATER_DEEP)
    c.rect(482, 620, 234, 50, LEAF, 25)
    c.line([(580, 645), (596, 660), (626, 630)], 8, PAPER)
    for x, y, r in ((250, 250, 46), (960, 330, 60), (290, 560, 34), (910, 590, 40)):
        c.disc(x, y, r, LEAF_PALE)
        c.line(
            [(x - r * 0.4, y), (x - r * 0.05, y + r * 0.34), (x + r * 0.45, y - r * 0.34)],
            r * 0.17,
            PAPER,
        )


def _umbrella(c: _Canvas) -> None:
    for row in range(6):
        for col in range(11):
            # A lattice shaken by fixed steps: even, yet not a grid.
            x = col * 118 + (row * 53) % 118 + (col * 31 + row * 17) % 40
            y = row * 112 - 30 + (col * 47) % 70
            c.line([(x, y), (x - 16, y + 46)], 4, _mix(LEAF_PALE, WATER, 0.25))
    c.rect(0, 660, 1200, 180, WATER_DEEP)
    for x, y, r in ((240, 720, 90), (900, 740, 130), (560, 760, 70)):
        c.ring(x, y, r, r * 0.26, 5, WATER)
        c.ring(x, y, r * 0.55, r * 0.14, 5, WATER)
    dome = [
        (600 + 350 * math.cos(math.radians(a)), 400 - 290 * math.sin(math.radians(a)))
        for a in range(0, 181, 3)
    ]
    scallop: list[Point] = []
    for i in range(5):
        for step in range(21):
            t = step / 20
            scallop.append((250 + i * 140 + 140 * t, 400 - 34 * math.sin(math.pi * t)))
    c.polygon([*dome, *scallop], LOTUS)
    for left, right, fill in ((390, 530, LOTUS_DEEP), (670, 810, LOTUS_DEEP)):
        rise = [
            (left + (600 - left) * t, 400 - 290 * math.sin(math.pi / 2 * t))
            for t in [s / 20 for s in range(21)]
        ]
        fall = [
            (right + (600 - right) * t, 400 - 290 * math.sin(math.pi / 2 * t))
            for t in [s / 20 for s in range(21)]
        ]
        rim = [
            (left + (right - left) * s / 20, 400 - 34 * math.sin(math.pi * s / 20))
            for s in range(21)
        ]
        c.polygon([*rise, *reversed(fall), *reversed(rim)], fill)
    c.line([(600, 86), (600, 112)], 12, INK)
    c.line(_curve([(600, 380), (600, 560), (600, 640), (636, 672), (668, 640)]), 13, INK)


def _sun(c: _Canvas) -> None:
    for i in range(12):
        c.polygon(_petal(760, 250, i * 30, 215, 62), LOTUS_PALE)
    c.disc(760, 250, 112, PAPER)
    c.disc(760, 250, 98, LOTUS_MID)
    c.rect(0, 600, 1200, 240, WATER)
    for y, x1, x2 in ((640, 620, 920), (690, 690, 840), (740, 560, 1010)):
        c.line([(x1, y), (x2, y)], 8, LOTUS_PALE)
    c.line(_curve([(640, 470), (634, 600), (650, 790)]), 12, LEAF)
    c.polygon(_petal(640, 480, -14, 130, 70), LOTUS_MID)
    c.polygon(_petal(640, 480, 14, 130, 70), LOTUS_MID)
    c.polygon(_petal(640, 482, 0, 150, 66), LOTUS)
    # Tall leaves held above the water like parasols.
    for x, y, rx, foot, fill, vein in (
        (330, 330, 250, 360, LEAF, LEAF_MID),
        (110, 500, 180, 130, LEAF_MID, LEAF_PALE),
        (1080, 520, 190, 1050, LEAF_DEEP, LEAF),
    ):
        c.line(
            _curve([(x, y + 10), (x + (foot - x) * 0.4, (y + 760) / 2), (foot, 780)]), 15, LEAF_DEEP
        )
        top = [
            (x + rx * math.cos(a), y - rx * 0.34 * math.sin(a))
            for a in [math.pi * s / 40 for s in range(41)]
        ]
        hem: list[Point] = []
        for i in range(6):
            for step in range(11):
                t = step / 10
                hem.append((x - rx + (i + t) * rx / 3, y + rx * 0.14 * math.sin(math.pi * t)))
        c.polygon([*top, *hem], fill)
        for i in range(-2, 3):
            c.line(
                _curve(
                    [
                        (x, y - rx * 0.3),
                        (x + i * rx * 0.26, y - rx * 0.18),
                        (x + i * rx * 0.36, y + 2),
                    ]
                ),
                5,
                vein,
            )


def _tea(c: _Canvas) -> None:
    c.disc(560, 380, 310, WATER_PALE)
    c.rect(0, 600, 1200, 240, LEAF_DEEP)
    c.rect(0, 592, 1200, 16, LEAF)
    c.line(_curve([(330, 440), (250, 420), (230, 500), (300, 560), (370, 550)]), 26, LEAF_MID)
    spout = [
        (660, 450),
        (735, 440),
        (780, 380),
        (826, 350),
        (842, 368),
        (808, 420),
        (778, 510),
        (660, 560),
    ]
    c.polygon(_curve(spout), LEAF)
    c.disc(520, 480, 205, LEAF, 132)
    c.rect(420, 570, 200, 32, LEAF_DEEP, 10)
    c.disc(520, 366, 118, LEAF_MID, 34)
    c.disc(520, 326, 24, LOTUS)
    for i in range(-2, 3):
        c.polygon(_petal(520, 540, i * 34, 110, 48), LEAF_MID if i % 2 else LEAF_PALE)
    for x in (880, 1070):
        c.polygon([(x - 70, 520), (x + 70, 520), (x + 42, 594), (x - 42, 594)], LEAF_PALE)
        c.disc(x, 520, 70, WATER_DEEP, 15)
        c.disc(x, 521, 58, LOTUS_MID, 10)
        for j in (-16, 16):
            c.line(
                _curve([(x + j, 490), (x + j + 14, 456), (x + j - 10, 424), (x + j + 6, 390)]),
                7,
                LEAF_PALE,
            )
    c.polygon(_petal(180, 690, 74, 90, 40), LEAF_MID)
    c.polygon(_petal(180, 690, 20, 80, 36), LEAF)


_MOTIFS: dict[str, tuple[Callable[[_Canvas], None], Colour, str, str]] = {
    "lotus": (_lotus, PAPER, "荷花", "水面上盛开着一朵十二瓣的荷花"),
    "leaves": (_leaves, WATER, "荷叶", "水面上铺着深浅不一的荷叶"),
    "ripples": (_ripples, WATER, "水波", "花瓣落在水面，一圈圈水波散开"),
    "street": (_street, WATER_PALE, "街道", "街边的房子、楼房和行道树"),
    "counter": (_counter, PAPER, "服务窗口", "服务窗口后面坐着两位工作人员"),
    "parcel": (_parcel, WATER, "信封和包裹", "一个信封和一个系着带子的包裹"),
    "chat": (_chat, PAPER, "群聊", "三个说话的气泡，最后一个打了勾"),
    "pen": (_pen, WATER, "纸和笔", "一张写着字的纸，上面搁着一支笔"),
    "hills": (_hills, PAPER, "远山", "层层的山，山脚有房子和田"),
    "bridge": (_bridge, PAPER, "石桥", "一座三孔石桥和水里的倒影"),
    "bench": (_bench, PAPER, "树和长椅", "大树旁边有一张长椅"),
    "calendar": (_calendar, WATER_PALE, "日历", "一本日历，其中一天开着一朵花"),
    "lamp": (_lamp, NIGHT, "夜里的灯", "夜里路灯亮着，远处的窗也亮着"),
    "books": (_books, PAPER, "书", "一摞书和一本翻开的书"),
    "door": (_door, PAPER, "敞开的门", "一扇敞开的门，门外是荷塘和远山"),
    "phone": (_phone, PAPER, "手机", "一部手机，屏幕上是几个图标"),
    "umbrella": (_umbrella, WATER, "雨伞", "雨里撑着的一把伞"),
    "sun": (_sun, PAPER, "夏日", "高高的荷叶和夏天的太阳"),
    "tea": (_tea, PAPER, "茶壶", "桌上一把茶壶和两杯热茶"),
}

PICTURES: dict[str, Picture] = {
    key: {"title": title, "alt": alt, "credit": CREDIT, "licence": LICENCE}
    for key, (_draw, _ground, title, alt) in _MOTIFS.items()
}


def draw(key: str, size: tuple[int, int] = DEFAULT_SIZE) -> bytes:
    """The picture ``key`` as a JPEG of ``size`` (width, height in pixels).

    Raises ``KeyError`` for an unknown key and ``ValueError`` for a size that is not positive.
    """
    if key not in _MOTIFS:
        raise KeyError(f"没有名为“{key}”的示例图")
    if min(size) < 1:
        raise ValueError("图片的宽和高都要大于零")
    motif, ground, _title, _alt = _MOTIFS[key]
    canvas = _Canvas(size, ground)
    motif(canvas)
    return canvas.bytes()
