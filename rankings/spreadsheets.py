"""The report as a workbook."""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from .importing.columns import FIGURE_LABELS
from .importing.reading import escape
from .models import Observation, SourceKind, Status
from .periods import SHANGHAI
from .reports import AccountReport, MonthCell, RunWords, figure_text

BOLD = Font(bold=True)
MONTH_HEADINGS = (
    "统计月",
    "状态",
    "状态说明",
    "名次",
    "并列",
    "名次依据",
    "来源种类",
    "来源",
    "来源网址",
    "发布日期",
    "存证 SHA-256",
    *FIGURE_LABELS.values(),
    "待复核条数",
)


def plain_text(value: str) -> str:
    """The text without what a cell may not hold, and never a formula."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", value)
    return escape(clean)


def report_workbook(report: AccountReport) -> bytes:
    """Two sheets: 摘要 (what may be said) and 逐月 (a row for each month of the board)."""
    book = Workbook(write_only=True)
    summary = book.create_sheet("摘要")
    summary.column_dimensions["A"].width = 16
    summary.column_dimensions["B"].width = 90
    for label, value in _summary(report):
        append_row(summary, [label, value], bold_first=True)
    months = book.create_sheet("逐月")
    months.freeze_panes = "B2"
    for column, width in zip("ABCDEFGHIJK", (10, 6, 22, 6, 6, 10, 10, 22, 36, 12, 20), strict=True):
        months.column_dimensions[column].width = width
    append_row(months, MONTH_HEADINGS, bold=True)
    for cell in report.cells:
        append_row(months, _month_row(cell))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def append_row(
    sheet: Worksheet, values: Iterable[Any], *, bold: bool = False, bold_first: bool = False
) -> None:
    """Add a row to a write-only sheet: texts as texts, moments in local time, numbers as numbers.

    A spreadsheet knows no time zones: aware moments are written as the clock in Beijing shows them.
    """
    cells = []
    for position, value in enumerate(values):
        if isinstance(value, datetime):
            cell = WriteOnlyCell(sheet, timezone.make_naive(value, SHANGHAI).replace(microsecond=0))
            cell.number_format = "yyyy-mm-dd hh:mm"
        elif isinstance(value, str):
            cell = WriteOnlyCell(sheet, plain_text(value))
            cell.data_type = "s"
        else:
            cell = WriteOnlyCell(sheet, value)
        if bold or (bold_first and not position):
            cell.font = BOLD
        cells.append(cell)
    sheet.append(cells)


def _summary(report: AccountReport) -> list[tuple[str, Any]]:
    board = report.board
    rows: list[tuple[str, Any]] = [
        ("榜单", str(board)),
        ("发布机构", board.publisher),
        ("公众号", report.account.name),
        ("微信号", report.account.wechat_id),
    ]
    if board.is_example:
        rows.append(("提示", "这是示例榜单，数据和名称都是虚构的。"))
    if report.as_of is None:
        rows.append(("结论", "没有可用的月度名次记录。"))
        return rows
    rows += [
        ("最近一期", report.as_of.label),
        ("最近一期名次", report.latest_sentence),
        *_run_rows("当前连续", report.current),
        *_run_rows("最长连续", report.longest),
    ]
    rows += [(f"{words.words}（月数）", count) for words, count in report.counts]
    if report.waiting:
        rows.append(("待复核（条）", report.waiting))
    rows.append(("说明", "“≥”表示不少于，“约”表示近似值；据报道的月份未经本系统核实。"))
    return rows


def _run_rows(label: str, words: RunWords | None) -> list[tuple[str, Any]]:
    if words is None:
        return []
    run = words.run
    return [
        (label, words.sentence.text),
        (f"{label}：已核实月数", run.proved),
        (f"{label}：已核实起止", words.proved_span or "无"),
        (f"{label}：最多可能月数", run.possible),
        (f"{label}：最多可能起止", words.possible_span or "无"),
    ]


def _month_row(cell: MonthCell) -> list[Any]:
    source = cell.place.source or _spoken_for(cell)
    evidence = next(
        (row.capture.sha256 for row in cell.observations if row.capture_id is not None), ""
    )
    if source is not None and source.capture_id is not None:
        evidence = source.capture.sha256
    basis = ""
    if cell.place.rank is not None:
        basis = "据报道" if cell.place.reported else "已核实"
    figures = {} if source is None else source.figures
    return [
        str(cell.month),
        cell.state,
        cell.words.words,
        cell.place.rank,
        "并列" if cell.place.tied else "",
        basis,
        "" if source is None else SourceKind(source.source_kind).label,
        "" if source is None else source.source_name,
        "" if source is None else source.source_url,
        "" if source is None or source.published is None else source.published.isoformat(),
        evidence,
        *(_figure(figures.get(key)) for key in FIGURE_LABELS),
        cell.waiting or None,
    ]


def _spoken_for(cell: MonthCell) -> Observation | None:
    """The statement to name where no place is agreed on: the first that counts."""
    return next((row for row in cell.observations if row.status != Status.PROPOSED), None)


def _figure(figure: dict[str, Any] | None) -> Any:
    """A number where it is exact; with its sign, as text, where it is a bound."""
    if figure and figure.get("bound") == "exact":
        return figure.get("value")
    return figure_text(figure)
