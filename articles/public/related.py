"""再读几篇: earlier articles to go on with, chosen so that it is known who leads to whom.

Of each tag the few articles right before, and of the column the few right before: then an article
concerns only the few that come right after it, with each tag and in its column.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Q
from wagtail.models import Page
from wagtail.query import PageQuerySet

from ..models.pages import ArticlePage, ArticleTag

MOST = 3


def earlier(article: ArticlePage, tags: Sequence[int]) -> list[Page]:
    """At most `MOST` live articles from before ``article``, those that share most tags first.

    ``tags`` are the ids of its tags. One query a tag, one for the column where they do not suffice.
    """
    before = _public().exclude(pk=article.pk).order_by("-first_published_at", "-pk")
    if at := article.first_published_at:
        # Said so that the index on the date gives them in their order: no OR.
        before = before.filter(first_published_at__lte=at)
        before = before.exclude(first_published_at=at, pk__gt=article.pk)
    found: dict[int, Page] = {}
    shared: Counter[int] = Counter()
    for tag in tags:
        for other in before.filter(_tagged(tag))[:MOST]:
            found.setdefault(other.pk, other)
            shared[other.pk] += 1
    best = sorted(
        found.values(),
        key=lambda other: (shared[other.pk], other.first_published_at, other.pk),
        reverse=True,
    )[:MOST]
    if len(best) < MOST:
        known = {other.pk for other in best}
        column = before.child_of(article.get_parent())[: 2 * MOST]
        best += [other for other in column if other.pk not in known][: MOST - len(best)]
    return best


def leading_to(article: ArticlePage, tags: Iterable[int]) -> list[Page]:
    """The live articles that may show ``article`` as `earlier` now: at most some dozens.

    One query a tag and one for the column.
    """
    at = article.first_published_at
    after = (
        _public()
        .filter(first_published_at__gte=at)
        .exclude(first_published_at=at, pk__lte=article.pk)
        .order_by("first_published_at", "pk")
    )
    found = [other for tag in tags for other in after.filter(_tagged(tag))[:MOST]]
    return found + list(after.child_of(article.get_parent())[: 2 * MOST])


def _public() -> PageQuerySet:
    """Public pages; only their titles, dates and addresses are wanted, not the texts."""
    return Page.objects.live()


def _tagged(tag: int) -> Q:
    """The articles with a tag."""
    return Q(pk__in=ArticleTag.objects.filter(tag_id=tag).values("content_object_id"))
