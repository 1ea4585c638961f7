"""The demo's messages: in every state, marked as examples, with the district's own places."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from demo import feedback
from feedback import access, health, masking
from feedback.models import Category, Message, Place, State, Step
from feedback.work import waiting_for
from tests.factories.users import one_of_each

pytestmark = pytest.mark.django_db
HERE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(params=["2026-11-24 08:30", "2026-11-24 19:00", "2027-02-28 23:50"])
def people(request):
    moment = dt.datetime.fromisoformat(request.param).replace(tzinfo=HERE)
    with time_machine.travel(moment, tick=False):
        people = vars(one_of_each())
        feedback.load_places()
        feedback.load_messages(people)
        yield people


def test_messages_in_every_state_and_category(people):
    assert set(Message.objects.values_list("state", flat=True)) == set(State)
    assert set(Message.objects.values_list("category", flat=True)) == set(Category)
    assert Message.objects.count() == len(feedback.STORIES) == 13


def test_everything_is_marked_as_an_example(people):
    for message in Message.objects.all():
        assert feedback.EXAMPLE in message.title and "演示内容" in message.text
        assert message.name in ("", feedback.RESIDENT)
        assert not message.answer or "演示内容" in message.answer
    public = Message.objects.public()
    assert public.count() == 2
    for message in public:
        assert masking.leftovers(message.public_question + message.public_answer) == []
        assert "王示例" not in message.public_question


def test_no_place_is_invented(people):
    known = {feedback.DISTRICT, *feedback.STREETS, "芙蓉社区", "月桂社区", "晏家湾社区"}
    assert set(Place.objects.values_list("name", flat=True)) == known
    for place in Place.objects.all():
        place.full_clean()


def test_time_runs_forwards_and_nothing_is_in_the_future(people):
    for message in Message.objects.all():
        moments = list(Step.objects.filter(message=message).values_list("at", flat=True))
        assert moments == sorted(moments)
        assert moments[0] == message.received_at and moments[-1] <= timezone.now()
        if message.answered_at:
            assert message.received_at < message.answered_at <= timezone.now()


def test_there_is_something_to_do_for_each(people):
    for role in ("feedback", "office", "feedback_unit"):
        assert waiting_for(people[role]).exists()
    assert access.visible_to(people["feedback_unit"]).count() < Message.objects.count()
    assert any("超期" in finding.message for finding in health.findings())
