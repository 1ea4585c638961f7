"""Pages that are no answer: removed, soft 404, login wall, captcha, browser check (README §9)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import takewhile

from .blocks import Block, Found, Line
from .folding import fold, one_line

#: In a title or heading these decide alone.
_STRONG = re.compile(
    r"页面(?:不存在|已删除|找不到|未找到|丢失|走丢|无法访问|没有找到|出错)"
    r"|(?:页面|网页|文章|内容|信息|链接|网址)已?(?:不存在|被删除|删除|下线|下架|失效|过期|丢失)"
    r"|已被(?:发布者|作者|管理员)?删除|找不到(?:该|您|你)?|无法(?:找到|访问|显示|打开)(?:该|此|这个)?(?:页|网)|未找到"
    r"|(?<!\d)40[0-9](?!\d)|(?<!\d)50[0-4](?!\d)|not found|forbidden|access denied"
    r"|bad gateway|service unavailable|gateway time"
    r"|环境异常|安全验证|身份验证|人机验证|验证码|滑动验证|访问验证|安全检查|浏览器检查|正在验证|请?完成验证"
    r"|checking your browser|just a moment|attention required|captcha"
    r"|verify you are|are you (?:a )?(?:human|robot)"
    r"|请(?:先)?登录|登录后(?:查看|阅读|访问|继续|浏览)|用户登录|会员登录|扫码登录|账号登录"
    r"|login required|sign in to"
    r"|访问(?:过于频繁|受限|被拒绝|异常|的页面)|请求(?:过于频繁|被拦截|异常)|拦截"
    r"|系统(?:繁忙|维护|错误|出错|异常)|服务器(?:错误|繁忙|内部错误)"
    r"|此内容(?:因违规|被投诉|发送失败)|该(?:内容|公众号|账号)(?:已被|已注销|已迁移|因)|违规无法查看"
    r"|请开启javascript|enable javascript"
    r"|参数错误|站点(?:已)?关闭|网站(?:维护|升级)|正在维护|稍后再试|稍后重试",
    re.IGNORECASE,
)
_BARE_LOGIN = re.compile(r"^(?:用户|会员|账号|系统|统一身份)?登[录陆](?:页面|系统|中心)?$")

#: A heading that wants a login before it shows the list, even over a few lines of it.
_WALL = re.compile(
    r"登[录陆](?:之?后|即可|才能|以|方可)+[^，。]{0,4}(?:查看|阅读|浏览|解锁|显示|访问|可见)"
    r"|(?:查看|阅读|浏览|解锁)[^，。]{0,10}[,，]?(?:请|需要?)先?登[录陆]|^请先?登[录陆]"
)
_SITE = re.compile(r"\s*[-_|｜—]\s*")

#: Beside boards these head a box or a comment form.
_LOGIN_BOX = re.compile(r"^[如若]|登[录陆](?!后)|验证码|评论|搜索|\?$")
_RANKING = re.compile(r"排行|榜")

#: A page of so few characters that no board stands on it says nothing.
_MIN_TEXT = 20


def is_failed(blocks: list[Block], page_title: str, *, has_boards: bool) -> bool:
    """Whether the page is a failed fetch whatever its status or its links.

    The page's title decides alone, and a heading that asks to log in. Beside boards only what
    stands above them counts, a box to log in does not, and a plain line does only above all
    that speaks of a ranking.
    """
    title = fold(one_line(page_title))
    if _tells(title) or _BARE_LOGIN.match(_SITE.split(title.strip())[0]):
        return True
    if any(
        line.level and line.level < 4 and _WALL.search(fold(line.text))
        for line in _own_lines(blocks)
        if not line.link and len(line.text) <= 60
    ):
        return True
    if not has_boards:
        lines = _own_lines(blocks)
        return sum(len(line.text) for line in lines) < _MIN_TEXT or any(
            _tells(fold(line.text)) for line in lines if len(line.text) <= 60
        )
    above = _own_lines(takewhile(lambda block: not isinstance(block, Found), blocks))
    heads = [line for line in above if line.level and line.level < 4 and not line.link]
    if any(_tells(fold(line.text), beside_boards=line.level > 1) for line in heads):
        return True
    if _RANKING.search(title):
        return False
    above = [line for line in above if not line.link]
    first = takewhile(lambda line: not _RANKING.search(fold(line.text)), above)
    return any(_tells(fold(line.text), beside_boards=True) for line in first)


def _own_lines(blocks: Iterable[Block]) -> list[Line]:
    return [block for block in blocks if isinstance(block, Line) and not block.aside]


def _tells(text: str, *, beside_boards: bool = False) -> bool:
    if not text or len(text) > 60 or _RANKING.search(text):
        return False
    if beside_boards and _LOGIN_BOX.search(text):
        return False
    return bool(_STRONG.search(text) or _BARE_LOGIN.match(text.strip()))
