"""Word files: everything people put into them, and everything that must be refused."""

import io
import struct
import time
import zipfile
from typing import Any

import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.importing import word
from articles.importing.numbering import spelled
from articles.importing.word import WordRefused, WordText, read_word
from articles.importing.wordxml import prepare
from tests.growth import assert_grows_linearly

from .docx_files import (
    TEXT_BOX,
    add,
    add_style,
    item,
    numbered,
    png,
    repacked,
    saved,
    with_footnote,
)


def read(document: Any) -> WordText:
    return read_word(document if isinstance(document, bytes) else saved(document), "稿件.docx")


def values(document: Any) -> list[tuple[str, Any]]:
    return [(block["type"], block["value"]) for block in read(document).blocks]


def test_headings_by_their_names_and_by_those_they_build_on():
    document = Document()
    ours = add_style(document, "街道一级标题", based_on="Heading1")
    outlined = add_style(document, "红头", outline=1)
    wps = add_style(document, "标题 2 自定")
    named = add_style(document, "小标题样式")
    for number, style in enumerate((ours, outlined, wps, named, "Heading3"), start=1):
        add(
            document,
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>'
            f"<w:r><w:t>题{number}</w:t></w:r></w:p>",
        )
    assert values(document) == [("subheading", f"题{number}") for number in range(1, 6)]


def test_numbers_before_headings_are_text_of_ours():
    document = Document()
    chinese = numbered(document, ("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"))
    add(
        document,
        item(chinese, "怎么办", style="Heading1"),
        item(chinese, "线上", 1, style="Heading2"),
        item(chinese, "窗口", 1, style="Heading2"),
        "正文",
        item(chinese, "找谁办", style="Heading1"),
        item(chinese, "电话", 1, style="Heading2"),
    )
    assert [text for kind, text in values(document) if kind == "subheading"] == [
        "一、怎么办",
        "（一）线上",
        "（二）窗口",
        "二、找谁办",
        "（一）电话",
    ]


def test_lists_that_count_as_ours_do_are_lists():
    document = Document()
    ordered = numbered(document, ("decimal", "%1."), ("decimal", "%2)"))
    add(document, item(ordered, "先取号"), item(ordered, "再办理"))
    assert values(document) == [("items", {"ordered": True, "items": ["先取号", "再办理"]})]


def test_nested_lists():
    document = Document()
    ordered = numbered(document, ("decimal", "%1."), ("bullet", "·"))
    add(document, item(ordered, "甲"), item(ordered, "乙", 1), item(ordered, "丙"))
    assert values(document) == [
        ("paragraph", "<ol><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>")
    ]


def test_a_list_that_goes_on_after_a_paragraph_keeps_its_numbers():
    document = Document()
    ordered = numbered(document, ("decimal", "%1."))
    add(document, item(ordered, "甲"), "说明", item(ordered, "乙"))
    assert values(document) == [
        ("items", {"ordered": True, "items": ["甲"]}),
        ("paragraph", "<p>说明</p><p>2. 乙</p>"),
    ]


def test_numbers_of_clauses_are_text():
    document = Document()
    clauses = numbered(document, ("chineseCounting", "第%1条"))
    add(document, item(clauses, "总则"), item(clauses, "细则"))
    assert values(document) == [("paragraph", "<p>第一条 总则</p><p>第二条 细则</p>")]


