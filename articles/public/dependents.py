"""Which public addresses show an article, a column, a tag, a picture; told to the mirror.

Each answer asks a bounded number of questions, however many articles there are. What shows an
article without naming it in the reference index (lists, related articles) is found by the same
rules by which it is shown.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Model
from taggit.models import Tag
from wagtail.models import Page, ReferenceIndex

from cms.mirror import registry
from cms.mirror.addresses import HOME
from cms.mirror.pages import address_of, root_path
from media.models import CustomDocument, CustomImage
from rankings.models import Claim, HonoursPage

from ..models import ArticlePage, ColumnPage, CorrectionNote, HomePage, Push, Withdrawal
from . import convention_addresses, listings, related
from .views import ARCHIVE, TAGS, tag_url, tagged


def register() -> None:
    """Called once, when the app is ready."""
    for model, fn in (
        (ArticlePage, of_article),
        (HomePage, of_home),
        (ColumnPage, of_all),
        (HonoursPage, of_all),
        (CorrectionNote, of_note),
        (Withdrawal, of_note),
        (Push, of_home),
        (Tag, of_tag),
        (CustomImage, of_file),
        (CustomDocument, of_file),
        (Claim, of_claim),
    ):
        registry.register_dependents(model, fn)
    registry.register_addresses("pages", page_addresses)
    registry.register_addresses("lists", list_addresses)
    registry.register_addresses("conventions", convention_addresses.all_addresses)


# --- who shows it ---------------------------------------------------------------------------------


def of_article(article: ArticlePage) -> Iterator[str]:
    """The article's own page, every list it stands in, and the articles that lead to it."""
    root = root_path()
    yield address_of(article, root)
    if article.first_published_at is None:
        return
    column = address_of(article.url_path.removesuffix(f"{article.slug}/"), root)
    in_column = ArticlePage.objects.live().child_of(article.get_parent())
    everywhere = ArticlePage.objects.live()
    yield from (HOME, column, ARCHIVE)
    yield from listings.months_showing(in_column, column, article)
    yield from listings.months_showing(everywhere, ARCHIVE, article)
    tags = list(article.tags.all())
    if tags:
        yield TAGS
    for tag in tags:
        yield from listings.list_showing(tagged(tag.pk), tag_url(tag.pk), article)
    yield from convention_addresses.showing(article)
    for other in related.leading_to(article, [tag.pk for tag in tags]):
        yield address_of(other, root)
    yield from referring(article)


def referring(instance: Model) -> Iterator[str]:
    """The live pages that name ``instance`` in a block or field."""
    root = root_path()
    for page in _pages_referring(instance):
        yield address_of(page, root)


def _pages_referring(instance: Model) -> Iterable[Page]:
    ids = (
        ReferenceIndex.get_references_to(instance)
        .filter(base_content_type=ReferenceIndex._get_base_content_type(Page))
        .values_list("object_id", flat=True)
    )
    return Page.objects.live().filter(pk__in={int(pk) for pk in ids})


def of_home(instance: Model) -> list[str]:
    return [HOME, *convention_addresses.naming_home()]


def of_all(instance: Model) -> Iterable[str]:
    """What stands in the navigation of every page."""
    return registry.all_addresses()


def of_note(note: CorrectionNote | Withdrawal) -> list[str]:
    """The article's own page; a correction moves its entry in feeds and site maps as well."""
    article = note.article
    if not article.live:
        return [address_of(article)]
    return [address_of(article), *convention_addresses.showing(article)]


def of_tag(tag: Tag) -> Iterator[str]:
    """The tag's lists, and every article that bears it."""
    articles = tagged(tag.pk)
    count = articles.count()
    if not count:
        return
    root = root_path()
    yield TAGS
    yield from convention_addresses.naming_tags()
    yield from listings.list_addresses(tag_url(tag.pk), count)
    for path in articles.values_list("url_path", flat=True).iterator():
        yield address_of(path, root)


def of_file(file: CustomImage | CustomDocument) -> Iterator[str]:
    """The pages that show a picture or offer a file; of a cover, the lists too."""
    root = root_path()
    for page in _pages_referring(file):
        yield address_of(page, root)
    if isinstance(file, CustomImage):
        for article in ArticlePage.objects.live().filter(cover=file).defer_streamfields():
            yield from of_article(article)


def of_claim(claim: Claim) -> Iterator[str]:
    """The articles that print the claim: the note below it says whether it still holds."""
    yield from referring(claim)


# --- what there is --------------------------------------------------------------------------------


def page_addresses() -> Iterator[str]:
    """Every live page, and every article that was withdrawn."""
    root = root_path()
    pages = Page.objects.filter(url_path__startswith=root)
    for path in pages.live().order_by("path").values_list("url_path", flat=True).iterator():
        yield address_of(path, root)
    for page in HonoursPage.objects.live():
        yield f"{address_of(page, root)}data.json"
    gone = Withdrawal.objects.in_force().filter(article__live=False)
    for path in gone.values_list("article__url_path", flat=True).iterator():
        yield address_of(path, root)


def list_addresses() -> Iterator[str]:
    """The archive, the columns' months, the tags."""
    root = root_path()
    everywhere = ArticlePage.objects.live()
    yield ARCHIVE
    yield TAGS
    yield from listings.month_addresses(everywhere, ARCHIVE)
    for column in ColumnPage.objects.live():
        articles = everywhere.child_of(column)
        yield from listings.month_addresses(articles, address_of(column, root))
    for pk in Tag.objects.order_by("pk").values_list("pk", flat=True):
        yield from listings.list_addresses(tag_url(pk), tagged(pk).count())
