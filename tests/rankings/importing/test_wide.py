"""Accounts down, months across."""

import io

import pytest
from openpyxl import Workbook

from rankings.importing.columns import UnusableTable
from rankings.importing.pasting import pasted_table
from rankings.importing.plan import columns_of
from rankings.importing.reading import open_table
from rankings.importing.rows import BadRow, RowReader
from rankings.importing.wide import heading_month


def read(text: str, **defaults: str):
    defaults = {"board": "县级榜", "source_name": "某报社"} | defaults
    table, columns = columns_of(pasted_table(text), frozenset(defaults))
    return list(RowReader(table, columns, defaults=defaults).rows())


def said(rows) -> list[tuple]:
    return [
        (row.account, str(row.period), row.rank, row.tied, row.state, row.list_size) for row in rows
    ]


@pytest.mark.parametrize(
    "headings",
    [
        "公众号\t2018年1月\t2018年2月",
        "公众号\t2018-01\t2018-02",
        "账号名称\t201801\t201802",
        "公众号\t2018/1\t2018.2",
        "公众号\t2018年1月名次\t2018年2月排名",
        "公众号\t2018-01-01\t2018-02-01",
        "\t2018年\t\n公众号\t1月\t2月",
    ],
)
def test_headings_that_name_months(headings: str) -> None:
    rows = read(f"{headings}\n在荷塘\t1\t并列1")
    assert said(rows) == [
        ("在荷塘", "2018-01", 1, False, "ranked", None),
        ("在荷塘", "2018-02", 1, True, "ranked", None),
    ]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("3", (3, False, "ranked", None)),
        ("第3名", (3, False, "ranked", None)),
        ("1（并列）", (1, True, "ranked", None)),
        ("未上榜", (None, False, "absent", None)),
        (">30", (None, False, "absent", 30)),
        ("＞30名", (None, False, "absent", 30)),
        ("30+", (None, False, "absent", 30)),
        ("30名以外", (None, False, "absent", 30)),
        ("前30名以外", (None, False, "absent", 30)),
        ("30开外", (None, False, "absent", 30)),
        ("不详", (None, False, "unknown", None)),
        ("？", (None, False, "unknown", None)),
    ],
)
def test_what_a_cell_says(cell: str, wanted: tuple) -> None:
    [row] = read(f"公众号\t2018-01\n在荷塘\t{cell}")
    assert (row.rank, row.tied, row.state, row.list_size) == wanted


@pytest.mark.parametrize("cell", ["", "—", "-", "无", " / "])
def test_a_blank_cell_says_nothing(cell: str) -> None:
    rows = read(f"公众号\t2018-01\t2018-02\n在荷塘\t{cell}\t2")
    assert [str(row.period) for row in rows] == ["2018-02"]


def test_a_month_without_a_list_is_said_of_the_board() -> None:
    [row] = read("公众号\t微信号\t2018-01\n在荷塘\tzht\t停发")
    assert (row.state, row.account, row.wechat_id) == ("not_issued", "", "")


def test_other_columns_go_along_and_numbering_is_left_out() -> None:
    text = "序号\t公众号\t单位\t2018-01\t阅读数\t2018-02\n1\t在荷塘\t宣传部\t2\t99\t3"
    rows = read(text, list_size="20")
    assert [(row.rank, row.unit, row.figures, row.list_size) for row in rows] == [
        (2, "宣传部", {}, 20),
        (3, "宣传部", {}, 20),
    ]
    _, columns = columns_of(pasted_table(text), frozenset({"board"}))
    assert columns.ignored == ["序号", "阅读数"]


def test_a_bad_cell_is_named_by_line_and_month() -> None:
    table, columns = columns_of(
        pasted_table("公众号\t2018-01\t2018-02\n在荷塘\t1\t零\n\t2\t"), frozenset({"board"})
    )
    bad = [row for row in RowReader(table, columns, "县级榜").rows() if isinstance(row, BadRow)]
    assert [table.where(row.line) for row in bad] == [
        "第 2 行“2018年2月”一列",
        "第 3 行“2018年1月”一列",
    ]
    assert "名次“零”" in str(bad[0]) and "没有写公众号" in str(bad[1])


def test_a_workbook_keeps_its_months_as_days() -> None:
    import datetime as dt

    book = Workbook()
    book.active.append(["公众号", dt.date(2018, 1, 1), dt.date(2018, 2, 1)])
    book.active.append(["在荷塘", 1, 2])
    for cell in book.active[1][1:]:
        cell.number_format = "yyyy年m月"
    buffer = io.BytesIO()
    book.save(buffer)
    table, columns = columns_of(open_table(buffer.getvalue()), frozenset({"board"}))
    assert [str(row.period) for row in RowReader(table, columns, "榜").rows()] == [
        "2018-01",
        "2018-02",
    ]


def test_a_long_table_stays_as_it_is() -> None:
    table = pasted_table("公众号\t期\t名次\n在荷塘\t2018-01\t1")
    assert columns_of(table, frozenset({"board"}))[0] is table


def test_no_account_column_is_no_wide_table() -> None:
    with pytest.raises(UnusableTable, match="account"):
        read("甲\t2018-01\n在荷塘\t1")


@pytest.mark.parametrize("text", ["2018", "1月", "名次", "2018年", "88096", "2018-13", ""])
def test_what_names_no_month(text: str) -> None:
    assert heading_month(text) is None
