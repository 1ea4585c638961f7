"""Ranks that run on from each other, and those that only their neighbours prove."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.ocr.ranks import Seen, Settled, settle


def seen(*values: int | None) -> list[Seen]:
    return [Seen(value) for value in values]


def ranks(settled: list[Settled]) -> list[int | None]:
    return [rank.value for rank in settled]


@pytest.mark.parametrize(
    ("printed", "before", "settled"),
    [
        pytest.param((1, 2, 3), 0, [1, 2, 3], id="as printed"),
        pytest.param((None, None, None, 4, 5), 0, [1, 2, 3, 4, 5], id="three medals"),
        pytest.param((7, None, 9), None, [7, 8, 9], id="one between two"),
        pytest.param((None, 4, 5), 0, [None, 4, 5], id="rows are missing above"),
        pytest.param((None, 22, 23), None, [None, 22, 23], id="nothing above is known"),
        pytest.param((3, None, 6), None, [3, None, 6], id="two ranks fit one row"),
        pytest.param((3, None, None, 5), None, [3, None, None, 5], id="one rank for two rows"),
        pytest.param((8, 9, None), 7, [8, 9, None], id="nothing below"),
        pytest.param((3, 3, 5), 2, [3, 3, 5], id="a tie is printed"),
        pytest.param((5, 5, 6), 4, [5, 5, 6], id="a printed slip stays"),
        pytest.param((1, 2, 9, 4, 5), 0, [1, 2, None, 4, 5], id="a misread rank is dropped"),
        pytest.param((), 0, [], id="no rows"),
    ],
)
def test_settle(printed, before, settled) -> None:
    assert ranks(settle(seen(*printed), before, scored=False)) == settled


def test_what_the_neighbours_prove_is_marked() -> None:
    assert settle(seen(1, None, 3), 0, scored=False)[1] == Settled(2, inferred=True)


@pytest.mark.parametrize(
    ("scores", "middle"),
    [
        (("9.3", "9.2", "9.1"), 2),
        (("9.3", "9.3", "9.1"), None),
        (("9.3", None, "9.1"), None),
        (("9.3", "9.1", "9.1"), None),
    ],
    ids=["apart", "as above", "unread", "as below"],
)
def test_no_rank_is_inferred_where_it_may_be_a_tie(scores, middle) -> None:
    rows = [Seen(rank, score=score) for rank, score in zip((1, None, 3), scores, strict=True)]
    assert ranks(settle(rows, 0, scored=True))[1] == middle


@pytest.mark.parametrize(("faint", "settled"), [(2, 2), (7, 2), (1, 2)])
def test_a_faint_rank_counts_only_where_it_fits(faint: int, settled: int) -> None:
    rows = [Seen(1), Seen(faint, faint=True), Seen(3)]
    assert ranks(settle(rows, 0, scored=False))[1] == settled


def test_a_faint_rank_alone_is_not_believed() -> None:
    assert ranks(settle([Seen(1, faint=True), Seen(3)], None, scored=False)) == [None, 3]


@given(st.lists(st.none() | st.integers(1, 60), max_size=30), st.none() | st.integers(0, 40))
def test_ranks_never_fall_and_are_never_replaced(printed, before) -> None:
    settled = settle(seen(*printed), before, scored=False)
    found = [rank.value for rank in settled if rank.value is not None]
    assert found == sorted(found)
    for was, now in zip(printed, settled, strict=True):
        assert now.value in (was, None) or (was is None and now.inferred)


@given(st.integers(1, 40), st.data())
def test_of_a_list_without_ties_nothing_is_ever_wrong(count: int, data) -> None:
    hidden = data.draw(st.sets(st.integers(0, count - 1)))
    rows = [Seen(None if row in hidden else row + 1) for row in range(count)]
    for row, rank in enumerate(settle(rows, 0, scored=False)):
        assert rank.value in (row + 1, None)
