"""The services: what they write, whom they tell, what they refuse."""

import datetime as dt
import re

import pytest
import time_machine
from wagtail.models import ReferenceIndex

from cms.ops.models import AuditEntry
from cms.users.models import User
from feedback.models import (
    Difficulty,
    Message,
    Place,
    Publication,
    State,
    Step,
)
from feedback.models.steps import AppendOnly
from feedback.services import (
    answering,
    contacts,
    extensions,
    handing_over,
    handling,
    places,
    publishing,
    receiving,
)
from feedback.services.base import FeedbackRefused
from feedback.work import waiting_for
from tests.factories.articles import ArticleFactory, ColumnFactory
from tests.factories.feedback import (
    UnitFactory,
    message_in,
    public_message,
    receive,
)
from tests.factories.users import UserFactory
from tests.feedback.reading import TUESDAY, due, told

pytestmark = pytest.mark.django_db
# --- handling -------------------------------------------------------------------------------------


def test_accepting_puts_category_and_difficulty_right(people):
    with time_machine.travel(TUESDAY, tick=False):
        message = receive(category="error")
        assert due(message.due_at) == "2026-11-27 23:59"
        message = handling.accept(
            people.office, message, category="complaint", difficulty=Difficulty.HARD
        )
    assert due(message.due_at) == "2026-12-15 23:59"
    assert message.handler == people.office
    assert not told(people.office) and not told(people.colleague)


@pytest.mark.parametrize("change", [{"category": "x"}, {"difficulty": "x"}])
def test_accepting_asks_for_what_exists(people, change):
    with pytest.raises(FeedbackRefused, match="类别和难度"):
        handling.accept(people.office, receive(), **change)


def test_the_whole_way_tells_whose_turn_it_is(people):
    message = handling.accept(people.office, receive())
    message = handling.assign(people.office, message, people.unit, "请尽快")
    assert told(people.contact) == {"feedback.assign"}
    message = handling.report(people.contact, message, "修好了")
    assert not told(people.contact)
    assert told(people.office) == told(people.colleague) == {"feedback.report"}
    message = handling.supervise_return(people.colleague, message, "还有一盏")
    assert told(people.contact) == {"feedback.supervise_return"} and not told(people.office)
    assert message.reported_by is None
    message = handling.report(people.contact, message, "都修好了")
    message = handling.supervise_pass(people.office, message, "看过")
    message = answering.draft_answer(people.office, message, "修好了。")
    assert told(people.boss) == {"feedback.answer"}
    message = answering.return_answer(people.boss, message, "写详细些")
    assert told(people.office) == {"feedback.return_answer"} and not told(people.boss)
    message = answering.draft_answer(people.office, message, "昨天修好了。")
    assert message.final_answer == ""
    message = answering.approve_answer(people.boss, message)
    assert message.final_answer == "昨天修好了。"
    assert told(people.office) == {"feedback.approve_answer"}
    message = receiving.rate(message, "unsatisfied", "太慢")
    assert message.state == State.CLOSED and message.closed_at
    assert "feedback.rate" in told(people.office)
    deeds = list(message.steps.values_list("deed", flat=True))
    assert deeds == [
        "receive",
        "accept",
        "assign",
        "report",
        "supervise_return",
        "report",
        "supervise_pass",
        "answer",
        "return_answer",
        "answer",
        "approve_answer",
        "rate",
    ]
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions == {f"feedback.{deed}" for deed in deeds}


def test_the_sender_sees_the_steps_without_notes(people):
    message = message_in(State.CLOSED, people)
    shown = [step.deed for step in receiving.timeline(message)]
    assert shown == [
        "receive",
        "accept",
        "assign",
        "report",
        "supervise_pass",
        "approve_answer",
        "rate",
    ]


def test_a_simple_question_is_answered_without_a_unit(people):
    message = message_in(State.ACCEPTED, people, category="question")
    message = answering.draft_answer(people.office, message, "周一至周五都开门。")
    assert answering.approve_answer(people.boss, message).unit is None


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (State.REPORTED, lambda p, m: handling.supervise_return(p.office, m, " ")),
        (State.ASSIGNED, lambda p, m: handling.report(p.contact, m, "")),
        (State.SUPERVISED, lambda p, m: answering.draft_answer(p.office, m, "\n")),
        (State.DRAFTED, lambda p, m: answering.return_answer(p.boss, m, "")),
        (State.ASSIGNED, lambda p, m: extensions.ask(p.office, m, "")),
        (State.RECEIVED, lambda p, m: handling.refuse(p.office, m, "")),
        (State.RECEIVED, lambda p, m: handling.refuse(p.office, m, "because")),
    ],
)
def test_words_are_asked_for(people, state, act):
    message = message_in(state, people)
    with pytest.raises(FeedbackRefused, match="请"):
        act(people, message)
    assert Message.objects.get(pk=message.pk).state == state


