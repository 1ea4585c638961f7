"""Months and periods."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rankings.periods import Month, Period, PeriodError


@pytest.mark.parametrize(
    ("text", "expected", "kind"),
    [
        ("2019-08", "2019-08", "month"),
        ("2019/8", "2019-08", "month"),
        ("2019.08", "2019-08", "month"),
        ("2019年8月", "2019-08", "month"),
        ("２０１９年８月", "2019-08", "month"),
        ("2019年8月份", "2019-08", "month"),
        (" 201908 ", "2019-08", "month"),
        ("Aug-19", "2019-08", "month"),
        ("2019-08-01/2019-08-31", "2019-08", "month"),
        ("20190801-20190831", "2019-08", "month"),
        ("2019-02-01/2019-02-28", "2019-02", "month"),
        ("2019-08-04/2019-08-10", "2019-08-04/2019-08-10", "week"),
        ("2019-08-04-2019-08-10", "2019-08-04/2019-08-10", "week"),
        ("2019年8月4日至2019年8月10日", "2019-08-04/2019-08-10", "week"),
        ("2019年8月4日至8月10日", "2019-08-04/2019-08-10", "week"),
        ("2018.12.30—2019.1.5", "2018-12-30/2019-01-05", "week"),
        ("2019-08-04", "2019-08-04/2019-08-04", "day"),
        ("2019-08-01/2019-08-30", "2019-08-01/2019-08-30", "custom"),
        ("2018-04-01/2018-04-07", "2018-04-01/2018-04-07", "week"),
    ],
)
def test_parse(text, expected, kind):
    period = Period.parse(text)
    assert (str(period), period.kind) == (expected, kind)


REFUSED = ["", "8月", "2019", "2019-13", "2019-00", "2019-02-30", "abc", "1919-08", "第8期"]


@pytest.mark.parametrize("text", [*REFUSED, "2019-08-10/2019-08-04"])
def test_what_is_no_period_is_refused_in_chinese(text):
    with pytest.raises(PeriodError, match=r"[。]$"):
        Period.parse(text)


def test_the_length_of_a_streak_counts_both_ends():
    assert Month(2019, 8) - Month(2017, 9) + 1 == 24


def test_a_moment_belongs_to_its_month_in_shanghai():
    assert Month.of(dt.datetime(2019, 8, 31, 16, 30, tzinfo=dt.UTC)) == Month(2019, 9)
    assert Month.of(dt.date(2019, 8, 31)) == Month(2019, 8)


def test_only_a_whole_month_is_a_month():
    with pytest.raises(PeriodError, match="不是一个月份"):
        Month.parse("2019-08-04/2019-08-10")


@given(st.integers(2000 * 12, 2100 * 12), st.integers(-100, 100))
def test_months_count_by_integers(index, step):
    month = Month.from_index(index)
    assert month.index == index
    assert (month + step) - month == step
    assert (month.last_day + dt.timedelta(days=1)) == (month + 1).first_day


@given(
    st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)),
    st.integers(0, 400),
)
def test_a_period_reads_back_what_it_prints(start, days):
    period = Period(start, min(start + dt.timedelta(days=days), dt.date(2100, 12, 31)))
    assert Period.parse(str(period)) == period
    assert Period.parse(period.label) == period
