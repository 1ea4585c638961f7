"""Why the text is with its author again."""

from typing import Any

from ... import queues
from ..base import DeskPanel


class ReturnedPanel(DeskPanel):
    name = "returned"
    template_name = "articles/admin/desk/returned.html"

    def context(self) -> dict[str, Any] | None:
        reason = queues.why_returned(self.desk.article)
        return {"reason": reason} if reason else None
