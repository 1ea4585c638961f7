"""Ranks told in the words before or behind a group of names (README §7)."""

from __future__ import annotations

import re

from .folding import fold
from .movement import FROM_TO, MOVED, place_number
from .numerals import NUMERAL
from .ranks import EXPRESSION, expand

_LINK = (
    r"(?:依次|分别|则|均|都|仍然?|依然|还|排名)*(?:为|是|由|归|属于|被|花落)?"
    r"(?:公众号|账号|微信公众号|微信号)?\s*:?\s*"
)
_TITLE = "(?:冠军?|亚军?|季军?)"
_TITLES = rf"{_TITLE}(?:\s*[、和与及]?\s*{_TITLE})+"
_WINS = "夺冠|夺魁|卫冕|领跑|登顶|折桂"
_TOP = r"TOP\s*\d{1,3}"
_BEFORE = re.compile(
    rf"(?P<ranks>{_TITLES}|{EXPRESSION}|{_WINS}|{_TOP})(?:的|账号|公众号)*{_LINK}$", re.IGNORECASE
)
#: ``前五名`` ranks names only where they are told one by one.
_TOLD = re.compile(r"为|是|:|依次|分别")
_PAST = r"(?:上[个一]?[期月周]|去年|此前|曾|原)"
_PAST_PLACE = re.compile(rf"{_PAST}[^，,。;]{{0,4}}$")

#: Words that make what follows the thing compared with: ``力压“B”夺得第一`` ranks not B.
_COMPARED = re.compile(
    r"(?:超越|超过|力压|压倒|领先于?|击败|战胜|反超|逼近|追近|紧追|直追|仅次于|取代|接替|赶超|落后于?|不敌|挤下|挤掉|紧随|紧跟|继"
    r"|距离?|(?:与|和|同|跟|比|较|将|把)(?=[^，,。;]))"
    rf"(?:{_PAST}的?)?(?P<place>{EXPRESSION})?(?:的|账号|公众号)*\s*$"
)
_JOINING = re.compile(r"(?:与|和|同|跟|比|较|将|把)\s*$")

TIED = re.compile(r"并列")
_DASHES = "(?:至|到|-|~|—)+"
_PLACE_END = r"(?=[，,。;、)!?\s]|$|的|并|且|与|和|不变|保持|把)"
_NUMBERED = re.compile(
    rf"(?P<ranks>(?:第\s*)?{NUMERAL}\s*[名位]?\s*{_DASHES}\s*(?:第\s*)?{NUMERAL}\s*[名位](?![列居])"
    rf"|第\s*{NUMERAL}\s*[名位]?(?:\s*[、和与及]\s*(?:第\s*)?{NUMERAL}\s*[名位]?)+{_PLACE_END}"
    rf"|{NUMERAL}(?:\s*[、和与及]\s*{NUMERAL})+\s*[名位](?![列居])"
    rf"|(?:NO|TOP)\s*[.]?\s*\d{{1,3}}(?!\d)"
    rf"|第\s*{NUMERAL}\s*(?:[名位]|{_PLACE_END}))",
    re.IGNORECASE,
)
_FRONT = re.compile(
    rf"(?:分列|分获|分居|分占|分别位列|分别获得|依次位列|分别位居|分别占据|依次占据|分列为|包揽|占据|位列|位居|排名|稳居)"
    rf"(?:了|榜单|总榜)*前\s*(?P<count>{NUMERAL})(?![\d十百])"
)
_TITLES_BEHIND = re.compile(_TITLES)
_GET = (
    "蝉联|稳居|稳坐|位居|位列|位于|高居|夺得|登上|登临|摘得|摘下|获得|获|居|占据|拿下|坐上|坐稳|重回|重返|重夺|再夺|雄踞|守住"
    "|勇夺|力夺|喜获|荣登|荣获|荣膺|名列|排在|排名|列|跃居|升至|升任|保持|牢占|斩获|捧得|捧回|揽获|收获|夺回|夺|摘取|摘|领衔"
    "|继续占据|成为|独占|问鼎|仍是|仍为|依旧是|依然是|当选"
)
_WON = re.compile(
    rf"{_WINS}|摘得?桂冠|拔得?头筹|折桂|问鼎|独占鳌头"
    rf"|(?:{_GET})(?!第)[^，。;“”「」第]{{0,12}}?"
    r"(?:榜首|首位|头名|冠军|桂冠|头把交椅|状元|头筹|魁首|金牌)"
)
_SECOND_THIRD = re.compile(
    r"(?:夺得|获得|获|摘得|斩获|位居|屈居|拿下|收获|荣获|荣膺|为|是|列|得)(?:了)?[^，。;“”]{0,6}?"
    r"(?P<what>亚军|季军|银牌|铜牌)"
)
_NOT_HERE = re.compile(rf"(?:{_PAST}|距离?|与|差|冲击|无缘|超越|超过|争夺)[^，。;]{{0,4}}$")
_PAST_RANK = re.compile(rf"{_PAST}(?:排名|名次|位列|位居|排在)?(?P<place>{EXPRESSION})")
_PLACE_BEFORE = re.compile(
    rf"(?:由|从)?{_PAST}的?(?:第\s*{NUMERAL}\s*[名位]?|榜首|首位|冠军|亚军|季军)"
)


