"""Streets, doors and bridges."""

from __future__ import annotations

import math

from .canvas import (
    GLOW,
    INK,
    LEAF,
    LEAF_DEEP,
    LEAF_MID,
    LEAF_PALE,
    LOTUS,
    LOTUS_DEEP,
    LOTUS_MID,
    LOTUS_PALE,
    NIGHT,
    PAPER,
    SAND,
    SKIN,
    WATER,
    WATER_DEEP,
    WATER_PALE,
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


def street(c: Canvas) -> None:
    c.disc(940, 190, 84, LOTUS_PALE)
    hill(c, [(-40, 470), (200, 360), (470, 440), (760, 340), (1240, 450)], WATER)
    for x, w, h, wall, roof in (
        (60, 210, 220, PAPER, LEAF_DEEP),
        (470, 190, 190, PAPER, LEAF),
        (860, 240, 240, PAPER, LEAF_DEEP),
    ):
        house(c, x, 620, w, h, wall, roof)
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
        tree(c, x, 622, size, LEAF_MID if size < 160 else LEAF, LEAF_DEEP)
    c.rect(-10, 620, 1220, 30, WATER_DEEP)
    c.rect(-10, 648, 1220, 170, LEAF_DEEP)
    for x in range(20, 1200, 170):
        c.rect(x, 722, 90, 10, WATER)


def counter(c: Canvas) -> None:
    c.rect(150, 90, 900, 430, LEAF)
    c.rect(178, 118, 844, 402, WATER_PALE)
    c.rect(590, 118, 20, 402, LEAF)
    # Someone on either side of the desk, without faces: any window, anybody.
    for x, coat, hair in ((390, LEAF_MID, LEAF_DEEP), (805, LOTUS_MID, INK)):
        c.disc(x, 520, 122, coat, 150)
        c.disc(x, 288, 74, hair, 78)
        c.rect(x - 22, 330, 44, 70, mix(SKIN, LOTUS, 0.16), 20)
        c.polygon([(x - 46, 380), (x + 46, 380), (x, 440)], PAPER)
        c.disc(x, 306, 56, SKIN, 62)
        fringe = [(x - 62, 300), (x - 40, 262), (x + 8, 268), (x + 62, 300), (x + 66, 262)]
        c.polygon([*curve(fringe), (x + 30, 222), (x - 30, 222), (x - 66, 262)], hair)
    c.rect(90, 506, 1020, 44, LEAF_DEEP, 8)
    c.rect(130, 550, 940, 260, mix(LEAF, INK, 0.15))
    for x in (150, 390, 630, 870):
        c.rect(x + 10, 580, 190, 240, LEAF, 6)
    c.polygon([(505, 470), (655, 462), (668, 508), (498, 508)], PAPER)
    for y, x1, x2 in ((478, 525, 630), (488, 523, 610), (498, 521, 640)):
        c.line([(x1, y), (x2, y - 2)], 3, LEAF_PALE)
    c.rect(980, 430, 50, 76, PAPER, 6)
    c.line(curve([(1005, 432), (1000, 385), (1016, 352)]), 6, LEAF)
    c.polygon(petal(1012, 372, 8, 66, 40), LOTUS)
    c.polygon(petal(1002, 408, -64, 54, 26), LEAF_MID)


def bridge(c: Canvas) -> None:
    c.disc(270, 200, 78, LOTUS_PALE)
    hill(c, [(-40, 400), (260, 330), (560, 410), (900, 310), (1240, 400)], WATER_PALE)
    hill(c, [(-40, 470), (300, 440), (700, 470), (1240, 430)], LEAF_PALE)
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
    pad(c, 170, 720, 110, LEAF_MID, LEAF_PALE, 300)
    pad(c, 1050, 735, 90, LEAF, LEAF_MID, 200)
    flower(c, 1050, 728, 84)


def bench(c: Canvas) -> None:
    hill(c, [(-40, 560), (320, 520), (760, 560), (1240, 510)], WATER)
    c.rect(0, 620, 1200, 220, LEAF_PALE)
    c.disc(420, 660, 330, LEAF_MID, 34)
    c.polygon(
        curve([(392, 660), (404, 500), (396, 360), (452, 360), (450, 500), (476, 660)]), LEAF_DEEP
    )
    c.line(curve([(425, 430), (510, 350), (560, 290)]), 20, LEAF_DEEP)
    c.line(curve([(420, 460), (340, 370), (290, 310)]), 18, LEAF_DEEP)
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
        c.polygon(petal(x, y, angle, 30, 18), LEAF)
    c.rect(760, 548, 60, 10, PAPER)
    c.rect(756, 556, 68, 10, LEAF)


def lamp(c: Canvas) -> None:
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
    hill(c, [(-40, 520), (260, 430), (640, 510), (1240, 420)], mix(NIGHT, LEAF, 0.3))
    for r in (260, 200, 145):
        c.disc(400, 300, r, mix(NIGHT, GLOW, 0.1 + (260 - r) / 900))
    for x, w, h in ((660, 170, 190), (860, 200, 240), (1080, 170, 180)):
        c.rect(x, 660 - h, w, h, mix(NIGHT, LEAF, 0.55))
        c.polygon(
            [(x - 16, 660 - h), (x + w / 2, 660 - h - w * 0.32), (x + w + 16, 660 - h)],
            mix(NIGHT, INK, 0.6),
        )
        for i in range(2):
            lit = (x // 10 + i) % 3 != 0
            c.rect(
                x + 26 + i * (w - 92),
                660 - h + 46,
                40,
                48,
                LOTUS_PALE if lit else mix(NIGHT, LEAF, 0.2),
            )
    c.polygon([(352, 330), (448, 330), (640, 700), (160, 700)], mix(NIGHT, GLOW, 0.17))
    c.rect(-10, 660, 1220, 160, mix(INK, NIGHT, 0.4))
    c.disc(400, 690, 250, mix(NIGHT, GLOW, 0.32), 36)
    c.rect(390, 330, 20, 360, INK)
    c.rect(372, 660, 56, 34, INK, 6)
    c.polygon([(350, 330), (450, 330), (430, 238), (370, 238)], GLOW)
    c.disc(400, 292, 20, LOTUS_PALE, 30)
    c.polygon([(340, 240), (460, 240), (400, 190)], INK)
    c.rect(342, 326, 116, 12, INK, 4)


def door(c: Canvas) -> None:
    c.rect(0, 640, 1200, 200, LEAF_PALE)
    c.polygon([(455, 640), (745, 640), (900, 840), (300, 840)], WATER_PALE)
    c.rect(372, 92, 456, 548, LEAF_DEEP)
    c.rect(408, 128, 384, 512, GLOW)
    _hill_box = [(408, 470), (500, 420), (610, 450), (700, 400), (792, 440)]
    c.polygon([*curve(_hill_box), (792, 640), (408, 640)], LEAF_PALE)
    c.polygon([*curve([(408, 540), (540, 500), (792, 550)]), (792, 640), (408, 640)], WATER)
    c.disc(690, 250, 46, LOTUS_MID)
    pad(c, 520, 600, 70, LEAF, LEAF_MID, 300)
    flower(c, 640, 610, 90)
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
            c.polygon(petal(x, 624, angle, length, 56), LEAF if abs(angle) > 20 else LEAF_MID)


def umbrella(c: Canvas) -> None:
    for row in range(6):
        for col in range(11):
            # A lattice shaken by fixed steps: even, yet not a grid.
            x = col * 118 + (row * 53) % 118 + (col * 31 + row * 17) % 40
            y = row * 112 - 30 + (col * 47) % 70
            c.line([(x, y), (x - 16, y + 46)], 4, mix(LEAF_PALE, WATER, 0.25))
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
    c.line(curve([(600, 380), (600, 560), (600, 640), (636, 672), (668, 640)]), 13, INK)
