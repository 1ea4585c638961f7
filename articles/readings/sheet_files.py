"""The file of an export: what the rankings read, and the old XLS that WeChat still writes."""

import datetime as dt
import io
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from rankings.importing.reading import MAX_BYTES, Table, UnreadableFile, open_table, written

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def open_sheet(data: bytes) -> Table:
    """The first visible sheet of an XLS, XLSX or CSV file, told by its content.

    Raises:
        UnreadableFile: it is no such file, or too large.
    """
    if not data.startswith(_OLD_EXCEL) or len(data) > MAX_BYTES:
        return open_table(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        if not names:
            raise UnreadableFile("这个工作簿里没有可见的工作表。")
        rows = book.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise UnreadableFile(
            "这个 XLS 文件打不开，可能已损坏或设了密码，请用 Excel 或 WPS 打开后另存一份。"
        ) from error
    return written([[_text(cell) for cell in row] for row in rows])


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()
