"""What the editor's action menu offers for an article."""

from typing import Any

from django.urls import reverse
from wagtail.admin.action_menu import ActionMenuItem, SubmitForModerationMenuItem

from .models import ArticlePage
from .review import services


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


class TakeBackMenuItem(ActionMenuItem):
    """撤回送审 in place of Wagtail's “取消工作流”, which asks no reason and records none."""

    name = "action-take-back"
    label = "撤回送审"
    icon_name = "undo"

    def is_shown(self, context: dict[str, Any]) -> bool:
        page = context.get("page")
        if context["view"] != "edit" or not isinstance(page, ArticlePage):
            return False
        return bool(page.workflow_in_progress) and services.may_take_back(
            context["request"].user, page
        )

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("articles_desk", args=[parent_context["page"].pk]) + "#take-back"


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
    submitted again in one way, which knows where to go on; the desk takes a text back.
    """
    unwanted = {"action-restart-workflow", "action-cancel-workflow"}
    if context.get("locked_for_user"):
        unwanted.add("action-page-locked")
    menu_items[:] = [
        SubmitMenuItem(order=item.order) if item.name == "action-submit" else item
        for item in menu_items
        if item.name not in unwanted
    ]
    take_back = TakeBackMenuItem(order=40)
    if take_back.is_shown(context):
        menu_items.append(take_back)
