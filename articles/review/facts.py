"""The facts of a Chinese text that a reviewer must check: figures, dates, people, quotations.

Pure functions over plain text. A find is offered to a person, who ticks it or says that it is no
fact: what is listed too much costs a tick, what is missed is read by nobody. All patterns work in
linear time: they start at a character few texts are full of, or are bounded in length.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import models

from .fact_words import (
    GIVEN_STOP,
    HONORIFICS,
    IDIOMS,
    SPEECH,
    SURNAMES,
    TITLE_PREFIX,
    TITLES,
    UNITS,
)


class Kind(models.TextChoices):
    """What sort of fact. The order is that of the form."""

    FIGURE = "figure", "数字"
    DATE = "date", "日期和时间"
    PERSON = "person", "姓名和职务"
    QUOTATION = "quotation", "引语"


@dataclass(frozen=True)
class Found:
    """A fact in one stretch of text: ``text[start:end]``."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """A stretch of an article: ``where`` it stands, and the source stated with it, if any.

    ``whole`` says that the text is one fact of that kind by its place, such as a quotation block.
    """

    where: str
    text: str
    source: str = ""
    whole: Kind | None = None


@dataclass(frozen=True)
class Fact:
    """A fact of an article, once for all places that say the same.

    ``where`` and ``span`` are those of the first place, ``count`` the number of places. ``before``
    and ``after`` are the words around it, for a reader.
    """

    kind: Kind
    text: str
    where: str
    span: tuple[int, int]
    before: str = ""
    after: str = ""
    source: str = ""
    count: int = 1

    @property
    def key(self) -> str:
        """Names this fact in a form; the same for the same text, whatever else is in it.

        A bare figure is another fact beside other words: 3个社区 is not 3个小区.
        """
        around = (self.before[-4:], self.after[:2]) if self.kind == Kind.FIGURE else ()
        words = "\n".join([self.kind.value, self.text, *map(_words_only, around)])
        return hashlib.sha256(words.encode()).hexdigest()[:16]


# --- how things are written -------------------------------------------------------------------


def _any(words: Iterable[str]) -> str:
    """A pattern for one of ``words``, the longest first, that gives up at the first character."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    first = "".join(sorted({word[0] for word in ordered}))
    single = "".join(word for word in ordered if len(word) == 1)
    longer = [word for word in ordered if len(word) > 1]
    return rf"(?=[{first}])(?:{'|'.join([*longer, f'[{single}]'] if single else longer)})"


_CN = "零〇○一二两三四五六七八九十百千万亿"
_NUM = r"(?>\d{1,3}(?:,\d{3})++(?:\.\d++)?|\d++(?:\.\d++)?)"
_TO = r"(?:——|[—–\-－~～至到])"
_YEAR = r"(?:(?:19|20)\d{2}|[一二][〇零○九][〇零○一二三四五六七八九]{2})"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_CN_MONTH = r"(?:十[一二]?|[一二三四五六七八九])"
_CN_DAY = r"(?:三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_OF_MONTH = r"(?:份|初|底|末|上旬|中旬|下旬)"
_PART_OF_DAY = (
    r"(?:凌晨|清晨|清早|早晨|早上|上午|中午|正午|下午|午后|傍晚|晚上|晚间|夜间|深夜|当晚)"
)

