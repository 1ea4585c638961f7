"""Atom and RSS: whole addresses, dates of the record, nothing hostile, the same bytes each time."""

import datetime as dt
from typing import Any
from xml.etree.ElementTree import Element

import pytest
import time_machine
from bs4 import BeautifulSoup
from defusedxml.ElementTree import fromstring
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import ArticlePage
from articles.public.feeds import NEWEST
from cms.mirror.rendering import render
from tests.factories.articles import ArticleFactory, ColumnFactory, save_live

from .scene import HOSTILE, MOMENT, SITE, correct, jpeg, live, soup

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def site_address(settings: Any) -> None:
    settings.SITE_URL = SITE


def atom(client: Client, address: str = "/feed.atom") -> Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return fromstring(response.content)


def rss(client: Client, address: str = "/feed.rss") -> Element:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    return fromstring(response.content).find("channel")


def words(feed: Element, *names: str) -> list[str]:
    return [element.text for element in feed.iterfind("/".join(ATOM + name for name in names))]


def test_an_entry_says_what_the_article_is(client: Client) -> None:
    column = ColumnFactory(title="要闻", slug="yaowen", description="区里的大事。")
    article = live(column=column, title="一门式 & 一窗", author="小荷", cover=jpeg())
    article.tags.add("办事")
    save_live(article)
    feed = atom(client)
    (entry,) = feed.iter(f"{ATOM}entry")
    url = f"{SITE}{article.url}"
    assert {
        name: entry.findtext(f"{ATOM}{name}")
        for name in ("title", "summary", "published", "updated", "id")
    } == {
        "title": "一门式 & 一窗",
        "summary": "<p>一件身边的小事。</p>",
        "published": "2019-09-17T08:05:00+08:00",
        "updated": "2019-09-17T08:05:00+08:00",
        "id": f"{SITE}/#article-{article.pk}",
    }
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "小荷"
    assert [c.get("term") for c in entry.iterfind(f"{ATOM}category")] == ["要闻", "办事"]
    links = {link.get("rel"): link for link in entry.iterfind(f"{ATOM}link")}
    assert links["alternate"].get("href") == url
    enclosure = links["enclosure"]
    assert enclosure.get("type") == "image/jpeg"
    assert enclosure.get("href").startswith(f"{SITE}/media/images/")
    picture = article.cover.get_rendition("format-jpeg|fill-1200x630")
    assert int(enclosure.get("length")) == picture.file.size > 0
    assert feed.findtext(f"{ATOM}title") == "在荷塘"
    assert {link.get("rel"): link.get("href") for link in feed.iterfind(f"{ATOM}link")} == {
        "alternate": f"{SITE}/",
        "self": f"{SITE}/feed.atom",
    }


def test_rss_says_the_same(client: Client) -> None:
    article = live(title="一门式 & <b>", author="小荷", cover=jpeg())
    channel = rss(client)
    (item,) = channel.iter("item")
    # What reads RSS takes titles for HTML.
    assert item.findtext("title") == "一门式 &amp; &lt;b&gt;"
    assert item.findtext("link") == f"{SITE}{article.url}"
    assert item.findtext("pubDate") == "Tue, 17 Sep 2019 08:05:00 +0800"
    assert item.find("guid").get("isPermaLink") == "false"
    assert item.find("enclosure").get("url").startswith(f"{SITE}/media/images/")
    assert item.findtext("{http://purl.org/dc/elements/1.1/}creator") == "小荷"
    assert channel.findtext("lastBuildDate") == "Tue, 17 Sep 2019 08:05:00 +0800"
    assert channel.find(f"{ATOM}link").get("href") == f"{SITE}/feed.rss"


def test_a_column_has_its_own(client: Client) -> None:
    column = ColumnFactory(title="要闻", slug="yaowen", description="区里的大事。")
    live(column=column, title="里面的")
    live(title="外面的")
    ArticleFactory(column=column, title="没发的")
    feed = atom(client, "/yaowen/feed.atom")
    assert words(feed, "entry", "title") == ["里面的"]
    assert feed.findtext(f"{ATOM}title") == "在荷塘·要闻"
    assert feed.findtext(f"{ATOM}subtitle") == "区里的大事。"
    assert feed.find(f"{ATOM}link[@rel='self']").get("href") == f"{SITE}/yaowen/feed.atom"
    assert [i.findtext("title") for i in rss(client, "/yaowen/feed.rss").iter("item")] == ["里面的"]


@pytest.mark.parametrize("address", ["/none/feed.atom", "/none/feed.rss", "/yaowen/feed.xml"])
def test_where_there_is_no_column_there_is_no_feed(client: Client, address: str) -> None:
    ColumnFactory(slug="yaowen")
    assert client.get(address).status_code == 404


def test_a_closed_column_has_none(client: Client) -> None:
    column = ColumnFactory(slug="yaowen")
    type(column).objects.filter(pk=column.pk).update(live=False)
    assert client.get("/yaowen/feed.atom").status_code == 404


