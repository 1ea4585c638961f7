"""What a saved page says of itself."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.importing.wechat_page import PageRefused, one_address, read_page, read_time

from .pages import CLEAN_URL, page

BEIJING = ZoneInfo("Asia/Shanghai")


def test_all_that_a_page_says():
    read = read_page(page())
    assert (read.title, read.account, read.author, read.in_charge) == (
        "荷塘来了新图书馆",
        "在荷塘",
        "李记者",
        "王芳",
    )
    assert read.url == CLEAN_URL
    assert read.digest == "早上八点开门。"
    assert read.published_at == dt.datetime(2019, 11, 8, 8, 0, tzinfo=BEIJING)
    assert "推荐阅读" not in read.body and "早上八点，图书馆开门。" in read.body


@pytest.mark.parametrize(
    ("printed", "moment", "has_time"),
    [
        ("2019年11月8日 08:12", dt.datetime(2019, 11, 8, 8, 12, tzinfo=BEIJING), True),
        ("2019-11-08", dt.datetime(2019, 11, 8, tzinfo=BEIJING), False),
        ("昨天", None, False),
        ("2019年13月8日", None, False),
        ("", None, False),
    ],
)
def test_a_page_without_its_clock_says_what_the_browser_printed(printed, moment, has_time):
    read = read_page(page(ct="", printed=printed))
    assert (read.published_at, read.has_time) == (moment, has_time)


def test_a_page_in_the_old_encoding():
    assert read_page(page().decode().encode("gb18030")).title == "荷塘来了新图书馆"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "没有"),
        (b"<html><body><p>x</p></body></html>", "不是微信公众号文章"),
        ("<div class='weui-msg__title'>该内容已被发布者删除</div>".encode(), "已删除"),
        (b"From: <Saved by Blink>\r\nMIME-Version: 1.0", "MHTML"),
        (b"\0" * (21 * 1024 * 1024), "20 MB"),
    ],
    ids=["empty", "other", "gone", "mhtml", "large"],
)
def test_pages_that_are_no_article(data, words):
    with pytest.raises(PageRefused, match=words):
        read_page(data)


@given(st.binary(max_size=400), st.integers(0, 2000))
def test_damaged_pages_are_read_or_refused(junk, at):
    whole = page()
    at = min(at, len(whole))
    try:
        read_page(whole[:at] + junk + whole[at:])
    except PageRefused as refusal:
        assert str(refusal).endswith("。")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://mp.weixin.qq.com/s/AbC-_1?scene=21#wechat_redirect",
            "https://mp.weixin.qq.com/s/AbC-_1",
        ),
        (
            "http://mp.weixin.qq.com/s?sn=c&idx=1&mid=2&__biz=a%3D%3D&scene=1",
            "https://mp.weixin.qq.com/s?__biz=a%3D%3D&mid=2&idx=1&sn=c",
        ),
        ("https://x.cn/a?id=3#top", "https://x.cn/a?id=3"),
        ("javascript:alert(1)", ""),
        ("文章", ""),
        ("http://[", ""),
    ],
)
def test_one_article_has_one_address(url, expected):
    assert one_address(url) == expected
    assert one_address(expected) == expected


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_none(text):
    found = read_time(text)
    assert found is None or found[0].utcoffset() is not None
