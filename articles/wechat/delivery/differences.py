"""What differs between two states of an article in WeChat, as sentences. Pure.

WeChat rewrites attributes, addresses and white space of what it is sent (WeChat: draft/add), so
HTML is never compared as text: only what readers see counts.
"""

import difflib
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from .marks import without_mark

# What people put in by hand in the back office, by the element WeChat makes of it.
_INSERTED = {
    "mp-common-videosnap": "视频号内容",
    "mpvideosnap": "视频号内容",
    "mpvoice": "音频",
    "mp-common-mpaudio": "音频",
    "mp-miniprogram": "小程序卡片",
    "mp-common-miniprogram": "小程序卡片",
    "mpvote": "投票",
    "mp-common-vote": "投票",
    "mpprofile": "公众号名片",
    "mp-common-profile": "公众号名片",
}
_FRAMES = {"vote_iframe": "投票", "video_iframe": "视频"}
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]?")
_MOST_PASSAGES, _MOST_CHARACTERS = 4, 40


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Sentences on what a reader would see differently; empty where nothing differs.

    Both are articles in the shape of WeChat's draft/get. What one side does not name is not
    compared: WeChat does not give back everything it was sent.
    """
    found = [
        sentence
        for key, name in (("title", "标题"), ("author", "作者"), ("digest", "摘要"))
        if (sentence := _field(name, before.get(key), after.get(key)))
    ]
    if before.get("content") is not None and after.get("content") is not None:
        found += _contents(str(before["content"]), str(after["content"]))
    if _differ(before.get("thumb_media_id"), after.get("thumb_media_id")):
        found.append("换了封面。")
    if _differ(_image_list(before), _image_list(after)):
        found.append("图片消息的图片或次序有变化。")
    links = [side.get("content_source_url") for side in (before, after)]
    if None not in links and without_mark(str(links[0])) != without_mark(str(links[1])):
        found.append("改了“阅读原文”的地址。")
    for key, name in (("need_open_comment", "是否开留言"), ("only_fans_can_comment", "谁可留言")):
        if _differ(before.get(key), after.get(key)):
            found.append(f"改了“{name}”。")
    return found


def picture_paths(html: str) -> list[str]:
    """The paths of the pictures of ``html`` in order; host and query are WeChat's to change."""
    soup = _read(html)
    return [
        urlsplit(str(image.get("data-src") or image.get("src") or "")).path
        for image in soup.find_all("img")
    ]


def _read(html: str) -> BeautifulSoup:
    # Within a body: the parser would warn of plain text that looks like an address.
    return BeautifulSoup(f"<body>{html}</body>", "lxml")


def _field(name: str, before: Any, after: Any) -> str:
    if not _differ(before, after):
        return ""
    return f"{name}由“{before}”改成了“{after}”。"


def _differ(before: Any, after: Any) -> bool:
    return before is not None and after is not None and before != after


def _image_list(article: Mapping[str, Any]) -> list[str] | None:
    info = article.get("image_info")
    if not isinstance(info, Mapping):
        return None
    return [str(image.get("image_media_id", "")) for image in info.get("image_list", [])]


def _contents(before: str, after: str) -> list[str]:
    return [
        *_texts(_text(before), _text(after)),
        *_pictures(picture_paths(before), picture_paths(after)),
        *_inserted(before, after),
    ]


def _text(html: str) -> str:
    """What is read, without white space; blocks end lines."""
    soup = _read(html)
    for block in soup.find_all(["p", "section", "li", "h1", "h2", "h3", "td", "th", "blockquote"]):
        block.append("\n")
    lines = (re.sub(r"[\s\u200b\u200c\u200d\ufeff]+", "", line) for line in soup.text.split("\n"))
    return "\n".join(line for line in lines if line)


def _texts(before: str, after: str) -> list[str]:
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    if before.replace("\n", "") == after.replace("\n", ""):
        return []
    found = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        gone, come = (_short("".join(part)) for part in (old[i1:i2], new[j1:j2]))
        if tag == "equal" or gone == come:
            continue
        if gone and come:
            found.append(f"“{gone}”改成了“{come}”。")
        else:
            found.append(f"加了“{come}”。" if come else f"删了“{gone}”。")
    more = len(found) - _MOST_PASSAGES
    return [*found[:_MOST_PASSAGES], *([f"正文还有{more}处不同。"] if more > 0 else [])]


def _short(text: str) -> str:
    text = text.replace("\n", "")
    return text if len(text) <= _MOST_CHARACTERS else text[: _MOST_CHARACTERS - 1] + "…"


def _pictures(before: list[str], after: list[str]) -> list[str]:
    if before == after:
        return []
    gone = sum((Counter(before) - Counter(after)).values())
    come = sum((Counter(after) - Counter(before)).values())
    if not gone and not come:
        return ["图片的次序有变化。"]
    words = [f"少了{gone}张"] * bool(gone) + [f"多了{come}张"] * bool(come)
    return [f"图片{'、'.join(words)}。"]


def _inserted(before: str, after: str) -> list[str]:
    old, new = _things(before), _things(after)
    return [f"加了{name}。" for name in (new - old)] + [f"去掉了{name}。" for name in (old - new)]


def _things(html: str) -> Counter[str]:
    soup = _read(html)
    found = Counter(_INSERTED[element.name] for element in soup.find_all(list(_INSERTED)))
    for frame in soup.find_all("iframe"):
        for name in frame.get("class") or []:
            if name in _FRAMES:
                found[_FRAMES[name]] += 1
    return found
