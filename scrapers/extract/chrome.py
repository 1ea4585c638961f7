"""What stands around a ranking: charts of headlines, related links, comments (README §3)."""

from __future__ import annotations

import re
from collections.abc import Collection

from .folding import compact, fold
from .names import is_authority

_WHEN = (
    r"(?:(?:本|今|一|近|昨|每|上|当|全|24|48|7|\d{1,2})*(?:周|月|日|天|年|小时|[hH])(?:内|度|期)?)?"
)
_TOPIC = r"[^榜,，。:“”《》]{0,4}?"
_HOT = (
    r"(?:热门|热点|热文|热搜|热帖|热读|热议|热榜|热图|热评|热播|热词|热闻|热卖|热看|点击|点击量|人气|浏览|访问"
    r"|阅读(?=排)|要闻|最新|头条(?=新闻|推荐|排)|爆款(?=推荐)|新闻(?=排)|资讯(?=排)|本站(?=排)|全站(?=排)|(?:周|日|月|站|网|坛)(?=排行))"
)
_KIND = (
    r"(?:(?:新闻|资讯|文章|主题|帖子|话题|账号|视频|图片|图集|问答|点击|阅读|评论|推荐|动态|消息|供求|排行|排名|榜单|关注|内容|标签|城市|关键词)"
    r"*(?:排行榜?|榜单?|排名|TOP\d*)?)"
)
#: Charts of what readers clicked: no board, unless its lines name accounts.
_CHART = re.compile(
    rf"{_WHEN}{_TOPIC}{_HOT}{_KIND}|上一?[期月周年](?:榜单?|排行榜|回顾)(?:TOP\d+)?|历史榜单",
    re.IGNORECASE,
)
_BARE_CHART = re.compile(
    rf"{_WHEN}(?:站内|本站|全站|网站|论坛|频道|新闻|资讯|文章|阅读|综合)?"
    r"(?:排行榜?|榜单|热榜|TOP\d*)",
    re.IGNORECASE,
)
#: Words over links to something else, never over a board.
_LINKS = re.compile(
    r".{0,6}(?:(?:相关|推荐|延伸|拓展|扩展|精彩|往期|更多|关联)(?:阅读|新闻|报道|文章|链接|内容|推荐|资讯|信息|图集|视频|回顾|榜单|简报|推文|精选|专题|下载)"
    r"|猜你(?:喜[欢歡]|想看|感兴趣|爱看)|(?:大家|别人|网友)(?:都|还|也)?在?看|看了又看|你(?:可能|也许)(?:还|也)?(?:喜[欢歡]|想看|感兴趣)"
    r"|(?:编辑|小编|为您|为你|今日|本站|首页|站长|图文)推荐|友情链接|热门推荐|热文推荐|推荐|荐读|往期|回顾|上一篇|下一篇|延伸)"
)
_TALK = re.compile(r".{0,4}(?:评论|留言|跟帖|回复|讨论区?|互动|吐槽)(?:区|列表)?")
#: What other rankings rank, and words of headings that rank accounts or their keepers.
_OTHERS = re.compile(
    r"票房|影片|电影|剧集|综艺|积分|歌曲|金曲|好书|新书|书籍|小程序|APP|下载|视频(?!号)|空气|气温|天气|水质|景点"
    r"|彩票|会员|版主|发帖|网友|用户|通讯员|上稿|用稿|投稿|房价|油价|菜价|销量|车型|股票|涨幅|跌幅|基金|球队|射手",
    re.IGNORECASE,
)
_ACCOUNTS = re.compile(
    r"公众号|公号|账号|帐号|微信|微博|政务|WCI|BCI|指数|影响力|[省市县区][级直]|县市区|县区|市州|镇街|乡镇|街道|单位|部门|机构",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"(?:更多|查看更多|MORE|换一[批换]|展开|全部|[>》»›+…]|\([\d条]*\)|\[[\d条]*\]|20\d\d年?(?:\d{1,2}月?)?)+$",
    re.IGNORECASE,
)
#: Boards of articles or accounts are named by what they rank.
_OWN_BOARD = re.compile(
    r"(?:热文|推文|爆文|单篇|文章|账号).{0,2}(?:榜|排行|TOP|前|[\d十百]强)"
    r"|(?:[省市州县区镇][级直]|单位|部门|机构|公众号|政务|[县市]区|高校).*(?:榜|排行|TOP|[\d十百]强)",
    re.IGNORECASE,
)
_LONGEST = 16

