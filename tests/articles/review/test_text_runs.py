"""Differences between two texts: readable, complete, and quick on long ones."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.text_runs import Run, replacements, runs
from tests.growth import assert_grows_linearly

WORDS = st.text(st.sampled_from("荷塘社区的。，！\n12.5%ab "), max_size=60)


def told(old: str, new: str) -> str:
    marks = {"same": "{}", "del": "[-{}-]", "ins": "[+{}+]"}
    return "".join(marks[run.op].format(run.text) for run in runs(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("早上八点。", "早上八点。", "早上八点。"),
        ("早上八点，门开了。", "早上九点，门开了。", "早上[-八-][+九+]点，门开了。"),
        ("共120人。", "共130人。", "共[-120-][+130+]人。"),
        ("增长12.5%。", "增长1.25%。", "增长[-12.5%-][+1.25%+]。"),
        ("门开了。", "门开了。人来了。", "门开了。[+人来了。+]"),
        ("一。二。三。", "一。三。", "一。[-二。-]三。"),
        ("", "新的话。", "[+新的话。+]"),
        ("旧的话。", "", "[-旧的话。-]"),
        # One character that both happen to share does not stay alone between two changes.
        ("王主任到社区", "李书记进社区", "[-王主任到-][+李书记进+]社区"),
        ("甲的乙", "丙的丁", "[-甲的乙-][+丙的丁+]"),
        # Lines are kept apart.
        ("甲\n乙", "丙\n丁", "[-甲-][+丙+]\n[-乙-][+丁+]"),
    ],
)
def test_what_is_told(old, new, expected):
    assert told(old, new) == expected


@given(WORDS, WORDS)
def test_both_texts_can_be_read_out_of_the_runs(old, new):
    found = runs(old, new)
    assert "".join(run.text for run in found if run.op != "ins") == old
    assert "".join(run.text for run in found if run.op != "del") == new
    assert all(run.text for run in found)
    # Nothing is told twice in a row, and what was taken out stands first.
    steps = [run.op for run in found]
    for first, second in pairwise(steps):
        assert (first, second) in {
            ("same", "del"), ("same", "ins"), ("del", "ins"), ("del", "same"), ("ins", "same")
        }  # fmt: skip


@given(WORDS)
def test_the_same_text_has_no_change(text):
    assert runs(text, text) == ((Run("same", text),) if text else ())


def test_replacements_pair_what_went_with_what_came():
    found = runs("早上八点，门开了。完。", "早上九点，门轻轻开了。")
    assert replacements(found) == [("八", "九"), ("", "轻轻"), ("完。", "")]


@pytest.mark.parametrize(
    "pair",
    [
        lambda size: ("荷" * size, "塘" * size),
        lambda size: ("荷塘。" * (size // 3), "荷。塘" * (size // 3)),
        lambda size: ("".join(chr(0x4E00 + n % 20_000) for n in range(size)), "荷" * size),
        lambda size: ("荷，塘；" * (size // 4), "荷塘区；" * (size // 4)),
    ],
    ids=["one-character", "many-sentences", "all-characters", "all-sentences-changed"],
)
def test_a_book_takes_no_longer_than_a_breath(pair):
    def compare(texts):
        found = runs(*texts)
        assert "".join(run.text for run in found if run.op != "del") == texts[1]

    assert_grows_linearly(pair, compare, 200_000)
