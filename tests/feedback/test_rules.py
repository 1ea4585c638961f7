"""The rules as tables: who may do what in which state, and until when."""

import datetime as dt
from dataclasses import replace

import pytest

from feedback import rules
from feedback.models import Category, Deed, Difficulty, Publication, State
from feedback.rules import Actor, Facts, Limits, why_not

OFFICE = Actor(1, handles=True)
BOSS = Actor(2, approves=True)
CONTACT = Actor(3, carries_out=True, units=frozenset({7}))
STRANGER = Actor(4, carries_out=True, units=frozenset({8}))
BOTH = Actor(5, handles=True, approves=True)
NOBODY = Actor(6)
EVERYBODY = {
    "office": OFFICE,
    "boss": BOSS,
    "contact": CONTACT,
    "stranger": STRANGER,
    "nobody": NOBODY,
}

WITH_UNIT = Facts(unit=7, unit_has_people=True, has_contact=True, is_public_wish=True)
OFF, BO, CON = {"office"}, {"boss"}, {"contact"}

# State, then who may do what; extensions, contact and publication have tables of their own.
TABLE = {
    State.RECEIVED: {Deed.ACCEPT: OFF, Deed.REFUSE: OFF, Deed.MERGE: OFF},
    State.ACCEPTED: {Deed.REFUSE: OFF, Deed.MERGE: OFF, Deed.ASSIGN: OFF, Deed.ANSWER: OFF},
    State.ASSIGNED: {Deed.MERGE: OFF, Deed.ASSIGN: OFF, Deed.REPORT: CON},
    State.REPORTED: {Deed.SUPERVISE_PASS: OFF, Deed.SUPERVISE_RETURN: OFF},
    State.SUPERVISED: {Deed.ASSIGN: OFF, Deed.ANSWER: OFF},
    State.DRAFTED: {Deed.ANSWER: OFF, Deed.RETURN_ANSWER: BO, Deed.APPROVE_ANSWER: BO},
    State.ANSWERED: {},
    State.CLOSED: {},
    State.REFUSED: {},
    State.MERGED: {},
}
MAIN = set().union(*TABLE.values())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("deed", sorted(MAIN))
def test_who_may_do_what_in_which_state(state: State, deed: Deed) -> None:
    facts = replace(WITH_UNIT, state=state)
    may = {name for name, actor in EVERYBODY.items() if not why_not(deed, facts, actor)}
    assert may == TABLE[state].get(deed, set())


def test_a_refusal_says_the_state() -> None:
    refusal = why_not(Deed.ACCEPT, replace(WITH_UNIT, state=State.ACCEPTED), OFFICE)
    assert refusal == "这条留言已受理，待交办，不能再受理。请刷新页面查看。"


@pytest.mark.parametrize("actor", [OFFICE, BOSS, CONTACT, BOTH])
@pytest.mark.parametrize("deed", [Deed.RATE, Deed.CLOSE])
def test_nobody_of_the_house_rates_or_closes(deed: Deed, actor: Actor) -> None:
    assert why_not(deed, replace(WITH_UNIT, state=State.ANSWERED), actor)


@pytest.mark.parametrize(
    ("deed", "facts"),
    [
        (Deed.SUPERVISE_PASS, {"state": State.REPORTED, "reported_by": 5}),
        (Deed.SUPERVISE_RETURN, {"state": State.REPORTED, "reported_by": 5}),
        (Deed.APPROVE_ANSWER, {"state": State.DRAFTED, "answer_by": 5}),
        (
            Deed.ALLOW_EXTENSION,
            {"state": State.ASSIGNED, "extension_asked": True, "extension_asked_by": 5},
        ),
        (
            Deed.PUBLISH,
            {"state": State.ANSWERED, "publication": Publication.PREPARED, "public_by": 5},
        ),
    ],
)
def test_four_eyes_even_for_those_with_every_right(deed: Deed, facts: dict) -> None:
    own = replace(WITH_UNIT, **facts)
    others = replace(own, reported_by=9, answer_by=9, extension_asked_by=9, public_by=9)
    assert "另一位同事" in why_not(deed, own, BOTH)
    assert not why_not(deed, others, BOTH)


