"""The tags of the 政府网站发展指引 with their exact names, the share card, and JSON-LD."""

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from wagtail.models import Page

from articles.models import ArticlePage, ColumnPage, ColumnType, HomePage, SourceCitation
from cms.mirror.models import SiteIdentity
from cms.ops.templatetags.site_tags import json_ld
from rankings.models import HonoursPage
from tests.factories.articles import ArticleFactory, ColumnFactory, save_live
from tests.factories.rankings import AccountFactory

from .scene import HOSTILE, MOMENT, SITE, correct, jpeg, live, meta, soup

pytestmark = pytest.mark.django_db

SITE_TAGS = ("SiteName", "SiteDomain", "SiteIDCode")
COLUMN_TAGS = ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType")
ARTICLE_TAGS = ("ArticleTitle", "PubDate", "ContentSource")
OPTIONAL_TAGS = ("Keywords", "Author", "Description", "Image", "Url")
# The page names of the guideline, as the research found them on government pages.
COLUMN_TYPES = [
    "首页",
    "概况信息",
    "机构职能",
    "负责人信息",
    "工作动态",
    "政策文件",
    "信息公开指南",
    "信息公开目录",
    "信息公开年报",
    "依申请公开",
    "数据发布",
    "数据开放",
    "政策解读",
    "回应关切",
    "办事服务",
    "咨询投诉",
    "征集调查",
    "在线访谈",
]


@pytest.fixture(autouse=True)
def site_address(settings: Any) -> None:
    settings.SITE_URL = SITE
    SiteIdentity.objects.create(site_code="4302020001", keywords="荷塘,株洲")


@pytest.fixture
def article() -> ArticlePage:
    column = ColumnFactory(
        title="要闻",
        slug="yaowen",
        description="区里的大事。",
        keywords="荷塘,要闻",
        column_type=ColumnType.NEWS,
    )
    article = live(column=column, title="一门式", author="小荷", cover=jpeg())
    article.tags.add("办事", "窗口")
    save_live(article)
    return article


@pytest.fixture
def honours() -> HonoursPage:
    page = HonoursPage(title="荣誉", slug="honours", account=AccountFactory())
    HomePage.objects.get().add_child(instance=page)
    return page


def tags(page: BeautifulSoup, *names: str) -> dict[str, str | None]:
    """The tags by name; each at most once on a page."""
    for name in names:
        assert len(page.find_all("meta", attrs={"name": name})) <= 1, name
    return {name: meta(page, name) for name in names}


def structured(page: BeautifulSoup) -> dict[str, dict[str, Any]]:
    """What the page says of itself as JSON-LD, by type."""
    (script,) = page.find_all("script", type="application/ld+json")
    document = json.loads(script.string)
    assert document["@context"] == "https://schema.org"
    return {thing["@type"]: thing for thing in document["@graph"]}


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/yaowen/",
        "/yaowen/2019-09/",
        "ARTICLE",
        "/archive/",
        "/archive/2019-09/",
        "/tags/",
        "TAG",
        "/honours/",
        "/sitemap/",
        "/search/",
        "/404.html",
    ],
)
def test_every_page_says_whose_it_is(
    client: Client, article: ArticlePage, honours: HonoursPage, address: str
) -> None:
    tag = article.tags.first()
    address = {"ARTICLE": article.url, "TAG": f"/tags/{tag.pk}/"}.get(address, address)
    response = client.get(address)
    assert response.status_code == 200
    page = BeautifulSoup(response.content, "lxml")
    assert tags(page, *SITE_TAGS) == {
        "SiteName": "在荷塘",
        "SiteDomain": "hetang.example.gov.cn",
        "SiteIDCode": "4302020001",
    }


def test_without_a_code_there_is_no_tag_for_it(client: Client) -> None:
    SiteIdentity.objects.all().delete()
    assert tags(soup(client, "/"), "SiteIDCode") == {"SiteIDCode": None}


@pytest.mark.parametrize("address", ["/yaowen/", "/yaowen/2019-09/"])
def test_a_column(client: Client, article: ArticlePage, address: str) -> None:
    assert tags(soup(client, address), *COLUMN_TAGS) == {
        "ColumnName": "要闻",
        "ColumnDescription": "区里的大事。",
        "ColumnKeywords": "荷塘,要闻",
        "ColumnType": "工作动态",
    }


def test_a_column_without_keywords_has_its_name(client: Client) -> None:
    column = ColumnFactory(title="办事", column_type=ColumnType.SERVICE)
    assert tags(soup(client, column.url), "ColumnKeywords", "ColumnType") == {
        "ColumnKeywords": "办事",
        "ColumnType": "办事服务",
    }


