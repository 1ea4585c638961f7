"""From what is typed to what is asked; no string whatever raises."""

import sqlite3
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cms.search import fts5, tsvector
from cms.search.query import MOST_CHARACTERS, beginning, exactly, parse

HOSTILE = [
    '"', '""', "'", "%", "*", "荷*", "AND", "OR NOT", "NEAR(荷 塘, 2)", "title:荷", "^荷",
    "{a} : b", "荷\x00塘", "\ud800", "😀", "\u202e荷塘\u202c",
    "<->", "!荷 & (塘", "\\'", ":*", "荷" * 10_000,
    "a " * 5_000, "“荷", "《》", "--", "; DROP TABLE x", "𠮷" * 300, "\u0301", "1,,,,2",
]  # fmt: skip
anything = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=300),
    st.text(
        "荷塘月色的农村教育下岗职工2026年５G aAND\"'“”《》*()%\\:-&|!<>~^{},.\x00\ud800😀",
        max_size=150,
    ),
)


def words(typed: str) -> list[str]:
    return [str(word) for word in parse(typed).words]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("荷塘区人民政府", ["荷塘区", "人民政府"]),
        ("荷塘 月色", ["荷塘", "月色"]),
        ("“荷塘月色”真好", ["荷塘月色", "真好"]),
        ("《论语》", ["论语"]),
        ("「采莲」『荷花』", ["采莲", "荷花"]),
        ("200亿元", ["200亿元"]),
        ("2026年", ["2026年"]),
        ("2026荷塘", ["2026", "荷塘"]),
        ("1,000人", ["1 000人"]),
        ("5G网络", ["5g", "网络"]),
        ("村里的教育", ["村里", "教育"]),
        ("的", ["的"]),
        ("臺灣同胞", ["台湾同胞"]),
        ("荷塘 荷塘", ["荷塘"]),
    ],
)
def test_queries_are_cut_into_words(typed, found):
    assert words(typed) == found


def test_a_long_word_is_asked_for_as_its_parts_but_not_in_quotes():
    assert fts5.expression(parse("下岗职工").node) == '("下 岗" AND "职 工")'
    assert fts5.expression(parse("“下岗职工”").node) == '"下 岗 职 工"'


def test_the_whole_is_known_as_one_phrase():
    assert str(parse("荷塘 月色").whole) == "荷塘月色"
    assert [str(phrase) for phrase in parse("荷塘 月色").phrases] == ["荷塘月色", "荷塘", "月色"]


def test_any_of_the_words():
    assert fts5.expression(parse("荷塘 月色", operator="or").node) == '("荷 塘" OR "月 色")'


def test_what_is_still_being_typed():
    assert fts5.expression(beginning("荷塘 教").node) == '("荷 塘" AND "教"*)'
    assert tsvector.expression(beginning("荷塘区").node) == "'荷塘区':*"
    assert tsvector.expression(beginning("在荷塘区").node) == "'在荷塘' <-> '荷塘区':*"


def test_long_queries_are_cut():
    assert len(parse("荷" * 10_000).whole.tokens) == MOST_CHARACTERS


@pytest.mark.parametrize("typed", ["", " ", '"', "“”", "。，！", "😀", "\x00", "\ud800", "%*()"])
def test_nothing_to_look_for(typed):
    assert parse(typed) is exactly(typed) is beginning(typed) is None


def test_the_dictionary_is_loaded_by_the_first_query_only():
    program = (
        "import sys, cms.search.query, cms.search.text as t; t.tokens('臺灣'); "
        "assert 'rjieba' not in sys.modules; cms.search.query.parse('荷塘月色'); "
        "assert 'rjieba' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.fixture(scope="module")
def fts():
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(autocomplete, body, title)")
    database.execute("INSERT INTO t VALUES ('荷', '荷 塘 月 色', '荷 塘')")
    yield database
    database.close()


def _ask(database: sqlite3.Connection, typed: str) -> None:
    for read in (parse, exactly, beginning):
        query = read(typed)
        if query is not None:
            for node in (query.node, query.whole):
                asked = "{title body} : (" + fts5.expression(node) + ")"
                database.execute("SELECT rowid FROM t WHERE t MATCH ?", (asked,)).fetchall()
            assert query.phrases and query.whole.tokens


@pytest.mark.parametrize("typed", HOSTILE, ids=lambda typed: ascii(typed[:12]))
def test_hostile_queries_are_valid(fts, typed):
    _ask(fts, typed)


@given(anything)
@example('"荷塘 AND "')
def test_every_query_is_valid(fts, typed):
    _ask(fts, typed)


@given(st.text("荷塘a1 ", min_size=1, max_size=40))
def test_what_was_indexed_is_found_by_itself(text):
    """A vector holds every phrase of its own text."""
    query = exactly(text)
    if query is not None:
        vector = tsvector.vector(text)
        for entry in tsvector.expression(query.node).split(" <-> "):
            assert entry in vector