#: Signs and words of sentences: headlines have them, names of accounts do not.
_SIGNS = re.compile(r"[:,，。?!;、…《》“”]")
_SENTENCE = re.compile(
    r"怎么|如何|为何|为什么|何时|什么|哪些|多少|吗$|[来完好开到]了|了$|^一图|看懂|[这那][些里样类几三]|公布|上调|下调|报名|细则|指南|攻略|施工"
    r"|完工|启动|启用|升级|恢复|举行|举办|召开|上市|上涨|下跌|跳水|免费|补贴|通知|公告|公示|提醒|提示|预警|问答|可以|可领|将于|将在"
    r"|今年|明年|昨日|明起|今起|今日起|首场|首批|首个|新增|新规|持平|到货|搬家|延时|延长|封闭|停水|停电|限行|放假|招生|招聘|录取|分数线|开园"
    r"|开学|开通|进入|增至|降至|突破|流程|价格|拆迁|改造|调整|避堵|防霉|换发|申请|办理|缴费|下雪|初雪|加装|简化"
)
_OF_ACCOUNT = re.compile(
    r"(?:发布|融媒|传媒|在线|公安|检察|微讯|资讯|之声|日报|晚报|早报|都市报|时报|电视台|广播|广电|电台|大学|学院|中学|小学|学校|医院|集团|公司"
    r"|银行|协会|学会|研究院|图书馆|博物馆|交警|消防|税务|人社|教育|卫健|文旅|气象|司法|政务|青年|团委|先锋|纪检监察|网|号|台|馆|社)$"
)
_LONG_NAME = 8


def names_chrome(text: str) -> bool:
    """Whether a short line heads something that stands around a ranking, by all of its words."""
    return names_links(text) or _is_chart(_bare(text)) or ranks_others(text)


def ranks_others(text: str) -> bool:
    """Whether a short line heads a ranking of films, goods, users, and says no accounts."""
    bare = _bare(text)
    return bool(bare and _OTHERS.search(bare)) and _ACCOUNTS.search(bare) is None


def names_ranking_only(text: str) -> bool:
    """Whether a short line says no more than 榜, over a board or a chart (``本周榜单``)."""
    return _BARE_CHART.fullmatch(_bare(text)) is not None


def names_links(text: str) -> bool:
    """Whether a short line heads related links or comments, whatever stands under it."""
    bare = _bare(text)
    if not bare or len(bare) > _LONGEST:
        return False
    return bool(_LINKS.fullmatch(bare) or _TALK.fullmatch(bare))


def heads_talk(text: str) -> bool:
    """Whether a short line heads what readers wrote."""
    return _TALK.fullmatch(_bare(text)) is not None


def are_headlines(names: Collection[str]) -> bool:
    """Whether the names of a list are those of articles rather than of accounts or units."""
    if not names:
        return False
    phrases = sum(_is_headline(name) for name in names)
    own = sum(bool(_OF_ACCOUNT.search(name)) or is_authority(name) for name in names)
    length = sum(len(compact(name)) for name in names) / len(names)
    if phrases * 2 >= len(names):
        return own * 2 < len(names)
    return length >= _LONG_NAME and own * 4 < len(names) and phrases * 5 >= len(names)


def _is_chart(bare: str) -> bool:
    if not bare or len(bare) > _LONGEST or _OWN_BOARD.search(bare):
        return False
    return bool(_CHART.fullmatch(bare) or _BARE_CHART.fullmatch(bare))


def _is_headline(name: str) -> bool:
    folded = fold(name)
    return bool(_SIGNS.search(folded) or _SENTENCE.search(folded))


def _bare(text: str) -> str:
    """The words of a heading: no decoration, ``更多>>``, number of comments or month behind."""
    if len(text) > 2 * _LONGEST:
        return ""
    words = compact(text).strip("▼▽◆◇■□●○★☆▲△►▶▷※❖🔥·•|丨*=~-—_:【】[]")
    return _BEHIND.sub("", words).rstrip(":|-·")
