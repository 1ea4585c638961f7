"""What WeChat's refusals mean, and what a person has to do about each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ErrorKind(StrEnum):
    """What is to follow after an error."""

    BUSY = "busy"
    """Will pass by itself: try again with growing pauses."""
    RATE = "rate"
    """Too many calls in this minute: try again after one."""
    QUOTA = "quota"
    """No more today: try again tomorrow."""
    REFUSED = "refused"
    """Will be refused again until a person has done something."""


BUSY, RATE, QUOTA, REFUSED = ErrorKind

# Ours is missing or no longer taken; another one is fetched and the call made once more.
TOKEN_ERRORS = frozenset({40001, 40014, 42001})
QUOTA_SPENT = 45009
ALREADY_SENT = 45065

# WeChat: the pages of each interface, and its table of global return codes.
MEANINGS: dict[int, tuple[ErrorKind, str]] = {
    -1: (BUSY, "微信系统繁忙，稍后会自动再试。"),
    40001: (BUSY, "微信不认访问凭证，稍后会自动再试；一直这样，请管理员核对 AppID 和 AppSecret。"),
    40003: (REFUSED, "这个人没有关注本公众号，请先关注再发预览。"),
    40005: (REFUSED, "微信不收这种格式的文件，请换成 jpg 或 png 图片。"),
    40007: (
        REFUSED,
        "微信里没有这个素材或草稿，可能已经发出，或在后台被删除，请到后台查看。",
    ),
    40009: (REFUSED, "图片超过微信规定的大小，请缩小后再传。"),
    40013: (REFUSED, "AppID 不对，请管理员核对 WECHAT_APPID。"),
    40014: (BUSY, "访问凭证无效，稍后会自动再试；一直这样，请管理员核对 AppID 和 AppSecret。"),
    40035: (REFUSED, "送去的参数微信不认，请管理员看微信接口记录。"),
    40059: (REFUSED, "微信查不到这次群发的编号，请到公众号后台看是否已发出，再登记。"),
    40125: (REFUSED, "AppSecret 不对或已重置，请管理员在公众号后台核对，改 WECHAT_SECRET 后重启。"),
    40132: (REFUSED, "微信号不对，请管理员在“手机预览人”里核对。"),
    40137: (REFUSED, "微信不收这种格式的图片，请换成 jpg 或 png 图片。"),
    40164: (
        REFUSED,
        "本机的出口 IP 不在公众号的白名单里，请管理员在公众号后台加上，约五分钟生效。",
    ),
    41005: (REFUSED, "微信没有收到图片文件，请重试；再不行请管理员看微信接口记录。"),
    42001: (BUSY, "访问凭证过期，稍后会自动再试。"),
    43004: (REFUSED, "这个人没有关注本公众号，请先关注再发预览。"),
    44003: (REFUSED, "图文内容是空的，请检查推送里的文章。"),
    45001: (REFUSED, "文件超过微信规定的大小，请缩小后再传。"),
    45002: (REFUSED, "正文超过微信规定的长度（2 万字、1 MB，含排版代码），请压缩或分成两篇。"),
    45003: (REFUSED, "标题超过微信规定的 32 个字，请改短。"),
    45004: (REFUSED, "摘要超过微信规定的 120 个字，请改短。"),
    45005: (REFUSED, "阅读原文的地址太长，请改短文章的网址。"),
    45008: (REFUSED, "一次推送最多 8 篇文章，请移出几篇。"),
    QUOTA_SPENT: (QUOTA, "今天调用微信这个接口的次数已经用完，明天会自动再试。"),
    45011: (RATE, "调用微信太频繁，一分钟后会自动再试。"),
    # Nothing that goes to all followers may go out by itself on another day.
    45028: (REFUSED, "微信的群发次数已经用完，请等次数恢复后再发。"),
    ALREADY_SENT: (REFUSED, "这次群发已经提交过，微信没有再发一遍。"),
    45066: (RATE, "群发提交得太快，一分钟后会自动再试。"),
    45067: (REFUSED, "群发编号太长，请管理员看微信接口记录。"),
    45110: (REFUSED, "作者超过微信规定的 16 个字，请改短。"),
    45166: (REFUSED, "微信不接受这篇的内容，请检查链接和图片，或到公众号后台手工处理。"),
    47001: (REFUSED, "微信读不懂送去的内容，可能有特殊控制字符，请检查最近改动的文字。"),
    47009: (REFUSED, "微信已停用这个接口，请管理员升级工作台。"),
    48001: (
        REFUSED,
        "公众号没有这个接口的权限，认证可能已过期，请在公众号后台查看认证有效期。",
    ),
    48003: (REFUSED, "公众号管理员还没有同意微信群发协议，请登录公众号后台点“同意”。"),
    48004: (REFUSED, "公众号的接口被微信封禁，请登录公众号后台看原因。"),
    50002: (REFUSED, "公众号被微信限制，请登录公众号后台看原因。"),
    53402: (REFUSED, "微信裁封面失败，请换一张封面，或重新设封面的焦点。"),
    53500: (REFUSED, "公众号的发布功能被微信限制，请登录公众号后台看原因。"),
    53501: (RATE, "提交发布太频繁，一分钟后会自动再试。"),
    53502: (REFUSED, "微信里没有这个发布任务，请到公众号后台查看。"),
    53503: (REFUSED, "草稿没有通过微信的发布检查，请到公众号后台打开草稿，按提示修改。"),
    53504: (REFUSED, "这个草稿要在公众号后台发布，请到后台操作。"),
    53505: (REFUSED, "请先在公众号后台手工保存一次这个草稿，再回来操作。"),
    61500: (REFUSED, "统计日期的写法不对，请管理员看微信接口记录。"),
    61501: (REFUSED, "统计日期超出微信允许的范围，请管理员看微信接口记录。"),
    88000: (REFUSED, "这篇没有留言权限，请在公众号后台查看留言功能是否开通。"),
    88001: (REFUSED, "微信里找不到这篇的留言，文章可能已删除或没有开留言，请到后台查看。"),
    88003: (REFUSED, "精选留言的条数已到上限，请先取消几条精选。"),
    88004: (REFUSED, "这条留言已被读者删除，请选别的精选。"),
    88005: (REFUSED, "这条留言已经回复过，请先删除原来的回复。"),
    88007: (REFUSED, "回复是空的或太长，请改短后再回复。"),
    88008: (REFUSED, "这条留言已不在微信里，请重新取一次留言。"),
    88010: (REFUSED, "一次取留言的条数超出微信允许的范围，请管理员看微信接口记录。"),
}

# WeChat appends the number of the request and a hint to its own staff.
_NUMBERS = re.compile(r"[\s,]*\b(rid|hint)\s*:\s*(\[[^\]]*\]|[\w-]+)", re.IGNORECASE)
_IP = re.compile(r"invalid ip (\S+)")


class WeChatError(Exception):
    """WeChat did not do what was asked.

    ``code`` is WeChat's, None where none came back. ``sentence`` says in Chinese what is so and
    what to do, ``kind`` what is to follow. ``answer`` is what WeChat sent along.
    ``outcome_known`` is False where the deed may have been done all the same.
    """

    outcome_known = True

    def __init__(
        self,
        code: int | None,
        errmsg: str = "",
        *,
        kind: ErrorKind | None = None,
        sentence: str = "",
        answer: Mapping[str, Any] | None = None,
    ) -> None:
        self.code = code
        self.errmsg = _NUMBERS.sub("", errmsg).strip()
        known_kind, known_sentence = meaning(code, self.errmsg)
        self.kind = kind or known_kind
        self.sentence = sentence or known_sentence
        self.answer = dict(answer or {})
        super().__init__(self.sentence)


class ReplyLost(WeChatError):
    """No readable answer: whether WeChat did what was asked is not known."""

    outcome_known = False

    def __init__(self, what: str) -> None:
        super().__init__(
            None, what, kind=BUSY, sentence=f"微信没有给出能读的回答（{what}），稍后会自动再试。"
        )


class Unreachable(WeChatError):
    """The request never got there, so that nothing was done."""

    def __init__(self, what: str, kind: ErrorKind = BUSY, sentence: str = "") -> None:
        super().__init__(
            None,
            what,
            kind=kind,
            sentence=sentence
            or f"连不上微信（{what}），稍后会自动再试；一直这样，请管理员检查本机的网络。",
        )


class NotConfigured(WeChatError):
    """The workbench has no WeChat account, or an address it may not use."""

    def __init__(self, sentence: str) -> None:
        super().__init__(None, kind=REFUSED, sentence=sentence)


class FieldTooLong(WeChatError):
    """An article breaks a limit of WeChat; found before anything was sent."""

    def __init__(self, sentence: str) -> None:
        super().__init__(None, kind=REFUSED, sentence=sentence)


def meaning(code: int | None, errmsg: str) -> tuple[ErrorKind, str]:
    """What follows after ``code``, and a sentence for it; ``errmsg`` is WeChat's own."""
    if code == 40164 and (address := _IP.search(errmsg)):
        return REFUSED, (
            f"本机的出口 IP {address[1].rstrip(',')} 不在公众号的白名单里，"
            "请管理员在后台加上，约五分钟生效。"
        )
    if code in MEANINGS:
        return MEANINGS[code]
    return REFUSED, f"微信拒绝了这次操作（错误 {code}：{errmsg or '没有说明'}），请管理员查看。"


