"""What readers get: the front page, columns, articles with every block, and error pages."""

import datetime as dt
import re
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from django.test import Client

from articles.blocks import BodyBlock
from articles.models import ArticlePage, HomePage, Origin, SourceCitation
from tests.factories.articles import ArticleFactory, ColumnFactory, body, save_live
from tests.factories.media import DocumentFactory, ImageFactory

from .public_scene import HOSTILE, MOMENT, SHANGHAI, card, every_block, live, small_image

pytestmark = pytest.mark.django_db


def soup(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == status
    return BeautifulSoup(response.content, "lxml")


def assert_sound(page: BeautifulSoup) -> None:
    """Language, landmarks, one h1, headings without a gap, alt texts, nothing from outside."""
    assert page.html["lang"] == "zh-Hans"
    assert page.find("a", class_="skip")["href"] == "#main"
    assert page.find("main", id="main") and page.header and page.footer
    levels = [int(h.name[1]) for h in page.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert not page.find_all(["iframe", "object", "embed", "style"])
    run = [tag for tag in page.find_all("script") if tag.get("type") != "application/ld+json"]
    assert [tag["src"] for tag in run] == ["/static/articles/reading.js"]
    assert not [tag for tag in run if tag.text] and not page.find_all(style=True)
    for image in page.find_all("img"):
        assert image.has_attr("alt") and image["width"] and image["height"]
    loaded = [(tag, "src") for tag in page.find_all(src=True)]
    loaded += [(tag, "srcset") for tag in page.find_all(srcset=True)]
    loaded += [
        (tag, "href") for tag in page.find_all("link", href=True) if tag["rel"] != ["canonical"]
    ]
    for tag, name in loaded:
        assert not re.search(r"(?:^|,\s*)(?:\w+:)?//", tag[name]), tag
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))


def leads_to(page: BeautifulSoup, link: Any) -> str:
    """Where ``link`` leads in the end: what is no government site by way of its notice."""
    if not link["href"].startswith("#leave-"):
        return link["href"]
    notice = page.find(id=link["href"][1:])
    assert notice.find("a", href=f"#{link['id']}")
    return notice.find("a", class_="button")["href"]


def meta(page: BeautifulSoup, name: str) -> str | None:
    tag = page.find("meta", attrs={"name": name}) or page.find("meta", attrs={"property": name})
    return tag and tag["content"]


