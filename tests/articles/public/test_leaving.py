"""Links that lead away from the site: told before they are followed, without script."""

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from articles.models import Origin, SourceCitation
from articles.wechat.rendering import render
from cms.leaving import Leads, Leaving, as_browsers_read, host_of, leads
from tests.factories.articles import body, save_live

from .scene import live, soup

OWN, GOVERNMENT = "testserver", ("gov.cn",)

WHERE = [
    ("/yaowen/", Leads.HERE, "/yaowen/"),
    ("#top", Leads.HERE, "#top"),
    ("?a=1", Leads.HERE, "?a=1"),
    ("http://testserver/a/", Leads.HERE, "http://testserver/a/"),
    ("mailto:a@example.com", Leads.HERE, "mailto:a@example.com"),
    ("tel:073122220000", Leads.HERE, "tel:073122220000"),
    ("https://www.gov.cn/a", Leads.GOVERNMENT, "https://www.gov.cn/a"),
    ("https://gov.cn", Leads.GOVERNMENT, "https://gov.cn"),
    ("HTTPS://WWW.GOV.CN./", Leads.GOVERNMENT, "HTTPS://WWW.GOV.CN./"),
    ("https://example.com/", Leads.AWAY, "https://example.com/"),
    ("//example.com/a", Leads.AWAY, "https://example.com/a"),
    # What looks like the government's and is not.
    ("https://gov.cn.example.com/", Leads.AWAY, "https://gov.cn.example.com/"),
    ("https://notgov.cn/", Leads.AWAY, "https://notgov.cn/"),
    ("https://www.gov.cn@example.com/", Leads.AWAY, "https://www.gov.cn@example.com/"),
    ("https://example.com?.gov.cn", Leads.AWAY, "https://example.com?.gov.cn"),
    ("https://example.com#.gov.cn", Leads.AWAY, "https://example.com#.gov.cn"),
    # Browsers take a backslash for a slash, and skip white space inside.
    ("https://example.com\\.gov.cn", Leads.AWAY, "https://example.com/.gov.cn"),
    ("\\\\example.com\\a", Leads.AWAY, "https://example.com/a"),
    ("/\\example.com", Leads.AWAY, "https://example.com"),
    ("/\t/example.com", Leads.AWAY, "https://example.com"),
    ("ht\ntps://exam\tple.com/", Leads.AWAY, "https://example.com/"),
    ("  https://example.com/", Leads.AWAY, "https://example.com/"),
    ("", Leads.NOWHERE, ""),
    ("javascript:alert(1)", Leads.NOWHERE, ""),
    ("java\nscript:alert(1)", Leads.NOWHERE, ""),
    ("\x01javascript:alert(1)", Leads.NOWHERE, ""),
    ("JaVaScRiPt:alert(1)", Leads.NOWHERE, ""),
    ("data:text/html,x", Leads.NOWHERE, ""),
    ("vbscript:x", Leads.NOWHERE, ""),
    ("https:example.com", Leads.NOWHERE, ""),
    ("https://", Leads.NOWHERE, ""),
    ("https://[::1", Leads.NOWHERE, ""),
    ("https://example.com／.gov.cn", Leads.NOWHERE, ""),
]


@pytest.mark.parametrize(("href", "where", "address"), WHERE)
def test_where_a_link_leads(href: str, where: Leads, address: str) -> None:
    assert leads(href, OWN, GOVERNMENT) == (where, address)


@given(
    st.text(
        alphabet=st.sampled_from("htps:/\\.@?#%&\t\n javscript\"'<>gov.cnexample／。"), max_size=40
    )
)
@example("/\\/gov.cn")
def test_nothing_hostile_is_written_and_every_way_out_is_told(href: str) -> None:
    where, address = leads(href, OWN, GOVERNMENT)
    if where is Leads.NOWHERE:
        assert address == ""
        return
    again, same = leads(address, OWN, GOVERNMENT)
    assert (again, same) == (where, address)  # said of what is written, not of what was given
    if where is Leads.HERE and re.match(r"[a-zA-Z][\w+.-]*:", address):
        assert address.lower().startswith(("mailto:", "tel:", "http://testserver"))
    if where is Leads.HERE:
        assert not as_browsers_read(address).startswith("//")
    if where is Leads.GOVERNMENT:
        host = host_of(address)
        assert host == "gov.cn" or host.endswith(".gov.cn")


def test_rich_text_is_rewritten_and_nothing_else_of_it() -> None:
    leaving = Leaving(OWN, GOVERNMENT)
    plain = "<p>没有链接 &lt;b&gt; &amp;</p>"
    assert leaving.rewritten(plain) == plain
    text = leaving.rewritten(
        'a &lt; b<p>去<a href="https://example.com/?a=1&amp;b=2">例子</a>，'
        '<a href="/yaowen/">要闻</a>，<a href="https://www.gov.cn/">国务院</a>，'
        '<a href="javascript:alert(1)">坏的</a>。</p>'
    )
    anchors = BeautifulSoup(text, "lxml").find_all("a")
    assert [(a["href"], a.get("id"), a.text) for a in anchors] == [
        ("#leave-1", "from-leave-1", "例子example.com"),
        ("/yaowen/", None, "要闻"),
        ("https://www.gov.cn/", None, "国务院www.gov.cn"),
    ]
    assert text.startswith("a &lt; b<p>去<a ") and text.endswith("</a>，坏的。</p>")
    assert [notice.url for notice in leaving.notices] == ["https://example.com/?a=1&b=2"]


