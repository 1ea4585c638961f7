"""Places, settings and what lists of messages hold."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from feedback import deadlines
from feedback.models import FeedbackSettings, Level, Message, Place, Publication, State
from feedback.models.messages import UNFINISHED
from feedback.models.settings import CONSENT
from tests.factories.feedback import PlaceFactory, message_in, public_message, receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    district = PlaceFactory(name="示范区", level=Level.DISTRICT)
    street = PlaceFactory(name="示范街道", parent=district)
    community = PlaceFactory(name="示范社区", level=Level.COMMUNITY, parent=street)
    return district, street, community


def test_places_name_themselves_and_their_street(tree):
    district, street, community = tree
    assert [place.full_name for place in tree] == ["示范区", "示范街道", "示范街道 示范社区"]
    assert (district.street, street.street, community.street) == (None, street, street)
    assert set(Place.objects.in_order()) == set(tree)


@pytest.mark.parametrize(
    ("level", "parent", "fits"),
    [
        (Level.DISTRICT, None, True),
        (Level.DISTRICT, 0, False),
        (Level.STREET, None, False),
        (Level.STREET, 0, True),
        (Level.STREET, 1, False),
        (Level.STREET, 2, False),
        (Level.COMMUNITY, None, False),
        (Level.COMMUNITY, 0, False),
        (Level.COMMUNITY, 1, True),
        (Level.COMMUNITY, 2, False),
    ],
)
def test_each_level_stands_under_the_one_above(tree, level, parent, fits):
    place = Place(name="新的", level=level, parent=None if parent is None else tree[parent])
    if fits:
        place.full_clean()
    else:
        with pytest.raises(ValidationError) as error:
            place.full_clean()
        assert "parent" in error.value.message_dict


def test_a_level_with_places_below_stays(tree):
    _, street, _ = tree
    street.level, street.parent = Level.DISTRICT, None
    with pytest.raises(ValidationError, match="不能改层级"):
        street.full_clean()


def test_a_place_stands_once_in_its_street(tree):
    district, street, _ = tree
    for name, level, parent in (
        ("示范社区", Level.COMMUNITY, street),
        ("示范区", Level.DISTRICT, None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Place.objects.create(name=name, level=level, parent=parent)
    Place.objects.create(
        name="示范社区", level=Level.COMMUNITY, parent=PlaceFactory(parent=district)
    )


def test_a_place_with_messages_is_switched_off_not_deleted(tree):
    district, street, community = tree
    receive(place=community)
    with pytest.raises(ProtectedError):
        community.delete()
    street.is_active = False
    street.save()
    assert list(Place.objects.active()) == [district]


def test_the_defaults_are_those_of_the_rules():
    chosen = FeedbackSettings.load()
    chosen.full_clean()
    assert (chosen.days_ordinary, chosen.days_hard, chosen.days_error) == (7, 15, 3)
    assert (chosen.months_kept, chosen.is_open, chosen.consent) == (24, True, CONSENT)
    assert deadlines.limits() == deadlines.rules.Limits()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"days_hard": 7}, "days_hard"),
        ({"days_error": 8}, "days_hard"),
        ({"days_ordinary": 0}, "days_ordinary"),
        ({"days_hard": 61}, "days_hard"),
        ({"days_answer": 0}, "days_answer"),
        ({"months_kept": 0}, "months_kept"),
        ({"consent": ""}, "consent"),
    ],
)
def test_limits_that_make_no_sense_are_refused(change, field):
    chosen = FeedbackSettings.load()
    for name, value in change.items():
        setattr(chosen, name, value)
    with pytest.raises(ValidationError) as error:
        chosen.full_clean()
    assert field in error.value.message_dict


def test_changed_limits_hold_for_new_messages():
    before = receive()
    chosen = FeedbackSettings.load()
    chosen.days_ordinary, chosen.days_accept = 2, 2
    chosen.save()
    after = receive()
    assert after.due_at < before.due_at and after.step_due_at == after.due_at


def test_unfinished_is_what_waits_for_the_house(people):
    for state in State:
        message = message_in(state, people)
        assert message.is_unfinished is (state in UNFINISHED)
    waiting = Message.objects.unfinished()
    assert set(waiting.values_list("state", flat=True)) == set(UNFINISHED)
    assert not Message.objects.overdue(timezone.now()).exists()


def test_public_are_only_the_published_with_the_wish(people):
    first, second = public_message(people), public_message(people)
    message_in(State.ANSWERED, people)
    assert list(Message.objects.public()) == [second, first]
    Message.objects.filter(pk=first.pk).update(is_public_wish=False)
    for publication in set(Publication) - {Publication.PUBLIC}:
        Message.objects.filter(pk=second.pk).update(publication=publication)
        assert not Message.objects.public().exists()
