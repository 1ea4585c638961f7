"""WeChat's limits on what an article may be. Pure.

Source: WeChat: draft/add. Lengths are characters; a picture message's text is held to the length
the back office allows, since the document gives no number of its own for it.
"""

from collections.abc import Mapping
from typing import Any

TITLE_MOST = 32
AUTHOR_MOST = 16
# The document says 128; longer than 120 has been refused (45004).
DIGEST_MOST = 120
SOURCE_URL_MOST = 1024  # bytes
CONTENT_MOST = 20_000  # fewer than
CONTENT_BYTES_MOST = 1024 * 1024  # fewer than
MESSAGE_MOST = 1000
PICTURES_MOST = 20


def why_title_too_long(title: str) -> str:
    """A sentence when WeChat would refuse ``title``, else nothing."""
    over = len(title.strip()) - TITLE_MOST
    if over <= 0:
        return ""
    return f"标题有 {len(title.strip())} 字，微信最多 {TITLE_MOST} 字，请删去 {over} 字。"


def why_not_fit(fields: Mapping[str, Any]) -> list[str]:
    """What WeChat would refuse in ``fields``, those of one article as `fields.fields_of` makes them.

    Only texts are looked at: nothing here knows whether pictures were uploaded.
    """
    found = []
    title = str(fields.get("title", "")).strip()
    if not title:
        found.append("没有标题，请先写标题。")
    elif too_long := why_title_too_long(title):
        found.append(too_long)
    for name, label, most in (("author", "作者", AUTHOR_MOST), ("digest", "摘要", DIGEST_MOST)):
        length = len(str(fields.get(name, "")))
        if length > most:
            found.append(f"{label}有 {length} 字，微信最多 {most} 字，请删去 {length - most} 字。")
    if len(str(fields.get("content_source_url", "")).encode()) > SOURCE_URL_MOST:
        found.append("阅读原文的网址太长，微信最多 1 KB。请联系管理员检查网站地址。")
    content = str(fields.get("content", ""))
    if fields.get("article_type") == "newspic":
        found += _why_no_message(content, fields)
    elif too_long := why_content_too_long(content):
        found.append(too_long)
    return found


def why_content_too_long(content: str) -> str:
    """A sentence when WeChat would refuse HTML of this length, else nothing."""
    if not content.strip():
        return "正文是空的，请先写正文。"
    if len(content) >= CONTENT_MOST:
        return (
            f"正文排版后有 {len(content)} 个字符，要少于 {CONTENT_MOST} 个，"
            f"超出 {len(content) - CONTENT_MOST + 1} 个。"
        )
    if (size := len(content.encode())) >= CONTENT_BYTES_MOST:
        return f"正文排版后有 {size // 1024} KB，要少于 1 MB。"
    return ""


def _why_no_message(content: str, fields: Mapping[str, Any]) -> list[str]:
    found = []
    if len(content) > MESSAGE_MOST:
        found.append(
            f"图片消息的文字有 {len(content)} 字，最多 {MESSAGE_MOST} 字。"
            "请删短，或在推送里把形式改为“图文”。"
        )
    count = len(fields.get("image_info", {}).get("image_list", ()))
    if not count:
        found.append("图片消息里没有图片。请在正文里加图片，或在推送里把形式改为“图文”。")
    elif count > PICTURES_MOST:
        found.append(f"图片消息有 {count} 张图片，最多 {PICTURES_MOST} 张，请减少图片。")
    return found
