"""A WeChat article as somebody saved it from a browser or the back office."""

import datetime as dt
import re
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from django.utils import timezone
from lxml import etree
from lxml import html as lxml_html

from .reader import tidy, web_address

MAX_BYTES = 20 * 1024 * 1024
# The first that holds a time counts; the page's own clock before what a browser printed.
_EPOCHS = ("ct", "oriCreateTime", "create_time", "svr_time_created")
_PRINTED = ("createTime", "publish_time")
_VARIABLE = r"""\b{name}\s*[=:]\s*(?:htmlDecode\()?["']([^"'\n]{{1,500}})["']"""
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->")
_TIME = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s*T?\s*(\d{1,2}):(\d{2}))?"
)
_IN_CHARGE = re.compile(r"(?:责任编辑|责编)\s*[：:丨|]\s*([\u4e00-\u9fff·]{2,6})")
_GONE = ("该内容已被发布者删除", "此内容因违规无法查看", "该公众号已迁移", "此账号已被屏蔽")


class PageRefused(ValueError):
    """The file is no article that can be read; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """What a saved page says of itself; empty where it says nothing.

    ``published_at`` is aware; ``has_time`` tells whether the page gave more than the day.
    """

    title: str
    body: str
    account: str = ""
    author: str = ""
    in_charge: str = ""
    digest: str = ""
    url: str = ""
    published_at: dt.datetime | None = None
    has_time: bool = False


def read_page(data: bytes) -> SavedPage:
    """The article in the bytes of an HTML file.

    Raises:
        PageRefused: too large, no article of WeChat, or the notice that it was taken down.
    """
    if len(data) > MAX_BYTES:
        raise PageRefused(f"网页文件超过 {MAX_BYTES // 1024 // 1024} MB，不像是一篇文章。")
    if data[:2000].lstrip().lower().startswith((b"mime-version:", b"from: <saved by")):
        raise PageRefused("这是 MHTML 文件。请在浏览器里另存为“网页，全部”或“网页，仅 HTML”。")
    text = _decoded(data)
    try:
        root = lxml_html.document_fromstring(text, parser=lxml_html.HTMLParser(huge_tree=True))
    except (etree.LxmlError, ValueError) as error:
        raise PageRefused("文件里没有网页内容，可能没有保存完整。") from error
    content = root.get_element_by_id("js_content", None)
    if content is None:
        if any(words in text for words in _GONE):
            raise PageRefused("保存的是“内容已删除”或“无法查看”的提示页，没有正文。")
        raise PageRefused("不是微信公众号文章的网页：没有找到正文。")
    published, has_time = _published(root, text)
    return SavedPage(
        title=_first(
            _by_id(root, "activity-name"), _meta(root, "og:title"), _var(text, "msg_title")
        ),
        body=etree.tostring(content, method="html", encoding="unicode", with_tail=False),
        account=_first(_by_id(root, "js_name"), _var(text, "nickname")),
        author=_first(_by_id(root, "js_author_name"), _meta(root, "author"), _var(text, "author")),
        in_charge=_in_charge(content),
        digest=_first(_meta(root, "og:description"), _var(text, "msg_desc"))[:1000],
        url=_url(root, text),
        published_at=published,
        has_time=has_time,
    )


def one_address(url: str) -> str:
    """``url`` as one article is always called: the same for every way it was shared."""
    parts = urlsplit(web_address(unescape(url.strip())))
    if not parts.hostname:
        return ""
    query = parse_qs(parts.query)
    if parts.hostname == "mp.weixin.qq.com":
        known = [(name, query[name][0]) for name in ("__biz", "mid", "idx", "sn") if name in query]
        return urlunsplit(("https", parts.hostname, parts.path, urlencode(known), ""))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, ""))


def read_time(text: str) -> tuple[dt.datetime, bool] | None:
    """A day, perhaps with a time, as people write it; aware, in Beijing. None when it is none."""
    found = _TIME.search(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) if part else 0 for part in found.groups())
    try:
        moment = dt.datetime(year, month, day, hour, minute)
    except ValueError:
        return None
    return timezone.make_aware(moment, timezone.get_default_timezone()), bool(found[4])


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace").replace("\0", "")


def _published(root: Any, text: str) -> tuple[dt.datetime | None, bool]:
    for name in _EPOCHS:
        value = _var(text, name)
        if re.fullmatch(r"\d{10}", value):
            moment = dt.datetime.fromtimestamp(int(value), tz=dt.UTC)
            return moment.astimezone(timezone.get_default_timezone()), True
    for printed in (*(_var(text, name) for name in _PRINTED), _by_id(root, "publish_time")):
        if found := read_time(printed):
            return found
    return None, False


def _var(text: str, name: str) -> str:
    found = re.search(_VARIABLE.format(name=re.escape(name)), text)
    return tidy(unescape(found[1])) if found else ""


def _meta(root: Any, name: str) -> str:
    for node in root.iter("meta"):
        if name in (node.get("property"), node.get("name")):
            return tidy(node.get("content") or "")
    return ""


def _by_id(root: Any, name: str) -> str:
    node = root.get_element_by_id(name, None)
    return "" if node is None else tidy(node.text_content())


def _first(*texts: str) -> str:
    return next((text for text in texts if text), "")


def _in_charge(content: Any) -> str:
    found = _IN_CHARGE.search(content.text_content())
    return found[1] if found else ""


def _url(root: Any, text: str) -> str:
    saved = _SAVED_FROM.search(text)
    given = (_meta(root, "og:url"), _var(text, "msg_link"), saved[1] if saved else "")
    return _first(*(one_address(url) for url in given))
