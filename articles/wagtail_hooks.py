"""Where articles meet Wagtail's admin."""

from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.action_menu import ActionMenuItem

from . import panels, views
from .models import ArticlePage
from .viewsets import article_viewset


@hooks.register("register_admin_viewset")
def register_article_listing():
    return article_viewset


@hooks.register("register_admin_urls")
def register_desk():
    return [
        path("articles/<int:pk>/desk/", views.ArticleDeskView.as_view(), name="articles_desk"),
        path(
            "articles/<int:pk>/preview/",
            views.ArticlePreviewView.as_view(),
            name="articles_preview",
        ),
    ]


@hooks.register("construct_homepage_panels")
def arrange_dashboard(request, home_panels):
    """Ours first; Wagtail's own panels on the same matters would say it twice."""
    said_twice = {"workflow_objects_to_moderate", "user_objects_in_workflow_moderation"}
    home_panels[:] = [p for p in home_panels if getattr(p, "name", "") not in said_twice]
    for panel in (panels.TasksPanel(), panels.SchedulePanel()):
        if request.user.has_perm(panel.permission):
            home_panels.append(panel)


class DeskMenuItem(ActionMenuItem):
    """From the editor to the desk, once an article has been saved."""

    name = "action-desk"
    label = "审核与发布"
    icon_name = "tasks"
    order = 5

    def is_shown(self, context):
        return context["view"] == "edit" and isinstance(context.get("page"), ArticlePage)

    def get_url(self, parent_context):
        return reverse("articles_desk", args=[parent_context["page"].pk])


@hooks.register("register_page_action_menu_item")
def register_desk_menu_item():
    return DeskMenuItem()


@hooks.register("construct_page_action_menu")
def lead_with_desk_when_locked(menu_items, request, context):
    """On a locked page the way on is the desk, not a dead “页面已锁定” button."""
    if context.get("locked_for_user"):
        menu_items[:] = [item for item in menu_items if item.name != "action-page-locked"]
