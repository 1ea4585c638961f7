"""The one normalisation of text for searching: of what is indexed and of what people type. Pure.

A CJK character is one token and a run of letters or digits is one, compatibility forms are
resolved (２０２６ is 2026), traditional characters are simplified, case and accents are gone, and
punctuation only separates. So a two-character word is found inside any sentence, without a
dictionary and without a new index when a dictionary changes.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

# Raise it whenever the same text would give other tokens: installations then index anew.
VERSION = 1

# Of an overlong word (an encoded picture, say) this much counts; PostgreSQL refuses 2 kB.
MOST_IN_A_WORD = 64
# Of one text this much is indexed; PostgreSQL refuses a vector of 1 MB.
MOST_TOKENS = 50_000

_CJK = (
    (0x3005, 0x3007),  # 々〆〇
    (0x3021, 0x3029),
    (0x3031, 0x312F),  # kana, bopomofo
    (0x31A0, 0x31BF),
    (0x31F0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0x20000, 0x3FFFD),
)


@dataclass(frozen=True)
class Token:
    """A token and where it stands in the text it was read from.

    ``joined`` says that nothing but ignored characters stands between it and the one before.
    """

    text: str
    start: int
    end: int
    joined: bool


@cache
def is_cjk(character: str) -> bool:
    """Whether the (normalised) character is a token of its own."""
    point = ord(character)
    return any(low <= point <= high for low, high in _CJK)


def tokens(text: str) -> list[str]:
    """The tokens of ``text`` in their order, at most `MOST_TOKENS`."""
    return [word[:MOST_IN_A_WORD] for word in text.translate(_TABLE).split()[:MOST_TOKENS]]


def spaced(text: str) -> str:
    """The tokens of ``text`` with a space between them."""
    return " ".join(tokens(text))


def joined(text: str) -> str:
    """The tokens of ``text``, with a space wherever two words would run together.

    For analysers that cut Chinese themselves: punctuation still separates.
    """
    found: list[str] = []
    for token in spans(text)[:MOST_TOKENS]:
        if found and not (token.joined and (is_cjk(found[-1][-1]) or is_cjk(token.text[0]))):
            found.append(" ")
        found.append(token.text)
    return "".join(found)


def spans(text: str) -> list[Token]:
    """The tokens of ``text`` with their places; the same tokens in the same order as `tokens`."""
    found: list[Token] = []
    word, start, end = "", 0, 0
    is_joined = False

    def flush() -> None:
        nonlocal word, is_joined
        if word:
            found.append(Token(word[:MOST_IN_A_WORD], start, end, is_joined))
            word, is_joined = "", True

    for place, character in enumerate(text):
        normal = _TABLE[ord(character)]
        for letter in normal:
            if letter == " ":
                flush()
                continue
            if not word:
                start = place
            word, end = word + letter, place + 1
        if normal and not normal.strip():
            is_joined = False
    flush()
    return found


class _Table(dict[int, str]):
    """What each character becomes, found out when it is first met; for ``str.translate``."""

    def __missing__(self, point: int) -> str:
        self[point] = normal = "".join(map(_normal, unicodedata.normalize("NFKD", chr(point))))
        return normal


_TABLE = _Table()


def _normal(character: str) -> str:
    category = unicodedata.category(character)
    # Marks (accents, after NFKD) and what nobody sees are left out without separating.
    if category.startswith("M") or category in ("Cf", "Cn"):
        return ""
    if is_cjk(character):
        return "".join(f" {each} " for each in _simplifier().convert(character))
    folded = "".join(c for c in character.casefold() if not unicodedata.combining(c))
    return folded if folded.isalnum() else " "


@cache
def _simplifier() -> Any:
    """Character by character: looking at words, 乾 would become 干 or stay by what is beside it."""
    import opencc

    return opencc.OpenCC("t2s")
