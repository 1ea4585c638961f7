"""The brief as a workbook: numbers as numbers, their bounds beside them, charts that can be edited.

What a cell would run is made text (``spreadsheets.plain_text``).
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import LineChart, Reference, Series
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from ..figures import ABOUT, AT_LEAST, AT_MOST
from ..importing.columns import FIGURE_LABELS
from ..spreadsheets import plain_text
from .layout import EXAMPLE_MARK, lines
from .packing import repack

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOLD = Font(bold=True)
HEAD = PatternFill("solid", start_color="DCE7E3")
OURS = PatternFill("solid", start_color="F6E3E9")
WRAPPED = Alignment(wrap_text=True, vertical="top")
SIGNS = {AT_LEAST: "≥", AT_MOST: "≤", ABOUT: "约"}
LEAF, LOTUS, SOFT = "2E6A50", "B8476B", "55625F"
SERIES = (LEAF, LOTUS, "8A6D1F", "3A5A8C", "6B4C8A")
# Columns of the history sheet that the charts are drawn from start here, behind the table.
CHART_FROM = 14

Document = Mapping[str, Any]


def write(document: Document, moment: dt.datetime) -> bytes:
    """The brief as .xlsx, the same bytes for the same document and ``moment``."""
    book = Workbook()
    book.remove(book.active)
    text = lines(document)
    _summary(book.create_sheet("摘要"), document, text)
    _history(book.create_sheet("近况"), document)
    _top(book.create_sheet("本月榜单"), document)
    _compared(book.create_sheet("对比"), document, text)
    _sources(book.create_sheet("来源与方法"), document, text)
    for sheet in book.worksheets:
        _for_print(sheet, document)
    properties = book.properties
    properties.creator, properties.title = "", plain_text(document["title"])
    buffer = io.BytesIO()
    book.save(buffer)
    return repack(buffer.getvalue(), moment)


def _for_print(sheet: Worksheet, document: Document) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    if document["is_example"]:
        # On paper and on the screen: a printed page and a copied sheet both say it.
        sheet.oddHeader.center.text = EXAMPLE_MARK
        sheet.sheet_properties.tabColor = LOTUS


def _put(sheet: Worksheet, row: int, values: Iterable[Any], *, head: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        if value is None or value == "":
            continue
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            cell.value = plain_text(value)
            cell.data_type = "s"
        else:
            cell.value = value
        if head:
            cell.font, cell.fill = BOLD, HEAD


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _start(sheet: Worksheet, document: Document) -> int:
    """The mark of an example above everything; answers the next free row."""
    if not document["is_example"]:
        return 1
    _put(sheet, 1, [EXAMPLE_MARK])
    sheet.cell(1, 1).font = Font(bold=True, color=LOTUS)
    return 2


def _summary(sheet: Worksheet, document: Document, text: Mapping[str, Any]) -> None:
    _widths(sheet, (14, 100, 16))
    correction = text["correction"]
    rows: list[Sequence[Any]] = [
        ("标题", text["title"]),
        ("编号", text["number"]),
        ("签发日期", text["issued_on"] or "（未签发）"),
        ("编写", text["written_by"]),
        ("签发", text["issued_by"]),
        ("榜单", text["board"]),
        ("发布机构", text["publisher"]),
        ("统计月", text["month"]),
    ]
    if correction:
        rows += [("更正", correction["heading"]), ("", correction["reason"])]
        rows += [("", each) for each in correction["differences"]]
    rows += [("编者的话" if not at else "", each) for at, each in enumerate(text["remarks"])]
    at = _start(sheet, document)
    for row in rows:
        _put(sheet, at, row)
        at += 1
    _put(sheet, at, ("序号", "本月要点", "核实程度"), head=True)
    for number, line in enumerate(text["summary"], start=1):
        _put(sheet, at + number, (number, line["text"], line["proof"]))
    for row in sheet.iter_rows():
        row[0].font = BOLD
        for cell in row:
            cell.alignment = WRAPPED


def _figure_heads(keys: Sequence[str]) -> list[str]:
    return [name for key in keys for name in (FIGURE_LABELS[key], f"{FIGURE_LABELS[key]}界限")]


def _figure_cells(figures: Mapping[str, Any], keys: Sequence[str]) -> list[Any]:
    """A number and the sign of its bound, for each key."""
    cells: list[Any] = []
    for key in keys:
        figure = figures.get(key)
        cells += (
            [None, None] if figure is None else [figure["value"], SIGNS.get(figure["bound"], "")]
        )
    return cells


def _history(sheet: Worksheet, document: Document) -> None:
    """Every month of the charts, oldest first; a month without a place has an empty cell."""
    shown = {row["month"]: row for row in document["months"]}
    methods = list(dict.fromkeys(row["method"] for row in document["history"] if row["index"]))
    names = ("已核实名次", "据报道名次", *(f"指数（{each or '未注明方法'}）" for each in methods))
    head = _start(sheet, document)
    _put(
        sheet,
        head,
        ("统计月", "名次", "并列", "核实情况", "指数", "指数界限", "计算方法", "总阅读数",
         "总阅读数界限", "发布篇数", "发布篇数界限", "来源序号"),
        head=True,
    )  # fmt: skip
    for column, name in enumerate(names, start=CHART_FROM):
        cell = sheet.cell(head, column, plain_text(name))
        cell.data_type, cell.font = "s", BOLD
    for at, row in enumerate(document["history"], start=head + 1):
        detail = shown.get(row["month"])
        figures = {"index": row["index"]} if row["index"] else {}
        if detail is not None:
            figures = detail["figures"]
        index = _figure_cells(figures, ["index"])
        rest = _figure_cells(figures, ["reads", "articles"])
        _put(
            sheet,
            at,
            (
                row["label"], row["rank"], "并列" if row["tied"] else "",
                "据报道（未核实）" if row["reported"] else row["state_words"],
                *index, row["method"], *rest,
                "" if detail is None else "、".join(map(str, detail["sources"])),
            ),
        )  # fmt: skip
        rank_column = CHART_FROM + (1 if row["reported"] else 0)
        if row["rank"] is not None:
            sheet.cell(at, rank_column, row["rank"])
        if row["index"]:
            column = CHART_FROM + 2 + methods.index(row["method"])
            sheet.cell(at, column, row["index"]["value"])
    _widths(sheet, (12, 8, 8, 22, 12, 10, 12, 12, 14, 12, 14, 12, 3, *([14] * len(names))))
    sheet.freeze_panes = sheet.cell(head + 1, 2)
    last = head + len(document["history"])
    _charts(sheet, head, last, len(methods))


def _charts(sheet: Worksheet, head: int, last: int, methods: int) -> None:
    ranked = [
        column
        for column in (CHART_FROM, CHART_FROM + 1)
        if any(sheet.cell(row, column).value is not None for row in range(head + 1, last + 1))
    ]
    if ranked:
        chart = _chart(sheet, "名次走势（第一名在上）", ranked, head, last)
        chart.y_axis.scaling.orientation = "maxMin"
        chart.y_axis.scaling.min = 1
        chart.y_axis.majorUnit = 1 if _most(sheet, ranked, head, last) <= 20 else None
        # The axis of months stays below: it crosses where the places end.
        chart.x_axis.crosses = "max"
        for series, column in zip(chart.series, ranked, strict=True):
            reported = column == CHART_FROM + 1
            _style(series, SOFT if reported else LEAF, dashed=reported)
        sheet.add_chart(chart, f"A{last + 3}")
    columns = list(range(CHART_FROM + 2, CHART_FROM + 2 + methods))
    if columns:
        chart = _chart(sheet, "指数走势（不同计算方法分线，不可比）", columns, head, last)
        for at, series in enumerate(chart.series):
            _style(series, SERIES[at % len(SERIES)], dashed=False)
        sheet.add_chart(chart, f"A{last + 22}")


def _most(sheet: Worksheet, columns: Iterable[int], head: int, last: int) -> int:
    values = (sheet.cell(row, each).value for each in columns for row in range(head + 1, last + 1))
    return max(value for value in values if value is not None)


def _chart(sheet: Worksheet, title: str, columns: Iterable[int], head: int, last: int) -> LineChart:
    """A line chart over the months; an empty cell stays a gap."""
    chart = LineChart()
    chart.title, chart.width, chart.height = title, 26, 8.5
    chart.display_blanks = "gap"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    for column in columns:
        values = Reference(sheet, min_col=column, min_row=head, max_row=last)
        chart.series.append(Series(values, title_from_data=True))
    chart.set_categories(Reference(sheet, min_col=1, min_row=head + 1, max_row=last))
    return chart


def _style(series: Series, colour: str, *, dashed: bool) -> None:
    series.smooth = False
    series.graphicalProperties.line.solidFill = colour
    series.graphicalProperties.line.width = 22000
    if dashed:
        series.graphicalProperties.line.dashStyle = "dash"
    series.marker.symbol = "circle"
    series.marker.size = 6
    series.marker.graphicalProperties.solidFill = "FFFFFF" if dashed else colour
    series.marker.graphicalProperties.line.solidFill = colour


def _top(sheet: Worksheet, document: Document) -> None:
    top = document["top"]
    keys = [key for key, _ in top["figures"]]
    head = _start(sheet, document)
    movement = f"较{top['compared_with']}" if top["compared_with"] else "较上期"
    _put(
        sheet,
        head,
        ("名次", "并列", "公众号", movement, "升降位数", "核实情况", *_figure_heads(keys)),
        head=True,
    )
    for at, row in enumerate(top["rows"], start=head + 1):
        _put(
            sheet,
            at,
            (
                row["rank"], "并列" if row["tied"] else "", row["name"], row["movement"],
                row["step"], row["proof"], *_figure_cells(row["figures"], keys),
            ),
        )  # fmt: skip
        if row["ours"]:
            for cell in sheet[at]:
                cell.fill = OURS
    _widths(sheet, (8, 8, 28, 14, 10, 18, *([12, 14] * len(keys))))
    sheet.freeze_panes = sheet.cell(head + 1, 4)


def _compared(sheet: Worksheet, document: Document, text: Mapping[str, Any]) -> None:
    head = _start(sheet, document)
    _put(sheet, head, [text["compared_caption"]])
    head += 1
    _put(
        sheet,
        head,
        ("公众号", "本月名次", "核实情况", "指数", "指数界限", "我方指数", "我方在前（期）",
         "我方在后（期）", "名次相同（期）"),
        head=True,
    )  # fmt: skip
    for at, row in enumerate(document["compared"], start=head + 1):
        figures = {"index": row["index"]} if row["index"] else {}
        _put(
            sheet,
            at,
            (
                row["name"], row["rank"], row["proof"], *_figure_cells(figures, ["index"]),
                row["gap"], row["ahead"], row["behind"], row["level"],
            ),
        )  # fmt: skip
    _widths(sheet, (28, 10, 18, 12, 10, 14, 16, 16, 16))
    sheet.freeze_panes = sheet.cell(head + 1, 2)


def _sources(sheet: Worksheet, document: Document, text: Mapping[str, Any]) -> None:
    at = _start(sheet, document)
    _put(sheet, at, ("序号", "种类", "来源", "发布日期", "用于", "网址", "存证 SHA-256"), head=True)
    sheet.freeze_panes = sheet.cell(at + 1, 1)
    for row in document["sources"]:
        at += 1
        _put(
            sheet,
            at,
            (
                row["number"], row["kind"], row["name"], row["published"], row["months"],
                row["url"], row["sha256"] or "没有存证原件",
            ),
        )  # fmt: skip
    for heading, items in (("计算方法", text["methods"]), ("说明", text["notes"])):
        at += 2
        _put(sheet, at, (heading,), head=True)
        for item in items:
            at += 1
            _put(sheet, at, (None, None, item))
    _widths(sheet, (10, 12, 28, 12, 40, 50, 68))