_DATE = re.compile(
    rf"""
    (?=[\d{_CN}正冬腊农上本今去明后前昨下周每星礼第年月凌清早中午正傍晚夜深当])(?:
    (?<!\d){_YEAR}[-/.]{_MONTH}[-/.]{_DAY}(?![\d.])
    | (?<!\d){_YEAR}{_TO}{_YEAR}(?:年度?|学年)
    | (?<![\d{_CN}]){_YEAR}年(?:
        {_MONTH}月(?:{_DAY}(?:、{_DAY})*[日号]|{_OF_MONTH})?
        | {_CN_MONTH}月(?:{_CN_DAY}[日号]|{_OF_MONTH})?
        | 度|初|底|末|春季?|夏季?|秋季?|冬季? )?
    | (?<![\d.])(?:{_MONTH}{_TO})?{_MONTH}月(?:{_DAY}(?:、{_DAY})*[日号]|{_OF_MONTH})?(?!龄|饼)
    | (?:农历)?(?<![\d{_CN}]){_CN_MONTH}月(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?)
    | (?<![\d{_CN}]){_CN_MONTH}月(?:{_CN_DAY}[日号]|{_OF_MONTH})(?!龄|饼)
    | (?<![\d.月]){_DAY}日(?!内|以内|以上|以下|均|产|常|报|游|餐|元|子)
    | (?:农历)?(?:正月|冬月|腊月)(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?|{_CN_DAY})?
    | (?:上个?|本|{_CN_DAY}|\d\d)世纪(?:\d0|[二三四五六七八九]十)年代(?:初|中期|末)?
    | (?:今|去|明|后|(?<!以)前)年(?:初|底|末|春季?|夏季?|秋季?|冬季?|同期)?
    | (?:本|上个?|下个?)月(?:初|底|末|上旬|中旬|下旬)?
    | (?:今|昨|前|明|后)[天日](?!制|鹅)|[今昨明]晚|今晨
    | (?:本|上|下)周(?:[一二三四五六日末](?!次|回|期))?(?![年岁围])
    | (?<![一二两三四五六七八九十\d])(?:每?周|每?星期|每?礼拜)[一二三四五六日天末](?!次|回|期|个|年)
    | (?:上|下)半年|(?:第?[一二三四]|前[二两三])季度|年[初底末](?!余)|月[初底末]
    | (?:{_PART_OF_DAY})?(?<![\d:：.])(?:[01]?\d|2[0-4])[:：][0-5]\d(?:[:：][0-5]\d)?(?![\d:：])
    | (?:{_PART_OF_DAY})?(?<![\d.])(?:[01]?\d|2[0-4])(?:
        时(?:[0-5]?\d分|半|整|许)?(?!间|候|期|代|常|尚|装|速|差|段)
        | 点(?:[0-5]?\d分|半|整|许|钟|一刻|三刻)?(?!建议|要求|意见|希望|体会|说明|击|赞|评|心|\d) )
    | {_PART_OF_DAY}{_CN_MONTH}[点时](?:半|整|许|钟|一刻|三刻|{_CN_DAY}分)?
    | (?<![{_CN}\d]){_CN_MONTH}点(?:半|整|钟|一刻|三刻|[一二三四五]?十[一二三四五六七八九]?分)
    )""",
    re.VERBOSE,
)
_ONLY_BESIDE = re.compile(_PART_OF_DAY)
_DATES_JOIN = re.compile(rf"[ \u3000]?(?:{_TO}|[（(]|[）)])?[ \u3000]?")

