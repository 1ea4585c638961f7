"""推送 in the admin's menu."""

from typing import Any

from django.urls import reverse
from wagtail.admin.menu import MenuItem

READ = "articles.view_push"


class PushMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm(READ)


def pushes_item() -> MenuItem:
    return PushMenuItem("推送", reverse("pushes_index"), name="pushes", icon_name="mail", order=103)
