"""Parts of Word files made here: fonts of official documents, page numbers, tables that hold.

Fonts are named twice, for Latin and for East Asian letters, each with a substitute for machines
that lack the fonts of official documents.
"""

import datetime as dt

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table
from docx.text.paragraph import Paragraph
from docx.text.run import Run

HEADING_FONT, BLACK_FONT, BODY_FONT, TABLE_FONT = "方正小标宋简体", "黑体", "仿宋_GB2312", "宋体"
# What stands in where a machine lacks the fonts of official documents.
SUBSTITUTES = {HEADING_FONT: "宋体", BODY_FONT: "仿宋", BLACK_FONT: "SimHei", TABLE_FONT: "SimSun"}


def add_run(
    paragraph: Paragraph, text: str, font: str, size: float, colour: RGBColor | None = None
) -> Run:
    """``text`` in ``font``, ``size`` in points."""
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = "Times New Roman"
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    if colour is not None:
        run.font.color.rgb = colour
    return run


def set_font(style: ParagraphStyle, font: str, size: float) -> None:
    """Let ``style`` print in ``font``, ``size`` in points."""
    style.font.size = Pt(size)
    style.font.name = "Times New Roman"
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def set_language(document: Document) -> None:
    """Chinese, so that lines break as Chinese does."""
    language = document.styles.element.find(".//" + qn("w:lang"))
    language.set(qn("w:eastAsia"), "zh-CN")


def set_a4(document: Document) -> None:
    """A4 upright; margins stay as they are."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)


def set_properties(document: Document, title: str, subject: str, made: dt.datetime) -> None:
    """What the file says of itself: no author, no thumbnail, ``made`` as its only time."""
    properties = document.core_properties
    properties.title = title
    properties.subject = subject
    properties.author = properties.last_modified_by = ""
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = made
    package = document.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL:
            del package.rels[key]


def add_page_number(paragraph: Paragraph, size: float = 14) -> None:
    """The number of the page as a field between dashes, as GB/T 9704 has it."""
    add_run(paragraph, "— ", TABLE_FONT, size)
    for kind in ("begin", None, "end"):
        run = add_run(paragraph, "", TABLE_FONT, size)
        if kind is None:
            code = OxmlElement("w:instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = "PAGE"
            run._r.append(code)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
    add_run(paragraph, " —", TABLE_FONT, size)


def keep_rows_whole(table: Table, *, has_head: bool = True) -> None:
    """No row is torn between pages; the heading row, if any, comes again on each."""
    for at, row in enumerate(table.rows):
        properties = row._tr.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if has_head and not at:
            properties.append(OxmlElement("w:tblHeader"))


def name_substitutes(document: Document) -> None:
    """Name a substitute for each font: Word takes it where the font is not installed."""
    part = next(
        each
        for each in document.part.package.iter_parts()
        if each.partname == "/word/fontTable.xml"
    )
    entries = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{other}"/></w:font>'
        for font, other in SUBSTITUTES.items()
    )
    part._blob = part.blob.replace(b"</w:fonts>", f"{entries}</w:fonts>".encode())
