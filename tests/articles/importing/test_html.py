"""HTML to blocks: every kind, what is cleaned away, and the law that no text is lost."""

import html as html_module
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.blocks import BodyBlock
from articles.importing.html import blocks_from_html, no_pictures
from tests.growth import assert_grows_linearly


def blocks(html: str) -> list[tuple[str, Any]]:
    """``(type, value)`` of each block, pictures as their number."""
    made = blocks_from_html(html, lambda picture: {"image": picture.number}).blocks
    return [(block["type"], block["value"]) for block in made]


def paragraph(html: str) -> str:
    """The one paragraph that ``html`` becomes."""
    ((kind, value),) = blocks(html)
    assert kind == "paragraph"
    return value


def seen(value: Any) -> str:
    """Every character that a reader sees of plain block values, in their order."""
    if isinstance(value, str):
        return html_module.unescape(re.sub(r"<[^>]+>", "", value))
    if isinstance(value, list):
        return "".join(seen(item) for item in value)
    if isinstance(value, dict):
        return "".join(seen(item) for item in value.values())
    return ""


CASES = {
    "heading": ("<h2> 一、 怎么办 </h2>", [("subheading", "一、 怎么办")]),
    "heading too long": (
        f"<h2>{'长' * 41}</h2>",
        [("paragraph", f"<p><b>{'长' * 41}</b></p>")],
    ),
    "heading with a picture": (
        "<h3>前<img src='a.png'>后</h3>",
        [
            ("subheading", "前"),
            ("picture", {"caption": "", "alt_text": "", "image": 1}),
            ("subheading", "后"),
        ],
    ),
    "empty paragraphs": ("<p>&nbsp;</p><p>　　</p><p><br></p><p>\u200b</p>", []),
    "neighbours make one block": ("<p>甲</p><p>乙</p>", [("paragraph", "<p>甲</p><p>乙</p>")]),
    "formats": (
        "<p>H<sub>2</sub>O、<strong>粗</strong><em>斜</em>x<sup>2</sup></p>",
        [("paragraph", "<p>H<sub>2</sub>O、<b>粗</b><i>斜</i>x<sup>2</sup></p>")],
    ),
    "formats in styles": (
        '<p><span style="font-weight: 700">粗</span><b style="font-weight:normal">不粗</b></p>',
        [("paragraph", "<p><b>粗</b>不粗</p>")],
    ),
    "break": ("<p>一行<br>又一行</p>", [("paragraph", "<p>一行<br/>又一行</p>")]),
    "two breaks": ("<p>一段<br>&nbsp;<br>又一段</p>", [("paragraph", "<p>一段</p><p>又一段</p>")]),
    "lines wrapped in the file": (
        "<p>社区\n服务 our\nteam</p>",
        [("paragraph", "<p>社区服务 our team</p>")],
    ),
    "indent": ("<p>　　早上八点</p>", [("paragraph", "<p>早上八点</p>")]),
    "plain list": (
        "<ul><li>身份证</li><li>户口本</li></ul>",
        [("items", {"ordered": False, "items": ["身份证", "户口本"]})],
    ),
    "numbered list": (
        "<ol><li><p>先取号</p></li><li>再办理</li></ol>",
        [("items", {"ordered": True, "items": ["先取号", "再办理"]})],
    ),
    "list with formats": (
        "<ul><li><b>身份证</b>原件</li><li>户口本</li></ul>",
        [("paragraph", "<ul><li><b>身份证</b>原件</li><li>户口本</li></ul>")],
    ),
    "list of lists": (
        "<ol><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>",
        [("paragraph", "<ol><li>甲<ul><li>乙</li></ul></li><li>丙</li></ol>")],
    ),
    "list that goes on counting": (
        '<ol start="4"><li>四</li><li>五</li></ol>',
        [("paragraph", "<p>4. 四</p><p>5. 五</p>")],
    ),
    "two lists": (
        "<ul><li>甲</li></ul><ul><li>乙</li></ul>",
        [
            ("items", {"ordered": False, "items": ["甲"]}),
            ("items", {"ordered": False, "items": ["乙"]}),
        ],
    ),
    "quotation": (
        "<blockquote><p>办事不用跑两趟。</p><p>——李红，社区居民</p></blockquote>",
        [("quotation", {"text": "办事不用跑两趟。", "speaker": "李红", "role": "社区居民"})],
    ),
    "quotation, role in brackets": (
        "<blockquote>方便多了！—— 李红（金山街道）</blockquote>",
        [("quotation", {"text": "方便多了！", "speaker": "李红", "role": "金山街道"})],
    ),
    "quotation of nobody": (
        "<blockquote><p>方便多了。</p></blockquote>",
        [("paragraph", "<p>方便多了。</p>")],
    ),
    "table": (
        "<table><thead><tr><th>街道</th><th>人数</th></tr></thead>"
        "<tbody><tr><td>金山</td><td>3</td></tr></tbody></table>",
        [("table", {"caption": "", "header": ["街道", "人数"], "rows": [["金山", "3"]]})],
    ),
    "merged cells": (
        "<table><tr><td>街道</td><td colspan=2>人数</td></tr>"
        "<tr><td rowspan=2>金山</td><td>男</td><td>3</td></tr><tr><td>女</td><td>4</td></tr>"
        "<tr><td colspan=2>合计</td><td>7</td></tr></table>",
        [
            (
                "table",
                {
                    "caption": "",
                    "header": ["街道", "人数", "人数"],
                    "rows": [["金山", "男", "3"], ["金山", "女", "4"], ["合计", "", "7"]],
                },
            )
        ],
    ),
    "name of a table in its first row": (
        "<table><tr><td colspan=2>各街道人数</td></tr><tr><td>街道</td><td>人数</td></tr>"
        "<tr><td>金山</td><td>3</td></tr></table>",
        [("table", {"caption": "各街道人数", "header": ["街道", "人数"], "rows": [["金山", "3"]]})],
    ),
    "frame around text": (
        "<table><tr><td><p>框里的<b>话</b></p></td></tr></table>",
        [("paragraph", "<p>框里的<b>话</b></p>")],
    ),
    "picture and caption": (
        '<figure><img src="a.png" alt="孩子们在跑"><figcaption>运动会现场</figcaption></figure>',
        [("picture", {"caption": "运动会现场", "alt_text": "孩子们在跑", "image": 1})],
    ),
    "caption as WeChat writes it": (
        "<section><img data-src='https://mmbiz.qpic.cn/x'></section><p>▲运动会现场</p><p>正文</p>",
        [
            ("picture", {"caption": "▲运动会现场", "alt_text": "", "image": 1}),
            ("paragraph", "<p>正文</p>"),
        ],
    ),
    "rule": (
        "<p>上</p><hr><p>下</p>",
        [("paragraph", "<p>上</p>"), ("divider", None), ("paragraph", "<p>下</p>")],
    ),
    "preformatted": ("<pre>一\n二</pre>", [("paragraph", "<p>一<br/>二</p>")]),
    "definition": (
        "<dl><dt>时间</dt><dd>九点</dd></dl>",
        [("paragraph", "<p>时间</p><p>九点</p>")],
    ),
    "link around blocks": (
        '<a href="https://x.cn/"><section><p>去看</p></section></a>',
        [("paragraph", '<p><a href="https://x.cn/">去看</a></p>')],
    ),
}


