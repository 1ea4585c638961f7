"""What the dashboard shows of articles."""

from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.permissions import page_permission_policy

from . import queues, work
from .pushes import work as push_work
from .queue.columns import near
from .queues import Waiting
from .review import deadlines

# So many rows of each kind; the rest is a click away.
SHOWN = 10


class TasksPanel(Component):
    """等我处理: what to confirm as second person, to review, to give a time, and to mend."""

    name = "articles_tasks"
    permission = "articles.view_articlepage"
    template_name = "articles/admin/tasks_panel.html"
    order = 50
    media = Media(css={"all": ["articles/queue.css"]})

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        found = work.of(user, SHOWN)
        return {
            "rows": [
                *(_row(row, row.stage) for row in found.confirm),
                *(_row(row, row.stage) for row in found.reviews),
                *(_row(row, "定时或发布") for row in found.ready),
                *(
                    _row(row, f"{row.stage}，请修改", "wagtailadmin_pages:edit")
                    for row in found.returned[:SHOWN]
                ),
            ],
            "pushes": [
                (task, deadlines.span(timezone.now() - task.since))
                for task in push_work.waiting_for(user)
            ],
            "begins": page_permission_policy.user_has_permission(user, "add"),
            "more": [
                (count, view.label, reverse("articles_queue", args=[view]))
                for view, count in found.more.items()
            ],
        }


def _row(waiting: Waiting, what: str, opens: str = "articles_desk") -> dict[str, Any]:
    now = timezone.now()
    return {
        "waiting": waiting,
        "what": what,
        "url": reverse(opens, args=[waiting.article.pk]),
        "due": near(waiting.due_at, now),
        "waited": deadlines.span(now - waiting.since),
    }


class SchedulePanel(Component):
    """What will go live by itself."""

    name = "articles_schedule"
    permission = "articles.view_articlepage"
    template_name = "articles/admin/schedule_panel.html"
    order = 60

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        articles = [
            (revision.approved_go_live_at, revision.object_str, "articles_desk", revision.object_id)
            for revision in queues.scheduled()[:SHOWN]
        ]
        pushes = [
            (push.go_live_at, f"推送{push.title}", "pushes_show", push.pk)
            for push in push_work.committed()[:SHOWN]
        ]
        return {
            "coming": [
                {"at": at, "title": title, "url": reverse(name, args=[pk])}
                for at, title, name, pk in sorted([*articles, *pushes])[:SHOWN]
            ]
        }