def test_the_front_page_and_the_honours(client: Client, honours: HonoursPage) -> None:
    assert tags(soup(client, "/"), *COLUMN_TAGS) == {
        "ColumnName": "首页",
        "ColumnDescription": "可信、可读、可亲",
        "ColumnKeywords": "荷塘,株洲",
        "ColumnType": "首页",
    }
    found = tags(soup(client, honours.url), *COLUMN_TAGS)
    assert (found["ColumnName"], found["ColumnType"]) == ("荣誉", "数据发布")
    assert all(found.values())


def test_the_types_are_those_of_the_guideline() -> None:
    assert [choice.label for choice in ColumnType] == COLUMN_TYPES
    offered = dict(ColumnPage._meta.get_field("column_type").choices)
    assert list(offered.values()) == COLUMN_TYPES[1:]
    assert ColumnPage().column_type == "news" and offered["news"] == "工作动态"


def test_keywords_are_kept_with_one_separator() -> None:
    column = ColumnPage(title="办事", slug="banshi", description="怎么办。", path="x", depth=3)
    column.keywords = " 办事、服务； 指南,,材料 "
    column.clean()
    assert column.keywords == "办事,服务,指南,材料"


def test_an_article(client: Client, article: ArticlePage) -> None:
    page = soup(client, article.url)
    picture = article.cover.get_rendition("format-jpeg|fill-1200x630")
    assert tags(page, *ARTICLE_TAGS, *OPTIONAL_TAGS, *COLUMN_TAGS) == {
        "ArticleTitle": "一门式",
        "PubDate": "2019-09-17 08:05",
        "ContentSource": "在荷塘",
        "Keywords": "办事,窗口",
        "Author": "小荷",
        "Description": "一件身边的小事。",
        "Image": f"{SITE}{picture.url}",
        "Url": f"{SITE}{article.url}",
        "ColumnName": "要闻",
        "ColumnDescription": "区里的大事。",
        "ColumnKeywords": "荷塘,要闻",
        "ColumnType": "工作动态",
    }


def test_the_date_is_that_of_shanghai(client: Client) -> None:
    article = live(dt.datetime(2019, 8, 31, 16, 30, tzinfo=dt.UTC))
    assert meta(soup(client, article.url), "PubDate") == "2019-09-01 00:30"


def test_what_is_not_known_is_not_said(client: Client) -> None:
    article = live()
    ArticlePage.objects.filter(pk=article.pk).update(author="", digest="")
    page = soup(client, article.url)
    assert tags(page, "Image", "Keywords", "Author", "Description") == {
        "Image": None,
        "Keywords": None,
        "Author": None,
        "Description": None,
    }
    assert meta(page, "og:description") is None and meta(page, "og:image") is None


def test_a_draft_has_no_date(client: Client) -> None:
    draft = ArticleFactory()
    page = BeautifulSoup(draft.make_preview_request().content, "lxml")
    assert tags(page, "ArticleTitle", "PubDate") == {"ArticleTitle": draft.title, "PubDate": None}
    assert not page.find("script", type="application/ld+json")


class TestShareCard:
    def test_it_is_whole(self, client: Client, article: ArticlePage) -> None:
        page = soup(client, article.url)
        picture = article.cover.get_rendition("format-jpeg|fill-1200x630")
        names = page.find_all("meta", attrs={"property": True})
        card = {tag["property"]: tag["content"] for tag in names}
        assert card.pop("article:tag") in {"办事", "窗口"}
        assert card == {
            "og:site_name": "在荷塘",
            "og:locale": "zh_CN",
            "og:type": "article",
            "og:title": "一门式",
            "og:description": "一件身边的小事。",
            "og:url": f"{SITE}{article.url}",
            "og:image": f"{SITE}{picture.url}",
            "og:image:type": "image/jpeg",
            "og:image:width": str(picture.width),
            "og:image:height": str(picture.height),
            "og:image:alt": article.cover.alt_text,
            "article:published_time": "2019-09-17T08:05:00+08:00",
            "article:modified_time": "2019-09-17T08:05:00+08:00",
            "article:section": "要闻",
        }
        assert picture.url.endswith(".jpg")

    @pytest.mark.parametrize("address", ["/", "/yaowen/", "ARTICLE", "/sitemap/"])
    def test_the_same_bytes_on_another_day_and_host(
        self, client: Client, article: ArticlePage, address: str
    ) -> None:
        address = article.url if address == "ARTICLE" else address
        before = client.get(address).content
        with time_machine.travel("2031-01-01"):
            assert client.get(address, headers={"host": "localhost"}).content == before

    def test_a_lost_picture_costs_only_the_picture(self, client: Client) -> None:
        article = live(cover=jpeg())
        article.cover.file.storage.delete(article.cover.file.name)
        page = soup(client, article.url)
        assert meta(page, "og:image") is None and meta(page, "og:title")


