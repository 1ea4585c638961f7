"""Headings: the page title, a listing's own heading, and how a board's name is cut from it."""

from __future__ import annotations

import re
import unicodedata

from .blocks import Block, Line
from .folding import fold, one_line, tidy
from .labels import is_label
from .numerals import NUMERAL
from .period_forms import is_only_date
from .ranks import parse_rank

_ORDINAL = re.compile(
    r"^(?:[(\[【（](?:[一二三四五六七八九十]{1,3}|\d{1,2})[)\]】）]\s*"
    r"|[一二三四五六七八九十]{1,3}\s*[、.．:：]\s*"
    r"|(?:图表|图|表|榜单)\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})\s*[:：.、．]?\s*(?=\S)"
    r"|\d{1,2}\s*[、．]\s*|\d{1,2}\s*\.\s*(?!\d)|[①-⑳]\s*"
    r"|第[一二三四五六七八九十]{1,2}部分\s*[:：、]?\s*)"
)
_DECORATION = "▼▽◆◇■□●○★☆▲△►▶▷◀◁※❖✦✧⬇↓👇🏆·•|丨—－-_=~*>》》 \t\u3000"
_LEADING = "▼▽◆◇■□●○★☆▲△►▶▷※❖✦✧⬇↓👇🏆📊🔥·•|丨*>=~ \t\u3000\u00a0"
_BOARD_WORDS = re.compile(
    rf"榜|榜单|排行|排名|TOP\s*\d|前\s*{NUMERAL}\s*[名位强]?|{NUMERAL}\s*强|十大|百强",
    re.IGNORECASE,
)
_BOARD_LINE = re.compile(
    rf"(?:榜单?|排行榜?|排名|TOP\s*\d+|{NUMERAL}\s*强|前\s*{NUMERAL}\s*[名位强]?|十大\S{{2,6}})"
    r"(?:\s*[(\[【][^()]{0,30}[)\]】])?$",
    re.IGNORECASE,
)
_FIGURE_LINE = re.compile(
    r"^[(【]?(?:图|表)\s*(?:\d{1,2}|[一二三四五六七八九十]{1,2})(?:\s|[:.、)】])"
)
_NOT_A_HEADING = re.compile(
    r"点击(?!率|量|榜|排|热|TOP|总)|长按|扫码|识别二维码|大图|来源|编辑|责编|作者|记者|校对|审核|监制|发布时间|发布日期|索引号|字号"
    r"|^(?:榜单|统计|监测|数据|采集|更新)?(?:时间段?|日期|时段|周期|区间|月份|年月|年份)\s*:|^(?:榜单|统计|监测|数据)时间|^单位\s*:|^[(*※]*注|^[(*]*备注"
    r"|^数据(?:来源|统计|说明)|如下\s*:?$|^(?:完整|全部|详细|具体|全)榜单?\s*:?$|^说明|^上[期月]|^时间\s*:|^[(\[]|分割线|^(?:以下|下面|下表|上表|现将|现公布|本[次期]公布|具体|详见)|^文[/|]|阅读原文|当前位置|(?:用户|会员|账号)?(?:登录|注册)$"
)
_SENTENCE_END = ("。", "!", "?", ";", "，", ",", "…", "、")
_ARTICLES = re.compile(r"热文|单篇|文章(?!数|总数|量)|推文|爆文|爆款|好文|图文榜|10万\+榜")
_NOT_A_BOARD = re.compile(
    r"名单|名录|花名册|名册|说明|规则|须知|备注|注释|方法|口径|目录|导读|相关|推荐|热点|点击|通讯录|值班|投诉|流程"
    r"|要求|建议|解读|点评|分析|看点|综述|小结|概况|概述|总体情况|亮点|结语|样本|成员|评论|留言|跟帖|回顾|往期|如何|怎[么样]|评审|评委|标准|问题|步骤"
)
#: Names of boards that a sentence may begin with, and words that look like them.
_BRACKETED_LEAD = re.compile(r"\s*【[^【】]{2,20}】\s*:?")
_LEAD_NAME = re.compile(
    r"(?:榜单?|榜[(\[].{1,12}[)\]]|TOP\s*\d+|[\d十百]强|[省市州县区镇街道部门直]级?(?:账号|公众号|微信)?类?)$"
)
_NO_LEAD = re.compile(
    rf"^(?:本|上|下|当|今|前|后|第|共|最新|完整|全部|新|再|首次)?(?:[期月周]|{NUMERAL}名?)?(?:的)?(?:[榜单]+|排行榜?|排名)$"
    r"|[上入登落离退进出下新回返到揭发开看读晒]榜单?$|热点|点击|相关|推荐|往期|说明|分析|点评|亮点|解读"
)
#: Plain lines of a list, and lines about other pages.
_LISTED = re.compile(r"\d{1,2}\s*[、.．)]|[①-⑳]")
_ELSEWHERE = re.compile(r"[上下]一[篇条页]|标签|关键[词字]|TAGS?\s*:", re.IGNORECASE)
_SITE_SEPARATOR = re.compile(r"\s*[-_|｜—–·]+\s*|\s{2,}")

_HAN = re.compile(r"[\u3400-\u9fff]")

#: Longer lines are text.
MAX_HEADING = 60
_MAX_SHORT = 30
_MAX_TAB = 6


