"""Which articles show an image or a document, now or once they are published."""

from django.db.models import Model, Q, TextField
from django.db.models.functions import Cast

from .models import ArticlePage


def titles_showing(file: Model) -> list[str]:
    """Titles of the articles that show ``file``: live ones, and those under review or scheduled.

    Read from the texts themselves. Wagtail's reference index follows the draft that was saved
    last, which may have dropped what readers still see.
    """
    # A cheap look at the stored text first; only what it finds is read properly.
    mentions = Q(text__contains=f'": {file.pk}') | Q(text__contains=f'id=\\"{file.pk}\\"')
    live = (
        ArticlePage.objects.live()
        .annotate(text=Cast("body", TextField()))
        .filter(mentions | Q(cover=file.pk))
        .order_by("pk")
    )
    coming = ArticlePage.objects.on_their_way().select_related("latest_revision").order_by("pk")
    texts = [*live, *(article.get_latest_revision_as_object() for article in coming)]
    return [text.title for text in texts if _shows(text, file)]


def _shows(article: ArticlePage, file: Model) -> bool:
    if isinstance(file, ArticlePage.cover.field.related_model) and article.cover_id == file.pk:
        return True
    return any(
        model is type(file) and str(pk) == str(file.pk)
        for model, pk, *_ in article.body.stream_block.extract_references(article.body)
    )