def split_between(between: str) -> tuple[str, str]:
    """The text between two groups: what speaks of the first, and the rank told of the second."""
    folded = fold(between)
    match = _BEFORE.search(folded)
    if match is None:
        return between, ""
    clause = re.split(r"[，,。;]", folded[: match.start()])[-1]
    return between[: match.start()], clause + match[0]


def compared_with(before: str) -> tuple[bool, list[int]]:
    """Whether the words make the name behind them the thing compared with, and its own rank.

    ``与榜首“B”相差12分`` names the first in passing, ``力压“B”`` tells nothing of B.
    """
    before = fold(before)
    match = _COMPARED.search(before)
    if match is None or (match["place"] is None and _JOINING.search(before)):
        return False, []
    past = re.search(_PAST, match[0]) is not None
    return True, expand(match["place"]) if match["place"] and not past else []


def ranks_before(before: str, count: int) -> tuple[list[int], bool] | None:
    """The ranks told before ``count`` names and whether as a tie; ``None`` where none are told."""
    before = fold(before)
    match = _BEFORE.search(before)
    if match is None or _PAST_PLACE.search(before[: match.start()]):
        return None
    ranks = match["ranks"].upper()
    if ranks.startswith("TOP") and count > 1:
        ranks = ranks.replace("TOP", "前")
    if ranks.startswith("前") and not _TOLD.search(match[0]):
        return None
    return _expand(ranks), bool(TIED.search(before))


def ranks_behind(behind: str, count: int) -> tuple[list[int], bool]:
    """The ranks told behind a group of ``count`` names; empty when none or several."""
    behind = fold(behind)
    tied = bool(TIED.search(behind))
    if count == 1 and (match := FROM_TO.search(behind)):
        place = place_number(match["new"])
        return ([place], tied) if place else ([], tied)
    text = _PLACE_BEFORE.sub("", MOVED.sub("", behind))
    if (front := _FRONT.search(text)) and len(ranks := expand(f"前{front['count']}")) == count:
        return ranks, tied
    for match in _NUMBERED.finditer(text):
        head = text[: match.start("ranks")]
        if _NOT_HERE.search(head) or head.endswith("前"):
            continue
        ranks = expand(match["ranks"])
        if len(ranks) == count or (tied and len(ranks) == 1):
            return ranks, tied
    if match := _TITLES_BEHIND.search(text):
        return _expand(match[0]), tied
    if count == 1 and (match := _WON.search(text)) and not _NOT_HERE.search(text[: match.start()]):
        return [1], tied
    if count == 1 and (match := _SECOND_THIRD.search(text)):
        return expand(match["what"]), tied
    return [], tied


def past_rank(text: str) -> int | None:
    """The rank a bracket tells of the list before (``上期第8``)."""
    match = _PAST_RANK.fullmatch(fold(text).strip())
    return place_number(match["place"]) if match else None


def _expand(printed: str) -> list[int]:
    if re.fullmatch(_WINS, printed):
        return [1]
    titles = re.findall("[冠亚季]", printed)
    return ["冠亚季".index(title) + 1 for title in titles] or expand(printed)
