"""What the dashboard shows of messages."""

from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from ..access import APPROVE, CARRY_OUT, HANDLE
from ..work import waiting_for


class FeedbackPanel(Component):
    """留言: what waits for this person, the most urgent first. Says nothing when nothing does."""

    name = "feedback"
    template_name = "feedback/admin/panel.html"
    order = 56
    SHOWN = 8

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        if not any(map(user.has_perm, (HANDLE, APPROVE, CARRY_OUT))):
            return {"rows": []}
        found = waiting_for(user).order_by("due_at", "pk")
        rows = list(found[: self.SHOWN])
        return {
            "rows": rows,
            "more": found.count() - len(rows) if len(rows) == self.SHOWN else 0,
            "now": timezone.now(),
        }
