"""The days as a table: which are shown, and what is marked on them."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pushes.calendar import sheet, silence
from articles.pushes.calendar.sheet import Day, Span, Special
from articles.pushes.calendar.silence import Quiet
from articles.pushes.calendar.states import Entry, State, of_push

from .conftest import TODAY, day

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2100, 12, 31))


def entry(number: int, state: State = State.PLANNED, key: str = "push-1", **more) -> Entry:
    return Entry(key, state, day(number), "《稿》", **more)


def cell(number: int, *entries: Entry, posted=(), coming=(), **more) -> Day:
    outlook = silence.outlook(
        [day(n) for n in posted], [day(n) for n in coming], TODAY, silence.Limits()
    )
    made = sheet.make(Span.MONTH, TODAY, entries, outlook=outlook, **{"special": {}, **more})
    return next(each for week in made.weeks for each in week if each.day == day(number))


@given(DAYS)
def test_a_month_has_all_its_days_in_whole_weeks(anchor):
    weeks = sheet.days_of(Span.MONTH, anchor)
    days = [each for week in weeks for each in week]
    assert all(len(week) == 7 and week[0].weekday() == 0 for week in weeks)
    assert days == [days[0] + dt.timedelta(days=n) for n in range(len(days))]
    month = [each for each in days if (each.year, each.month) == (anchor.year, anchor.month)]
    assert month[0].day == 1 and (month[-1] + dt.timedelta(days=1)).day == 1


@given(DAYS, st.sampled_from(Span))
def test_leafing_forth_and_back_leads_home(anchor, span):
    there = sheet.neighbour(span, anchor, 1)
    assert sheet.days_of(span, sheet.neighbour(span, there, -1)) == sheet.days_of(span, anchor)
    assert sheet.days_of(span, there) != sheet.days_of(span, anchor)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({}, State.PLANNED),
        ({"is_committed": True}, State.COMMITTED),
        ({"is_committed": True, "is_delivered": True}, State.DELIVERED),
        ({"is_delivered": True, "is_public": True}, State.LIVE),
        ({"is_public": True, "has_failed": True}, State.FAILED),
        ({"is_public": True, "is_sent": True, "has_failed": True}, State.SENT),
    ],
)
def test_a_push_has_one_state(facts, state):
    assert of_push(**facts) == state


def test_states_are_told_apart_without_colour():
    assert len({state.mark for state in State}) == len({state.label for state in State}) == 7


@pytest.mark.parametrize(
    ("number", "posted", "coming", "special", "gap"),
    [
        (9, (1,), (), None, True),  # a working day with nothing on it
        (9, (1,), (9,), None, False),
        (7, (1, 7), (), None, False),
        (7, (1,), (), None, True),
        (12, (1,), (), None, False),  # a Saturday
        (12, (1,), (), Special("work", "元旦"), True),  # a Saturday that is worked
        (9, (1,), (), Special("rest", "元旦"), False),
        (9, (1,), (), Special("quiet", "公祭日"), False),
        (2, (3,), (), None, False),  # before the first post
        (9, (), (), None, True),
    ],
)
def test_gaps(number, posted, coming, special, gap):
    entries = [entry(n) for n in coming]
    shown = cell(
        number,
        *entries,
        posted=posted,
        coming=coming,
        special={day(number): special} if special else {},
    )
    assert shown.is_gap == gap


@pytest.mark.parametrize(
    ("keys", "allowance", "overfull"),
    [
        (["push-1"], 1, 0),
        (["push-1", "push-2"], 1, 1),
        (["push-1", "push-2"], 2, 0),
        (["push-1", "post-2"], 1, 1),
        (["push-1", "article-2", "article-3"], 1, 0),  # articles take no turn
    ],
)
def test_more_than_a_day_may_send(keys, allowance, overfull):
    entries = [entry(9, key=key) for key in keys]
    assert cell(9, *entries, allowance=allowance).overfull == overfull


@pytest.mark.parametrize(
    ("number", "kind", "state", "holidays", "words"),
    [
        (9, "quiet", State.PLANNED, True, "静默日不推送"),
        (9, "quiet", State.SENT, True, ""),
        (7, "quiet", State.PLANNED, True, ""),  # it has passed
        (9, "rest", State.COMMITTED, True, ""),
        (9, "rest", State.COMMITTED, False, "按设置节假日不推送"),
        (9, "work", State.COMMITTED, False, ""),
    ],
)
def test_what_stands_where_nothing_is_sent(number, kind, state, holidays, words):
    shown = cell(
        number,
        entry(number, state),
        special={day(number): Special(kind, "某日")},
        sends_on_holidays=holidays,
    )
    assert shown.clash.startswith(words) and bool(shown.clash) == bool(words)


def test_silent_days_are_marked_and_no_others():
    levels = [cell(n, posted=(1,), coming=(16,)).silence for n in range(1, 24)]
    assert levels[:7] == [Quiet.NONE] * 7
    assert levels[7:10] == [Quiet.WARN] * 3  # the 8th to the 10th
    assert levels[10:14] == [Quiet.ALARM] * 4
    assert levels[14] == Quiet.BREACH
    assert levels[15:22] == [Quiet.NONE] * 7
    assert levels[22] == Quiet.WARN
    assert cell(10, posted=(1,)).silent_days == 9


def test_the_filter_hides_entries_and_no_marks():
    there = [entry(9, key="push-1", columns=frozenset({4})), entry(9, State.SENT, key="push-2")]
    shown = cell(9, *there, column=4)
    assert [each.key for each in shown.shown] == ["push-1"] and shown.overfull == 1
    assert [each.key for each in cell(9, *there, states=[State.SENT]).shown] == ["push-2"]
    assert cell(9, *there, column=5).is_gap is False


def test_a_full_day_of_a_month_is_folded_but_not_for_one_more():
    five = [entry(9, key=f"article-{n}") for n in range(5)]
    assert (len(cell(9, *five).first), cell(9, *five).rest) == (5, ())
    six = [*five, entry(9, key="article-6")]
    assert (len(cell(9, *six).first), len(cell(9, *six).rest)) == (4, 2)
    in_week = dataclasses.replace(cell(9, *six), most=None)
    assert (len(in_week.first), in_week.rest) == (6, ())
