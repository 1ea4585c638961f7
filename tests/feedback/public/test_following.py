"""Following a message with number and code."""

import pytest
from django.core import signing

from feedback.models import Message, State
from feedback.public import following
from feedback.services import answering, contacts, handling, receiving
from tests.factories.feedback import message_in

from .resident import HOSTILE, TRACK, Resident, errors, main, receipt, value, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(resident) -> tuple[Message, str]:
    """A message that came in by the form, and its code."""
    _, code = receipt(resident.send(name="张三", contact="name@example.com"))
    return Message.objects.get(), code


def bring(message: Message, state: State, people) -> Message:
    """``message`` to ``state`` by the services."""
    if message.state == State.RECEIVED:
        message = handling.accept(people.office, message)
    if state == State.ANSWERED:
        message = answering.draft_answer(people.office, message, "路灯已经修好。\n谢谢您。")
        message = answering.approve_answer(people.boss, message)
    return message


def test_state_dates_and_limits_are_told(resident, sent, people):
    message, code = sent
    page = resident.track(message.number, code)
    assert page.status_code == 200 and page["Cache-Control"] == "no-store"
    said = words(page)
    assert "正等工作人员受理" in said and "路灯不亮" in said
    assert all(name in said for name in ("收集", "交办", "落实", "督查", "反馈"))
    assert "4 个工作日内" in said and "前完成" in said and "前答复" in said
    bring(message, State.ACCEPTED, people)
    assert "已经受理" in words(resident.track(message.number, code))
    assert people.office.display_name not in words(resident.track(message.number, code))


def test_the_answer_is_told_when_it_is_approved_and_not_before(resident, sent, people):
    message, code = sent
    message = handling.accept(people.office, message)
    message = answering.draft_answer(people.office, message, "路灯已经修好。")
    said = words(resident.track(message.number, code))
    assert "路灯已经修好" not in said and "答复已经写好，正在审定" in said
    answering.approve_answer(people.boss, message)
    said = words(resident.track(message.number, code))
    assert "路灯已经修好" in said and "您对答复满意吗" in said


@pytest.mark.parametrize(
    "change",
    [
        lambda number, code: (number, "AAAA-AAAA-AAAA"),
        lambda number, code: ("20200101-0001", code),
        lambda number, code: (number, code[:-1]),
        lambda number, code: ("没有", "没有"),
        lambda number, code: (number, f"{code}A"),
    ],
)
def test_a_wrong_number_and_a_wrong_code_are_the_same(resident, sent, change):
    message, code = sent
    number, other = change(message.number, code)
    response = resident.track(number, other)
    assert response.status_code == 422 and response["Cache-Control"] == "no-store"
    assert errors(response) == [("", following.NOT_FOUND)]
    assert value(response, "number") == number and message.title not in words(response)


def test_number_and_code_may_be_typed_as_people_type(resident, sent):
    message, code = sent
    full = message.number.translate({ord(str(n)): ord("０") + n for n in range(10)})
    for number, typed in (
        (f" {message.number} ", code.lower()),
        (full.replace("-", "－"), code.replace("-", " ")),
        (message.number.replace("-", ""), code.replace("-", "")),
        (message.number.replace("-", "—"), code.replace("-", "－")),
    ):
        assert resident.track(number, typed).status_code == 200, (number, typed)


def test_what_is_missing_is_said_at_its_field(resident):
    response = resident.track("", "")
    assert [where for where, _ in errors(response)] == ["id_number", "id_code"]


def test_neither_stands_in_an_address(client, sent):
    message, code = sent
    response = client.get(TRACK, {"number": message.number, "code": code})
    assert message.title not in response.content.decode()
    assert value(response, "number") == "" and code not in response.content.decode()


def test_guessing_is_stopped(sent, settings):
    settings.FEEDBACK_TRIES = "3/hour"
    message, code = sent
    guesser = Resident("203.0.113.66")
    for _ in range(3):
        assert guesser.track(message.number, "AAAA-AAAA-AAAA").status_code == 422
    response = guesser.track(message.number, code)
    assert response.status_code == 429 and int(response["Retry-After"]) > 0
    assert "查询得太频繁" in words(response) and message.title not in words(response)


