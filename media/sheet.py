"""A picture to write on: text in boxes that are remembered, wrapped lines as rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

from .colours import Colour
from .fonts import cjk_font
from .wrapping import balanced, wrap

# A Chinese character stands this much of its size above the baseline.
ASCENT = 0.88
SMALLEST = 11


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece of text looks: ``size`` in pixels, ``leading`` the line height in sizes.

    ``gap`` is the space above a paragraph; ``balance`` makes its lines about equally long.
    """

    size: int
    colour: Colour
    bold: bool = False
    serif: bool = False
    leading: float = 1.5
    gap: int = 0
    balance: bool = False

    @property
    def line(self) -> int:
        return round(self.size * self.leading)

    def scaled(self, scale: float) -> "Style":
        """Smaller by ``scale``, but never too small to read."""
        size = max(min(self.size, SMALLEST), round(self.size * scale))
        return replace(self, size=size, gap=round(self.gap * scale))


class Fonts:
    """The fonts of one picture, each opened once. Raises ``FontMissing`` when asked."""

    def __init__(self) -> None:
        self._open: dict[tuple[int, bool, bool], ImageFont.FreeTypeFont] = {}

    def __call__(self, style: Style) -> ImageFont.FreeTypeFont:
        key = (style.size, style.bold, style.serif)
        if key not in self._open:
            self._open[key] = cjk_font(style.size, bold=style.bold, serif=style.serif)
        return self._open[key]


@dataclass(frozen=True, slots=True)
class TextBox:
    """A piece of text as drawn, in pixels; right and bottom lie outside."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    colour: Colour
    ground: Colour


class Row(NamedTuple):
    """A line of text; ``baseline`` and ``bottom`` count from the top of its first paragraph."""

    text: str
    style: Style
    baseline: int
    bottom: int


def lay(paragraphs: Sequence[tuple[str, Style]], width: int, fonts: Fonts) -> list[Row]:
    """Paragraphs below each other as rows of at most ``width`` pixels."""
    rows: list[Row] = []
    top = 0
    for text, style in paragraphs:
        top += style.gap if rows else 0
        measure = fonts(style).getlength
        for line in (balanced if style.balance else wrap)(text, width, measure):
            bottom = top + style.line
            baseline = top + round((style.line - style.size) / 2 + style.size * ASCENT)
            rows.append(Row(line, style, baseline, bottom))
            top = bottom
    return rows


class Sheet:
    """An RGB picture of one colour with a pen, and the boxes of all that was written."""

    def __init__(self, width: int, height: int, ground: Colour, fonts: Fonts) -> None:
        self.image = Image.new("RGB", (width, height), ground)
        self.pen = ImageDraw.Draw(self.image)
        self.fonts = fonts
        self.boxes: list[TextBox] = []

    def write(self, left: int, baseline: int, text: str, style: Style, ground: Colour) -> int:
        """Write one line and answer where it ends; ``ground`` is the colour it stands on."""
        font = self.fonts(style)
        self.pen.text((left, baseline), text, style.colour, font, anchor="ls")
        box = self.pen.textbbox((left, baseline), text, font, anchor="ls")
        self.boxes.append(TextBox(text, *box, style.colour, ground))
        return left + round(font.getlength(text))
