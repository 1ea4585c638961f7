"""Printed ranks in every form (README §4), and rank expressions in prose (§7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .contract import Movement
from .folding import compact, fold
from .movement import parse_mark
from .numerals import CIRCLED, NUMERAL, parse_numeral

FIRST = "榜首|首位|头名|冠军|桂冠|头筹|魁首|榜眼|探花|亚军|季军|状元"
_TITLES = {"亚军": 2, "榜眼": 2, "季军": 3, "探花": 3, "金牌": 1, "银牌": 2, "铜牌": 3}
_TITLES |= {"🥇": 1, "🥈": 2, "🥉": 3, "金": 1, "银": 2, "铜": 3}
_TITLES |= dict.fromkeys(("榜首", "首位", "头名", "冠军", "桂冠", "头筹", "魁首", "状元"), 1)

#: A page of more cells than this is refused, so no list goes further down.
MAX_RANK = 99_999

_CHINESE = "[一二三四五六七八九十]{1,3}"
_FORMS = ("ordinal", "marked", "plain", "chinese")
_TIE = re.compile(r"[(\[]?并列[)\]]?")
_BRACKET = re.compile(r"[(\[]([^()\[\]]*)[)\]]$")
_MARK_BEHIND = re.compile(
    r"(?<=\d)(?:[名位])?((?:[↑↓▲▼△▽⬆⬇+]|上升|下降|升|降)\d{1,3}[名位]?|[→—=新]|NEW|new)$"
)
_RANK = re.compile(
    rf"(?:第(?P<ordinal>{NUMERAL})[名位]?|(?:NO|TOP|RANK)[.:]?(?P<marked>\d{{1,5}})"
    rf"|(?P<plain>\d{{1,5}})(?:[名位#]|ST|ND|RD|TH)?|(?P<chinese>{_CHINESE}))[、.,:)]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rank:
    """A printed rank with what stands beside it in the same cell."""

    value: int
    tied: bool = False
    movement: Movement | None = None


def parse_rank(text: str) -> Rank | None:
    """``03``, ``第三名``, ``NO.3``, ``TOP 3``, ``③``, ``3、``, ``冠军``, ``5(+2)``, ``3(并列)``."""
    folded = compact(text)
    if not folded or len(folded) > 20:
        return None
    tied = bool(_TIE.search(folded))
    folded = _TIE.sub("", folded)
    movement = None
    if bracket := _BRACKET.search(folded) or _MARK_BEHIND.search(folded):
        movement = parse_mark(bracket[1])
        if movement is not None:
            folded = folded[: bracket.start()]
    value = _value(folded, text.strip())
    if value is None or not 1 <= value <= MAX_RANK:
        return None
    return Rank(value, tied, movement)


def _value(folded: str, printed: str) -> int | None:
    if folded in _TITLES:
        return _TITLES[folded]
    if len(printed) == 1 and printed in CIRCLED:
        return parse_numeral(printed)
    match = _RANK.fullmatch(folded) or re.fullmatch(r"\((?P<plain>\d{1,3})\)", folded)
    if match is None:
        return None
    groups = match.groupdict()
    found = next((groups[name] for name in _FORMS if groups.get(name)), None)
    return parse_numeral(found) if found else None


_ONE = rf"(?:第\s*)?{NUMERAL}\s*[名位]?"
#: ``第三、四、五名``, ``第四至第十名``, ``前五名``, ``亚军``: ranks told in prose.
EXPRESSION = (
    rf"(?:前\s*{NUMERAL}\s*[名位强甲]?"
    rf"|(?:第\s*)?{NUMERAL}\s*[名位]?\s*(?:至|到|-|~|—)+\s*{_ONE}"
    rf"|(?:第\s*)?{NUMERAL}\s*[名位]?(?:\s*[、,，和与及]\s*{_ONE})+"
    rf"|第\s*{NUMERAL}\s*[名位]?|{FIRST})"
)
_SPAN = re.compile(rf"({NUMERAL})\D*?(?:至|到|-|~|—)\D*?({NUMERAL})")


def expand(expression: str) -> list[int]:
    """The ranks an :data:`EXPRESSION` names, in order; empty when it is not understood."""
    text = fold(expression).strip()
    if text in _TITLES:
        return [_TITLES[text]]
    if head := re.match(rf"前\s*({NUMERAL})", text):
        return _range(1, parse_numeral(head[1]))
    if span := _SPAN.search(text):
        return _range(parse_numeral(span[1]), parse_numeral(span[2]))
    ranks = [parse_numeral(found) for found in re.findall(NUMERAL, text)]
    return [rank for rank in ranks if rank is not None and 1 <= rank <= MAX_RANK]


def _range(first: int | None, last: int | None) -> list[int]:
    if first is None or last is None or not 1 <= first <= last <= 200:
        return []
    return list(range(first, last + 1))