def clean_name(text: str) -> str:
    """The board name in a heading: without ordinals, decoration, enclosing 【】, closing colon."""
    name = one_line(text)
    while True:
        before = name
        name = name.strip(_LEADING)
        ordinal = _ORDINAL.match(fold(name))
        name = name[ordinal.end() :] if ordinal else name
        name = name.rstrip(":：").strip()
        if name.startswith("【") and name.endswith("】") and "【" not in name[1:]:
            name = name[1:-1].strip()
        if name == before:
            return name


def is_heading(line: Line) -> bool:
    """Whether the line is set as a heading, or plainly worded as one of a board."""
    if line.aside or not _may_be_heading(line.text):
        return False
    if line.link and not (line.level and names_a_board(line.text)):
        return False
    folded = fold(line.text).strip()
    if line.level or line.caption or _FIGURE_LINE.match(folded):
        return True
    if line.position is not None or folded.endswith(_SENTENCE_END) or "。" in folded:
        return False
    if line.bold or line.centred:
        return "，" not in folded or bool(_BOARD_LINE.search(folded))
    return len(folded) <= _MAX_SHORT and is_board_line(folded)


def lead_in(line: Line) -> tuple[str, str] | None:
    """The board's name a sentence begins with, and the sentence: ``<b>省直榜：</b>“A”…``."""
    head, behind = line.lead, line.text[len(line.lead) :]
    if match := _BRACKETED_LEAD.match(line.text):
        head, behind = match[0], line.text[match.end() :]
    elif not (line.lead and line.text.startswith(line.lead)):
        return None
    closed = match is not None or fold(head).rstrip().endswith(":")
    closed = closed or fold(behind).lstrip().startswith(":")
    behind = behind.lstrip(":： \u3000\xa0")
    name = clean_name(head)
    if not closed or not behind or len(name) > _MAX_SHORT or not _LEAD_NAME.search(fold(name)):
        return None
    return (name, behind) if not _NO_LEAD.search(fold(name)) and not is_label(name) else None


def is_short_line(line: Line) -> bool:
    """Whether a plain line right above a listing may be its heading."""
    folded = fold(line.text).strip()
    if line.aside or line.link or not _may_be_heading(line.text) or len(folded) > _MAX_SHORT:
        return False
    if len(line.runs) > 3 and _are_tabs(line.runs) and not names_a_board(folded):
        return False
    if _ELSEWHERE.match(folded) or (_LISTED.match(folded) and not names_a_board(folded)):
        return False
    return not folded.endswith(_SENTENCE_END) and "。" not in folded and "，" not in folded


def _are_tabs(runs: list[str]) -> bool:
    """Whether a line is one of many short words in tags of their own, to be clicked."""
    return all(len(tidy(run)) <= _MAX_TAB for run in runs)


def is_board_line(text: str) -> bool:
    """Whether a plain line ends like a board's name (…榜, …TOP20, …120强) and is no sentence."""
    folded = fold(text).strip().rstrip(":").strip(_LEADING)
    if "，" in folded or "“" in folded or "「" in folded:
        return False
    return bool(_BOARD_LINE.search(folded)) and _NOT_A_BOARD.search(folded) is None


def names_a_board(text: str) -> bool:
    """Whether a heading speaks of a ranking (and not of its explanation or a roster)."""
    folded = fold(text)
    return bool(_BOARD_WORDS.search(folded)) and _NOT_A_BOARD.search(folded) is None


def names_no_board(text: str) -> bool:
    """Whether a heading announces a roster, notes or comments."""
    return _NOT_A_BOARD.search(fold(text)) is not None


def names_articles(text: str) -> bool:
    """Whether a heading announces a ranking of single articles."""
    return _ARTICLES.search(fold(text)) is not None


def find_title(blocks: list[Block], page_title: str) -> int | None:
    """Where the page title stands: ``#activity-name``, the line equal to ``<title>``, or ``h1``."""
    candidates = title_candidates(page_title)
    first_h1 = None
    equal = None
    for index, block in enumerate(blocks):
        if not isinstance(block, Line):
            continue
        if block.element_id == "activity-name":
            return index
        is_equal = _comparable(block.text) in candidates
        if block.level == 1 and not block.aside:
            if is_equal:
                return index
            first_h1 = index if first_h1 is None else first_h1
        elif is_equal and equal is None and not block.link and not block.aside:
            equal = index
    return first_h1 if first_h1 is not None else equal


def title_candidates(page_title: str) -> set[str]:
    """``<title>`` in comparable form, whole and less one or more site names at its end."""
    title = one_line(page_title)
    found = {_comparable(title)}
    for match in _SITE_SEPARATOR.finditer(title):
        if match.start() >= 4:
            found.add(_comparable(title[: match.start()]))
    found.discard("")
    return found


def bare_title(page_title: str) -> str:
    """``<title>`` less the site name behind its last separator."""
    title = one_line(page_title)
    cuts = [match.start() for match in re.finditer(r"\s*[-_|｜]\s*", title) if match.start() >= 4]
    return title[: cuts[-1]] if cuts else title


def _comparable(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", tidy(text)))


def _may_be_heading(text: str) -> bool:
    folded = fold(text).strip()
    if not 2 <= len(folded) <= MAX_HEADING or _NOT_A_HEADING.search(_ORDINAL.sub("", folded)):
        return False
    if len(bars := re.split(r"\s*[|丨]\s*", folded)) > 2 and _are_tabs(bars):
        return False
    if is_only_date(folded) or is_label(folded) or parse_rank(folded) is not None:
        return False
    return len(_HAN.findall(folded)) > 1 or bool(_BOARD_WORDS.search(folded))
