"""Links that WeChat does not open: they become numbers, and a list at the end names them."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from ...templatetags.article_tags import web_address

LONGEST_TITLE = 40
# WeChat: messages/batch sends: links in a text open only when they lead to articles in WeChat.
WECHAT_HOST = "mp.weixin.qq.com"


@dataclass(frozen=True)
class Reference:
    """One line of 参考链接; ``title`` is empty where it would only repeat the address."""

    number: int
    title: str
    address: str


class References:
    """The numbered addresses of one article; the same address keeps its number."""

    def __init__(self) -> None:
        self._found: dict[str, Reference] = {}

    def number(self, address: str, title: str) -> int:
        """The number of ``address``, a new one when it has not been met before."""
        if address not in self._found:
            title = " ".join(title.split())
            if len(title) > LONGEST_TITLE:
                title = title[: LONGEST_TITLE - 1] + "…"
            shown = "" if title in address else title
            self._found[address] = Reference(len(self._found) + 1, shown, address)
        return self._found[address].number

    def all(self) -> list[Reference]:
        return list(self._found.values())


def in_wechat(address: str) -> str:
    """``address`` when WeChat opens it from a text, by https; else nothing."""
    parts = urlsplit(web_address(address))
    if parts.netloc.lower() != WECHAT_HOST:
        return ""
    return parts._replace(scheme="https").geturl()
