"""Bytes to cells."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from rankings.importing.columns import UnusableTable, match
from rankings.importing.reading import UnreadableFile, escape, open_table

TEXT = "榜单,统计期,公众号,名次\n影响力榜,2019-08,镕城发布,1\n"
CELLS = [["榜单", "统计期", "公众号", "名次"], ["影响力榜", "2019-08", "镕城发布", "1"]]


def cells(data: bytes) -> list[list[str]]:
    return [line.cells for line in open_table(data).lines()]


def workbook(*rows, formats=()) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for address, number_format in dict(formats).items():
        book.active[address].number_format = number_format
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_the_encodings_of_offices(encoding, delimiter):
    assert cells(TEXT.replace(",", delimiter).encode(encoding)) == CELLS


def test_lines_are_numbered_as_a_spreadsheet_shows_them():
    lines = open_table(b'a,b\n\n"x\ny",1\nz,2\n').lines()
    assert [(line.number, line.cells[0]) for line in lines] == [(1, "a"), (3, "x\ny"), (5, "z")]


def test_a_workbook_gives_the_same_cells():
    assert cells(workbook(*CELLS)) == CELLS


def test_numbers_and_dates_of_a_workbook():
    data = workbook(
        [
            1.0,
            88096,
            861.5,
            True,
            dt.datetime(2019, 8, 1),
            dt.date(2019, 8, 1),
            dt.date(2019, 9, 17),
        ],
        formats={"E1": "mmm-yy", "F1": 'yyyy"年"m"月"', "G1": "yyyy-mm-dd"},
    )
    assert cells(data) == [["1", "88096", "861.5", "是", "2019-08", "2019-08", "2019-09-17"]]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@在荷塘", "'=1", "''@x", "\t=x"])
def test_text_that_would_run_is_disarmed_and_comes_back(text):
    assert escape(text) == f"'{text}"
    assert cells(f'"{escape(text)}",x\n'.encode())[0][0] == text


@pytest.mark.parametrize("text", ["在荷塘", "'引号", "1", ""])
def test_other_text_is_left_alone(text):
    assert escape(text) == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "文件是空的"),
        (b"  \n ", "文件是空的"),
        (b"\xd0\xcf\x11\xe0rest", "旧版 Excel"),
        (b"PK\x03\x04broken", "已损坏"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "文字编码|不是 CSV"),
        (b"a,b\x00c\n", "不是 CSV"),
        (b"\xff\xff\xff\xfe", "文字编码"),
    ],
)
def test_what_is_no_table_is_refused(data, message):
    with pytest.raises(UnreadableFile, match=message):
        open_table(data)


def test_an_archive_that_is_no_workbook_is_refused():
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(UnreadableFile, match="不是 XLSX"):
        open_table(file.getvalue())


def test_a_damaged_workbook_is_refused():
    import zipfile

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<oops")
    with pytest.raises(UnreadableFile, match="打不开"):
        list(open_table(file.getvalue()).lines())


def columns(*headings: str, board_given: bool = False):
    return match(open_table(",".join(headings).encode()), board_given=board_given)


@pytest.mark.parametrize(
    ("headings", "fields"),
    [
        (("board", "period", "account", "rank"), {"board", "period", "account", "rank"}),
        (("榜单", "统计期", "公众号", "名次"), {"board", "period", "account", "rank"}),
        (("榜单", "月份", "微信名称", "排 名"), {"board", "period", "account", "rank"}),
        (
            ("榜单", "期", "公众号", "状态", "总阅读数(次)", "WCI指数"),
            {"board", "period", "account", "state", "reads", "index"},
        ),
        (
            ("board", "period", "account", "rank", "max_reads", "max_reads_bound", "reads_raw"),
            {"board", "period", "account", "rank", "max_reads", "max_reads_bound", "reads_raw"},
        ),
    ],
)
def test_headings_are_known_by_synonyms(headings, fields):
    assert columns(*headings).given == fields


def test_a_title_above_the_headings_is_stepped_over():
    table = open_table(("2019年8月县级榜\n" + TEXT).encode())
    assert match(table).heading_line == 2


def test_missing_columns_are_named():
    with pytest.raises(UnusableTable, match="board（榜单）、period（统计期）、rank（名次）"):
        columns("公众号", "备注")
    assert columns("期", "公众号", "名次", board_given=True)


def test_two_columns_of_one_meaning_are_refused():
    with pytest.raises(UnusableTable, match="“名次”和“排名”"):
        columns("榜单", "期", "公众号", "名次", "排名")


def test_the_unit_of_a_column_counts():
    assert columns("榜单", "期", "公众号", "名次", "阅读总数(万)").factors == {"reads": 10_000}


def test_unknown_columns_are_told():
    assert columns("榜单", "期", "公众号", "名次", "心情").ignored == ["心情"]