@pytest.mark.parametrize(("html", "expected"), CASES.values(), ids=CASES)
def test_what_becomes_of_it(html, expected):
    assert blocks(html) == expected


@pytest.mark.parametrize(
    "html",
    [
        "<p>好<script>alert(1)</script></p>",
        "<p onclick=alert(1)>好</p>",
        "<style>p{}</style><p style='color:red;mso-font-kerning:0'>好</p>",
        "<p><a href='javascript:alert(1)'>好</a></p>",
        "<p><a href='data:text/html,x'>好</a></p>",
        "<p><a href='file:///C:/x'>好</a></p>",
        "<p class=MsoNormal><span lang=EN-US>好</span><o:p></o:p></p>",
        "<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><p>好</p>",
        "<section><section><span leaf=''>\u200b好\ufeff</span></section></section>",
        "<p>\x00好\x08</p>",
        "<head><title>页</title></head><body><p>好</p></body>",
    ],
    ids=range(11),
)
def test_soup_is_cleaned_away(html):
    assert paragraph(html) == "<p>好</p>"


def test_text_that_looks_like_tags_stays_text():
    text = paragraph("<p>&lt;script&gt;alert(1)&lt;/script&gt; a &amp; b</p>")
    assert text == "<p>&lt;script&gt;alert(1)&lt;/script&gt; a &amp; b</p>"


