"""What holds of the lint as a whole: it finds its places, and no input upsets it."""

import json
import random
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from articles.wechat.lint import Severity, lint
from articles.wechat.lint.rules import RULES
from tests.growth import assert_grows_linearly

SAMPLES = Path(settings.BASE_DIR) / "tests" / "fixtures" / "wechat-lint"
PUBLISHED = (
    *("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8"),
    *("2.1", "2.2", "2.3", "2.4", "3", "4.1", "4.2", "4.4", "4.5"),
)


# --- places ---------------------------------------------------------------------------------

ARTICLE = """
<p>六点半，第一担青菜到了。</p><p><img src=/a.jpg alt=菜农></p>
<section><p>七点</p><p style='color:#ddd'>人多起来，过道里站满了<b>买菜的人</b></p></section>
<p><img style='opacity:0' src=/b.jpg alt=''></p><p><br></p>
<table><tr><td>甲</td></tr><tr><td>乙</td><td style='text-align:end'>丙</td></tr></table>
<table><tr><td><p style='text-align:end'>丁</p></td></tr></table>
<section data-no-dark></section><svg><path></path></svg>
"""


def test_places_are_counted_as_a_reader_counts():
    found = [(f.rule, f.place, f.excerpt) for f in lint(ARTICLE) if f.severity != Severity.HINT]
    assert found == [
        ("4.1", "第3段“人多起来，过道里…”", "人多起来，过道里站满了买菜的人"),
        ("1.1", "第2张图片", ""),
        ("1.6", "第1个表格第2行第2列", "丙"),
        ("1.6", "第2个表格第1行第1列", "丁"),
        ("4.5", "第7段之后的空白处", ""),
        ("4.4", "第1个图形", ""),
    ]


def test_the_only_table_needs_no_number_and_several_paragraphs_are_a_range():
    html = "<table><tr><td style='text-align:end'>甲</table><div>一<p>二</p>三</div>"
    assert [f.place for f in lint(html)] == ["表格第1行第1列", "第2～3段“一二三”"]


def test_long_words_are_cut():
    (finding,) = lint(f"<p style='text-align:end'>{'春天的荷塘' * 40}</p>")
    assert finding.place == "第1段“春天的荷塘春天的…”"
    assert len(finding.excerpt) == 80 and finding.excerpt.endswith("…")


def test_many_of_a_kind_are_counted_in_the_last():
    found = lint("<p style='text-align:end'>字</p>" * 30)
    assert len(found) == 20
    assert found[-1].message.endswith("（同样的问题还有 10 处）")


# --- a pasted template ----------------------------------------------------------------------


def test_a_pasted_template_is_judged_rule_by_rule():
    """The file is made up in the shape of what the template editors export.

    After a change of rules: look at what `manage.py lint_wechat FILE --json` says, and keep it as
    ``rule, severity, place`` in the file beside it.
    """
    html = (SAMPLES / "pasted-template.html").read_text(encoding="utf-8")
    expected = json.loads((SAMPLES / "pasted-template.json").read_text(encoding="utf-8"))
    assert [[f.rule, f.severity.value, f.place] for f in lint(html)] == expected


# --- the table ------------------------------------------------------------------------------


def test_every_published_rule_is_in_the_table_and_every_rule_has_its_words():
    assert {rule.id for rule in RULES} >= set(PUBLISHED)
    for rule in RULES:
        assert rule.message.endswith("。") and rule.advice.endswith("。")


# --- robustness -----------------------------------------------------------------------------

_TAGS = (
    *("p", "section", "span", "div", "img", "table", "tr", "td", "th", "ul", "ol", "li", "a"),
    *("pre", "svg", "path", "animate", "br", "b", "col", "font", "iframe", "html", "body", "head"),
)
_STYLES = (
    "width:500px",
    "height:0",
    "line-height:0",
    "margin:0 -20px 3em",
    "background:linear-gradient(red,rgb(0 0 0/.2))",
    "position:absolute",
    "color:#eee!important",
    "font:12px/1 serif",
    "white-space:nowrap",
    "display:flex",
    "padding:50%",
    "color:lab(50% 0 0)",
    "width:((",
    "--a:{};}",
    "text-indent:9e9em",
    "font-size:0",
    "line-height:nan",
    "width:calc(1px + 2em)",
)
_ATTRIBUTES = ("leaf", "nodeleaf", "data-no-dark", "class=x", "href='//[x'", "width=9e999", "id")
_starts = st.builds(
    lambda tag, attribute, style: f"<{tag} {attribute} style='{style}'>",
    st.sampled_from(_TAGS),
    st.sampled_from(_ATTRIBUTES),
    st.lists(st.sampled_from(_STYLES), max_size=3).map(";".join),
)
_pieces = st.one_of(
    _starts, _starts, st.sampled_from(_TAGS).map("</{}>".format), st.text(max_size=8)
)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u200b-\u200d\u2060\ufeff\u00ad]", "", text)


@given(st.lists(_pieces, max_size=40).map("".join))
def test_any_html_is_judged_alike_each_time_and_by_words_that_are_there(html):
    found = lint(html)
    assert lint(html) == found
    text = _bare(BeautifulSoup(f"<html><body>{html}", "lxml").get_text())
    for finding in found:
        assert finding.place and finding.message and len(finding.excerpt) <= 80
        assert _bare(finding.excerpt).removesuffix("…") in text


@given(st.text())
def test_any_text_is_taken(text):
    lint(text)
    lint(f"<p style='{text}'>字</p>")


def test_a_megabyte_of_rubbish_is_too_long_and_nothing_worse():
    signs = "<>\"'&;:=/!-春荷\0\ud800abc "
    rubbish = "".join(random.Random(7).choices(signs, k=1_000_000))
    assert {"too-long", "too-big"} <= {finding.rule for finding in lint(rubbish)}


def test_a_hundred_thousand_wrappers_are_one_mistake():
    found = lint("<section>" * 100_000 + "字" + "</section>" * 100_000)
    assert ("2.1", "全文") in [(finding.rule, finding.place) for finding in found]


@pytest.mark.parametrize(
    "make",
    [
        lambda size: "<p class=a style='width:500px;margin-left:-20px;color:#ddd'>字" * size,
        lambda size: "<section style='position:absolute'>" * 900 + "<b>字</b>" * size,
        lambda size: "<table><tr>" + "<td width=30>字" * size,
        lambda size: "<p style='" + "a:b;" * size + "'>字",
    ],
    ids=["paragraphs", "depth", "cells", "declarations"],
)
def test_time_grows_with_length_and_no_faster(make):
    assert_grows_linearly(make, lint, 6_000)
