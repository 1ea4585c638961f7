"""What the dashboard shows of articles."""

from typing import Any

from wagtail.admin.ui.components import Component

from . import queues


class TasksPanel(Component):
    """等我处理: reviews, articles to be given a time, and those sent back to me."""

    name = "articles_tasks"
    permission = "articles.view_articlepage"
    template_name = "articles/admin/tasks_panel.html"
    order = 50

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        return {
            "reviews": queues.for_review(user),
            "ready": queues.for_publishing(user),
            "returned": queues.returned_to(user),
        }


class SchedulePanel(Component):
    """What will go live by itself."""

    name = "articles_schedule"
    permission = "articles.view_articlepage"
    template_name = "articles/admin/schedule_panel.html"
    order = 60

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"scheduled": queues.scheduled()[:10]}