def test_an_address_cannot_leave_its_attribute():
    text = paragraph("""<p><a href='https://x.cn/?"onclick="alert(1)'>好</a></p>""")
    assert re.fullmatch(r'<p><a href="[^"<>]+">好</a></p>', text)


def test_joined_pictographs_stay_whole():
    assert paragraph("<p>一家\U0001f468\u200d\U0001f469\u200d\U0001f467人</p>").count("\u200d") == 2


def test_lists_of_word():
    """Word writes lists as paragraphs, the mark as text that says of itself to be ignored."""

    def item(mark: str, text: str, level: int = 1) -> str:
        return (
            f"<p class=MsoListParagraph style='margin-left:18pt;mso-list:l0 level{level} lfo1'>"
            f"<![if !supportLists]><span lang=EN-US><span style='mso-list:Ignore'>{mark}"
            f"<span style='font:7.0pt'>&nbsp; </span></span></span><![endif]>{text}</p>"
        )

    assert blocks(item("l", "甲") + item("l", "乙")) == [
        ("items", {"ordered": False, "items": ["甲", "乙"]})
    ]
    assert blocks(item("1.", "甲") + item("2.", "乙")) == [
        ("items", {"ordered": True, "items": ["甲", "乙"]})
    ]
    assert paragraph(item("·", "甲") + item("o", "乙", 2) + item("·", "丙")) == (
        "<ul><li>甲<ul><li>乙</li></ul></li><li>丙</li></ul>"
    )
    # What counts otherwise than our lists would: the numbers of the text are its own.
    assert (
        paragraph(item("（一）", "甲") + item("（二）", "乙")) == "<p>（一） 甲</p><p>（二） 乙</p>"
    )
    assert paragraph(item("5.", "甲") + item("6.", "乙")) == "<p>5. 甲</p><p>6. 乙</p>"


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>文</p><img src=x>", "有 1 张图片没有带入"),
        (
            "<iframe class='video_iframe' data-src='https://v.qq.com/p.html?vid=a0123bcdefg'></iframe>",
            "a0123bcdefg",
        ),
        ("<p style='display:none'>暗</p>", "隐藏"),
        ("<p><s>旧</s>新</p>", "删除线"),
        ("<p><a href='mailto:a@b.cn'>信</a></p>", "链接"),
        (
            f"<table><tr>{'<td>格</td>' * 9}</tr><tr>{'<td>子</td>' * 9}</tr></table>",
            "按行改成文字",
        ),
        (f"<table><tr><td>甲<td>{'长' * 121}</tr><tr><td>乙<td>丙</tr></table>", "按行改成文字"),
        ("<table><tr><td>甲<td><a href='https://x.cn'>乙</a><tr><td>丙<td>丁</table>", "链接"),
    ],
    ids=range(8),
)
def test_what_could_not_be_kept_is_said(html, words):
    warnings = blocks_from_html(html, no_pictures).warnings
    assert any(words in warning for warning in warnings), warnings


def test_nothing_is_said_of_what_was_kept():
    html = "<h1>题</h1><p>文<a href='#_ftn1' name='_ftnref1'>[1]</a></p><ul><li>甲</ul>"
    assert blocks_from_html(html, no_pictures).warnings == []


# --- laws -------------------------------------------------------------------------------------

WORDS = st.text("荷塘区社abc12。，！", min_size=1, max_size=12)
TEXT = st.one_of(WORDS, WORDS.map(lambda text: f" {text}\u200b&nbsp;\n"))


def _wrap(tag: str) -> Any:
    return lambda inner: f"<{tag}>{''.join(inner)}</{tag}>"


