"""Ranks told in sentences (README §7).

A sentence is cut into groups of names and the text around them. What stands before a group may
name ranks (``亚军“A”``, ``第四至第十名依次为…``), else what stands behind it does
(``“A”“B”分列第三、四名``). Whatever does not fit exactly gives no row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from rankings.figures import parse_figure

from .contract import ACCOUNT, Movement, Row
from .entries import read_bracket
from .folding import fold
from .measures import metric_named, printed_raw, read_measures
from .movement import FROM_TO, MOVED, in_words, parse_mark, place_number
from .names import match_key, parse_name, strip_quotes
from .numerals import NUMERAL
from .ranks import EXPRESSION, expand

_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;]?[”」]?")
_QUOTED = re.compile(
    r"(?P<open>[“「『〝‘])(?P<name>[^“”「」『』‘’\"]{1,30})[”」』〞’](?P<beside>\s*[(\[（][^()\[\]（）]{1,40}[)\]）])?"
    r"|\"(?P<straight>[^\"“”]{1,30})\"(?P<beside2>\s*[(\[（][^()\[\]（）]{1,40}[)\]）])?"
)
_BARE_ITEM = r"[^\s、,，;；:。()（）\[\]“”「」『』]{2,24}[(（][^()（）]{1,40}[)）]"
_BARE = re.compile(
    rf"(?:(?<=[为是:])|(?<=分别)(?![为是:])|(?<=依次)(?![为是:]))\s*(?P<items>{_BARE_ITEM}(?:[、,，;和及与]\s*{_BARE_ITEM})+)"
)
_BARE_PART = re.compile(r"(?P<name>[^\s、,，;；:。()（）]+?)[(（](?P<beside>[^()（）]*)[)）]")
_JOINT = re.compile(r"\s*(?:[、和与及/|]|以及)?\s*")
_LOOSE_JOINT = re.compile(r"\s*(?:[、,，和与及/|]|以及)?\s*")
_LINK = (
    r"(?:依次|分别|则|均|都|仍然?|依然|还|排名)*(?:为|是|由|归|属于|被|花落)?"
    r"(?:公众号|账号|微信公众号|微信号)?\s*:?\s*"
)
_BEFORE = re.compile(rf"(?P<ranks>{EXPRESSION})(?:的|账号|公众号)*{_LINK}$")

#: ``前五名`` ranks names only where they are told one by one.
_TOLD = re.compile(r"为|是|:|依次|分别")

_ABOUT_ARTICLES = re.compile(r"《|推文|热文|爆文|爆款|单篇(?!最高|最大)|这篇|该篇|一文|文章《")
_LEFT = re.compile(r"跌出|退出榜|掉出|无缘|未上榜|未能上榜|落榜|不参与排名|未进入|遗憾")
_METRIC = (
    r"总?(?:阅读|点赞|在看|转发|发文|发布|推送|头条|平均|篇均|最高|最大|互动|评论|粉丝|原创"
    r"|增幅|涨幅|进步)"
)
_FEW = r"[^\s，,、。;\d]"
_BY_METRIC = re.compile(
    rf"(?:从|以|就|论){_FEW}{{0,6}}?{_METRIC}{_FEW}{{0,8}}?(?:(?<!在)看|而言|论|方面|角度|计|排)"
    rf"|{_METRIC}{_FEW}{{0,6}}(?:方面|单项|最高的|最多的|最大的)"
    rf"|{_METRIC}总?(?:数|量|次数|篇数)*(?:均|都)?(?:排名|位居|位列|居|列|排在)?\s*"
    r"(?:第一|首位|榜首|冠军|最高|最多)"
)
_ORDERED_BY = re.compile(r"按(?:照)?[^，。;]{0,12}(?:排列|排序|排名|高低|多少)")

_TIED = re.compile(r"并列")
_DASHES = "(?:至|到|-|~|—)+"
_PLACE_END = r"(?=[，,。;、)!?\s]|$|的|并|且|与|和)"
_NUMBERED = re.compile(
    rf"(?P<ranks>(?:第\s*)?{NUMERAL}\s*[名位]?\s*{_DASHES}\s*(?:第\s*)?{NUMERAL}\s*[名位]"
    rf"|第\s*{NUMERAL}\s*[名位]?(?:\s*[、和与及]\s*(?:第\s*)?{NUMERAL}\s*[名位]?)+{_PLACE_END}"
    rf"|{NUMERAL}(?:\s*[、和与及]\s*{NUMERAL})+\s*[名位]"
    rf"|第\s*{NUMERAL}\s*(?:[名位]|{_PLACE_END}))"
)
_TITLES = re.compile(r"(?:冠军|亚军|季军)(?:\s*[、和与及]\s*(?:冠军|亚军|季军))+")
_WON = re.compile(
    r"夺冠|夺魁|卫冕|领跑|登顶|摘得?桂冠|拔得?头筹|折桂|问鼎|独占鳌头"
    r"|(?:蝉联|稳居|位居|位列|夺得|登上|摘得|获得|获|居|占据|拿下|坐上|重回|重返|雄踞|守住|坐稳|勇夺|荣登|荣获"
    r"|名列|排在|排名|列|跃居|升至|登临|保持|牢占|斩获|捧得|夺|摘取|摘|领衔|继续占据)"
    r"(?!第)[^，。;“”「」第]{0,12}?(?:榜首|首位|头名|冠军|桂冠|头把交椅|状元|头筹|魁首)"
)
_SECOND_THIRD = re.compile(
    r"(?:夺得|获得|获|摘得|斩获|位居|屈居|拿下|收获|荣获|为|是|列|得)(?:了)?[^，。;“”]{0,6}?(?P<what>亚军|季军)"
)
_NOT_HERE = re.compile(
    r"(?:上[个一]?[期月周]|去年|此前|曾|距离?|与|差|冲击|无缘|超越|超过)[^，。;]{0,4}$"
)


@dataclass(slots=True)
class _Name:
    text: str
    beside: str = ""


@dataclass(slots=True)
class _Group:
    """Names in a row, with what stands before and behind them in the sentence."""

    names: list[_Name]
    before: str = ""
    behind: str = ""


@dataclass(slots=True)
class ProseRows:
    """The rows of one section, in the order told."""

    rows: list[Row] = field(default_factory=list)
    first: dict[str, Row] = field(default_factory=dict)

    def find(self, name: str) -> Row | None:
        """The first row told about an account."""
        return self.first.get(match_key(name))

    def add(self, row: Row) -> None:
        """Take a row; one already told is completed, a contradicting one stands beside it."""
        known = self.find(row.account)
        if known is None or known.rank != row.rank:
            self.rows.append(row)
            self.first.setdefault(match_key(row.account), row)
            return
        known.values = row.values | known.values
        known.movement = known.movement or row.movement


def read_prose(paragraphs: list[str], heading: str, index_list: bool) -> list[Row]:
    """The rows that the sentences of one board's section tell, sorted by rank.

    ``index_list`` tells that a bare number in brackets is the index.
    """
    found = ProseRows()
    for paragraph in paragraphs:
        if len(paragraph) > 5000:
            continue
        about_articles = False
        for sentence in _SENTENCE.findall(fold(paragraph)):
            about_articles = _is_about_articles(sentence, about_articles)
            if not about_articles:
                _read_sentence(found, sentence, heading, index_list)
    return sorted(found.rows, key=lambda row: row.rank)


def _is_about_articles(sentence: str, before: bool) -> bool:
    """A sentence about articles, or one that goes on about them."""
    if _ABOUT_ARTICLES.search(sentence):
        return True
    return before and not re.search(r"榜首|第[一二三\d]|依次|分列", sentence)


def _read_sentence(found: ProseRows, sentence: str, heading: str, index_list: bool) -> None:
    ordered = _ORDERED_BY.search(sentence)
    if _is_by_metric(sentence, heading) and not (ordered and not found.rows):
        return
    metric = metric_named(ordered[0]) if ordered else _bracket_metric(sentence, index_list)
    for group, rows in _best_reading(sentence, metric):
        if _LEFT.search(group.behind) or (_LEFT.search(group.before) and len(group.before) < 20):
            continue
        if not rows:
            _add_movement(found, group)
        for row in rows:
            found.add(row)
    if not _QUOTED.search(sentence):
        _add_bare_movement(found, sentence)


def _best_reading(sentence: str, metric: str | None) -> list[tuple[_Group, list[Row]]]:
    """The groups with their rows. A comma may part two statements or two names of one group."""
    readings = [
        [(group, _ranked(group, metric)) for group in _groups(sentence, joint)]
        for joint in (_LOOSE_JOINT, _JOINT)
    ]
    return max(readings, key=lambda reading: sum(len(rows) for _, rows in reading))


def _is_by_metric(sentence: str, heading: str) -> bool:
    """A first place by one metric, inside a board that is ranked by another."""
    match = _BY_METRIC.search(_QUOTED.sub("“”", sentence))
    if match is None or _ORDERED_BY.search(sentence):
        return match is not None
    named, ranked_by = metric_named(match[0]), metric_named(heading)
    return named is None or ranked_by is None or named != ranked_by


def _bracket_metric(sentence: str, index_list: bool) -> str | None:
    inside = re.sub(r"[(（][^()（）]*[)）]", "", sentence)
    names = re.sub(_QUOTED, "", inside)
    return metric_named(names) or ("index" if index_list else None)


def _groups(sentence: str, joint: re.Pattern[str]) -> list[_Group]:
    """The groups of names of a sentence, each with its own before and behind."""
    spots = _name_spots(sentence)
    if not spots:
        return []
    joined: list[tuple[int, int, list[_Name]]] = []
    for start, end, names in spots:
        if joined and joint.fullmatch(sentence[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end, joined[-1][2] + names)
        else:
            joined.append((start, end, names))
    groups = [_Group(names) for _, _, names in joined]
    groups[0].before = sentence[: joined[0][0]]
    for i, (_, end, _) in enumerate(joined):
        until = joined[i + 1][0] if i + 1 < len(joined) else len(sentence)
        between = sentence[end:until]
        if i + 1 < len(joined) and (match := _BEFORE.search(between)):
            groups[i].behind, groups[i + 1].before = between[: match.start()], match[0]
        else:
            groups[i].behind = between
    return groups


def _name_spots(sentence: str) -> list[tuple[int, int, list[_Name]]]:
    spots = []
    for match in _QUOTED.finditer(sentence):
        beside = match["beside"] or match["beside2"] or ""
        name = _Name(match["name"] or match["straight"], beside.strip()[1:-1] if beside else "")
        spots.append((*match.span(), [name]))
    if spots:
        return spots
    for match in _BARE.finditer(sentence):
        names = [
            _Name(part["name"], part["beside"]) for part in _BARE_PART.finditer(match["items"])
        ]
        names = [_Name(re.sub(r"^(?:和|及|与|以及)(?=\S{2})", "", n.text), n.beside) for n in names]
        spots.append((match.start("items"), match.end("items"), names))
    return spots


def _ranked(group: _Group, metric: str | None) -> list[Row]:
    """The rows of one group, or none where ranks and names do not match one to one."""
    before = _BEFORE.search(group.before)
    if before is not None and before["ranks"].startswith("前") and not _TOLD.search(before[0]):
        before = None
    if before is not None and not _NOT_HERE.search(group.before[: before.start()]):
        ranks, tied = expand(before["ranks"]), bool(_TIED.search(group.before))
    else:
        ranks, tied = _ranks_behind(group.behind, len(group.names))
    if tied and len(ranks) == 1:
        ranks = ranks * len(group.names)
    if len(ranks) != len(group.names):
        return []
    rows = []
    for rank, name in zip(ranks, group.names, strict=True):
        row = _row(rank, name, group, metric, alone=len(group.names) == 1)
        if row is None:
            return []
        row.tied = tied
        rows.append(row)
    return rows


def _ranks_behind(behind: str, count: int) -> tuple[list[int], bool]:
    """The ranks told behind a group of ``count`` names; empty when none or several."""
    tied = bool(_TIED.search(behind))
    if count == 1 and (match := FROM_TO.search(behind)):
        place = place_number(match["new"])
        return ([place], tied) if place else ([], tied)
    text = MOVED.sub("", behind)
    text = re.sub(
        rf"(?:由|从)?上[个一]?[期月周]的?(?:第\s*{NUMERAL}\s*[名位]?|榜首|首位|冠军|亚军|季军)",
        "",
        text,
    )
    front = re.search(
        rf"(?:分列|分获|分居|分别位列|分别获得|依次位列|分别位居|分别占据|分列为)前\s*({NUMERAL})",
        text,
    )
    if front:
        return expand(f"前{front[1]}"), tied
    for match in _NUMBERED.finditer(text):
        head = text[: match.start("ranks")]
        if _NOT_HERE.search(head) or head.endswith("前"):
            continue
        ranks = expand(match["ranks"])
        if len(ranks) == count or (tied and len(ranks) == 1):
            return ranks, tied
    if match := _TITLES.search(text):
        return [
            rank for title in re.findall("[冠亚季]军", match[0]) for rank in expand(title)
        ], tied
    if count == 1 and (match := _WON.search(text)) and not _NOT_HERE.search(text[: match.start()]):
        return [1], tied
    if count == 1 and (match := _SECOND_THIRD.search(text)):
        return expand(match["what"]), tied
    return [], tied


def _row(rank: int, name: _Name, group: _Group, metric: str | None, *, alone: bool) -> Row | None:
    parsed = parse_name(name.text)
    if parsed is None:
        return None
    row = Row(rank, parsed.account, parsed.wechat_id, parsed.unit)
    row.movement = parsed.movement
    _take_beside(row, name.beside, metric)
    if alone:
        for key, figure in read_measures(group.behind, ACCOUNT).values.items():
            row.values.setdefault(key, figure)
    row.movement = row.movement or _group_movement(group)
    return row


def _group_movement(group: _Group) -> Movement | None:
    """Movement told behind a group; a span of places (升2位) belongs to a single name only."""
    movement = in_words(group.behind)
    if movement is not None and len(group.names) > 1 and movement.kind in ("up", "down"):
        return None
    return movement or (in_words(group.before[-12:]) if len(group.names) == 1 else None)


def _take_beside(row: Row, beside: str, metric: str | None) -> None:
    for part in re.split(r"[、/;]|[,，](?!\d{3})", beside):
        part = part.strip()
        if not part:
            continue
        measured = read_measures(part, ACCOUNT).values
        if measured:
            row.values |= measured
        elif (mark := parse_mark(part)) is not None:
            row.movement = row.movement or mark
        elif parse_figure(printed_raw(part)) is not None:
            figure, key = read_bracket(part, metric, ACCOUNT)
            if figure is not None and key is not None:
                row.values.setdefault(key, figure)
        elif re.fullmatch(r"[A-Za-z][\w-]+", part):
            row.wechat_id = row.wechat_id or part
        else:
            row.unit = row.unit or strip_quotes(part)


def _add_movement(found: ProseRows, group: _Group) -> None:
    """A later sentence may tell how an account already ranked has moved."""
    movement = _group_movement(group)
    if movement is None:
        return
    for name in group.names:
        row = found.find(name.text)
        if row is not None and row.movement is None:
            row.movement = movement


def _add_bare_movement(found: ProseRows, sentence: str) -> None:
    movement = in_words(sentence)
    if movement is None:
        return
    named = [row for row in found.rows if row.account in sentence]
    if len(named) == 1 and named[0].movement is None:
        named[0].movement = movement