@pytest.mark.parametrize(
    ("number", "kind", "text"),
    [
        (10, "chineseCounting", "十"),
        (11, "chineseCountingThousand", "十一"),
        (20, "japaneseCounting", "二十"),
        (105, "chineseCounting", "一百零五"),
        (111, "chineseCounting", "一百一十一"),
        (2026, "chineseCounting", "二零二六"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "ideographTraditional", "丙"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (3, "decimalFullWidth", "３"),
        (3, "decimalZero", "03"),
        (28, "lowerLetter", "bb"),
        (4, "upperRoman", "IV"),
        (7, "unheardOf", "7"),
    ],
)
def test_how_word_writes_numbers(number, kind, text):
    assert spelled(number, kind) == text


def test_merged_cells():
    document = Document()
    table = document.add_table(4, 3)
    for row in range(4):
        for column in range(3):
            table.cell(row, column).text = f"{row}{column}"
    table.cell(0, 0).merge(table.cell(0, 2)).text = "各街道情况"
    table.cell(2, 0).merge(table.cell(3, 0)).text = "金山"
    ((kind, value),) = values(document)
    assert kind == "table"
    assert value["caption"] == "各街道情况"
    assert value["header"] == ["10", "11", "12"]
    assert value["rows"] == [["金山", "21", "22"], ["金山", "31", "32"]]


def test_pictures_wait_for_a_person_with_their_captions():
    document = Document()
    document.add_paragraph("前")
    document.add_picture(png())
    document.add_paragraph("运动会现场", style="Caption")
    made = read(document)
    assert [(block["type"], block["value"]) for block in made.blocks] == [
        ("paragraph", "<p>前</p>"),
        ("picture", {"caption": "运动会现场", "alt_text": "", "image": 0}),
    ]
    assert [picture.extension for picture in made.pictures] == ["png"]
    assert made.pictures[0].data == png().getvalue()


def test_pictures_nobody_can_show_are_named():
    document = Document()
    document.add_picture(png())
    document.add_picture(png("red"))

    def spoil(entries: dict[str, bytes]) -> None:
        names = sorted(name for name in entries if name.startswith("word/media/"))
        entries[names[0]] = b"\x01\x00\x00\x00" + b"x" * 60
        entries["word/media/drawing.emf"] = entries.pop(names[1])
        relations = entries["word/_rels/document.xml.rels"]
        entries["word/_rels/document.xml.rels"] = relations.replace(
            names[1].removeprefix("word/").encode(), b"media/drawing.emf"
        )
        entries["[Content_Types].xml"] = entries["[Content_Types].xml"].replace(
            b'<Default Extension="png"',
            b'<Default Extension="emf" ContentType="image/x-emf"/><Default Extension="png"',
        )

    made = read(repacked(saved(document), spoil))
    assert made.blocks == [] and made.pictures == []
    assert any("EMF/WMF" in warning and "1 张" in warning for warning in made.warnings)
    assert any("损坏" in warning for warning in made.warnings)


def test_footnotes_are_text_at_the_end():
    made = read(with_footnote("据区统计局"))
    assert made.blocks == [
        {"type": "paragraph", "value": "<p>正文<sup>[1]</sup></p>"},
        {"type": "items", "value": {"ordered": True, "items": ["据区统计局"]}},
    ]
    assert made.warnings == []


def test_changes_count_as_accepted_and_are_named():
    document = add(
        Document(),
        '<w:p><w:r><w:t>共</w:t></w:r><w:del w:id="1" w:author="a"><w:r>'
        '<w:delText>三</w:delText></w:r></w:del><w:ins w:id="2" w:author="a"><w:r><w:t>四</w:t>'
        "</w:r></w:ins><w:r><w:t>人</w:t></w:r></w:p>",
    )
    made = read(document)
    assert made.blocks == [{"type": "paragraph", "value": "<p>共四人</p>"}]
    assert any("接受全部修订" in warning for warning in made.warnings)


def test_text_boxes_follow_their_paragraph_once():
    made = read(add(Document(), TEXT_BOX))
    assert made.blocks == [{"type": "paragraph", "value": "<p>前文</p><p>框里的字</p>"}]
    assert any("1 个文本框" in warning for warning in made.warnings)


def test_comments_stay_behind_and_are_named():
    document = Document()
    run = document.add_paragraph("正文").runs[0]
    document.add_comment(run, text="这里要核实", author="张三")
    made = read(document)
    assert "核实" not in str(made.blocks)
    assert any("1 条批注" in warning for warning in made.warnings)


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ('<w:fldSimple w:instr="DATE"><w:r><w:t>今天</w:t></w:r></w:fldSimple>', "今天"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>hé</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>荷</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r>",
            "荷（hé）",
        ),
        ("<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>", "a+b"),
        ("<w:smartTag><w:r><w:t>株洲</w:t></w:r></w:smartTag>", "株洲"),
        ("<w:sdt><w:sdtContent><w:r><w:t>单位</w:t></w:r></w:sdtContent></w:sdt>", "单位"),
        ("<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t></w:r>", "一 二"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>暗</w:t></w:r><w:r><w:t>明</w:t></w:r>", "明"),
        ('<w:bdo w:val="ltr"><w:r><w:t>顺</w:t></w:r></w:bdo>', "顺"),
        (
            '<w:r><w:rPr><w:b/><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r>',
            "<b><sup>2</sup></b>",
        ),
    ],
    ids=["field", "ruby", "formula", "smart tag", "control", "tab", "hidden", "bdo", "formats"],
)
def test_no_text_hides_in_a_rare_element(inner, text):
    assert values(add(Document(), f"<w:p>{inner}</w:p>")) == [("paragraph", f"<p>{text}</p>")]


def test_runs_that_differ_only_in_what_is_dropped_are_one():
    runs = (
        "<w:r><w:rPr><w:b/></w:rPr><w:t>粗</w:t></w:r>"
        '<w:r><w:rPr><w:sz w:val="32"/></w:rPr><w:t>文</w:t></w:r>'
        '<w:r><w:rPr><w:rFonts w:ascii="FangSong"/></w:rPr><w:t>字</w:t><w:br/></w:r>'
        "<w:r><w:t>末</w:t></w:r>"
    )
    document = add(Document(), f"<w:p>{runs}</w:p>")
    prepare(document)
    assert len(document.paragraphs[0].runs) == 2
    assert values(document) == [("paragraph", "<p><b>粗</b>文字<br/>末</p>")]


def test_a_quotation_by_its_style():
    document = Document()
    document.add_paragraph("办事不用跑两趟。", style="Quote")
    document.add_paragraph("——李红，社区居民", style="Quote")
    assert values(document) == [
        ("quotation", {"text": "办事不用跑两趟。", "speaker": "李红", "role": "社区居民"})
    ]


