"""Who may be the second person."""

import pytest

from articles.release import rules


@pytest.mark.parametrize(
    ("person", "requester", "authors", "words"),
    [
        (2, 1, [3], ""),
        (2, 1, [], ""),
        (2, 1, [1], ""),
        (1, 1, [3], "另一个人确认"),
        (1, 1, [1], "另一个人确认"),
        (2, 1, [2], "写过或改过"),
        (2, 1, [1, 2, 3], "写过或改过"),
    ],
)
def test_urgent(person, requester, authors, words):
    refusal = rules.why_not_confirm_urgent(person, requester, authors)
    assert bool(refusal) == bool(words) and words in refusal


@pytest.mark.parametrize(("person", "proposer", "may"), [(1, 1, False), (2, 1, True)])
def test_correction(person, proposer, may):
    assert (rules.why_not_confirm_correction(person, proposer) == "") is may