class TestArticle:
    def test_every_block_is_shown(self, client: Client) -> None:
        blocks = every_block()
        assert {kind for kind, _ in blocks} == set(BodyBlock().child_blocks)
        page = soup(client, live(body=body(*blocks)).url)
        assert_sound(page)
        text = page.find(class_="body")
        assert text.find("figure", class_="picture").img["alt"] == "荷花"
        assert "图片来源：区融媒体中心" in text.find("figcaption").text
        assert len(text.find(class_="gallery").find_all("figure")) == 3
        assert text.find("figure", class_="quotation").blockquote.p.text == "荷花"
        assert "数据来源：荷花，2019年9月17日" in text.find(class_="number").text
        assert text.find("table").caption.text == "荷花"
        assert {th["scope"] for th in text.find_all("th")} == {"col"}
        assert [len(row.find_all("td")) for row in text.tbody.find_all("tr")] == [2, 2]
        assert text.find(class_="attachment").find(class_="resource-note").text == "TXT，6\xa0字节"
        assert text.find(class_="ranking-fact").text.strip() == "荷花"
        assert text.find(class_="related-article").a["href"]
        assert text.find(attrs={"role": "separator"})
        outside = text.find_all("a", rel="nofollow")
        assert [leads_to(page, a) for a in outside] == [
            "https://v.example.com/1",
            "https://v.qq.com/x/page/a0123bcdefg.html",
            "https://a.example.com/1.mp3",
        ]
        assert all(a["rel"] == ["noopener", "nofollow"] for a in outside)
        assert [tag.text for tag in text.find_all(class_="host")] == [
            "v.example.com",
            "v.qq.com",
            "a.example.com",
        ]

    def test_pictures_come_in_two_formats_and_load_late(self, client: Client) -> None:
        pictures = [
            ("picture", {"image": ImageFactory().pk, "caption": "", "alt_text": ""})
            for _ in range(3)
        ]
        page = soup(client, live(body=body(*pictures)).url)
        images = [figure.img for figure in page.find_all(class_="picture")]
        assert [image["alt"] for image in images] == ["荷塘里的一片荷叶"] * 3
        assert [image.get("loading") for image in images] == [None, "lazy", "lazy"]
        assert [image.get("fetchpriority") for image in images] == ["high", None, None]
        assert {image["decoding"] for image in images} == {"async"}
        for picture in page.find_all("picture"):
            assert picture.find("source", type="image/webp")["srcset"].endswith("w")
            assert picture.find("source", type="image/webp")["sizes"]
            assert picture.img["src"].endswith(".jpg")

    def test_hostile_words_stay_words(self, client: Client) -> None:
        column = ColumnFactory(title=HOSTILE, description=HOSTILE)
        article = live(
            column=column,
            title=HOSTILE,
            digest=HOSTILE,
            author=HOSTILE,
            editor_in_charge=HOSTILE,
            cover=small_image(),
            body=body(*every_block(HOSTILE)),
        )
        article.sources = [SourceCitation(name=HOSTILE)]
        article.tags.add(HOSTILE)
        save_live(article)
        # As an import that went past the forms would leave it.
        ArticlePage.objects.update(origin=Origin.IMPORTED, original_url="javascript:alert(1)")
        SourceCitation.objects.update(url="javascript:alert(1)")
        for address in (article.url, column.url, "/"):
            page = soup(client, address)
            assert_sound(page)
            for tag in page.find_all(True):
                assert not [name for name in tag.attrs if name.startswith("on")], tag
                assert not tag.get("href", "").startswith("javascript:"), tag
                assert tag.get("src") != "x", tag
        assert HOSTILE in soup(client, article.url).h1.text

    def test_an_address_that_is_none_is_not_linked(self, client: Client) -> None:
        blocks = [
            ("audio", {"title": "听", "url": "javascript:alert(1)"}),
            ("video", {"title": "看", "url": "data:text/html,x", "tencent_id": ""}),
        ]
        page = soup(client, live(body=body(*blocks)).url)
        assert not page.find(class_="body").find_all("a")

    def test_byline_sources_and_tags(self, client: Client) -> None:
        article = live(author="小荷", editor_in_charge="大塘", with_sources=False)
        article.sources = [
            SourceCitation(
                name="株洲日报", url="https://news.example.com/a?b=1", date=dt.date(2019, 9, 17)
            ),
            SourceCitation(name="区政务服务中心"),
        ]
        article.tags.add("一门式")
        save_live(article)
        page = soup(client, article.url)
        byline = {div.dt.text: div.dd.text for div in page.find(class_="byline").find_all("div")}
        assert byline == {
            "日期": "2019年9月17日 08:05",
            "来源": "在荷塘",
            "作者": "小荷",
            "责任编辑": "大塘",
        }
        assert page.find(class_="lead").text == "一件身边的小事。"
        first, second = page.find(class_="sources").find_all("li")
        assert first.a["rel"] == ["noopener", "nofollow"]
        assert first.find(class_="host").text == "news.example.com"
        assert first.time["datetime"] == "2019-09-17"
        assert second.text.strip() == "区政务服务中心" and not second.a
        tag = page.find(class_="tags").li.a
        assert (tag.text, tag["href"]) == ("一门式", f"/tags/{article.tags.get().pk}/")
        assert page.find(class_="speak").a["href"] == f"/feedback/new/?article={article.pk}"

    def test_tags_in_the_head(self, client: Client, settings: Any) -> None:
        settings.SITE_URL = "https://hetang.example.gov.cn"
        article = live(title="一门式", author="小荷", cover=small_image())
        article.tags.add("办事")
        save_live(article)
        page = soup(client, article.url)
        assert {
            name: meta(page, name)
            for name in (
                "SiteName",
                "SiteDomain",
                "ArticleTitle",
                "PubDate",
                "ContentSource",
                "Keywords",
                "Author",
                "Description",
                "ColumnName",
                "ColumnDescription",
                "og:title",
                "og:type",
                "og:url",
            )
        } == {
            "SiteName": "在荷塘",
            "SiteDomain": "hetang.example.gov.cn",
            "ArticleTitle": "一门式",
            "PubDate": "2019-09-17 08:05",
            "ContentSource": "在荷塘",
            "Keywords": "办事",
            "Author": "小荷",
            "Description": "一件身边的小事。",
            "ColumnName": article.column.title,
            "ColumnDescription": "说身边的事",
            "og:title": "一门式",
            "og:type": "article",
            "og:url": f"https://hetang.example.gov.cn{article.url}",
        }
        assert page.find("link", rel="canonical")["href"] == meta(page, "og:url")
        assert meta(page, "og:image").startswith("https://hetang.example.gov.cn/media/images/")
        assert page.title.text == "一门式 - 在荷塘"

    def test_a_repost_names_its_source(self, client: Client) -> None:
        page = soup(client, live(kind="repost").url)
        assert meta(page, "ContentSource") == "株洲日报"

    def test_an_imported_article_says_so(self, client: Client) -> None:
        article = live(origin=Origin.IMPORTED, original_url="https://mp.weixin.qq.com/s/abc")
        page = soup(client, article.url)
        mark = page.find(class_="imported")
        assert mark.dt.text == "历史导入"
        assert leads_to(page, mark.a) == "https://mp.weixin.qq.com/s/abc"
        assert mark.find(class_="host").text == "mp.weixin.qq.com"
        assert soup(client, live().url).find(class_="imported") is None

    def test_what_a_machine_wrote_says_so(self, client: Client) -> None:
        words = "本文含人工智能生成内容"
        assert words in soup(client, live(is_machine_made=True).url).find(class_="byline").text
        assert words not in soup(client, live().url).text

    def test_the_cover_opens_a_text_without_pictures(self, client: Client) -> None:
        cover = small_image()
        plain = live(cover=cover)
        picture = {"image": small_image().pk, "caption": "", "alt_text": "自己的图"}
        own = live(cover=cover, body=body(("picture", picture)))
        assert soup(client, plain.url).find(class_="picture").img["alt"] == cover.alt_text
        assert [f.img["alt"] for f in soup(client, own.url).find_all(class_="picture")] == [
            "自己的图"
        ]

    def test_a_telephone_number_can_be_dialled(self, client: Client) -> None:
        shown = {**card(""), "title": "办证", "phone": "0731-2222 0000、12345、找王主任"}
        page = soup(client, live(body=body(("service_card", shown))).url)
        numbers = page.find(class_="service-card").find_all("a")
        assert [(a["href"], a.text) for a in numbers] == [
            ("tel:073122220000", "0731-2222 0000"),
            ("tel:12345", "12345"),
        ]
        assert "找王主任" in page.find(class_="service-card").text

    def test_what_is_gone_leaves_no_trace(self, client: Client) -> None:
        draft = ArticleFactory(title="还没发的")
        image, document = small_image(), DocumentFactory()
        picture = {"image": image.pk, "caption": "图注", "alt_text": ""}
        article = live(
            body=body(
                ("related_article", {"article": draft.pk}),
                ("picture", picture),
                ("gallery", [picture, picture]),
                ("attachment", {"document": document.pk, "title": "清单"}),
            )
        )
        for file in (image, document):  # by hand in the database; the workbench refuses it
            type(file).objects.filter(pk=file.pk)._raw_delete("default")
        shown = soup(client, article.url).find(class_="body")
        assert shown.text.strip() == "正文结束"
        assert not shown.find_all(["img", "a"])

    def test_related_articles_are_earlier_ones(self, client: Client) -> None:
        column = ColumnFactory()
        day = dt.timedelta(days=1)
        same_tag = live(MOMENT - 9 * day, title="同一个标签")
        same_tag.tags.add("办事")
        save_live(same_tag)
        same_column = live(MOMENT - day, title="同一个栏目", column=column)
        later = live(MOMENT + day, title="后来的", column=column)
        ArticleFactory(title="没发的", column=column)
        article = live(column=column)
        article.tags.add("办事")
        save_live(article)
        links = soup(client, article.url).find(class_="related").find_all("a")
        assert [a["href"] for a in links] == [same_tag.url, same_column.url]
        assert later.url not in [a["href"] for a in links]

    def test_a_draft_can_be_previewed(self) -> None:
        draft = ArticleFactory(body=body(*every_block()))
        page = BeautifulSoup(draft.make_preview_request().content, "lxml")
        assert "尚未发布" in page.find(class_="byline").text
        assert meta(page, "PubDate") is None

    def test_queries_do_not_grow_with_pictures(
        self, client: Client, django_assert_num_queries: Any
    ) -> None:
        def article(pictures: int) -> ArticlePage:
            blocks = [
                ("picture", {"image": small_image().pk, "caption": "", "alt_text": ""})
                for _ in range(pictures)
            ]
            return live(body=body(*blocks), with_sources=False)

        few, many = article(2).url, article(12).url
        for address in (few, many):
            client.get(address)  # makes the renditions
        with django_assert_num_queries(queries_of(client, few)):
            client.get(many)


