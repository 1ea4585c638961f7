"""How a rank moved: marks in cells, class names, previous ranks and words (README §6)."""

from __future__ import annotations

import re

from .contract import Movement
from .folding import compact, fold
from .numerals import NUMERAL, parse_numeral

SAME = Movement("same", 0)
NEW = Movement("new", None)
BACK = Movement("back", None)

_SAME_WORDS = {"—", "-", "–", "→", "0", "不变", "保持不变", "排名不变", "持平", "蝉联", "卫冕"}
_SAME_WORDS |= {"——", "--", "=", "平", "名次不变", "位次不变", "与上期持平", "与上月持平", "無變化"}
_SAME_WORDS |= {"无变化", "不变0", "→0", "±0", "●"}
_NEW_WORDS = {
    "新",
    "NEW",
    "新上榜",
    "新晋",
    "首次上榜",
    "首次登榜",
    "新进",
    "新入榜",
    "新进榜",
    "首登",
}
_NEW_WORDS |= {"新增", "首次入榜", "新上", "新晋榜", "新晋上榜"}
_BACK = re.compile(r"重返|重回|重新上榜|重登|回归")

_UP = re.compile(
    r"(?:[↑▲△⬆↗🔺]?\+|[↑▲△⬆↗🔺]|上升|升|进步|前进|提升|上涨|涨)了?(\d{1,4})(?:[名位]|个(?:名次|位次))?"
)
_DOWN = re.compile(
    r"(?:[↓▼▽⬇↘]?-|[↓▼▽⬇↘]|下降|降|退步|后退|下滑|跌|下跌)了?(\d{1,4})(?:[名位]|个(?:名次|位次))?"
)
_TRAILING = re.compile(r"(\d{1,4})(?:[名位])?([↑▲⬆↓▼⬇])")

_ARROWS = dict.fromkeys("↑▲⬆", "up") | dict.fromkeys("↓▼⬇", "down")

_CLASS_KINDS = {"up": "up", "down": "down", "flat": "same", "same": "same", "new": "new"}
_CLASS_PARTS = re.compile(r"[-_]+")


def parse_mark(text: str) -> Movement | None:
    """The movement a mark prints (``↑2``, ``(-1)``, ``不变``, ``新上榜``), or ``None``."""
    folded = compact(text).strip("()[]【】").rstrip("!")
    if not folded or len(folded) > 20:
        return None
    if folded in _SAME_WORDS:
        return SAME
    if folded.upper() in _NEW_WORDS:
        return NEW
    if _BACK.search(folded):
        return BACK
    if match := _UP.fullmatch(folded):
        return _moved("up", int(match[1]))
    if match := _DOWN.fullmatch(folded):
        return _moved("down", int(match[1]))
    if folded in _ARROWS:
        return Movement(_ARROWS[folded], None)
    if match := _TRAILING.fullmatch(folded):
        return _moved("up" if match[2] in "↑▲⬆" else "down", int(match[1]))
    return None


def class_kind(class_names: str) -> str | None:
    """The movement that class names tell (``mv up``, ``is-down``), or ``None``."""
    for name in class_names.lower().split():
        for part in _CLASS_PARTS.split(name):
            if part in _CLASS_KINDS:
                return _CLASS_KINDS[part]
    return None


def from_class(kind: str, text: str) -> Movement | None:
    """A movement told by a class name on a bare number or an empty mark."""
    folded = compact(text).strip("()+-↑↓▲▼—–→")
    if kind == "new":
        return NEW if not folded.isdigit() else None
    if kind == "same":
        return SAME
    if not folded:
        return Movement(kind, None)
    return _moved(kind, int(folded)) if folded.isdecimal() and len(folded) < 5 else None


def from_previous(previous: int | None, rank: int) -> Movement:
    """The movement from the rank before; ``None`` there means the account was not on the list."""
    if previous is None:
        return NEW
    return _moved("up" if previous > rank else "down", abs(previous - rank))


def _moved(kind: str, places: int) -> Movement:
    return Movement(kind, places) if places else SAME


_WHEN = r"(?:上个?月|上一?期|上一?周|上轮|此前)"
_PLACE = rf"(?:第\s*{NUMERAL}\s*[名位]?|榜首|首位|头名|冠军|亚军|季军)"
_OFF_LIST = r"(?:未[上入进]榜|榜外|榜单之外|未进榜单)"
_STEP = r"(?:大幅|一举|强势|一路|直接|稳步|再度|成功)?"
_GO = (
    r"(?:跃升|攀升|上升|升|跃居|跃|提升|晋升|前进|冲|下降|降|滑落|下滑|跌落|跌|退居|退|回落|滑|掉|变)"
    r"(?:至|到|为|成|居)?了?"
)
#: ``由上月第八跃升至第四``; the second place is the rank of this list.
FROM_TO = re.compile(
    rf"(?:(?:由|从|自){_WHEN}?|{_WHEN})的?(?:榜单)?(?:的)?(?P<old>{_PLACE}|{_OFF_LIST})的?(?:位置)?[,，]?"
    rf"{_STEP}{_GO}(?:本期|本月|本周)?(?:榜单)?(?P<new>{_PLACE})"
)
_KEPT = re.compile(
    rf"(?:保持|维持|稳守|守住|仍居|仍列)(?:在)?{_PLACE}?(?:的)?(?:名次|位次|排名|位置)?(?:保持)?不变"
)
_STAYED = re.compile(r"(?:排名|名次|位次)(?:保持|维持)?不变|蝉联|卫冕|与上[期月周]持平|保持不变")
_FIRST_TIME = re.compile(
    r"首次(?:上榜|登榜|入榜|进榜|登上榜单|进入榜单)|新上榜|新晋|新入榜|新进榜|新面孔|首度上榜|首登榜单"
)
_RETURN = re.compile(
    r"(?:重返|重回)(?:榜单|本?榜(?!首)|榜上)|重新(?:上榜|登榜|回到榜)|时隔.{1,8}(?:重返|重回)(?!榜首|首位|第一)"
)
#: ``上升2位``, ``下降1个名次``.
MOVED = re.compile(
    rf"(?P<how>上升|提升|前进|进步|攀升|上涨|跃升|晋升|升|下降|下滑|退步|后退|滑落|回落|降|跌|下跌)了?"
    rf"(?P<places>{NUMERAL})(?:[名位]|个(?:名次|位次|位置))"
)
_RISES = ["上升", "提升", "前进", "进步", "攀升", "上涨", "跃升", "晋升", "升"]


def in_words(text: str) -> Movement | None:
    """The movement a clause tells; words that say nothing about the rank before give ``None``."""
    folded = fold(text)
    if match := FROM_TO.search(folded):
        if re.fullmatch(_OFF_LIST, match["old"]):
            return NEW
        old, new = place_number(match["old"]), place_number(match["new"])
        return from_previous(old, new) if old and new else None
    if _KEPT.search(folded) or _STAYED.search(folded):
        return SAME
    if _RETURN.search(folded):
        return BACK
    if _FIRST_TIME.search(folded):
        return NEW
    if match := MOVED.search(folded):
        places = parse_numeral(match["places"])
        return _moved("up" if match["how"] in _RISES else "down", places) if places else None
    return None


def place_number(text: str) -> int | None:
    """The rank a single place names: ``第八``, ``榜首``, ``亚军``."""
    if found := re.search(NUMERAL, text):
        return parse_numeral(found[0])
    return {"亚军": 2, "季军": 3}.get(text, 1)
