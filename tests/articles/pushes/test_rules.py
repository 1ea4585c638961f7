"""The rules of pushes over plain values."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.pushes import rules
from articles.pushes.rules import Calendar, Holding

DAY = dt.date(2026, 12, 9)
TODAY = dt.date(2026, 12, 8)
NOW = dt.datetime(2026, 12, 8, 10, 0)
EARLY, LATE = dt.time(8, 30), dt.time(18, 0)
ONE, TWO = Calendar([EARLY]), Calendar([EARLY, LATE], allowance=2)
TAKEN = Holding(7, DAY, EARLY, True, "《甲》（王发布组稿，12月09日 08:30定时）")
PLANNED = replace(TAKEN, is_firm=False)


@pytest.mark.parametrize(
    ("minute", "slot"),
    [("00:00", EARLY), ("08:29", EARLY), ("08:30", EARLY), ("17:59", EARLY), ("18:00", LATE)],
)
def test_a_minute_belongs_to_the_slot_that_has_begun(minute, slot):
    assert rules.slot_of(dt.time.fromisoformat(minute), [EARLY, LATE]) == slot


JOINS = [
    ({}, ""),
    ({"in_push": "《乙》"}, "已经编入推送《乙》，一篇文章只能在一个推送里。"),
    ({"has_time": True}, "已经单独定时。"),
    ({"lacks": ["可亲审核还没有通过。"]}, "还不能编入推送：可亲审核还没有通过。"),
    ({"is_ready": False}, "不在“待发布”。"),
    ({"count": 7}, ""),
    ({"count": 8}, "一个推送最多8篇。"),
]


@pytest.mark.parametrize(("facts", "said"), JOINS)
def test_who_may_join(facts, said):
    refusal = rules.why_not_join(**{"count": 1, "is_ready": True, "has_time": False, **facts})
    assert refusal.startswith(said) and bool(refusal) == bool(said)


APPROVALS = [
    ((1, {2, 3}, 2, []), ""),
    ((2, {2, 3}, 2, []), "您参与过这次组稿"),
    ((2, {2}, 2, ["《甲》有变动。"]), "您参与过这次组稿"),
    ((1, {2}, 0, []), "推送里还没有文章"),
    ((1, {2}, 2, ["《甲》有变动。"]), "还不能审定：《甲》有变动。"),
]


@pytest.mark.parametrize(("facts", "said"), APPROVALS)
def test_who_may_approve(facts, said):
    refusal = rules.why_not_approve(*facts)
    assert refusal.startswith(said) and bool(refusal) == bool(said)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ((True, True, []), []),
        ((False, False, ["坏"]), ["还没有审定"]),
        ((True, False, []), ["请重新审定"]),
        ((True, True, ["坏"]), ["坏"]),
    ],
)
def test_what_may_go(facts, said):
    approved, same, problems = facts
    reasons = rules.why_not_go(is_approved=approved, is_same=same, problems=problems)
    assert len(reasons) == len(said)
    assert all(words in reason for words, reason in zip(said, reasons, strict=True))


PLANS = [
    ((DAY, EARLY, ONE, []), ""),
    ((DAY, None, ONE, [TAKEN]), ""),  # too much of a day only warns
    ((TODAY, EARLY, ONE, []), ""),
    ((dt.date(2026, 12, 7), None, ONE, []), "这一天已经过去"),
    ((DAY, None, replace(ONE, kind="quiet", day_name="公祭日"), []), "12月9日是静默日（公祭日）"),
    ((DAY, None, replace(ONE, kind="rest", sends_on_holidays=False), []), ""),
    ((DAY, LATE, ONE, []), "18:00不是推送时段。可以选：08:30。"),
    ((DAY, EARLY, TWO, [PLANNED]), "12月9日 08:30这个时段已有推送《甲》（王发布组稿"),
    ((DAY, LATE, TWO, [PLANNED]), ""),
    ((DAY, EARLY, TWO, [replace(TAKEN, slot=None, is_firm=False)]), ""),
]


@pytest.mark.parametrize(("facts", "said"), PLANS)
def test_what_may_be_planned(facts, said):
    day, slot, calendar, others = facts
    refusal = rules.why_not_plan(day, slot, TODAY, calendar, others)
    assert refusal.startswith(said) and bool(refusal) == bool(said)


def at(clock: str) -> dt.datetime:
    return dt.datetime.combine(DAY, dt.time.fromisoformat(clock))


COMMITS = [
    ((at("08:30"), ONE, []), ""),
    ((at("07:00"), ONE, []), ""),
    ((NOW, ONE, []), "定时的时间已经过去"),
    ((at("08:30"), replace(ONE, kind="quiet"), []), "12月9日是静默日，不推送。"),
    ((at("08:30"), replace(ONE, kind="rest", day_name="元旦"), []), ""),
    (
        (at("08:30"), replace(ONE, kind="rest", day_name="元旦", sends_on_holidays=False), []),
        "12月9日是元旦，按设置不推送。",
    ),
    ((at("08:30"), replace(ONE, kind="work", sends_on_holidays=False), []), ""),
    ((at("09:15"), TWO, [TAKEN]), "12月9日 08:30这个时段已有推送《甲》"),
    ((at("09:15"), TWO, [PLANNED]), "12月9日 08:30这个时段已有推送《甲》"),
    ((at("18:00"), TWO, [TAKEN]), ""),
    ((at("18:00"), replace(TWO, allowance=1), [TAKEN]), "12月9日的1次推送已经用完：《甲》"),
    ((at("18:00"), replace(TWO, allowance=1), [PLANNED]), ""),
    ((at("08:30"), ONE, [replace(PLANNED, slot=None)]), ""),
    ((at("08:30"), ONE, [replace(TAKEN, day=TODAY)]), ""),
]


@pytest.mark.parametrize(("facts", "said"), COMMITS)
def test_what_may_be_committed(facts, said):
    moment, calendar, others = facts
    refusal = rules.why_not_commit(moment, NOW, calendar, others)
    assert refusal.startswith(said) and bool(refusal) == bool(said)


def test_a_full_day_is_told():
    assert rules.plan_warning(DAY, ONE, []) == ""
    assert rules.plan_warning(DAY, TWO, [TAKEN]) == ""
    assert "每天1次的推送已经排满：《甲》" in rules.plan_warning(DAY, ONE, [PLANNED])


TIMES = st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None))
SLOTS = st.lists(TIMES, min_size=1, max_size=5, unique=True).map(sorted)


@given(TIMES, SLOTS)
def test_every_minute_has_one_slot(minute, slots):
    slot = rules.slot_of(minute, slots)
    assert slot in slots
    assert slot <= minute or slot == slots[0]
    assert not any(slot < other <= minute for other in slots)


@given(SLOTS, st.integers(1, 4), st.lists(TIMES, max_size=8))
def test_whatever_is_committed_one_after_the_other_no_slot_is_used_twice(slots, allowance, wanted):
    calendar, held = Calendar(slots, allowance), []
    for number, minute in enumerate(wanted):
        if not rules.why_not_commit(dt.datetime.combine(DAY, minute), NOW, calendar, held):
            held.append(Holding(number, DAY, rules.slot_of(minute, slots), True, ""))
    taken = [each.slot for each in held]
    assert len(taken) == len(set(taken)) <= allowance
    assert len(taken) == min(allowance, len({rules.slot_of(m, slots) for m in wanted}))
