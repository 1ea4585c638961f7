"""What waits for a second person: 特急 to be confirmed, corrections to be let out."""

from datetime import datetime
from typing import Any

from ..models import ArticlePage, CorrectionNote, UrgentRelease
from ..queues import Waiting, due_at, plans_of
from . import corrections, rules, urgent


def waiting_for(person: Any) -> list[Waiting]:
    """Requests of others that ``person`` could answer, 特急 first, each the oldest first.

    ``refusal`` says why this person may not say yes. Fixed number of queries.
    """
    releases, notes = [], []
    if person.has_perm(urgent.CONFIRM):
        releases = list(
            UrgentRelease.objects.waiting()
            .exclude(requested_by=person)
            .select_related("requested_by")
            .order_by("requested_at", "pk")
        )
    if person.has_perm(corrections.CONFIRM):
        notes = list(
            CorrectionNote.objects.waiting()
            .exclude(proposed_by=person)
            .select_related("proposed_by")
            .order_by("proposed_at", "pk")
        )
    if not releases and not notes:
        return []
    ids = {row.article_id for row in [*releases, *notes]}
    articles = ArticlePage.objects.defer_streamfields().in_bulk(ids)
    plans = plans_of(ids)

    def due(pk: int) -> datetime | None:
        return due_at(articles[pk], plans.get(pk))

    return [
        *(
            Waiting(
                articles[release.article_id],
                "特急确认",
                release.requested_at,
                str(release.requested_by),
                rules.why_not_confirm_urgent(person.pk, release.requested_by_id, release.authors),
                due_at=due(release.article_id),
            )
            for release in releases
        ),
        *(
            Waiting(
                articles[note.article_id],
                "更正确认",
                note.proposed_at,
                str(note.proposed_by),
                due_at=due(note.article_id),
            )
            for note in notes
        ),
    ]
