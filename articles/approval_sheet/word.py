"""The 发布审批单 as a Word file that an office can file and sign."""

import datetime as dt
import io
import re

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.table import Table, _Cell

from rankings.briefs.packing import repack
from rankings.word_parts import (
    BLACK_FONT,
    BODY_FONT,
    HEADING_FONT,
    TABLE_FONT,
    add_page_number,
    add_run,
    keep_rows_whole,
    name_substitutes,
    set_a4,
    set_font,
    set_language,
    set_properties,
)

from ..timeline.sentences import moment_words
from .content import Cell, Sheet, heading, rows

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Label, content, label, content: together what is left between the margins of A4.
WIDTHS = (Mm(24), Mm(63), Mm(24), Mm(63))
# What XML cannot hold; a title copied from elsewhere may carry it.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(sheet: Sheet, moment: dt.datetime) -> bytes:
    """The sheet as .docx, the same bytes for the same sheet and ``moment`` (aware)."""
    document = Document()
    set_properties(document, f"发布审批单 {_plain(sheet.title)}", _plain(sheet.digest), moment)
    _page(document)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(6)
    add_run(title, "发布审批单", HEADING_FONT, 22)
    for said in heading(sheet):
        line = document.add_paragraph()
        add_run(line, _plain(said), BODY_FONT, 12)
    printed = rows(sheet)
    table = document.add_table(rows=len(printed), cols=4, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for at, row in enumerate(printed):
        _fill(table, at, row)
    keep_rows_whole(table, has_head=False)
    note = document.add_paragraph()
    note.paragraph_format.space_before = Pt(6)
    add_run(note, f"{closing(moment)}", TABLE_FONT, 9)
    name_substitutes(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return repack(buffer.getvalue(), moment)


def closing(moment: dt.datetime) -> str:
    """What stands under the sheet, on paper and in Word alike."""
    return (
        f"本单由在荷塘工作台按审批记录生成，{moment_words(moment)}。"
        "姓名和时间取自本人登录后的操作；审核意见只对上列摘要值的内容有效。"
    )


def _page(document: Document) -> None:
    set_a4(document)
    section = document.sections[0]
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin = section.right_margin = Mm(18)
    section.footer_distance = Mm(10)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_page_number(footer, 10.5)
    normal = document.styles["Normal"]
    set_font(normal, BODY_FONT, 12)
    normal.paragraph_format.space_after = Pt(0)
    set_language(document)


def _fill(table: Table, at: int, row: tuple[Cell, ...]) -> None:
    cells = table.rows[at].cells
    for cell, width in zip(cells, WIDTHS, strict=True):
        cell.width = width
    if len(row) == 1:
        merged = cells[1].merge(cells[3])
        merged.width = sum(WIDTHS[1:])
        _label(cells[0], row[0])
        _content(merged, row[0])
        return
    for place, field in enumerate(row):
        _label(cells[place * 2], field)
        _content(cells[place * 2 + 1], field)


def _label(cell: _Cell, field: Cell) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(paragraph, field.label, BLACK_FONT, 10.5)


def _content(cell: _Cell, field: Cell) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for number, text in enumerate(field.lines):
        paragraph = cell.paragraphs[0] if not number else cell.add_paragraph()
        add_run(paragraph, _plain(text), BODY_FONT, 10.5)
    if field.signed:
        signed = cell.add_paragraph()
        signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        add_run(signed, _plain(field.signed), BODY_FONT, 10.5)


def _plain(text: str) -> str:
    return _CONTROL.sub("", text)
