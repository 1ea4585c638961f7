"""Who has seen which version: the ground of 上次看过之后改了什么."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, Max, OuterRef, Q, Subquery
from wagtail.models import Revision

from .models import ReviewTaskState

if TYPE_CHECKING:
    from articles.models import ArticlePage


def note_look(person: Any, revision: Revision) -> None:
    """Note that ``person`` has had ``revision`` on the desk; the first time counts."""
    from articles.models import ReviewLook

    ReviewLook.objects.get_or_create(
        article_id=int(revision.object_id), person=person, revision=revision
    )


@dataclass(frozen=True)
class LastLook:
    """``revision`` is None when the person has seen no earlier version than ``latest``.

    ``seen_at`` is when they first opened it or judged it.
    """

    latest: Revision
    revision: Revision | None = None
    seen_at: Any = None


def since_last_look(person: Any, article: "ArticlePage") -> LastLook | None:
    """From which version ``person`` knows ``article``; None while it has no version at all.

    It is the newest version before the latest that they looked at or judged. Opening the desk
    does not move it: what is new stays new until there is a newer version. Two queries.
    """
    from articles.models import ReviewLook

    latest = article.get_latest_revision()
    if latest is None:
        return None
    looked = ReviewLook.objects.filter(person=person, revision=OuterRef("pk")).values("first_at")
    judged = (
        ReviewTaskState.objects.filter(finished_by=person, revision=OuterRef("pk"))
        .order_by()
        .values("revision")
        .annotate(at=Max("finished_at"))
        .values("at")
    )
    known = (
        article.revisions.filter(pk__lt=latest.pk)
        .annotate(
            looked_at=Subquery(looked[:1], output_field=DateTimeField()),
            judged_at=Subquery(judged[:1], output_field=DateTimeField()),
        )
        .filter(Q(looked_at__isnull=False) | Q(judged_at__isnull=False))
        .order_by("-pk")
        .first()
    )
    if known is None:
        return LastLook(latest)
    return LastLook(latest, known, known.looked_at or known.judged_at)
