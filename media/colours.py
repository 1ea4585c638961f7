"""Colours that can be read on each other (WCAG 2.1, success criterion 1.4.3)."""

from collections.abc import Sequence

Colour = tuple[int, int, int]

PAPER: Colour = (251, 250, 246)
INK: Colour = (31, 42, 40)
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
# What text needs against its ground, whatever its size: large type may make do with 3.
READABLE = 4.5


def parse(text: str) -> Colour:
    """``#2E6A50`` as red, green and blue. Raises ``ValueError`` for anything else."""
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"not a colour: {text!r}")
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def luminance(colour: Colour) -> float:
    """Relative luminance, 0 for black to 1 for white."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, two: Colour) -> float:
    """1 for equal colours to 21 for black on white."""
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mix(one: Colour, two: Colour, part: float) -> Colour:
    """``part`` (0 to 1) of ``one`` in ``two``."""
    red, green, blue = (round(a * part + b * (1 - part)) for a, b in zip(one, two, strict=True))
    return red, green, blue


def text_on(
    ground: Colour, wanted: Sequence[Colour] = (PAPER, INK), needed: float = READABLE
) -> Colour:
    """The first of ``wanted`` that can be read on ``ground``, else white or black: one always can.

    No ground is so much in the middle that both white and black stay under 4.58.
    """
    for colour in wanted:
        if contrast(colour, ground) >= needed:
            return colour
    return max((WHITE, BLACK), key=lambda colour: contrast(colour, ground))


def towards(
    colour: Colour, ground: Colour, end: Colour | None = None, needed: float = READABLE
) -> Colour:
    """``colour``, moved towards ``end`` (default: what reads best) until it reads on ``ground``."""
    end = text_on(ground) if end is None else end
    for step in range(20):
        moved = mix(end, colour, step / 20)
        if contrast(moved, ground) >= needed:
            return moved
    return end
