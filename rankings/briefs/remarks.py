"""What people write into a brief themselves must not say more than the record proves."""

import re
from collections.abc import Mapping
from typing import Any

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100}
_RUN = re.compile(
    r"(?:连续|蝉联|连冠|连夺|稳居|保持)[^。；！？\n]{0,16}?"
    r"(\d{1,4}|[零〇一二三四五六七八九十百两]{1,7})\s*个月"
)
_SENTENCE = re.compile(r"[^。；！？\n]+")
# A sentence that names the report speaks for the report.
_REPORTED = re.compile(r"据[^。；！？\n]{0,30}(?:报道|自述|称)|未核实")


def chinese_number(text: str) -> int:
    """24 for ``24`` and 二十四; digits read one by one (二四) are 24 as well."""
    if text.isdecimal():
        return int(text)
    if not any(unit in text for unit in _UNITS):
        return int("".join(str(_DIGITS[letter]) for letter in text))
    total, digit = 0, 0
    for letter in text:
        if letter in _UNITS:
            total += (digit or 1) * _UNITS[letter]
            digit = 0
        else:
            digit = _DIGITS[letter]
    return total + digit


def claimed_months(text: str) -> list[int]:
    """The numbers of months in a row that ``text`` states as a fact, in its order."""
    return [
        chinese_number(match[1])
        for sentence in _SENTENCE.findall(text)
        if not _REPORTED.search(sentence)
        for match in _RUN.finditer(sentence)
    ]


def objection(text: str, document: Mapping[str, Any]) -> str:
    """The sentence against ``text`` when it claims a longer run than is proved; else empty."""
    runs = document["runs"].values()
    proved = max((run["proved"] for run in runs), default=0)
    too_many = [months for months in claimed_months(text) if months > proved]
    if not too_many:
        return ""
    return (
        f"编者的话里写了连续{too_many[0]}个月，而逐月核实的最长只有{proved}个月。"
        "请改正；如果引自报道，请写明“据……报道（未核实）”。"
    )
