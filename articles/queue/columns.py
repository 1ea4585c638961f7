"""The columns of the queue."""

from datetime import datetime
from typing import Any

from django.middleware.csrf import get_token
from django.utils import timezone
from wagtail.admin.ui.tables import Column

from ..queues import Waiting
from ..review import deadlines

# A deadline within these hours is shown as near.
NEAR_HOURS = 3


def near(due: datetime | None, now: datetime) -> dict[str, str]:
    """How far ``due`` is: the words, and the look that goes with them; nothing without one."""
    if due is None:
        return {}
    hours = (due - now).total_seconds() / 3600
    look = "late" if hours < 0 else "near" if hours < NEAR_HOURS else "calm"
    return {"words": deadlines.words(due, now), "look": look}


class QueueColumn(Column):
    """A cell of the queue; its template gets the row as ``instance``."""

    def __init__(self, name: str, label: str, **kwargs: Any):
        super().__init__(name, label, accessor="title", **kwargs)
        self.cell_template_name = f"articles/admin/queue/{name}_cell.html"

    def get_cell_context_data(
        self, instance: Waiting, parent_context: dict[str, Any]
    ) -> dict[str, Any]:
        context = super().get_cell_context_data(instance, parent_context)
        now = timezone.now()
        return {
            **context,
            "user": parent_context["request"].user,
            # Wagtail renders cells without context processors.
            "csrf_token": get_token(parent_context["request"]),
            "due": near(instance.due_at, now),
            "waited": deadlines.span(now - instance.since),
        }


COLUMNS = [
    QueueColumn("title", "标题", classname="title"),
    QueueColumn("stage", "在哪一审"),
    QueueColumn("due", "截稿"),
    QueueColumn("waited", "已等", classname="only-wide"),
    QueueColumn("people", "等谁"),
    QueueColumn("submitter", "送审人", classname="only-wide"),
]
