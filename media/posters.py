"""Posters: a proved record as a picture. Drawing only; what may be said is decided elsewhere.

Everything is laid out by measuring: text wraps by the rules of Chinese, sizes give way before
anything is cut, and every piece of text is reported with its box and colours, so that a test can
see that nothing is clipped, nothing overlaps and everything can be read. The same text on the
same machine gives the same bytes.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image, ImageDraw

from . import colours, flowers
from .colours import INK, PAPER, Colour
from .flowers import LINE, LOTUS, SOFT, Flower
from .sheet import Fonts, Row, Sheet, Style, TextBox, lay

EXAMPLE = "示例"
EXAMPLE_NOTE = "示例数据，账号与名次均为虚构"
VOID = "已失效"
VOID_RED = colours.parse("#8E1F2B")
# Text gives way to about a third of its size before a layout refuses it.
SCALES = tuple(step / 20 for step in range(20, 6, -1))

Paragraph = tuple[str, Style]


class PosterError(ValueError):
    """The poster cannot be drawn; the message is a Chinese sentence that says what to do."""


class Layout(StrEnum):
    COVER = "cover"
    SQUARE = "square"
    LONG = "long"


@dataclass(frozen=True, slots=True)
class PosterText:
    """All that stands on a poster; nothing is added while drawing but the mark of an example.

    ``kicker`` ``number`` ``unit`` are one line: 至少连续 24 个月. ``sentence`` is the claim to the
    letter, ``footnotes`` say where it can be verified, ``reference`` names the claim and the month
    up to which it was looked at. ``colour`` is the account's, ``#RRGGBB``.
    """

    account: str
    kicker: str
    number: str
    unit: str
    headline: str
    board: str
    publisher: str
    dates: str
    sentence: str
    reference: str
    flowers: tuple[Flower, ...]
    asides: tuple[str, ...] = ()
    footnotes: tuple[str, ...] = ()
    colour: str = "#2E6A50"
    is_example: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with what was written on it."""

    data: bytes
    width: int
    height: int
    boxes: tuple[TextBox, ...]


def draw(text: PosterText, layout: Layout) -> Picture:
    """The poster of ``text``: 900 × 383, 1080 × 1080, or 1080 wide and as high as it needs.

    Raises ``media.fonts.FontMissing`` without a Chinese font, ``PosterError`` when the text does
    not fit the layout in a readable size.
    """
    sheet = _DRAW[layout](text, Fonts())
    packed = io.BytesIO()
    sheet.image.save(packed, "PNG", optimize=True)
    return Picture(packed.getvalue(), *sheet.image.size, tuple(sheet.boxes))


