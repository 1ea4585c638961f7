"""One line of a list to one row.

``1、蓉州高新:发布41篇,…``, ``NO.1 @临江交警 发文 63篇 …``, ``《标题》(账号) 阅读数…``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rankings.figures import Figure, parse_figure

from .chrome import names_chrome
from .contract import ACCOUNT, ARTICLE, Movement, Row
from .folding import fold, tidy
from .labels import parse_label
from .measures import first_label, has_unread_number, printed_raw, read_measures
from .movement import in_words, parse_mark
from .names import MAX_NAME, QUOTES, Name, is_authority, is_id, parse_name
from .numerals import CIRCLED, NUMERAL
from .ranks import Rank, parse_rank

_MARK = re.compile(
    rf"[★☆◆●■▶►※🏆✦·•\s]*"
    rf"(?P<mark>(?:NO|TOP|RANK)\s*[.:]?\s*\d{{1,3}}|(?:并列)?第\s*{NUMERAL}\s*(?:[名位](?!中|单)|(?=[\s:]))|[{CIRCLED}]"
    r"|[(\[【]\s*\d{1,3}\s*[)\]】]|#\s*\d{1,3}(?!\d)|\d{1,3}\s*(?:[、)丨]|[.](?!\d))|\d{1,3}(?=\s+\D)"
    r"|\d{1,3}(?=\s*[(\[](?:[+\-↑↓▲▼]\s*\d{1,3}|新|0|—|-|NEW|并列)[)\]])"
    r"|\d{1,3}\s*[:|-](?=\s*[^\d\s])"
    r"|(?:冠军|亚军|季军|🥇|🥈|🥉)(?=[\s:]))"
    r"(?P<beside>\s*[(\[](?:并列|[+\-↑↓▲▼]\s*\d{1,3}|新|0|—|-|NEW)[)\]])?\s*[:、.,|｜丨-]?\s*",
    re.IGNORECASE,
)
_STYLES = (
    re.compile(rf"[{CIRCLED}]"),
    re.compile(r"NO\s*[.:]?\s*\d{1,3}(?!\d)", re.IGNORECASE),
    re.compile(r"TOP\s*[.:]?\s*\d{1,3}(?!\d)", re.IGNORECASE),
    re.compile(r"(?:(?<=[\s;:，。)])|^)\d{1,3}(?:、|[.](?!\d))"),
    re.compile(rf"(?:(?<=[\s;:，。)])|^)第\s*{NUMERAL}\s*[名位][\s::]"),
)
_TITLE = re.compile(r"^《(?P<title>.{1,120}?)》(?=[\s(（\[——\-|@“「/:]|$)")
_BY = re.compile(
    r"^\s*(?:[(（\[](?:(?:公众号|账号|来源|作者)\s*[:：]\s*)?(?P<inside>[^()（）\[\]]{1,30})[)）\]]"
    r"|[\s|,，]*(?:发布|来源|所属|微信)?(?:公众号|账号|来源|作者|来自)\s*[:：]\s*(?P<told>[^\s,，;；|、(（]{1,30})"
    r"|(?:——|—|--|-|\||/|:)\s*(?P<dash>[^\s,，;；|、]{1,30})"
    r"|[@＠](?P<at>[^\s,，;；|、(（]{1,30})|[“「](?P<quoted>[^”」]{1,30})[”」])"
)
_WORD = rf"[^\s:,，;；、|/。{QUOTES}《(\[（]+"
#: A bracket within a name (``荷塘(株洲)发布``), unless a sentence goes on behind it.
_INNER = (
    r"[(（][\u3400-\u9fff]{1,8}[)）](?=[\u3400-\u9fff])"
    r"(?!共|累计|合计|[本当上][期月周]|总|全[月年]|推送|获|以|位[列居]|排名|较|比|为|的|是|新上|首次)"
)
#: Dots that lead from a name to its number.
_LEADERS = re.compile(r"(?:…+|[.·。_-]{3,}|_{2,}|—{3,})(?=\s*\d)")
_NAME = re.compile(
    rf"^(?:[@＠]?[“「『\"](?P<quoted>[^”」』\"]{{1,30}})[”」』\"]|(?P<bare>{_WORD}(?:{_INNER}{_WORD})*))"
    r"(?P<beside>(?:\s*[(\[（][^()\[\]（）]{0,40}[)\]）])*)"
)
_FILLER = re.compile(
    r"以|获得?|取得|共|累计|发布|推送|总计|其中|为|达|位列|位居|居|排名|排|榜首|首位|第一|点|分|名|,|，|、|;|；|。"
    r"|:|\||/|-|—|\(|\)|\[|\]|\s|的|“|”|较|比|上[期月周]|本[期月周]|个|次|篇|人|与|并|账号|公众号"
)


#: Words before the first entry of a line of several (``榜单如下：1.…``).
_LEAD = re.compile(r"[^“”「」《》。;]{1,40}:")
_NEXT_CELL = re.compile(r"^[\s|｜,，]+(?P<cell>[^\s|｜,，:：;；]{2,30})(?=[\s|｜,，;；]|$)")
_CLAUSE_END = re.compile(r"[，,；;。]")
_TOKEN = re.compile(r"[^\s,，;；、|()\[\]:]+")
#: Signs that part the values of a line, unless they stand at its end.
_DASHES = frozenset(("-", "--", "–", "—", "——", "→", "="))
_MOVED_WORDS = re.compile(
    r"(?:较|比|与)?上[期月周](?:相比)?(?:排名|名次)?(?:上升|下降|升|降)\s*\d+\s*[名位]"
    r"|新上榜|新晋|首次上榜|首次登榜|持平|不变|蝉联|重返"
)


@dataclass(slots=True)
class LineRow:
    """A row read from one line, and what vouches for it."""

    row: Row
    subject: str
    printed_rank: bool
    tied: bool = False
    handle: bool = False
    bare: bool = False
    bracket: str | None = None
    keys: frozenset[str] = frozenset()
    doubtful: bool = False
    linked: bool = False
    kind_glued: bool = False


def read_line(text: str, position: int | None = None) -> LineRow | None:
    """The ranked row a line prints, or ``None``.

    ``position`` is the place in an ``<ol>``, used where no rank is printed.
    """
    if len(text) > 300:
        return None
    marked = _rank_mark(text)
    if marked is None:
        if position is None:
            return None
        rank, rest = Rank(position), text.strip()
    else:
        rank, rest = marked
    found = _article(rank, rest) or _account(rank, rest)
    if found is not None:
        found.printed_rank = marked is not None
        found.tied = found.tied or rank.tied
        found.row.movement = found.row.movement or rank.movement
    return found


def split_marks(text: str) -> list[str]:
    """A line that holds several ranked entries (``①…②…``, ``NO.1 … NO.2 …``), cut before each."""
    folded = fold(text)
    for style in _STYLES:
        starts = [match.start() for match in style.finditer(folded)]
        lead = folded[: starts[0]].strip() if starts else ""
        if len(starts) < 2 or (lead and (not _LEAD.fullmatch(lead) or names_chrome(lead))):
            continue
        pieces = [
            text[start:end].strip(" \u3000;；,，、。")
            for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
        ]
        ranks = [rank[0].value if (rank := _rank_mark(piece)) else None for piece in pieces]
        if None not in ranks and all(0 <= b - a <= 3 for a, b in pairwise(ranks)):
            return pieces
    return [text]


def printed_rank(text: str) -> int | None:
    """The rank a line begins with, or ``None``."""
    found = _rank_mark(text)
    return found[0].value if found else None


def is_rank_mark(text: str) -> bool:
    """Whether the whole line is but a rank (``NO.1``), its entry standing on the next line."""
    found = _rank_mark(text + " ")
    return found is not None and not found[1].strip() and not text.strip().isdigit()


def is_title_alone(text: str) -> bool:
    """Whether the line is a rank and an article's title, its account standing on the next line."""
    found = _rank_mark(text)
    title = _TITLE.match(found[1]) if found else None
    return title is not None and not found[1][title.end() :].strip()


