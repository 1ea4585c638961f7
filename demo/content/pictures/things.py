"""What lies on a desk."""

from __future__ import annotations

import math

from .canvas import (
    INK,
    LEAF,
    LEAF_DEEP,
    LEAF_MID,
    LEAF_PALE,
    LOTUS,
    LOTUS_DEEP,
    LOTUS_MID,
    LOTUS_PALE,
    PAPER,
    SAND,
    WATER,
    WATER_DEEP,
    WATER_PALE,
    Canvas,
    Colour,
    Point,
    curve,
    flower,
    petal,
)


def parcel(c: Canvas) -> None:
    c.disc(600, 400, 330, WATER_PALE)
    c.disc(600, 672, 380, WATER_DEEP, 46)
    # Parcel behind, letter in front.
    c.polygon([(420, 300), (700, 230), (960, 300), (690, 380)], LEAF_MID)
    c.polygon([(420, 300), (690, 380), (690, 680), (420, 580)], LEAF)
    c.polygon([(690, 380), (960, 300), (960, 580), (690, 680)], LEAF_DEEP)
    c.polygon([(535, 271), (580, 260), (845, 333), (800, 347)], LOTUS_PALE)
    c.polygon([(800, 347), (845, 333), (845, 623), (800, 639)], LOTUS_MID)
    c.polygon(petal(690, 306, -62, 130, 70), LOTUS)
    c.polygon(petal(690, 306, 62, 130, 70), LOTUS)
    c.disc(690, 300, 22, LOTUS_DEEP, 18)
    c.polygon([(252, 470), (560, 500), (536, 690), (228, 660)], PAPER)
    c.polygon([(252, 470), (560, 500), (390, 596)], WATER)
    c.line([(252, 470), (390, 596), (560, 500)], 6, LEAF_PALE)
    c.disc(390, 590, 26, LOTUS)
    for y in (300, 350, 400):
        c.line([(120, y), (250 + (y - 300) * 0.4, y)], 10, LEAF_PALE)


def _bubble(c: Canvas, x: float, y: float, w: float, h: float, fill: Colour, left: bool) -> None:
    c.rect(x, y, w, h, fill, 44)
    foot = x + 70 if left else x + w - 70
    lean = -50 if left else 50
    c.polygon([(foot - 34, y + h - 10), (foot + 34, y + h - 10), (foot + lean, y + h + 56)], fill)


def chat(c: Canvas) -> None:
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


def pen(c: Canvas) -> None:
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
            c.line(curve(wave, 8), 6, LEAF_MID)
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


def calendar(c: Canvas) -> None:
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
                    c.polygon(petal(x, y, i * 30, 36, 18), LOTUS)
                c.disc(x, y, 9, LOTUS_PALE)
            else:
                c.disc(x, y, 17, WATER if col not in (0, 6) else LOTUS_PALE)
    flower(c, 590, 252, 100)
    c.rect(950, 560, 110, 118, LEAF_MID, 10)
    c.line(curve([(1004, 562), (1000, 470), (1010, 400)]), 8, LEAF)
    for angle, length in ((-50, 110), (48, 120), (-4, 140)):
        c.polygon(petal(1004, 500, angle, length, 44), LEAF)
    for x, y in ((170, 250), (130, 420), (200, 560)):
        c.polygon(petal(x, y, 60, 46, 26), LOTUS_MID)


def books(c: Canvas) -> None:
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
        page = curve([(0, 0), (90, -46), (190, -30), (260, -10)])
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
    c.line(curve([(368, 334), (360, 240), (376, 160)]), 7, LEAF)
    c.polygon(petal(374, 200, 8, 110, 60), LOTUS)
    c.polygon(petal(374, 200, 8, 96, 28), LOTUS_MID)
    c.polygon(petal(362, 280, -62, 110, 46), LEAF_MID)
    c.polygon(petal(362, 300, 60, 90, 40), LEAF)


def phone(c: Canvas) -> None:
    c.disc(600, 400, 350, WATER_PALE)
    c.rect(436, 70, 350, 676, WATER_DEEP, 48)
    c.rect(424, 58, 350, 676, INK, 48)
    c.rect(444, 94, 310, 604, PAPER, 26)
    c.rect(550, 70, 100, 10, LEAF_MID, 5)
    c.rect(444, 94, 310, 150, LEAF, 26)
    c.rect(444, 180, 310, 70, LEAF)
    flower(c, 599, 226, 96)
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


def tea(c: Canvas) -> None:
    c.disc(560, 380, 310, WATER_PALE)
    c.rect(0, 600, 1200, 240, LEAF_DEEP)
    c.rect(0, 592, 1200, 16, LEAF)
    c.line(curve([(330, 440), (250, 420), (230, 500), (300, 560), (370, 550)]), 26, LEAF_MID)
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
    c.polygon(curve(spout), LEAF)
    c.disc(520, 480, 205, LEAF, 132)
    c.rect(420, 570, 200, 32, LEAF_DEEP, 10)
    c.disc(520, 366, 118, LEAF_MID, 34)
    c.disc(520, 326, 24, LOTUS)
    for i in range(-2, 3):
        c.polygon(petal(520, 540, i * 34, 110, 48), LEAF_MID if i % 2 else LEAF_PALE)
    for x in (880, 1070):
        c.polygon([(x - 70, 520), (x + 70, 520), (x + 42, 594), (x - 42, 594)], LEAF_PALE)
        c.disc(x, 520, 70, WATER_DEEP, 15)
        c.disc(x, 521, 58, LOTUS_MID, 10)
        for j in (-16, 16):
            c.line(
                curve([(x + j, 490), (x + j + 14, 456), (x + j - 10, 424), (x + j + 6, 390)]),
                7,
                LEAF_PALE,
            )
    c.polygon(petal(180, 690, 74, 90, 40), LEAF_MID)
    c.polygon(petal(180, 690, 20, 80, 36), LEAF)
