"""What the links and cards of an article lead to, read in few queries for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.models import Page

from cms.ops.outbox import site_address
from media.models import CustomDocument, CustomImage

from ...models import ArticlePage, PushMember, WeChatPost
from .references import in_wechat

# What the public page shows of a body picture, so that no other file need be made.
MIRROR_FILTER = "format-jpeg|width-1080"
# As large as `media.transcoding` sends them.
WIDEST = 1080


@dataclass(frozen=True)
class Target:
    """``address`` is complete; ``wechat`` is where the same stands in WeChat, if it is known."""

    title: str
    address: str
    wechat: str = ""


class Targets:
    """Pages and documents by their ids. Those that readers cannot open are not among them.

    ``keeper`` is what Wagtail keeps the site's root on, so that it is read once.
    """

    def __init__(
        self, pages: Iterable[int] = (), documents: Iterable[int] = (), keeper: Any = None
    ) -> None:
        pages, documents = set(pages), set(documents)
        wechat = wechat_addresses(pages) if pages else {}
        found = Page.objects.live().filter(pk__in=pages) if pages else []
        self._pages = {
            page.pk: Target(page.title, address, wechat.get(page.pk, ""))
            for page in found
            if (address := page_address(page, keeper))
        }
        files = CustomDocument.objects.filter(pk__in=documents) if documents else []
        self._documents = {file.pk: Target(file.title, site_address(file.url)) for file in files}

    def page(self, pk: int) -> Target | None:
        return self._pages.get(pk)

    def document(self, pk: int) -> Target | None:
        return self._documents.get(pk)


def page_address(page: Page, keeper: Any = None) -> str:
    """The full public address of ``page``; nothing for one that has none yet."""
    parts = page.get_url_parts(keeper)
    return site_address(parts[2]) if parts and parts[2] else ""


def mirror_address_of(image: CustomImage) -> str:
    """The full public address of ``image`` as articles show it; animated ones as they are."""
    if image.file.name.lower().endswith(".gif"):
        return site_address(image.file.url)
    return site_address(image.get_rendition(MIRROR_FILTER).url)


def width_of(image: CustomImage) -> int:
    """The width in pixels of ``image`` as it is sent."""
    return min(image.width, WIDEST)


def wechat_addresses(articles: Iterable[int]) -> dict[int, str]:
    """Where articles (by id) stand in WeChat; the latest known address of each."""
    articles = list(articles)
    rows = [
        *ArticlePage.objects.filter(pk__in=articles)
        .exclude(original_url="")
        .values_list("pk", "original_url"),
        *PushMember.objects.filter(article__in=articles)
        .exclude(wechat_url="")
        .order_by("pk")
        .values_list("article_id", "wechat_url"),
        *WeChatPost.objects.filter(article__in=articles)
        .exclude(url="")
        .order_by("published_on", "pk")
        .values_list("article_id", "url"),
    ]
    return {pk: address for pk, url in rows if (address := in_wechat(url))}
