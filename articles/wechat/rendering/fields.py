"""What is sent of one article beside its text (WeChat: draft/add)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...models import MemberForm, WeChatComments

if TYPE_CHECKING:
    from ...models import ArticlePage


def fields_of(
    article: "ArticlePage",
    content: str,
    *,
    source_url: str = "",
    alone: bool = True,
    form: str = MemberForm.NEWS,
    comments: str = WeChatComments.EVERYONE,
    cover: str = "",
    wide_crop: str = "",
    square_crop: str = "",
    pictures: Sequence[str] = (),
) -> dict[str, Any]:
    """One article of ``draft/add``'s ``articles``.

    ``content`` is `Rendered.html`, or the text of `render_pictures_message`; ``alone`` says that
    the push has no other article, the only case in which WeChat shows a digest. ``cover`` and
    ``pictures`` are media ids of permanent material, the crops as `media.covers.as_text` writes
    them. Whether all this fits say `rules.why_not_fit`.
    """
    fields: dict[str, Any] = {
        "article_type": str(form),
        "title": article.title.strip(),
        "content": content,
        "need_open_comment": int(comments != WeChatComments.CLOSED),
        "only_fans_can_comment": int(comments == WeChatComments.FOLLOWERS),
    }
    if form == MemberForm.PICTURES:
        fields["image_info"] = {"image_list": [{"image_media_id": pk} for pk in pictures]}
        if square_crop:
            names = ("x1", "y1", "x2", "y2")
            corners = dict(zip(names, square_crop.split("_"), strict=True))
            fields["cover_info"] = {"crop_percent_list": [{"ratio": "1_1", **corners}]}
        return fields
    fields |= {
        "author": article.author.strip(),
        "digest": article.digest.strip() if alone else "",
        "content_source_url": source_url,
        "thumb_media_id": cover,
    }
    if wide_crop:
        fields["pic_crop_235_1"] = wide_crop
    if square_crop:
        fields["pic_crop_1_1"] = square_crop
    return fields
