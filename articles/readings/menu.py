"""阅读数据 in the admin's menu."""

from typing import Any

from django.urls import reverse
from wagtail.admin.menu import MenuItem

from .screens import VIEW


class ReadingMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm(VIEW)


def readings_item() -> MenuItem:
    """阅读数据, right after 推送 and its calendar."""
    return ReadingMenuItem(
        "阅读数据", reverse("readings_index"), name="readings", icon_name="view", order=105
    )
