"""Feeds of the newest articles, for the site and for each column, as Atom and as RSS.

Everything in them comes from the record, nothing from the clock: the same articles are always the
same bytes.
"""

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import escape
from django.utils.timezone import localtime

from cms.mirror.views import mirrored
from cms.ops.templatetags.site_tags import on_site

from ..models import ArticlePage, ArticleTag, ColumnPage, HomePage
from .changes import changed_at, with_corrected_at
from .share import share_picture

NEWEST = 20
# XML has no way to write these.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Before there is an article; a feed must name a date.
NEVER = dt.datetime(2017, 9, 1, tzinfo=dt.UTC)


def plain(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


class _Dated:
    """A feed without articles says an old date, where Django's would say the present moment."""

    def latest_post_date(self) -> dt.datetime:
        dates = [item["updateddate"] or item["pubdate"] for item in self.items]
        return max((date for date in dates if date), default=NEVER)


class Atom(_Dated, Atom1Feed):
    pass


class Rss(_Dated, Rss201rev2Feed):
    pass


class SiteAtom(Feed):
    """The newest articles of the whole site as Atom."""

    feed_type = Atom
    file = "feed.atom"
    language = "zh-CN"
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest, slug: str = "") -> ColumnPage | HomePage:
        if slug:
            column = get_object_or_404(ColumnPage.objects.live(), slug=slug)
        else:
            column = get_object_or_404(HomePage.objects.live())
        # Every page's address is found by way of the request, which keeps what it has asked.
        self.request = request
        self.path = column.get_url(request)
        self.columns = {
            page.path: page.title for page in ColumnPage.objects.only("path", "title", "depth")
        }
        return column

    def title(self, obj: Any) -> str:
        name = settings.WAGTAIL_SITE_NAME
        return plain(f"{name}·{obj.title}" if isinstance(obj, ColumnPage) else name)

    def subtitle(self, obj: Any) -> str:
        return plain(obj.description if isinstance(obj, ColumnPage) else obj.tagline)

    def description(self, obj: Any) -> str:
        return self.subtitle(obj)

    def link(self, obj: Any) -> str:
        return on_site(self.path)

    def feed_url(self, obj: Any) -> str:
        return on_site(self.path + self.file)

    def author_name(self, obj: Any) -> str:
        return settings.WAGTAIL_SITE_NAME

    def items(self, obj: Any) -> list[ArticlePage]:
        articles = ArticlePage.objects.newest()
        if isinstance(obj, ColumnPage):
            articles = articles.child_of(obj)
        # The page's own query first: to join the corrections of all articles would read them all.
        newest = list(articles.values_list("pk", flat=True)[:NEWEST])
        found = with_corrected_at(ArticlePage.objects.filter(pk__in=newest).with_what_lists_show())
        by_pk = {article.pk: article for article in found}
        self._tag(by_pk)
        return [by_pk[pk] for pk in newest if pk in by_pk]

    def _tag(self, articles: dict[int, ArticlePage]) -> None:
        for article in articles.values():
            article.feed_tags, article.feed_corrections = [], []
        tags = ArticleTag.objects.filter(content_object__in=articles).select_related("tag")
        for row in tags.order_by("tag__name"):
            articles[row.content_object_id].feed_tags.append(row.tag.name)
        for article in articles.values():
            if article.corrected_at:
                article.feed_corrections = list(article.correction_notes.public())

    def item_title(self, item: ArticlePage) -> str:
        return plain(item.title)

    def item_description(self, item: ArticlePage) -> str:
        """The summary, as HTML, and every public correction."""
        said = [escape(plain(item.digest))]
        for note in item.feed_corrections:
            day = localtime(note.decided_at)
            said.append(f"{day:%Y}年{day.month}月{day.day}日更正：{escape(plain(note.text))}")
        return "".join(f"<p>{part}</p>" for part in said)

    def item_link(self, item: ArticlePage) -> str:
        return on_site(item.get_url(self.request))

    def item_guid(self, item: ArticlePage) -> str:
        """The same wherever the article is moved to."""
        return on_site(f"/#article-{item.pk}")

    def item_author_name(self, item: ArticlePage) -> str:
        return plain(item.author)

    def item_pubdate(self, item: ArticlePage) -> dt.datetime:
        return localtime(item.first_published_at)

    def item_updateddate(self, item: ArticlePage) -> dt.datetime:
        return localtime(changed_at(item))

    def item_categories(self, item: ArticlePage) -> Sequence[str]:
        column = next((t for path, t in self.columns.items() if item.path.startswith(path)), "")
        return [plain(name) for name in (column, *item.feed_tags) if name]

    def item_enclosures(self, item: ArticlePage) -> list[Enclosure]:
        picture = share_picture(item.cover)
        try:
            size = picture.file.size if picture else 0
        except OSError:
            size = 0  # the file is gone; the article is still news
        if not size:
            return []
        return [Enclosure(on_site(picture.url), str(size), "image/jpeg")]


class SiteRss(SiteAtom):
    """The newest articles of the whole site as RSS."""

    feed_type = Rss
    file = "feed.rss"

    def item_title(self, item: ArticlePage) -> str:
        """Escaped: what reads RSS takes titles for HTML."""
        return escape(super().item_title(item))


def _view(kind: type[SiteAtom]) -> Any:
    """A feed that is made anew for every request: it keeps what it has asked."""

    @mirrored
    def view(request: HttpRequest, slug: str = "") -> Any:
        # Django asks for it, to complete addresses; ours are whole. The public name need not be
        # one that the application itself answers to.
        request.get_host = lambda: urlsplit(settings.SITE_URL).netloc
        return kind()(request, slug=slug)

    return view


atom, rss = _view(SiteAtom), _view(SiteRss)
