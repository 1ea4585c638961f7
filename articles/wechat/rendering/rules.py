"""WeChat's limits as an article meets them, before anything is sent. Pure.

The numbers are those of `articles.wechat.fields` (WeChat: draft/add). Of a picture message's text
the document says only that it is plain; the back office takes 1,000 characters.
"""

from collections.abc import Mapping
from typing import Any

from .. import fields as limits

MESSAGE_MOST = 1000
NEWSPIC = "newspic"


def why_title_too_long(title: str) -> str:
    """A sentence when WeChat would refuse ``title``, else nothing."""
    length = len(title.strip())
    if length <= limits.TITLE:
        return ""
    over = length - limits.TITLE
    return f"标题有 {length} 个字，微信最多 {limits.TITLE} 个字，请删去 {over} 个字。"


def why_author_too_long(author: str) -> str:
    """A sentence when WeChat would refuse ``author``, else nothing."""
    length = len(author.strip())
    if length <= limits.AUTHOR:
        return ""
    return f"作者有 {length} 个字，微信最多 {limits.AUTHOR} 个字，请改短。"


def why_content_too_long(content: str) -> str:
    """A sentence when WeChat would refuse HTML of this length, else nothing."""
    over = len(content) - limits.CONTENT + 1
    if over > 0:
        return (
            f"正文连同排版代码有 {len(content)} 个字符，微信要求少于 {limits.CONTENT} 个，"
            f"超出 {over} 个。"
        )
    if (size := len(content.encode())) >= limits.CONTENT_BYTES:
        return f"正文连同排版代码有 {size // 1000} KB，微信要求少于 1 MB。"
    return ""


def why_not_fit(fields: Mapping[str, Any], number: int = 1) -> list[str]:
    """What WeChat would refuse in the ``fields`` of one article, as `fields.fields_of` makes them.

    ``number`` counts from 1 and is how the sentences name it. Only texts and counts are looked
    at: nothing here knows whether pictures were uploaded.
    """
    found = limits.problems(fields, number)
    content = str(fields.get("content", ""))
    if fields.get("article_type") != NEWSPIC:
        return found if content.strip() else [*found, f"第 {number} 篇没有正文。"]
    name = f"第 {number} 篇《{fields.get('title', '')}》"
    if len(content) > MESSAGE_MOST:
        found.append(
            f"{name}的文字有 {len(content)} 个字，图片消息最多 {MESSAGE_MOST} 个字，"
            "请删短，或在推送里把形式改为“图文”。"
        )
    if not (fields.get("image_info") or {}).get("image_list"):
        found.append(f"{name}里没有图片，请在正文里加图片，或在推送里把形式改为“图文”。")
    return found
