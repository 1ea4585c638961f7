"""How many entries a board says it prints (README §3, ``list_size``)."""

from __future__ import annotations

import re

from .folding import compact, fold
from .numerals import NUMERAL, parse_numeral

_HEADING = (
    re.compile(r"TOP\s*(\d{1,4})", re.IGNORECASE),
    re.compile(rf"前\s*({NUMERAL})\s*(?:名|位|强|家|个|甲)?"),
    re.compile(rf"({NUMERAL})\s*强"),
    re.compile(rf"({NUMERAL})\s*大(?!学|队|道|数据|厦|众|类|榜|板块|领域|系统|平台|维度|指标)"),
)
_EVERY = re.compile(
    rf"(?:各|每[个张]?榜?单?|均|都|[三两二四五]个?榜|[三两二四五]张榜|全部榜单|分别)[^。;]{{0,16}}?"
    rf"(?:公布|列出|展示|发布|刊登|刊出|登载|选取|取|列|收录|列示|公开|只列|呈现)[^。;,，]{{0,8}}?"
    rf"(?:前|TOP)\s*({NUMERAL})\s*(?:名|位|个|家)?",
    re.IGNORECASE,
)
_THIS = re.compile(
    rf"(?:下表|本表|上表|本榜|该榜|榜单|此榜|下图|本期|本次|此次|下面|以下|现)[^。;]{{0,10}}?"
    rf"(?:公布|列出|展示|发布|刊登|刊出|登载|选取|收录|列示|只列|呈现|列|(?<=以下)[为是])[^。;,，]{{0,8}}?"
    rf"(?:前|TOP)\s*({NUMERAL})\s*(?:名|位|个|家)?",
    re.IGNORECASE,
)


_NAMED = re.compile(
    rf"(?P<name>[^\s。;,，、“”]{{1,16}}榜)单?(?:共|仅|只|均)?"
    rf"(?:公布|列出|展示|发布|刊登|刊出|登载|选取|收录|列示|只列|呈现|列|取)[^。;,，]{{0,8}}?"
    rf"(?:前|TOP)\s*(?P<size>{NUMERAL})\s*(?:名|位|个|家)?",
    re.IGNORECASE,
)


def size_in_heading(heading: str) -> int | None:
    """``TOP20``, ``前20名``, ``前十``, ``120强``, ``十大`` in a heading."""
    folded = fold(heading)
    for pattern in _HEADING:
        if (match := pattern.search(folded)) and (size := parse_numeral(match[1])):
            return size
    return None


def size_of_every_board(lines: list[str]) -> int | None:
    """A sentence saying how many every board of the page prints."""
    return _first(_EVERY, lines)


def size_of_this_board(lines: list[str]) -> int | None:
    """A sentence in a board's own section saying how many it prints."""
    return _first(_THIS, lines) or _first(_EVERY, lines)


def sizes_of_named_boards(lines: list[str]) -> list[tuple[str, int | None]]:
    """Names, compacted, and sizes of all boards that sentences speak of, in their order."""
    return [
        (compact(match["name"]), parse_numeral(match["size"]))
        for line in lines
        if len(line) < 1000
        for match in _NAMED.finditer(fold(line))
    ]


def size_of_named_board(name: str, named: list[tuple[str, int | None]]) -> int | None:
    """The size told of the board ``name`` (``账号榜列出前4名``)."""
    board = compact(name)
    for told, size in named:
        if told == board or (len(told) > 2 and told in board):
            return size
    return None


def _first(pattern: re.Pattern[str], lines: list[str]) -> int | None:
    for line in lines:
        if len(line) < 1000 and (match := pattern.search(fold(line))):
            return parse_numeral(match[1])
    return None
