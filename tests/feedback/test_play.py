"""Random people press random buttons: the services do what the rules say, and nothing else."""

from copy import deepcopy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.ops.models import AuditEntry
from feedback import access, rules
from feedback.models import Deed, Message, State
from feedback.services import answering, contacts, extensions, handling, publishing
from feedback.services.base import FeedbackRefused
from tests.factories.feedback import UnitFactory, message_in, receive
from tests.factories.users import UserFactory
from tests.feedback.test_laws import after

pytestmark = pytest.mark.django_db
# Few people with many roles each, so that they get into each other's way.
ROLES = (
    ("feedback", "office", "feedback_unit"),
    ("feedback", "office"),
    ("feedback_unit",),
)
RUNS = {
    Deed.ACCEPT: lambda p, m, t: handling.accept(p, m),
    Deed.REFUSE: lambda p, m, t: handling.refuse(p, m, "not_ours"),
    Deed.MERGE: lambda p, m, t: handling.merge(p, m, t.into),
    Deed.ASSIGN: lambda p, m, t: handling.assign(p, m, t.unit),
    Deed.REPORT: lambda p, m, t: handling.report(p, m, "修好了"),
    Deed.SUPERVISE_PASS: lambda p, m, t: handling.supervise_pass(p, m),
    Deed.SUPERVISE_RETURN: lambda p, m, t: handling.supervise_return(p, m, "没有"),
    Deed.ANSWER: lambda p, m, t: answering.draft_answer(p, m, "修好了"),
    Deed.RETURN_ANSWER: lambda p, m, t: answering.return_answer(p, m, "太短"),
    Deed.APPROVE_ANSWER: lambda p, m, t: answering.approve_answer(p, m),
    Deed.ASK_EXTENSION: lambda p, m, t: extensions.ask(p, m, "太忙"),
    Deed.ALLOW_EXTENSION: lambda p, m, t: extensions.allow(p, m),
    Deed.DENY_EXTENSION: lambda p, m, t: extensions.deny(p, m, "不行"),
    Deed.VERIFY_CONTACT: lambda p, m, t: contacts.record_verified(p, m, "called"),
    Deed.PREPARE_PUBLIC: lambda p, m, t: publishing.prepare(p, m, "灯", "不亮", "修好了"),
    Deed.PUBLISH: lambda p, m, t: publishing.publish(p, m),
    Deed.UNPUBLISH: lambda p, m, t: publishing.unpublish(p, m, "不妥"),
}
presses = st.lists(
    st.tuples(st.sampled_from(sorted(RUNS)), st.integers(0, len(ROLES) - 1)),
    min_size=8,
    max_size=20,
)


@pytest.fixture
def town(db) -> SimpleNamespace:
    staff = [UserFactory(roles=list(roles)) for roles in ROLES]
    return SimpleNamespace(staff=staff, unit=UnitFactory(people=[staff[0], staff[2]]))


def test_every_deed_is_played() -> None:
    assert set(RUNS) == set(rules.PATHS) - {Deed.RATE, Deed.CLOSE}


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.sampled_from([State.RECEIVED, State.ASSIGNED, State.DRAFTED, State.ANSWERED]), presses)
def test_services_follow_the_rules(people, town, begin: State, presses: Any) -> None:
    with transaction.atomic():
        given = {"contact": "13800000000"}
        message = message_in(begin, deepcopy(people), **given)
        town.into = receive()
        # The unit of the play has contacts of its own; one begun elsewhere is theirs as well.
        if message.unit is not None:
            message.unit.people.add(town.staff[2])
        for deed, number in presses:
            play(town, Message.objects.get(pk=message.pk), deed, town.staff[number])
        transaction.set_rollback(True)


def play(town: SimpleNamespace, message: Message, deed: Deed, person: Any) -> None:
    facts = access.facts_of(message)
    refusal = rules.why_not(deed, facts, access.actor_of(person))
    before = (message.steps.count(), AuditEntry.objects.count())
    try:
        RUNS[deed](person, message, town)
    except FeedbackRefused as refused:
        assert str(refused) == refusal
        assert access.facts_of(Message.objects.get(pk=message.pk)) == facts
        assert (message.steps.count(), AuditEntry.objects.count()) == before
        return
    assert not refusal
    found = access.facts_of(Message.objects.get(pk=message.pk))
    expected = after(deed, facts, access.actor_of(person))
    unit = {"unit": found.unit, "unit_has_people": found.unit_has_people}
    assert found == replace(expected, **unit)
    assert (message.steps.count(), AuditEntry.objects.count()) == (before[0] + 1, before[1] + 1)
