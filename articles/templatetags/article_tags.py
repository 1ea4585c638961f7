"""Small questions that the public pages and blocks ask."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django import template

from articles.models import ArticlePage, ColumnPage
from rankings import lotus
from rankings.honours import YearFact
from rankings.models import HonoursPage

register = template.Library()

WEB_SCHEMES = {"http", "https"}
BETWEEN_NUMBERS = re.compile(r"\s*[、，,；;/／]\s*|\s+(?:或|转)\s+")
PHONE = re.compile(r"\+?[\d(][\d\s()-]*\d", re.ASCII)
MOST_DIGITS = 14  # country, area and number; more would be two numbers run together


YEARS_IN_BRIEF = 3


class HonoursInBrief(NamedTuple):
    """What the front page says of the honours: the newest years of the first board."""

    page: HonoursPage
    words: str
    years: tuple[YearFact, ...]


class Phone(NamedTuple):
    """A printed number and the digits to dial; ``dial`` is empty where it is no number."""

    text: str
    dial: str


@register.simple_tag
def column_of(article: ArticlePage, columns: Sequence[ColumnPage]) -> ColumnPage | None:
    """The column among ``columns`` that ``article`` lies in, found without a query."""
    return next((column for column in columns if article.path.startswith(column.path)), None)


@register.simple_tag
def first_picture(article: ArticlePage) -> Any:
    """The image that opens the text or comes first in it: the one that is not loaded late."""
    return next(iter(article.pictures()), article.cover)


@register.simple_tag
def newest_months(most: int) -> list[dt.date]:
    """The first days of the newest months that have articles, newest first; one query."""
    months = ArticlePage.objects.live().dates("first_published_at", "month", order="DESC")
    return list(months[:most])


@register.simple_tag(takes_context=True)
def honours_in_brief(context: template.Context) -> HonoursInBrief | None:
    """The newest years of the first board on the honours page, and the sentence that goes with
    them; nothing where there is no such page or record. The motif comes along as ``lotus``."""
    page = HonoursPage.objects.live().select_related("account").first()
    parts = page.honours().boards if page else ()
    if not parts or not parts[0].years:
        return None
    context["lotus"] = lotus
    words = parts[0].runs[0].sentence.text if parts[0].runs else ""
    return HonoursInBrief(page, words, parts[0].years[-YEARS_IN_BRIEF:])


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
