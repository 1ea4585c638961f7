"""What the editor's action menu offers for an article."""

from typing import Any

from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem

from .models import ArticlePage


class DeskMenuItem(ActionMenuItem):
    """From the editor to the desk, once an article has been saved."""

    name = "action-desk"
    label = "审核与发布"
    icon_name = "tasks"
    order = 5

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and isinstance(context.get("page"), ArticlePage)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("articles_desk", args=[parent_context["page"].pk])


class SubmitMenuItem(SubmitForModerationMenuItem):
    """Wagtail's, which promises the review that returned the text.

    Which review is asked next depends on whether the text was changed.
    """

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        if page and page.current_workflow_state:
            context["label"] = "重新提交审核"
        return context


def arrange(menu_items: list[ActionMenuItem], context: dict[str, Any]) -> None:
    """Leave of Wagtail's items, in place, what an author needs.

    On a locked page the way on is the desk, not a dead “页面已锁定” button; a returned text is
    submitted again in one way, which knows where to go on.
    """
    unwanted = {"action-restart-workflow"}
    if context.get("locked_for_user"):
        unwanted.add("action-page-locked")
    menu_items[:] = [
        SubmitMenuItem(order=item.order) if item.name == "action-submit" else item
        for item in menu_items
        if item.name not in unwanted
    ]