def _table(rows: list[list[str]]) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _grow(inner: Any) -> Any:
    tags = ["p", "div", "section", "b", "span", "h2", "blockquote", "em", "figcaption", "pre", "s"]
    return st.one_of(
        *(st.lists(inner, max_size=4).map(_wrap(tag)) for tag in tags),
        st.lists(inner, max_size=4).map(lambda items: "<ul><li>" + "<li>".join(items) + "</ul>"),
        st.lists(inner, max_size=4).map(
            lambda items: '<ol start="2">' + "".join(f"<li>{i}</li>" for i in items) + "</ol>"
        ),
        st.lists(st.lists(inner, max_size=4), max_size=4).map(_table),
        inner.map(lambda text: f"{text}<br>{text}<hr><img src=x>{text}"),
    )


PAGES = st.recursive(TEXT, _grow, max_leaves=25)


def letters(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


@given(PAGES)
def test_no_text_is_lost_and_none_changes_its_place(page):
    sound = blocks_from_html(page, lambda picture: {"image": picture.number})
    found = iter(letters(seen(sound.blocks)))
    # The sources close their elements but for p, which a block within ends without harm to text.
    expected = letters(html_module.unescape(re.sub(r"<[^>]+>", "", page)))
    missing = [letter for letter in expected if not any(letter == each for each in found)]
    assert missing == []


@given(PAGES)
def test_every_block_is_one_of_ours(page):
    """The values load as the body of an article and come out as they went in."""
    made = blocks_from_html(page, no_pictures).blocks
    body = BodyBlock()
    stored = body.get_prep_value(body.to_python(made))
    assert [block["type"] for block in stored] == [block["type"] for block in made]
    assert letters(seen([b["value"] for b in made])) == letters(
        seen([_plain(b["value"]) for b in stored])
    )


def _plain(value: Any) -> Any:
    """Stored values without the ids and types that list blocks add."""
    if isinstance(value, dict) and value.keys() == {"type", "value", "id"}:
        return _plain(value["value"])
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


PIECES = [
    *("<", ">", "</", "<!--", "-->", "<![CDATA[", "]]>", "<p", "<table>", "<tr>", "</td>"),
    *("<li>", "</ul>", "<script>", "<iframe>", "&#0;", "&#xD800;", "\x00", "<svg><p>", "<math>"),
    *("<select>", "<plaintext>", "<td rowspan=99999>", "<td colspan=99999>", "<ol start=99999>"),
    *("<p style='mso-list:l9 level9'>", "<h1>", "<a href='http://['>", "<caption>", "<b hidden>"),
    *("<span style='mso-list:Ignore'>", "<blockquote>——", "</p>", "</span>", "</table>"),
]
JUNK = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from(PIECES),
    ),
    max_size=40,
).map("".join)


@given(JUNK)
def test_nothing_makes_it_raise(html):
    body = BodyBlock()
    made = blocks_from_html(html, lambda picture: {"image": None})
    body.get_prep_value(body.to_python(made.blocks))
    assert "<script" not in seen(made.blocks) or "script" in html


@pytest.mark.parametrize(
    ("repeated", "times", "before", "after"),
    [
        ("<div>", 50_000, "", "底"),
        ("<table><tr><td>", 20_000, "", "底"),
        ("<ul><li>", 20_000, "", "底"),
        ("<b><i>", 30_000, "", "底"),
        ("<blockquote>", 30_000, "", "底"),
        ("字", 200_000, "<p>", ""),
        ("<p>字</p>", 50_000, "", ""),
        ("<tr><td rowspan=60000 colspan=60000>字", 2_000, "<table>", "</table>"),
        ("字<br>", 50_000, "", ""),
    ],
    ids=["div", "table", "list", "bold", "quote", "long", "paragraphs", "spans", "breaks"],
)
def test_time_is_linear_on_the_worst_pages(repeated, times, before, after):
    def read(html):
        assert seen(blocks_from_html(html, no_pictures).blocks)[-1] in "底字"

    assert_grows_linearly(lambda size: before + repeated * size + after, read, times)
