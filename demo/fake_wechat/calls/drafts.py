"""草稿箱. Nothing goes in that WeChat would not take."""

from collections.abc import Mapping
from typing import Any

from ..asking import Asked, Refused
from ..filtering import plain_text, stored
from ..state import Draft, State

MOST_ARTICLES, MOST_PICTURES = 8, 20
TITLE, AUTHOR, DIGEST = 32, 16, 128
CONTENT, CONTENT_BYTES, SOURCE_URL_BYTES = 20_000, 1024 * 1024, 1024
PICTURES_TEXT = 1000
OWN_DIGEST = 54
CROPS = ("pic_crop_235_1", "pic_crop_1_1")


def _text(article: Mapping[str, Any], name: str, limit: int, code: int) -> str:
    value = article.get(name, "")
    if not isinstance(value, str):
        raise Refused(47001)
    if len(value) > limit:
        raise Refused(code)
    return value


def _crop(text: Any) -> str:
    """An ``X1_Y1_X2_Y2`` in parts of the original. Raises Refused(53402)."""
    if not text:
        return ""
    try:
        x1, y1, x2, y2 = (float(part) for part in text.split("_"))
    except (AttributeError, ValueError) as error:
        raise Refused(53402) from error
    if not (0 <= x1 < x2 <= 1 and 0 <= y1 < y2 <= 1):
        raise Refused(53402)
    return str(text)


def _flag(article: Mapping[str, Any], name: str) -> int:
    value = article.get(name, 0)
    if value not in (0, 1):
        raise Refused(47001)
    return int(value)


def _pictures(state: State, article: Mapping[str, Any]) -> list[dict[str, str]]:
    info = article.get("image_info")
    listed = info.get("image_list") if isinstance(info, dict) else None
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_PICTURES:
        raise Refused(40007)
    known = state.materials()
    names = [each.get("image_media_id") if isinstance(each, dict) else None for each in listed]
    if any(name not in known for name in names):
        raise Refused(40007)
    return [{"image_media_id": name} for name in names]


def checked(state: State, article: Any) -> dict[str, Any]:
    """One article as it is stored. Raises Refused with WeChat's code for what it would not take."""
    if not isinstance(article, dict):
        raise Refused(47001)
    kind = article.get("article_type") or "news"
    if kind not in ("news", "newspic"):
        raise Refused(40035)
    title = _text(article, "title", TITLE, 45003)
    content = _text(article, "content", CONTENT - 1, 45002)
    if not title.strip() or not content.strip():
        raise Refused(44003)
    if len(content.encode()) >= CONTENT_BYTES:
        raise Refused(45002)
    source_url = article.get("content_source_url", "")
    if not isinstance(source_url, str):
        raise Refused(47001)
    if len(source_url.encode()) > SOURCE_URL_BYTES:
        raise Refused(45005)
    entry = {
        "article_type": kind,
        "title": title,
        "author": _text(article, "author", AUTHOR, 45110),
        "digest": _text(article, "digest", DIGEST, 45004),
        "content": stored(content),
        "content_source_url": source_url,
        "need_open_comment": _flag(article, "need_open_comment"),
        "only_fans_can_comment": _flag(article, "only_fans_can_comment"),
        "is_deleted": False,
    }
    if kind == "newspic":
        if len(plain_text(content)) > PICTURES_TEXT:
            raise Refused(45166)
        entry["content"] = plain_text(content) if "<" in content else content
        entry["image_info"] = {"image_list": _pictures(state, article)}
        cover = state.materials()[entry["image_info"]["image_list"][0]["image_media_id"]]
    else:
        found = state.materials().get(str(article.get("thumb_media_id") or ""))
        if found is None:
            raise Refused(40007)
        cover = found
        entry |= {name: _crop(article.get(name)) for name in CROPS}
    entry |= {"thumb_media_id": cover.media_id, "thumb_url": cover.url}
    entry["url"] = f"{state.settings.site}/s?__biz=&mid=&tempkey={state.code('preview', 40)}"
    return entry


def settle_digests(articles: list[dict[str, Any]]) -> None:
    """Only an article that is alone has a digest; without one WeChat takes its first words."""
    for article in articles:
        if len(articles) > 1:
            article["digest"] = ""
        elif not article["digest"]:
            article["digest"] = plain_text(article["content"])[:OWN_DIGEST]


def find(state: State, media_id: Any) -> Draft:
    """A draft in the box. Raises Refused(40007), also for one that has left it."""
    draft = state.drafts.get(media_id) if isinstance(media_id, str) else None
    if draft is None:
        raise Refused(40007)
    return draft


def add(state: State, asked: Asked) -> dict[str, Any]:
    listed = asked.data.get("articles")
    if not isinstance(listed, list) or not listed:
        raise Refused(44003)
    if len(listed) > MOST_ARTICLES:
        raise Refused(45008)
    articles = [checked(state, article) for article in listed]
    settle_digests(articles)
    now = state.clock.time()
    draft = Draft(state.code("draft", 64), articles, now, now)
    state.drafts[draft.media_id] = draft
    item = [{"index": index, "ad_count": 0} for index in range(len(articles))]
    return {"media_id": draft.media_id, "item": item}


def update(state: State, asked: Asked) -> dict[str, Any]:
    """One article, ``index`` from 0; ``articles`` is an object, not a list."""
    draft = find(state, asked.data.get("media_id"))
    index = asked.number("index")
    if not 0 <= index < len(draft.articles):
        raise Refused(40035)
    draft.articles[index] = checked(state, asked.data.get("articles"))
    settle_digests(draft.articles)
    draft.updated = state.clock.time()
    return {"errcode": 0, "errmsg": "ok"}


def shown(article: Mapping[str, Any], *, content: bool = True) -> dict[str, Any]:
    """An article as answers show it."""
    return {key: value for key, value in article.items() if content or key != "content"}


def get(state: State, asked: Asked) -> dict[str, Any]:
    draft = find(state, asked.data.get("media_id"))
    return {
        "news_item": [shown(article) for article in draft.articles],
        "create_time": int(draft.created),
        "update_time": int(draft.updated),
    }


def delete(state: State, asked: Asked) -> dict[str, Any]:
    del state.drafts[find(state, asked.data.get("media_id")).media_id]
    return {"errcode": 0, "errmsg": "ok"}


def page_of(asked: Asked) -> tuple[int, int, bool]:
    """Offset, count (1 to 20) and whether the content is wanted. Raises Refused."""
    offset, count = asked.number("offset", 0), asked.number("count", 20)
    if offset < 0 or not 1 <= count <= 20:
        raise Refused(40035)
    return offset, count, not asked.number("no_content", 0)


def batchget(state: State, asked: Asked) -> dict[str, Any]:
    """The newest first."""
    offset, count, content = page_of(asked)
    everything = sorted(state.drafts.values(), key=lambda draft: -draft.updated)
    page = everything[offset : offset + count]
    return {
        "total_count": len(everything),
        "item_count": len(page),
        "item": [
            {
                "media_id": draft.media_id,
                "content": {
                    "news_item": [shown(each, content=content) for each in draft.articles],
                    "create_time": int(draft.created),
                    "update_time": int(draft.updated),
                },
                "update_time": int(draft.updated),
            }
            for draft in page
        ],
    }


def count(state: State, asked: Asked) -> dict[str, Any]:
    return {"total_count": len(state.drafts)}