# WeChat: the event MASSSENDJOBFINISH, and ``msg_status`` of message/mass/get.
_WHY_NOT_SENT = {
    10001: "涉嫌广告",
    20001: "涉嫌政治",
    20002: "涉嫌色情",
    20004: "涉嫌社会问题",
    20006: "涉嫌违法犯罪",
    20008: "涉嫌欺诈",
    20013: "涉嫌版权",
    21000: "涉嫌其他问题",
    22000: "涉嫌互推（互相宣传）",
}
_MASS_SENT = frozenset({"send success", "send_success"})
_MASS_UNDER_WAY = frozenset({"sending"})
_MASS_ENDED = {"send fail": "发送失败", "send_fail": "发送失败", "delete": "已被删除"}


@dataclass(frozen=True)
class MassStatus:
    """How a 群发 stands: ``sent``, ``failed`` with a sentence, or neither yet."""

    sent: bool = False
    failed: bool = False
    sentence: str = ""


def mass_status(status: str) -> MassStatus:
    """Read ``Status`` of the event or ``msg_status`` of the query."""
    said = status.strip()
    if said.lower() in _MASS_SENT:
        return MassStatus(sent=True)
    if said.lower() in _MASS_UNDER_WAY:
        return MassStatus()
    if number := re.fullmatch(r"err\(?(\d+)\)?", said, re.IGNORECASE):
        why = _WHY_NOT_SENT.get(int(number[1]), f"原因编号 {number[1]}")
        sentence = f"微信审核后没有发出：{why}。请到公众号后台查看，改好后重新送审。"
    else:
        why = _MASS_ENDED.get(said.lower(), said or "没有说明")
        sentence = f"微信没有发出这次群发（{why}），请到公众号后台查看。"
    return MassStatus(failed=True, sentence=sentence)


# WeChat: freepublish/get, ``publish_status``; 0 is done, 1 under way.
_WHY_NOT_PUBLISHED = {
    2: "原创校验没有通过，请到公众号后台查看。",
    3: "微信发布失败，没有说明原因，请到公众号后台查看。",
    4: "微信平台审核没有通过，请到公众号后台查看。",
    5: "发布以后，文章已在公众号后台被全部删除。",
    6: "发布以后，文章已被微信全部封禁，请到公众号后台查看。",
}


def why_not_published(status: int) -> str:
    """Why the permanent link is not there; empty while it is under way or done."""
    if status in (0, 1):
        return ""
    return _WHY_NOT_PUBLISHED.get(status, f"微信发布失败（状态 {status}），请到公众号后台查看。")
