"""When a source is due."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.periods import SHANGHAI, Month
from scrapers.due import PastRun, due_month, moments, month_to_fetch, next_moment

DAYS = [1, 2, 3, 8, 9, 10]
AUGUST = Month(2019, 8)


def at(day: int, hour: int = 12, month: int = 9, year: int = 2019) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SHANGHAI)


def run(day: int, hour: int = 9, *, month=AUGUST, settled=False, is_open=False) -> PastRun:
    return PastRun(month, at(day, hour), settled, is_open)


@pytest.mark.parametrize(
    ("now", "runs", "due"),
    [
        (at(1, 8), [], None),
        (at(1, 9), [], AUGUST),
        (at(1, 10), [run(1)], None),
        (at(2, 8), [run(1)], None),
        (at(2, 9), [run(1)], AUGUST),
        (at(2, 9), [run(1, settled=True)], None),
        (at(3, 9), [run(1), run(2)], AUGUST),
        (at(5), [run(1), run(2), run(3)], None),
        (at(5), [], AUGUST),
        (at(5), [run(1)], AUGUST),
        (at(5, 13), [run(5, 12)], None),
        (at(8, 9), [run(1, settled=True)], AUGUST),
        (at(8, 10), [run(1, settled=True), run(8)], None),
        (at(9, 9), [run(1, settled=True), run(8)], AUGUST),
        (at(20), [run(1, settled=True), run(10)], None),
        (at(20), [run(1, settled=True)], AUGUST),
        (at(1, 9), [run(1, 8, is_open=True)], None),
        # A run made by hand in August for July says nothing about August.
        (at(1, 9), [run(1, month=Month(2019, 7), settled=True)], AUGUST),
    ],
)
def test_the_months_list_is_looked_for_on_its_days(now, runs, due) -> None:
    assert due_month(now, DAYS, 9, runs, monthly_address=True) == due


def test_months_passed_over_are_made_up_for_oldest_first() -> None:
    runs = [run(1, month=Month(2019, 5), settled=True)]
    assert due_month(at(4), DAYS, 9, runs, monthly_address=True) == Month(2019, 6)
    runs.append(run(4, 13, month=Month(2019, 6)))
    assert due_month(at(4, 14), DAYS, 9, runs, monthly_address=True) == Month(2019, 7)
    runs.append(run(4, 14, month=Month(2019, 7)))
    assert due_month(at(4, 15), DAYS, 9, runs, monthly_address=True) == AUGUST
    runs.append(run(4, 15))
    assert due_month(at(4, 16), DAYS, 9, runs, monthly_address=True) is None


def test_a_page_that_always_shows_the_newest_list_has_no_past() -> None:
    runs = [run(1, month=Month(2019, 5), settled=True)]
    assert due_month(at(4), DAYS, 9, runs, monthly_address=False) == AUGUST


def test_months_are_those_of_shanghai() -> None:
    assert month_to_fetch(datetime(2019, 8, 31, 16, 30, tzinfo=UTC)) == AUGUST
    assert month_to_fetch(datetime(2019, 8, 31, 15, 30, tzinfo=UTC)) == Month(2019, 7)
    assert month_to_fetch(at(1, month=1, year=2020)) == Month(2019, 12)


@pytest.mark.parametrize(
    ("now", "expected"),
    [(at(1, 8), at(1, 9)), (at(1, 9), at(2, 9)), (at(10, 9), at(1, 9, month=10))],
)
def test_the_next_time(now: datetime, expected: datetime) -> None:
    assert next_moment(DAYS, 9, now) == expected


def test_the_next_time_after_december() -> None:
    assert next_moment([3], 0, at(31, month=12)) == at(3, 0, month=1, year=2020)


def test_months_somebody_fetched_are_not_made_up_for_again() -> None:
    runs = [
        run(1, month=Month(2019, 4)),
        PastRun(Month(2019, 5), at(1), settled=False, scheduled=False),
        PastRun(Month(2019, 7), at(1), settled=True, scheduled=False),
    ]
    assert due_month(at(4), DAYS, 9, runs, monthly_address=True) == Month(2019, 6)


def test_the_past_that_people_fetch_sets_nothing_off() -> None:
    runs = [PastRun(Month(2017, n), at(1), settled=True, scheduled=False) for n in range(1, 13)]
    assert due_month(at(4), DAYS, 9, runs, monthly_address=True) == AUGUST


def test_no_more_than_a_year_is_made_up_for() -> None:
    runs = [run(1, month=Month(2010, 1), settled=True)]
    assert due_month(at(4), DAYS, 9, runs, monthly_address=True) == AUGUST + -12


@pytest.mark.parametrize("settled", [True, False])
def test_a_run_dated_in_the_future_says_nothing_of_when(settled) -> None:
    ahead = PastRun(AUGUST, at(1, year=2030), settled=settled)
    assert due_month(at(1, 9), DAYS, 9, [ahead], monthly_address=True) == (
        None if settled else AUGUST
    )
    again = run(1, 9, settled=settled)
    assert due_month(at(1, 10), DAYS, 9, [ahead, again], monthly_address=True) is None
    # A month of that future is no newer list.
    future = PastRun(Month(2029, 12), at(1, year=2030), settled=True)
    assert due_month(at(1, 9), DAYS, 9, [future], monthly_address=True) == AUGUST


clocks = st.lists(st.integers(-60 * 24 * 20, 60 * 24 * 20), min_size=1, max_size=40)


@given(clocks, st.booleans())
def test_however_the_clock_jumps_no_moment_is_looked_at_forever(jumps, monthly) -> None:
    """Polling at a moment of a clock that then stands still makes one run of a month at most."""
    now, runs = at(5), []
    for minutes in jumps:
        now += timedelta(minutes=minutes)
        made = []
        for _ in range(15):
            month = due_month(now, DAYS, 9, runs, monthly_address=monthly)
            if month is None:
                break
            made.append(month)
            runs.append(PastRun(month, now, settled=False))
        assert len(made) == len(set(made)) <= 13
        # And the clock's own month is looked at once its first moment has passed.
        if now >= moments(DAYS, 9, now)[0]:
            assert any(past.month == month_to_fetch(now) for past in runs)
