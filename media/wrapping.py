"""Breaking Chinese text into lines for pictures.

A line breaks between any two characters, except that closing marks never begin a line, opening
marks never end one, and numbers and Latin words stay whole (GB/T 15834-2011, 附录 on the place of
marks). Widths come from a function, so that the rules need no font.
"""

import re
from collections.abc import Callable

# What must not stand at the beginning of a line, and what must not stand at its end.
NOT_FIRST = frozenset("，。、；：！？）》」』】〕〉’”…—·～%‰℃,.;:!?)]}")
NOT_LAST = frozenset("（《「『【〔〈‘“([{#￥$")
_WORD = re.compile(r"[0-9A-Za-z][0-9A-Za-z.,_+\-/×]*[0-9A-Za-z+]|.", re.DOTALL)

Width = Callable[[str], float]


def wrap(text: str, limit: float, width: Width) -> list[str]:
    """``text`` in lines of at most ``limit``; one empty text gives no line.

    A single character wider than ``limit`` stands alone. A line breaks against the rules only
    where it holds nothing that may stand at a line's ends.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += _paragraph(paragraph.strip(), limit, width)
    return lines


def balanced(text: str, limit: float, width: Width) -> list[str]:
    """As ``wrap``, the lines of a heading about equally long and no more of them."""
    lines = wrap(text, limit, width)
    if len(lines) < 2:
        return lines
    narrow, wide = limit / len(lines) / 2, limit
    best = lines
    # Eight halvings come to within a pixel or so of the narrowest box.
    for _ in range(8):
        middle = (narrow + wide) / 2
        tried = wrap(text, middle, width)
        if len(tried) == len(lines) and max(map(width, tried)) <= middle:
            wide, best = middle, tried
        else:
            narrow = middle
    return best


def _paragraph(text: str, limit: float, width: Width) -> list[str]:
    pieces = _pieces(text, limit, width)
    lines = []
    while pieces:
        taken = _taken(pieces, limit, width)
        lines.append("".join(pieces[:taken]).strip())
        pieces = pieces[taken:]
        while pieces and pieces[0].isspace():
            pieces = pieces[1:]
    return [line for line in lines if line]


def _pieces(text: str, limit: float, width: Width) -> list[str]:
    """What is never divided: single characters, and words that fit a line."""
    pieces: list[str] = []
    for piece in _WORD.findall(text):
        pieces += [piece] if width(piece) <= limit else list(piece)
    return pieces


def _taken(pieces: list[str], limit: float, width: Width) -> int:
    """How many pieces go on the line."""
    full = 1
    while full < len(pieces) and width("".join(pieces[: full + 1]).rstrip()) <= limit:
        full += 1
    if full == len(pieces):
        return full
    for taken in range(full, 0, -1):
        following = next((piece for piece in pieces[taken:] if not piece.isspace()), "")
        if following[:1] not in NOT_FIRST and pieces[taken - 1][-1:] not in NOT_LAST:
            return taken
    return full
