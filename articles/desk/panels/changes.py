"""What is new in the text for this person, and how long it is."""

from typing import Any

from wagtail.models import Revision

from ...editing.measures import measures
from ...models import ReviewTask
from ...review import looks
from ..base import DeskPanel


class ChangesPanel(DeskPanel):
    """Opening the desk is the look that is noted, once a person and version."""

    name = "changes"
    template_name = "articles/admin/desk/changes.html"

    def context(self) -> dict[str, Any]:
        desk = self.desk
        last = looks.since_last_look(desk.user, desk.article)
        seen = desk.article.review_looks.filter(person=desk.user).exists()
        if last and desk.request.method == "GET":
            looks.note_look(desk.user, last.latest)
        live = desk.article.live_revision_id
        return {
            "last": last,
            "seen_number": self._number(last.revision) if last and last.revision else None,
            "measures": measures(desk.draft),
            "live_differs": bool(last and live and live != last.latest.pk),
            "is_new": not seen
            and isinstance(desk.task, ReviewTask)
            and desk.task.admits(desk.user),
        }

    def _number(self, revision: Revision) -> int:
        drafts = self.desk.article.saved_drafts()
        return next(draft.number for draft in drafts if draft.pk == revision.pk)
