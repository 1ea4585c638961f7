"""Where the editor leads to words from elsewhere."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from ..models import ArticlePage
from .drafts import why_not_append


def word_import(page: Page, user: Any) -> list[Button]:
    """导入到本稿, where ``user`` may add to ``page``."""
    if not isinstance(page, ArticlePage) or not page.pk or why_not_append(user, page):
        return []
    address = reverse("articles_word_into_upload", args=[page.pk])
    return [Button("从 Word 导入到本稿", url=address, icon_name="upload", priority=60)]


def paste_script() -> str:
    """The script that sends what is pasted to be cleaned."""
    return format_html(
        '<script src="{}" data-clean-paste="{}" defer></script>',
        static("articles/paste.js"),
        reverse("articles_clean_paste"),
    )
