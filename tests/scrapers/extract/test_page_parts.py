"""Side columns, decorations, and what the text says about a whole page (README §3, §9)."""

from __future__ import annotations

import lxml.html
import pytest

from scrapers.extract.bands import read_bands
from scrapers.extract.pictures import is_content
from scrapers.extract.regions import is_aside
from tests.scrapers.extract.pages import read

ROWS = "<tr><td>1<td>在荷塘<td>1044</tr><tr><td>2<td>掌上攸县<td>920</tr>"
BOARD = f"<h2>县级榜TOP2</h2><table><tr><td>排名<td>公众号<td>WCI</tr>{ROWS}</table>"
HOT = "<b>本周榜单</b><br>1. 樟树坪拆迁公告<br>2. 二中分校招生"


@pytest.mark.parametrize(
    "page",
    [
        f"<table><tr><td width=640>{BOARD}</td><td width=240>{HOT}</td></tr></table>",
        f"<table><tr><td width='70%'>{BOARD}</td><td width='30%'>{HOT}</td></tr></table>",
        f"<div style='float:left;width:640px'>{BOARD}</div>"
        f"<div style='float:right;width:240px'>{HOT}</div>",
        f"{BOARD}<div class='page-sidebar'>{HOT}</div>",
        f"{BOARD}<div id='rightSide'>{HOT}</div>",
    ],
)
def test_a_narrow_column_of_lines_is_no_board(page):
    answer = read(page)
    assert [board.name for board in answer.boards] == ["县级榜TOP2"]
    assert answer.verdict == "ok"


@pytest.mark.parametrize("name", ["has-sidebar", "content-sidebar-wrap", "main-nav-content"])
def test_what_stands_around_a_sidebar_is_content(name):
    assert not is_aside(lxml.html.fromstring(f"<div class='{name}'><p>1</p><p>2</p></div>"))


def test_a_table_in_a_narrow_column_is_a_board():
    other = BOARD.replace("县级榜", "市直榜").replace("在荷塘", "红星云")
    columns = f"<td width=640>{BOARD}<p>{'说明' * 200}</p></td><td width=300>{other}</td>"
    answer = read(f"<table><tr>{columns}</tr></table>")
    assert [board.name for board in answer.boards] == ["县级榜TOP2", "市直榜TOP2"]


@pytest.mark.parametrize(
    ("attributes", "content"),
    [
        ("src='/upload/sz_top10_960x1400.jpg'", True),
        ("src='/weixin/2019/bang_wx.png'", True),
        ("src='/static/none.gif' file='data/attachment/201809/1.png'", True),
        ("src='/static/none.gif'", False),
        ("src='/img/top.jpg'", False),
        ("src='/img/site_logo2.png'", False),
        ("src='/img/404.png'", False),
        ("src='/img/1.png' width=120", False),
    ],
)
def test_pictures_that_may_hold_a_listing(attributes, content):
    assert is_content(lxml.html.fromstring(f"<img {attributes}>")) is content


@pytest.mark.parametrize(
    ("text", "bands"),
    [
        ("WCI破千的有2个，900至1000之间的有1个。", [(1000, 2), (900, 1)]),
        ("2个账号WCI破千，1个账号在900至1000之间。", [(1000, 2), (900, 1)]),
        ("按WCI指数分段：≥1000的2个、900~1000的1个。", [(1000, 2), (900, 1)]),
        ("阅读总数超过1000的有2个。", []),
    ],
)
def test_bands_told_before_and_behind_their_count(text, bands):
    assert [(band.low, band.count) for band in read_bands([text])] == bands


@pytest.mark.parametrize(("count", "flags"), [(1, []), (2, ["band_mismatch"])])
def test_bands_told_in_the_lead_of_a_page_with_one_board_of_accounts(count, flags):
    answer = read(f"<p>WCI破千的有{count}个，900至1000之间的有1个。</p>{BOARD}")
    assert answer.flags == flags


def test_a_running_total_is_no_sum():
    answer = read(
        "<p>WCI在1000分以上的有3个，900分以上的有8个。</p><h2>县级榜TOP20</h2>"
        "<p><img src=1.png></p>"
    )
    assert answer.flags == ["picture_only"]


def test_a_removed_post_with_a_picture_and_a_ranking_in_its_links_is_a_failed_page():
    page = (
        "<meta charset=utf-8><title>页面走失了-沅江论坛</title><body><a href=/rank>榜单</a>"
        "<div><img src=/a/lost.png width=420><p>您查看的帖子已被删除或正在审核</p></div>"
        "<h4>24小时热帖</h4><dl><dt>1</dt><dd>夜市</dd><dt>2</dt><dd>公众号榜：“甲号”第一名</dd></dl>"
    )
    assert read(page.encode()).verdict == "failed"


def test_a_caption_under_a_picture_makes_no_board_of_its_own():
    answer = read(
        "<h3>省直榜TOP20</h3>"
        "<figure><img src='/a/1.png'><figcaption>图1 省直榜</figcaption></figure>"
        "<p>“甲号”蝉联榜首。</p>"
    )
    assert [(board.name, len(board.rows)) for board in answer.boards] == [("省直榜TOP20", 1)]
