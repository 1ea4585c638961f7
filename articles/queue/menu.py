"""审稿 and 代审 in the admin's menu."""

from typing import Any

from django.urls import reverse
from wagtail.admin.menu import MenuItem

from ..review import deputies


class QueueMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return request.user.has_perm(deputies.READ)


class DeputiesMenuItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return deputies.may_arrange(request.user)


def queue_item() -> MenuItem:
    return QueueMenuItem(
        "审稿", reverse("articles_queue"), name="review-queue", icon_name="tasks", order=101
    )


def deputies_item() -> MenuItem:
    return DeputiesMenuItem(
        "代审", reverse("articles_deputies"), name="deputies", icon_name="group", order=102
    )
