"""Bytes to a table of texts. CSV in the encodings offices use, and XLSX."""

import codecs
import csv
import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 500 * 1024 * 1024
MAX_COLUMNS = 200
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",\t;"
# Written before a text that a spreadsheet would run as a formula; see ``escape``.
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_RUNNABLE = re.compile(r"'*[=+\-@\t\r]")


class UnreadableFile(ValueError):
    """The file is no table we can read; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as a spreadsheet shows it (from 1) and its cells as texts."""

    number: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read again and again; rows are never all in memory."""

    data: bytes
    kind: str
    encoding: str = ""
    delimiter: str = ","

    def lines(self) -> Iterator[Line]:
        """Every row that is not blank, the heading among them. Raises ``UnreadableFile``."""
        rows = self._xlsx() if self.kind == "xlsx" else self._csv()
        for line in rows:
            if any(line.cells):
                yield line

    def where(self, number: int) -> str:
        """How people are told of the line with this number."""
        return f"第 {number} 行"

    def _csv(self) -> Iterator[Line]:
        text = io.TextIOWrapper(io.BytesIO(self.data), encoding=self.encoding, newline="")
        reader = csv.reader(text, delimiter=self.delimiter)
        number = 1
        try:
            for cells in reader:
                if len(cells) > MAX_COLUMNS:
                    raise UnreadableFile(
                        f"第 {number} 行有 {len(cells)} 列，最多 {MAX_COLUMNS} 列。"
                    )
                yield Line(number, [_text_cell(cell) for cell in cells])
                number = reader.line_num + 1
        except csv.Error as error:
            raise UnreadableFile(
                f"第 {number} 行读不下去（引号没有配对，或单元格太长），请检查后重新保存。"
            ) from error

    def _xlsx(self) -> Iterator[Line]:
        book = _open_book(self.data)
        try:
            sheet = next((s for s in book.worksheets if s.sheet_state == "visible"), None)
            if sheet is None:
                raise UnreadableFile("这个工作簿里没有可见的工作表。")
            # Some writers state a size that is not so; reading then stops too early.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(), start=1):
                cells = [_sheet_cell(cell) for cell in row[:MAX_COLUMNS]]
                yield Line(number, cells)
        except (KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile) as error:
            if isinstance(error, UnreadableFile):
                raise
            raise UnreadableFile(
                "这个 XLSX 文件已损坏，请用 Excel 或 WPS 打开后另存一份。"
            ) from error
        finally:
            book.close()


def written(rows: Iterable[Sequence[str]]) -> Table:
    """A table of texts; an empty row keeps its number. ``reopened`` reads its bytes again."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return reopened(buffer.getvalue().encode())


def reopened(data: bytes) -> Table:
    """The table whose bytes ``written`` made: nothing about it need be guessed."""
    return Table(data, "csv", "utf-8", ",")


def open_table(data: bytes) -> Table:
    """Recognise what ``data`` is by its content, never by a file name.

    CSV may be UTF-8 (with or without a mark), UTF-16 with a mark, or GB18030, with comma,
    semicolon or tab. Raises ``UnreadableFile``.
    """
    if not data.strip():
        raise UnreadableFile("文件是空的。")
    if len(data) > MAX_BYTES:
        raise UnreadableFile(
            f"文件太大（{len(data) // 2**20} MB），最大 {MAX_BYTES // 2**20} MB，请拆成几份。"
        )
    if data.startswith(_ZIP):
        _check_archive(data)
        return Table(data, "xlsx")
    if data.startswith(_OLD_EXCEL):
        raise UnreadableFile("这是旧版 Excel 文件（.xls），请另存为 .xlsx 或 CSV 后再导入。")
    encoding = _encoding(data)
    head = data[: 64 * 1024].decode(encoding, errors="ignore")
    if "\x00" in data.decode(encoding):
        raise UnreadableFile("这不是 CSV 或 XLSX 文件，请另存为其中一种后再导入。")
    line = next((line for line in head.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=line.count)
    return Table(data, "csv", encoding, delimiter)


def _encoding(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig" if _decodes(data, "utf-8") else _refuse()
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16" if _decodes(data, "utf-16") else _refuse()
    for encoding in ("utf-8", "gb18030"):
        if _decodes(data, encoding):
            return encoding
    return _refuse()


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _refuse() -> str:
    raise UnreadableFile("认不出文件的文字编码，请另存为 UTF-8 的 CSV 或 XLSX 后再导入。")


def _check_archive(data: bytes) -> None:
    """Refuse a damaged archive, or one that would unpack to a monstrous size."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            unpacked = sum(info.file_size for info in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile("这个 XLSX 文件已损坏，请用 Excel 或 WPS 打开后另存一份。") from error
    if "xl/workbook.xml" not in names:
        raise UnreadableFile("这不是 XLSX 工作簿，请另存为 XLSX 或 CSV 后再导入。")
    if unpacked > MAX_UNPACKED:
        raise UnreadableFile("这个 XLSX 解开后太大，请删去多余的工作表和格式后再导入。")


def _open_book(data: bytes) -> Any:
    try:
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except (
        InvalidFileException,
        KeyError,
        ValueError,
        TypeError,
        SyntaxError,
        zipfile.BadZipFile,
    ) as error:
        raise UnreadableFile("这个 XLSX 文件打不开，请用 Excel 或 WPS 打开后另存一份。") from error


def _sheet_cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return _text_cell(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime | dt.date):
        # A sheet keeps 2019-08 as the first of August; its format tells what was meant.
        shown = re.sub(r'"[^"]*"|\[[^\]]*\]', "", (cell.number_format or "").lower())
        return f"{value:%Y-%m-%d}" if "d" in shown or "y" not in shown else f"{value:%Y-%m}"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _text_cell(text: str) -> str:
    text = text.strip(" \u3000\n\ufeff")
    return text[1:] if text[:1] == "'" and _ESCAPED.match(text) else text


def escape(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run; reading takes it off again."""
    return f"'{text}" if _RUNNABLE.match(text) else text