def test_refusing_tells_one_of_the_fixed_reasons(people):
    message = handling.refuse(people.office, receive(), "legal", "请向法院提起诉讼。")
    assert message.state == State.REFUSED and message.closed_at
    assert message.get_refusal_kind_display() == "应通过诉讼、仲裁、复议等法定途径解决"
    with pytest.raises(FeedbackRefused, match="不予受理，不能再受理"):
        handling.accept(people.office, message)


def test_a_unit_that_is_off_gets_nothing(people):
    message = message_in(State.ACCEPTED, people)
    with pytest.raises(FeedbackRefused, match="已停用"):
        handling.assign(people.office, message, UnitFactory(is_active=False))


def test_another_unit_s_people_cannot_report(people):
    message = message_in(State.ASSIGNED, people)
    other = UserFactory(roles=["feedback_unit"])
    UnitFactory(people=[other])
    with pytest.raises(FeedbackRefused, match="承办单位的联系人"):
        handling.report(other, message, "修好了")
    handling.assign(people.office, message, UnitFactory(people=[other]))
    with pytest.raises(FeedbackRefused):
        handling.report(people.contact, message, "修好了")
    assert handling.report(other, message, "修好了").reported_by == other


def test_who_lost_the_role_does_not_hold_a_unit_s_messages_up(people):
    message = message_in(State.ASSIGNED, people)
    assert message not in waiting_for(people.office)
    people.contact.groups.clear()
    contact = User.objects.get(pk=people.contact.pk)
    assert message in waiting_for(people.office) and message not in waiting_for(contact)
    with pytest.raises(FeedbackRefused):
        handling.report(contact, message, "修好了")
    assert handling.report(people.office, message, "电话问过，修好了").reported_by == people.office


def test_a_message_is_no_use_of_its_article(people):
    column = ColumnFactory()
    article = ArticleFactory(column=column, writer=UserFactory(roles=["editor"]))
    message = receive(article=article)
    assert not ReferenceIndex.get_references_to(article).exists()
    article.delete()
    message.refresh_from_db()
    assert message.article is None


def test_merging(people):
    first, second, third = receive(), receive(), receive()
    handling.merge(people.office, second, first)
    second.refresh_from_db()
    assert (second.state, second.merged_into) == (State.MERGED, first)
    for message, into, refusal in (
        (first, first, "它自己"),
        (third, second, "已合并"),
        (first, third, "反过来"),
        (second, third, "已合并"),
    ):
        with pytest.raises(FeedbackRefused, match=refusal):
            handling.merge(people.office, message, into)


def test_a_late_step_is_marked(people):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        message = receive()
        clock.shift(dt.timedelta(days=2))
        handling.accept(people.office, message)
    late = dict(message.steps.values_list("deed", "was_late"))
    assert late == {"receive": False, "accept": True}


# --- extensions -----------------------------------------------------------------------------------


def test_an_extension_goes_to_the_limit_of_hard_ones(people):
    with time_machine.travel(TUESDAY, tick=False):
        message = message_in(State.ASSIGNED, people)
        message = extensions.ask(people.office, message, "要买配件")
        assert told(people.boss) == {"feedback.ask_extension"}
        message = extensions.allow(people.boss, message)
    assert message.is_extended and due(message.due_at) == "2026-12-15 23:59"
    assert due(message.step_due_at) == "2026-12-10 23:59"
    assert told(people.office) == {"feedback.extension_decided"} and not told(people.boss)
    with pytest.raises(FeedbackRefused, match="一次"):
        extensions.ask(people.office, message, "还要")


def test_an_extension_that_is_denied(people):
    message = message_in(State.ASSIGNED, people)
    before = message.due_at
    message = extensions.deny(
        people.boss, extensions.ask(people.contact, message, "太忙"), "不是理由"
    )
    assert (message.due_at, message.is_extended) == (before, False)
    assert "feedback.extension_decided" in told(people.contact)


def test_nobody_is_asked_about_more_time_for_what_is_answered(people):
    message = message_in(State.SUPERVISED, people)
    message = extensions.ask(people.office, message, "要买配件")
    message = answering.draft_answer(people.office, message, "修好了。")
    assert told(people.boss) == {"feedback.ask_extension", "feedback.answer"}
    answering.approve_answer(people.boss, message)
    assert not told(people.boss)


def test_no_extension_after_the_deadline(people):
    with time_machine.travel(TUESDAY, tick=False) as clock:
        message = message_in(State.ASSIGNED, people)
        clock.shift(dt.timedelta(days=30))
        with pytest.raises(FeedbackRefused, match="已经过了"):
            extensions.ask(people.office, message, "忘了")


# --- publication ----------------------------------------------------------------------------------


