"""Who was ahead in how many months."""

import pytest

from rankings.dashboard.months import AccountMonth
from rankings.dashboard.versus import between, duels, side_by_side
from rankings.models import Account
from rankings.reports import Place

MONTH = 24300


def at(rank=None, *, reported=False, beyond=None, by_report=False, tied=False):
    from types import SimpleNamespace

    source = SimpleNamespace(figures={"index": {"value": 1000, "bound": "at_least"}})
    place = Place(rank, tied, reported, source if rank else None)
    return AccountMonth("?", place, beyond, by_report)


@pytest.mark.parametrize(
    ("own", "other", "result"),
    [
        (at(1), at(2), 1),
        (at(2), at(1), -1),
        (at(1), at(1), 0),
        (at(1, reported=True), at(2), None),
        (at(1), at(2, reported=True), None),
        (at(1, reported=True), at(2, reported=True), None),
        (at(30), at(beyond=30), 1),
        (at(31), at(beyond=30), None),
        (at(beyond=30), at(30), -1),
        (at(beyond=30), at(31), None),
        (at(beyond=30, by_report=True), at(5), None),
        (at(5), at(beyond=30, by_report=True), None),
        (at(beyond=30), at(beyond=10), None),
        (at(1), None, None),
        (None, at(1), None),
        (at(), at(1), None),
    ],
)
def test_one_month(own, other, result) -> None:
    assert between(own, other) == result
    assert between(other, own) == (None if result is None else -result)


def test_counts_over_the_months() -> None:
    own = {MONTH: at(1), MONTH + 1: at(2), MONTH + 2: at(1), MONTH + 3: at(1, reported=True)}
    theirs = {MONTH: at(2), MONTH + 1: at(1), MONTH + 2: at(1)}
    [duel] = duels(own, [(Account(name="乙"), "B", theirs)], range(MONTH, MONTH + 5))
    assert (duel.ahead, duel.level, duel.behind, duel.unclear) == (1, 1, 1, 2)
    assert (duel.slot, duel.letter, duel.compared) == (1, "B", 3)


def test_the_table_is_newest_first_and_says_what_is_reported() -> None:
    own = {MONTH: at(1, tied=True), MONTH + 1: at(2, reported=True), MONTH + 2: at(beyond=30)}
    lines = side_by_side([own, {}], range(MONTH, MONTH + 3))
    assert [line.month.index for line in lines] == [MONTH + 2, MONTH + 1, MONTH]
    assert [line.cells[0] for line in lines] == [
        ("前30名以外", ""),
        ("2（据报道）", "≥1,000"),
        ("1（并列）", "≥1,000"),
    ]
    assert all(line.cells[1] == ("", "") for line in lines)
