"""Labels put together from known words: ``推送文章总数``, ``参评公众号名称``, ``单篇最高阅读量``.

The lists of :mod:`.labels` hold the labels as the README prints them; publishers join the same
words in many more ways. Every form here is a whole label: a further word makes it another one.
"""

from __future__ import annotations

import re

_WHEN = r"(?:本[期月周次]|当[月期周])?"
_SUM = r"(?:累计|合计|共计|总|总计|全部|所有)?"
_TAIL = r"总?(?:次数|数量|数目|人次|数|量)?(?:总量|总数|总计|合计)?"
_WHOLE = r"(?:微信|公众号|全部|文章|图文|推文|推送)*"

_FORMS: tuple[tuple[str, str], ...] = (
    ("headline_reads", rf"{_WHEN}{_SUM}头条(?:文章|图文|消息|推文)?{_SUM}的?阅读{_TAIL}"),
    (
        "average_reads",
        rf"{_WHEN}(?:文章|图文|单篇|每篇)?(?:平均|篇均|均)(?:每篇|单篇)?(?:文章|图文)?的?阅读{_TAIL}"
        rf"|{_WHEN}每篇平均阅读{_TAIL}|阅读{_TAIL}(?:平均值?|均值)",
    ),
    (
        "max_reads",
        rf"{_WHEN}(?:文章|图文|单篇|单条)?(?:最高|最大|最多)(?:的?单篇|单条)?(?:文章|图文)?的?阅读{_TAIL}"
        rf"|阅读{_TAIL}(?:最高|最大)值?|(?:最高|最大)阅读(?:数|量)值",
    ),
    ("reads", rf"(?:{_WHEN}|月度?|周){_SUM}{_WHOLE}{_SUM}的?阅读{_TAIL}"),
    ("likes", rf"{_WHEN}{_SUM}{_WHOLE}{_SUM}(?:点赞|获赞|被赞|赞){_TAIL}"),
    ("looks", rf"{_WHEN}{_SUM}{_WHOLE}{_SUM}(?:点?在看){_TAIL}"),
    ("shares", rf"{_WHEN}{_SUM}{_WHOLE}{_SUM}(?:转发|分享){_TAIL}"),
    ("posts", rf"{_WHEN}{_SUM}(?:发布|推送|发文|推文|群发|发送){_SUM}(?:次数|总次数|批次|频次)"),
    (
        "articles",
        rf"{_WHEN}{_SUM}(?:微信)?(?:发布|推送|发表|刊发|推发|发)?(?:文章|图文|推文|稿件|微信|信息|消息|文)?"
        r"(?:总)?(?:篇数|总篇数)"
        rf"|{_WHEN}{_SUM}(?:微信)?(?:发布|推送|发表|刊发|推发|发)的?(?:文章|图文|推文|稿件|微信|文)?"
        r"(?:总)?(?:数|量|数量|总量|总数)"
        rf"|{_WHEN}{_SUM}(?:文章|图文|推文|稿件)(?:发布|推送)?(?:总)?(?:数|量|数量|总量|总数)"
        rf"|{_WHEN}{_SUM}(?:发布|推送|发表|刊发)(?:文章|图文|推文|稿件)?",
    ),
    (
        "index",
        r"(?:微信|微博|新媒体|公众号|清博|新榜|榜单)*(?:综合)?(?:传播|影响)?力?(?:综合)?"
        r"(?:WCI|BCI|TGI|NRI)(?:V\d+(?:\.\d+)?)?(?:综合)?(?:传播)?(?:指数|得分|分值|数值|总分|值|分)?"
        r"|(?:本[期月周]|当[月期周]|微信|微博|新媒体|公众号|清博|新榜|榜单)*(?:综合|最终|传播力?|影响力|总)+"
        r"(?:指数|得分|分值|评分|分数|分|总分|数值|指数值)(?:WCI|BCI|TGI)?"
        r"|(?:本[期月周]|当[月期周])(?:WCI|BCI|TGI)?(?:指数|得分|分值|评分|WCI|BCI|TGI)"
        r"|(?:微信|清博|新榜|榜单)(?:传播|影响)?(?:指数|得分)|评分|总评分?",
    ),
    (
        "movement",
        r"(?:较|比|与|同|对比|相比|较之)上(?:个|一)?[期月周](?:榜单)?(?:相比|比较|对比|相较)?的?(?:排名|名次|位次|排位)?"
        r"(?:升降|变化|变动|涨跌|增减|浮动|情况|相比|对比)*"
        r"|(?:排名|名次|位次|排位|榜单)的?(?:升降|变化|变动|涨跌|浮动|波动|趋势|走势)(?:情况|幅度)?"
        r"|(?:升降|涨跌|升/降|↑↓)(?:情况|幅度|名次|位次)?",
    ),
    (
        "previous",
        r"(?:上(?:个|一)?[期月周]|前一?期|此前)的?(?:榜单)?(?:排名|名次|位次|排位|排行|位序)",
    ),
    (
        "rank",
        r"(?:本(?:期|月|周|次)|当[期月周]|最新|最终|综合|总|榜单)?(?:排名|名次|位次|排行|排位|位序|座次)",
    ),
    (
        "account",
        r"(?:政务|官方|参评|上榜|入榜|参榜|入围|媒体|所属|来源|发布|推送|作者|区县|部门|单位|微信|订阅号?|公众)*"
        r"(?:公众号|公众账号|公众帐号|微信号|微信公众号|账号|帐号|公号|订阅号)(?:名称|名|简称|昵称)?"
        r"(?:[/及与和](?:微信号|微信ID|账号ID|ID|号))?",
    ),
    (
        "unit",
        r"(?:所属|运营|主办|主管|开办|认证|归属|责任|管理|账号|公众号|建设|承办|申报|注册|隶属)*(?:单位|主体|机构)"
        r"(?:名称|全称)?|运营者|运营方|主办方",
    ),
    ("title", r"(?:\S{0,4})(?:标题|题目|题名)|(?:文章|推文|图文|作品|稿件|篇目)名称?|篇名"),
)
_KNOWN = re.compile(r"[阅赞看转分发推刊篇数量指评升涨变较比上排名位号单主运标题]|WCI|BCI|TGI|NRI")
_COMPILED = tuple((key, re.compile(pattern)) for key, pattern in _FORMS)
_WECHAT_ID = re.compile(r"(?:公众号|账号|帐号)?微信号|微信ID")


def key_of_form(bare: str) -> str | None:
    """The key of a label without white space, brackets and lower-case letters, or ``None``."""
    if _KNOWN.search(bare) is None:
        return None
    if _WECHAT_ID.fullmatch(bare):
        return "wechat_id"
    for key, pattern in _COMPILED:
        if pattern.fullmatch(bare):
            return key
    return None
