"""Column labels and value labels: which printed words name which key (README §5).

Labels are compared without white space, brackets and traditional forms. A unit in the brackets
(万, 万次) multiplies the column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .folding import compact
from .label_forms import key_of_form

RANK = "rank"
ACCOUNT = "account"
WECHAT_ID = "wechat_id"
UNIT = "unit"
TITLE = "title"
MOVEMENT = "movement"
PREVIOUS = "previous"
POSTS_AND_ARTICLES = "posts/articles"
IGNORED = "ignored"

VALUE_KEYS = (
    "articles",
    "posts",
    "reads",
    "headline_reads",
    "average_reads",
    "max_reads",
    "likes",
    "looks",
    "shares",
    "index",
)

_READ_TAILS = "", "数", "量", "总数", "总量", "次数"


def _reads(*heads: str) -> tuple[str, ...]:
    return tuple(f"{head}阅读{tail}" for head in heads for tail in _READ_TAILS)


def _counts(*verbs: str) -> tuple[str, ...]:
    tails = "", "数", "量", "总数", "总量", "次数"
    return tuple(f"{head}{verb}{tail}" for verb in verbs for tail in tails for head in ("", "总"))


_WORDS: dict[str, tuple[str, ...]] = {
    RANK: (
        *("排名", "名次", "位次", "序号", "#", "排行", "本期排名", "本期名次", "本月排名"),
        *("本月名次", "本周排名", "总排名", "当前排名", "本期位次", "序", "NO.", "NO", "RANK"),
    ),
    ACCOUNT: (
        *("公众号", "微信公众号", "微信名称", "公众号名称", "微信公众号名称", "账号", "名称"),
        *("账号名称", "帐号", "帐号名称", "微信账号", "微信帐号", "订阅号", "订阅号名称"),
        *("公众账号", "公众号名", "微信名", "昵称", "公号", "公号名称", "微博名称", "微博账号"),
        *("公众帐号", "政务微信", "发布账号", "发布公众号", "来源公众号", "所属公众号"),
    ),
    WECHAT_ID: ("微信号", "微信ID", "微信账号ID", "公众号ID", "账号ID", "ID", "微信号码"),
    UNIT: (
        *("单位", "主体", "运营主体", "主办单位", "主管单位", "单位名称", "账号主体", "开办单位"),
        *("运营单位", "所属单位", "认证主体", "主体单位", "主体名称", "主办主体", "发布单位"),
    ),
    TITLE: (
        *("标题", "文章标题", "文章", "文章名称", "推文标题", "推文", "热文标题", "热文", "题目"),
        *("文章题目", "内容标题", "作品标题", "图文标题"),
    ),
    MOVEMENT: (
        *("较上期", "较上月", "较上周", "升降", "位次变化", "名次变化", "排名变化", "排名升降"),
        *("名次升降", "位次升降", "较上期排名", "较上月排名", "较上周排名", "较上期变化"),
        *("较上月变化", "较上周变化", "较前期", "与上期相比", "与上月相比", "与上周相比"),
        *("比上期", "比上月", "比上周", "较上期升降", "较上月升降", "较上周升降", "排名变动"),
        *("名次变动", "变动", "排位变化", "较上期名次", "较上月名次"),
    ),
    PREVIOUS: tuple(
        f"{when}{what}"
        for when in ("上期", "上月", "上周", "上一期", "前期")
        for what in ("排名", "名次", "位次")
    ),
    POSTS_AND_ARTICLES: (),
    "articles": (
        *("发布篇数", "篇数", "文章数", "文章总数", "发文", "发文数", "发文量", "发博数"),
        *("文章篇数", "发文篇数", "发布量", "发文总数", "发文总量", "总篇数", "推送篇数"),
        *(
            "发布数",
            "发布总数",
            "发布文章数",
            "发布文章",
            "推文数",
            "推文数量",
            "文章数量",
            "发博量",
        ),
        *("发布总量", "图文数", "总发文数", "总文章数", "发稿量", "发文数量", "推文篇数", "发博"),
    ),
    "posts": ("发布次数", "推送次数", "发文次数", "推文次数", "群发次数"),
    "reads": _reads("", "总", "累计", "文章"),
    "headline_reads": _reads("头条", "总头条", "头条文章"),
    "average_reads": (*_reads("平均", "篇均", "平均每篇", "单篇平均"), "均阅读", "均阅读数"),
    "max_reads": _reads("最高", "最大", "单篇最高", "单篇最大", "最高单篇"),
    "likes": _counts("点赞", "获赞"),
    "looks": _counts("在看", "点在看"),
    "shares": _counts("转发", "分享"),
    "index": (
        *("WCI", "WCI指数", "微信传播指数", "新榜指数", "BCI", "TGI", "综合得分", "综合指数"),
        *("影响力指数", "指数", "传播指数", "传播力指数", "微信指数", "得分", "总分", "总得分"),
        *("微信传播力指数", "微信影响力指数", "综合影响力指数", "BCI指数", "TGI指数", "WCI值"),
        *("微博传播指数", "清博指数", "指数得分", "综合分", "微信传播指数WCI", "最终得分"),
        *("综合影响力", "WCI得分", "WCI分值", "分值"),
    ),
    IGNORED: (
        *("10W+", "10万+", "10W+文章", "10万+文章", "10W+篇数", "10万+篇数", "点赞率", "评论数"),
        *("评论", "粉丝数", "粉丝", "指数变化", "所属市州", "所属地区", "操作", "地区", "市州"),
        *("所属区域", "区域", "区县", "类别", "类型", "备注", "在看率", "互动率", "发布时间"),
        *("WCI变化", "较上期指数", "头像", "二维码", "链接", "评论总数", "环比", "得分变化"),
        *("10W+数", "10万+数", "10W+文章数", "10万+文章数", "原创数", "省份", "城市"),
    ),
}
LABELS: dict[str, str] = {word.upper(): key for key, words in _WORDS.items() for word in words}

_BRACKETS = re.compile(r"[(\[【（][^()\[\]【】（）]*[)\]】）]")
_BOTH = re.compile(r"(?:发布|推送|发文)[(\[]?次数?/篇数?[)\]]?")
_COLUMN_UNIT = re.compile(r"[(\[【/:](?:单位:?)?(千|万|亿|[wW])[次篇人个+]{0,2}(?:[)\]】]|$)")
_FACTORS = {"千": 1_000, "万": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000}
_NOISE = re.compile(r"[:↑↓▲▼\-—_*·]+$|^[*·]+")
_COUNTED_IN = re.compile(
    r"[(\[【（/:](?:单位:?)?[千万亿wW]?(?P<word>人次|[次篇人个条分点])[)\]】）]?$"
)
#: Columns that number the lines; a column of ranks beside them is the rank.
_LINE_NUMBERS = frozenset(("序号", "序", "#", "编号"))

_PAST = re.compile(r"上(?:一?期|个?月|一?周)")
_NOW = re.compile(r"(?:本|当)[期月周次]")
_BARE_VERBS = frozenset(("发布", "推送"))

#: A label is short; anything longer is text.
MAX_LABEL = 24


@dataclass(frozen=True, slots=True)
class Label:
    """What one column holds: its key and the number its cells are multiplied by."""

    key: str
    factor: int = 1
    numbers_lines: bool = False


def parse_label(text: str) -> Label | None:
    """The label that ``text`` is, or ``None`` for any other text."""
    if text[:1].isdigit() and not text.startswith("10"):
        return None  # most cells of a table are numbers, and no label but 10W+ begins with one
    folded = compact(text)
    if not folded or len(folded) > MAX_LABEL:
        return None
    if _BOTH.fullmatch(folded):
        return Label(POSTS_AND_ARTICLES)
    unit = _COLUMN_UNIT.search(folded)
    factor = _FACTORS[unit[1]] if unit else 1
    key = LABELS.get(folded.upper())
    if key is None:
        counted = _COUNTED_IN.search(folded)
        bare = _BRACKETS.sub("", folded[: counted.start()] if counted else folded)
        bare = _NOISE.sub("", _COLUMN_UNIT.sub("", bare)).upper()
        key = LABELS.get(bare) or key_of_form(bare)
        if key == "articles" and counted and counted["word"] == "次":
            key = "posts"
    if key is None:
        return None
    return Label(key, factor, key == RANK and folded in _LINE_NUMBERS)


def grouped_label(group: str, text: str) -> Label | None:
    """The label of a column under a group label; the lowest counts unless the group is the past.

    ``名称`` under ``微信公众号`` is the account, ``总数`` under ``阅读`` the reads, but
    ``排名`` under ``上期`` and ``上期`` under ``排名`` are the rank before.
    """
    past = _PAST.match(compact(group))
    label = parse_label(text)
    if past:
        return Label(PREVIOUS) if label and label.key == RANK else Label(IGNORED)
    if label is not None and not (label.key == "articles" and compact(text) in _BARE_VERBS):
        return label
    group, text = compact(group), compact(text)
    unit = _COLUMN_UNIT.search(group)
    found = parse_label(group + text) or parse_label(text + _BRACKETS.sub("", group)) or label
    if found is None and (below := re.fullmatch(r"(?:按)?(次|篇)数?", text)):
        found = Label("posts" if below[1] == "次" else "articles")
    if found is None and _NOW.fullmatch(text):
        found = parse_label(group)
    if found is not None and unit and found.factor == 1:
        return Label(found.key, _FACTORS[unit[1]])
    return found


def is_label(text: str) -> bool:
    """Whether ``text`` is a known label, taken or not."""
    return parse_label(text) is not None
