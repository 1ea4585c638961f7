"""再读几篇: earlier articles to go on with, chosen so that it is known who leads to whom.

Of each tag the few articles right before, and of the column the few right before: then an article
concerns only the few that come right after it, with each tag and in its column.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Q

from ..models.pages import ArticlePage, ArticleQuerySet

MOST = 3


def earlier(article: ArticlePage, tags: Sequence[int]) -> list[ArticlePage]:
    """At most `MOST` live articles from before ``article``, those that share most tags first.

    ``tags`` are the ids of its tags. One query a tag, one for the column where they do not suffice.
    """
    before = _others(article)
    if article.first_published_at:
        at = article.first_published_at
        earlier_ones = Q(first_published_at__lt=at)
        before = before.filter(earlier_ones | Q(first_published_at=at, pk__lt=article.pk))
    before = before.defer_streamfields().order_by("-first_published_at", "-pk")
    found: dict[int, ArticlePage] = {}
    shared: Counter[int] = Counter()
    for tag in tags:
        for other in before.filter(tagged_items__tag_id=tag)[:MOST]:
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


def leading_to(article: ArticlePage, tags: Iterable[int]) -> list[ArticlePage]:
    """The live articles that may show ``article`` as `earlier` now: at most some dozens.

    One query a tag and one for the column.
    """
    at = article.first_published_at
    after = (
        _others(article)
        .filter(Q(first_published_at__gt=at) | Q(first_published_at=at, pk__gt=article.pk))
        .defer_streamfields()
        .order_by("first_published_at", "pk")
    )
    found = [other for tag in tags for other in after.filter(tagged_items__tag_id=tag)[:MOST]]
    return found + list(after.child_of(article.get_parent())[: 2 * MOST])


def _others(article: ArticlePage) -> ArticleQuerySet:
    return ArticlePage.objects.live().exclude(pk=article.pk)
