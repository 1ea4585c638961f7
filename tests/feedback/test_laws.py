"""Laws of the rules, whatever people do."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from feedback import rules
from feedback.models import Category, Deed, Difficulty, Publication, State
from feedback.rules import Actor, Facts, Limits

# Some have every right; some only one.
ACTORS = [
    Actor(1, handles=True, approves=True, carries_out=True, units=frozenset({7})),
    Actor(2, handles=True, approves=True),
    Actor(3, handles=True),
    Actor(4, approves=True),
    Actor(5, carries_out=True, units=frozenset({7})),
]
DEEDS = [deed for deed in rules.PATHS if deed not in (Deed.RATE, Deed.CLOSE)]

presses = st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(ACTORS)), max_size=60)


def after(deed: Deed, facts: Facts, actor: Actor) -> Facts:
    """The message after a deed, as the services leave it."""
    own = {
        Deed.ASSIGN: {"unit": 7, "reported_by": None},
        Deed.REPORT: {"reported_by": actor.pk},
        Deed.SUPERVISE_RETURN: {"reported_by": None},
        Deed.ANSWER: {"answer_by": actor.pk},
        Deed.ASK_EXTENSION: {"extension_asked": True, "extension_asked_by": actor.pk},
        Deed.ALLOW_EXTENSION: {"extension_decided": True},
        Deed.DENY_EXTENSION: {"extension_decided": True},
        Deed.VERIFY_CONTACT: {"contact_verified": True},
        Deed.PREPARE_PUBLIC: {"publication": Publication.PREPARED, "public_by": actor.pk},
        Deed.PUBLISH: {"publication": Publication.PUBLIC},
        Deed.UNPUBLISH: {"publication": Publication.WITHDRAWN},
    }
    state = rules.next_state(deed, facts.state)
    return replace(facts, state=state, **own.get(deed, {}))


def played(presses, facts):
    """What of ``presses`` the rules let through, with the facts before and after each."""
    for deed, actor in presses:
        if not rules.why_not(deed, facts, actor):
            before, facts = facts, after(deed, facts, actor)
            yield deed, actor, before, facts


@given(presses, st.booleans())
def test_no_way_to_an_answer_without_a_second_person(presses, has_people: bool) -> None:
    writer = None
    start = Facts(has_contact=True, is_public_wish=True, unit_has_people=has_people)
    for deed, actor, before, now in played(presses, start):
        if deed == Deed.ANSWER:
            writer = actor.pk
        if now.state == State.ANSWERED and before.state != State.ANSWERED:
            assert deed == Deed.APPROVE_ANSWER
            assert writer is not None and writer != actor.pk


@given(presses)
def test_what_was_carried_out_is_judged_by_another_person(presses) -> None:
    for deed, actor, before, _ in played(presses, Facts()):
        if deed in (Deed.SUPERVISE_PASS, Deed.SUPERVISE_RETURN):
            assert before.reported_by not in (None, actor.pk)


@given(presses, st.booleans())
def test_nothing_is_public_without_wish_and_a_second_person(presses, wish: bool) -> None:
    writer = None
    for deed, actor, before, now in played(presses, Facts(is_public_wish=wish)):
        if deed == Deed.PREPARE_PUBLIC:
            writer = actor.pk
        if now.publication == Publication.PUBLIC != before.publication:
            assert wish and writer not in (None, actor.pk)
            assert now.state in (State.ANSWERED, State.CLOSED)


@given(presses)
def test_an_extension_is_asked_once_and_given_by_another(presses) -> None:
    asked = []
    for deed, actor, _, _ in played(presses, Facts()):
        if deed == Deed.ASK_EXTENSION:
            asked.append(actor.pk)
        if deed == Deed.ALLOW_EXTENSION:
            assert asked != [actor.pk]
    assert len(asked) <= 1


@given(presses)
def test_what_has_ended_stays_ended(presses) -> None:
    for _, _, before, now in played(presses, Facts(has_contact=True, is_public_wish=True)):
        if before.state in (State.REFUSED, State.MERGED):
            assert now.state == before.state
        if before.state in (State.ANSWERED, State.CLOSED):
            assert now.state in (State.ANSWERED, State.CLOSED)


@given(
    st.sampled_from(State),
    st.sampled_from(ACTORS),
    st.booleans(),
    st.sampled_from(Publication),
)
def test_what_is_offered_is_what_is_let_through(state, actor, wish, publication) -> None:
    facts = Facts(state=state, unit=7, is_public_wish=wish, publication=publication)
    offered = rules.allowed(facts, actor)
    assert offered == [deed for deed in rules.PATHS if not rules.why_not(deed, facts, actor)]
    for deed in offered:
        assert rules.next_state(deed, state) in State


# --- until when -----------------------------------------------------------------------------------

days = st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31))
holidays = st.sets(st.integers(1, 60), max_size=25)
counts = st.integers(1, 20)


@given(days, counts, holidays, st.sets(st.integers(1, 60), max_size=10))
def test_a_due_day_is_a_working_day(day, count, off, made_up) -> None:
    def is_workday(each: dt.date) -> bool:
        n = (each - day).days
        return n in made_up or (each.weekday() < 5 and n not in off)

    due = rules.working_day_after(day, count, is_workday)
    assert is_workday(due) and due > day
    assert rules.working_days_between(day, due, is_workday) == count
    assert rules.working_day_after(day, count + 1, is_workday) > due


@given(
    st.sampled_from(Category), st.sampled_from(Difficulty), st.booleans(), days, st.integers(0, 30)
)
def test_a_step_is_due_with_the_whole_or_on_its_own(category, difficulty, extended, day, passed):
    def weekday(each: dt.date) -> bool:
        return each.weekday() < 5

    whole = rules.working_day_after(
        day, rules.days_in_all(category, difficulty, extended, Limits()), weekday
    )
    today = day + dt.timedelta(days=passed)
    for state in State:
        own = rules.working_day_after(today, rules.days_of_step(state, extended, Limits()), weekday)
        due = rules.step_due_on(own, whole, today)
        assert weekday(due) and due > today
        assert due <= whole or whole <= today
