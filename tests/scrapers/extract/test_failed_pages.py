"""Failed fetches that carry boards, and boards on pages with boxes to log in (README §9)."""

from __future__ import annotations

import pytest

from tests.scrapers.extract.pages import read

ROWS = "<tr><td>1<td>在荷塘<td>844</tr><tr><td>2<td>掌上攸县<td>820</tr>"
BOARD = f"<h3>县级榜</h3><table><tr><td>排名<td>公众号<td>WCI</tr>{ROWS}</table>"


def verdict(body: str, title: str = "荷塘网") -> str:
    page = f"<meta charset=utf-8><title>{title}</title><body>{body}".encode()
    return read(page).verdict


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>404</h1>{BOARD}",
        f"<h1>用户登录</h1>{BOARD}",
        f"<p>该内容已被发布者删除</p>{BOARD}",
        f"<h1>荷塘3月榜</h1>{BOARD}<h2>登录后查看完整榜单</h2>",
        f"<h1>荷塘3月榜</h1><h2>请先登录</h2>{BOARD}",
        f"<div>抱歉，您访问的页面不存在</div><h2>推荐</h2>{BOARD}",
    ],
)
def test_a_removed_page_stays_removed_with_a_board_on_it(body):
    assert verdict(body) == "failed"


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>荷塘3月榜</h1><h3>会员登录</h3>{BOARD}",
        f"<h1>荷塘3月榜</h1>{BOARD}<h3>用户登录</h3><p>验证码：</p>",
        f"<h1>荷塘3月榜</h1>{BOARD}<h3>找不到页面？使用站内搜索</h3>",
        f"<h1>荷塘3月榜</h1>{BOARD}<p>登录后查看更多</p>",
        f"<h1>荷塘3月榜</h1><p>如无法访问该页面请与我们联系</p>{BOARD}",
    ],
)
def test_boxes_beside_a_board_do_not_fail_it(body):
    assert verdict(body) == "ok"


def test_a_title_that_is_but_a_login_fails_a_page_with_a_chart():
    chart = "<h3>热门榜单</h3><ul><li>1 雨湖夜市</li><li>2 花市攻略</li></ul>"
    assert verdict(f"<h2>榜单</h2>{chart}", "登录 - 荷塘榜单网") == "failed"