def _rank_mark(text: str) -> tuple[Rank, str] | None:
    folded = fold(text)
    start = len(folded) - len(folded.lstrip())
    match = _MARK.match(folded, start)
    if match is None:
        return None
    printed = match["mark"].strip()
    rank = parse_rank(printed) or parse_rank(printed.strip("、.()[]【】#:|丨- "))
    if rank is None:
        return None
    if match["beside"]:
        inside = match["beside"].strip(" ()[]")
        rank = Rank(rank.value, inside == "并列", parse_mark(inside))
    return rank, text[match.end() :].strip()


def _article(rank: Rank, rest: str) -> LineRow | None:
    title = _TITLE.match(rest)
    if title is None:
        return None
    by = _BY.match(rest[title.end() :])
    if by is None:
        return None
    printed = by["inside"] or by["told"] or by["dash"] or by["at"] or by["quoted"]
    cut = first_label(printed)
    name = parse_name(printed[:cut] if by["dash"] or by["at"] or by["told"] else printed)
    if name is None:
        return None
    tail = rest[title.end() + by.end() :] if cut == len(printed) else rest[title.end() :]
    measures = read_measures(tail, ARTICLE)
    row = Row(rank.value, name.account, name.wechat_id, name.unit, tidy(title["title"]))
    row.values = measures.values
    return LineRow(row, ARTICLE, True, keys=frozenset(measures.values), bare=not measures.values)


