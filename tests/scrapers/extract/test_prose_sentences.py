"""Sentences to ranked rows: places before and behind the name, names merely compared with."""

from __future__ import annotations

import pytest

from scrapers.extract.contract import Movement
from scrapers.extract.prose import read_prose


def ranked(text: str, heading: str = "县级政务微信影响力榜") -> list[tuple[int, str]]:
    return [(row.rank, row.account) for row in read_prose([text], heading, index_list=True)]


@pytest.mark.parametrize(
    "text",
    [
        "冠亚季军分别为“甲号”“乙号”“丙号”。",
        "“甲号”“乙号”“丙号”分获冠、亚、季军。",
        "“甲号”、“乙号”和“丙号”包揽前三名。",
        "“甲号”“乙号”“丙号”位列前三。",
        "榜首被“甲号”摘得，第二名“乙号”，季军是“丙号”。",
        "“甲号”稳坐第一把交椅，“乙号”摘得银牌，“丙号”NO.3。",
        "上月亚军“甲号”本月登顶，上月冠军“乙号”退居第二，“丙号”保持第三不变。",
    ],
)
def test_places_in_many_words(text):
    assert ranked(text) == [(1, "甲号"), (2, "乙号"), (3, "丙号")]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("“甲号”以微弱优势力压“乙号”夺得第一。", [(1, "甲号")]),
        ("“甲号”超越上月榜首“乙号”，跃居第一。", [(1, "甲号")]),
        ("“甲号”与榜首“乙号”相差12分，位列第二。", [(1, "乙号"), (2, "甲号")]),
        ("“甲号”与“乙号”并列第四。", [(4, "甲号"), (4, "乙号")]),
        ("“甲号”“乙号”“丙号”进入前三。", []),
    ],
)
def test_a_name_compared_with_takes_no_place(text, rows):
    assert ranked(text) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("从阅读总数看，“甲号”排名第一。", []),
        ("“甲号”位居榜首，其点赞数也排名第一。", [(1, "甲号")]),
        ("“甲号”位居第二，从阅读总数看，“乙号”排名第一。", [(2, "甲号")]),
    ],
)
def test_a_first_place_by_one_metric_is_skipped_alone(text, rows):
    assert ranked(text) == rows


def test_a_clause_behind_a_semicolon_goes_on_about_the_account():
    (row,) = read_prose(["“甲号”稳居榜首，WCI指数1044.38；发布文章98篇。"], "县级榜", True)
    assert {key: figure.value for key, figure in row.values.items()} == {
        "index": 1044.38,
        "articles": 98,
    }


def test_names_and_numbers_stay_as_printed():
    text = "“荷塘發佈”以超26萬閱讀量位居榜首，「在荷塘」（１５萬+）屈居亞軍。"
    first, second = read_prose([text], "閱讀榜", False)
    assert (first.account, first.values["reads"].raw) == ("荷塘發佈", "超26萬")
    assert (second.account, second.values["reads"].raw) == ("在荷塘", "１５萬+")


def test_quoted_and_bare_names_in_one_sentence():
    text = "亚军“甲号”，第三至四名依次为乙号发布(842)、丙号融媒(815)。"
    assert ranked(text) == [(2, "甲号"), (3, "乙号发布"), (4, "丙号融媒")]


@pytest.mark.parametrize(
    ("heading", "rows"), [("阅读榜", []), ("综合榜", [(1, "甲号")]), ("WCI榜", [(1, "甲号")])]
)
def test_a_first_place_by_the_index_counts_on_an_index_list(heading, rows):
    assert ranked("从WCI指数看，“甲号”位居第一。", heading) == rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("TOP3分别为“甲号”“乙号”“丙号”。", [(1, "甲号"), (2, "乙号"), (3, "丙号")]),
        ("TOP3为“甲号”。", [(3, "甲号")]),
        ("卫冕的是“甲号”，夺得亚军的是“乙号”。", [(1, "甲号"), (2, "乙号")]),
    ],
)
def test_more_places_before_names(text, rows):
    assert ranked(text) == rows


def test_movement_told_in_a_bracket_and_before_several_names():
    rows = read_prose(
        ["“甲号”（上期第8）升至第四名。两个账号首次上榜，分别是“乙号”“丙号”，位列第八、九名。"],
        "县级榜",
        True,
    )
    assert [row.movement for row in rows] == [
        Movement("up", 4),
        Movement("new", None),
        Movement("new", None),
    ]


