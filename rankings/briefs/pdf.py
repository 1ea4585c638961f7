"""The brief as PDF: WeasyPrint lays out the print page; nothing is fetched from anywhere."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from PIL import ImageFile

from media.fonts import cjk_font_file

from . import pages

CONTENT_TYPE = "application/pdf"


class PdfUnavailable(Exception):
    """This machine cannot make PDF files; the message is a Chinese sentence that says why."""


def library() -> Any:
    """WeasyPrint itself, with Pillow left as it was. Raises ``PdfUnavailable`` without Pango."""
    strict = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        # At run time only: without Pango the import itself fails.
        import weasyprint
    except OSError as error:
        raise PdfUnavailable(
            "服务器上没有 Pango，做不出 PDF。请管理员执行 "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 后重试；"
            "在此之前可以用“打印”页面从浏览器打印。"
        ) from error
    finally:
        # Its import makes Pillow accept broken pictures in the whole process: uploads must not.
        ImageFile.LOAD_TRUNCATED_IMAGES = strict
    return weasyprint


def write(document: Mapping[str, Any], moment: dt.datetime) -> bytes:
    """The brief as PDF, dated ``moment``.

    Raises ``PdfUnavailable`` without Pango and ``media.fonts.FontMissing`` without a Chinese font:
    letters would come out as empty boxes.
    """
    weasyprint = library()
    cjk_font_file()
    # Nothing may be fetched, and a page that tries is a fault, not a page with a hole.
    fetcher = weasyprint.urls.URLFetcher(allowed_protocols=(), fail_on_errors=True)
    html = pages.page(document, linked=False, stamp=moment)
    styles = weasyprint.CSS(string=pages.STYLES.read_text(), url_fetcher=fetcher)
    return weasyprint.HTML(string=html, url_fetcher=fetcher).write_pdf(stylesheets=[styles])
