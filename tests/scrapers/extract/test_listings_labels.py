"""Column labels in the forms publishers join them in, and headers of several lines."""

from __future__ import annotations

import pytest

from scrapers.extract.labels import grouped_label, parse_label
from tests.scrapers.extract.pages import read, rows_of


def table(*lines: list[object]) -> str:
    rows = ("".join(f"<td>{cell}</td>" for cell in line) for line in lines)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("总阅读数/次", "reads"),
        ("本月累计阅读量", "reads"),
        ("单篇最高阅读量(次)", "max_reads"),
        ("头条文章总阅读数", "headline_reads"),
        ("篇均阅读", "average_reads"),
        ("推送文章总数", "articles"),
        ("发布(篇)", "articles"),
        ("发布(次)", "posts"),
        ("推送/次", "posts"),
        ("发文(次/篇)", "posts/articles"),
        ("总点赞量", "likes"),
        ("WCI(V13.0)", "index"),
        ("微信综合指数", "index"),
        ("参评公众号名称", "account"),
        ("公众号/微信号", "account"),
        ("公众号运营主体", "unit"),
        ("与上月排名相比", "movement"),
        ("排名升降情况", "movement"),
        ("上个月名次", "previous"),
        ("本月名次↓", "rank"),
    ],
)
def test_labels_put_together(text, key):
    label = parse_label(text)
    assert label is not None
    assert label.key == key


@pytest.mark.parametrize(
    "text",
    [
        "平均点赞数",
        "日均阅读量",
        "阅读得分",
        "头条篇数",
        "较上期WCI",
        "WCI50.00",
        "部门",
        "全省排名",
    ],
)
def test_what_only_looks_like_a_label(text):
    assert parse_label(text) is None


def test_the_label_below_is_read_with_the_one_above():
    assert grouped_label("阅读数（万）", "总数").factor == 10_000
    assert grouped_label("阅读", "平均").key == "average_reads"
    assert grouped_label("排名", "上期").key == "previous"
    assert grouped_label("排名", "本期").key == "rank"
    assert [grouped_label("发布", text).key for text in ("次数", "篇数")] == ["posts", "articles"]


def test_two_level_header_whose_lower_line_holds_no_label_of_its_own():
    top = "<tr><td colspan=2>排名</td><td rowspan=2>公众号</td><td colspan=2>阅读</td></tr>"
    low = "<tr><td>本期</td><td>上期</td><td>总数</td><td>平均</td></tr>"
    line = "<tr><td>1</td><td>3</td><td>甲号</td><td>900</td><td>90</td></tr>"
    (row,) = read(f"<h2>县级榜</h2><table>{top}{low}{line}</table>").boards[0].rows
    assert (row.movement.kind, row.movement.places) == ("up", 2)
    assert {key: figure.value for key, figure in row.values.items()} == {
        "reads": 900,
        "average_reads": 90,
    }


def test_a_column_of_ranks_counts_before_one_of_line_numbers():
    answer = read(
        "<h2>县级榜</h2>"
        + table(
            ["序号", "名次", "公众号", "WCI"],
            [1, 1, "甲号", 9],
            [2, 2, "乙号", 8],
            [3, 2, "丙号", 8],
            [4, 4, "丁号", 7],
        )
    )
    assert rows_of(answer) == [(1, "甲号"), (2, "乙号"), (2, "丙号"), (4, "丁号")]
    assert [row.tied for row in answer.boards[0].rows] == [False, True, True, False]


def test_labels_nobody_knows_do_not_hide_the_table():
    lines = [1, "甲号", 2, 9, 4, 9.5], [2, "乙号", 2, 8, 4, 8.5]
    body = table(["排名", "公众号", "互动量", "原创", "篇均点赞", "WCI"], *lines)
    assert rows_of(read(f"<h2>县级榜</h2>{body}")) == [(1, "甲号"), (2, "乙号")]


def test_labels_in_a_table_of_their_own_head_the_table_below():
    head, body = table(["排名", "公众号", "WCI"]), table([1, "甲号", 9], [2, "乙号", 8])
    answer = read(f"<h2>县级榜TOP2</h2>{head}{body}")
    assert answer.verdict == "ok"
    assert rows_of(answer) == [(1, "甲号"), (2, "乙号")]


def test_a_small_table_within_a_cell_prints_the_name_and_its_id():
    name = table(["甲号"], ["jiahao"])
    answer = read(
        "<h2>县级榜</h2>" + table(["排名", "公众号", "WCI"], [1, name, 9], [2, "乙号", 8])
    )
    assert [row.wechat_id for row in answer.boards[0].rows] == ["jiahao", None]
    assert rows_of(answer) == [(1, "甲号"), (2, "乙号")]
