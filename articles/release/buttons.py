"""What the explorer offers where other pages have 删除."""

from typing import Any

from django.urls import reverse
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from ..models import ArticlePage
from .withdrawal import PERMISSION


def withdraw(page: Page, user: Any) -> list[Button]:
    """撤稿, for a live article: what was public is taken down with a notice, never deleted."""
    if not isinstance(page, ArticlePage) or not page.live or not user.has_perm(PERMISSION):
        return []
    address = reverse("articles_desk", args=[page.pk]) + "#withdrawal"
    return [Button("撤稿（公开过的文章不能删除）", url=address, icon_name="no-view", priority=45)]
