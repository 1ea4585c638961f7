"""Who said what about the article."""

from typing import Any

from django.db.models import F
from wagtail.models import Page, TaskState

from ...models import ReadyTask
from ...status import verdict_words
from ..base import DeskPanel


class HistoryPanel(DeskPanel):
    name = "history"
    template_name = "articles/admin/desk/history.html"

    def context(self) -> dict[str, Any]:
        return {"history": self._verdicts()}

    def _verdicts(self) -> list[tuple[TaskState, str]]:
        """Every verdict on this article with its words, newest first."""
        verdicts = (
            TaskState.objects.for_instance(Page(pk=self.desk.article.pk))
            .exclude(status=TaskState.STATUS_IN_PROGRESS)
            .exclude(finished_by__isnull=True)
            .select_related("task", "finished_by")
            .annotate(digest=F("reviewtaskstate__content_digest"))
            .order_by("-finished_at")
        )
        ready = set(ReadyTask.objects.values_list("pk", flat=True))
        return [
            (
                verdict,
                verdict_words(
                    verdict.status,
                    ready=verdict.task_id in ready,
                    was_approved=bool(verdict.digest),
                ),
            )
            for verdict in verdicts
        ]
