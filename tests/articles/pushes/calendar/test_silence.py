"""How long the account is silent: the days, the levels, the forecast, the words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pushes.calendar import silence
from articles.pushes.calendar.silence import Limits, Outlook, Quiet

TODAY = date(2026, 12, 8)
LIMITS = Limits(7, 10, 14)


def december(*days: int) -> list[date]:
    return [date(2026, 12, 1) + timedelta(days=day - 1) for day in days]


def outlook(posted=(), coming=()) -> Outlook:
    return silence.outlook(december(*posted), december(*coming), TODAY, LIMITS)


@pytest.mark.parametrize(
    ("posted", "days", "level"),
    [
        ((8,), 0, Quiet.NONE),
        ((7,), 1, Quiet.NONE),
        ((2,), 6, Quiet.NONE),
        ((1,), 7, Quiet.WARN),
        ((-1,), 9, Quiet.WARN),
        ((-2,), 10, Quiet.ALARM),
        ((-5,), 13, Quiet.ALARM),
        ((-6,), 14, Quiet.BREACH),
        ((-100,), 108, Quiet.BREACH),
        ((), 0, Quiet.NONE),
    ],
)
def test_today(posted, days, level):
    found = outlook(posted)
    assert (found.days_on(TODAY), found.now) == (days, level)


def test_a_plan_is_no_post_until_it_went_out():
    found = outlook([-2], [8])
    assert found.now == Quiet.ALARM
    assert found.days_on(TODAY + timedelta(days=1)) == 1


def test_what_was_planned_before_today_did_not_come():
    assert outlook([1], [5]).days_on(TODAY) == 7


@pytest.mark.parametrize(
    ("posted", "coming", "warned"),
    [
        ((8,), (), 15),
        ((8,), (12,), 19),
        ((8,), (16,), 15),  # a day too late
        ((8,), (15,), 22),  # just in time
        ((1,), (12,), 9),  # it is so already, and tomorrow too
        ((), (10,), 17),
        ((1, 8), (9, 14, 21, 29), 28),  # the gap in the middle
    ],
)
def test_the_forecast(posted, coming, warned):
    assert outlook(posted, coming).first_day_of(Quiet.WARN) == december(warned)[0]


def test_without_any_record_nothing_is_foretold():
    assert outlook().first_day_of(Quiet.WARN) is None
    assert "还没有推送记录" in silence.sentences(outlook())[0]


@pytest.mark.parametrize(
    ("posted", "coming", "unnoticed", "said"),
    [
        (
            (8,),
            (),
            0,
            "今天已经推送。按现有计划，12月15日起将连续7天没有推送，12月22日起满14天。"
            "请在此之前安排推送。",
        ),
        (
            (6,),
            (9,),
            0,
            "已经2天没有推送，上一次是12月6日。下一次计划在12月9日。"
            "按现有计划，12月16日起将连续7天没有推送，12月23日起满14天。请在此之前安排推送。",
        ),
        (
            (1,),
            (10,),
            1,
            "已经7天没有推送，上一次是12月1日。"
            "有1个推送已经到了时间，还没有登记发出，请先核对是否已在微信群发。"
            "到12月15日满14天，检查即不合格，请尽快推送。下一次计划在12月10日。",
        ),
        (
            (-6,),
            (),
            0,
            "已经14天没有推送，上一次是11月24日。已满14天，按检查指标属于不更新，请马上推送。",
        ),
    ],
)
def test_the_words(posted, coming, unnoticed, said):
    assert "".join(silence.sentences(outlook(posted, coming), unnoticed)) == said


# --- laws -----------------------------------------------------------------------------------------

DAYS = st.lists(st.integers(-40, 40), max_size=12)


@given(posted=DAYS, coming=DAYS, asked=st.integers(-40, 60))
def test_days_are_counted_from_the_nearest_post_before(posted, coming, asked):
    found, day = outlook(posted, coming), december(asked)[0]
    before = [d for d in december(*posted) if d <= min(day, TODAY)]
    if day > TODAY:
        before += [d for d in december(*coming) if TODAY <= d <= day]
    assert found.days_on(day) == min(((day - d).days for d in before), default=0)


@given(posted=DAYS, coming=DAYS, level=st.sampled_from([Quiet.WARN, Quiet.ALARM, Quiet.BREACH]))
def test_the_forecast_is_the_first_day_that_is_red(posted, coming, level):
    found = outlook(posted, coming)
    told = found.first_day_of(level)
    days = (TODAY + timedelta(days=n) for n in range(1, 100))
    assert told == next((day for day in days if found.level_on(day) >= level), None)


@given(posted=DAYS, coming=DAYS, more=st.integers(1, 40), asked=st.integers(9, 60))
def test_one_more_push_makes_no_day_more_silent(posted, coming, more, asked):
    without, day = outlook(posted, coming), december(asked)[0]
    added = outlook(posted, [*coming, more])
    # Before the first post nothing is counted, so that a first one begins the count.
    if without.days_on(day) or day in without.coming:
        assert added.days_on(day) <= without.days_on(day)
