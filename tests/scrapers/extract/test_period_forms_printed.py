"""Periods and publish dates in the forms that pages print them (README §8)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.scrapers.extract.pages import read

ROWS = "<tr><td>1<td>在荷塘<td>844</tr><tr><td>2<td>掌上攸县<td>820</tr>"
BOARD = f"<h2>县级榜</h2><table><tr><td>排名<td>公众号<td>WCI</tr>{ROWS}</table>"
MONTH = (date(2019, 3, 1), date(2019, 3, 31))
WEEK = (date(2019, 3, 31), date(2019, 4, 6))
DAY = (date(2019, 4, 8), date(2019, 4, 8))
QUARTER = (date(2019, 1, 1), date(2019, 3, 31))


@pytest.mark.parametrize(
    ("title", "line", "days", "inferred"),
    [
        ("二〇一九年三月政务微信榜", "", MONTH, False),
        ("政务微信榜第179期", "（2019年3月）", MONTH, False),
        ("政务微信榜", "统计时间：2019年3月1日（周五）至2019年3月31日（周日）", MONTH, False),
        ("政务微信榜", "监测时段为2019年3月1日（含）至3月31日（含）", MONTH, False),
        ("政务微信榜", "统计时间：自2019年3月1日起至2019年3月31日止", MONTH, False),
        ("政务微信榜", "2019年第14周（3月31日至4月6日）", WEEK, False),
        ("政务微信第14周榜", "3.31—4.6", WEEK, True),
        ("政务微信周榜（20190331-0406）", "", WEEK, False),
        ("政务微信4月8日日榜", "", DAY, True),
        ("政务微信日榜", "统计日期：4月8日", DAY, True),
        ("政务微信2019年Q1榜", "", QUARTER, False),
        ("政务微信一季度榜", "", QUARTER, True),
        ("政务微信2018年度榜", "", (date(2018, 1, 1), date(2018, 12, 31)), False),
    ],
)
def test_periods(title, line, days, inferred):
    answer = read(f"<p>{line}</p>{BOARD}", title=title)
    assert (answer.period.start, answer.period.end) == days
    assert ("period_year_inferred" in answer.flags) is inferred
    assert "period_conflict" not in answer.flags


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2019-04-07T23:30:00Z">',
        '<script type="application/ld+json">{"datePublished":"2019-04-08T10:00"}</script>',
        '<script>var x={"publish_time":"1554688800000"}</script>',
    ],
)
def test_publish_dates_in_the_head(head):
    page = f"<html><head><meta charset=utf-8>{head}<title>3月榜</title></head><body>{BOARD}"
    assert read(page.encode()).published == date(2019, 4, 8)


@pytest.mark.parametrize(
    "line",
    [
        "2019年04月08日 09:15　来源：荷塘热线　作者：程喆",
        "2019-4-8 8:30:12 作者：admin 来源：荷塘信息港 点击：327",
        "发布日期：2019.04.08",
        "信息时间：2019/4/8",
        "原创 荷小宣 <em id=publish_time>2019-04-08</em>",
    ],
)
def test_bylines_where_no_line_equals_the_title(line):
    page = f"<meta charset=utf-8><title>荷塘周榜(2019.3.31-2019.4.6)_荷塘网</title><p>{line}{BOARD}"
    answer = read(page.encode())
    assert answer.published == date(2019, 4, 8)


def test_a_range_in_the_text_gives_the_year_of_one_in_the_title():
    answer = read(
        f"<p>统计期为2019年3月31日0时至4月6日24时。</p>{BOARD}", title="荷塘周榜(3.31-4.6)"
    )
    assert (answer.period.start, answer.flags) == (date(2019, 3, 31), [])


@pytest.mark.parametrize(
    ("title", "line", "days"),
    [
        ("政务微信2019年3月榜", "清明假期（4月5日-7日）里，文旅类账号阅读量猛增。", MONTH),
        ("政务微信2019年3月榜", "3月9日至11日，荷塘月色文化节举办。", MONTH),
        ("政务微信2019年3月榜", "对比2018年3月1日至3月31日，阅读量增长。", MONTH),
        ("政务微信2019年3月榜", "3月榜与2月1日至28日的数据相比，阅读量增长。", MONTH),
        ("政务微信榜", "3月31日至4月6日，政务微信影响力排行榜有新变化。", WEEK),
        ("政务微信影响力榜", "日前，荷塘区3月政务微信影响力排行榜出炉。", MONTH),
    ],
)
def test_a_span_of_days_is_the_period_only_when_told_of_the_ranking(title, line, days):
    answer = read(f"<p>{line}</p>{BOARD}", title=title)
    assert (answer.period.start, answer.period.end) == days
    assert "period_conflict" not in answer.flags


@pytest.mark.parametrize(
    ("body", "conflict"),
    [
        ("<h3>本周点击排行</h3><p>老街改造</p><p>秋季疫苗</p>", False),
        ("<h3>本周榜单点评</h3><p>“在荷塘”夺得本周榜单第一名。</p>", True),
    ],
)
def test_a_week_named_in_another_heading_is_no_conflict(body, conflict):
    answer = read(f"{BOARD}{body}", title="政务微信2019年3月榜")
    assert ("period_conflict" in answer.flags) is conflict
