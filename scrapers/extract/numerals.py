"""Small whole numbers in Arabic, Chinese and circled digits."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_DIGITS |= {"零": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
_UNITS = {"十": 10, "百": 100}

#: A whole number in Arabic or Chinese digits, for use inside other patterns.
NUMERAL = r"(?:\d{1,4}|[〇零一二两三四五六七八九十百]{1,6})"

#: ①…㊿ and the filled ❶…❿, which NFKC does not take apart.
CIRCLED = "".join(
    map(chr, [*range(0x2460, 0x2474), *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)])
)
_FILLED = {chr(0x2776 + i): i + 1 for i in range(10)}
_FILLED |= {chr(0x24EB + i): i + 11 for i in range(10)}
CIRCLED += "".join(_FILLED)

_CHINESE = re.compile(r"[〇零一二两三四五六七八九十百壹贰叁]+")


def parse_numeral(text: str) -> int | None:
    """``12``, ``十二``, ``一百二十``, ``二〇`` or ``⑫`` as a number, else ``None``."""
    if text in _FILLED:
        return _FILLED[text]
    text = unicodedata.normalize("NFKC", text)
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 6 else None
    return _chinese(text) if _CHINESE.fullmatch(text) else None


def _chinese(text: str) -> int | None:
    if not any(char in _UNITS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, None
    for char in text:
        if char in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif digit:
            return None
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)
