"""What the button 复制到微信 asks for."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.views.generic import View
from wagtail.admin.widgets.button import Button
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from ...models import ArticlePage
from .budget import why_too_long
from .message import plain_lines
from .renderer import render
from .targets import mirror_address_of

VIEW_PERMISSION = "articles.view_articlepage"
LOST_PICTURE = "有图片的文件丢失，没有复制。请在图片库里重新上传，或从稿件里删去这张图。"
# What is pasted loses its first and its last paragraph to the one the cursor stands in.
GUARD = '<p style="margin:0;font-size:0;line-height:0">&nbsp;</p>'


class WeChatHtmlView(View):
    """The latest version as the clipboard takes it, as JSON; ``problem`` says why it cannot be."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        if not request.user.has_perm(VIEW_PERMISSION):
            raise PermissionDenied("您没有查看稿件的权限。")
        article = get_object_or_404(ArticlePage, pk=pk).get_latest_revision_as_object()
        try:
            rendered = render(article, mirror_address_of)
        except SourceImageIOError:
            return JsonResponse({"problem": LOST_PICTURE})
        return JsonResponse(
            {
                "html": f"{GUARD}{rendered.html}{GUARD}",
                "text": "\n".join(plain_lines(rendered.html)),
                "notes": [*_about_pictures(article), *rendered.notes],
                "problem": why_too_long(rendered),
            }
        )


def _about_pictures(article: ArticlePage) -> list[str]:
    """A sentence when WeChat's editor cannot fetch the pictures of ``article``."""
    if urlsplit(settings.SITE_URL).scheme == "https" or not article.pictures():
        return []
    return ["网站地址不是 https，微信读不到图片，粘贴后请逐张上传。"]


def copy_button(page: Page, user: Any) -> list[Button]:
    """复制到微信, in the editor's menu of an article that has been saved."""
    if not isinstance(page, ArticlePage) or not page.pk or not user.has_perm(VIEW_PERMISSION):
        return []
    address = reverse("articles_wechat_html", args=[page.pk])
    attrs = {"data-wechat-copy": address, "role": "button"}
    return [Button("复制到微信", url="#", icon_name="copy", priority=65, attrs=attrs)]


def copy_script() -> str:
    """The script behind the button."""
    return format_html('<script src="{}" defer></script>', static("articles/wechat-copy.js"))