@given(st.text(max_size=30), st.text(max_size=10))
@example("java&#1;script:alert(1)", "\x00")
@example("https://a\x01b.example.com/\x7f", "\ufffe")
def test_whatever_stands_in_a_text_it_is_written_soundly(href: str, words: str) -> None:
    leaving = Leaving(OWN, GOVERNMENT)
    quoted = href.replace('"', "&quot;")
    text = leaving.rewritten(f'<p>{words.replace("<", "&lt;")}<a href="{quoted}">字</a></p>')
    page = BeautifulSoup(text, "lxml")
    assert "字" in page.text
    for link in page.find_all("a"):
        where, address = leads(link["href"], OWN, GOVERNMENT)
        assert where in (Leads.HERE, Leads.GOVERNMENT) and address


@pytest.mark.django_db
class TestArticle:
    def page(self, client: Client, **more: Any) -> BeautifulSoup:
        blocks = [
            ("paragraph", '<p>看<a href="https://example.com/a">那里</a></p>'),
            ("video", {"title": "看荷花", "url": "https://v.example.com/1", "tencent_id": ""}),
            ("audio", {"title": "听荷花", "url": "https://www.gov.cn/1.mp3"}),
            ("paragraph", '<p><a href="javascript:alert(1)">坏的</a></p>'),
        ]
        article = live(
            body=body(*blocks), origin=Origin.IMPORTED, original_url="https://mp.weixin.qq.com/s/a"
        )
        article.sources = [
            SourceCitation(name="株洲日报", url="https://news.example.com/1"),
            SourceCitation(name="区政府", url="https://www.hnhetang.gov.cn/"),
        ]
        save_live(article)
        return soup(client, article.url)

    def test_every_link_that_leads_away_has_its_notice(self, client: Client) -> None:
        page = self.page(client)
        away = [a for a in page.main.find_all("a") if a["href"].startswith("#leave-")]
        assert [a.find(string=True, recursive=False) for a in away] == [
            "原文",
            "那里",
            "看荷花",
            "株洲日报",
        ]
        for link in away:
            notice = page.find(id=link["href"][1:])
            go, stay = notice.find_all("a")
            assert stay["href"] == f"#{link['id']}" and stay.text == "留在本页"
            host = host_of(go["href"])
            assert go.text == f"继续前往 {host}"
            assert notice.h2.text == f"您将离开在荷塘，前往 {host}（非政府网站）"
            assert notice["tabindex"] == "-1"
            assert notice["aria-labelledby"] == notice.h2["id"]
        ids = [tag["id"] for tag in page.find_all(id=True)]
        assert len(ids) == len(set(ids))

    def test_no_other_link_leaves_but_to_the_government(self, client: Client) -> None:
        page = self.page(client)
        for notice in page.find_all(class_="leaving"):
            notice.extract()
        outside = [a["href"] for a in page.main.find_all("a") if ":" in a["href"]]
        assert outside == ["https://www.gov.cn/1.mp3", "https://www.hnhetang.gov.cn/"]
        assert "坏的" in page.main.text

    def test_the_same_address_is_told_of_once(self, client: Client) -> None:
        text = '<p><a href="https://example.com/a">一</a><a href="https://example.com/a">二</a></p>'
        page = soup(client, live(body=body(("paragraph", text), ("paragraph", text))).url)
        assert len(page.find_all(class_="leave")) == 1
        links = page.find_all("a", href="#leave-1")
        assert [link.get("id") for link in links] == ["from-leave-1", None, None, None]

    def test_a_page_without_such_links_has_no_notice(self, client: Client) -> None:
        assert not soup(client, live().url).find(class_="leaving")

    def test_the_wechat_text_keeps_its_own_way(self) -> None:
        article = live(body=body(("paragraph", '<p><a href="https://example.com/a">那里</a></p>')))
        html = render(article, lambda *args: "https://mmbiz.qpic.cn/a").html
        assert "leave-" not in html and "example.com" in html

    def test_without_a_gathering_page_the_text_is_as_wagtail_has_it(self) -> None:
        text = '<p><a href="https://example.com/a">那里</a></p>'
        template = Template("{% load site_tags %}{% public_text value %}")
        assert template.render(Context({"value": text})).strip() == text

    def test_domains_of_the_settings_count_as_the_governments(self, client: Client) -> None:
        from cms.mirror.models import SiteIdentity

        SiteIdentity.objects.create(government_domains="gov.cn example.com")
        hosts = [n.a.text for n in self.page(client).find_all(class_="leave")]
        assert hosts == ["继续前往 mp.weixin.qq.com"]
