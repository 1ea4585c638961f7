"""What there is to find: months and tags that have public articles."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet
from taggit.models import Tag

from ..models import ArticlePage, ArticleTag


def months() -> list[dt.date]:
    """The first days of the months that have public articles, newest first."""
    live = ArticlePage.objects.live().order_by()
    return list(live.dates("first_published_at", "month", order="DESC"))


def live_tags() -> QuerySet[Tag]:
    """The tags of public articles, the oldest first: a list that changes only with a new one."""
    of_public = ArticleTag.objects.filter(tag=OuterRef("pk"), content_object__live=True)
    return Tag.objects.filter(Exists(of_public)).order_by("pk")
