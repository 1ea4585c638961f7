"""Pieces of text with the hits marked; everything else is escaped."""

from itertools import pairwise

import pytest
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from articles.searching.snippets import LENGTH, hits, marked, snippet
from cms.search.query import parse

LONG = "开头的一句话很长。" * 30 + "就在这里说到莲蓬熟了。" + "后面还有很多话。" * 30


def phrases(typed: str):
    return parse(typed).phrases


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("荷塘月色", "月色", "荷塘<mark>月色</mark>"),
        ("荷塘，月色", "荷塘 月色", "<mark>荷塘，月色</mark>"),
        ("參觀歷史館", "历史馆", "參觀<mark>歷史館</mark>"),
        ("２０２６年", "2026年", "<mark>２０２６年</mark>"),
        ("Wi-Fi 和 CAFÉ", "cafe", "Wi-Fi 和 <mark>CAFÉ</mark>"),
        ("a<b>荷&塘", "荷塘", "a&lt;b&gt;<mark>荷&amp;塘</mark>"),
        ("荷\u200b塘", "荷塘", "<mark>荷\u200b塘</mark>"),
        ("没有", "荷塘", "没有"),
        ("", "荷塘", ""),
    ],
)
def test_what_was_found_is_marked(text, typed, expected):
    assert marked(text, phrases(typed)) == expected


def test_the_hit_stands_in_the_middle_and_sentences_are_whole():
    piece = snippet([LONG], phrases("莲蓬"))
    assert "<mark>莲蓬</mark>" in piece
    plain = strip_tags(piece)
    assert len(plain) <= LENGTH + 2
    assert plain.startswith("开头的一句话很长。") and plain.endswith("后面还有很多话。")
    before, after = plain.split("莲蓬")
    assert len(before) > 20 and len(after) > 20


def test_the_text_with_most_of_the_words_is_shown():
    texts = ["只有荷塘。", "荷塘和月色都有。", "月色。"]
    assert strip_tags(snippet(texts, phrases("荷塘 月色"))) == "荷塘和月色都有。"


def test_without_a_hit_the_beginning_is_shown():
    assert snippet(["", "第一段。", "第二段。"], phrases("荷塘")) == "第一段。"
    assert snippet([], phrases("荷塘")) == ""
    assert snippet([LONG], phrases("荷塘")).startswith("开头的一句话很长。")


def test_a_text_without_sentences_is_cut_with_dots():
    piece = snippet(["长" * 500 + "荷塘" + "长" * 500], phrases("荷塘"))
    assert piece.startswith("…") and piece.endswith("…")
    assert "<mark>荷塘</mark>" in piece


@given(
    st.text("荷塘月色。，<>&\"'a１ \n\u200b", max_size=400),
    st.sampled_from(["荷塘", "月色 a", "1"]),
)
def test_no_text_gets_out_of_its_escaping(text, typed):
    for piece in (marked(text, phrases(typed)), snippet([text], phrases(typed))):
        bare = piece.replace("<mark>", "").replace("</mark>", "")
        assert "<" not in bare and ">" not in bare and '"' not in bare
        assert piece.count("<mark>") == piece.count("</mark>")
    places = hits(text, phrases(typed))
    assert all(a[1] < b[0] for a, b in pairwise(places))
    assert bool(places) == ("<mark>" in snippet([text], phrases(typed)))
