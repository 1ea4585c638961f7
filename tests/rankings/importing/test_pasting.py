"""Pasted text to a table, however its columns are parted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.importing.pasting import pasted_table
from rankings.importing.reading import UnreadableFile

WANTED = [["公众号", "名次", "总阅读数"], ["在荷塘", "1", "88,096"], ["甲 县发布", "2", "10万+"]]


def cells(text: str) -> list[list[str]]:
    return [line.cells for line in pasted_table(text).lines()]


@pytest.mark.parametrize(
    "text",
    [
        "公众号\t名次\t总阅读数\n在荷塘\t1\t88,096\n甲 县发布\t2\t10万+\n",
        "公众号\t名次\t总阅读数\r\n在荷塘\t1\t88,096\r\n甲 县发布\t2\t10万+",
        "| 公众号 | 名次 | 总阅读数 |\n|:---|---:|:-:|\n| **在荷塘** | 1 | 88,096 |\n"
        "| 甲 县发布 | 2 | 10万+ |",
        "公众号｜名次｜总阅读数\n在荷塘｜1｜88,096\n甲 县发布｜2｜10万+",
        '公众号,名次,总阅读数\n在荷塘,1,"88,096"\n甲 县发布,2,10万+',
        "公众号;名次;总阅读数\n在荷塘;1;88,096\n甲 县发布;2;10万+",
        "公众号    名次  总阅读数\n在荷塘    1     88,096\n甲 县发布  2     10万+",
        "公众号　名次　总阅读数\n在荷塘　1　88,096\n甲 县发布　2　10万+",
        "<meta charset='utf-8'><table><tr><th>公众号<th>名次<th>总阅读数</tr>"
        "<tr><td>在荷塘<td>1<td>88,096<tr><td>甲 县发布</td><td> 2 </td><td>10万+</td></table>",
    ],
)
def test_ways_of_writing_one_table(text: str) -> None:
    assert cells(text) == WANTED


def test_single_spaces_do_where_every_line_has_all_columns() -> None:
    assert cells("公众号 名次\n在荷塘 1\n甲县发布 2") == [
        ["公众号", "名次"],
        ["在荷塘", "1"],
        ["甲县发布", "2"],
    ]


def test_a_hole_between_gaps_is_refused_and_named() -> None:
    with pytest.raises(UnreadableFile, match="第 3 行有 2 列，表头有 3 列"):
        pasted_table("公众号  名次  点赞\n在荷塘  1  5\n甲县发布  2")


def test_numbers_of_lines_are_those_of_the_pasted_text() -> None:
    lines = list(pasted_table("县级榜\n\n公众号\t名次\n“甲\n乙”\t1\n在荷塘\t2").lines())
    assert [(line.number, line.cells[0]) for line in lines] == [
        (1, "县级榜"),
        (3, "公众号"),
        (4, "“甲"),
        (5, "乙”"),
        (6, "在荷塘"),
    ]
    quoted = list(pasted_table('公众号\t名次\n"甲\n乙"\t1\n在荷塘\t2').lines())
    assert [(line.number, line.cells[0]) for line in quoted] == [
        (1, "公众号"),
        (2, "甲 乙"),
        (4, "在荷塘"),
    ]


def test_a_stray_quotation_mark_swallows_nothing() -> None:
    assert cells('公众号\t名次\n"在荷塘\t1\n甲\t2\n') == [
        ["公众号", "名次"],
        ['"在荷塘', "1"],
        ["甲", "2"],
    ]


def test_merged_cells_say_the_same_in_every_place() -> None:
    html = (
        "<table><tr><th>名次</th><th>公众号</th></tr>"
        "<tr><td rowspan=2>1</td><td>甲</td></tr><tr><td>乙</td></tr></table>"
    )
    assert cells(html)[1:] == [["1", "甲"], ["1", "乙"]]


def test_the_largest_of_several_tables_is_read_and_scripts_are_text_at_most() -> None:
    html = (
        "<table><tr><td>菜单</td></tr></table><table><tr><th>公众号</th><th>名次</th></tr>"
        "<tr><td>&lt;script&gt;alert(1)&lt;/script&gt;</td><td colspan='999999'>1</td></tr></table>"
    )
    assert cells(html)[1][:2] == ["<script>alert(1)</script>", "1"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("  \n ", "没有粘贴"),
        ("在荷塘", "看不出列"),
        ("<p><table></table>", "看不出列"),
        ("\t" * 300, "没有粘贴"),
        ("a\t" * 300, "最多 200 列"),
        ("长" * 5_000_001, "太长"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableFile, match=sentence):
        pasted_table(text)


@given(st.text(max_size=200))
def test_any_text_is_a_table_or_a_sentence(text: str) -> None:
    try:
        list(pasted_table(text).lines())
    except UnreadableFile as error:
        assert str(error).endswith("。")


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Z"], exclude_characters="\"'\ufeff"),
    min_size=1,
    max_size=8,
)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_what_a_sheet_copies_is_what_is_read(rows: list[list[str]]) -> None:
    rows = [["公众号", "名次", "备注"], *rows]
    assert cells("\n".join("\t".join(row) for row in rows)) == rows
