"""The Word file, and which templates may make it."""

import copy
import datetime as dt
import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from rankings import word_parts
from rankings.briefs import default_template, samples, templates, word
from rankings.briefs.content import compose
from rankings.briefs.layout import EXAMPLE_MARK
from rankings.briefs.templates import TemplateRefused, check_file
from tests.rankings.lists import LAST

pytestmark = pytest.mark.needs("fonts-noto-cjk")
MOMENT = dt.datetime(2019, 9, 17, 2, 30, tzinfo=dt.UTC)


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def text_of(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for cell in table._cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def edited(change, data: bytes | None = None) -> bytes:
    document = docx.Document(io.BytesIO(data or word.default()))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_paragraph(text: str) -> bytes:
    return edited(lambda document: document.add_paragraph(text))


def without(placeholder: str) -> bytes:
    """The default template without a placeholder, wherever it stands."""

    def change(document) -> None:
        places = [document, *(s.header for s in document.sections)]
        for place in places:
            for paragraph in list(place.paragraphs):
                if placeholder in paragraph.text:
                    paragraph.clear()

    return edited(change)


def repacked(data: bytes, **changes: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (parts(data) | changes).items():
            package.writestr(name, content)
    return buffer.getvalue()


def test_the_template_beside_the_program_is_what_the_program_makes() -> None:
    assert parts(default_template.FILE.read_bytes()) == parts(default_template.build())


def test_the_default_template_is_a_page_of_an_official_document() -> None:
    document = docx.Document(io.BytesIO(word.default()))
    [section] = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    fonts = parts(word.default())["word/fontTable.xml"].decode()
    for font, other in word_parts.SUBSTITUTES.items():
        assert f'<w:font w:name="{font}"><w:altName w:val="{other}"/>' in fonts
    assert "PAGE" in parts(word.default())["word/footer1.xml"].decode()
    assert document.core_properties.author == "" and document.core_properties.comments == ""


def test_the_handbook_lists_every_placeholder() -> None:
    handbook = (Path(__file__).parents[3] / "docs" / "briefs.md").read_text()
    rows = {line.split("`")[1]: line for line in handbook.splitlines() if line.startswith("| `")}
    for name, each in templates.PLACEHOLDERS.items():
        assert ("必需" in rows[name].split("|")[1]) == each.required
        assert all(f"`{part}`" in rows[name] for part in each.fields or {})


def test_the_default_template_passes_its_own_trial() -> None:
    word.check_template(word.default())


@pytest.mark.django_db
def test_the_file_says_what_the_document_says(fifteen_months) -> None:
    document = compose(fifteen_months.board, fifteen_months.ours, LAST).document
    document |= {
        "number": "JB-2019-001",
        "issued_on": "2019-09-17",
        "issued_by": "签发员",
        "writers": [{"id": 1, "name": "编写员"}],
        "remarks": "第一段。\n第二段。",
    }
    data = word.write(document, word.default(), MOMENT)
    text = text_of(data)
    for line in document["summary"]:
        assert line["text"] in text
    for said in (
        "JB-2019-001", "2019年9月17日", "编写：编写员　　签发：签发员", "第一段。", "第二段。",
        "≥209,000", "第1名", "https://example.org/2019-08", document["sources"][0]["sha256"],
        *document["methods"],
    ):  # fmt: skip
        assert said in text
    opened = docx.Document(io.BytesIO(data))
    months, top, beside, sources = opened.tables
    assert len(months.rows) == 1 + 13 and len(top.rows) == 1 + 11
    assert len(beside.rows) == 1 + 3 and len(sources.rows) == 1 + 15
    assert len(opened.inline_shapes) == 2
    assert "更正" not in text and EXAMPLE_MARK not in text
    assert opened.core_properties.title == document["title"]
    assert opened.core_properties.created.replace(tzinfo=dt.UTC) == MOMENT


@pytest.mark.django_db
def test_the_same_document_makes_the_same_bytes(fifteen_months, time_machine) -> None:
    document = compose(fifteen_months.board, fifteen_months.ours, LAST).document
    time_machine.move_to(dt.datetime(2026, 10, 9, tzinfo=dt.UTC))
    first = word.write(document, word.default(), MOMENT)
    time_machine.move_to(dt.datetime(2027, 1, 1, tzinfo=dt.UTC))
    assert word.write(document, word.default(), MOMENT) == first
    assert word.write(document, word.default(), MOMENT + dt.timedelta(days=1)) != first


def test_what_people_wrote_comes_out_as_they_wrote_it() -> None:
    [_, full] = samples.documents()
    data = word.write(full, word.default(), MOMENT)
    text = text_of(data)
    assert text.count(samples.AWKWARD) >= 6 and "49" not in text
    assert "更正第1号（更正JB-2019-001）" in text


def test_every_page_of_an_example_is_marked() -> None:
    [_, full] = samples.documents()
    opened = docx.Document(io.BytesIO(word.write(full, word.default(), MOMENT)))
    assert opened.sections[0].header.paragraphs[0].text == EXAMPLE_MARK


@pytest.mark.parametrize(
    ("template", "words"),
    [
        (lambda: with_paragraph("{{ secret }}"), "不认识的占位符：secret"),
        (lambda: with_paragraph("{{ board.publisher }}"), "不认识的占位符：board.publisher"),
        (lambda: with_paragraph("{% for x in months %}{{ x.wci }}{% endfor %}"), "x.wci"),
        (lambda: with_paragraph("{% for x in people %}{{ x }}{% endfor %}"), "people"),
        (lambda: with_paragraph("{{ title"), "占位符写错了"),
        (lambda: with_paragraph("{% if title %}"), "占位符写错了"),
        (lambda: with_paragraph("{{ correction.reason }}"), "没有内容时也要印出来"),
        (lambda: without("{{ number }}"), "缺少必需的占位符：number"),
        (lambda: without("{{ example_mark }}"), "缺少必需的占位符：example_mark"),
    ],
)
def test_a_template_that_does_not_fit_is_told_what_to_mend(template, words) -> None:
    with pytest.raises(TemplateRefused, match=words):
        word.check_template(template())


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ title.__class__ }}",
        "{{ title.upper() }}",
        "{{ range(999999999) }}",
        "{{ 'a' * 999999999 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ title[0] }}",
        "{{ title|upper }}",
        "{{ title is defined }}",
        "{% set x = 1 %}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as x %}",
        "{% macro x() %}{% endmacro %}",
        "{% for c in title %}{{ c }}{% endfor %}",
        "{% for c in [1, 2] %}{{ c }}{% endfor %}",
        "{% for a in months if a.rank %}{% endfor %}",
        "{% for a in months %}{% for b in months %}{% for c in months %}{% endfor %}{% endfor %}"
        "{% endfor %}",
        "{% for a in months recursive %}{% endfor %}",
    ],
)
def test_a_template_can_do_nothing_but_print(attack) -> None:
    with pytest.raises(TemplateRefused):
        word.check_template(with_paragraph(attack))