def test_publication_has_texts_of_its_own(people):
    message = public_message(
        people,
        name="王小明",
        title="王小明家路灯",
        text="我是王小明，电话13812345678，住3栋2单元。",
    )
    assert message.public_title == "王**家路灯"
    assert message.public_question == "我是王**，电话〔电话略〕，住*栋*单元。"
    assert list(Message.objects.public()) == [message]
    message = publishing.unpublish(people.office, message, "留言人要求")
    assert not Message.objects.public().exists() and message.withdrawn_at
    with pytest.raises(FeedbackRefused, match="先起草公开文字"):
        publishing.publish(people.boss, message)
    message = publishing.prepare(people.office, message, "路灯", "路灯不亮。", "修好了。")
    assert not Message.objects.public().exists()
    publishing.publish(people.boss, message)
    assert Message.objects.public().get().public_title == "路灯"


def test_nothing_of_a_person_is_published(people):
    message = message_in(State.ANSWERED, people)
    for texts in (
        ("路灯", "打13812345678", "好"),
        ("a@b.cn", "路灯", "好"),
        ("路灯", "不亮", "联系430202199001011234"),
    ):
        with pytest.raises(FeedbackRefused, match="公开文字里还有"):
            publishing.prepare(people.office, message, *texts)
    message.refresh_from_db()
    assert (message.publication, message.public_question) == (Publication.NONE, "")


def test_no_publication_against_the_wish(people):
    message = message_in(State.ANSWERED, people, is_public_wish=False)
    with pytest.raises(FeedbackRefused, match="没有同意公开"):
        publishing.prepare(people.office, message, "路灯", "不亮", "修好了")


# --- the log --------------------------------------------------------------------------------------


def test_the_log_is_only_added_to(people):
    step = message_in(State.ACCEPTED, people).steps.first()
    step.note = "改过"
    for act in (
        step.save,
        step.delete,
        lambda: Step.objects.update(note="改过"),
        lambda: Step.objects.all().delete(),
        lambda: Step.objects.filter(pk=step.pk).update(note="改过"),
        lambda: Step.objects.bulk_update([step], ["note"]),
        lambda: Step.objects.update_or_create(pk=step.pk, defaults={"note": "改过"}),
        lambda: step.message.steps.all().delete(),
    ):
        with pytest.raises(AppendOnly):
            act()
    assert Step.objects.get(pk=step.pk).note == ""


# --- places, units, handing over ------------------------------------------------------------------


def test_places_and_units_are_kept_by_the_administrator(people):
    administrator = UserFactory(roles=["administrator"])
    place = places.save_place(administrator, Place(name="示范街道", level="street"))
    assert place.pk and AuditEntry.objects.filter(action="feedback.place_save").exists()
    for person in (people.office, people.boss, people.contact):
        with pytest.raises(FeedbackRefused, match="管理员"):
            places.save_place(person, place)
        with pytest.raises(FeedbackRefused, match="管理员"):
            places.save_unit(person, people.unit, [])
    with pytest.raises(FeedbackRefused, match="承办单位"):
        places.save_unit(administrator, people.unit, [people.office])
    places.save_unit(administrator, people.unit, [])
    assert not people.unit.contacts().exists()


def test_a_leaver_s_messages_and_units_go_to_another(people):
    administrator = UserFactory(roles=["administrator"])
    open_one, done = message_in(State.ASSIGNED, people), message_in(State.CLOSED, people)
    assert handing_over.hand_over(administrator, people.office, people.colleague) == (1, 0)
    open_one.refresh_from_db()
    done.refresh_from_db()
    assert (open_one.handler, done.handler) == (people.colleague, people.office)
    assert "feedback.hand_over" in told(people.colleague)
    assert open_one.steps.last().person == people.colleague
    taker = UserFactory(roles=["feedback_unit"])
    assert handing_over.hand_over(administrator, people.contact, taker) == (0, 1)
    assert list(people.unit.contacts()) == [taker]


def test_what_is_not_handed_over(people):
    administrator = UserFactory(roles=["administrator"])
    message_in(State.ASSIGNED, people)
    gone = UserFactory(roles=["feedback"], is_active=False)
    for actor, giver, taker, refusal in (
        (people.boss, people.office, people.colleague, "管理员"),
        (administrator, people.office, people.office, "另一位"),
        (administrator, people.colleague, people.office, "没有经办中"),
        (administrator, people.office, gone, "停用"),
        (administrator, people.office, people.contact, "留言办理"),
        (administrator, people.contact, people.office, "承办单位"),
    ):
        with pytest.raises(FeedbackRefused, match=refusal):
            handing_over.hand_over(actor, giver, taker)


# --- the audit log ---


def test_the_audit_report_speaks_of_messages_in_words(people):
    message = extensions.ask(people.office, message_in(State.ASSIGNED, people), "要买配件")
    extensions.allow(people.boss, message)
    receiving.rate(message_in(State.ANSWERED, people), "fair")
    contacts.record_verified(people.office, receive(contact="13800000000"), "called")
    places.save_unit(UserFactory(roles=["administrator"]), people.unit, [people.contact])
    for entry in AuditEntry.objects.filter(action__startswith="feedback."):
        assert entry.action_label != entry.action
        assert not re.search("[a-z]", entry.detail_text), entry.detail_text
