"""What the address of a search says, and what is wrong with it. Pure but for the columns."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from cms.search.query import MOST_CHARACTERS

from ..models import ColumnPage
from .query import MOST_PAGES

NEWEST = "newest"
_DAY = re.compile(r"\s*(\d{4})[^\d](\d{1,2})[^\d](\d{1,2})日?\s*", re.ASCII)
_FIRST, _LAST = date(1949, 10, 1), date(2100, 12, 31)
HOW = "请写成 2026-11-01 这样。"


@dataclass(frozen=True)
class Parameters:
    """The fields as typed (for the form), as understood, and what to tell about them.

    ``mistakes`` keep a search from being made, ``notes`` do not; both are Chinese sentences.
    """

    typed: str = ""
    column: ColumnPage | None = None
    since_typed: str = ""
    until_typed: str = ""
    since: date | None = None
    until: date | None = None
    newest_first: bool = False
    page: int = 1
    mistakes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def address(self, **changes: str) -> str:
        """The query string of this search with ``changes``, from the first page on."""
        values = {
            "q": self.typed,
            "column": self.column.slug if self.column else "",
            "from": self.since_typed,
            "to": self.until_typed,
            "order": NEWEST if self.newest_first else "",
            **changes,
        }
        return "?" + urlencode({name: value for name, value in values.items() if value})


def read(given: Mapping[str, str], columns: Iterable[ColumnPage]) -> Parameters:
    """Understand the ``given`` fields; raises for nothing."""
    mistakes: list[str] = []
    notes: list[str] = []
    typed = clean(given.get("q", ""))
    if len(typed) > MOST_CHARACTERS:
        typed = typed[:MOST_CHARACTERS].strip()
        notes.append(f"搜索词太长，只按前 {MOST_CHARACTERS} 个字查找。")
    slug = clean(given.get("column", ""))
    column = next((each for each in columns if each.slug == slug), None)
    if slug and not column:
        notes.append("没有这个栏目，已在全部栏目里查找。")
    since_typed, until_typed = (clean(given.get(name, ""))[:40] for name in ("from", "to"))
    since = _day(since_typed, "开始日期", mistakes)
    until = _day(until_typed, "结束日期", mistakes)
    if since and until and since > until:
        mistakes.append("开始日期晚于结束日期，请把两个日期对调。")
    return Parameters(
        typed=typed,
        column=column,
        since_typed=since.isoformat() if since else since_typed,
        until_typed=until.isoformat() if until else until_typed,
        since=since,
        until=until,
        newest_first=given.get("order") == NEWEST,
        page=_page(given.get("page", "")),
        mistakes=tuple(mistakes),
        notes=tuple(notes),
    )


def clean(text: str) -> str:
    """``text`` without what is not seen: control characters, marks of direction, half pairs."""
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category != "Cf":
            kept.append(" " if category[0] == "C" or character.isspace() else character)
    return " ".join("".join(kept).split())


def _day(typed: str, called: str, mistakes: list[str]) -> date | None:
    if not typed:
        return None
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", typed))
    if not match:
        mistakes.append(f"{called}“{typed}”看不懂，{HOW}")
        return None
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        mistakes.append(f"{called}“{typed}”不是一个日子，{HOW}")
        return None
    if not _FIRST <= day <= _LAST:
        mistakes.append(f"{called}“{typed}”不在 {_FIRST.year} 年到 {_LAST.year} 年之间，请改正。")
        return None
    return day


def _page(typed: str) -> int:
    digits = typed if typed.isascii() and typed.isdigit() else "1"
    return max(1, min(int(digits[:4]), MOST_PAGES))
