"""What a month's article is called: patterns of titles. Pure, over plain text.

A pattern is matched piece by piece for one wanted month, so that it takes time linear in the title
whatever pattern and title hold; neither is ever a regular expression of its own.
"""

import re
import unicodedata
from datetime import date

from rankings.periods import Month

from .addresses import PatternError

MAX_TITLE = 300

_FIELD = re.compile(r"\{([^{}]*)\}")
_CHINESE = "〇一二三四五六七八九"
_NUMERAL = "0-9〇○零一二三四五六七八九十"


def check_pattern(pattern: str) -> None:
    """Raises ``PatternError`` for a pattern that could never find, or would find anything."""
    fields = _FIELD.findall(pattern)
    if set(fields) - {"year", "month"} or "{" in _FIELD.sub("", pattern) + "".join(fields):
        raise PatternError("文章标题的样子里只能用 {year}、{month} 和 *，请检查大括号里的内容。")
    if "}" in _FIELD.sub("", pattern):
        raise PatternError("文章标题的样子里大括号不成对，请检查。")
    if "month" not in fields:
        raise PatternError("文章标题的样子里要有 {month}，否则分不出是哪个月的榜单。")
    rest = _folded(_FIELD.sub("", pattern)).replace("*", "")
    if len(re.sub(r"[年月\W_]", "", rest)) < 2:
        raise PatternError(
            "文章标题的样子太宽，除了年月至少再写两个字，例如 {year}年{month}月*榜单。"
        )


def matches(pattern: str, title: str, month: Month, day: date | None = None) -> bool:
    """Whether ``title`` looks like ``pattern`` filled in with ``month``.

    Before and behind the pattern anything may stand. Width, case and white space do not count,
    years and months may be written in Chinese numerals. A pattern without a year takes the year
    from ``day``, the day the title is from: the last such month that was over by then.
    """
    pieces = [piece for piece in _folded(pattern).split("*") if piece]
    if "{year}" not in pattern and _inferred(month, day) != month:
        return False
    text, at = _folded(title[:MAX_TITLE]), 0
    for piece in pieces:
        found = re.compile(_piece(piece, month)).search(text, at)
        if found is None:
            return False
        at = found.end()
    return True


def _inferred(month: Month, day: date | None) -> Month:
    if day is None:
        return month
    newest = Month.of(day) + -1
    return newest + -((newest.month - month.month) % 12)


def _piece(piece: str, month: Month) -> str:
    """Alternatives of fixed length only: no piece can be slow."""
    expression, last = "", 0
    for field in _FIELD.finditer(piece):
        numeral = _years(month.year) if field[1] == "year" else _months(month.month)
        expression += re.escape(piece[last : field.start()])
        expression += f"(?<![{_NUMERAL}])(?:{numeral})(?![{_NUMERAL}])"
        last = field.end()
    return expression + re.escape(piece[last:])


def _years(year: int) -> str:
    short = f"{year % 100:02d}"
    digits = "".join(_CHINESE[int(digit)] for digit in str(year)).replace("〇", "[〇○零o0]")
    return f"{year}|{short}|{digits}"


def _months(month: int) -> str:
    tens = "十" if month >= 10 else ""
    ones = _CHINESE[month % 10] if month % 10 else ""
    return f"0?{month}|{tens}{ones}"


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