@pytest.mark.parametrize("place", ["header", "title"])
def test_nothing_hides_outside_the_body(place) -> None:
    def change(document) -> None:
        if place == "header":
            document.sections[0].header.add_paragraph("{{ ''.__class__ }}")
        else:
            document.core_properties.comments = "{{ ''.__class__ }}"

    with pytest.raises(TemplateRefused):
        word.check_template(edited(change))


def test_the_mark_of_an_example_must_be_on_every_page() -> None:
    def change(document) -> None:
        document.sections[0].different_first_page_header_footer = True

    with pytest.raises(TemplateRefused, match="每一节的页眉或页脚"):
        word.check_template(edited(change))


def test_the_office_may_change_wording_and_layout() -> None:
    def change(document) -> None:
        document.paragraphs[0].runs[0].text = "荷塘区融媒体中心　{{ account }}月报"
        document.add_paragraph("{% if issued_by %}签发人：{{ issued_by }}{% endif %}")
        table = document.add_table(rows=1, cols=2)
        table.rows[0].cells[0].text = "{{ board }}"
        document.sections[0].top_margin = docx.shared.Mm(20)

    template = edited(change)
    word.check_template(template)
    [_, full] = samples.documents()
    assert "荷塘区融媒体中心　" in text_of(word.write(full, template, MOMENT))


# --- the file itself --------------------------------------------------------------------------


def big_zip() -> bytes:
    return repacked(word.default(), **{"word/media/x.png": b"\0" * (31 * 1024 * 1024)})


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (lambda: b"", "不是可以用的 Word 文件"),
        (lambda: b"PK\x03\x04 rubbish", "不是可以用的 Word 文件"),
        (lambda: b"<html>login</html>", "不是可以用的 Word 文件"),
        (lambda: b"x" * (templates.MAX_BYTES + 1), "最大 5 MB"),
        (big_zip, "解开后太大"),
        (lambda: repacked(word.default(), **{"word/vbaProject.bin": b"x"}), "宏或嵌入的对象"),
        (lambda: repacked(word.default(), **{"word/embeddings/a.bin": b"x"}), "宏或嵌入的对象"),
        (
            lambda: repacked(
                word.default(), **{"word/x.xml": b"<a>" + b"y" * templates.MAX_TEXT + b"</a>"}
            ),
            "太多",
        ),
        (
            lambda: repacked(
                word.default(),
                **{"word/document.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><w:document/>'},
            ),
            "不是可以用的 Word 文件",
        ),
        (
            lambda: repacked(word.default(), **{f"x{at}.txt": b"x" for at in range(301)}),
            "解开后太大",
        ),
        (lambda: repacked(word.default(), **{"word/document.xml": b"<no"}), "不是可以用的 Word"),
        (
            lambda: repacked(
                word.default(),
                **{
                    "[Content_Types].xml": parts(word.default())["[Content_Types].xml"].replace(
                        b"wordprocessingml.document.main", b"wordprocessingml.template.main"
                    )
                },
            ),
            "不是可以用的 Word 文件",
        ),
    ],
)
def test_files_that_are_no_template_are_refused_in_words(data, words) -> None:
    with pytest.raises(TemplateRefused, match=words):
        check_file(data())


def test_a_template_that_points_elsewhere_is_refused() -> None:
    def change(document) -> None:
        document.part.relate_to(
            "http://example.org/x.png", docx.opc.constants.RELATIONSHIP_TYPE.IMAGE, is_external=True
        )

    with pytest.raises(TemplateRefused, match="链接到外部"):
        check_file(edited(change))


def test_a_loop_in_the_wrong_place_is_told() -> None:
    """``{%tr`` outside a table leaves a loop that is never closed, or a torn page."""

    def change(document) -> None:
        row = copy.deepcopy(document.tables[0].rows[1]._tr)
        document.tables[0]._tbl.append(row)

    with pytest.raises(TemplateRefused, match="占位符写错了"):
        word.check_template(edited(change))


def test_a_damaged_page_is_no_template() -> None:
    def change(document) -> None:
        stray = OxmlElement("w:tbl")
        stray.append(OxmlElement("w:tr"))
        document.element.body.insert(0, stray)
        stray.set(qn("w:val"), "x")

    with pytest.raises(TemplateRefused, match="排不出简报"):
        word.check_template(edited(change))
