"""The lotus drawn with Pillow: one year as a square tile."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from . import colours, lotus
from .colours import Colour
from .lotus import Petal

LOTUS = colours.parse("#B8476B")
LEAF = colours.parse("#2E6A50")
LINE = colours.parse("#CDD8D3")
SOFT = colours.parse("#54615D")
LOST = colours.parse("#B9C1BD")
# Months outside the record: the flower keeps its form and says nothing of them.
PALE = colours.parse("#EDF1EE")
UNKNOWN = colours.parse("#8B9792")
# Pillow draws polygons without smooth edges: shapes are drawn larger and made smaller.
OVERSAMPLING = 4
# What each petal says, in the order of a legend.
WORDS = {
    Petal.FIRST: "单独第一",
    Petal.TIED: "并列第一",
    Petal.REPORTED: "仅有报道",
    Petal.DISPUTED: "来源不一",
    Petal.UNKNOWN: "没有资料",
    Petal.SUSPENDED: "榜单停发",
    Petal.LOST: "不是第一",
}

_FILLED = {Petal.FIRST: LOTUS, Petal.LOST: LOST, Petal.NONE: PALE}

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Flower:
    """A year: its label and twelve petals, January first."""

    label: str
    petals: tuple[Petal, ...]


def tile(flower: Flower, size: int, ground: Colour) -> Image.Image:
    """The flower in a square of ``size`` pixels on ``ground``."""
    large = size * OVERSAMPLING
    image = Image.new("RGB", (large, large), ground)
    pen = ImageDraw.Draw(image)
    scale = large / 102
    for month, petal in enumerate(flower.petals, start=1):
        _petal(pen, petal, month, large / 2, large / 2, scale, ground)
    radius = lotus.POD * scale
    pen.ellipse(
        (large / 2 - radius, large / 2 - radius, large / 2 + radius, large / 2 + radius), LEAF
    )
    return image.resize((size, size), Image.Resampling.LANCZOS)


def single(petal: Petal, size: int, ground: Colour) -> Image.Image:
    """One upright petal in a square of ``size`` pixels, for a legend."""
    large = size * OVERSAMPLING
    image = Image.new("RGB", (large, large), ground)
    scale = large / 42
    _petal(ImageDraw.Draw(image), petal, 12, large / 2, large + 8 * scale, scale, ground)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def _petal(
    pen: ImageDraw.ImageDraw,
    petal: Petal,
    month: int,
    x: float,
    y: float,
    scale: float,
    ground: Colour,
) -> None:
    def placed(points: Points) -> Points:
        return [(x + scale * px, y + scale * py) for px, py in points]

    whole = placed(lotus.outline(month))
    pen_width = max(2, round(scale * 1.3))
    if petal in _FILLED:
        pen.polygon(whole, fill=_FILLED[petal])
    elif petal == Petal.TIED:
        pen.polygon(whole, fill=ground, outline=LOTUS, width=pen_width)
        pen.polygon(placed(lotus.outline(month, half=True)), fill=LOTUS)
    elif petal == Petal.REPORTED:
        pen.polygon(whole, fill=ground, outline=LOTUS, width=pen_width)
    elif petal == Petal.DISPUTED:
        pen.polygon(whole, fill=ground, outline=LOTUS, width=pen_width)
        pen.line([whole[0], whole[len(whole) // 2]], fill=LOTUS, width=pen_width)
    elif petal == Petal.UNKNOWN:
        pen.polygon(whole, fill=ground, outline=UNKNOWN, width=pen_width)
    elif petal == Petal.SUSPENDED:
        radius = pen_width * 0.75
        for px, py in whole[::2]:
            pen.ellipse((px - radius, py - radius, px + radius, py + radius), UNKNOWN)
