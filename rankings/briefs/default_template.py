"""The Word template that comes with the project, as a program.

``default.docx`` beside this file is what ``build`` makes; a test holds the two together. After a
change here, write it again: ``python -m rankings.briefs.default_template``. The layout follows
GB/T 9704 as far as a brief has its parts: A4, margins, red heading and rule, 三号 body, page
numbers between dashes.
"""

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path

from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from ..word_parts import (
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
from .packing import repack

FILE = Path(__file__).with_name("default.docx")
# The moment stamped on the file; nothing depends on it.
MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

RED = RGBColor(0xC0, 0x00, 0x00)
GREY = RGBColor(0x55, 0x62, 0x5F)

MONTHS_TABLE = (
    ("统计月", "{{ row.month }}", 24),
    ("名次", "{{ row.place }}", 30),
    ("核实情况", "{{ row.proof }}", 26),
    ("指数", "{{ row.index }}", 24),
    ("总阅读数", "{{ row.reads }}", 24),
    ("发布篇数", "{{ row.articles }}", 16),
    ("来源", "{{ row.sources }}", 12),
)
TOP_TABLE = (
    ("名次", "{{ row.rank }}", 18),
    ("公众号", "{{ row.name }}", 36),
    ("较上期", "{{ row.movement }}", 18),
    ("指数", "{{ row.index }}", 22),
    ("总阅读数", "{{ row.reads }}", 22),
    ("发布篇数", "{{ row.articles }}", 16),
    ("核实情况", "{{ row.proof }}", 24),
)
COMPARED_TABLE = (
    ("公众号", "{{ row.name }}", 38),
    ("本月名次", "{{ row.place }}", 24),
    ("本月指数", "{{ row.index }}", 22),
    ("我方指数", "{{ row.gap }}", 24),
    ("我方在前", "{{ row.ahead }}期", 16),
    ("我方在后", "{{ row.behind }}期", 16),
    ("名次相同", "{{ row.level }}期", 16),
)
SOURCES_TABLE = (
    ("序号", "{{ row.number }}", 10),
    ("来源", "{{ row.name }}", 30),
    ("发布日期", "{{ row.published }}", 20),
    ("用于", "{{ row.months }}", 30),
    ("网址与存证校验值（SHA-256）", "{{ row.address }}", 66),
)


def build() -> bytes:
    """The template's bytes, the same each time."""
    document = Document()
    set_properties(document, "{{ title }}", "{{ number }}", MADE)
    _page(document)
    _styles(document)
    _head(document)
    _body(document)
    name_substitutes(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return repack(buffer.getvalue(), MADE)


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    set_a4(document)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(25)
    header = section.header.paragraphs[0]
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_run(header, "{{ example_mark }}", BLACK_FONT, 12, colour=RED)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    add_page_number(footer)


def _styles(document: Docx) -> None:
    normal = document.styles["Normal"]
    set_font(normal, BODY_FONT, 16)
    normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    normal.paragraph_format.line_spacing = Pt(28)
    normal.paragraph_format.space_after = Pt(0)
    set_language(document)
    indented = _style(document, "简报正文", BODY_FONT, 16)
    # Two characters of 三号.
    indented.paragraph_format.first_line_indent = Pt(32)
    indented.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    heading = _style(document, "简报小标题", BLACK_FONT, 16)
    heading.paragraph_format.first_line_indent = Pt(32)
    heading.paragraph_format.space_before = Pt(8)
    heading.paragraph_format.keep_with_next = True
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "0")
    heading.element.get_or_add_pPr().append(level)
    for name, font, size in (("简报表格", TABLE_FONT, 9), ("简报图", TABLE_FONT, 9)):
        style = _style(document, name, font, size)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    document.styles["简报图"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _style(document: Docx, name: str, font: str, size: int) -> ParagraphStyle:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    set_font(style, font, size)
    return style


def _head(document: Docx) -> None:
    name = document.paragraphs[0] if document.paragraphs else document.add_paragraph()
    _line(name, "{{ account }}榜单简报", HEADING_FONT, 32, colour=RED, height=46)
    below = _line(document.add_paragraph(), "{{ number }}　　{{ issued_on }}", BODY_FONT, 16)
    _rule(below)
    _line(document.add_paragraph("{%p if correction %}"), "", BODY_FONT, 16)
    _line(document.add_paragraph(), "{{ correction.heading }}", BLACK_FONT, 16, colour=RED)
    _line(document.add_paragraph("{%p endif %}"), "", BODY_FONT, 16)
    title = _line(document.add_paragraph(), "{{ title }}", HEADING_FONT, 22, height=34)
    title.paragraph_format.space_before = Pt(20)
    title.paragraph_format.space_after = Pt(12)
    _line(
        document.add_paragraph(), "《{{ board }}》　{{ publisher }}　统计月：{{ month }}",
        TABLE_FONT, 10.5, colour=GREY,
    )  # fmt: skip


def _line(
    paragraph: Paragraph, text: str, font: str, size: float, *,
    colour: RGBColor | None = None, height: int = 28,
) -> Paragraph:  # fmt: skip
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.line_spacing = Pt(height)
    if text:
        add_run(paragraph, text, font, size, colour)
    return paragraph


def _rule(paragraph: Paragraph) -> None:
    """The red line under the heading."""
    borders = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "18"), ("space", "6"), ("color", "C00000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    # Word wants the parts of a paragraph's properties in the order of the schema.
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def _body(document: Docx) -> None:
    def text(content: str) -> None:
        document.add_paragraph(content, style="简报正文")

    def heading(content: str) -> None:
        document.add_paragraph(content, style="简报小标题")

    def each(name: str, content: str) -> None:
        text("{%p for line in " + name + " %}")
        text(content)
        text("{%p endfor %}")

    text("{%p if correction %}")
    text("{{ correction.reason }}")
    each("correction.differences", "{{ line }}")
    text("{%p endif %}")
    text("{%p if remarks %}")
    heading("编者的话")
    each("remarks", "{{ line }}")
    text("{%p endif %}")
    heading("一、本月要点")
    each("summary", "{{ loop.index }}．{{ line.text }}")
    heading("二、近13个月情况")
    _table(document, "months", MONTHS_TABLE)
    heading("三、走势")
    for name, caption in (("rank_chart", "名次走势"), ("index_chart", "指数走势")):
        text("{%p if " + name + " %}")
        picture = document.add_paragraph("{{ " + name + " }}", style="简报图")
        picture.paragraph_format.keep_with_next = True
        document.add_paragraph(
            f"{caption}（实心：已核实；空心、虚线：据报道或只知界限；没有资料的月份留空）",
            style="简报图",
        )
        text("{%p endif %}")
    heading("四、本月榜单")
    text("{{ top_caption }}")
    _table(document, "top_rows", TOP_TABLE)
    heading("五、与其他账号对比")
    text("{{ compared_caption }}")
    text("{%p if compared %}")
    _table(document, "compared", COMPARED_TABLE)
    text("{%p endif %}")
    heading("六、计算方法")
    each("methods", "{{ line }}")
    heading("七、来源与存证")
    _table(document, "sources", SOURCES_TABLE)
    heading("八、说明")
    each("notes", "{{ loop.index }}．{{ line }}")
    signed = document.add_paragraph(style="简报正文")
    signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    signed.paragraph_format.space_before = Pt(20)
    signed.add_run("编写：{{ written_by }}　　签发：{{ issued_by }}")


def _table(document: Docx, name: str, columns: Sequence[tuple[str, str, int]]) -> None:
    """Heading row, then one row between two rows that hold nothing but the loop."""
    table = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for at, (label, content, width) in enumerate(columns):
        _cell(table.rows[0].cells[at], label, width, bold=True)
        _cell(table.rows[2].cells[at], content, width)
    _cell(table.rows[1].cells[0], "{%tr for row in " + name + " %}", columns[0][2])
    _cell(table.rows[3].cells[0], "{%tr endfor %}", columns[0][2])
    keep_rows_whole(table)


def _cell(cell: _Cell, text: str, width: int, *, bold: bool = False) -> None:
    cell.width = Mm(width)
    paragraph = cell.paragraphs[0]
    paragraph.style = "简报表格"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if bold else WD_ALIGN_PARAGRAPH.LEFT
    paragraph.add_run(text).bold = bold


if __name__ == "__main__":
    FILE.write_bytes(build())
