"""What the clock does: overdue, closing, deletion; the health report; verified contacts."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail

from cms.ops.models import AuditEntry, Notice
from cms.ops.registry import Level, health_checks, schedules
from feedback import health, tasks, tracking
from feedback.models import FeedbackSettings, Message, Publication, State
from feedback.models.steps import GONE
from feedback.services import contacts, extensions, handling, keeping, publishing, receiving
from feedback.services.base import FeedbackRefused
from tests.factories.feedback import UnitFactory, message_in, public_message, receive

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


def told(person, event="feedback.overdue"):
    rows = Notice.objects.filter(recipient=person, event=event, read_at=None)
    return list(rows.order_by("pk").values_list("message", flat=True))


def test_tasks_and_checks_are_registered():
    names = {spec.func for spec in schedules()}
    assert {"feedback.tasks.note_overdue", "feedback.tasks.daily"} <= names
    assert [c.permission for c in health_checks() if c.key == "feedback"] == [
        "feedback.view_message"
    ]


# --- overdue --------------------------------------------------------------------------------------


def test_a_late_step_is_told_once_to_whose_turn_it_is(people, clock):
    message = message_in(State.ASSIGNED, people)
    clock.shift(days(3))
    assert keeping.note_overdue() == 0
    clock.shift(days(4))
    assert tasks.note_overdue() == "提醒 1 条超期留言"
    assert keeping.note_overdue() == 0
    assert len(told(people.contact)) == 1 and "本环节超期" in told(people.contact)[0]
    assert not told(people.office) and not told(people.boss)
    clock.shift(days(7))
    assert keeping.note_overdue() == 1
    assert "超过答复期限" in told(people.contact)[-1]
    assert len(told(people.office)) == len(told(people.colleague)) == 1
    entry = AuditEntry.objects.get(action="feedback.overdue")
    assert entry.object_id == str(message.pk) and entry.actor is None
    assert keeping.note_overdue() == 0


def test_a_new_deadline_is_told_anew(people, clock):
    message = message_in(State.ASSIGNED, people)
    message = extensions.ask(people.office, message, "要买配件")
    clock.shift(days(14))
    assert keeping.note_overdue() == 1
    extensions.allow(people.boss, message)
    assert keeping.note_overdue() == 0
    clock.shift(days(30))
    assert keeping.note_overdue() == 1


@pytest.mark.parametrize("state", [s for s in State if s not in keeping.ENDED])
def test_whose_turn_it_is(people, clock, state):
    message = message_in(state, people)
    expected = {
        State.RECEIVED: {people.office, people.colleague},
        State.ASSIGNED: {people.contact},
        State.DRAFTED: {people.boss},
    }
    assert set(keeping.whose_turn(message)) == expected.get(state, {people.office})


def test_a_unit_without_people_leaves_it_to_the_office(people, clock):
    message = message_in(State.ACCEPTED, people)
    message = handling.assign(people.office, message, UnitFactory())
    assert keeping.whose_turn(message) == [people.office]
    people.office.is_active = False
    people.office.save()
    assert keeping.whose_turn(Message.objects.get()) == [people.colleague]


@pytest.mark.parametrize("state", [State.ANSWERED, *keeping.ENDED])
def test_what_waits_for_nobody_is_never_overdue(people, clock, state):
    message = message_in(state, people)
    clock.shift(days(200))
    keeping.note_overdue()
    message.refresh_from_db()
    assert message.told_due_at is None and message.told_step_due_at is None
    assert message.number not in " ".join(finding.message for finding in health.findings())


# --- the health report ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passed", "level", "words"),
    [
        (0, None, ""),
        (7, None, ""),
        (8, Level.WARNING, "快到期"),
        (9, Level.WARNING, "快到期"),
        (10, Level.ALARM, "已经超期"),
        (61, Level.ALARM, "已经超期"),
        (62, Level.ALARM, "单项否决"),
        (100, Level.ALARM, "单项否决"),
    ],
)
def test_the_health_report_warns_before_it_is_late(people, clock, passed, level, words):
    message = receive()
    clock.shift(days(passed))
    found = health.findings()
    assert [finding.level for finding in found] == ([level] if level else [])
    if found:
        assert words in found[0].message and message.number in found[0].message
        assert found[0].url.endswith(f"/feedback/{message.pk}/")


def test_a_closed_box_and_many_late_ones_are_told(people, clock):
    for _ in range(health.SHOWN + 3):
        receive()
    chosen = FeedbackSettings.load()
    chosen.is_open = False
    chosen.save()
    clock.shift(days(20))
    found = [finding.message for finding in health.findings()]
    assert len(found) == health.SHOWN + 2
    assert "另有 3 条" in found[-2] and "不接收新留言" in found[-1]


# --- closing and deletion -------------------------------------------------------------------------


def test_what_nobody_rates_is_closed(people, clock):
    message = message_in(State.ANSWERED, people)
    clock.shift(days(15))
    assert keeping.close_unrated() == 0
    clock.shift(dt.timedelta(seconds=1))
    assert tasks.daily() == "办结 1 条，删除 0 条的个人信息"
    message.refresh_from_db()
    assert (message.state, message.satisfaction) == (State.CLOSED, "")
    assert keeping.close_unrated() == 0


WORDS = {
    "name": "王小明",
    "contact": "13812345678",
    "title": "王小明家的路灯",
    "text": "我是王小明，路灯不亮。",
}


def everything(message) -> str:
    kept = Message.objects.filter(pk=message.pk).values()
    return repr(list(kept)) + repr(list(message.steps.values()))


def test_personal_data_goes_when_its_term_is_over(people, clock):
    received = receiving.receive("help", consents=True, **WORDS)
    message = handling.accept(people.office, received.message)
    contacts.record_verified(people.office, message, "called", "打给王小明")
    handling.refuse(people.office, message, "not_ours", "王小明请找供电公司")
    clock.shift(days(700))
    assert keeping.erase_due() == 0 and "王小明" in everything(message)
    clock.shift(days(32))
    assert tasks.daily() == "办结 0 条，删除 1 条的个人信息"
    kept = everything(message)
    assert "王小明" not in kept and "13812345678" not in kept and GONE in kept
    assert tracking.find(message.number, received.code) is None
    message.refresh_from_db()
    assert message.erased_at and message.state == State.REFUSED and message.category == "help"
    assert list(message.steps.values_list("deed", flat=True)) == [
        "receive",
        "accept",
        "verify_contact",
        "refuse",
        "erase",
    ]
    assert AuditEntry.objects.filter(action="feedback.erase").count() == 1
    assert keeping.erase_due() == 0


def test_what_is_public_and_masked_stays(people, clock):
    message = receiving.rate(public_message(people, **WORDS), "fair", "王小明说还行")
    clock.shift(days(800))
    assert keeping.erase_due() == 1
    assert "王小明" not in everything(message)
    kept = Message.objects.public().get()
    assert kept.public_question == "我是王**，路灯不亮。" and kept.public_answer
    assert kept.satisfaction == "fair"


def test_prepared_texts_go_with_the_rest(people, clock):
    message = message_in(State.CLOSED, people, **WORDS)
    publishing.prepare(people.office, message, "路灯", "王小明的路灯不亮。", "修好了。")
    clock.shift(days(800))
    assert keeping.erase_due() == 1
    assert "王小明" not in everything(message)
    message.refresh_from_db()
    assert message.publication == Publication.NONE
    for deed in (publishing.publish, publishing.unpublish):
        with pytest.raises(FeedbackRefused):
            deed(people.boss, message, *(["原因"] if deed is publishing.unpublish else []))


def test_nothing_is_deleted_while_somebody_works_on_it(people, clock):
    message = message_in(State.ASSIGNED, people, **WORDS)
    clock.shift(days(2000))
    assert keeping.erase_due() == 0 and not keeping.erase_personal_data(message)
    assert "王小明" in everything(message)


# --- verified contacts ----------------------------------------------------------------------------


def test_somebody_of_the_office_verifies_by_calling(people):
    message = receive(contact="13812345678")
    with pytest.raises(FeedbackRefused, match="书面"):
        contacts.record_verified(people.office, message, "link")
    with pytest.raises(FeedbackRefused, match="权限"):
        contacts.record_verified(people.contact, message, "called")
    message = contacts.record_verified(people.office, message, "called", "本人接听")
    assert message.contact_verified_by == people.office and message.is_contact_verified
    with pytest.raises(FeedbackRefused, match="已经核实过"):
        contacts.record_verified(people.office, message, "wrote")


def test_a_mail_address_is_verified_by_its_link(
    people, django_capture_on_commit_callbacks, settings
):
    with django_capture_on_commit_callbacks() as callbacks:
        message = receive(contact="wang@example.com")
    assert callbacks
    tasks.send_contact_link(message.pk)
    sent = mail.outbox[-1]
    assert sent.to == ["wang@example.com"] and message.number in sent.body
    token = contacts.token_for(message)
    assert f"{settings.SITE_URL}/feedback/track/verify/{token}/" in sent.body
    assert contacts.message_of(token) == message
    confirmed = contacts.confirm(token)
    assert confirmed.get_contact_verified_how_display() == "点开邮件里的链接"
    contacts.confirm(token)
    assert message.steps.filter(deed="verify_contact").count() == 1
    count = len(mail.outbox)
    tasks.send_contact_link(message.pk)
    tasks.send_contact_link(0)
    assert len(mail.outbox) == count


def test_a_link_that_does_not_hold(clock):
    message, other = receive(contact="a@example.com"), receive(contact="b@example.com")
    token = contacts.token_for(message)
    assert contacts.message_of(f"{token}x") is None
    assert contacts.message_of("") is None
    Message.objects.filter(pk=message.pk).update(contact=other.contact)
    assert contacts.message_of(token) is None
    later = contacts.token_for(other)
    clock.shift(days(4))
    with pytest.raises(FeedbackRefused, match="已失效"):
        contacts.confirm(later)


@pytest.mark.parametrize("contact", ["", "13812345678", "wang@", "微信 wang_1990"])
def test_no_mail_to_what_is_no_address(contact, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks():
        message = receive(contact=contact)
    assert not contacts.ask_on_commit(message)


def test_no_mail_without_a_mail_server(settings):
    message = receive(contact="wang@example.com")
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert not contacts.ask_on_commit(message)