_LATIN_UNIT = r"(?:km²|km|kg|cm|mm|m²|m³|ml|mL|kWh|kW|kV|MW|GB|MB|TB|[wWgmLt])(?![A-Za-z])"
_UNIT = _any(UNITS)
_AMOUNT = rf"{_NUM}(?:[十百千万亿]{{1,3}})?[余多来]?(?:[%％‰℃㎡]|{_UNIT}|{_LATIN_UNIT})?\+?"
# Units that make a figure of Chinese numerals; the others are in too many set phrases.
_CN_UNIT = _any(UNITS - {"分", "面", "号", "路", "度", "点", "门", "里", "头", "对", "节"})
_CN_NUM = rf"(?:[{_CN}]{{2,12}}(?:点[{_CN}]{{1,4}})?|[两二三四五六七八九十])"
_ORDINAL_NAMES = (
    "时间|书记|线|手|课|方|者|责任|人民|中学|中心|小学|医院|附属|高级|实验|产业|幼儿|步|眼|印象|要务"
    "|动力|资源|现场|人称|人(?!民)|议题|检察|中级|师范|职业|工程|建筑|批示|任务"
)
_FIGURE = re.compile(
    rf"""
    (?=[\d{_CN}第前¥￥$翻半过上数近成])(?:
    (?<!\d)(?:0\d{{2,3}}[-－—\ ]?\d{{7,8}}(?:[-转]\d{{1,6}})?|400[-－\ ]?\d{{3}}[-－\ ]?\d{{4}}
        |1[3-9]\d{{9}})(?!\d)
    | (?:百|千|万|\d{{1,4}}|[二两三四五六七八九十]{{1,3}})
        分之(?:{_NUM}|[{_CN}]{{1,8}}(?:点[{_CN}]{{1,4}})?)
    | 第(?:{_NUM}|[一二三四五六七八九十百千]{{1,5}}(?!{_ORDINAL_NAMES}))(?:{_UNIT})?
    | 前(?:{_NUM}(?:{_UNIT})?|[三四五六七八九十]{{1,2}}(?:名|位|强)?)(?![{_CN}天年届任者])
    | (?<![A-Za-z\d_])(?<![A-Za-z][-.])(?:[¥￥$]|零下)?
        {_AMOUNT}(?:(?:{_TO}|[:：/×]){_AMOUNT})?(?![A-Za-z])
    | 翻了?[一两]?番|一半|半数以上|半数|过半
    | 一(?:成|倍|[万亿](?:{_CN_UNIT})?)
    | (?<![{_CN}第])(?:上|数|近|成)[百千万亿]{{1,2}}(?:余|多)?(?:{_CN_UNIT})
    | (?<![{_CN}第]){_CN_NUM}(?:余|多|来)?(?:{_CN_UNIT})(?:半(?!路))?
    | (?<![{_CN}第])[一二三四五六七八九]成[一二三四五六七八九半]?(?![为立员果功长就])
    )""",
    re.VERBOSE,
)
# What looks like a figure and is a name: addresses in the net, models, set phrases.
_MASK = re.compile(
    rf"https?://[^\s\u3000-\uffff]{{1,500}}|[\w.+-]{{1,64}}@[\w-]{{1,64}}\.[\w.]{{1,64}}"
    rf"|(?<![a-z])www\.[\w./-]{{1,200}}|[A-Za-z]{{1,20}}[-.]?\d{{1,10}}[A-Za-z]?"
    rf"|\d{{1,4}}(?:[GDgd]|MAX|[Pp]ro)(?![A-Za-z])|\d0后|{_any(IDIOMS)}"
)

_GIVEN = rf"[^\W\dA-Za-z_{GIVEN_STOP}]"
_SURNAME = _any(SURNAMES)
_SAYS = _any(SPEECH)
_AFTER_NAME = (
    r"(?=$|[\s，。、；：:！？,.!?;（）()《》“”\"「」]"
    rf"|[在对向和与及等的是为将把从就也到率带]|{_SAYS})"
)
_TITLE = _any(TITLES)
_HONORIFIC = _any(HONORIFICS)
_NAME = rf"(?:{_SURNAME}(?:某某?|{_HONORIFIC})|{_SURNAME}{_GIVEN}{{1,2}}?{_AFTER_NAME})"
_PREFIXES = rf"(?:{_any(TITLE_PREFIX)}){{0,4}}"
_PERSON = re.compile(
    rf"""
    {_PREFIXES}{_TITLE}[：: \u3000]?{_NAME}(?:[、 \u3000]{_NAME}){{0,9}}
    | {_NAME}[（(]{_PREFIXES}{_TITLE}[）)]
    | (?<![^\W由请给与和向对让跟是为]){_SURNAME}{_GIVEN}{{1,2}}?
        (?:{_HONORIFIC}|(?:同志)?{_PREFIXES}{_TITLE}{_AFTER_NAME})
    | {_SURNAME}(?:某某?|{_HONORIFIC})
    """,
    re.VERBOSE,
)

_QUOTED = re.compile(
    r"“([^“”]{2,600})”|「([^「」]{2,600})」|『([^『』]{2,600})』|\"([^\"\n]{2,600})\""
)
_SENTENCE_LIKE = re.compile(r"[，。！？；…,!?]")
_SAID_BEFORE = re.compile(rf"(?:{_SAYS})(?:了|着)?(?:他|她|大家|记者)?[：:，,]?$|：$")
_SAID_AFTER = re.compile(rf"[，,]?(?:[他她]|{_SURNAME}{_GIVEN}{{1,2}}?)?(?:{_SAYS})")


