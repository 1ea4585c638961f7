"""What residents type, made fit to be kept."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.public import texts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  路灯 \t不亮\r\n了 ", "路灯 不亮 了"),
        ("路\x00灯\x1b不\u202e亮\u200b", "路灯不亮"),
        ("e\u0301", "\u00e9"),
        ("\x00\u200b", ""),
    ],
)
def test_a_line(typed, kept):
    assert texts.line(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("一\r\n二\r三", "一\n二\n三"),
        ("\n\n一\n\n\n\n\n二  \n ", "一\n\n二"),
        ("一\x07二\u2066三", "一二三"),
    ],
)
def test_paragraphs(typed, kept):
    assert texts.paragraphs(typed) == kept


@given(st.text())
def test_cleaning_twice_is_cleaning_once(typed):
    for clean in (texts.line, texts.paragraphs):
        once = clean(typed)
        assert clean(once) == once == unicodedata.normalize("NFC", once)
        seen = once.replace("\n", "")
        assert not {unicodedata.category(c) for c in seen} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("没有网址，只有 3.5 米和 12:30。", 0),
        ("看 https://a.example.com/x 和 www.b.cn", 2),
        ("ｗｗｗ.ａｄ.ｃｏｍ（点 ad2.vip）", 2),
        ("http://a.cn\nhttp://b.cn\nhttp://c.cn", 3),
    ],
)
def test_links_are_counted(text, count):
    assert texts.links_in(text) == count


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("138 0000 0000", "13800000000"),
        ("＋86－138-0000-0000", "+8613800000000"),
        ("0731-28000000", "073128000000"),
        ("（0731）2800 0000", "073128000000"),
        ("28000000", "28000000"),
        ("12345678901", ""),
        ("1380000000", ""),
        ("name@example.com", ""),
        ("微信 abc", ""),
    ],
)
def test_phones(typed, plain):
    assert texts.phone(typed) == plain