def test_a_gap_between_a_number_and_its_unit():
    (row,) = read_prose(["“甲号”以 74 篇文章、612408 阅读量，位居第一。"], "县级榜", True)
    assert {key: figure.raw for key, figure in row.values.items()} == {
        "articles": "74",
        "reads": "612408",
    }


@pytest.mark.parametrize(
    "other",
    [
        "上月榜单中，“庚号”位居榜首，“辛号”位居第二。",
        "去年同期“庚号”位居榜首。",
        "从内容看，“疫情防控”位居第一，“复工复产”排名第二。",
        "“荷塘月色”话题位居热搜第一。",
        "“庚号”位列第五名，因改名未计入。",
    ],
)
def test_places_on_other_lists_are_none(other):
    assert ranked(f"“甲号”蝉联榜首，“乙号”位居第二。{other}") == [(1, "甲号"), (2, "乙号")]


@pytest.mark.parametrize(
    "line", ["注：“庚号”位列第五。", "下一篇：“庚号”位居榜首", "编辑：“庚号”第一"]
)
def test_lines_beside_the_text_rank_nobody(line):
    assert read_prose([line], "县级榜", True) == []


def test_sentences_in_traditional_characters():
    text = (
        "“甲號”拔得頭籌，頭條閱讀超180萬次；“乙號”由上月第五躍升至第二；"
        "“丙號”斬獲第三名，為首次登榜；“丁號”“戊號”並列第四。"
    )
    rows = read_prose([text], "縣級榜", True)
    assert [(row.rank, row.account) for row in rows] == [
        (1, "甲號"),
        (2, "乙號"),
        (3, "丙號"),
        (4, "丁號"),
        (4, "戊號"),
    ]
    assert rows[0].values["headline_reads"].raw == "超180萬"
    assert [row.movement for row in rows[1:3]] == [Movement("up", 3), Movement("new", None)]


def test_straight_quotes_open_and_close_by_turns():
    text = '"甲号""乙号""丙号"分列第三、四、五名，"丁号"（"丁"）位居第六。'
    assert ranked(text) == [(3, "甲号"), (4, "乙号"), (5, "丙号"), (6, "丁号")]


def test_gaps_inside_sentences_part_neither_names_nor_numbers():
    text = "“在\u00a0荷塘”发布\u00a012\u00a0篇文章，阅读量1,1\u00a003，位居第一。"
    (row,) = read_prose([text], "县级榜", True)
    values = {key: figure.value for key, figure in row.values.items()}
    assert (row.account, values) == ("在荷塘", {"articles": 12, "reads": 1103})


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("“甲号”以174W+的阅读总数位居第一。", [(1, "甲号")]),
        ("“甲号”的阅读总数位居第一。", []),
        ("“甲号”由上期未上榜升至第八。", [(8, "甲号")]),
        ("“甲号”上月未上榜。", []),
        ("“甲号”“乙号”分别以1012、998位列第一、二名。", [(1, "甲号"), (2, "乙号")]),
        ("“荷塘夜市”位居热搜榜首，“开学”位列第二。", []),
        ("在全省好新闻评选中，“荷塘记忆”获得第一名。", []),
        ("“甲号”的推文《开学》刷屏。“乙号”首次上榜，位列第六名。", [(6, "乙号")]),
    ],
)
def test_places_beside_numbers_and_earlier_lists(text, rows):
    assert ranked(text) == rows


def test_an_account_that_was_on_no_list_before_is_new():
    (row,) = read_prose(["“甲号”由上期未上榜升至第八。"], "县级榜", index_list=True)
    assert row.movement == Movement("new", None)


@pytest.mark.parametrize(
    ("text", "key", "printed"),
    [
        ("“甲号”“乙号”分别以1012、998.5的WCI指数分列前二名。", "index", ["1012", "998.5"]),
        ("“甲号”“乙号”分别以1012、998位列第一、二名。", "index", ["1012", "998"]),
        ("“甲号”“乙号”分列第一、二名，阅读总数分别为21万+、9.8万。", "reads", ["21万+", "9.8万"]),
        ("“甲号”“乙号”分列第一、二名，阅读总数分别为2,100和980。", "reads", ["2,100", "980"]),
        ("“甲号”“乙号”分列第一、二名，阅读总数分别为21万+、9万、8万。", "reads", []),
    ],
)
def test_values_told_in_turn(text, key, printed):
    rows = read_prose([text], "县级榜", index_list=True)
    assert [row.rank for row in rows] == [1, 2]
    assert [row.values[key].raw for row in rows if key in row.values] == printed
