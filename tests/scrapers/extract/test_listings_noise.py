"""Charts, notes and lists that stand beside a board and are none."""

from __future__ import annotations

import pytest

from tests.scrapers.extract.pages import read

BOARD = "<table><tr><td>排名<td>公众号<td>WCI<tr><td>1<td>甲号<td>9<tr><td>2<td>乙号<td>8</table>"


def table(labels: str, *lines: str) -> str:
    rows = ("<tr><td>" + "<td>".join(line.split()) for line in (labels, *lines))
    return f"<table>{''.join(rows)}</table>"


@pytest.mark.parametrize(
    "noise",
    [
        "<h3>热文排行</h3><ul><li><i>1</i><a>学校开学</a><b>2034</b></li>"
        "<li><i>2</i><a>初雪</a><b>1034</b></li></ul>",
        "<h4>24小时点击榜</h4><p>1. 学校开学 (2034)</p><p>2. 初雪 (1034)</p>",
        "<h3>视频热播榜</h3><ul><li>1 航拍荷塘 3.2万</li><li>2 荷塘夜色 2.1万</li></ul>",
        "<h3>APP下载榜</h3>" + table("排名 名称 下载量", "1 微信 50", "2 地图 60"),
        "<h3>本站排行</h3>" + table("排名 标题 阅读", "1 开学 500", "2 下雪 400"),
        "<h3>新闻点击排行</h3>" + table("排名 文章标题 点击量", "1 开学 500", "2 下雪 400"),
        "<p><b>评分规则</b></p><p>1、阅读指数占60%</p><p>2、点赞指数占20%</p>",
        "<h3>网友留言</h3><p>1楼 张三：支持</p><p>2楼 李四：不错</p>",
        "<p>参与方式：1、关注公众号；2、回复“榜单”；3、点击链接。</p>",
        "<p>上一篇：荷塘区政务微信2月榜</p><p>下一篇：荷塘区政务微信4月榜</p>",
        "<h3>参评账号</h3><ol><li>甲号</li><li>乙号</li></ol>",
    ],
)
def test_what_stands_beside_a_board(noise):
    answer = read(f"<h2>县级榜</h2>{BOARD}{noise}")
    assert (answer.verdict, [board.name for board in answer.boards]) == ("ok", ["县级榜"])


@pytest.mark.parametrize("heading", ["镇街榜", "区直部门榜", "单项榜TOP2", "政务微信榜"])
def test_names_alone_under_a_heading_of_accounts(heading):
    names = "<ol><li>丙号</li><li>丁号</li></ol>"
    answer = read(f"<h2>县级榜</h2>{BOARD}<h2>{heading}</h2>{names}")
    assert [board.name for board in answer.boards] == ["县级榜", heading]


def test_title_cells_that_name_the_account():
    body = table("排名 标题 阅读数", "1 《开学了》（甲号） 10万+", "2 《下雪了》——乙号 9万")
    (board,) = read(f"<h2>热文榜</h2>{body}").boards
    assert board.subject == "article"
    assert [row.account for row in board.rows] == ["甲号", "乙号"]
