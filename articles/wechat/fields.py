"""The limits of a draft's fields, looked at before anything is sent. Pure.

Numbers of WeChat: draft/add. An excerpt may have 128 characters there; 120 is what its editor
takes, and ours.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from .errors import FieldTooLong

MOST_ARTICLES = 8
MOST_PICTURES = 20
TITLE = 32
AUTHOR = 16
DIGEST = 120
CONTENT = 20_000
CONTENT_BYTES = 1_000_000
SOURCE_URL_BYTES = 1024
CLIENT_MESSAGE_ID_BYTES = 64


def problems(article: Mapping[str, Any], number: int) -> list[str]:
    """What WeChat would not take of ``article``, as sent to ``draft/add``.

    ``number`` counts from 1 and is how the sentences name it.
    """
    title = str(article.get("title", ""))
    name = f"第 {number} 篇《{title[:20]}{'…' if len(title) > 20 else ''}》"
    content = str(article.get("content", ""))
    found = [] if title.strip() else [f"第 {number} 篇没有标题。"]
    for key, label, most in (
        ("title", "标题", TITLE),
        ("author", "作者", AUTHOR),
        ("digest", "摘要", DIGEST),
    ):
        if (length := len(str(article.get(key, "")))) > most:
            found.append(f"{name}的{label}有 {length} 个字，微信最多 {most} 个字，请改短。")
    if len(content) >= CONTENT:
        found.append(
            f"{name}的正文连同排版代码有 {len(content)} 个字符，微信要求少于 {CONTENT} 个，"
            "请压缩或分成两篇。"
        )
    if len(content.encode()) >= CONTENT_BYTES:
        found.append(f"{name}的正文超过 1 MB，请压缩或分成两篇。")
    if len(str(article.get("content_source_url", "")).encode()) > SOURCE_URL_BYTES:
        found.append(f"{name}的阅读原文地址超过 1 KB，请改短文章的网址。")
    pictures = (article.get("image_info") or {}).get("image_list", ())
    if len(pictures) > MOST_PICTURES:
        found.append(
            f"{name}有 {len(pictures)} 张图，图片消息最多 {MOST_PICTURES} 张，请移出几张。"
        )
    return found


def check(articles: Sequence[Mapping[str, Any]]) -> None:
    """Look at all ``articles`` of a draft.

    Raises:
        FieldTooLong: with all that is wrong.
    """
    if not 1 <= len(articles) <= MOST_ARTICLES:
        raise FieldTooLong(f"一次推送要有 1 到 {MOST_ARTICLES} 篇文章，现在是 {len(articles)} 篇。")
    found = [
        sentence
        for number, article in enumerate(articles, 1)
        for sentence in problems(article, number)
    ]
    if found:
        raise FieldTooLong("".join(found))
