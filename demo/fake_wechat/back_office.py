"""公众号后台（模拟）: pages for a person beside the demo. They ask nothing of the network.

| Address | Page |
|---|---|
| ``/`` | 草稿箱 |
| ``/draft/<media_id>`` | one draft: covers as they are cut, texts as a phone shows them |
| ``/published`` | what followers or the web have |
| ``/s?mid=…&idx=…`` | an article as readers get it |
| ``/text/<media_id>/<index>`` | the text of a draft, for the frame |
| ``/mmbiz/…`` | a picture that was taken in |
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from . import readers, sendings
from .clock import SHANGHAI
from .state import Sending, State

FOLDER = Path(__file__).parent / "pages"
MMBIZ = re.compile(r"https?://mmbiz\.qpic\.cn/")
HTML = "text/html; charset=utf-8"
# Pages show what somebody else wrote; nothing of it may run or reach the network.
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
STATUSES = {
    "waiting": "等管理员在手机上确认",
    "running": "处理中",
    "done": "已发出",
    "failed": "没有发出",
}
FAULTS = {
    "-1": "系统繁忙（-1）",
    "40001": "凭证失效（40001）",
    "45009": "当日次数用完（45009）",
    "48001": "没有接口权限（48001）",
    "503": "服务器出错（503）",
    "drop": "做完后断线",
    "drop_before": "没做就断线",
    "garbage": "回答读不懂",
}
FAULTY = (
    "/cgi-bin/draft/add",
    "/cgi-bin/draft/update",
    "/cgi-bin/media/uploadimg",
    "/cgi-bin/material/add_material",
    "/cgi-bin/message/mass/sendall",
    "/datacube/getarticletotaldetail",
    "*",
)


@dataclass(frozen=True)
class Page:
    """What is sent for a page."""

    body: bytes
    status: HTTPStatus = HTTPStatus.OK
    content_type: str = HTML


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return Engine(dirs=[FOLDER])


def _render(template: str, **context: Any) -> Page:
    return Page(_engine().get_template(template).render(Context(context)).encode())


def _time(at: float) -> str:
    return dt.datetime.fromtimestamp(at, SHANGHAI).strftime("%Y-%m-%d %H:%M")


def local(text: str) -> str:
    """Pictures' addresses as this server has them."""
    return MMBIZ.sub("/mmbiz/", text)


def _cut(crop: str) -> str:
    """A style that shows the part ``X1_Y1_X2_Y2`` of a picture in a box of that part's shape."""
    if not crop:
        return "width:100%;height:100%;object-fit:cover"
    x1, y1, x2, y2 = (float(part) for part in crop.split("_"))
    wide, high = x2 - x1, y2 - y1
    return (
        f"width:{100 / wide:.4f}%;height:{100 / high:.4f}%;"
        f"left:{-100 * x1 / wide:.4f}%;top:{-100 * y1 / high:.4f}%"
    )


