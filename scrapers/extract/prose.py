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
from .folding import fold, without_nbsp
from .measures import metric_named, printed_raw, read_measures
from .movement import from_previous, in_words, parse_mark
from .names import match_key, parse_name, strip_quotes
from .numerals import NUMERAL
from .placed import compared_with, past_rank, ranks_before, ranks_behind, split_between

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
_NAMED = re.compile(rf"[“「『〝\"]|{_BARE_ITEM}")
_JOINT = re.compile(r"\s*(?:[、和与及/|]|以及)?\s*")
_LOOSE_JOINT = re.compile(r"\s*(?:[、,，和与及/|]|以及)?\s*")
_PARTED = re.compile(r"[、/;]|[,，](?!\d{3})")

_ABOUT_ARTICLES = re.compile(
    r"《|推文|热文|爆文|爆款|单篇(?!最高|最大)|这篇|该篇|一文|文章《"
    r"|热搜|词条|话题(?:位|榜|排|登)|(?:评选|大赛|比赛|竞赛|征文)(?:活动)?[中里上]"
)
_TELLS_PLACE = re.compile(rf"榜首|第\s*{NUMERAL}\s*[名位]|第[一二三\d]|依次|分列")
_LEFT = re.compile(
    r"跌出|退出榜|掉出|无缘|未上榜(?!的?(?:一举|直接|强势)?[,，]?(?:跃|升|攀|冲|晋|挺))|未能上榜|落榜|不参与排名|未进入|遗憾|[未不]计入|不列入"
    r"|话题|关键词|热搜|热词|词条"
)
#: Lines beside the text, and sentences that tell of an earlier list.
_NO_TEXT = re.compile(
    r"^\s*[(\[*※]*(?:注|备注|上一篇|下一篇|相关阅读|延伸阅读|责编|编辑|来源)\s*\d?\s*[:]"
)
_EARLIER = re.compile(
    r"^\s*(?:而|在|从)?(?:(?:上[个一]?[期月周]|此前|往期)的?(?:榜单|总榜|排名|榜)?(?:中|里|上|看|[,，])"
    r"|去年|往年)"
)
_METRIC = (
    r"总?(?:阅读|点赞|在看|转发|发文|发布|推送|头条|平均|篇均|最高|最大|互动|评论|粉丝|原创"
    r"|增幅|涨幅|进步|WCI|BCI|(?:传播)?指数)"
)
_FEW = r"[^\s，,、。;\d]"
_BY_METRIC = re.compile(
    rf"(?:从|以|就|论){_FEW}{{0,6}}?{_METRIC}{_FEW}{{0,8}}?(?:(?<!在)看|而言|论|方面|角度|计|排)"
    rf"|{_METRIC}{_FEW}{{0,6}}(?:方面|单项|最高的|最多的|最大的)"
    rf"|(?<![\d万wW+余多总次篇])(?<![\d万wW+余多次篇]的){_METRIC}总?(?:数|量|次数|篇数)*(?:均|都)?(?:排名|位居|位列|居|列|排在)?\s*"
    r"(?:第一|首位|榜首|冠军|最高|最多)"
)
_OTHER_VIEW = re.compile(
    r"从(?!榜|总|整体|排名|结果|本期|数据)[^，,。;“”]{1,8}?(?:来看|上看|看|而言)(?=[，,])"
)
_ORDERED_BY = re.compile(r"按(?:照)?[^，。;]{0,12}(?:排列|排序|排名|高低|多少)")

