"""The rendered text as WeChat's dark mode would show it, for the preview."""

import re

from lxml import html

from .. import darkmode
from ..darkmode import Colour

# The theme writes its colours so, and nothing else of an article brings colours of its own.
HEX = re.compile(r"#([0-9a-f]{6})\b")
BLACK_SEEN_THROUGH = re.compile(r"rgba\(0,0,0,(\.\d+)\)")
GROUND = "background-color"


def at_night(text: str) -> str:
    """``text`` (what `render` makes) with every colour as in dark mode."""
    root = html.fragment_fromstring(text)
    grounds: dict[html.HtmlElement, Colour] = {}
    for element in root.iter():
        grounds[element] = grounds.get(element.getparent(), darkmode.DARK_GROUND)
        if style := element.get("style"):
            declarations = dict(part.split(":", 1) for part in style.split(";"))
            if GROUND in declarations:
                grounds[element] = darkmode.ground(_colour(declarations[GROUND]))
                declarations[GROUND] = _written(grounds[element])
                declarations.setdefault("color", _written(darkmode.LIGHT_INK))
            for name in declarations.keys() - {GROUND}:
                declarations[name] = _inked(declarations[name], grounds[element])
            element.set("style", ";".join(":".join(part) for part in declarations.items()))
    return html.tostring(root, encoding="unicode")


def _inked(value: str, on: Colour) -> str:
    value = HEX.sub(lambda found: _written(darkmode.ink(_colour(found[0]), on)), value)
    light = ",".join(str(part) for part in darkmode.ink((0, 0, 0), on))
    return BLACK_SEEN_THROUGH.sub(lambda found: f"rgba({light},{found[1]})", value)


def _colour(text: str) -> Colour:
    digits = text.removeprefix("#")
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
