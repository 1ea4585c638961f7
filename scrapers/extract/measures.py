"""Values told in running text: ``发布41篇,总阅读数9,8122次``, ``5310在看量``, ``WCI指数888点``.

Labels and numbers are found left to right and paired where they touch, so a number without a
label, or a label without a number, says nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rankings.figures import AFTER_PATTERN, BEFORE_PATTERN, DIGITS_PATTERN, Figure, parse_figure

from .folding import fold
from .labels import LABELS, VALUE_KEYS
from .rows import is_single

_VALUE_WORDS = {word: key for word, key in LABELS.items() if key in VALUE_KEYS}
_OTHER_WORDS = ("评论数", "评论", "粉丝数", "粉丝", "点赞率", "在看率", "指数变化")
_ARTICLE_WORDS = ("文章", "推文", "图文", "稿件", "微信", "内容", "作品")
_VERBS = ("发布", "推送", "发表", "推出", "刊发", "推发", "共发", "以")

_LABEL = "|".join(
    re.escape(word) for word in sorted((*_VALUE_WORDS, *_OTHER_WORDS), key=len, reverse=True)
)
_UNIT = r"人次|次(?!数)|篇(?!均|数)|点(?!赞)|分(?![享数])|个|条"
_TOKEN = re.compile(
    rf"(?P<label>(?:{_LABEL}|10[万wW]\+(?:文章|篇)?数?(?=\s*:\s*\d))(?:\((?P<labelunit>[万wW次篇人/]{{1,3}})\))?(?!率))"
    rf"|(?P<articles>{'|'.join(_ARTICLE_WORDS)})|(?P<verb>{'|'.join(_VERBS)})"
    rf"|[A-Za-z_]{{2,}}\d[\w-]*"
    rf"|(?P<figure>(?:(?:{BEFORE_PATTERN})\s?)?(?<![\d.第]){DIGITS_PATTERN}(?!\d|[.,]\d)"
    rf"(?:\s?(?:[千万亿]|[wW](?![A-Za-z])))?"
    rf"(?:{AFTER_PATTERN})?(?:\s?(?P<unit>{_UNIT}))?(?:{AFTER_PATTERN})?)(?!\s?[%‰])",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"(?:\s|:|为|是|达到?|有|共计?|累计|合计|总计|高达|均为|得分|值|了|=|\(|→)*", re.IGNORECASE
)
#: What is told behind a clause about some articles may be theirs, but never an index.
_INDEX_WORD = r"[，,]\s*(?:WCI|BCI|TGI|综合得分|[^，,。;；\d]{0,6}指数)"
_SIDE_CLAUSE = re.compile(
    rf"(?:其中|另有|包括|还有|有)[^，,。;；、]{{0,12}}篇[^。;；]*?(?={_INDEX_WORD}|[。;；]|$)"
    r"|10(?:万|[wW])\+\s*:?\s*\d+\s*篇"
    r"|\d+篇[^，,。;；、]{0,6}(?:10万\+|10[wW]\+|破10万|超10万)[^，,。;；]*"
    r"|(?:10万\+|10[wW]\+)的?(?:文章|推文|爆文|图文|爆款)[^，,。;；]*"
)
_VALUE_BEHIND = re.compile(
    rf"(?:数|量|值|总数|为|是|达到?|有|共计?|高达|得分|了|=|\()?\s*(?::|[—/-]|(?:{BEFORE_PATTERN})?\s?\d)"
)
_VALUE_BEFORE = re.compile(r"\d\s*[万wW]?\+?(?:次|个|点|分)?\s*$")
#: Numbers that say something else: shares, earlier lists, ranks, dates, numbers of other things.
_NO_VALUE = re.compile(
    r"\d[\d.,]*\s*[%‰]|(?:上[期月周]|较|比|同比|环比|增|涨|降|升|跌)[^，,;；。、|]*|第\s*\d+|\d+\s*[名位月日年期周]"
)
_COUNT_BEHIND = re.compile(r"\s*\d[\d,]*\s*[万wW]?[+余多]*\s*(?P<unit>[篇次条个])?")
_APART = frozenset(" \u3000\xa0:：,，;；|、")
_UNREAD = re.compile(r"\d")
_RAW_TAIL = re.compile(r"(?<=[\d万亿萬億wW+余餘多])\s?(?:人次|次|篇|个|個|条|條)$")


@dataclass(slots=True)
class Measures:
    """The values of a text and what of the (folded) text they leave over."""

    values: dict[str, Figure] = field(default_factory=dict)
    rest: str = ""


@dataclass(slots=True)
class _Token:
    kind: str
    start: int
    end: int
    key: str | None = None
    unit: str | None = None
    factor: int = 1


def read_measures(text: str, subject: str) -> Measures:
    """All labelled values in ``text``; the first of a key counts."""
    folded = fold(text)
    blanked = _SIDE_CLAUSE.sub(lambda found: " " * len(found[0]), folded)
    tokens = [_token(match) for match in _TOKEN.finditer(blanked) if match.lastgroup]
    answer = Measures(rest=folded)
    index = 0
    while index < len(tokens):
        taken = _pair(tokens, index, folded)
        if taken is None:
            index += 1
            continue
        key, number, used = taken
        _take(answer, key, number, text, subject)
        answer.rest = _blank(answer.rest, tokens[index].start, tokens[index + used - 1].end)
        index += used
    return answer


def has_measure(text: str) -> bool:
    """Whether ``text`` holds a label and a number at all (a cheap test)."""
    folded = fold(text)
    kinds = {match.lastgroup for match in _TOKEN.finditer(folded)}
    return bool(kinds & {"label", "labelunit"}) and bool(kinds & {"figure", "unit"})


def metric_named(text: str) -> str | None:
    """The first value key whose label ``text`` names."""
    for match in _TOKEN.finditer(fold(text)):
        if match["label"] and (key := _key_of(match["label"])):
            return key
    return None


def printed_raw(text: str) -> str:
    """The number with its bound words, without the counting word behind it."""
    return _RAW_TAIL.sub("", text.strip())


def first_label(text: str) -> int:
    """Where the first value label or verb with a number begins, or the length of ``text``.

    A word that also is a label (``荷塘阅读 WCI 888``) is none without a number or a colon.
    """
    folded = fold(text)
    for match in _TOKEN.finditer(folded):
        if match["label"] and _opens_a_value(folded, match):
            return match.start()
        if match["verb"] and _counts(text, match):
            return match.start()
    return len(text)


def _counts(text: str, verb: re.Match[str]) -> bool:
    """Whether a verb goes with the number behind it; else it ends a name (``天元发布 899``)."""
    behind = _COUNT_BEHIND.match(text, verb.end())
    if behind is None:
        return False
    return bool(behind["unit"]) or text[verb.start() - 1 : verb.start()] in _APART


def _opens_a_value(text: str, label: re.Match[str]) -> bool:
    if _VALUE_BEHIND.match(text, label.end()):
        return True
    return text[label.start() - 1 : label.start()].isdigit() or bool(
        _VALUE_BEFORE.search(text[: label.start()])
    )


def has_unread_number(rest: str) -> bool:
    """Whether what is left of an entry holds a number that may be a value of it."""
    kept = _SIDE_CLAUSE.sub(_beyond_its_clause, rest)
    return _UNREAD.search(_NO_VALUE.sub("", kept)) is not None


def _beyond_its_clause(clause: re.Match[str]) -> str:
    """The labelled values told behind a clause about some articles: nobody knows whose."""
    _, comma, behind = clause[0].replace("，", ",").partition(",")
    return behind if comma else ""


def _token(match: re.Match[str]) -> _Token:
    start, end = match.span()
    if match["label"]:
        unit = match["labelunit"] or ""
        factor = 10_000 if re.search("[万wW]", unit) else 1
        return _Token("label", start, end, _key_of(match["label"]), factor=factor)
    if match["articles"]:
        return _Token("articles", start, end)
    if match["verb"]:
        return _Token("verb", start, end)
    return _Token("figure", start, end, unit=match["unit"])


def _key_of(label: str) -> str | None:
    return _VALUE_WORDS.get(label.split("(")[0].upper())


def _pair(tokens: list[_Token], index: int, text: str) -> tuple[str | None, _Token, int] | None:
    """The key, the number token, and how many tokens the pair at ``index`` uses."""
    first = tokens[index]
    if index and _follows_posts(tokens[index - 1], first, text):
        return "articles", first, 1
    second = tokens[index + 1] if index + 1 < len(tokens) else None
    if second is None:
        return _alone(first, text)
    gap = text[first.end : second.start]
    if first.kind == "label" and second.kind == "figure" and _BETWEEN.fullmatch(gap):
        key = _fitting(first.key, second.unit)
        second.factor = first.factor
        return (key, second, 2) if key or first.key is None else None
    if first.kind == "verb" and second.kind == "figure" and not gap.strip(" 了"):
        key = {"篇": "articles", "次": "posts", "条": "articles"}.get(second.unit or "")
        return (
            (key, second, 2) if key and (key == "articles" or text[first.start] != "以") else None
        )
    if first.kind != "figure":
        return None
    if gap.strip(" 的"):
        return _alone(first, text)
    if second.kind == "articles":
        return ("articles", first, 2) if first.unit == "篇" else None
    if second.kind == "label" and _label_belongs_before(tokens, index, gap, text):
        key = _fitting(second.key, first.unit)
        return (key, first, 2) if key else None
    return _alone(first, text)


def _alone(token: _Token, text: str) -> tuple[str, _Token, int] | None:
    """``41篇`` between gaps or bars counts the articles without a further word."""
    beside = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    apart = all(not sign or sign in " \xa0\u3000|,，、;(（)）" for sign in beside)
    if token.kind != "figure" or token.unit != "篇" or not any(beside) or not apart:
        return None
    return "articles", token, 1


def _follows_posts(before: _Token, token: _Token, text: str) -> bool:
    """The second number of ``发布28次136篇``."""
    if (before.kind, before.unit, token.kind, token.unit) != ("figure", "次", "figure", "篇"):
        return False
    return not text[before.end : token.start].strip(" /、,，")


def _label_belongs_before(tokens: list[_Token], index: int, gap: str, text: str) -> bool:
    """In ``71.8万 在看 2,306`` the label belongs to the number behind it."""
    if not gap:
        return True
    label = tokens[index + 1]
    after = tokens[index + 2] if index + 2 < len(tokens) else None
    if after is None or after.kind != "figure":
        return True
    return not _BETWEEN.fullmatch(text[label.end : after.start])


def _fitting(key: str | None, unit: str | None) -> str | None:
    """The key a label and a counting word agree on; ``None`` where they contradict."""
    if unit == "篇":
        return "articles" if key in ("articles", "posts") else None
    if key == "articles" and unit == "次":
        return "posts"
    if unit in ("点", "分"):
        return key if key == "index" else None
    return key


def _take(answer: Measures, key: str | None, number: _Token, text: str, subject: str) -> None:
    if key is None or key in answer.values:
        return
    raw = printed_raw(text[number.start : number.end])
    figure = parse_figure(raw, single_article=is_single(key, subject), factor=number.factor)
    if figure is not None:
        answer.values[key] = figure


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + " " * (end - start) + text[end:]
