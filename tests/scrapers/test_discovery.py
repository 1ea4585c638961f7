"""Finding a month's article by its title on an index page or in a feed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.periods import Month
from scrapers.addresses import PatternError
from scrapers.discovery import (
    MAX_LINKS,
    IndexUnreadable,
    Link,
    find,
    read_index,
)
from scrapers.titles import check_pattern, matches

AUGUST = Month(2019, 8)
PATTERN = "{year}年{month}月*县级*排行榜"
URL = "https://news.example.gov.cn/list/index.html"


@pytest.mark.parametrize(
    ("title", "fits"),
    [
        ("2019年8月湖南县级政务微信排行榜", True),
        ("【榜单】2019年08月 县级 微信 排行榜出炉", True),
        ("二〇一九年八月全省县级微信排行榜", True),
        ("二零一九年八月份县级微信排行榜", True),
        ("２０１９年８月县级排行榜", True),
        ("19年8月县级排行榜", True),
        ("盘点2018年12月以来，2019年8月县级排行榜", True),
        ("2019年18月县级排行榜", False),
        ("2019年十八月县级排行榜", False),
        ("2019年9月县级排行榜", False),
        ("2018年8月县级排行榜", False),
        ("12019年8月县级排行榜", False),
        ("2019年8月省级排行榜", False),
        ("县级排行榜2019年8月", False),
        ("", False),
    ],
)
def test_titles(title, fits) -> None:
    assert matches(PATTERN, title, AUGUST) is fits


@pytest.mark.parametrize(
    ("month", "title", "fits"),
    [
        (Month(2019, 10), "2019年10月县级排行榜", True),
        (Month(2019, 10), "二〇一九年十月县级排行榜", True),
        (Month(2019, 1), "2019年11月县级排行榜", False),
        (Month(2019, 11), "2019年十一月县级排行榜", True),
        (Month(2019, 1), "2019年十一月县级排行榜", False),
        (Month(2019, 2), "2019年12月县级排行榜", False),
        (Month(2020, 12), "二〇二〇年十二月县级排行榜", True),
    ],
)
def test_a_month_is_not_a_part_of_another(month, title, fits) -> None:
    assert matches(PATTERN, title, month) is fits


@pytest.mark.parametrize(
    ("day", "month", "fits"),
    [
        (date(2019, 9, 2), AUGUST, True),
        (date(2019, 9, 2), Month(2018, 8), False),
        (date(2018, 9, 2), Month(2018, 8), True),
        (date(2019, 8, 30), AUGUST, False),  # August was not over
        (date(2020, 1, 3), AUGUST, True),
    ],
)
def test_without_a_year_the_day_of_the_title_decides(day, month, fits) -> None:
    assert matches("{month}月*县级榜", "8月全省县级榜", month, day) is fits


@pytest.mark.parametrize(
    ("pattern", "sentence"),
    [
        ("{year}年县级榜单", "要有 {month}"),
        ("{year}年{month}月", "太宽"),
        ("{month}*", "太宽"),
        ("{day}{month}月县级榜单", "只能用"),
        ("{year.x}年{month}月县级榜单", "只能用"),
        ("{month月县级榜单", "只能用"),
        ("}{month}月县级榜单", "不成对"),
    ],
)
def test_patterns_that_cannot_work_are_refused(pattern, sentence) -> None:
    with pytest.raises(PatternError, match=sentence):
        check_pattern(pattern)


def test_usable_patterns() -> None:
    for pattern in (PATTERN, "{month}月县级榜", "县级（{year}.{month}）榜*[总]"):
        check_pattern(pattern)
    assert matches("县级（{year}.{month}）榜*[总]", "县级(2019.8)榜 WCI[总]", AUGUST)


def test_a_pattern_of_many_stars_is_not_slow() -> None:
    assert not matches("a*" * 60 + "{month}月b", "a" * 300, AUGUST)
    assert not matches("*".join(["{month}"] * 60), "8 " * 150, AUGUST + 1)


@given(st.text(max_size=40), st.text(max_size=80))
def test_no_text_is_an_expression_of_its_own(before, title) -> None:
    literal = before.replace("{", "").replace("}", "").replace("*", "") + "榜"
    assert matches(literal + "{month}月", literal + "8月" + title, AUGUST)
    assert matches(literal + "{month}月", title, AUGUST) in (True, False)


# --- links ----------------------------------------------------------------------------------------


def index(body: str, head: str = "<title>榜单发布</title>") -> list[Link]:
    page = f"<html><head>{head}</head><body>{body}</body></html>"
    return read_index(page.encode(), url=URL, content_type="text/html; charset=utf-8")


def test_links_with_titles_and_days() -> None:
    links = index(
        '<ul><li><a href="/a/1.html#top">2019年8月县级排行榜</a><span>2019-09-02</span></li>'
        '<li><a href="2.html?from=list&amp;x=1" title="2019年7月全省县级微信排行榜">2019年7月…'
        "</a><em>2019年8月3日</em></li></ul>"
        '<p><a href="t20190702_5.html">六月</a><a href="//other.cn/x">别处</a></p>'
    )
    assert links == [
        Link("https://news.example.gov.cn/a/1.html", "2019年8月县级排行榜", date(2019, 9, 2)),
        Link(
            "https://news.example.gov.cn/list/2.html?from=list&x=1",
            "2019年7月全省县级微信排行榜",
            date(2019, 8, 3),
        ),
        Link("https://news.example.gov.cn/list/t20190702_5.html", "六月", date(2019, 7, 2)),
        Link("https://other.cn/x", "别处"),
    ]


def test_links_that_lead_nowhere_or_are_not_seen_do_not_count() -> None:
    links = index(
        '<a href="javascript:go()">一</a><a href="mailto:a@b.cn">二</a><a>三</a><a href="">四</a>'
        '<a href="http://[bad">五</a><div style="display:none"><a href="/h">六</a></div>'
        '<a href="/x">  </a><a href="/ok">好</a>'
        f'<a href="/{"x" * 3000}">长</a>'
    )
    assert [link.title for link in links] == ["好"]


def test_the_base_of_the_page_counts() -> None:
    (link,) = index('<a href="a.html">榜</a>', '<base href="/2019/">')
    assert link.address == "https://news.example.gov.cn/2019/a.html"


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        (
            "<title>榜单</title><p>本栏目列出各月的榜单，敬请关注，谢谢大家的支持。</p>",
            "没有一个链接",
        ),
        ("<title>用户登录</title><form><a href='/r'>注册</a></form>", "不是目录页"),
        ("<title>榜单</title><h1>请完成验证</h1><a href='/r'>返回</a>", "不是目录页"),
        ("", "空的"),
    ],
)
def test_a_page_that_is_no_index_is_told_apart_from_an_index_without_the_article(
    page, sentence
) -> None:
    with pytest.raises(IndexUnreadable, match=sentence):
        read_index(page.encode(), url=URL, content_type="text/html; charset=utf-8")


def test_a_box_to_log_in_does_not_spoil_an_index() -> None:
    links = "".join(f'<li><a href="/{n}">第{n}篇</a></li>' for n in range(20))
    assert len(index(f"<h3>用户登录</h3><ul>{links}</ul>")) == 20


def test_more_links_than_any_index_has_are_not_read() -> None:
    assert len(index("<a href=/x>y</a>" * (MAX_LINKS + 10))) == MAX_LINKS


RSS = """<?xml version="1.0" encoding="gbk"?>
<!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<rss version="2.0"><channel><title>&secret;</title>
<item><title><![CDATA[2019年8月县级<b>排行榜</b>]]></title><link>https://a.cn/1</link>
<pubDate>Mon, 02 Sep 2019 20:00:00 GMT</pubDate></item>
<item><title>&secret;</title><link>/2</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>2019年8月县级排行榜</title>
<link rel="self" href="/self"/><link href="/1"/><published>2019-09-02T23:00:00Z</published>
<updated>2019-10-02T23:00:00Z</updated></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<item><title>2019年8月县级排行榜</title><link>https://a.cn/1</link>
<dc:date>2019-09-03</dc:date></item></rdf:RDF>"""


@pytest.mark.parametrize(
    "data", [RSS.encode("gbk"), ATOM.encode(), RDF.encode()], ids=["rss", "atom", "rdf"]
)
def test_feeds(data) -> None:
    links = read_index(data, url="https://a.cn/feed", content_type="text/xml")
    assert links[0] == Link("https://a.cn/1", "2019年8月县级排行榜", date(2019, 9, 3))
    # An entity is never looked up.
    assert [link.title for link in links[1:]] in ([], ["&secret;"])


def test_a_feed_cut_short_is_read_as_far_as_it_goes() -> None:
    assert read_index(RSS.encode("gbk")[:330], url="https://a.cn/feed", content_type="")


@given(st.binary(max_size=200))
def test_nothing_is_too_odd_to_answer(data) -> None:
    for head in (b"", b"<rss>", b"<html><body><a href=/x>y</a>"):
        try:
            assert read_index(head + data, url=URL, content_type="text/html")
        except IndexUnreadable as error:
            assert str(error).endswith("。")


# --- choosing -------------------------------------------------------------------------------------


def test_each_address_is_found_once_with_its_longest_title() -> None:
    links = [
        Link("https://a.cn/1", "2019年8月县级排行榜"),
        Link("https://a.cn/1", "2019年8月全省县级微信排行榜"),
        Link("https://a.cn/2", "2019年8月县级排行榜（更正）"),
        Link("https://a.cn/3", "2019年7月县级排行榜"),
    ]
    found = find(links, PATTERN, AUGUST, date(2019, 9, 2))
    assert [(link.address, link.title) for link in found] == [
        ("https://a.cn/1", "2019年8月全省县级微信排行榜"),
        ("https://a.cn/2", "2019年8月县级排行榜（更正）"),
    ]
    skipped = find(links, PATTERN, AUGUST, date(2019, 9, 2), skip=["https://a.cn/2"])
    assert [link.address for link in skipped] == ["https://a.cn/1"]


def test_links_without_a_day_are_from_today() -> None:
    links = [
        Link("https://a.cn/1", "8月县级榜"),
        Link("https://a.cn/2", "8月县级榜", date(2018, 9, 1)),
    ]
    for today, month, address in (
        (date(2019, 9, 1), AUGUST, "https://a.cn/1"),
        (date(2019, 9, 1), Month(2018, 8), "https://a.cn/2"),
    ):
        (found,) = find(links, "{month}月县级榜", month, today)
        assert found.address == address