def void(data: bytes) -> bytes:
    """The picture ``data`` with 已失效 across it, for those who must still see what it said.

    Raises ``OSError`` when ``data`` is no picture.
    """
    with Image.open(io.BytesIO(data)) as opened:
        image = Image.blend(opened.convert("RGB"), Image.new("RGB", opened.size, PAPER), 0.55)
    stamp = _void_stamp(image.size)
    step = max(round(stamp.height * 1.6), image.width)
    for top in range((min(image.height, step) - stamp.height) // 2, image.height, step):
        image.paste(stamp, ((image.width - stamp.width) // 2, top), stamp)
    packed = io.BytesIO()
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _void_stamp(size: tuple[int, int]) -> Image.Image:
    """The word in a frame, slanted, as wide as two thirds of the picture and never too high."""
    height = min(size[0] // 6, size[1] // 3)
    style = Style(height, VOID_RED, bold=True, serif=True)
    font = Fonts()(style)
    width = round(font.getlength(VOID)) + height
    stamp = Image.new("RGBA", (width, round(height * 1.6)), (*PAPER, 0))
    pen = ImageDraw.Draw(stamp)
    pen.rectangle(
        (3, 3, stamp.width - 4, stamp.height - 4),
        fill=(*PAPER, 110),
        outline=VOID_RED,
        width=max(4, height // 16),
    )
    pen.text(
        (stamp.width // 2, round(stamp.height / 2 + height * 0.38)),
        VOID,
        VOID_RED,
        font,
        anchor="ms",
    )
    return stamp.rotate(10, Image.Resampling.BICUBIC, expand=True)


# --- the parts -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Palette:
    """Colours of one poster: the account's own as ground, and what reads on it and beside it."""

    field: Colour
    on_field: Colour
    on_paper: Colour
    hairline: Colour

    @classmethod
    def of(cls, text: PosterText) -> "_Palette":
        field = colours.parse(text.colour)
        on_field = colours.text_on(field)
        return cls(
            field,
            on_field,
            colours.towards(field, PAPER, INK),
            colours.mix(on_field, field, 0.35),
        )


@dataclass(frozen=True, slots=True)
class _Number:
    """连续 24 个月 on one line, scaled to fit ``width``."""

    parts: tuple[tuple[str, Style], ...]
    height: int
    gap: int

    @classmethod
    def fit(
        cls, text: PosterText, size: int, colour: Colour, width: int, fonts: Fonts
    ) -> "_Number":
        """The line at ``size`` pixels, or smaller where the width asks for it."""
        while True:
            small = Style(max(16, round(size * 0.27)), colour, bold=True, serif=True)
            large = Style(size, colour, bold=True, serif=True)
            parts = tuple(
                (part, style)
                for part, style in (
                    (text.kicker, small),
                    (text.number, large),
                    (text.unit, small),
                )
                if part
            )
            gap = round(size * 0.08)
            total = sum(fonts(style).getlength(part) for part, style in parts)
            if total + gap * (len(parts) - 1) <= width or size <= 24:
                return cls(parts, round(size * 1.08), gap)
            size = round(size * 0.94)

    def draw(self, sheet: Sheet, left: int, top: int, ground: Colour) -> None:
        baseline = top + round(self.height * 0.86)
        for part, style in self.parts:
            left = sheet.write(left, baseline, part, style, ground) + self.gap


def _rows(paragraphs: Sequence[Paragraph], width: int, scale: float, fonts: Fonts) -> list[Row]:
    return lay([(text, style.scaled(scale)) for text, style in paragraphs if text], width, fonts)


def _fitted(attempt: Callable[[float], int], height: int) -> float:
    """The largest scale at which ``attempt`` stays within ``height``."""
    for scale in SCALES:
        if attempt(scale) <= height:
            return scale
    raise PosterError(
        "账号、榜单或机构的名称太长，这个版式排不下。请改用长图；仍排不下时，请管理员把名称改短。"
    )


def _stamp(sheet: Sheet, right: int, top: int, size: int, colour: Colour, ground: Colour) -> None:
    """The mark of an example, in a frame at the top right."""
    style = Style(size, colour, bold=True)
    pad = round(size * 0.4)
    width = round(sheet.fonts(style).getlength(EXAMPLE)) + 2 * pad
    box = (right - width, top, right, top + size + 2 * pad)
    sheet.pen.rectangle(box, outline=colour, width=max(2, size // 12))
    sheet.write(box[0] + pad, top + pad + round(size * 0.88), EXAMPLE, style, ground)


def _write(
    sheet: Sheet, rows: Sequence[Row], left: int, top: int, ground: Colour, centre: int = 0
) -> None:
    for row in rows:
        at = left
        if centre:
            at = left + (centre - round(sheet.fonts(row.style).getlength(row.text))) // 2
        sheet.write(at, top + row.baseline, row.text, row.style, ground)


def _height(rows: Sequence[Row]) -> int:
    return rows[-1].bottom if rows else 0


@dataclass(frozen=True, slots=True)
class _Field:
    """The ground of the account's colour: account on top, the number, the board at the bottom."""

    text: PosterText
    palette: _Palette
    width: int
    height: int
    pad: int
    stamp: int
    name: list[Row]
    number: _Number
    headline: list[Row]
    board: list[Row]

    @classmethod
    def plan(
        cls,
        text: PosterText,
        size: tuple[int, int],
        *,
        pad: int,
        number: int,
        unit: int,
        fonts: Fonts,
    ) -> "_Field":
        """Find the sizes that fit; ``number`` is the size of the number wanted, ``unit`` a tenth
        of the headline's. Raises ``PosterError``."""
        palette = _Palette.of(text)
        ink = palette.on_field
        room, stamp = size[0] - 2 * pad, unit * 7
        name = [(text.account, Style(unit * 8, ink, bold=True, serif=True, leading=1.35))]
        headline = [(text.headline, Style(unit * 10, ink, bold=True, serif=True, leading=1.35))]
        board = [
            (text.board, Style(round(unit * 6.2), ink, bold=True, leading=1.45)),
            (text.publisher, Style(unit * 5, ink, leading=1.5)),
            ("，".join(text.asides), Style(unit * 5, ink, leading=1.5)),
        ]

        def at(scale: float) -> _Field:
            return cls(
                text,
                palette,
                *size,
                pad,
                stamp,
                # Beside the mark of an example the account's name is given less room.
                _rows(name, room - (stamp * 4 if text.is_example else 0), scale, fonts),
                _Number.fit(text, round(number * scale), ink, room, fonts),
                _rows(headline, room, scale, fonts),
                _rows(board, room, scale, fonts),
            )

        return at(_fitted(lambda scale: pad - at(scale).spare, 0))

    @property
    def spare(self) -> int:
        """Pixels left over; half the margin is wanted above and below the number."""
        rows = _height(self.name) + _height(self.headline) + _height(self.board)
        return self.height - 2 * self.pad - rows - self.number.height

    def draw(self, sheet: Sheet) -> None:
        """At the top left of ``sheet``."""
        ground, pad, inset = self.palette.field, self.pad, self.pad // 2
        sheet.pen.rectangle((0, 0, self.width - 1, self.height - 1), fill=ground)
        sheet.pen.rectangle(
            (inset, inset, self.width - 1 - inset, self.height - 1 - inset),
            outline=self.palette.hairline,
        )
        _write(sheet, self.name, pad, pad, ground)
        if self.text.is_example:
            size = round(self.stamp * 0.9)
            _stamp(sheet, self.width - pad, pad, size, self.palette.on_field, ground)
        middle = pad + _height(self.name) + round(self.spare * 0.45)
        self.number.draw(sheet, pad, middle, ground)
        _write(sheet, self.headline, pad, middle + self.number.height, ground)
        _write(sheet, self.board, pad, self.height - pad - _height(self.board), ground)


def _flowers(
    sheet: Sheet,
    text: PosterText,
    box: tuple[int, int, int, int],
    label: Style,
    columns: int | None = None,
) -> int:
    """The years in rows within ``box``, as large as it allows; answers where they end."""
    left, top, right, bottom = box
    count = len(text.flowers)
    if not count:
        return top
    width, height = right - left, bottom - top

    def tile(across: int) -> int:
        down = -(-count // across)
        return min(width // across, height // down - label.line)

    across = columns or max(range(1, count + 1), key=tile)
    size = min(tile(across), round(width * 0.5), 320)
    down = -(-count // across)
    cell_width, cell_height = width // across, size + label.line
    top += max(0, (height - down * cell_height) // 2)
    for number, flower in enumerate(text.flowers):
        row, column = divmod(number, across)
        in_row = min(across, count - row * across)
        # A last row that is not full stands in the middle.
        shift = (width - in_row * cell_width) // 2
        x = left + shift + column * cell_width + (cell_width - size) // 2
        y = top + row * cell_height
        sheet.image.paste(flowers.tile(flower, size, PAPER), (x, y))
        words = round(sheet.fonts(label).getlength(flower.label))
        baseline = y + size + round(label.line * 0.5 + label.size * 0.38)
        sheet.write(x + (size - words) // 2, baseline, flower.label, label, PAPER)
    return top + down * cell_height


# --- the layouts ---------------------------------------------------------------------------------


def _cover(text: PosterText, fonts: Fonts) -> Sheet:
    sheet = Sheet(900, 383, PAPER, fonts)
    split = 588
    _Field.plan(text, (split, 383), pad=34, number=136, unit=3, fonts=fonts).draw(sheet)
    pad, width = 24, 900 - split - 48
    facts = [
        (text.dates, Style(19, INK, bold=True, serif=True, leading=1.4, balance=True)),
        (text.reference, Style(14, SOFT, leading=1.5, gap=4, balance=True)),
        (EXAMPLE_NOTE if text.is_example else "", Style(14, INK, leading=1.5)),
    ]
    scale = _fitted(lambda scale: _height(_rows(facts, width, scale, fonts)), 150)
    rows = _rows(facts, width, scale, fonts)
    top = 383 - pad - _height(rows)
    _flowers(sheet, text, (split + pad, pad, 900 - pad, top - 10), Style(15, SOFT, leading=1.4))
    _write(sheet, rows, split + pad, top, PAPER, centre=width)
    return sheet


def _square(text: PosterText, fonts: Fonts) -> Sheet:
    sheet = Sheet(1080, 1080, PAPER, fonts)
    split, pad, width = 640, 72, 1080 - 144
    _Field.plan(text, (1080, split), pad=pad, number=330, unit=7, fonts=fonts).draw(sheet)
    facts = [
        (text.dates, Style(36, INK, bold=True, serif=True, leading=1.4, balance=True)),
        (text.reference, Style(22, SOFT, leading=1.5, gap=6, balance=True)),
        (EXAMPLE_NOTE if text.is_example else "", Style(22, INK, leading=1.5)),
    ]
    scale = _fitted(lambda scale: _height(_rows(facts, width, scale, fonts)), 190)
    rows = _rows(facts, width, scale, fonts)
    top = 1080 - 44 - _height(rows)
    _flowers(sheet, text, (pad, split + 28, 1080 - pad, top - 16), Style(22, SOFT, leading=1.4))
    _write(sheet, rows, pad, top, PAPER, centre=width)
    return sheet


def _long(text: PosterText, fonts: Fonts) -> Sheet:
    pad = 72
    field = _long_field(text, pad, fonts)
    width = 1080 - 2 * pad
    label = Style(26, SOFT, leading=1.5)
    across = min(3, max(1, len(text.flowers)))
    down = -(-len(text.flowers) // across)
    tile = 290 if down < 4 else 240
    flowers_height = down * (tile + label.line)
    sentence = lay([(text.sentence, Style(38, INK, serif=True, leading=1.75))], width - 40, fonts)
    facts = lay(
        [
            (text.dates, Style(40, field.palette.on_paper, bold=True, serif=True, leading=1.5)),
        ],
        width,
        fonts,
    )
    notes = lay(
        [(note, Style(25, SOFT, leading=1.65, gap=6)) for note in text.footnotes]
        + [(text.reference, Style(25, INK, bold=True, leading=1.65, gap=10))]
        + ([(EXAMPLE_NOTE, Style(25, INK, bold=True, leading=1.65))] if text.is_example else []),
        width,
        fonts,
    )
    legend = _legend(text)
    legend_height = 56 if legend else 0
    gap = 48
    total = (
        field.height + gap + _height(facts) + 24 + flowers_height + legend_height
        + gap + _height(sentence) + gap + _height(notes) + pad
    )  # fmt: skip
    sheet = Sheet(1080, total, PAPER, fonts)
    field.draw(sheet)
    top = field.height + gap
    _write(sheet, facts, pad, top, PAPER, centre=width)
    top += _height(facts) + 24
    _flowers(sheet, text, (pad, top, 1080 - pad, top + flowers_height), label, across)
    top += flowers_height
    if legend:
        _draw_legend(sheet, legend, pad, top, width)
        top += legend_height
    top += gap
    sheet.pen.rectangle((pad, top + 12, pad + 5, top + _height(sentence) - 12), fill=LOTUS)
    _write(sheet, sentence, pad + 40, top, PAPER)
    top += _height(sentence) + gap
    sheet.pen.line((pad, top - gap // 2, 1080 - pad, top - gap // 2), fill=LINE, width=2)
    _write(sheet, notes, pad, top, PAPER)
    return sheet


def _long_field(text: PosterText, pad: int, fonts: Fonts) -> _Field:
    """As high as the names need: on a long picture nothing is refused."""
    height = 720
    while True:
        try:
            return _Field.plan(text, (1080, height), pad=pad, number=360, unit=8, fonts=fonts)
        except PosterError:
            height += 240


def _legend(text: PosterText) -> list[tuple[flowers.Petal, str]]:
    shown = {petal for flower in text.flowers for petal in flower.petals}
    return [(petal, words) for petal, words in flowers.WORDS.items() if petal in shown]


def _draw_legend(
    sheet: Sheet, legend: Sequence[tuple[flowers.Petal, str]], left: int, top: int, width: int
) -> None:
    """One line in the middle: a petal and what it means, for each kind on the poster."""
    style, petal_width, gap = Style(24, SOFT), 24, 44
    lengths = [petal_width + round(sheet.fonts(style).getlength(words)) for _, words in legend]
    x = left + (width - sum(lengths) - gap * (len(legend) - 1)) // 2
    for (petal, words), length in zip(legend, lengths, strict=True):
        sheet.image.paste(flowers.single(petal, 36, PAPER), (x - 10, top + 10))
        sheet.write(x + petal_width, top + 37, words, style, PAPER)
        x += length + gap


_DRAW = {Layout.COVER: _cover, Layout.SQUARE: _square, Layout.LONG: _long}
