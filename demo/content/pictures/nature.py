"""Water, plants and hills."""

from __future__ import annotations

import math

from .canvas import (
    GLOW,
    LEAF,
    LEAF_DEEP,
    LEAF_MID,
    LEAF_PALE,
    LOTUS,
    LOTUS_DEEP,
    LOTUS_MID,
    LOTUS_PALE,
    PAPER,
    WATER,
    WATER_DEEP,
    Canvas,
    Point,
    curve,
    flower,
    hill,
    house,
    mix,
    pad,
    petal,
    tree,
)


def lotus(c: Canvas) -> None:
    c.disc(600, 330, 270, GLOW)
    c.rect(0, 560, 1200, 300, WATER)
    for y, x1, x2 in ((612, 90, 420), (655, 760, 1130), (712, 210, 560), (752, 640, 980)):
        c.line([(x1, y), (x2, y)], 5, WATER_DEEP)
    pad(c, 250, 640, 190, LEAF_MID, LEAF_PALE, 300)
    pad(c, 980, 690, 210, LEAF, LEAF_MID, 210)
    c.line(curve([(600, 540), (606, 620), (594, 690)]), 16, LEAF)
    pad(c, 600, 690, 270, LEAF_DEEP, LEAF, 40)
    flower(c, 600, 566, 360)
    c.polygon(curve([(520, 548), (600, 580), (680, 548), (640, 600), (560, 600)]), LEAF)


def leaves(c: Canvas) -> None:
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
        pad(c, x, y, rx, fill, vein, notch)
    flower(c, 735, 350, 150)


def ripples(c: Canvas) -> None:
    for x, y, radii, colour in (
        (770, 470, (60, 130, 215, 315, 430, 560, 700), LEAF_PALE),
        (300, 250, (40, 90, 150, 220), LEAF_MID),
    ):
        for i, r in enumerate(radii):
            c.ring(x, y, r, r * 0.42, 9 - i * 0.9, mix(colour, WATER, i / len(radii)))
    pad(c, 300, 250, 70, LEAF, LEAF_MID, 30)
    c.polygon(petal(770, 485, 82, 120, 62), LOTUS)
    c.polygon(petal(770, 485, 82, 108, 34), LOTUS_MID)
    c.disc(765, 487, 7, LOTUS_DEEP)


def hills(c: Canvas) -> None:
    c.disc(830, 230, 110, LOTUS_PALE)
    c.disc(830, 230, 84, LOTUS_MID)
    for points, fill in (
        ([(-40, 420), (180, 300), (420, 400), (700, 270), (980, 390), (1240, 300)], WATER),
        ([(-40, 480), (240, 420), (520, 330), (800, 470), (1240, 380)], LEAF_PALE),
        ([(-40, 500), (200, 560), (520, 480), (860, 540), (1240, 470)], LEAF_MID),
        ([(-40, 650), (300, 560), (700, 620), (1240, 560)], LEAF),
        ([(-40, 700), (420, 690), (800, 720), (1240, 660)], LEAF_DEEP),
    ):
        hill(c, points, fill)
    for i in range(5):
        c.line(
            curve([(430 + i * 96, 622 + i * 6), (480 + i * 100, 655), (470 + i * 130, 700)]),
            5,
            LEAF_MID,
        )
    for x, y, s in ((180, 190, 1.0), (270, 240, 0.7), (380, 170, 0.55)):
        c.line(
            curve(
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
    house(c, 190, 616, 70, 52, PAPER, LOTUS_DEEP)
    house(c, 282, 606, 54, 40, PAPER, LEAF_DEEP)
    tree(c, 160, 624, 90, LEAF_MID, LEAF_DEEP)


def sun(c: Canvas) -> None:
    for i in range(12):
        c.polygon(petal(760, 250, i * 30, 215, 62), LOTUS_PALE)
    c.disc(760, 250, 112, PAPER)
    c.disc(760, 250, 98, LOTUS_MID)
    c.rect(0, 600, 1200, 240, WATER)
    for y, x1, x2 in ((640, 620, 920), (690, 690, 840), (740, 560, 1010)):
        c.line([(x1, y), (x2, y)], 8, LOTUS_PALE)
    c.line(curve([(640, 470), (634, 600), (650, 790)]), 12, LEAF)
    c.polygon(petal(640, 480, -14, 130, 70), LOTUS_MID)
    c.polygon(petal(640, 480, 14, 130, 70), LOTUS_MID)
    c.polygon(petal(640, 482, 0, 150, 66), LOTUS)
    # Tall leaves held above the water like parasols.
    for x, y, rx, foot, fill, vein in (
        (330, 330, 250, 360, LEAF, LEAF_MID),
        (110, 500, 180, 130, LEAF_MID, LEAF_PALE),
        (1080, 520, 190, 1050, LEAF_DEEP, LEAF),
    ):
        c.line(
            curve([(x, y + 10), (x + (foot - x) * 0.4, (y + 760) / 2), (foot, 780)]), 15, LEAF_DEEP
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
                curve(
                    [
                        (x, y - rx * 0.3),
                        (x + i * rx * 0.26, y - rx * 0.18),
                        (x + i * rx * 0.36, y + 2),
                    ]
                ),
                5,
                vein,
            )
