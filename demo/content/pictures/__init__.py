"""Original illustrations for the demo, drawn by code with Pillow alone.

Every motif is a calm poster of flat shapes in the house palette. There is no text in them, so no
font is needed, and nothing random, so that the same key always gives the same bytes. Shapes are
drawn on a canvas of 1200 x 800 units at twice the wanted size and scaled down once, which is what
makes the edges smooth.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

from . import nature, things, town
from .canvas import NIGHT, PAPER, WATER, WATER_PALE, Canvas, Colour

DEFAULT_SIZE = (1080, 720)
CREDIT = "示例图·本项目绘制"
LICENCE = "示例"


class Picture(TypedDict):
    """What the media library asks of a picture."""

    title: str
    alt: str
    credit: str
    licence: str


_MOTIFS: dict[str, tuple[Callable[[Canvas], None], Colour, str, str]] = {
    "lotus": (nature.lotus, PAPER, "荷花", "水面上盛开着一朵十二瓣的荷花"),
    "leaves": (nature.leaves, WATER, "荷叶", "水面上铺着深浅不一的荷叶"),
    "ripples": (nature.ripples, WATER, "水波", "花瓣落在水面，一圈圈水波散开"),
    "street": (town.street, WATER_PALE, "街道", "街边的房子、楼房和行道树"),
    "counter": (town.counter, PAPER, "服务窗口", "服务窗口后面坐着两位工作人员"),
    "parcel": (things.parcel, WATER, "信封和包裹", "一个信封和一个系着带子的包裹"),
    "chat": (things.chat, PAPER, "群聊", "三个说话的气泡，最后一个打了勾"),
    "pen": (things.pen, WATER, "纸和笔", "一张写着字的纸，上面搁着一支笔"),
    "hills": (nature.hills, PAPER, "远山", "层层的山，山脚有房子和田"),
    "bridge": (town.bridge, PAPER, "石桥", "一座三孔石桥和水里的倒影"),
    "bench": (town.bench, PAPER, "树和长椅", "大树旁边有一张长椅"),
    "calendar": (things.calendar, WATER_PALE, "日历", "一本日历，其中一天开着一朵花"),
    "lamp": (town.lamp, NIGHT, "夜里的灯", "夜里路灯亮着，远处的窗也亮着"),
    "books": (things.books, PAPER, "书", "一摞书和一本翻开的书"),
    "door": (town.door, PAPER, "敞开的门", "一扇敞开的门，门外是荷塘和远山"),
    "phone": (things.phone, PAPER, "手机", "一部手机，屏幕上是几个图标"),
    "umbrella": (town.umbrella, WATER, "雨伞", "雨里撑着的一把伞"),
    "sun": (nature.sun, PAPER, "夏日", "高高的荷叶和夏天的太阳"),
    "tea": (things.tea, PAPER, "茶壶", "桌上一把茶壶和两杯热茶"),
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
    canvas = Canvas(size, ground)
    motif(canvas)
    return canvas.bytes()
