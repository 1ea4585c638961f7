"""A report as a workbook: its table, what is counted besides, and its sentences."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from rankings.spreadsheets import append_row

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DEFAULT_WIDTH = 16


@dataclass(frozen=True)
class Sheet:
    """``rows`` hold one value a heading; numbers and times stay what they are."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()


def workbook(sheets: Sequence[Sheet], sentences: Sequence[str]) -> bytes:
    """``sheets`` in their order, each with a frozen first row, and 说明 with ``sentences``."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.title)
        page.freeze_panes = "A2"
        for at in range(len(sheet.headings)):
            width = sheet.widths[at] if at < len(sheet.widths) else DEFAULT_WIDTH
            page.column_dimensions[get_column_letter(at + 1)].width = width
        append_row(page, sheet.headings, bold=True)
        for row in sheet.rows:
            append_row(page, row)
    notes = book.create_sheet("说明")
    notes.column_dimensions["A"].width = 100
    notes.freeze_panes = "A2"
    append_row(notes, ["说明"], bold=True)
    for sentence in sentences:
        append_row(notes, [sentence])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