def _account(rank: Rank, rest: str) -> LineRow | None:
    if rest.startswith("《"):
        return None
    rest = _LEADERS.sub(lambda dots: " " * len(dots[0]), rest)
    cut = first_label(rest)
    match = _NAME.match(fold_brackets(rest[:cut] if rest[0:1] not in '“「『"' else rest))
    if match is None:
        return None
    name_end = match.end("quoted") if match["quoted"] else match.end("bare")
    printed = match["quoted"] or match["bare"]
    brackets, numbers = _brackets(match["beside"] or "")
    end = match.end()
    if not brackets and not numbers and rest[end:cut].strip() == "发布":
        printed, end = rest[:cut].strip(), cut  # a verb without a number belongs to the name
    handle = "@" in fold(rest[:name_end])
    name = parse_name(printed + brackets)
    if name is None or parse_label(name.account) or re.search(r"[。!?]", fold(name.account)):
        return None
    tail = _without_articles(_take_next(rest[end:], name))
    measures = read_measures(tail, ACCOUNT)
    left = left_over(measures.rest)
    movement = name.movement or movement_in(tail, measures.rest)
    if not _is_row(left, measures.values, numbers, movement, tail):
        return None
    row = Row(rank.value, name.account, name.wechat_id, name.unit)
    row.values, row.movement = measures.values, movement
    bare = not measures.values and not numbers
    return LineRow(
        row,
        ACCOUNT,
        True,
        name.tied,
        handle or bool(match["quoted"]),
        bare,
        numbers[0] if numbers else _lone_number(left, measures.values),
        frozenset(measures.values),
        len(numbers) > 1
        or (bool(measures.values) and has_unread_number(_without_marks(measures.rest))),
    )


def _take_next(tail: str, name: Name) -> str:
    """The text behind a name less an id or a public body that stands right behind it."""
    match = _NEXT_CELL.match(tail)
    if match is None or name.wechat_id or name.unit:
        return tail
    printed = match["cell"]
    is_value = first_label(printed) < len(printed)
    if is_id(printed) and len(printed) > 3 and not is_value and parse_mark(printed) is None:
        name.wechat_id = printed
    elif is_authority(printed) and parse_label(printed) is None:
        name.unit = printed
    else:
        return tail
    return tail[match.end() :]


def _without_articles(tail: str) -> str:
    """The text up to the clause that speaks of a single article: its numbers are not the row's."""
    if "《" not in tail:
        return tail
    before = tail[: tail.index("《")]
    clauses = list(_CLAUSE_END.finditer(before))
    return before[: clauses[-1].start()] if clauses else before


def fold_brackets(text: str) -> str:
    """Full-width brackets as half-width ones; everything else as printed."""
    return text.replace("（", "(").replace("）", ")").replace("：", ":")


def _brackets(beside: str) -> tuple[str, list[str]]:
    """Brackets behind a name: those that belong to it, and the numbers among them."""
    kept, numbers = "", []
    for inside in re.findall(r"[(\[（]([^()\[\]（）]*)[)\]）]", beside):
        for part in re.split(r"[,，、/;；]\s*(?!\d)", inside):
            if parse_mark(part) is None and parse_figure(printed_raw(fold(part))) is not None:
                numbers.append(part)
            elif parse_mark(part) is None and read_measures(part, ACCOUNT).values:
                continue
            else:
                kept += f"({part})"
    return kept, numbers


def movement_in(text: str, rest: str) -> Movement | None:
    """How an entry moved: in words, or by a mark; ``rest`` is the text less its values."""
    if (found := in_words(text)) is not None:
        return found
    for match in _TOKEN.finditer(fold(rest)):
        parts = match[0] in _DASHES and text[match.end() :].strip(" ,;，；。)）]\u3000\xa0")
        if match[0] in _DASHES and _ends_with_label(text[: match.start()]):
            continue
        if not parts and match[0] != "0" and (found := parse_mark(match[0])) is not None:
            return found
    return None


def _ends_with_label(text: str) -> bool:
    """Whether a dash behind the text stands for a value that is missing (``在看 —``)."""
    words = re.split(r"[\s:：,，;；|]+", text.rstrip(" :：\u3000\xa0"))
    return parse_label(words[-1]) is not None


def left_over(rest: str) -> str:
    """What remains of a line less its values, marks and the words that join them."""
    return _FILLER.sub("", _without_marks(rest))


def _without_marks(rest: str) -> str:
    rest = _MOVED_WORDS.sub("", rest)
    for mark in _TOKEN.findall(fold(rest)):
        if parse_mark(mark) is not None:
            rest = rest.replace(mark, "", 1)
    return rest


def _lone_number(left: str, values: dict[str, Figure]) -> str | None:
    return left if not values and parse_figure(left) is not None else None


def _is_row(
    left: str,
    values: dict[str, Figure],
    numbers: list[str],
    movement: Movement | None,
    tail: str,
) -> bool:
    """Whether the text around the name is that of a list entry and not of a sentence."""
    if values:
        return len(left) <= 12
    if numbers or movement:
        return len(left) <= 4
    return not left or (parse_figure(left) is not None and len(tail) < MAX_NAME)
