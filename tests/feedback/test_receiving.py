"""What senders do: write a message, find it again, rate the answer."""

import datetime as dt

import pytest
import time_machine

from cms import workdays
from cms.ops.models import AuditEntry, DayKind, Notice, SpecialDay
from feedback import deadlines, tracking
from feedback.models import (
    Deed,
    FeedbackSettings,
    Message,
    State,
    Step,
)
from feedback.services import (
    receiving,
)
from feedback.services.base import FeedbackRefused
from tests.factories.feedback import (
    PlaceFactory,
    message_in,
    receive,
)
from tests.feedback.reading import HERE, TUESDAY, due, told

pytestmark = pytest.mark.django_db
# --- receiving ------------------------------------------------------------------------------------


def test_a_message_gets_a_number_a_code_and_a_deadline(people):
    with time_machine.travel(TUESDAY, tick=False):
        place = PlaceFactory()
        received = receiving.receive(
            "help", " 路灯不亮 ", "三天了。", consents=True, contact=" 13800000000 ", place=place
        )
        second = receive()
    message = received.message
    assert (message.number, second.number) == ("20261124-0001", "20261124-0002")
    assert (message.title, message.contact, message.place) == ("路灯不亮", "13800000000", place)
    assert due(message.due_at) == "2026-12-03 23:59"
    assert due(message.step_due_at) == "2026-11-25 23:59"
    assert message.consent_at == TUESDAY and "我同意" in message.consent_text
    assert received.code not in repr(message.__dict__)
    assert tracking.find(message.number, received.code) == message
    assert told(people.office) == told(people.colleague) == {"feedback.receive"}
    assert not told(people.contact) and not told(people.boss)
    step = Step.objects.get(message=message)
    assert (step.deed, step.by_name) == (Deed.RECEIVE, "留言人")


def test_the_audit_and_the_notices_name_no_sender(people):
    words = {"title": "标题机密", "text": "正文机密", "name": "王小明", "contact": "13812345678"}
    message = message_in(State.CLOSED, people, **words)
    message = Message.objects.get(pk=message.pk)
    kept = repr(list(AuditEntry.objects.values())) + repr(list(Notice.objects.values()))
    assert message.number in kept
    assert not [word for word in words.values() if word in kept]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"consents": False}, "勾选同意"),
        ({"category": "other"}, "请选择类别"),
        ({"title": " "}, "请写标题"),
        ({"title": "长" * 61}, "最多 60 个字"),
        ({"text": "\n"}, "请写内容"),
        ({"text": "长" * 3001}, "最多 3000 个字"),
        ({"name": "长" * 31}, "太长了"),
        ({"contact": "长" * 101}, "太长了"),
    ],
)
def test_what_is_not_received(change, refusal):
    with pytest.raises(FeedbackRefused, match=refusal):
        receive(**change)
    assert not Message.objects.exists()


def test_a_closed_box_and_a_place_that_is_off():
    street = PlaceFactory(is_active=False)
    community = PlaceFactory(parent=street, level="community")
    for place in (street, community):
        with pytest.raises(FeedbackRefused, match="不能选"):
            receive(place=place)
    chosen = FeedbackSettings.load()
    chosen.is_open = False
    chosen.save()
    with pytest.raises(FeedbackRefused, match="暂停"):
        receive()


@pytest.mark.parametrize("code", ["", "AAAA-BBBB-CCCC", "x" * 5000])
def test_a_wrong_code_finds_nothing(code):
    assert tracking.find(receive().number, code) is None


def test_codes_are_read_as_people_type_them():
    received = receiving.receive("idea", "建议", "多种树。", consents=True)
    typed = f" {received.code.lower().replace('-', ' ')} "
    assert tracking.find(f" {received.message.number} ", typed) == received.message
    assert tracking.find("20000101-0001", received.code) is None
    assert len({tracking.new_code() for _ in range(200)}) == 200


def test_a_holiday_moves_the_deadline():
    for day in (25, 26, 27):
        SpecialDay.objects.create(day=dt.date(2026, 11, day), kind=DayKind.REST, name="假")
    SpecialDay.objects.create(day=dt.date(2026, 11, 28), kind=DayKind.WORK, name="补班")
    with time_machine.travel(TUESDAY, tick=False):
        message = receive(category="error")
    assert due(message.due_at) == "2026-12-01 23:59"
    assert workdays.is_workday(message.due_at.astimezone(HERE).date())


def test_the_calendar_is_that_of_the_house():
    SpecialDay.objects.create(day=dt.date(2026, 11, 27), kind=DayKind.REST, name="假")
    SpecialDay.objects.create(day=dt.date(2026, 11, 28), kind=DayKind.WORK, name="补班")
    SpecialDay.objects.create(day=dt.date(2026, 11, 26), kind=DayKind.QUIET, name="静默")
    days = [dt.date(2026, 11, day) for day in range(20, 31)]
    is_workday = deadlines.calendar_between(days[0], days[-1])
    assert [is_workday(day) for day in days] == [workdays.is_workday(day) for day in days]


def test_null_characters_are_left_out():
    message = receive(title="路\0灯", text="不\0亮", name="王\0某", contact="138\0")
    assert (message.title, message.text, message.name) == ("路灯", "不亮", "王某")


# --- rating ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [s for s in State if s != State.ANSWERED])
def test_only_what_was_answered_is_rated_once(people, state):
    with pytest.raises(FeedbackRefused):
        receiving.rate(message_in(state, people), "satisfied")


@pytest.mark.parametrize(("rating", "words"), [("great", ""), ("fair", "长" * 301)])
def test_a_rating_that_cannot_be_taken(people, rating, words):
    message = message_in(State.ANSWERED, people)
    with pytest.raises(FeedbackRefused):
        receiving.rate(message, rating, words)
    assert not Message.objects.get(pk=message.pk).satisfaction