_FIGURE = r"(?:超过?|逾|近|约|不足|突破)?\s?\d[\d,]*(?:[.]\d+)?\s?[万wW]?[余多+]*(?:人次|次|点|分)?"
#: Values of several accounts one behind the other.
_IN_TURN = re.compile(
    rf"(?P<label>[^，。;、“”\d]{{0,12}})(?:分别|依次|各)(?:以|凭借|凭|为|达到?|是|有|获得?|取得)?"
    rf"(?P<figures>{_FIGURE}(?:[、和及与]{_FIGURE})+)(?P<tail>[^，。;、“”\d]{{0,12}})"
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
    #: Named only in passing (``力压“B”``), with the ranks told right before the name.
    compared: bool = False
    own: list[int] = field(default_factory=list)


@dataclass(slots=True)
class ProseRows:
    """The rows of one section, in the order told."""

    rows: list[Row] = field(default_factory=list)
    first: dict[str, Row] = field(default_factory=dict)
    ranked_by: str | None = None

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
        if len(paragraph) > 5000 or _NO_TEXT.match(fold(paragraph)):
            continue
        about_articles = False
        for sentence in _sentences(_curly(without_nbsp(paragraph))):
            about_articles = _is_about_articles(fold(sentence), about_articles)
            if not about_articles:
                _read_sentence(found, sentence, heading, index_list)
    return sorted(found.rows, key=lambda row: row.rank)


def _curly(text: str) -> str:
    """Straight quotes as opening and closing ones by turns, where they come in pairs."""
    pieces = re.split('["＂]', text)
    if len(pieces) % 2 == 0:
        return text
    signs = ["”" if at % 2 else "“" for at in range(len(pieces) - 1)]
    return "".join(map("".join, zip(pieces, [*signs, ""], strict=True)))


def _sentences(text: str) -> list[str]:
    """Sentences, parted at semicolons too where the next part names an account of its own."""
    parts: list[str] = []
    for match in _SENTENCE.finditer(fold(text)):
        part, printed = match[0], text[slice(*match.span())]
        goes_on = parts and fold(parts[-1]).endswith(";") and not _NAMED.search(part)
        if goes_on and not _ABOUT_ARTICLES.search(part) and not _BY_METRIC.search(part):
            parts[-1] += printed
        else:
            parts.append(printed)
    return parts


def _is_about_articles(sentence: str, before: bool) -> bool:
    """A sentence about articles, or one that goes on about them, or tells of an earlier list."""
    if _ABOUT_ARTICLES.search(sentence) or _EARLIER.match(sentence):
        return True
    return before and not _TELLS_PLACE.search(sentence)


def _read_sentence(found: ProseRows, sentence: str, heading: str, index_list: bool) -> None:
    ordered = _ORDERED_BY.search(fold(sentence))
    if ordered and not found.rows:
        found.ranked_by = metric_named(ordered[0])
    elif not (ordered and _goes_on(found, sentence, metric_named(ordered[0]))):
        ranked_by = metric_named(heading) or found.ranked_by or ("index" if index_list else None)
        sentence = _without_by_metric(sentence, ranked_by)
    metric = metric_named(ordered[0]) if ordered else _bracket_metric(fold(sentence), index_list)
    for group, rows in _best_reading(sentence, metric):
        before = fold(group.before)
        if _LEFT.search(fold(group.behind)) or (_LEFT.search(before) and len(before) < 20):
            continue
        if not rows:
            _add_movement(found, group)
        for row in rows:
            found.add(row)
    if not _QUOTED.search(fold(sentence)):
        _add_bare_movement(found, sentence)


def _goes_on(found: ProseRows, sentence: str, metric: str | None) -> bool:
    """Whether a sentence tells the places right behind those told, though it names an order."""
    ranks = sorted(row.rank for _, rows in _best_reading(sentence, metric) for row in rows)
    return bool(ranks) and ranks[0] == 1 + max(row.rank for row in found.rows)


def _best_reading(sentence: str, metric: str | None) -> list[tuple[_Group, list[Row]]]:
    """The groups with their rows. A comma may part two statements or two names of one group."""
    readings = [
        [(group, _ranked(group, metric)) for group in _groups(sentence, joint)]
        for joint in (_LOOSE_JOINT, _JOINT)
    ]
    return max(readings, key=lambda reading: sum(len(rows) for _, rows in reading))


def _without_by_metric(sentence: str, ranked_by: str | None) -> str:
    """The sentence without a first place by one metric, inside a board ranked by another.

    What such a place is told of stands in its clause or behind it; names before it keep theirs.
    """
    folded = fold(sentence)
    plain = _QUOTED.sub(lambda match: "“" + "号" * (len(match[0]) - 2) + "”", folded)
    match, ordered = _BY_METRIC.search(plain), _ORDERED_BY.search(folded)
    if match is None and (other := _OTHER_VIEW.search(plain)):
        return sentence[: other.start()]
    if match is None:
        return "" if ordered else sentence
    named = metric_named(match[0])
    if not ordered and named and named == ranked_by:
        return sentence
    start = max(plain.rfind(sign, 0, match.start()) for sign in "，,;") + 1
    if "“" in plain[start:]:
        return sentence[:start]
    end = min((at for sign in "，,;" if (at := plain.find(sign, match.end())) >= 0), default=-1)
    return sentence[:start] + (sentence[end:] if end >= 0 else "")


def _bracket_metric(sentence: str, index_list: bool) -> str | None:
    inside = re.sub(r"[(（][^()（）]*[)）]", "", sentence)
    names = re.sub(_QUOTED, "", inside)
    return metric_named(names) or ("index" if index_list else None)


def _groups(sentence: str, joint: re.Pattern[str]) -> list[_Group]:
    """The groups of names of a sentence, each with its own before and behind."""
    spots, folded = _name_spots(sentence), fold(sentence)
    if not spots:
        return []
    joined: list[tuple[int, int, list[_Name]]] = []
    for start, end, names in spots:
        if joined and joint.fullmatch(folded[joined[-1][1] : start]):
            joined[-1] = (joined[-1][0], end, joined[-1][2] + names)
        else:
            joined.append((start, end, names))
    groups = [_Group(names) for _, _, names in joined]
    groups[0].before = sentence[: joined[0][0]]
    for i, (_, end, _) in enumerate(joined):
        until = joined[i + 1][0] if i + 1 < len(joined) else len(sentence)
        between = sentence[end:until]
        if i + 1 < len(joined):
            groups[i].behind, groups[i + 1].before = split_between(between)
        else:
            groups[i].behind = between
    return _set_apart(groups)


def _set_apart(groups: list[_Group]) -> list[_Group]:
    """A name merely compared with leaves what stands behind it to the name before."""
    for i, group in enumerate(groups):
        before = group.before if i == 0 else groups[i - 1].behind + group.before
        compared, group.own = compared_with(before)
        if not compared:
            continue
        subject = next((other for other in reversed(groups[:i]) if not other.compared), None)
        if subject is not None:
            subject.behind += "，" + group.behind
        group.compared, group.before, group.behind = True, "", ""
    return groups


def _name_spots(sentence: str) -> list[tuple[int, int, list[_Name]]]:
    folded = fold(sentence)
    spots = []
    for match in _QUOTED.finditer(folded):
        name = "name" if match["name"] else "straight"
        beside = _printed(sentence, match, "beside") or _printed(sentence, match, "beside2")
        named = _Name(_printed(sentence, match, name), beside.strip()[1:-1])
        spots.append((*match.span(), [named]))
    for match in _BARE.finditer(folded):
        start, end = match.span("items")
        items = sentence[start:end]
        names = [
            _Name(_printed(items, part, "name"), _printed(items, part, "beside"))
            for part in _BARE_PART.finditer(folded[start:end])
        ]
        names = [_Name(re.sub(r"^(?:和|及|与|以及)(?=\S{2})", "", n.text), n.beside) for n in names]
        spots.append((start, end, names))
    return sorted(spots, key=lambda spot: spot[0])


def _printed(sentence: str, match: re.Match[str], group: str) -> str:
    """What a group of a match in the folded sentence is printed as."""
    return "" if match[group] is None else sentence[match.start(group) : match.end(group)]


def _ranked(group: _Group, metric: str | None) -> list[Row]:
    """The rows of one group, or none where ranks and names do not match one to one."""
    told = (group.own, False) if group.compared else ranks_before(group.before, len(group.names))
    ranks, tied = told or ranks_behind(group.behind, len(group.names))
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
    _distribute(rows, group.behind, metric)
    return rows


def _distribute(rows: list[Row], behind: str, metric: str | None) -> None:
    """Give several names the values told of them in turn (``分别以1012、998的WCI指数…``)."""
    for match in _IN_TURN.finditer(fold(behind)):
        start, end = match.span("figures")
        figures = [part for part in re.split("[、和及与]", behind[start:end]) if part]
        told = metric_named(match["label"] or "") or metric_named(match["tail"]) or metric
        if len(rows) < 2 or len(figures) != len(rows):
            continue
        for row, printed in zip(rows, figures, strict=True):
            figure, key = read_bracket(printed, told, ACCOUNT)
            if figure is not None and key is not None:
                row.values.setdefault(key, figure)


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
    movement = in_words(group.behind) or in_words(group.before[-12:])
    if movement is not None and len(group.names) > 1 and movement.kind in ("up", "down"):
        return None
    return movement


def _take_beside(row: Row, beside: str, metric: str | None) -> None:
    starts = [0, *(match.end() for match in _PARTED.finditer(fold(beside)))]
    for start, end in zip(starts, [*starts[1:], len(beside) + 1], strict=True):
        part = beside[start : end - 1].strip()
        if not part:
            continue
        measured = read_measures(part, ACCOUNT).values
        if measured:
            row.values |= measured
        elif (past := past_rank(part)) is not None:
            row.movement = row.movement or from_previous(past, row.rank)
        elif (mark := parse_mark(part)) is not None:
            row.movement = row.movement or mark
        elif parse_figure(printed_raw(part)) is not None:
            figure, key = read_bracket(part, metric, ACCOUNT)
            if figure is not None and key is not None:
                row.values.setdefault(key, figure)
        elif re.fullmatch(r"[A-Za-z][\w-]+", fold(part)):
            row.wechat_id = row.wechat_id or fold(part)
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
