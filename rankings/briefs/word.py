"""The brief as Word, from the template in use."""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from docx import Document as open_docx
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateSyntaxError, UndefinedError

from . import default_template, pictures, samples
from .layout import EXAMPLE_MARK, lines
from .packing import repack
from .templates import (
    UNREADABLE,
    BriefEnvironment,
    TemplateRefused,
    check_file,
    missing_words,
    syntax_words,
)

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Between the margins of the default template.
CHART_WIDTH = Mm(156)

Document = Mapping[str, Any]


def default() -> bytes:
    """The template that comes with the project."""
    return default_template.FILE.read_bytes()


def write(document: Document, template: bytes, moment: dt.datetime) -> bytes:
    """The brief as .docx, the same bytes for the same document, template and ``moment``.

    Raises ``TemplateRefused`` when the template does not fit, ``media.fonts.FontMissing`` when
    the charts cannot be drawn.
    """
    return repack(_fill(document, template), moment)


def check_template(data: bytes) -> None:
    """Try a template with awkward briefs. Raises ``TemplateRefused`` with a Chinese sentence."""
    check_file(data)
    with _understood():
        # What is printed: the file's properties do not count.
        used = DocxTemplate(io.BytesIO(data)).get_undeclared_template_variables(BriefEnvironment())
    if words := missing_words(used):
        raise TemplateRefused(words)
    for sample in samples.documents():
        filled = _fill(sample, data)
        if sample["is_example"]:
            _check_marks(filled)


def _fill(document: Document, template: bytes) -> bytes:
    tpl = DocxTemplate(io.BytesIO(template))
    with _understood():
        # Pictures belong to the file, which has to be open for them.
        tpl.init_docx()
    values = {**lines(document), **_charts(document, tpl)}
    buffer = io.BytesIO()
    with _understood():
        tpl.render(values, BriefEnvironment())
        tpl.save(buffer)
        # What cannot be opened again was no brief.
        open_docx(io.BytesIO(buffer.getvalue()))
    return buffer.getvalue()


@contextmanager
def _understood() -> Iterator[None]:
    """Turn what can go wrong with a template into a sentence about the template."""
    try:
        yield
    except TemplateSyntaxError as error:
        raise TemplateRefused(syntax_words(error)) from error
    except UndefinedError as error:
        raise TemplateRefused(
            "模板里有占位符在没有内容时也要印出来（例如没有放在 {%p if correction %} 里的 "
            "correction.reason），请加上判断后再上传。"
        ) from error
    except TemplateRefused:
        raise
    except UNREADABLE as error:
        raise TemplateRefused(
            "用这个模板排不出简报，多半是表格里的 {%tr %} 或段落里的 {%p %} 没有单独占一行。"
            "请对照默认模板改正后再上传。"
        ) from error


def _charts(document: Document, tpl: DocxTemplate) -> dict[str, InlineImage | str]:
    example = document["is_example"]
    rank, index = pictures.rank_geometry(document), pictures.index_geometry(document)

    def picture(png: bytes) -> InlineImage:
        return InlineImage(tpl, io.BytesIO(png), width=CHART_WIDTH)

    return {
        "rank_chart": "" if rank is None else picture(pictures.rank_png(rank, example=example)),
        "index_chart": "" if index is None else picture(pictures.index_png(index, example=example)),
    }


def _check_marks(data: bytes) -> None:
    """Every page of an example's brief says 示例: each header or footer in use, in each section."""
    document = open_docx(io.BytesIO(data))
    even = document.settings.odd_and_even_pages_header_footer
    for section in document.sections:
        pairs = [(section.header, section.footer)]
        if section.different_first_page_header_footer:
            pairs.append((section.first_page_header, section.first_page_footer))
        if even:
            pairs.append((section.even_page_header, section.even_page_footer))
        for pair in pairs:
            text = "".join(
                paragraph.text for part in pair for paragraph in part.paragraphs
            ) + "".join(
                cell.text for part in pair for table in part.tables for cell in table._cells
            )
            if EXAMPLE_MARK not in text:
                raise TemplateRefused(
                    "每一节的页眉或页脚里都要有 {{ example_mark }}（首页不同、奇偶页不同的"
                    "也要有），这样示例榜单的每一页才会标明“示例”，请加上后再上传。"
                )
