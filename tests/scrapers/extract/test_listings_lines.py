"""Lists of lines: marks, cells without gaps, entries told on several lines."""

from __future__ import annotations

import pytest

from tests.scrapers.extract.pages import read, rows_of

ACCOUNTS = [(1, "甲号", 800.1), (2, "乙号", 700.2), (3, "丙号", 600.5)]
EXPECTED = [(i, n) for i, n, _ in ACCOUNTS]


def lines(form: str) -> str:
    return "".join(form.format(i=i, c="一二三"[i - 1], n=n, w=w) for i, n, w in ACCOUNTS)


@pytest.mark.parametrize(
    "mark",
    [
        *("{i}、", "{i}.", "{i} ", "{i}）", "（{i}）", "【{i}】", "[{i}]", "#{i} ", "0{i} "),
        *("NO.{i}：", "TOP{i} ", "TOP.{i} ", "RANK {i} ", "第{i}名：", "第{c}名 ", "第{c}："),
        *("第{i}位｜", "★{i}、", "{i}丨", "{i}-", "{i}：", "{i}(—) "),
    ],
)
def test_marks_before_the_name(mark):
    answer = read(f"<h2>县级榜TOP3</h2>{lines(f'<p>{mark}{{n}} 发布4篇，WCI {{w}}</p>')}")
    assert answer.verdict == "ok"
    assert rows_of(answer) == EXPECTED
    assert [row.values["index"].value for row in answer.boards[0].rows] == [800.1, 700.2, 600.5]


@pytest.mark.parametrize(
    "form",
    [
        "<li><em>{i}</em><span>{n}</span><span>{w}</span></li>",
        "<li><em class='n{i}'>{i}</em><b class='a'>{n}</b><b class='b'>WCI {w}</b></li>",
        "<li><a href='#'><em>{i}</em><span>{n}</span><span>WCI {w}</span></a></li>",
        "<li><b>{i}、</b><span>{n}</span><span>：WCI </span><span>{w}</span></li>",
    ],
)
def test_cells_of_inline_elements(form):
    answer = read(f"<h2>县级WCI榜TOP3</h2><ul>{lines(form)}</ul>")
    assert answer.verdict == "ok"
    assert rows_of(answer) == EXPECTED
    assert [row.values["index"].value for row in answer.boards[0].rows] == [800.1, 700.2, 600.5]


def test_words_and_numbers_cut_into_tags_stay_whole():
    form = "<p><b>{i}、荷塘</b><b>{n}</b><b>：阅读</b><i>1{i}</i><i>,345</i>次</p>"
    board = read(f"<h2>县级榜</h2>{lines(form)}").boards[0]
    assert [row.account for row in board.rows] == ["荷塘甲号", "荷塘乙号", "荷塘丙号"]
    assert [row.values["reads"].value for row in board.rows] == [11345, 12345, 13345]


def test_a_cell_behind_the_name_is_its_id_or_its_unit():
    form = "<li><i>{i}</i><b class='n'>{n}</b><b class='u'>{x}</b><b class='w'>WCI {w}</b></li>"
    for beside, key in (("zaihetang", "wechat_id"), ("荷塘区教育局", "unit")):
        board = read(f"<h2>县级榜</h2><ul>{lines(form.replace('{x}', beside))}</ul>").boards[0]
        assert (board.rows[0].account, getattr(board.rows[0], key)) == ("甲号", beside)


def test_entries_told_on_several_lines():
    form = (
        "<p>NO.{i}</p><p>{n}</p><p>微信号：hao{i}</p><p>运营单位：区教育局</p>"
        "<p>阅读总数：{i}.8万</p><p>WCI：{w}</p><p>较上期：↑{i}</p>"
    )
    row = read(f"<h2>县级榜TOP3</h2>{lines(form)}").boards[0].rows[1]
    assert (row.account, row.wechat_id, row.unit) == ("乙号", "hao2", "区教育局")
    assert {key: figure.value for key, figure in row.values.items()} == {
        "reads": 28000,
        "index": 700.2,
    }
    assert (row.movement.kind, row.movement.places) == ("up", 2)


def test_a_heading_for_every_account():
    form = "<h3>NO.{i} {n}</h3><p>本月发布4{i}篇，WCI {w}，较上期上升{i}位。</p>"
    answer = read(f"<h2>县级榜TOP3</h2>{lines(form)}")
    assert rows_of(answer) == EXPECTED
    assert [row.movement.places for row in answer.boards[0].rows] == [1, 2, 3]


@pytest.mark.parametrize(
    "form",
    [
        "<p>{i}.《题{i}》</p><p>公众号：{n} 阅读量：10万+</p>",
        "<p>{i}.《题{i}》 来源：{n} 阅读量：10万+</p>",
        "<p>{i}.《题{i}》（公众号：{n}）阅读量：10万+</p>",
    ],
)
def test_lines_of_articles(form):
    (board,) = read(f"<h2>热文榜TOP3</h2>{lines(form)}").boards
    assert board.subject == "article"
    assert [(row.account, row.title) for row in board.rows] == [
        (n, f"题{i}") for i, n, _ in ACCOUNTS
    ]


def test_what_is_told_about_one_article_is_not_the_accounts():
    form = "<p>{i}、{n}：总阅读数9.8万，WCI {w}，代表作《开学了》阅读10万+</p>"
    board = read(f"<h2>县级榜TOP3</h2>{lines(form)}").boards[0]
    assert [(row.rank, row.account) for row in board.rows] == EXPECTED
    assert {row.values["reads"].value for row in board.rows} == {98000}


def test_an_entry_that_cannot_be_read_calls_a_person():
    odd = "<p>4、丁号因为种种原因这一次没有参加排名，由主办方按照以往的成绩酌情列入，WCI 500</p>"
    answer = read(f"<h2>县级榜</h2>{lines('<p>{i}、{n} WCI {w}</p>')}{odd}")
    assert answer.flags == ["missing_rank"]


@pytest.mark.parametrize(
    ("mark", "kind"),
    [("↑2", "up"), ("↓1", "down"), ("—", "same"), ("NEW", "new"), ("（新）", "new")],
)
def test_a_mark_at_the_end_of_the_line(mark, kind):
    board = read(f"<h2>县级榜</h2>{lines(f'<p>{{i}}、{{n}} WCI {{w}} {mark}</p>')}").boards[0]
    assert {row.movement.kind for row in board.rows} == {kind}


def test_text_tables_in_pre_and_with_blank_cells():
    text = "排名|公众号|较上期|WCI\n1|甲号|↑1|800.1\n2|乙号||700.2\n3|丙号|新上榜|600.5"
    for body in (f"<pre>{text}</pre>", f"<p>{text}</p>".replace("\n", "<br>")):
        answer = read(f"<h2>县级榜TOP3</h2>{body}")
        assert rows_of(answer) == EXPECTED
        assert answer.boards[0].rows[1].movement is None


def test_a_heading_may_begin_with_an_ordinal_in_brackets():
    body = lines("<p>{i}、{n} WCI {w}</p>")
    names = [
        board.name
        for board in read(
            f"<p><b>（一）县（市、区）榜</b></p>{body}<p><b>（二）市直榜</b></p>{body}"
        ).boards
    ]
    assert names == ["县（市、区）榜", "市直榜"]


def test_a_dash_behind_a_label_is_a_missing_value_and_no_movement():
    answer = read("<h2>县级榜</h2><p>1、甲号 阅读 100 在看 —</p><p>2、乙号 阅读 90 在看 2 —</p>")
    first, second = answer.boards[0].rows
    assert first.movement is None
    assert second.movement.kind == "same"
