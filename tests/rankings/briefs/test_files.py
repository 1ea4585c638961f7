"""Excel, PDF, the charts as pictures, and the page they share."""

import datetime as dt
import hashlib
import io
import shutil
import subprocess
import sys

import pytest
from django.template.loader import render_to_string
from openpyxl import load_workbook
from PIL import Image

from media import fonts
from media.fonts import FontMissing
from rankings.briefs import excel, pages, pdf, pictures, samples
from rankings.briefs.content import compose
from rankings.briefs.pdf import PdfUnavailable
from rankings.models import Account
from tests.rankings.lists import LAST, record_month

MOMENT = dt.datetime(2019, 9, 17, 2, 30, tzinfo=dt.UTC)
FULL = samples.documents()[1]


@pytest.fixture
def document(fifteen_months):
    return compose(fifteen_months.board, fifteen_months.ours, LAST).document


def book_of(data: bytes):
    return load_workbook(io.BytesIO(data))


def cells(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


# --- Excel ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_workbook_has_numbers_with_their_bounds(document) -> None:
    book = book_of(excel.write(document, MOMENT))
    assert book.sheetnames == ["摘要", "近况", "本月榜单", "对比", "来源与方法"]
    rows = cells(book["近况"])
    heads, newest = rows[0], rows[15]
    shown = dict(zip(heads[:12], newest[:12], strict=True))
    assert shown["统计月"] == "2019年8月" and shown["名次"] == 1
    assert (shown["指数"], shown["指数界限"]) == (1000.5, None)
    assert (shown["总阅读数"], shown["总阅读数界限"]) == (209000, "≥")
    assert book["近况"].freeze_panes == "B2"
    top = cells(book["本月榜单"])
    assert top[1][:4] == [1, None, "在荷塘", "持平"] and len(top) == 12
    assert cells(book["对比"])[2][0] == "甲县发布"
    texts = [value for row in cells(book["摘要"]) for value in row]
    for line in document["summary"]:
        assert line["text"] in texts
    sources = [value for row in cells(book["来源与方法"]) for value in row]
    assert document["sources"][0]["sha256"] in sources and document["methods"][0] in sources


@pytest.mark.django_db
def test_the_charts_are_native_inverted_and_leave_gaps_open(document) -> None:
    sheet = book_of(excel.write(document, MOMENT))["近况"]
    rank, index = sheet._charts
    assert rank.y_axis.scaling.orientation == "maxMin"
    assert rank.display_blanks == index.display_blanks == "gap"
    assert len(rank.series) == 1 and len(index.series) == 1


@pytest.mark.django_db
def test_a_reported_month_is_a_line_of_its_own(fifteen_months) -> None:
    record_month(fifteen_months.board, LAST + 1, fifteen_months.accounts, status="reported")
    made = compose(fifteen_months.board, fifteen_months.ours, LAST + 1).document
    sheet = book_of(excel.write(made, MOMENT))["近况"]
    assert len(sheet._charts[0].series) == 2
    last = cells(sheet)[16]
    assert last[1] == 1 and last[3] == "据报道（未核实）"
    assert last[13] is None and last[14] == 1


def test_no_cell_is_a_formula() -> None:
    hostile = {**FULL, "account": {"key": "a", "name": "=1+1"}, "title": "=HYPERLINK(1)"}
    hostile["top"] = {**FULL["top"], "rows": [{**FULL["top"]["rows"][0], "name": "@SUM(A1)"}]}
    hostile["sources"] = [{**FULL["sources"][0], "url": "+cmd|' /C calc'!A0"}]
    book = book_of(excel.write(hostile, MOMENT))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").startswith(("=", "@", "+", "-"))


def test_an_example_is_marked_on_every_sheet() -> None:
    for sheet in book_of(excel.write(FULL, MOMENT)).worksheets:
        assert sheet["A1"].value == "示例数据　不得引用"
        assert "示例数据" in sheet.oddHeader.center.text


def test_the_workbook_is_the_same_whenever_it_is_made(time_machine) -> None:
    time_machine.move_to(dt.datetime(2026, 10, 9, tzinfo=dt.UTC))
    first = excel.write(FULL, MOMENT)
    time_machine.move_to(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    assert excel.write(FULL, MOMENT) == first


# --- the page and PDF -------------------------------------------------------------------------


def test_the_page_escapes_what_people_wrote() -> None:
    html = pages.page(FULL, linked=True)
    assert "<script>alert(1)" not in html and "&lt;script&gt;alert(1)" in html
    assert "rankings/briefs-print.css" in html and 'class="bf-watermark"' in html
    assert "briefs-print.css" not in pages.page(FULL, linked=False)


def test_an_empty_brief_can_still_be_printed() -> None:
    [empty, _] = samples.documents()
    html = pages.page(empty, linked=False)
    assert "没有名次或指数可画" in html and "没有可以对比的账号" in html and "榜单停发" in html


def pages_of(data: bytes) -> int:
    return data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") + data.count(b"/Type /Page/")


@pytest.mark.needs("pango", "fonts-noto-cjk")
@pytest.mark.django_db
def test_the_pdf_has_pages_and_text(document, tmp_path) -> None:
    document |= {"number": "JB-2019-001", "issued_on": "2019-09-17", "issued_by": "签发员"}
    data = pdf.write(document, MOMENT)
    assert data.startswith(b"%PDF-")
    assert hashlib.sha256(data).digest() == hashlib.sha256(pdf.write(document, MOMENT)).digest()
    if shutil.which("pdftotext"):
        file = tmp_path / "brief.pdf"
        file.write_bytes(data)
        text = subprocess.run(
            ["pdftotext", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        flat = "".join(text.split())
        for line in document["summary"]:
            assert "".join(line["text"].split()) in flat
        assert "≥209,000" in flat and "—1—" in flat and "JB-2019-001" in flat
        assert text.count("\f") >= 2


@pytest.mark.needs("pango", "fonts-noto-cjk")
def test_every_page_of_an_example_pdf_is_marked(tmp_path) -> None:
    long = {**FULL, "sources": FULL["sources"] * 60}
    data = pdf.write(long, MOMENT)
    if shutil.which("pdftotext"):
        file = tmp_path / "brief.pdf"
        file.write_bytes(data)
        text = subprocess.run(
            ["pdftotext", str(file), "-"], capture_output=True, text=True, check=True
        ).stdout
        sheets = text.split("\f")[:-1]
        assert len(sheets) > 2 and all("示例数据" in sheet for sheet in sheets)


@pytest.mark.needs("pango", "fonts-noto-cjk")
def test_a_page_that_fetches_is_a_fault(monkeypatch) -> None:
    # By way of our module: its own import leaves Pillow taking broken pictures for good.
    fetching_error = pdf.library().urls.FatalURLFetchingError
    monkeypatch.setattr(pages, "page", lambda *args, **more: '<img src="http://127.0.0.1:9/x.png">')
    with pytest.raises(fetching_error):
        pdf.write(FULL, MOMENT)


def test_a_machine_without_pango_says_what_to_install(monkeypatch) -> None:
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise OSError("cannot load library 'libpango-1.0-0'")

    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(PdfUnavailable, match="apt-get install libpango"):
        pdf.write(FULL, MOMENT)


@pytest.mark.needs("pango")
def test_a_machine_without_a_chinese_font_says_so(monkeypatch) -> None:
    monkeypatch.setattr(fonts, "ROOTS", ())
    fonts._located.cache_clear()
    with pytest.raises(FontMissing, match="fonts-noto-cjk"):
        pdf.write(FULL, MOMENT)
    fonts._located.cache_clear()


# --- charts as pictures -----------------------------------------------------------------------


@pytest.mark.needs("fonts-noto-cjk")
@pytest.mark.django_db
def test_the_pictures_are_twice_the_geometry(document) -> None:
    rank, index = pictures.rank_geometry(document), pictures.index_geometry(document)
    for chart, png in ((rank, pictures.rank_png(rank)), (index, pictures.index_png(index))):
        with Image.open(io.BytesIO(png)) as image:
            assert image.size == (chart.width * 2, chart.height * 2)
            assert len(image.getcolors(maxcolors=1_000_000)) > 10


@pytest.mark.needs("fonts-noto-cjk")
@pytest.mark.django_db
def test_absence_reports_breaks_and_bounds_are_drawn(fifteen_months) -> None:
    ours = Account.objects.get(pk=fifteen_months.ours.pk)
    record_month(
        fifteen_months.board, LAST + 1, fifteen_months.accounts, status="reported", method="14.2a"
    )
    made = compose(fifteen_months.board, ours, LAST + 1).document
    made["history"][3] |= {"rank": None, "beyond": 20, "mark": "×", "tied": False}
    made["history"][4] |= {"tied": True, "index": {"value": 5, "bound": "at_least", "text": "≥5"}}
    made["history"][5] |= {"rank": None, "mark": "停"}
    rank, index = pictures.rank_geometry(made), pictures.index_geometry(made)
    assert len(index.series) == 2 and rank.arrows and rank.breaks and rank.gaps
    plain = pictures.rank_png(rank)
    assert pictures.rank_png(rank, example=True) != plain
    assert pictures.index_png(index, example=True) != pictures.index_png(index)


def test_nothing_to_draw_is_no_chart() -> None:
    [empty, _] = samples.documents()
    assert pictures.rank_geometry(empty) is None and pictures.index_geometry(empty) is None


def test_the_body_is_one_template_for_screen_and_paper() -> None:
    html = render_to_string("rankings/briefs/body.html", pages.context(FULL))
    assert html in pages.page(FULL, linked=False)
