"""The rules of review over plain values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.review.rules import Approval, why_not_publish, why_not_review
from articles.review.stages import Dimension

C, R, A = (d.value for d in Dimension)
D, E = "d" * 64, "e" * 64


@pytest.mark.parametrize(
    ("person", "dimension", "authors", "given_", "words"),
    [
        (1, C, set(), [], ""),
        (1, C, {2, 3}, [], ""),
        (1, C, {1}, [], "不能审核自己的文章"),
        (2, R, {1}, [Approval(C, 2, D)], "可信审核"),
        (3, A, {1}, [Approval(C, 2, D), Approval(R, 3, D)], "可读审核"),
        (3, A, {1}, [Approval(C, 2, D), Approval(R, 4, D)], ""),
        # The same dimension again, after a change, by the same person is a new look, not a second.
        (2, C, {1}, [Approval(C, 2, E)], ""),
    ],
)
def test_why_not_review(person, dimension, authors, given_, words):
    refusal = why_not_review(person, dimension, authors, given_)
    assert (words in refusal) if words else refusal == ""


THREE = [Approval(C, 2, D), Approval(R, 3, D), Approval(A, 4, D)]


@pytest.mark.parametrize(
    ("authors", "given_", "words"),
    [
        ({1}, THREE, []),
        (set(), THREE, []),
        ({1}, [], ["可信、可读、可亲审核还没有通过"]),
        ({1}, THREE[:2], ["可亲审核还没有通过"]),
        ({1}, [*THREE[:2], Approval(A, 4, E)], ["可亲审核通过之后内容有改动"]),
        ({1}, [*THREE[:2], Approval(A, 2, D)], ["同一个人"]),
        ({1, 3}, THREE, ["换人审核"]),
        ({2}, [*THREE[:2], Approval(A, 2, D)], ["同一个人", "换人审核"]),
    ],
)
def test_why_not_publish(authors, given_, words):
    reasons = why_not_publish(D, authors, given_)
    assert len(reasons) == len(words)
    for reason, word in zip(reasons, words, strict=True):
        assert word in reason


people = st.integers(1, 5)
approvals = st.lists(
    st.builds(Approval, st.sampled_from([C, R, A]), people, st.sampled_from([D, E])), max_size=6
)


@given(st.sets(people), approvals)
def test_what_may_be_published_was_approved_by_three_others(authors, given_):
    if not why_not_publish(D, authors, given_):
        here = [a for a in given_ if a.digest == D]
        assert {a.dimension for a in here} == {C, R, A}
        assert len({a.person for a in here} - authors) >= 3