def test_a_foreign_page_cannot_ask(client, sent):
    message, code = sent
    data = {"number": message.number, "code": code}
    response = client.post(TRACK, data, headers={"Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 403 and message.title not in words(response)


def test_the_answer_is_rated_once(resident, sent, people):
    message, code = sent
    early = resident.track(message.number, code, action="rate", satisfaction="fair")
    assert early.status_code == 409 and "答复以后才能评价" in words(early)
    bring(message, State.ANSWERED, people)
    empty = resident.track(message.number, code, action="rate", comment="很快" + "长" * 400)
    assert empty.status_code == 422 and "很快" in value(empty, "comment")
    assert [where for where, _ in errors(empty)] == ["id_satisfaction_0", "id_comment"]
    good = {"action": "rate", "satisfaction": "satisfied", "comment": "很快，谢谢\x00！"}
    response = resident.track(message.number, code, **good)
    assert response.status_code == 200 and "谢谢您的评价" in words(response)
    assert "您的评价：满意" in words(response) and "满意吗" not in words(response)
    message.refresh_from_db()
    assert (message.satisfaction, message.state) == ("satisfied", State.CLOSED)
    assert message.satisfaction_comment == "很快，谢谢！"
    again = resident.track(message.number, code, action="rate", satisfaction="unsatisfied")
    assert again.status_code == 409 and "不能再评价" in words(again)
    message.refresh_from_db()
    assert message.satisfaction == "satisfied"


def test_a_refusal_is_told_with_its_reason(resident, sent, people):
    message, code = sent
    handling.refuse(people.office, message, "not_ours", "请找市供电公司，电话 95598。")
    said = words(resident.track(message.number, code))
    assert "没有受理" in said and "不属于本区办理范围" in said and "95598" in said


def test_a_merged_one_shows_the_other_answer_but_not_the_other_words(resident, sent, people):
    message, code = sent
    other = message_in(State.ANSWERED, people, title="别人的标题", text="别人的话", name="李四")
    handling.merge(people.office, message, other)
    said = words(resident.track(message.number, code))
    assert "一起办理" in said and "路灯已经修好" in said
    assert "别人" not in said and "李四" not in said and "满意吗" not in said


def test_hostile_words_are_words(resident, people):
    _, code = receipt(resident.send(title=HOSTILE[:60], text=HOSTILE))
    message = Message.objects.get()
    message = handling.accept(people.office, message)
    message = answering.draft_answer(people.office, message, HOSTILE)
    answering.approve_answer(people.boss, message)
    page = main(resident.track(message.number, code))
    assert "<script>alert" not in page and "<img src=x" not in page
    assert page.count("&lt;script&gt;alert") >= 3


def test_what_was_erased_cannot_be_found(resident, sent):
    message, code = sent
    Message.objects.filter(pk=message.pk).update(secret_hash="")
    assert resident.track(message.number, code).status_code == 422
    assert resident.track(message.number, "").status_code == 422


# --- the link in the mail -------------------------------------------------------------------------


def link(message: Message) -> str:
    return contacts.ADDRESS.format(token=contacts.token_for(message))


def test_opening_the_link_asks_and_pressing_confirms(client, sent):
    message, _ = sent
    page = client.get(link(message))
    assert page.status_code == 200 and "确认" in words(page) and message.number in words(page)
    message.refresh_from_db()
    assert not message.is_contact_verified, "programs that look into mails open links"
    for _ in range(2):
        response = client.post(link(message))
        assert response.status_code == 200 and "邮箱已确认" in words(response)
        assert not response.cookies and response["Cache-Control"] == "no-store"
    message.refresh_from_db()
    assert message.contact_verified_how == "link"
    assert message.steps.filter(deed="verify_contact").count() == 1


def test_a_link_that_does_not_hold(client, sent, time_machine):
    message, _ = sent
    good = link(message)
    other = contacts.ADDRESS.format(token=signing.dumps([message.pk, "x"], salt=contacts.SALT))
    for bad in (contacts.ADDRESS.format(token="x"), other):
        for response in (client.get(bad), client.post(bad)):
            assert response.status_code == 422 and "链接已失效" in words(response)
    foreign = client.post(good, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    time_machine.move_to(message.received_at.timestamp() + contacts.DAYS * 86400 + 60, tick=False)
    assert client.post(good).status_code == 422
    message.refresh_from_db()
    assert not message.is_contact_verified


def test_the_rating_goes_to_the_service(people, monkeypatch, resident, sent):
    """The row may have moved on between reading and pressing: the service decides."""
    message, code = sent
    message = bring(message, State.ANSWERED, people)
    receiving.rate(message, "fair")
    late = resident.track(message.number, code, action="rate", satisfaction="satisfied")
    assert late.status_code == 409
    message.refresh_from_db()
    assert message.satisfaction == "fair"
