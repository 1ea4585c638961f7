"""What an article will look like in WeChat: on the phone, by day and by night, and on its cards."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from wagtail.images.shortcuts import get_rendition_or_not_found

from media import covers
from media.models import CustomImage

from .budget import why_too_long
from .night import at_night
from .renderer import render
from .rules import why_title_too_long
from .targets import MIRROR_FILTER

if TYPE_CHECKING:
    from ...models import ArticlePage

PHONE, NIGHT, CARDS = "wechat-phone", "wechat-phone-dark", "wechat-cards"
MIRROR = ""
# As the editor and the desk offer them; the public page first, as it is Wagtail's default.
MODES = [
    (MIRROR, "网页镜像"),
    (PHONE, "微信手机"),
    (NIGHT, "微信手机（深色）"),
    (CARDS, "推送卡片"),
]


def serves(mode: str) -> bool:
    """Whether ``mode`` is one of those shown here."""
    return mode in _CONTEXTS


def serve(request: HttpRequest, article: "ArticlePage", mode: str) -> TemplateResponse:
    """``article`` as it stands in memory, in ``mode``."""
    template, context = _CONTEXTS[mode]
    return TemplateResponse(
        request,
        f"articles/wechat/preview/{template}.html",
        {
            "article": article,
            "account": settings.WAGTAIL_SITE_NAME,
            "day": article.first_published_at or timezone.now(),
            **context(article),
        },
    )


def _by_day(article: "ArticlePage") -> dict[str, Any]:
    rendered = render(article, _shown_address)
    problems = (why_title_too_long(article.title), why_too_long(rendered), *rendered.notes)
    return {
        "text": rendered.html,
        "source_url": rendered.source_url,
        "remarks": [problem for problem in problems if problem],
        "day_mode": PHONE,
        "night_mode": NIGHT,
    }


def _by_night(article: "ArticlePage") -> dict[str, Any]:
    context = _by_day(article)
    return context | {"text": at_night(context["text"]), "is_dark": True}


def _shown_address(image: CustomImage) -> str:
    """As `targets.mirror_address_of`; a lost file is seen as a broken picture, not as an error."""
    if image.file.name.lower().endswith(".gif"):
        return image.file.url
    return get_rendition_or_not_found(image, MIRROR_FILTER).url


@dataclass(frozen=True)
class Cut:
    """A picture in a frame that shows a part of it; numbers are percent of the frame."""

    src: str
    width: str
    left: str
    top: str


def _cards(article: "ArticlePage") -> dict[str, Any]:
    cover = article.cover
    context: dict[str, Any] = {"title_problem": why_title_too_long(article.title)}
    if cover is None:
        return context | {"findings": ["还没有封面。微信的图文必须有封面，请在“内容”里选一张。"]}
    try:
        frame = covers.frame_of(cover)
    except OSError:
        sentence = "封面的文件丢失或损坏，不能预览。请在图片库里重新上传。"
        return context | {"findings": [sentence]}
    src = get_rendition_or_not_found(cover, MIRROR_FILTER).url
    return context | {
        "wide": _cut(src, covers.wide(*frame)),
        "square": _cut(src, covers.square(*frame)),
        "findings": covers.cover_findings(cover),
    }


def _cut(src: str, crop: covers.Crop) -> Cut:
    across, down = crop.x2 - crop.x1, crop.y2 - crop.y1
    return Cut(
        src,
        width=f"{100 / across:.3f}",
        left=f"{-100 * crop.x1 / across:.3f}",
        top=f"{-100 * crop.y1 / down:.3f}",
    )


_CONTEXTS: dict[str, tuple[str, Callable[["ArticlePage"], dict[str, Any]]]] = {
    PHONE: ("phone", _by_day),
    NIGHT: ("phone", _by_night),
    CARDS: ("cards", _cards),
}
