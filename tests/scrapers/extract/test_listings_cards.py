"""Cards and definition lists in the shapes ranking sites draw them."""

from __future__ import annotations

import pytest

from tests.scrapers.extract.pages import read, rows_of

ACCOUNTS = [(1, "甲号", 800, 40), (2, "乙号", 700, 30), (3, "丙号", 600, 20)]
BOTH = {"reads", "index"}


def cards(form: str) -> str:
    return "".join(form.format(i=i, n=n, r=r, w=w) for i, n, r, w in ACCOUNTS)


@pytest.mark.parametrize(
    "form",
    [
        "<div><i>{i}</i><b>{n}</b><p>{r}</p><p>阅读总数</p><p>{w}</p><p>WCI指数</p></div>",
        "<div><p>NO.{i}</p><p>{n}</p><p>阅读总数</p><p>{r}</p><p>WCI指数</p><p>{w}</p></div>",
        "<dl><dt>第{i}名 {n}</dt><dd><em>总阅读数</em>{r}</dd><dd><em>WCI</em>{w}</dd></dl>",
        "<div><em>TOP {i}</em><h4>{n}</h4><p>阅读 {r} | WCI {w}</p></div>",
    ],
)
def test_labels_over_under_and_beside_the_values(form):
    answer = read(f"<h2>县级榜TOP3</h2>{cards(form)}")
    assert answer.verdict == "ok"
    assert rows_of(answer) == [(i, n) for i, n, _, _ in ACCOUNTS]
    assert [
        (row.values["reads"].value, row.values["index"].value) for row in answer.boards[0].rows
    ] == [(r, w) for _, _, r, w in ACCOUNTS]


def test_one_definition_list_whose_labels_come_round_again():
    groups = cards("<dt>排名</dt><dd>{i}</dd><dt>公众号</dt><dd>{n}</dd><dt>WCI</dt><dd>{w}</dd>")
    assert rows_of(read(f"<h2>县级榜</h2><dl>{groups}</dl>")) == [(i, n) for i, n, _, _ in ACCOUNTS]


def test_movement_unit_id_and_tie_on_lines_of_their_own():
    (first, second, third) = (
        read(
            "<h2>县级榜</h2><div><p>第1名</p><p>甲号</p><p>jiahao</p><p>WCI：9</p>"
            "<p>较上期 上升2位</p></div>"
            "<div><p>第2名（并列）</p><p>乙号（区教育局）</p><p>WCI：8</p><p>持平</p></div>"
            "<div><p>第2名（并列）</p><p>丙号</p><p>WCI：8</p><p>新上榜</p></div>"
        )
        .boards[0]
        .rows
    )
    assert (first.wechat_id, first.movement.kind, first.movement.places) == ("jiahao", "up", 2)
    assert (second.unit, second.tied, second.movement.kind) == ("区教育局", True, "same")
    assert (third.tied, third.movement.kind) == (True, "new")


def test_posts_and_articles_in_one_value():
    form = "<dl><dt><i>{i}</i><a>{n}</a></dt><dd><em>发布（次/篇）</em>11次/{w}篇</dd></dl>"
    row = read(f"<h2>县级榜</h2>{cards(form)}").boards[0].rows[0]
    assert (row.values["posts"].value, row.values["articles"].value) == (11, 40)
    assert row.values["articles"].raw == "11次/40篇"


@pytest.mark.parametrize(
    "form",
    [
        "<div><em>TOP {i}</em><h4>《题{i}》</h4><p>公众号：{n}</p><p>阅读数：10w+</p></div>",
        "<div><em>TOP {i}</em><h4>题{i}</h4><p>公众号：{n}  阅读 10万+</p></div>",
        "<div><p>{i}</p><u>标题</u><p>题{i}</p><u>公众号</u><p>{n}</p><u>阅读数</u><p>10w+</p></div>",
    ],
)
def test_cards_of_articles(form):
    (board,) = read(f"<h2>热文榜TOP3</h2>{cards(form)}").boards
    assert (board.subject, board.name) == ("article", "热文榜TOP3")
    assert [(row.rank, row.account, row.title) for row in board.rows] == [
        (i, n, f"题{i}") for i, n, _, _ in ACCOUNTS
    ]
    assert all(row.values["reads"].capped for row in board.rows)


def test_cards_of_units_alone():
    form = "<div><p>第{i}名</p><p>单位：区第{i}局</p><p>综合得分：{w}</p></div>"
    (board,) = read(f"<h2>县级榜</h2>{cards(form)}").boards
    assert board.subject == "unit"
    assert (board.rows[0].account, board.rows[0].unit) == ("区第1局", "区第1局")


def test_ranks_and_labels_cut_into_several_tags():
    cards = "".join(
        f"<div class=c><p><i>第</i><i>{rank}名</i><a>{name}</a></p>"
        f"<p><em>总阅</em><em>读数</em><b>4</b>50,{rank}00</p><p>WCI指数<span>：88{rank}</span></p></div>"
        for rank, name in ((1, "在荷塘"), (2, "掌上攸县"))
    )
    answer = read(f"<h2>县级榜</h2><div>{cards}</div>")
    assert rows_of(answer) == [(1, "在荷塘"), (2, "掌上攸县")]
    assert [
        {key: figure.value for key, figure in row.values.items()} for row in answer.boards[0].rows
    ] == [{"reads": 450100, "index": 881}, {"reads": 450200, "index": 882}]