def test_the_office_reports_only_for_units_without_people() -> None:
    facts = replace(WITH_UNIT, state=State.ASSIGNED)
    assert "他们自己填报" in why_not(Deed.REPORT, facts, OFFICE)
    assert not why_not(Deed.REPORT, replace(facts, unit_has_people=False), OFFICE)


@pytest.mark.parametrize("state", State)
def test_an_extension_while_there_is_work_to_do(state: State) -> None:
    facts = replace(WITH_UNIT, state=state)
    may = {n for n, a in EVERYBODY.items() if not why_not(Deed.ASK_EXTENSION, facts, a)}
    working = {State.ACCEPTED, State.ASSIGNED, State.REPORTED, State.SUPERVISED}
    assert may == ({"office", "contact"} if state in working else set())


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("deed", [Deed.ALLOW_EXTENSION, Deed.DENY_EXTENSION])
def test_it_is_decided_until_the_answer(deed: Deed, state: State) -> None:
    facts = replace(WITH_UNIT, state=state, extension_asked=True)
    may = {n for n, a in EVERYBODY.items() if not why_not(deed, facts, a)}
    working = {State.ACCEPTED, State.ASSIGNED, State.REPORTED, State.SUPERVISED, State.DRAFTED}
    assert may == (BO if state in working else set())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"difficulty": Difficulty.HARD}, "已经是最长的"),
        ({"extension_asked": True}, "一次"),
        ({"extension_asked": True, "extension_decided": True}, "一次"),
        ({"is_overdue": True}, "已经过了"),
    ],
)
def test_no_extension(change: dict, words: str) -> None:
    facts = replace(WITH_UNIT, state=State.ASSIGNED, **change)
    assert words in why_not(Deed.ASK_EXTENSION, facts, OFFICE)


@pytest.mark.parametrize(
    ("change", "may"),
    [
        ({}, set()),
        ({"extension_asked": True}, BO),
        ({"extension_asked": True, "is_overdue": True}, BO),
        ({"extension_asked": True, "extension_decided": True}, set()),
    ],
)
@pytest.mark.parametrize("deed", [Deed.ALLOW_EXTENSION, Deed.DENY_EXTENSION])
def test_an_extension_is_decided_once(deed: Deed, change: dict, may: set) -> None:
    facts = replace(WITH_UNIT, state=State.ASSIGNED, **change)
    assert {n for n, a in EVERYBODY.items() if not why_not(deed, facts, a)} == may


@pytest.mark.parametrize(
    ("deed", "change", "may"),
    [
        (Deed.PREPARE_PUBLIC, {}, OFF),
        (Deed.PREPARE_PUBLIC, {"state": State.CLOSED}, OFF),
        (Deed.PREPARE_PUBLIC, {"state": State.DRAFTED}, set()),
        (Deed.PREPARE_PUBLIC, {"is_public_wish": False}, set()),
        (Deed.PREPARE_PUBLIC, {"publication": Publication.PREPARED}, OFF),
        (Deed.PREPARE_PUBLIC, {"publication": Publication.PUBLIC}, set()),
        (Deed.PREPARE_PUBLIC, {"publication": Publication.WITHDRAWN}, OFF),
        (Deed.PUBLISH, {}, set()),
        (Deed.PUBLISH, {"publication": Publication.PREPARED}, BO),
        (Deed.PUBLISH, {"publication": Publication.PREPARED, "is_public_wish": False}, set()),
        (Deed.PUBLISH, {"publication": Publication.WITHDRAWN}, set()),
        (Deed.PREPARE_PUBLIC, {"erased": True}, set()),
        (Deed.PUBLISH, {"publication": Publication.PREPARED, "erased": True}, set()),
        (Deed.UNPUBLISH, {"publication": Publication.PUBLIC}, OFF | BO),
        (Deed.UNPUBLISH, {"publication": Publication.PUBLIC, "erased": True}, OFF | BO),
        (Deed.UNPUBLISH, {"publication": Publication.PREPARED}, set()),
        (Deed.VERIFY_CONTACT, {}, OFF),
        (Deed.VERIFY_CONTACT, {"has_contact": False}, set()),
        (Deed.VERIFY_CONTACT, {"contact_verified": True}, set()),
        (Deed.VERIFY_CONTACT, {"erased": True}, set()),
    ],
)
def test_publication_and_contact(deed: Deed, change: dict, may: set) -> None:
    facts = replace(WITH_UNIT, **{"state": State.ANSWERED, **change})
    assert {n for n, a in EVERYBODY.items() if not why_not(deed, facts, a)} == may


