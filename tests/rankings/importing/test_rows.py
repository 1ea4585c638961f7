"""Cells to checked rows."""

import csv
import io

import pytest

from rankings.importing.columns import match
from rankings.importing.reading import open_table
from rankings.importing.rows import BadRow, RowReader

BASE = {"board": "影响力榜", "period": "2019-08", "account": "在荷塘", "rank": "1"}


def read(**cells: str):
    cells = BASE | cells
    text = io.StringIO()
    csv.writer(text).writerows([cells.keys(), cells.values()])
    table = open_table(text.getvalue().encode())
    [row] = RowReader(table, match(table)).rows()
    return row


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, {"rank": 1, "state": "ranked", "tied": False, "status": "reported"}),
        ({"account": "“在荷塘”"}, {"account": "在荷塘"}),
        ({"rank": "第3名"}, {"rank": 3}),
        ({"rank": "３"}, {"rank": 3}),
        ({"rank": "NO.3"}, {"rank": 3}),
        ({"rank": "3.0"}, {"rank": 3}),
        ({"rank": "并列第1"}, {"rank": 1, "tied": True}),
        ({"rank": "1（并列）"}, {"rank": 1, "tied": True}),
        ({"tied": "是"}, {"tied": True}),
        ({"tied": "TRUE"}, {"tied": True}),
        ({"tied": "否"}, {"tied": False}),
        ({"rank": "", "state": "absent"}, {"rank": None, "state": "absent"}),
        ({"rank": "—", "state": "未上榜"}, {"rank": None, "state": "absent"}),
        ({"rank": "", "state": "停发", "account": ""}, {"state": "not_issued", "account": ""}),
        ({"rank": "", "state": "unknown"}, {"state": "unknown"}),
        ({"status": "已核实"}, {"status": "confirmed"}),
        ({"status": "据报道"}, {"status": "reported"}),
        ({"status": "Confirmed"}, {"status": "confirmed"}),
        ({"source_kind": "发布机构"}, {"source_kind": "publisher"}),
        ({"source_kind": ""}, {"source_kind": "media"}),
        ({"edition": "初步"}, {"edition": "preliminary"}),
        ({"list_size": "20"}, {"list_size": 20}),
        ({"note": "=1+1"}, {"note": "=1+1"}),
    ],
)
def test_good_rows(cells, expected):
    row = read(**cells)
    assert not isinstance(row, BadRow), row
    assert {name: getattr(row, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("cells", "errors"),
    [
        ({"rank": "0"}, ["名次"]),
        ({"rank": "-1"}, ["名次"]),
        ({"rank": "头名"}, ["名次“头名”不是 1 以上的整数"]),
        ({"rank": ""}, ["没有名次，也没有写状态"]),
        ({"rank": "1", "state": "absent"}, ["状态就不能是未上榜"]),
        ({"rank": "", "state": "ranked"}, ["没有写名次"]),
        ({"rank": "", "state": "not_issued"}, ["公众号一栏请留空"]),
        ({"rank": "", "state": "absent", "account": ""}, ["没有写公众号"]),
        ({"rank": "", "state": "absent", "tied": "1"}, ["不能写并列"]),
        ({"state": "飞了"}, ["看不懂状态“飞了”"]),
        ({"status": "大概"}, ["看不懂核实情况“大概”"]),
        ({"period": "2019-13"}, ["不是有效的月份"]),
        ({"period": ""}, ["没有写统计期"]),
        ({"board": ""}, ["没有写榜单"]),
        ({"tied": "也许"}, ["看不懂并列"]),
        ({"reads": "很多"}, ["看不懂总阅读数“很多”"]),
        ({"reads": "-5"}, ["看不懂总阅读数"]),
        ({"reads": "", "reads_bound": "at_least"}, ["写了界限，却没有数值"]),
        ({"reads": "1", "reads_bound": "差不多"}, ["看不懂总阅读数的界限"]),
        ({"published": "上周"}, ["发布日期"]),
        ({"version": "零"}, ["版本号"]),
        ({"version": "3", "supersedes": "1"}, ["只能取代它的前一版"]),
        ({"evidence_sha256": "abc"}, ["64 位十六进制"]),
        ({"period": "", "rank": "0", "reads": "x"}, ["统计期", "名次", "总阅读数"]),
    ],
)
def test_bad_rows_name_every_fault(cells, errors):
    row = read(**cells)
    assert isinstance(row, BadRow)
    assert row.line == 2
    assert len(row.errors) == len(errors)
    for part, text in zip(errors, row.errors, strict=True):
        assert part in text


@pytest.mark.parametrize(
    ("cells", "figure"),
    [
        ({"reads": "88,096"}, (88096, "exact", False, "88,096")),
        ({"reads": "21万+"}, (210000, "at_least", False, "21万+")),
        ({"max_reads": "10万+"}, (100001, "at_least", True, "10万+")),
        (
            {"max_reads": "100001", "max_reads_bound": "at_least"},
            (100001, "at_least", True, "100001"),
        ),
        ({"reads": "5", "reads_bound": "capped", "reads_raw": "五"}, (5, "at_least", True, "五")),
        ({"reads": "597万", "reads_bound": "约"}, (5970000, "about", False, "597万")),
        ({"index": "1003.59"}, (1003.59, "exact", False, "1003.59")),
    ],
)
def test_figures(cells, figure):
    row = read(**cells)
    [found] = row.figures.values()
    assert tuple(found.values()) == figure


@pytest.mark.parametrize("blank", ["", "-", "—", "/", "暂无", "N/A"])
def test_blank_figures_are_absent_and_never_zero(blank):
    assert read(reads=blank).figures == {}


def test_a_form_says_once_what_no_column_says() -> None:
    table = open_table("公众号,名次,来源\n在荷塘,1,\n甲,2,别的报\n".encode())
    defaults = {"board": "县级榜", "period": "2019-08", "source_name": "某报社", "edition": "初步"}
    columns = match(table, given=defaults)
    rows = list(RowReader(table, columns, defaults=defaults).rows())
    assert [(row.board, str(row.period), row.source_name, row.edition) for row in rows] == [
        ("县级榜", "2019-08", "某报社", "preliminary"),
        ("县级榜", "2019-08", "别的报", "preliminary"),
    ]


@pytest.mark.parametrize("key", ["中文", "a b", "x" * 65])
def test_a_key_that_is_none_is_named(key: str) -> None:
    table = open_table(f"榜单,期,公众号,名次,公众号编号\n榜,2019-08,甲,1,{key}\n".encode())
    [row] = RowReader(table, match(table)).rows()
    assert "只能有英文字母、数字和连字符" in str(row)