class TestJsonLd:
    def test_an_article(self, client: Client, article: ArticlePage) -> None:
        correct(article, "改一个字", MOMENT + dt.timedelta(days=3))
        SiteIdentity.objects.update(sponsor="荷塘区人民政府", phone="0731-22220000")
        facts = structured(soup(client, article.url))
        news = facts["NewsArticle"]
        picture = article.cover.get_rendition("format-jpeg|fill-1200x630")
        assert news == {
            "@type": "NewsArticle",
            "mainEntityOfPage": f"{SITE}{article.url}",
            "url": f"{SITE}{article.url}",
            "headline": "一门式",
            "description": "一件身边的小事。",
            "inLanguage": "zh-CN",
            "datePublished": "2019-09-17T08:05:00+08:00",
            "dateModified": "2019-09-20T08:05:00+08:00",
            "author": {"name": "小荷"},
            "editor": {"@type": "Person", "name": "值班编辑"},
            "publisher": {
                "@type": "GovernmentOrganization",
                "@id": f"{SITE}/#publisher",
                "name": "荷塘区人民政府",
                "url": f"{SITE}/",
                "telephone": "0731-22220000",
            },
            "articleSection": "要闻",
            "keywords": ["办事", "窗口"],
            "image": {
                "@type": "ImageObject",
                "url": f"{SITE}{picture.url}",
                "width": picture.width,
                "height": picture.height,
            },
            "isAccessibleForFree": True,
        }
        trail = facts["BreadcrumbList"]["itemListElement"]
        assert [(step["position"], step["name"], step["item"]) for step in trail] == [
            (1, "在荷塘", f"{SITE}/"),
            (2, "要闻", f"{SITE}/yaowen/"),
            (3, "一门式", f"{SITE}{article.url}"),
        ]

    def test_a_repost_is_based_on_its_source(self, client: Client) -> None:
        article = live(kind="repost", with_sources=False)
        article.sources = [SourceCitation(name="株洲日报", url="https://news.example.com/1")]
        save_live(article)
        news = structured(soup(client, article.url))["NewsArticle"]
        assert news["isBasedOn"] == "https://news.example.com/1"

    def test_the_site_and_a_column(self, client: Client, article: ArticlePage) -> None:
        home = structured(soup(client, "/"))
        assert home["WebSite"]["url"] == f"{SITE}/"
        target = home["WebSite"]["potentialAction"]["target"]["urlTemplate"]
        assert target == f"{SITE}/search/?q={{search_term_string}}"
        # Nobody is named as its keeper: then it is not said to be a government's.
        assert home["Organization"]["name"] == "在荷塘"
        column = structured(soup(client, "/yaowen/"))
        assert column["CollectionPage"]["url"] == f"{SITE}/yaowen/"
        assert len(column["BreadcrumbList"]["itemListElement"]) == 2

    def test_hostile_words_stay_inside(self, client: Client) -> None:
        column = ColumnFactory(title=HOSTILE, description=HOSTILE, keywords=HOSTILE)
        article = live(column=column, title=HOSTILE, digest=HOSTILE, author=HOSTILE)
        article.tags.add(HOSTILE)
        save_live(article)
        SiteIdentity.objects.update(sponsor=HOSTILE, description=HOSTILE)
        for address in ("/", column.url, article.url):
            page = soup(client, address)
            assert structured(page)
            kinds = [script.get("type") or script["src"] for script in page.find_all("script")]
            assert "application/ld+json" in kinds
            assert all(kind == "application/ld+json" or "reading" in kind for kind in kinds)
        assert structured(page)["NewsArticle"]["headline"] == HOSTILE
        assert meta(page, "ArticleTitle") == HOSTILE

    def test_nothing_in_it_can_end_the_script(self) -> None:
        written = json_ld({"a": HOSTILE, HOSTILE: ["<!--", "\u2029"]})
        assert not {"<", ">", "&", "\u2028", "\u2029"} & set(written)
        assert json.loads(written) == {"a": HOSTILE, HOSTILE: ["<!--", "\u2029"]}


def test_a_closed_page_says_nothing_of_itself(client: Client, article: ArticlePage) -> None:
    Page.objects.filter(pk=article.pk).update(live=False)
    page = BeautifulSoup(client.get(article.url).content, "lxml")
    assert meta(page, "ArticleTitle") is None and not page.find(
        "script", type="application/ld+json"
    )