def test_the_newest_twenty_newest_first(client: Client) -> None:
    column = ColumnFactory()
    for number in range(NEWEST + 2):
        live(MOMENT + number * DAY, column=column, title=f"第{number}篇")
    shown = words(atom(client), "entry", "title")
    assert shown == [f"第{number}篇" for number in range(NEWEST + 1, 1, -1)]


def test_a_correction_moves_the_date_and_is_told(client: Client) -> None:
    article = live()
    correct(article, "“5”应为“6” <b>", MOMENT + 3 * DAY)
    (entry,) = atom(client).iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}published") == "2019-09-17T08:05:00+08:00"
    assert entry.findtext(f"{ATOM}updated") == "2019-09-20T08:05:00+08:00"
    assert entry.findtext(f"{ATOM}summary").endswith(
        "<p>2019年9月20日更正：“5”应为“6” &lt;b&gt;</p>"
    )
    assert atom(client).findtext(f"{ATOM}updated") == "2019-09-20T08:05:00+08:00"


def test_what_is_taken_down_is_no_longer_there(client: Client) -> None:
    article = live(title="撤下的")
    assert words(atom(client), "entry", "title") == ["撤下的"]
    ArticlePage.objects.filter(pk=article.pk).update(live=False)
    assert words(atom(client), "entry", "title") == []


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.rss"])
def test_hostile_words_stay_words(client: Client, address: str) -> None:
    nul = "\x00" if connection.vendor == "sqlite" else ""  # PostgreSQL keeps none
    bad = f"{HOSTILE}{nul}\x0b\ufffe"
    column = ColumnFactory(title=bad, description=bad)
    article = live(column=column, author="小荷")
    ArticlePage.objects.filter(pk=article.pk).update(title=bad, digest=bad, author=bad)
    correct(article, bad, MOMENT + DAY)
    content = client.get(address).content
    fromstring(content)
    page = BeautifulSoup(content, "xml")
    assert not page.find("script")
    said = page.find(["summary", "description"], string=lambda text: text and "更正" in text)
    inner = BeautifulSoup(said.text, "lxml")
    assert {tag.name for tag in inner.find_all(True)} <= {"html", "body", "p"}


@pytest.mark.parametrize("address", ["/feed.atom", "/feed.rss"])
def test_the_same_bytes_on_another_day(client: Client, address: str) -> None:
    ColumnFactory()  # nothing in it: where Django would name the present moment
    empty = client.get(address).content
    with time_machine.travel("2031-01-01"):
        assert client.get(address).content == empty
    live(cover=jpeg())
    full = client.get(address).content
    with time_machine.travel("2031-01-01"):
        assert client.get(address, headers={"host": "localhost"}).content == full != empty


@pytest.mark.parametrize("file", ["feed.atom", "feed.rss"])
def test_the_mirror_makes_them_under_the_public_name(client: Client, file: str) -> None:
    """Also where the application itself answers to another name only (``ALLOWED_HOSTS``)."""
    column = ColumnFactory(slug="yaowen")
    live(column=column)
    for address in (f"/{file}", f"/yaowen/{file}"):
        rendered = render(address)
        assert rendered.status == 200
        assert rendered.body == client.get(address).content
    assert render(f"/none/{file}").status == 404


def test_a_lost_picture_file_costs_only_the_picture(client: Client) -> None:
    article = live(cover=jpeg())
    article.cover.get_rendition("format-jpeg|fill-1200x630").file.storage.delete(
        article.cover.get_rendition("format-jpeg|fill-1200x630").file.name
    )
    (entry,) = atom(client).iter(f"{ATOM}entry")
    assert entry.find(f"{ATOM}link[@rel='enclosure']") is None


def test_queries_do_not_grow_with_articles(client: Client) -> None:
    column = ColumnFactory()

    def count(to: int) -> int:
        for number in range(ArticlePage.objects.count(), to):
            article = live(MOMENT + number * DAY, column=column, cover=jpeg())
            article.tags.add(f"标签{number}")
            save_live(article)
        client.get("/feed.atom")  # makes the renditions
        with CaptureQueriesContext(connection) as captured:
            client.get("/feed.atom")
        return len(captured)

    assert count(3) == count(12) < 20


def test_pages_name_their_feeds(client: Client) -> None:
    column = ColumnFactory(slug="yaowen")
    article = live(column=column)
    for address, wanted in (
        ("/", {"/feed.atom", "/feed.rss"}),
        (column.url, {"/feed.atom", "/yaowen/feed.atom"}),
        (article.url, {"/feed.atom", "/yaowen/feed.atom"}),
    ):
        links = soup(client, address).find_all("link", rel="alternate")
        named = {link["href"] for link in links if "json" not in link["type"]}
        assert named >= wanted
        for href in named:
            assert client.get(href).status_code == 200
