"""Tables of articles as people paste them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.periods import Month
from rankings.wci.typed import MAX_LINES, read_articles, split_lines

NOVEMBER = Month(2026, 11)
AS_OF = dt.date(2026, 11, 22)


def read(text: str):
    return read_articles(split_lines(text), NOVEMBER, AS_OF)


@pytest.mark.parametrize(
    "text",
    [
        "日期\t标题\t阅读\t在看\t点赞\t转发\t头条\n2026-11-03\t今天，荷塘开了\t1,234\t12\t20\t5\t是",
        "日期,标题,阅读,在看,点赞,转发,头条\n11月3日,开了,1234,12,20,5,头条",
        "标题,阅读数,发布日期,位置,转发数,点赞数,在看数\n开了,1234,2026/11/3,1,5,20,12",
        "2026-11-03 开了 1234 12 20 5 1",
        "20261103\t开了\t1234次\t12\t20\t5\t√",
        "\n\n3日，开了，1234，12，20，5，是\n\n",
        "内容标题,发表时间,阅读次数,分享次数,在看,点赞,头条\n"
        '"开了,早",2026-11-03 08:30,1234,5,12,20,是',
    ],
)
def test_one_article_in_many_shapes(text: str) -> None:
    typed = read(text)
    assert typed.errors == ()
    [article] = typed.articles
    assert article.day == dt.date(2026, 11, 3)
    assert (article.reads.value, article.looks.value) == (1234, 12)
    assert (article.likes.value, article.shares.value, article.headline) == (20, 5, True)


def test_columns_that_are_missing_stay_unknown() -> None:
    [article] = read("11-03 1234").articles
    assert (article.looks, article.likes, article.shares, article.headline) == (None,) * 4
    [article] = read("日期,阅读,头条\n11-03,10万+,").articles
    assert article.reads.capped and article.headline is False


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("昨天\t1234", "第 1 行：看不懂日期“昨天”，请写成 2026-11-05 或 11月5日。"),
        ("11-31\t1234", "第 1 行：没有“11-31”这一天"),
        ("2026-10-31\t1234", "第 1 行：2026-10-31 不在 2026年11月"),
        ("11-23\t1234", "第 1 行：2026-11-23 晚于截至日 2026-11-22"),
        ("日期,阅读\n11-03,很多", "第 2 行：看不懂阅读数“很多”，请填数字"),
        ("日期,阅读\n11-03,-5", "第 2 行：阅读数不能是负数"),
        ("日期,阅读\n11-03,近3万", "只是约数"),
        ("日期,阅读,在看\n11-03,55,", "没有填在看数；确实没有就填 0"),
        ("日期,阅读,头条\n11-03,55,也许", "看不懂头条一栏的“也许”"),
        ("日期,阅读\n11-03,1,234", "多出了“234”"),
        ("标题,点赞\n开了,5", "找不到这些列：日期、阅读数"),
        ("日期,阅读,阅读数\n11-03,5,5", "“阅读数”出现了两列"),
        ("11-03\t5\n" * (MAX_LINES + 1), f"一次最多 {MAX_LINES} 行"),
    ],
)
def test_a_bad_line_gets_a_sentence(text: str, words: str) -> None:
    typed = read(text)
    assert words in "\n".join(typed.errors)


def test_every_bad_line_is_named_and_the_good_ones_are_kept() -> None:
    typed = read("日期,阅读\n11-03,5\n坏,6\n11-04,坏\n11-05,7")
    assert [error[:6] for error in typed.errors] == ["第 3 行：", "第 4 行："]
    assert [article.reads.value for article in typed.articles] == [5, 7]


def test_nothing_typed() -> None:
    assert read(" \n\t\n").articles == ()


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    typed = read(text)
    assert all(error for error in typed.errors)
