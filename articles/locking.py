"""The lock under which every service changes an article."""

from typing import TYPE_CHECKING

from wagtail.models import Page

if TYPE_CHECKING:
    from .models import ArticlePage


def locked(article: "ArticlePage") -> "ArticlePage":
    """The article read again with its row locked until the transaction ends."""
    Page.objects.select_for_update().get(pk=article.pk)
    return type(article).objects.get(pk=article.pk)
