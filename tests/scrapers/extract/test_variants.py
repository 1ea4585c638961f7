"""Structures and wordings beyond the saved pages, each as a small page of its own."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.scrapers.extract.pages import read, rows_of


def tr(*cells: object) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


HEAD = tr("排名", "公众号", "WCI")
TWO = f"<table>{HEAD}{tr(1, '在荷塘', 844)}{tr(2, '掌上攸县', 820)}</table>"
TIED = tr(1, "甲号", 9) + tr(1, "乙号", 9)
ROSTER = tr("序号", "公众号", "主办单位") + tr(1, "甲号", "区委")
BOTH = [(1, "在荷塘"), (2, "掌上攸县")]
UNCLOSED = (
    "<table><tr><td>排名<td>公众号<td>WCI<tr><td>1<td>在荷塘<td>844"
    "<tr><td>2<td>掌上攸县<td>820</table>"
)
TURNED = f"{tr('名次', 1, 2)}{tr('账号', '在荷塘', '掌上攸县')}{tr('指数', 844, 820)}"
DIVS = "".join(
    f"<div class=r><span>{a}</span><span>{b}</span><span>{c}</span></div>"
    for a, b, c in (("排名", "公众号", "WCI"), (1, "在荷塘", 844), (2, "掌上攸县", 820))
)
ULS = "".join(
    f"<ul><li>{a}</li><li>{b}</li><li>{c}</li></ul>"
    for a, b, c in (("排名", "公众号", "WCI"), (1, "在荷塘", 844), (2, "掌上攸县", 820))
)
CARDS = "".join(
    f"<div class=c><p>排名：{a}</p><p>公众号：{b}</p><p>WCI：{c}</p></div>"
    for a, b, c in ((1, "在荷塘", 844), (2, "掌上攸县", 820))
)
DLS = "".join(
    f"<dl><dt>排名</dt><dd>{a}</dd><dt>公众号</dt><dd>{b}</dd><dt>WCI</dt><dd>{c}</dd></dl>"
    for a, b, c in ((1, "在荷塘", 844), (2, "掌上攸县", 820))
)


@pytest.mark.parametrize(
    "listing",
    [
        TWO,
        UNCLOSED,
        f"<table>{tr('', '账号', 'WCI')}{tr(1, '在荷塘', 844)}{tr(2, '掌上攸县', 820)}</table>",
        f"<table>{TURNED}</table>",
        f"<table>{HEAD}{tr(1, '在荷塘', 844)}</table><table>{HEAD}{tr(2, '掌上攸县', 820)}</table>",
        f"<div>{DIVS}</div>",
        ULS,
        f"<div>{CARDS}</div>",
        DLS,
        "<p>1、在荷塘：WCI 844<br>2、掌上攸县：WCI 820</p>",
        "<p>①在荷塘（844）②掌上攸县（820）</p><p>括号内为WCI。</p>",
        "<p>第1名：在荷塘，WCI指数844</p><p>第2名：掌上攸县，WCI指数820</p>",
        "<p>NO.1</p><p>在荷塘</p><p>WCI：844</p><p>NO.2</p><p>掌上攸县</p><p>WCI：820</p>",
        "<p>TOP1：在荷塘 | WCI：844</p><p>TOP2：掌上攸县 | WCI：820</p>",
        "<ol><li>在荷塘 WCI 844</li><li>掌上攸县 WCI 820</li></ol>",
        "<p>排名 公众号 WCI<br>1 在荷塘 844<br>2 掌上攸县 820</p>",
        "<p>1、在荷塘 WCI 844；2、掌上攸县 WCI 820。</p>",
        "<p>“在荷塘”（WCI 844）蝉联榜首，位居第二的是“掌上攸县”（WCI 820）。</p>",
    ],
)
def test_one_board_in_many_structures(listing):
    answer = read(f"<h2>县级政务微信榜TOP2</h2>{listing}")
    assert answer.verdict == "ok"
    (board,) = answer.boards
    assert (board.name, board.list_size) == ("县级政务微信榜TOP2", 2)
    assert rows_of(answer) == BOTH
    assert [row.values["index"].value for row in board.rows] == [844, 820]


def test_title_rows_part_boards_without_a_repeated_header():
    one, two = (f"<tr><td colspan=3>{name}</td></tr>" for name in ("省直榜 TOP1", "县级榜 TOP2"))
    rows = f"{one}{HEAD}{tr(1, '红星云', 1044)}{two}{tr(1, '在荷塘', 844)}{tr(2, '掌上攸县', 820)}"
    answer = read(f"<table>{rows}</table>")
    assert [board.name for board in answer.boards] == ["省直榜 TOP1", "县级榜 TOP2"]
    assert rows_of(answer, 1) == BOTH


def test_column_groups_of_two_boards_and_of_one():
    head = tr("排名", "公众号", "WCI", "排名", "公众号", "WCI")
    title = "<tr><td colspan=3>省直榜</td><td colspan=3>县级榜</td></tr>"
    two = read(f"<table>{title}{head}{tr(1, '红星云', 1044, 1, '在荷塘', 844)}</table>")
    assert [board.name for board in two.boards] == ["省直榜", "县级榜"]
    lines = tr(1, "甲号", 9, 2, "乙号", 8) + tr(3, "丙号", 7, 4, "丁号", 6)
    across = read(f"<h2>县级榜TOP4</h2><table>{head}{lines}</table>")
    assert [rank for rank, _ in rows_of(across)] == [1, 2, 3, 4]


def test_ties_by_skip_by_word_and_by_a_spanning_rank():
    skip = read(f"<h2>县级榜</h2><table>{HEAD}{TIED}{tr(3, '丙号', 8)}</table>")
    assert [row.tied for row in skip.boards[0].rows] == [True, True, False]
    word = read(
        f"<h2>县级榜</h2><table>{HEAD}{tr(1, '甲号', 9)}{tr('2(并列)', '乙号', 8)}"
        f"{tr('2(并列)', '丙号', 8)}{tr(3, '丁号', 7)}</table>"
    )
    assert [row.tied for row in word.boards[0].rows] == [False, True, True, False]
    assert skip.verdict == word.verdict == "ok"


def test_prose_with_ties_returns_and_a_left_account():
    answer = read(
        "<h2>县级榜（前五名）</h2><p>“红星云”卫冕冠军，“三湘风纪”由第四升至第二，“青年湖南”重返榜单，"
        "获季军。“湘妹子”与“湘微教育”并列第四。“石峰在线”跌出榜单，位列第十二名。</p>"
    )
    rows = answer.boards[0].rows
    assert [(row.rank, row.tied) for row in rows] == [
        (1, False),
        (2, False),
        (3, False),
        (4, True),
        (4, True),
    ]
    assert [row.movement.kind if row.movement else None for row in rows[:3]] == [
        "same",
        "up",
        "back",
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "“甲号”“乙号”“丙号”进入前三。",
        "“甲号”在第二季度表现亮眼。",
        "从阅读总数看，“甲号”排名第一。",
        "“甲号”的推文《第一名》位居热文第一名。",
        "“甲号”距离榜首仅差一步。",
        "“甲号”跌出榜单。",
        "“甲号”“乙号”分列第三、四、五名。",
    ],
)
def test_sentences_that_rank_nobody(prose):
    answer = read(f"<h2>县级榜</h2><p>“在荷塘”位居榜首。{prose}</p>")
    assert rows_of(answer) == [(1, "在荷塘")]


@pytest.mark.parametrize(
    "noise",
    [
        "<h3>点击排行</h3><ol><li><a href=1>老街改造</a></li><li><a href=2>秋季疫苗</a></li></ol>",
        f"<h3>监测账号名单</h3><table>{ROSTER}</table>",
        f"<table>{tr('日', '一', '二')}{tr(1, 2, 3)}</table>",
        f"<table>{tr('排名', '城市', 'AQI')}{tr(1, '株洲', 50)}</table>",
        f"<table>{tr('序号', '姓名', '单位', '电话')}{tr(1, '张三', '区委', 1)}</table>",
        "<h3>榜单看点</h3><p>1、民生信息受关注</p><p>2、短视频增多</p><p>“甲号”位居第一。</p>",
        f"<div style='display:none'>{TWO}</div>",
        f"<div style='position:absolute;left:-9999px'>{TWO}</div>",
        f"<aside><h3>公众号榜</h3>{TWO}</aside>",
    ],
)
def test_what_is_no_board(noise):
    answer = read(f"<h2>县级榜TOP2</h2>{TWO}{noise}")
    assert answer.verdict == "ok"
    assert [board.name for board in answer.boards] == ["县级榜TOP2"]
    assert rows_of(answer) == BOTH


@pytest.mark.parametrize(
    ("body", "flag"),
    [
        (f"{TWO}<p>下面是另一张表。</p>{TWO}", "unknown_board"),
        (f"<h2>县级榜TOP3</h2>{TWO}", "row_count_mismatch"),
        (
            f"<h2>县级榜</h2><table>{HEAD}{tr(1, '甲号', 9)}{tr(3, '乙号', 8)}</table>",
            "missing_rank",
        ),
        (
            f"<h2>县级榜</h2><table>{HEAD}{TIED}{tr(2, '丙号', 8)}</table>",
            "duplicate_rank",
        ),
        (
            f"<h2>县级榜</h2><table>{HEAD}{tr(1, '甲号', 9)}{tr(2, '“甲 号”', 8)}</table>",
            "duplicate_account",
        ),
        (f"<h2>县级榜</h2><table>{HEAD}{tr(1, '甲号', 2400)}</table>", "implausible_value"),
        (f"<h2>县级榜</h2><table>{HEAD}{tr(1, '甲号', -3)}</table>", "implausible_value"),
        (f"<h2>县级榜</h2><table>{HEAD}{tr(1, '甲号', '1,23')}</table>", "odd_grouping"),
        (
            f"<h2>县级榜</h2><table>{HEAD}<tr><td colspan=3>暂无数据</td></tr></table>",
            "empty_board",
        ),
        (f"<h2>县级榜</h2>{TWO}<p>WCI在830分以上的有2个。</p>", "band_mismatch"),
        (f"<h2>县级榜</h2><p>统计时间：2019年2月1日至2月28日</p>{TWO}", "period_conflict"),
        (f"<h2>县级榜</h2><p>“在荷塘”夺得本周榜单第一名。</p>{TWO}", "period_conflict"),
    ],
)
def test_flags_that_call_a_person(body, flag):
    answer = read(body)
    assert flag in answer.flags
    assert answer.verdict == "review"


@pytest.mark.parametrize(
    ("address", "conflict"),
    [("?date=201903", False), ("?date=2019-04", True), ("?period=month", False)],
)
def test_the_address_may_contradict_the_page(address, conflict):
    answer = read(f"<h2>县级榜</h2>{TWO}", url=f"http://bd.example/{address}")
    assert ("period_conflict" in answer.flags) is conflict


def test_the_year_is_inferred_across_new_year():
    answer = read(
        "<title>荷塘12月榜</title><meta charset=utf-8><h1>荷塘12月榜</h1>"
        f"<p>2019-01-07 来源：荷塘网</p><h2>县级榜</h2>{TWO}".encode()
    )
    assert (answer.period.start, answer.published) == (date(2018, 12, 1), date(2019, 1, 7))
    assert answer.flags == ["period_year_inferred"]


def test_a_picture_needs_transcription_and_its_prose_is_kept():
    answer = read(
        "<p>图1 县级政务微信榜TOP20</p><p><img src='/upload/1.png'></p><p>“在荷塘”蝉联榜首。</p>"
        "<p>图2：热文榜TOP10</p><p><img data-src='/upload/2.png'><img src='/x/qrcode.png'></p>"
    )
    assert answer.verdict == "needs_transcription"
    assert [(b.name, b.subject, b.list_size) for b in answer.boards] == [
        ("县级政务微信榜TOP20", "account", 20),
        ("热文榜TOP10", "article", 10),
    ]
    assert rows_of(answer) == [(1, "在荷塘")]


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("404 Not Found", "<h1>404 Not Found</h1>"),
        ("用户登录", "<h2>请先登录</h2>"),
        ("安全验证", "<p>请完成验证后继续访问</p>"),
        ("Just a moment...", "<p>Checking your browser before accessing</p>"),
        ("荷塘新闻网", "<div>该内容已被发布者删除</div>"),
        ("荷塘新闻网", f"<h2>抱歉，您访问的页面不存在</h2><h3>县级榜</h3>{TWO}"),
        ("荷塘新闻网", "<p>今天的天气不错，适合出门散步，也适合在家读书写字看电影。</p>"),
    ],
)
def test_failed_pages(title, body):
    page = f"<meta charset=utf-8><title>{title}</title>{body}".encode()
    answer = read(page, fetched_at=datetime.fromisoformat("2019-04-10T10:00:00+08:00"))
    assert (answer.verdict, answer.flags) == ("failed", ["page_failed"])
    assert (answer.boards, answer.period, answer.published) == ([], None, None)
