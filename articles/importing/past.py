"""Taking in articles that were public before the workbench existed.

The only way an old date comes onto the mirror: the date is the original one, the article is
marked 历史导入, and the act is logged. Every later change goes through the three reviews.
"""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.signals import page_published

from cms.ops import audit

from .. import gate
from ..models import ArticlePage, ColumnPage, Origin

PERMISSION = "articles.import_past_article"


@transaction.atomic
def import_past_article(
    actor: Any, column: ColumnPage, article: ArticlePage, published_at: datetime
) -> ArticlePage:
    """Add an unsaved ``article`` to ``column`` as it was published at ``published_at`` (aware).

    ``actor`` None is the command line. ``original_url`` on the article says where it stood.

    Raises:
        PermissionDenied: the actor may not, or the date lies in the future.
        ValidationError: the article's fields are not valid.
    """
    if actor is not None and not actor.has_perm(PERMISSION):
        raise PermissionDenied("您没有导入历史文章的权限，请联系管理员。")
    if published_at > timezone.now():
        raise PermissionDenied("历史文章的发布时间不能晚于现在。")
    article.origin = Origin.IMPORTED
    article.owner = actor
    article.live = True
    article.first_published_at = article.last_published_at = published_at
    with gate.going_live(article, article.content_digest):
        column.add_child(instance=article)
    revision = article.save_revision(user=actor)
    article.live_revision = revision
    article.has_unpublished_changes = False
    Page.objects.filter(pk=article.pk).update(live_revision=revision, has_unpublished_changes=False)
    log(instance=article, action="wagtail.publish", user=actor, revision=revision)
    audit.record(
        actor,
        "article.import_past",
        article,
        {"published_at": published_at, "original_url": article.original_url},
    )
    page_published.send(sender=ArticlePage, instance=article, revision=revision)
    return article