def test_only_known_deeds_have_paths() -> None:
    assert set(rules.PATHS) == set(Deed) - {Deed.RECEIVE, Deed.HAND_OVER, Deed.ERASE}
    with pytest.raises(ValueError, match="not possible"):
        rules.next_state(Deed.APPROVE_ANSWER, State.RECEIVED)
    assert rules.next_state(Deed.ASK_EXTENSION, State.ASSIGNED) == State.ASSIGNED


# --- until when -----------------------------------------------------------------------------------


def weekday(day: dt.date) -> bool:
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("category", "difficulty", "extended", "days"),
    [
        (Category.HELP, Difficulty.ORDINARY, False, 7),
        (Category.HELP, Difficulty.HARD, False, 15),
        (Category.HELP, Difficulty.ORDINARY, True, 15),
        (Category.ERROR, Difficulty.ORDINARY, False, 3),
        (Category.ERROR, Difficulty.HARD, False, 15),
    ],
)
def test_days_in_all(category, difficulty, extended, days) -> None:
    assert rules.days_in_all(category, difficulty, extended, Limits()) == days


@pytest.mark.parametrize(
    ("state", "ordinary", "hard"),
    [
        (State.RECEIVED, 1, 1),
        (State.ACCEPTED, 1, 1),
        (State.ASSIGNED, 4, 12),
        (State.REPORTED, 1, 1),
        (State.SUPERVISED, 1, 1),
        (State.DRAFTED, 1, 1),
    ],
)
def test_days_of_a_step(state: State, ordinary: int, hard: int) -> None:
    assert rules.days_of_step(state, False, Limits()) == ordinary
    assert rules.days_of_step(state, True, Limits()) == hard


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-11-24", 1, "2026-11-25"),  # Tuesday
        ("2026-11-24", 3, "2026-11-27"),
        ("2026-11-24", 7, "2026-12-03"),
        ("2026-11-27", 1, "2026-11-30"),  # Friday
        ("2026-11-28", 1, "2026-11-30"),  # Saturday
        ("2026-11-28", 7, "2026-12-08"),
    ],
)
def test_the_day_itself_does_not_count(day: str, count: int, due: str) -> None:
    found = rules.working_day_after(dt.date.fromisoformat(day), count, weekday)
    assert found == dt.date.fromisoformat(due)


def test_a_count_begins_with_one() -> None:
    with pytest.raises(ValueError, match="begins with 1"):
        rules.working_day_after(dt.date(2026, 11, 24), 0, weekday)


@pytest.mark.parametrize(
    ("own", "whole", "today", "due"),
    [(5, 9, 1, 5), (9, 5, 1, 5), (9, 5, 5, 9), (9, 5, 7, 9)],
)
def test_a_step_ends_with_the_whole(own, whole, today, due) -> None:
    days = [dt.date(2026, 12, day) for day in (own, whole, today, due)]
    assert rules.step_due_on(*days[:3]) == days[3]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-11-24", -24, "2024-11-24"),
    ],
)
def test_months_after(day: str, months: int, later: str) -> None:
    assert rules.months_after(dt.date.fromisoformat(day), months) == dt.date.fromisoformat(later)


def test_three_months_fail_the_account() -> None:
    assert rules.veto_on(dt.date(2026, 8, 31)) == dt.date(2026, 11, 30)
