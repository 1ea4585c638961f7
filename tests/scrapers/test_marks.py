"""What is odd about single cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.effective import Reading, edit, effective
from scrapers.marks import marks

from .conftest import SEPTEMBER_1, listing, page, row


def found(*rows, unknown=(), edits=()) -> list[tuple[str, str, str]]:
    board = effective(page(listing(*rows)), edits=edits)["boards"][0]
    return [(mark.row, mark.key, mark.code) for mark in marks(board, unknown)]


def read(*rows, edits=()) -> list[tuple[str, str, str]]:
    """The same of rows that were read from a picture."""
    picture = Reading(0, 0, page(listing(*rows)), SEPTEMBER_1)
    blank = page(listing(needs_transcription=True))
    board = effective(blank, [picture], edits)["boards"][0]
    return [(mark.row, mark.key, mark.code) for mark in marks(board)]


def figures(rank: int, name: str, **raws: str):
    given = row(rank, name)
    for key, raw in raws.items():
        digits = raw.replace(",", "").rstrip("+万")
        value = float(digits) * (10_000 if "万" in raw else 1)
        bound = "at_least" if raw.endswith("+") else "exact"
        given["values"][key] = {"value": value, "bound": bound, "capped": False, "raw": raw}
    return given


A_LIST = [row(n, f"号{n}", index=1000 - n) for n in range(1, 9)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param(A_LIST, [], id="nothing"),
        pytest.param([row(1, "甲"), row(3, "乙")], [("1", "rank", "missing_rank")], id="hole"),
        pytest.param(
            [row(1, "甲"), row(1, "乙"), row(2, "丙")],
            [("0", "rank", "duplicate_rank"), ("1", "rank", "duplicate_rank")],
            id="rank-twice",
        ),
        pytest.param(
            [row(1, "甲", tied=True), row(1, "乙", tied=True), row(3, "丙")], [], id="tie"
        ),
        pytest.param(
            [row(1, "甲", tied=True), row(2, "乙")], [("0", "rank", "lonely_tie")], id="lonely"
        ),
        pytest.param(
            [row(1, "甲"), row(2, "“甲”")],
            [("0", "account", "duplicate_account"), ("1", "account", "duplicate_account")],
            id="name-twice",
        ),
        pytest.param(
            [figures(1, "甲", reads="60,1299")], [("0", "reads", "odd_grouping")], id="grouping"
        ),
        pytest.param(
            [figures(1, "甲", index="2000.5")], [("0", "index", "implausible_value")], id="index"
        ),
        pytest.param(
            [figures(1, "甲", max_reads="20000万")],
            [("0", "max_reads", "implausible_value")],
            id="one-article",
        ),
        pytest.param(
            [figures(1, "甲", average_reads="30", max_reads="20", reads="10")],
            [
                ("0", "average_reads", "implausible_value"),
                ("0", "max_reads", "implausible_value"),
            ],
            id="more-than-all",
        ),
        pytest.param(
            [figures(1, "甲", average_reads="30", max_reads="20+", reads="100")], [], id="bounds"
        ),
        pytest.param(
            [*A_LIST[:3], row(4, "号4", index=999.5), *A_LIST[4:]],
            [("3", "index", "index_order")],
            id="one-rise",
        ),
        pytest.param(
            [row(n, f"号{n}", index=500 + n % 3) for n in range(1, 9)], [], id="other-order"
        ),
    ],
)
def test_marks(rows, expected) -> None:
    assert found(*rows) == expected


def test_a_hole_is_told_with_its_ranks() -> None:
    board = effective(page(listing(row(1, "甲"), row(5, "乙"))))["boards"][0]
    assert [mark.sentence for mark in marks(board)] == ["前面缺第2至4名"]


def test_new_names_stand_out_only_among_known_ones() -> None:
    rows = [row(1, "甲"), row(2, "乙"), row(3, "丙")]
    assert found(*rows, unknown={"丙"}) == [("2", "account", "unknown_account")]
    assert found(*rows, unknown={"甲", "乙"}) == []


def test_doubtful_and_unread_cells_of_pictures() -> None:
    doubtful = {
        **row(1, "甲", reads=9),
        "cells": {"account": {"confidence": 0.83, "crop": [1, 2, 3, 4]}},
        "unread": {"likes": {"confidence": 0.2, "crop": [1, 2, 3, 4]}},
    }
    nameless = {key: value for key, value in row(2, "").items() if key != "account"}
    expected = [
        ("g0-0", "account", "low_confidence"),
        ("g0-0", "likes", "unread"),
        ("g0-1", "account", "unread"),
        ("g0-1", "reads", "unread"),
    ]
    assert read(doubtful, nameless) == expected
    at = SEPTEMBER_1.isoformat()
    typed = [
        edit(0, name, key, "", text, by=1, name="", at=at, reason="")
        for name, key, text in (
            ("g0-0", "account", "甲县"),
            ("g0-0", "likes", "3"),
            ("g0-1", "account", "乙"),
            ("g0-1", "reads", "8"),
            ("g0-1", "likes", "2"),
        )
    ]
    assert read(doubtful, nameless, edits=typed) == []


def test_added_rows_that_are_not_complete() -> None:
    at = SEPTEMBER_1.isoformat()
    half = [
        edit(0, "n1", "account", "", "丙", by=1, name="", at=at, reason=""),
        edit(0, "n2", "rank", "", "9", by=1, name="", at=at, reason=""),
    ]
    assert {("n1", "rank", "no_rank"), ("n2", "account", "no_account")} <= set(
        found(row(1, "甲"), edits=half)
    )


numbers = st.one_of(st.integers(-5, 10**12), st.floats(0, 3000, allow_nan=False))
rows = st.builds(
    lambda rank, name, tied, values: row(rank, name, tied=tied, **values),
    st.integers(1, 30),
    st.sampled_from(["甲", "乙", "“甲”", "", "号"]),
    st.booleans(),
    st.dictionaries(
        st.sampled_from(["index", "reads", "max_reads", "average_reads"]), numbers, max_size=4
    ),
)


@given(st.lists(rows, max_size=12), st.booleans())
def test_marks_stand_on_rows_that_are_there(given_rows, pictured) -> None:
    for name, key, code in read(*given_rows) if pictured else found(*given_rows):
        at = int(name.rpartition("-")[2])
        assert at < len(given_rows)
        if key not in ("rank", "account") and code != "unread":
            assert key in given_rows[at]["values"]
