"""Site maps: complete, whole addresses, one article in one small file; and the map for people."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from defusedxml.ElementTree import fromstring
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import ArticlePage, HomePage
from articles.public import convention_addresses as addresses
from articles.public.sitemaps import OurSitemap
from cms.mirror.rendering import render
from tests.factories.articles import ArticleFactory, ColumnFactory, save_live

from .scene import MOMENT, SHANGHAI, SITE, correct, live, soup

pytestmark = pytest.mark.django_db

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
# What the schema of sitemaps.org allows in an entry, in any order.
ALLOWED = {f"{NAMESPACE}{name}" for name in ("loc", "lastmod", "changefreq", "priority")}
W3C_DATE = r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d)?"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def site_address(settings: Any) -> None:
    settings.SITE_URL = SITE


def entries(client: Client, address: str, kind: str = "url") -> dict[str, str | None]:
    """``loc`` and ``lastmod`` of every entry, after a look at what the schema asks for."""
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/xml")
    root = fromstring(response.content)
    assert root.tag == f"{NAMESPACE}{'urlset' if kind == 'url' else 'sitemapindex'}"
    found = {}
    for entry in root:
        assert entry.tag == f"{NAMESPACE}{kind}"
        assert {child.tag for child in entry} <= ALLOWED
        location = entry.findtext(f"{NAMESPACE}loc")
        assert location.startswith(f"{SITE}/") and 12 <= len(location) <= 2048
        changed = entry.findtext(f"{NAMESPACE}lastmod")
        assert changed is None or re.fullmatch(W3C_DATE, changed.strip())
        assert location not in found
        found[location] = changed and changed.strip()
    assert len(found) <= OurSitemap.limit == 50_000
    return found


def test_an_article_is_in_the_file_of_its_month(client: Client) -> None:
    # The last half hour of September in Shanghai; August by Greenwich would be another file.
    first = live(dt.datetime(2019, 9, 1, 0, 30, tzinfo=SHANGHAI))
    last = live(dt.datetime(2019, 9, 30, 23, 30, tzinfo=SHANGHAI))
    live(dt.datetime(2019, 10, 1, 0, 0, tzinfo=SHANGHAI))
    ArticleFactory()
    assert entries(client, "/sitemap-2019-09.xml") == {
        f"{SITE}{first.url}": "2019-09-01",
        f"{SITE}{last.url}": "2019-09-30",
    }


def test_the_index_names_every_file_with_its_last_change(client: Client) -> None:
    live()
    corrected = live(MOMENT + DAY)
    live(MOMENT + 40 * DAY)
    correct(corrected, "改一个字", MOMENT + 60 * DAY)
    assert entries(client, "/sitemap.xml", "sitemap") == {
        f"{SITE}/sitemap-pages.xml": None,
        f"{SITE}/sitemap-2019-10.xml": "2019-10-27T08:05:00+08:00",
        f"{SITE}/sitemap-2019-09.xml": "2019-11-16T08:05:00+08:00",
    }
    assert entries(client, "/sitemap-2019-09.xml")[f"{SITE}{corrected.url}"] == "2019-11-16"
    for location in entries(client, "/sitemap.xml", "sitemap"):
        entries(client, location.removeprefix(SITE))


def test_a_second_publication_moves_the_date(client: Client) -> None:
    article = live()
    ArticlePage.objects.filter(pk=article.pk).update(last_published_at=MOMENT + 5 * DAY)
    assert entries(client, "/sitemap-2019-09.xml") == {f"{SITE}{article.url}": "2019-09-22"}
    index = entries(client, "/sitemap.xml", "sitemap")
    assert index[f"{SITE}/sitemap-2019-09.xml"] == "2019-09-22T08:05:00+08:00"


def test_the_pages(client: Client) -> None:
    column = ColumnFactory(slug="yaowen")
    article = live(column=column)
    article.tags.add("办事")
    save_live(article)
    tag = article.tags.get()
    assert set(entries(client, "/sitemap-pages.xml")) == {
        f"{SITE}{path}"
        for path in (
            "/",
            "/yaowen/",
            "/archive/",
            "/archive/2019-09/",
            "/tags/",
            f"/tags/{tag.pk}/",
            "/feedback/",
            "/sitemap/",
        )
    }


def test_a_further_article_changes_only_its_month_and_the_index(client: Client) -> None:
    column = ColumnFactory()
    article = live(column=column)
    article.tags.add("办事")
    save_live(article)
    live(MOMENT - 40 * DAY, column=column)
    files = ("/sitemap-pages.xml", "/sitemap-2019-08.xml", "/sitemap-2019-09.xml", "/sitemap.xml")
    before = {address: client.get(address).content for address in (*files, "/sitemap/")}
    more = live(MOMENT + DAY, column=column)
    more.tags.add("办事")
    save_live(more)
    changed = {address for address, old in before.items() if client.get(address).content != old}
    assert changed == {"/sitemap-2019-09.xml", "/sitemap.xml"}


@pytest.mark.parametrize("month", ["2019-08", "2019-13", "0000-01", "2019-9"])
def test_a_month_without_articles_has_no_file(client: Client, month: str) -> None:
    live()
    assert client.get(f"/sitemap-{month}.xml").status_code == 404


def test_what_is_taken_down_is_no_longer_there(client: Client) -> None:
    article = live()
    ArticlePage.objects.filter(pk=article.pk).update(live=False)
    assert list(entries(client, "/sitemap.xml", "sitemap")) == [f"{SITE}/sitemap-pages.xml"]
    assert client.get("/sitemap-2019-09.xml").status_code == 404


def test_robots(client: Client, settings: Any) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    lines = response.content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    assert "Disallow: /admin/" in lines and "Disallow: /search/" in lines
    assert f"Sitemap: {SITE}/sitemap.xml" in lines
    settings.DEMO = True
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "address",
    ["/sitemap.xml", "/sitemap-pages.xml", "/sitemap-2019-09.xml", "/sitemap/", "/robots.txt"],
)
def test_the_same_bytes_on_another_day(client: Client, address: str) -> None:
    live()
    before = client.get(address).content
    with time_machine.travel("2031-01-01"):
        assert client.get(address, headers={"host": "localhost"}).content == before


def test_the_map_for_people_leads_everywhere(client: Client) -> None:
    column = ColumnFactory(slug="yaowen", title="要闻")
    article = live(column=column)
    article.tags.add("办事")
    save_live(article)
    page = soup(client, "/sitemap/")
    links = {a["href"] for a in page.main.find_all("a")}
    tag = article.tags.get()
    assert links >= {
        "/yaowen/",
        "/archive/",
        "/archive/2019-09/",
        "/tags/",
        f"/tags/{tag.pk}/",
        "/search/",
        "/feedback/",
        "/feedback/new/",
        "/feedback/track/",
        "/feed.atom",
        "/feed.rss",
        "/yaowen/feed.atom",
        "/yaowen/feed.rss",
    }
    assert page.h1.text == "网站地图"


class TestAddresses:
    def test_all_that_there_are(self, client: Client) -> None:
        live(column=ColumnFactory(slug="yaowen"))
        found = list(addresses.all_addresses())
        assert len(found) == len(set(found))
        assert set(found) == {
            "/feed.atom",
            "/feed.rss",
            "/sitemap.xml",
            "/sitemap-pages.xml",
            "/sitemap/",
            "/robots.txt",
            "/yaowen/feed.atom",
            "/yaowen/feed.rss",
            "/sitemap-2019-09.xml",
        }
        for address in found:
            # As the mirror makes it: under the public name, which the application need not have.
            assert render(address).body == client.get(address).content != b"", address

    def bytes_of(self, client: Client) -> dict[str, bytes]:
        return {address: client.get(address).content for address in addresses.all_addresses()}

    @pytest.mark.parametrize("tags", [[], ["办事"], ["办事", "新的"]])
    @pytest.mark.parametrize("month", [8, 9])
    @pytest.mark.parametrize("own_column", [True, False])
    def test_what_shows_an_article_is_what_changes_with_it(
        self, client: Client, tags: list[str], month: int, own_column: bool
    ) -> None:
        column = ColumnFactory(slug="yaowen")
        settled = live(column=column)
        settled.tags.add("办事")
        save_live(settled)
        before = self.bytes_of(client)
        article = live(MOMENT.replace(month=month, day=20), column=None if own_column else column)
        article.tags.add(*tags)
        save_live(article)
        after = self.bytes_of(client)
        changed = {a for a in before.keys() | after.keys() if before.get(a) != after.get(a)}
        if own_column:  # the column came as well, which is told by `showing_column`
            changed -= set(addresses.showing_column(article.get_parent().specific))
            changed -= {"/feed.atom", "/feed.rss"}
        assert changed <= set(addresses.showing(article))

    def test_an_old_article_is_in_no_feed(self) -> None:
        column = ColumnFactory(slug="yaowen")
        old = live(MOMENT - 400 * DAY, column=column)
        for number in range(20):
            live(MOMENT + number * DAY, column=column)
        assert addresses.showing(old) == [
            "/sitemap.xml",
            "/sitemap-2018-08.xml",
            "/sitemap-pages.xml",
            "/sitemap/",
        ]

    def test_a_tag_and_the_front_page_stand_in_feeds_too(self, client: Client) -> None:
        article = live(column=ColumnFactory(slug="yaowen"))
        article.tags.add("办事")
        save_live(article)
        before = self.bytes_of(client)
        article.tags.update(name="办事情")
        HomePage.objects.update(tagline="换了一句")
        changed = {a for a, old in before.items() if client.get(a).content != old}
        assert {"/yaowen/feed.atom", "/feed.rss", "/sitemap/"} <= changed
        assert changed <= {*addresses.naming_tags(), *addresses.naming_home()}

    def test_a_draft_is_shown_nowhere(self) -> None:
        assert addresses.showing(ArticleFactory()) == []

    def test_few_queries_however_many_articles(self) -> None:
        column = ColumnFactory()
        article = live(column=column)
        for number in range(25):
            live(MOMENT + number * DAY, column=column)
        article = ArticlePage.objects.get(pk=article.pk)
        with CaptureQueriesContext(connection) as captured:
            addresses.showing(article)
        assert len(captured) <= 8
