"""Text pasted from a sheet, a Word or web table, HTML or Markdown: to the same table as a file."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bs4 import BeautifulSoup, Tag

from .reading import MAX_COLUMNS, Table, UnreadableFile, written
from .wide import is_heading

MAX_CHARACTERS = 5_000_000
# So many lines are looked at to tell how the columns are parted.
LINES_LOOKED_AT = 40
# A merged cell that claims to span more than this is a slip of the page.
MAX_SPAN = 200
_HTML_TABLE = re.compile(r"<table[\s>]", re.IGNORECASE)
_RULE = re.compile(r"[\s|:+=─-]+")
_GAP = re.compile(r"[ \u00a0]*\u3000[ \u00a0\u3000]*|[ \u00a0]{2,}")
_SPACE = re.compile(r"\s+")
_LINE_BREAK = re.compile(r"\s*\n\s*")

Rows = list[list[str]]


def pasted_table(text: str) -> Table:
    """The table that ``text`` shows; its line numbers are those of the pasted lines.

    Columns may be parted by tabs, pipes, commas, semicolons or gaps; HTML gives its largest table.
    Raises ``UnreadableFile``.
    """
    if not text.strip():
        raise UnreadableFile("没有粘贴任何内容。")
    if len(text) > MAX_CHARACTERS:
        raise UnreadableFile("粘贴的内容太长，请存成文件后导入。")
    text = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    if text.lstrip().startswith("<") and _HTML_TABLE.search(text):
        rows = _html_rows(text)
    else:
        rows = _text_rows(text)
    width = max(map(len, rows), default=0)
    if width < 2:
        raise UnreadableFile("看不出列。请选中整片单元格（连同表头）复制，再粘贴到这里。")
    if width > MAX_COLUMNS:
        raise UnreadableFile(f"粘贴的表有 {width} 列，最多 {MAX_COLUMNS} 列，请只复制需要的部分。")
    return written([[_LINE_BREAK.sub(" ", cell).strip() for cell in row] for row in rows])


def _by_tabs(text: str) -> Rows:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t"))
    except csv.Error:
        rows = [["\t"]]
    # Sheets quote cells with line breaks; a stray quotation mark would swallow whole lines.
    if any("\t" in cell for row in rows for cell in row):
        return [line.split("\t") for line in text.split("\n")]
    return _numbered(rows)


def _by_delimiter(delimiter: str, text: str) -> Rows:
    if delimiter == ",":
        text = text.replace("，", ",")
    try:
        return _numbered(list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
    except csv.Error:
        return []


def _numbered(rows: Rows) -> Rows:
    """Blank rows after a cell of several lines: numbers then go on as on the screen."""
    result: Rows = []
    for row in rows:
        result.append(row)
        result += [[] for _ in range(sum(cell.count("\n") for cell in row))]
    return result


def _by_pipes(text: str) -> Rows:
    rows: Rows = []
    for line in text.replace("｜", "|").split("\n"):
        plain = line.strip()
        if "|" not in plain or _RULE.fullmatch(plain):
            rows.append([])
            continue
        cells = re.split(r"(?<!\\)\|", plain.removeprefix("|").removesuffix("|"))
        rows.append([cell.replace("\\|", "|").strip(" *`") for cell in cells])
    return rows


def _by_gaps(gap: re.Pattern[str], text: str) -> Rows:
    return [gap.split(line.strip()) if line.strip() else [] for line in text.split("\n")]


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way to part columns; ``even`` where an empty cell leaves no trace."""

    split: Callable[[str], Rows]
    even: bool = False


_READINGS = (
    _Reading(_by_tabs),
    _Reading(_by_pipes),
    _Reading(partial(_by_delimiter, ",")),
    _Reading(partial(_by_delimiter, ";")),
    _Reading(partial(_by_gaps, _GAP), even=True),
    _Reading(partial(_by_gaps, _SPACE), even=True),
)


def _text_rows(text: str) -> Rows:
    """Parted in the way that shows the most known headings; by tabs where none shows any."""
    head = "\n".join(text.split("\n", LINES_LOOKED_AT)[:LINES_LOOKED_AT])
    reading = max(_READINGS, key=lambda each: _headings(each.split(head)))
    rows = reading.split(text)
    if reading.even:
        _check_even(rows)
    return rows


def _headings(rows: Rows) -> int:
    return max((sum(map(is_heading, row)) for row in rows), default=0)


def _check_even(rows: Rows) -> None:
    """Refuse rows that do not fill every column: with gaps alone nobody can tell which is empty."""
    start = max(range(len(rows)), key=lambda n: sum(map(is_heading, rows[n])))
    width = len(rows[start])
    for number, row in enumerate(rows[start:], start + 1):
        if row and len(row) != width:
            raise UnreadableFile(
                f"第 {number} 行有 {len(row)} 列，表头有 {width} 列，只隔着空格时看不出缺了哪一列。"
                "请从表格软件里复制（列之间是制表符），或在空着的格子里写“—”。"
            )


def _html_rows(text: str) -> Rows:
    soup = BeautifulSoup(text, "lxml")
    tables = [_grid(table) for table in soup.find_all("table")]
    return max(tables, key=lambda rows: sum(map(len, rows)), default=[])


def _grid(table: Tag) -> Rows:
    """The cells of a table where they stand; merged cells say the same in every place."""
    placed: dict[tuple[int, int], str] = {}
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    for number, row in enumerate(rows):
        column = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (number, column) in placed:
                column += 1
            text = " ".join(cell.get_text(" ").split())
            across, down = _span(cell, "colspan"), _span(cell, "rowspan")
            for below in range(min(down, len(rows) - number)):
                for right in range(across):
                    placed.setdefault((number + below, column + right), text)
            column += across
    width = max((column for _, column in placed), default=-1) + 1
    return [
        [placed.get((number, column), "") for column in range(min(width, MAX_COLUMNS + 1))]
        for number in range(len(rows))
    ]


def _span(cell: Tag, name: str) -> int:
    text = str(cell.get(name) or "1").strip()
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        return 1
    return min(max(int(text), 1), MAX_SPAN)
