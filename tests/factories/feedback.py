"""Messages in every state, brought there by the real services; places and units."""

from types import SimpleNamespace
from typing import Any

import factory

from feedback.models import Category, Deed, Level, Message, Place, State, Unit
from feedback.services import answering, handling, publishing, receiving

from .users import UserFactory


class PlaceFactory(factory.django.DjangoModelFactory):
    """A street; ``parent`` and ``level`` make something else of it."""

    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"示范{n}街道")
    level = Level.STREET


class UnitFactory(factory.django.DjangoModelFactory):
    """承办单位; ``people`` are its contacts."""

    class Meta:
        model = Unit
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"示范单位{n}")

    @factory.post_generation
    def people(self, create, extracted, **kwargs):
        if create and extracted:
            self.people.set(extracted)


def staff() -> SimpleNamespace:
    """``office`` and ``colleague`` handle, ``boss`` approves, ``contact`` is of ``unit``."""
    contact = UserFactory(roles=["feedback_unit"])
    return SimpleNamespace(
        office=UserFactory(roles=["feedback"]),
        colleague=UserFactory(roles=["feedback"]),
        boss=UserFactory(roles=["office"]),
        contact=contact,
        unit=UnitFactory(people=[contact]),
    )


def receive(**given: Any) -> Message:
    """A new message as the public form brings it."""
    given = {
        "category": Category.HELP,
        "title": "路灯不亮",
        "text": "小区门口的路灯三天没有亮。",
        "consents": True,
        "is_public_wish": True,
        **given,
    }
    return receiving.receive(**given).message


def message_in(state: State, people: SimpleNamespace, **given: Any) -> Message:
    """A message that ``people`` (see `staff`) brought to ``state``."""
    message = receive(**given)
    if state == State.REFUSED:
        return handling.refuse(people.office, message, "not_ours")
    if state == State.MERGED:
        return handling.merge(people.office, message, receive())
    for deed, act in _ways(people).items():
        if message.state == state:
            break
        message = act(message)
        assert deed
    assert message.state == state
    return message


def _ways(people: SimpleNamespace) -> dict[Deed, Any]:
    return {
        Deed.ACCEPT: lambda m: handling.accept(people.office, m),
        Deed.ASSIGN: lambda m: handling.assign(people.office, m, people.unit),
        Deed.REPORT: lambda m: handling.report(people.contact, m, "换了灯泡。"),
        Deed.SUPERVISE_PASS: lambda m: handling.supervise_pass(people.office, m),
        Deed.ANSWER: lambda m: answering.draft_answer(people.office, m, "路灯已经修好。"),
        Deed.APPROVE_ANSWER: lambda m: answering.approve_answer(people.boss, m),
        Deed.RATE: lambda m: receiving.rate(m, "satisfied"),
    }


def public_message(people: SimpleNamespace, **given: Any) -> Message:
    """An answered message that stands on the mirror."""
    message = message_in(State.ANSWERED, people, **given)
    texts = publishing.suggestion(message)
    message = publishing.prepare(people.office, message, **texts)
    return publishing.publish(people.boss, message)