def _shown(articles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the templates show of articles; ``cover`` is a headline's wide cut, else the square."""
    shown = []
    for index, article in enumerate(articles):
        pictures = article["article_type"] == "newspic"
        comments = "不开留言"
        if article["need_open_comment"]:
            comments = "仅粉丝可留言" if article["only_fans_can_comment"] else "所有人可留言"
        shown.append(
            {
                "index": str(index),
                "number": str(index + 1),
                "title": article["title"],
                "author": article["author"],
                "digest": article["digest"],
                "source_url": article["content_source_url"],
                "thumb": local(article["thumb_url"]),
                "wide": _cut(article.get("pic_crop_235_1", "")),
                "square": _cut(article.get("pic_crop_1_1", "")),
                "kind": "图片消息" if pictures else "图文",
                "comments": comments,
                "characters": str(len(article["content"])),
            }
        )
    return shown


def _frame(state: State, tab: str, said: str) -> dict[str, Any]:
    """What every page shows around its own."""
    left = state.faults.left()
    return {
        "tab": tab,
        "said": said,
        "now": state.clock.now().strftime("%Y-%m-%d %H:%M"),
        "moved": state.clock.offset != 0,
        "drafts_count": str(len(state.drafts)),
        "sent_count": str(sum(1 for each in state.sendings if each.status == "done")),
        "faults": FAULTS.items(),
        "endpoints": [(each, "任何接口" if each == "*" else each) for each in FAULTY],
        "left": [
            (name, "、".join(FAULTS.get(str(fault), str(fault)) for fault in queue))
            for name, queue in left.items()
        ],
    }


def drafts_page(state: State, said: str = "") -> Page:
    listed = [
        {
            "media_id": draft.media_id,
            "updated": _time(draft.updated),
            "articles": _shown(draft.articles),
        }
        for draft in sorted(state.drafts.values(), key=lambda each: -each.updated)
    ]
    waiting = [
        {"msg_data_id": str(each.msg_data_id), "title": each.articles[0]["title"]}
        for each in state.sendings
        if each.status == "waiting"
    ]
    return _render("drafts.html", drafts=listed, waiting=waiting, **_frame(state, "drafts", said))


def draft_page(state: State, media_id: str, said: str = "") -> Page:
    draft = state.drafts.get(media_id)
    if draft is None:
        return missing("草稿箱里没有这个草稿：已经发出，或已删除。")
    return _render(
        "draft.html",
        media_id=media_id,
        updated=_time(draft.updated),
        articles=_shown(draft.articles),
        **_frame(state, "drafts", said),
    )


def published_page(state: State, said: str = "") -> Page:
    yesterday = state.clock.today() - dt.timedelta(1)

    def read(sending: Sending, number: int) -> str:
        if sending.status != "done" or sendings.day_of(sending) > yesterday:
            return ""
        return str(readers.totals(state, sending, number, yesterday)["read_user"])

    listed = [
        {
            "kind": "群发" if each.kind == "mass" else "发布（不推送粉丝）",
            "by": "后台群发" if each.by == "person" else "接口",
            "status": STATUSES[each.status],
            "at": _time(each.at),
            "msg_data_id": str(each.msg_data_id),
            "articles": [
                {
                    "title": article["title"],
                    "number": str(number),
                    "url": each.urls[number - 1] if each.urls else "",
                    "page": _local_address(each.urls[number - 1]) if each.urls else "",
                    "readers": read(each, number),
                    "deleted": number in each.deleted,
                }
                for number, article in enumerate(each.articles, start=1)
            ],
        }
        for each in reversed(state.sendings)
    ]
    return _render("published.html", sendings=listed, **_frame(state, "published", said))


def _local_address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def text_page(article: Mapping[str, Any]) -> Page:
    """An article's text alone, as wide as its frame."""
    content = article["content"]
    if article["article_type"] == "newspic":
        content = f"<p>{escape(content)}</p>"
    return _render("text.html", content=mark_safe(local(content)))  # from the draft, in a sandbox


def article_page(state: State, query: Mapping[str, str]) -> Page:
    """An article as readers get it, in the shape of WeChat's own pages."""
    for sending in state.sendings:
        if str(sending.msg_data_id) != query.get("mid") or sending.status != "done":
            continue
        number = int(query["idx"]) if query.get("idx", "").isdecimal() else 0
        if not 1 <= number <= len(sending.articles):
            break
        if number in sending.deleted:
            return _render("gone.html", words="该内容已被发布者删除")
        article = sending.articles[number - 1]
        content = re.sub(r"(<img\b[^>]*?)\ssrc=", r"\1 data-src=", article["content"])
        return _render(
            "article.html",
            title=article["title"],
            digest=article["digest"],
            author=article["author"],
            cover=article["thumb_url"],
            source_url=article["content_source_url"],
            url=sending.urls[number - 1],
            biz=sendings.BIZ,
            mid=str(sending.msg_data_id),
            idx=str(number),
            sn=dict(parse_qsl(urlsplit(sending.urls[number - 1]).query))["sn"],
            ct=str(int(sending.at)),
            created=_time(sending.at),
            content=mark_safe(content),  # what was published, scripts taken out
            shown=mark_safe(local(article["content"])),
        )
    return missing("没有这篇文章。")


def picture(state: State, path: str) -> Page:
    """A picture by the end of its address."""
    for upload in state.uploads:
        if urlsplit(upload.url).path == path:
            return Page(state.read_file(upload.sha256), content_type=upload.media_type)
    return missing("没有这张图片。")


def missing(words: str) -> Page:
    page = _render("gone.html", words=words)
    return Page(page.body, HTTPStatus.NOT_FOUND)


def page(state: State, path: str, query: Mapping[str, str]) -> Page:
    """The page at ``path``; 404 for what is none."""
    said = query.get("said", "")
    if path == "/":
        return drafts_page(state, said)
    if path == "/published":
        return published_page(state, said)
    if path == "/s":
        return article_page(state, query)
    if path == "/favicon.ico":
        return Page(b"", HTTPStatus.NO_CONTENT)
    if path == "/page.css":
        return Page((FOLDER / "page.css").read_bytes(), content_type="text/css; charset=utf-8")
    if path.startswith("/mmbiz/"):
        return picture(state, quote(path.removeprefix("/mmbiz"), safe="/-_=%"))
    if match := re.fullmatch(r"/draft/([\w=-]+)", path):
        return draft_page(state, match[1], said)
    if match := re.fullmatch(r"/text/([\w=-]+)/(\d)", path):
        draft = state.drafts.get(match[1])
        if draft is not None and int(match[2]) < len(draft.articles):
            return text_page(draft.articles[int(match[2])])
    return missing("没有这个页面。")
