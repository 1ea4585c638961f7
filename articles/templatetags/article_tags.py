"""Small questions that the public pages and blocks ask."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django import template

from articles.models import ArticlePage, ColumnPage

register = template.Library()

WEB_SCHEMES = {"http", "https"}
BETWEEN_NUMBERS = re.compile(r"\s*[、，,；;/／]\s*|\s+(?:或|转)\s+")
PHONE = re.compile(r"\+?[\d(][\d\s()-]*\d", re.ASCII)
MOST_DIGITS = 14  # country, area and number; more would be two numbers run together


class Phone(NamedTuple):
    """A printed number and the digits to dial; ``dial`` is empty where it is no number."""

    text: str
    dial: str


@register.simple_tag
def column_of(article: ArticlePage, columns: Sequence[ColumnPage]) -> ColumnPage | None:
    """The column among ``columns`` that ``article`` lies in, found without a query."""
    return next((column for column in columns if article.path.startswith(column.path)), None)


@register.filter
def web_address(url: str | None) -> str:
    """``url`` where it is an address of the web, else nothing: imported text is not trusted."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return ""
    return parts.geturl() if parts.scheme in WEB_SCHEMES and parts.hostname else ""


@register.filter
def host(url: str | None) -> str:
    """The host of a web address, to be shown beside a link that leaves the site."""
    return urlsplit(web_address(url)).hostname or ""


@register.filter
def phones(text: str | None) -> list[Phone]:
    """The numbers of a telephone field, each with what to dial.

    A part that is more than a number (an extension, a name) is shown and not dialled.
    """
    found = []
    for part in BETWEEN_NUMBERS.split((text or "").strip()):
        plain = unicodedata.normalize("NFKC", part)
        digits = re.sub(r"\D", "", plain)
        dial = ""
        if PHONE.fullmatch(plain) and len(digits) <= MOST_DIGITS:
            dial = ("+" if plain.startswith("+") else "") + digits
        if part:
            found.append(Phone(part, dial))
    return found


@register.filter
def lines(text: str | None) -> list[str]:
    """The lines of ``text`` that hold something."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


@register.filter
def padded(row: Sequence[Any], width: int) -> list[Any]:
    """``row`` with empty cells up to ``width``."""
    cells = list(row)
    return cells + [""] * (width - len(cells))
