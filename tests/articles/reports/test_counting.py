"""What the reports count and which days they look at, over plain values."""

import datetime as dt
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.reports.counting import (
    ALL_COLUMNS,
    Verdict,
    hours_between,
    hours_words,
    matrix,
    pace,
    share_words,
    slips,
)
from articles.reports.periods import between, choices, latest_year, span_of
from articles.review.stages import Dimension

AT = datetime(2026, 10, 1, 1, tzinfo=UTC)


def verdict(dimension="credible", column="身边事", hours=2.0, returned=False, found=None, at=AT):
    return Verdict(dimension, column, at - timedelta(hours=hours), at, returned, found)


def test_pace_by_stage_and_column():
    rows = pace(
        [
            verdict("readable", "群力", 5),
            verdict("credible", "身边事", 1),
            verdict("credible", "身边事", 3, returned=True),
            verdict("credible", "群力", 50),
        ]
    )
    assert [
        (r.stage, r.column, r.count, r.median_hours, r.longest_hours, r.returned) for r in rows
    ] == [
        ("可信", ALL_COLUMNS, 3, 3.0, 50.0, 1),
        ("可信", "群力", 1, 50.0, 50.0, 0),
        ("可信", "身边事", 2, 2.0, 3.0, 1),
        ("可读", ALL_COLUMNS, 1, 5.0, 5.0, 0),
        ("可读", "群力", 1, 5.0, 5.0, 0),
    ]
    assert rows[2].returned_share == 0.5


VERDICTS = st.builds(
    Verdict,
    dimension=st.sampled_from(Dimension.values),
    column=st.sampled_from(["身边事", "群力", ""]),
    started_at=st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    finished_at=st.datetimes(datetime(2020, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    returned=st.booleans(),
    slips=st.none() | st.integers(0, 50),
)


@given(st.lists(VERDICTS, max_size=30))
def test_nothing_is_lost_or_counted_twice(verdicts):
    rows = pace(verdicts)
    whole = [row for row in rows if row.column == ALL_COLUMNS]
    parts = [row for row in rows if row.column != ALL_COLUMNS]
    assert sum(r.count for r in whole) == sum(r.count for r in parts) == len(verdicts)
    assert sum(r.returned for r in whole) == sum(v.returned for v in verdicts)
    assert all(0 <= r.median_hours <= r.longest_hours for r in rows)
    counted = [v for v in verdicts if v.slips is not None and not v.returned]
    found = slips(verdicts)
    assert sum(r.slips for r in found) == sum(v.slips for v in counted)
    assert sum(r.texts for r in found) == len(counted)


def test_slips_by_month_of_beijing_and_stage():
    midnight = datetime(2026, 9, 30, 16, 30, tzinfo=UTC)  # already October there
    rows = slips(
        [
            verdict(found=2, at=midnight),
            verdict(found=1),
            verdict("readable", found=0),
            verdict(found=9, returned=True),
            verdict(found=4, at=AT - timedelta(days=20)),
        ]
    )
    assert [(r.month.label, r.stage, r.texts, r.slips, r.per_text) for r in rows] == [
        ("2026年10月", "可信", 2, 3, 1.5),
        ("2026年10月", "可读", 1, 0, 0.0),
        ("2026年9月", "可信", 1, 4, 4.0),
    ]


def test_a_matrix_counts_and_sums():
    found = matrix([("标题", "可信"), ("标题", "可读"), ("图片", "可读"), ("标题", "可读")])
    assert found.columns == ["可信", "可读", "合计"]
    assert found.rows == [("标题", [1, 2, 3]), ("图片", [0, 1, 1])]


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "不到1分钟"),
        (0.67, "40分钟"),
        (1, "1小时"),
        (3.54, "3.5小时"),
        (47.9, "47.9小时"),
        (48, "2天"),
        (52.4, "2天4小时"),
        (71.8, "3天"),
    ],
)
def test_hours_in_words(hours, words):
    assert hours_words(hours) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 5, "0%"), (1, 4, "25%"), (1, 500, "1%"), (5, 5, "100%")]
)
def test_shares_in_words(part, whole, words):
    assert share_words(part, whole) == words


def test_a_clock_that_was_set_back_gives_no_time_below_nought():
    assert hours_between(AT, AT - timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("key", "first", "last", "label"),
    [
        ("2026-10", date(2026, 10, 1), date(2026, 10, 31), "2026年10月"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024年2月"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
    ],
)
def test_months_and_quarters(key, first, last, label):
    span = span_of(key)
    assert (span.first, span.last, span.label) == (first, last, label)


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_every_offered_period_has_come_and_holds_what_it_says(today):
    months, quarters = choices(today)
    assert months[1][0][1] == f"{today.year}年{today.month}月"
    for key, label in [*months[1], *quarters[1]]:
        span = span_of(key)
        assert span.label == label and span.first <= today and span.first < span.last
    assert span_of(months[1][0][0]).first <= today <= span_of(months[1][0][0]).last
    assert span_of(quarters[1][0][0]).first <= today <= span_of(quarters[1][0][0]).last


def test_without_a_choice_twelve_months_are_shown():
    span = latest_year(date(2026, 11, 23))
    assert (span.first, span.last) == (date(2025, 12, 1), date(2026, 11, 23))


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 10, 1), date(2026, 10, 2), (date(2026, 10, 1), date(2026, 10, 2))),
        (date(2026, 10, 1), None, (date(2026, 10, 1), date(2026, 11, 23))),
        (None, date(2026, 10, 1), (date(2025, 10, 1), date(2026, 10, 1))),
        (date(2027, 1, 1), None, (date(2027, 1, 1), date(2027, 1, 1))),
    ],
)
def test_days_of_one_s_own_choice(first, last, days):
    span = between(first, last, date(2026, 11, 23))
    assert (span.first, span.last) == days


def test_a_span_holds_its_days_whole_in_beijing():
    span = span_of("2026-10")
    assert span.begins == datetime(2026, 9, 30, 16, tzinfo=UTC)
    assert span.ends == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert span.ends.utcoffset() == dt.timedelta(hours=8)
