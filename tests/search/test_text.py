"""One normalisation for what is indexed and what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.search.text import MOST_IN_A_WORD, MOST_TOKENS, joined, spaced, spans, tokens

anything = st.text(st.characters(exclude_categories=()), max_size=200)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("荷塘，月色！", "荷 塘 月 色"),
        ("5G网络２０２６年", "5g 网 络 2026 年"),
        ("ＡＰＥＣ Café ﬁ ß", "apec cafe fi ss"),
        ("Cafe\u0301", "cafe"),
        ("臺灣歷史館裡", "台 湾 历 史 馆 里"),
        ("乾淨、乾隆、干净", "干 净 干 隆 干 净"),
        ("零\u200b宽\u202e字\u00ad符\ufeff", "零 宽 字 符"),
        ("1,000.5% A-B's", "1 000 5 a b s"),
        ("あ𠮷龘〇々", "あ 𠮷 龘 〇 々"),
        ("㈱① ½", "株 1 1 2"),
        ("⼀\uf900", "一 岂"),
        ("😀“”《》…—\x00\ud800", ""),
        ("", ""),
    ],
)
def test_every_form_of_a_word_becomes_the_same_tokens(text, found):
    assert spaced(text) == found


def test_what_would_break_a_database_is_cut():
    assert tokens("x" * 5000) == ["x" * MOST_IN_A_WORD]
    assert len(tokens("一二" * MOST_TOKENS)) == MOST_TOKENS


def test_joined_text_separates_what_is_apart():
    assert joined("荷塘区，5G 网络。A b") == "荷塘区 5g 网络 a b"


@given(anything)
def test_places_and_plain_tokens_agree(text):
    found = spans(text)
    assert [token.text for token in found] == tokens(text)
    assert all(0 <= token.start < token.end <= len(text) for token in found)
    assert [token.start for token in found] == sorted(token.start for token in found)


@given(anything)
def test_normalised_text_stays_as_it_is(text):
    assert tokens(spaced(text)) == tokens(text)
    assert tokens(joined(text)) == tokens(text)


@given(anything)
def test_tokens_hold_nothing_that_a_search_language_knows(text):
    assert all(token.isalnum() for token in tokens(text))
