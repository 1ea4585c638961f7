"""Which pictures may hold a listing, and which are logos, codes, dividers (README §3)."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from .picture_sources import source_of

_DECORATION = re.compile(
    r"logo|qr[_-]?code|二维码|二維碼|扫一?扫|扫码|ewm|分割|分隔|divider|banner|icon|avatar|头像|关注|广告|公众号名片",
    re.IGNORECASE,
)
#: Parts of a file's name that tell a decoration, and names that do so as a whole.
_DECORATIVE_PART = re.compile(
    r"(?:^|[_.-])(?:logo|qr|qrcode|ewm|erweima|icon|divider|banner|avatar|btn|button)\d*(?:[_.-]|$)",
    re.IGNORECASE,
)
_DECORATIVE_NAME = re.compile(
    r"(?:line|bg|top|head|header|foot|footer|ad|ads|share|wx|weixin|blank|space|spacer|loading"
    r"|none|dot|arrow|404|error|nopic)[\d_-]*(?:\.\w+)?",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?:^|;)\s*(?:max-)?(width|height)\s*:\s*(\d+)(?:\.\d+)?px", re.IGNORECASE)

#: Smaller pictures cannot hold a readable ranking.
MIN_WIDTH, MIN_HEIGHT = 200, 120
#: Flatter pictures (height by width) are dividers.
MIN_RATIO = 0.2


def is_content(img: HtmlElement) -> bool:
    """Whether ``img`` may show a listing."""
    source = source_of(img)
    if not source or (source.startswith("data:") and len(source) < 4000):
        return False
    words = " ".join(filter(None, (img.get("alt"), img.get("title"), img.get("class"))))
    name = source.split("?")[0].split("#")[0].rstrip("/").rpartition("/")[2]
    if _DECORATION.search(words) or _DECORATIVE_PART.search(name):
        return False
    if _DECORATIVE_NAME.fullmatch(name):
        return False
    return not _is_small(img)


def _is_small(img: HtmlElement) -> bool:
    sizes = {name.lower(): int(size) for name, size in _SIZE.findall(img.get("style") or "")}
    width = _number(img.get("width")) or _number(img.get("data-w")) or sizes.get("width")
    height = _number(img.get("height")) or sizes.get("height")
    ratio = img.get("data-ratio") or ""
    if re.fullmatch(r"\d*\.?\d+", ratio) and float(ratio) < MIN_RATIO:
        return True
    return bool((width and width < MIN_WIDTH) or (height and height < MIN_HEIGHT))


def _number(text: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", text or "")
    return int(match[1]) if match else None
