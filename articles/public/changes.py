"""When what readers see of an article last changed: never a clock, always the record."""

import datetime as dt

from django.db.models import Max, Q

from ..models import ArticlePage, CorrectionStatus
from ..models.pages import ArticleQuerySet


def with_corrected_at(articles: ArticleQuerySet) -> ArticleQuerySet:
    """``articles``, each with ``corrected_at``: its last public correction, or None."""
    public = Q(correction_notes__status=CorrectionStatus.PUBLISHED)
    return articles.annotate(corrected_at=Max("correction_notes__decided_at", filter=public))


def changed_at(article: ArticlePage) -> dt.datetime | None:
    """The last publication or public correction of ``article``; None before the first.

    One query, or none where `with_corrected_at` has asked.
    """
    if not hasattr(article, "corrected_at"):
        notes = article.correction_notes.public()
        article.corrected_at = notes.aggregate(last=Max("decided_at"))["last"]
    moments = (article.first_published_at, article.last_published_at, article.corrected_at)
    return max((moment for moment in moments if moment), default=None)