def queries_of(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


class TestLists:
    def test_an_empty_site_says_so(self, client: Client) -> None:
        page = soup(client, "/")
        assert_sound(page)
        assert page.h1.text == "在荷塘"
        assert "还没有发布文章。" in page.text
        assert "这个栏目还没有文章。" in soup(client, ColumnFactory().url).text

    def test_the_newest_leads_the_front_page(self, client: Client) -> None:
        column = ColumnFactory(title="要闻")
        older = live(MOMENT - dt.timedelta(days=1), title="昨天的", column=column)
        newest = live(title="今天的", column=column, cover=small_image())
        ArticleFactory(title="没发的", column=column)
        page = soup(client, "/")
        assert_sound(page)
        headline = page.find(class_="headline")
        assert headline.h2.a["href"] == newest.url
        assert "头条" in headline.text and "要闻" in headline.text
        assert headline.img["alt"] == "" and headline.find("a")["aria-hidden"] == "true"
        items = page.find(class_="latest").find_all("article")
        assert [item.h3.a["href"] for item in items] == [older.url]
        assert "没发的" not in page.text
        assert page.find("nav").a["href"] == column.url
        assert page.find(class_="tagline").text == "可信、可读、可亲"

    def test_a_column_has_a_page_for_each_month(self, client: Client) -> None:
        column = ColumnFactory(title="要闻", description="区里的大事")
        live(title="九月的", column=column)
        august = live(
            dt.datetime(2019, 8, 31, 23, 30, tzinfo=SHANGHAI), title="八月的", column=column
        )
        page = soup(client, column.url)
        assert_sound(page)
        assert [h.text for h in page.find_all("h3")] == ["九月的", "八月的"]
        months = page.find("nav", class_="months").find_all("a")
        assert [a["href"] for a in months] == [
            f"{column.url}2019-09/",
            f"{column.url}2019-08/",
        ]
        assert meta(page, "ColumnName") == "要闻"
        assert meta(page, "ColumnDescription") == "区里的大事"
        page = soup(client, f"{column.url}2019-08/")
        assert [h.a["href"] for h in page.find_all("h3")] == [august.url]
        assert page.find("link", rel="canonical")["href"].endswith(f"{column.url}2019-08/")
        assert page.find("a", rel="prev")["href"] == f"{column.url}2019-09/"
        for wrong in ("2019-07/", "2019-13/", "2019-08/1/", "2019-08/0/", "2019-08/1/1/"):
            assert client.get(f"{column.url}{wrong}").status_code == 404

    @pytest.mark.parametrize("where", ["home", "column"])
    def test_queries_do_not_grow_with_articles(
        self, where: str, client: Client, django_assert_num_queries: Any
    ) -> None:
        column = ColumnFactory()
        address = "/" if where == "home" else column.url

        def grow(to: int) -> None:
            for n in range(ArticlePage.objects.count(), to):
                live(MOMENT + dt.timedelta(minutes=n), column=column, cover=small_image())
            client.get(address)  # makes the renditions

        grow(5)
        expected = queries_of(client, address)
        grow(30)
        with django_assert_num_queries(expected):
            response = client.get(address)
        items = BeautifulSoup(response.content, "lxml").find_all("article", class_="item")
        assert len(items) == (12 if where == "home" else 20)


class TestSite:
    def test_the_demo_says_that_it_is_one(self, client: Client, settings: Any) -> None:
        assert soup(client, "/").find(class_="demo-line") is None
        settings.DEMO = True
        line = soup(client, "/").find(class_="demo-line")
        assert line.text == "示例站点：内容为演示用途"

    def test_a_wrong_address_leads_home(self, client: Client) -> None:
        page = soup(client, "/no/such/page/", status=404)
        assert_sound(page)
        assert page.main.find("a", href="/")

    @pytest.mark.parametrize("name", ["403.html", "404.html", "410.html", "500.html", "503.html"])
    def test_error_pages_need_no_context(self, name: str) -> None:
        page = BeautifulSoup(render_to_string(name), "lxml")
        assert page.html["lang"] == "zh-Hans"
        assert page.h1.text and page.main.p.text and page.main.find("a", href="/")

    @pytest.mark.parametrize("name", ["500.html", "503.html"])
    def test_what_is_shown_when_nothing_works_stands_alone(self, name: str) -> None:
        page = BeautifulSoup(render_to_string(name), "lxml")
        assert not page.find_all(["link", "script", "img"]) and not page.find_all(src=True)
        assert page.find("meta", attrs={"name": "robots"})["content"] == "noindex"

    def test_a_fault_shows_its_page(self, client: Client, monkeypatch: Any) -> None:
        def broken(*args: Any, **kwargs: Any) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr(HomePage, "get_context", broken)
        client.raise_request_exception = False
        assert "出了一点故障" in soup(client, "/", status=500).h1.text

    def test_the_sign_in_page_bears_the_house_mark(self, client: Client) -> None:
        page = soup(client, "/admin/login/")
        assert page.h1.text == "登录在荷塘工作台"
        assert page.find(class_="login-logo").img["src"].endswith("cms/lotus.svg")
        assert page.find("link", href=re.compile(r"cms/admin\.css$"))
