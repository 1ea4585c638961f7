"""What residents type, made fit to be kept: pure functions over text."""

import re
import unicodedata

# Never seen by a reader: controls, marks of direction, half pairs.
_UNSEEN = {"Cc", "Cf", "Cs"}
_LINK = re.compile(r"https?://|www\.[a-z0-9]|[\w-]+\.(?:com|cn|net|org|top|xyz|vip|cc|io)\b", re.I)
_MANY_LINES = re.compile(r"\n{3,}")


def line(typed: str) -> str:
    """``typed`` as one line: NFC, without control characters, single blanks."""
    return " ".join(_seen(typed, " ").split())


def paragraphs(typed: str) -> str:
    """``typed`` with its lines: NFC, without control characters, one empty line at most."""
    typed = typed.replace("\r\n", "\n").replace("\r", "\n")
    kept = "\n".join(each.rstrip() for each in _seen(typed, "\n").split("\n"))
    return _MANY_LINES.sub("\n\n", kept).strip()


def _seen(typed: str, line_end: str) -> str:
    kept = []
    for character in unicodedata.normalize("NFC", typed):
        if character == "\n":
            kept.append(line_end)
        elif character == "\t":
            kept.append(" ")
        elif unicodedata.category(character) not in _UNSEEN:
            kept.append(character)
    return "".join(kept)


def links_in(text: str) -> int:
    """How many web addresses are in ``text``; full-width forms count as well."""
    return sum(
        1
        for word in re.split(r"[\s，。；、（）()<>“”]+", unicodedata.normalize("NFKC", text))
        if _LINK.search(word)
    )


_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}\d{7,8}(?:转\d{1,6})?|[2-8]\d{6,7}")


def phone(typed: str) -> str:
    """A mobile or landline number in digits, without what is written between; or nothing."""
    plain = re.sub(r"[\s().‐-―－-]", "", unicodedata.normalize("NFKC", typed))
    fits = _MOBILE.fullmatch(plain) or _LANDLINE.fullmatch(plain)
    return plain if fits else ""
