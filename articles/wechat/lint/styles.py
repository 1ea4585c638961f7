"""What a style attribute says: declarations, lengths in pixels, fonts, colours."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import tinycss2
from tinycss2.ast import FunctionBlock, Node, ParenthesesBlock
from tinycss2.color4 import parse_color

from .colours import Paint

# Brackets within brackets in a style; what goes deeper is no style, and reading it would recurse.
BRACKETS_MOST = 16
# Longer attributes are read each time: a cache of them would be a cache of rubbish.
_CACHED_MOST = 2_000

_LENGTH = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z%]*)")
_FONT = re.compile(
    r"(?:^|\s)(?P<size>[\d.]+(?:px|pt|em|rem|vw|%))(?:\s*/\s*(?P<line>[\d.]+[a-z%]*|normal))?"
    r"\s+(?P<family>\S.*)$"
)
# CSS pixels of one unit; what depends on the font or the box is in `pixels`.
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "vw": 3.75,  # of the phone's 375 px
    "rem": 16.0,
}


@dataclass(frozen=True, slots=True)
class Declaration:
    """A value: as ``text`` in lower case, and as tokens of tinycss2."""

    text: str
    tokens: tuple[Node, ...]
    important: bool

    @property
    def parts(self) -> list[str]:
        """The value's pieces between white space, as ``0 auto`` has two."""
        blank = ("whitespace", "comment")
        return [token.serialize().lower() for token in self.tokens if token.type not in blank]


@dataclass(frozen=True, slots=True, eq=False)
class Style:
    """The declarations by name, the last of a name counting; ``is_broken``: not to be read.

    One object for equal attributes, as far as they are cached: so each is its own key.
    """

    declarations: Mapping[str, Declaration]
    is_broken: bool = False

    def text(self, name: str) -> str:
        """The value of ``name`` in lower case, empty when there is none."""
        found = self.declarations.get(name)
        return found.text if found else ""

    def sides(self, name: str) -> Mapping[str, str]:
        """The values of ``margin`` or ``padding`` by side, the shorthand included."""
        return _sides(self, name)

    @property
    def font(self) -> tuple[str, str, str]:
        """``(size, line height, family)``, each empty when it is not said."""
        size, line, family = "", "", ""
        if found := _FONT.search(self.text("font")):
            size, line, family = found["size"], found["line"] or "normal", found["family"]
        return (
            self.text("font-size") or size,
            self.text("line-height") or line,
            self.text("font-family") or family,
        )


@lru_cache(maxsize=2_048)
def _sides(style: Style, name: str) -> Mapping[str, str]:
    sides = ("top", "right", "bottom", "left")
    found = {}
    if shorthand := style.declarations.get(name):
        parts = shorthand.parts[:4]
        whole = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}
        order = whole.get(len(parts), ())
        found = {side: parts[place] for side, place in zip(sides, order, strict=False)}
    for side in sides:
        if longhand := style.text(f"{name}-{side}"):
            found[side] = longhand
    return found


EMPTY = Style(MappingProxyType({}))


def read_style(attribute: str | None) -> Style:
    """What the style attribute ``attribute`` says."""
    if not attribute or not attribute.strip():
        return EMPTY
    return _cached(attribute) if len(attribute) <= _CACHED_MOST else _read(attribute)


def _read(attribute: str) -> Style:
    if _depth(attribute) > BRACKETS_MOST:
        return Style(MappingProxyType({}), is_broken=True)
    found: dict[str, Declaration] = {}
    for item in tinycss2.parse_declaration_list(
        attribute, skip_comments=True, skip_whitespace=True
    ):
        if item.type != "declaration":
            continue
        old = found.get(item.lower_name)
        if old and old.important and not item.important:
            continue
        text = tinycss2.serialize(item.value).strip().lower()
        found[item.lower_name] = Declaration(text, tuple(item.value), item.important)
    return Style(MappingProxyType(found))


_cached = lru_cache(maxsize=2_048)(_read)


def _depth(text: str) -> int:
    """How deep brackets go; too large rather than too small where quotes hold some."""
    depth = deepest = 0
    for character in re.findall(r"[(\[{)\]}]", text):
        depth = depth + 1 if character in "([{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def pixels(value: str, font_size: float, whole: float) -> float | None:
    """``value`` in CSS pixels; None for words, sums and unknown units.

    ``font_size`` is what ``em`` stands for, ``whole`` what ``100%`` does, both in pixels.
    """
    found = _LENGTH.fullmatch(value)
    if not found:
        return None
    number, unit = float(found[1]), found[2]
    if unit == "%":
        return number * whole / 100
    if unit in ("em", "ch", "ex"):
        return number * font_size * (1 if unit == "em" else 0.5)
    if unit == "" and number:
        return None  # only zero needs no unit
    factor = _UNITS.get(unit)
    return None if factor is None else number * factor


def is_fixed(value: str) -> bool:
    """Whether a width is a length of its own, whatever the screen."""
    return bool(re.search(r"\d(px|pt|pc|in|cm|mm|em|rem)$", value))


@lru_cache(maxsize=2_048)
def colour(text: str) -> Paint | None:
    """The colour ``text`` names; None for none, for ``currentcolor`` and for unknown ones."""
    return _paint(parse_color(text)) if len(text) < 100 and _depth(text) < BRACKETS_MOST else None


def colours_in(tokens: tuple[Node, ...]) -> Iterator[Paint]:
    """The colours anywhere in a value, those of gradients included, in their order."""
    for token in tokens:
        found = _paint(parse_color(token)) if token.type in ("ident", "hash", "function") else None
        if found:
            yield found
        elif isinstance(token, FunctionBlock):
            yield from colours_in(tuple(token.arguments))
        elif isinstance(token, ParenthesesBlock):
            yield from colours_in(tuple(token.content))


def _paint(parsed: object) -> Paint | None:
    if parsed is None or isinstance(parsed, str) or parsed.space not in ("srgb", "hsl", "hwb"):
        return None
    *channels, alpha = (min(max(part, 0.0), 1.0) for part in parsed.to("srgb"))
    return Paint(tuple(round(channel * 255) for channel in channels), alpha)
