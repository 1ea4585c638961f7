"""Addresses of posts in WeChat. Pure.

A post's long address says ``mid`` and ``idx``, which are its message id and place; its short one
(``/s/`` and 22 characters) says nothing and can only be compared.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from ..importing.wechat_page import one_address

HOST = "mp.weixin.qq.com"
_SHORT = re.compile(r"/s/([\w-]{6,64})/?")


@dataclass(frozen=True, slots=True)
class PostAddress:
    """What an address says. ``url`` is the same for every way the post was shared.

    ``mid`` and ``idx`` (from 1) are of a long address, ``short`` is the id of a short one; the
    others are empty then.
    """

    url: str
    biz: str = ""
    mid: str = ""
    idx: int = 0
    sn: str = ""
    short: str = ""

    @property
    def key(self) -> tuple[str, int] | None:
        """``(msg_data_id, index)`` as the statistics count, None of a short address."""
        return (self.mid, self.idx) if self.mid else None


def parse_wechat_url(url: str) -> PostAddress | None:
    """The address of a post, None for anything else (another site, an address that expires)."""
    plain = one_address(url)
    parts = urlsplit(plain)
    if parts.hostname != HOST:
        return None
    if match := _SHORT.fullmatch(parts.path):
        return PostAddress(f"https://{HOST}/s/{match[1]}", short=match[1])
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    mid, idx = asked.get("mid", ""), asked.get("idx", "")
    if parts.path.rstrip("/") != "/s" or not re.fullmatch(r"[0-9]{1,20}", mid):
        return None
    if not re.fullmatch(r"[1-8]", idx):
        return None
    return PostAddress(plain, asked.get("__biz", ""), mid, int(idx), asked.get("sn", ""))
