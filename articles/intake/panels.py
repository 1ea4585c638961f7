"""What the dashboard shows of contributions."""

from typing import Any

from wagtail.admin.ui.components import Component

from ..models import ContributionStatus
from . import contributions


class ContributionsPanel(Component):
    """来稿: to editors what waits for them, to contributors what became of theirs."""

    name = "articles_contributions"
    template_name = "articles/admin/intake/panel.html"
    order = 55
    SHOWN = 5

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        handles, sends = user.has_perm(contributions.HANDLE), user.has_perm(contributions.SEND)
        if not (handles or sends):
            return {"shown": False}
        found = contributions.visible_to(user)
        if handles:
            found = found.filter(status=ContributionStatus.SUBMITTED).order_by("pk")
        rows = list(found[: self.SHOWN])
        return {
            "shown": bool(rows) or not handles,
            "handles": handles,
            "rows": rows,
            "sends": sends,
        }