def find(text: str) -> list[Found]:
    """The facts of ``text``, in its order.

    Figures, dates and people never overlap; a quotation may hold others, for they too are to be
    checked.
    """
    taken = bytearray(len(text))
    found: list[Found] = []
    for start, end in _dates(text):
        if _take(taken, start, end):
            found.append(Found(Kind.DATE, start, end))
    for match in _PERSON.finditer(text):
        if _take(taken, *match.span()):
            found.append(Found(Kind.PERSON, *match.span()))
    for match in _MASK.finditer(text):
        _take(taken, *match.span())
    for match in _FIGURE.finditer(text):
        if _take(taken, *match.span()):
            found.append(Found(Kind.FIGURE, *match.span()))
    found += _quotations(text)
    return sorted(found, key=lambda each: (each.start, -each.end))


def facts_of(passages: Iterable[Passage]) -> list[Fact]:
    """The facts of an article's ``passages`` in their order, each once with its count."""
    facts: dict[str, Fact] = {}
    for passage in passages:
        text = passage.text
        if passage.whole:
            found = [Found(passage.whole, 0, len(text))] if text.strip() else []
            if passage.whole is Kind.QUOTATION:
                found += [each for each in find(text) if each.kind is not Kind.QUOTATION]
        else:
            found = find(text)
        for each in found:
            fact = Fact(
                each.kind,
                text[each.start : each.end],
                passage.where,
                (each.start, each.end),
                text[max(0, each.start - 12) : each.start],
                text[each.end : each.end + 8],
                passage.source,
            )
            same = facts.get(fact.key)
            if same is None:
                facts[fact.key] = fact
            else:
                facts[fact.key] = _again(same, fact)
    return list(facts.values())


def _again(first: Fact, other: Fact) -> Fact:
    return Fact(
        first.kind,
        first.text,
        first.where,
        first.span,
        first.before,
        first.after,
        first.source or other.source,
        first.count + 1,
    )


def _take(taken: bytearray, start: int, end: int) -> bool:
    """Claim the stretch; False when part of it is something else already."""
    if any(taken[start:end]):
        return False
    taken[start:end] = b"\1" * (end - start)
    return True


def _dates(text: str) -> Iterator[tuple[int, int]]:
    """Dates and times; those that stand together (a day, its weekday, the hour) are one."""
    atoms = [(*match.span(), True) for match in _DATE.finditer(text)]
    if not atoms:
        return
    taken = bytearray(len(text))
    for start, end, _ in atoms:
        taken[start:end] = b"\1" * (end - start)
    atoms += [
        (*match.span(), False)
        for match in _ONLY_BESIDE.finditer(text)
        if not any(taken[match.start() : match.end()])
    ]
    atoms.sort()
    start, end, is_date = atoms[0]
    for next_start, next_end, next_is_date in atoms[1:]:
        gap = text[end:next_start] if next_start - end <= 4 else None
        if gap is not None and (is_date or next_is_date) and _DATES_JOIN.fullmatch(gap):
            end, is_date = next_end, is_date or next_is_date
            continue
        if is_date:
            yield start, _closed(text, start, end)
        start, end, is_date = next_start, next_end, next_is_date
    if is_date:
        yield start, _closed(text, start, end)


def _closed(text: str, start: int, end: int) -> int:
    """``end`` with the bracket that closes one opened inside."""
    inside = text[start:end]
    opened = sum(map(inside.count, "（(")) > sum(map(inside.count, "）)"))
    return end + 1 if opened and text[end : end + 1] in ("）", ")") else end


def _quotations(text: str) -> Iterator[Found]:
    """What is said by somebody; a term in quotation marks (“一老一小”) is not."""
    for match in _QUOTED.finditer(text):
        inside = match.group(match.lastindex or 0)
        before = text[max(0, match.start() - 12) : match.start()]
        after = text[match.end() : match.end() + 10]
        if _SENTENCE_LIKE.search(inside) or _SAID_BEFORE.search(before) or _SAID_AFTER.match(after):
            yield Found(Kind.QUOTATION, *match.span())


def _words_only(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