# --- refused ----------------------------------------------------------------------------------


def _with(name: str, content: bytes) -> bytes:
    return repacked(saved(Document()), lambda entries: entries.update({name: content}))


def _main(change: Any) -> bytes:
    def apply(entries: dict[str, bytes]) -> None:
        entries["word/document.xml"] = change(entries["word/document.xml"])

    return repacked(saved(Document()), apply)


def _encrypted() -> bytes:
    data = bytearray(saved(Document()))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            struct.pack_into("<H", data, at + offset, 1)
            at = data.find(mark, at + 4)
    return bytes(data)


def _zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("a.txt", "x")
    return buffer.getvalue()


ENTITIES = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
DEEP = b"<w:smartTag>" * 5_000 + b"</w:smartTag>" * 5_000
REFUSED = {
    "empty": (lambda: b"", "a.docx", "空的"),
    "old kind by name": (lambda: b"x", "讲话.DOC", "另存为 .docx"),
    "wps": (lambda: b"x", "讲话.wps", "另存为 .docx"),
    "old kind or password": (
        lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 99,
        "a.docx",
        "密码",
    ),
    "encrypted entries": (_encrypted, "a.docx", "密码"),
    "no archive": (lambda: b"<html>", "a.docx", "另存为 .docx"),
    "another archive": (_zip, "a.docx", "另存为 .docx"),
    "broken off": (lambda: saved(Document())[:-2000], "a.docx", "另存为 .docx"),
    "bomb": (lambda: _with("word/media/x.bin", b"\0" * (61 * 1024 * 1024)), "a.docx", "."),
    "many entries": (
        lambda: repacked(
            saved(Document()), lambda e: e.update({f"word/x{n}": b"" for n in range(2_001)})
        ),
        "a.docx",
        "太大",
    ),
    "much text": (
        lambda: _with("word/x.xml", b"<a>" + bytes(range(48, 58)) * 2_600_000),
        "a.docx",
        ".",
    ),
    "entities": (
        lambda: _main(lambda xml: xml.replace(b"<w:document", ENTITIES + b"<w:document", 1)),
        "a.docx",
        "另存为",
    ),
    "deep": (
        lambda: _main(lambda xml: xml.replace(b"<w:body>", b"<w:body>" + DEEP)),
        "a.docx",
        "另存为",
    ),
    "no XML": (lambda: _main(lambda xml: xml[:200]), "a.docx", "另存为"),
    "macros": (
        lambda: repacked(
            saved(Document()),
            lambda e: e.update(
                {
                    "[Content_Types].xml": e["[Content_Types].xml"].replace(
                        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                        b"application/vnd.ms-word.document.macroEnabled.main+xml",
                    )
                }
            ),
        ),
        "a.docx",
        "宏",
    ),
    "too long": (lambda: saved(add(Document(), "字" * 200_001)), "a.docx", "20 万字"),
}


@pytest.mark.parametrize(("make", "name", "words"), REFUSED.values(), ids=REFUSED)
def test_files_that_are_refused(make, name, words):
    data = make()
    start = time.process_time()
    with pytest.raises(WordRefused) as refusal:
        read_word(data, name)
    assert time.process_time() - start < 5
    assert words in str(refusal.value) and str(refusal.value).endswith("。")


def test_too_many_pictures_are_refused(monkeypatch):
    monkeypatch.setattr(word, "MAX_PICTURES", 2)
    document = Document()
    for colour in ("red", "green", "blue"):
        document.add_picture(png(colour))
    with pytest.raises(WordRefused, match="超过 2 张"):
        read(document)


def test_too_large_a_file_is_refused(monkeypatch):
    monkeypatch.setattr(word, "MAX_BYTES", 1_000)
    with pytest.raises(WordRefused, match="压缩图片"):
        read(Document())


def test_a_style_map_of_the_file_is_not_obeyed():
    data = _with("mammoth/style-map", b"p => script:fresh")
    data = repacked(
        data,
        lambda e: e.update(
            {
                "word/document.xml": e["word/document.xml"].replace(
                    b"<w:body>", "<w:body><w:p><w:r><w:t>好</w:t></w:r></w:p>".encode()
                )
            }
        ),
    )
    assert values(data) == [("paragraph", "<p>好</p>")]


def test_time_is_linear_up_to_two_hundred_thousand_characters():
    def read_all(document):
        said = sum(block["value"].count("社区") for block in read(document).blocks)
        assert said == 100 * len(document.paragraphs)

    assert_grows_linearly(lambda size: add(Document(), *["社区" * 100] * size), read_all, 999)


@settings(max_examples=40)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_with_a_sentence(data):
    good = bytearray(saved(add(Document(), TEXT_BOX, "正文")))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(good) - 1))
        good[at] = data.draw(st.integers(0, 255))
    try:
        assert isinstance(read_word(bytes(good), "a.docx"), WordText)
    except WordRefused as refusal:
        assert str(refusal).endswith("。")
