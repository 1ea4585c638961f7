"""Addresses copied from WeChat: which are taken, and what is said of the others."""

import pytest

from articles.pushes import addresses

LONG = "https://mp.weixin.qq.com/s?__biz=MzA&mid={mid}&idx={idx}&sn=ab{idx}"
SHORT = "https://mp.weixin.qq.com/s/abcdefghij_{n}klmnopqrst"
ONE, TWO = SHORT.format(n=1), SHORT.format(n=2)


def long(idx, mid=2650001):
    return LONG.format(mid=mid, idx=idx)


@pytest.mark.parametrize(
    ("texts", "wrong"),
    [
        (["", ""], ["", ""]),
        ([ONE, ""], ["", ""]),
        ([ONE, TWO], ["", ""]),
        ([f"{ONE}?scene=1#rd", ""], ["", ""]),
        ([long(1), long(2)], ["", ""]),
        ([ONE, long(2)], ["", ""]),
        ([ONE.replace("https", "http"), ""], ["", ""]),
        (["https://example.org/s/abcdefgh", ""], ["不是公众号文章的地址", ""]),
        (["https://mp.weixin.qq.com.example.org/s/abcdefgh", ""], ["不是公众号文章的地址", ""]),
        (["https://mp.weixin.qq.com/", "荷塘"], ["不是公众号文章的地址"] * 2),
        ([ONE, f" {ONE} "], ["填了两遍"] * 2),
        ([long(2), long(1)], ["第2条，这篇是第1条", "第1条，这篇是第2条"]),
        ([long(1), long(2, mid=2650002)], ["", "不是同一次群发"]),
    ],
)
def test_what_is_wrong_with_each(texts, wrong):
    _, said = addresses.read(texts)
    assert all((part in each) if part else not each for part, each in zip(wrong, said, strict=True))


def test_an_address_is_the_same_however_it_was_shared():
    (first, second), _ = addresses.read([f" {ONE}?from=timeline ", ""])
    assert first.url == ONE and second is None
