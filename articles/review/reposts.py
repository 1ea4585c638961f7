"""转载: a text taken from elsewhere names where; inspection reads it in the tag ContentSource."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from articles.models import ArticlePage

KIND = "repost"


def why_no_origin(article: "ArticlePage") -> str:
    """What a repost lacks before it may be reviewed; empty for all other texts."""
    if article.kind != KIND or any(source.name.strip() for source in article.sources.all()):
        return ""
    return "转载的文章要写明来源。请在“信源”的第一条填写从哪里转载，再继续。"
