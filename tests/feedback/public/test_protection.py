"""Floods and bots: every protection, and that nobody loses what they wrote."""

import datetime as dt
from urllib.parse import urlencode

import pytest

from cms.ops.registry import Level
from feedback.models import FeedbackSettings, Message
from feedback.public import doors, health, tokens
from tests.factories.feedback import receive

from .resident import (
    HOSTILE,
    NEW,
    Resident,
    errors,
    filled,
    main,
    receipt,
    token,
    value,
    words,
)

pytestmark = pytest.mark.django_db
TEXT = "井盖松了，车一压就响。"


def said(response) -> str:
    return " ".join(sentence for _, sentence in errors(response))


def kept() -> int:
    return Message.objects.count()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "这个页面已经失效"),
        ("x:y:z", "这个页面已经失效"),
        (HOSTILE, "这个页面已经失效"),
        (None, "这个页面已经失效"),
        (1.0, "提交得太快了"),
        (-500.0, "提交得太快了"),
        (3 * 3600 + 5.0, "页面打开的时间太久了"),
    ],
)
def test_a_token_that_does_not_fit(resident, given, sentence):
    sent = token(given) if isinstance(given, float) else given
    response = resident.send(text=TEXT, token=sent)
    assert response.status_code == 422 and kept() == 0
    assert sentence in said(response) and value(response, "text") == TEXT


def test_what_is_to_be_mended_is_all_that_is_said_at_first(resident):
    response = resident.send(title="", token=token(0.5))
    assert [where for where, _ in errors(response)] == ["id_title"] and kept() == 0
    foreign = Resident(**{"Sec-Fetch-Site": "cross-site"})
    assert "在本站" in said(foreign.send(title="", token=token(0.5)))


def test_after_an_old_page_one_more_press_is_enough(resident, time_machine):
    time_machine.move_to("2026-11-24T08:00:00+08:00", tick=False)
    sent = token()
    time_machine.shift(4 * 3600)
    response = resident.send(text=TEXT, token=sent)
    assert "再按一次" in said(response)
    assert " checked" in main(response).split('name="consent"')[1].split(">")[0]
    time_machine.shift(5)
    receipt(resident.send(text=TEXT, token=value(response, "token")))


def test_a_token_holds_once(resident):
    sent = token()
    number, code = receipt(resident.send(token=sent, text=TEXT))
    again = resident.send(token=sent, text="别的话")
    assert again.status_code == 409 and kept() == 1
    assert number in words(again) and code not in again.content.decode()


def test_what_broke_off_is_sent_by_one_more_press(resident):
    sent = token()
    tokens.use(tokens.read(sent)[0])
    response = resident.send(token=sent, text=TEXT)
    assert response.status_code == 409 and kept() == 0 and value(response, "text") == TEXT
    fresh = tokens.read(value(response, "token"))[0]
    older = tokens.Token(fresh.made - 10, fresh.nonce, fresh.consent)
    receipt(resident.send(token=older.signed(), text=TEXT))


def test_terms_that_changed_are_agreed_to_anew(resident):
    sent = token()
    chosen = FeedbackSettings.load()
    chosen.consent = "我同意新的条款。"
    chosen.save()
    response = resident.send(token=sent, text=TEXT)
    assert response.status_code == 422 and "条款刚刚改过" in said(response) and kept() == 0
    assert "我同意新的条款。" in words(response)
    assert " checked" not in main(response).split('name="consent"')[1].split(">")[0]


def test_the_trap_is_shown_to_a_person_who_fell_into_it(resident):
    assert 'class="feedback-empty"' in main(resident.open())
    response = resident.send(text=TEXT, website="http://spam.example.com")
    assert response.status_code == 422 and kept() == 0
    assert ("id_website", "这一栏请空着：删去里面的字，再提交一次。") in errors(response)
    assert 'class="feedback-empty"' not in main(response) and value(response, "text") == TEXT
    receipt(resident.send(text=TEXT, token=value(response, "token")))


@pytest.mark.parametrize(
    ("headers", "passes"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
        ({}, True),
        ({"Origin": "http://testserver"}, True),
        ({"Origin": "https://testserver"}, True),
        ({"Origin": "http://evil.example.com"}, False),
        ({"Origin": "http://testserver.evil.example.com"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({"Origin": ""}, False),
    ],
)
def test_a_form_on_a_foreign_page(client, headers, passes):
    response = client.post(NEW, filled(text=TEXT), headers=headers)
    assert (response.status_code, kept()) == ((200, 1) if passes else (403, 0))
    if not passes:
        assert "在本站的留言页面提交" in said(response) and value(response, "text") == TEXT


def test_so_many_an_hour_and_a_day_from_one_address(resident, settings, time_machine):
    time_machine.move_to("2026-11-24T08:00:00+08:00", tick=False)
    settings.FEEDBACK_RATE, settings.FEEDBACK_RATE_DAY = "2/hour", "3/day"
    receipt(resident.send(text="一"))
    receipt(resident.send(text="二"))
    response = resident.send(text=TEXT)
    assert response.status_code == 429 and kept() == 2
    assert int(response["Retry-After"]) > 3000
    assert "请等" in said(response) and "分钟" in said(response)
    assert value(response, "text") == TEXT
    receipt(Resident("203.0.113.8").send(text="四"))
    time_machine.shift(3601)
    receipt(resident.send(text="五"))
    response = resident.send(text="六")
    assert response.status_code == 429 and "小时" in said(response)
    time_machine.shift(24 * 3600)
    receipt(resident.send(text="七"))


def test_mistakes_do_not_use_up_the_messages(resident, settings):
    settings.FEEDBACK_RATE = "1/hour"
    for _ in range(5):
        assert resident.send(title="").status_code == 422
    receipt(resident.send())


def test_so_many_tries_from_one_address(resident, settings):
    settings.FEEDBACK_TRIES = "3/hour"
    for _ in range(3):
        assert resident.send(title="").status_code == 422
    response = resident.send(text=TEXT)
    assert response.status_code == 429 and kept() == 0 and value(response, "text") == TEXT
    assert resident.open().status_code == 200, "reading the form costs nothing"


def test_the_same_text_again_is_told_the_first_number(resident, time_machine):
    time_machine.move_to("2026-11-24T08:00:00+08:00", tick=False)
    number, _ = receipt(resident.send(text=TEXT))
    other = Resident("203.0.113.9")
    response = other.send(title="别的标题", text=f"  {TEXT}\u200b\n")
    assert response.status_code == 409 and number in said(response) and kept() == 1
    time_machine.shift(dt.timedelta(days=1, seconds=1))
    receipt(other.send(text=TEXT))


def test_the_small_question_comes_at_half_of_the_ceiling(resident, settings):
    settings.FEEDBACK_CEILING = 4
    receive(text="一")
    before = resident.open()
    assert 'name="answer"' not in main(before)
    receive(text="二")
    page = resident.open()
    assert 'name="answer"' in main(page) and "等于几？" in words(page)
    assert "<img" not in main(page)
    # Whoever opened the form before it got busy is asked as well, and keeps what they wrote.
    sent = token()
    response = resident.send(text=TEXT, token=sent)
    assert response.status_code == 422 and kept() == 2 and value(response, "text") == TEXT
    known = tokens.read(sent)[0]
    assert tokens.question(known) in words(response)
    assert "再算一次" in said(resident.send(text=TEXT, token=sent, answer="99"))
    receipt(resident.send(text=TEXT, token=sent, answer=str(sum(tokens._numbers(known)))))


def test_at_the_ceiling_the_form_closes_and_the_alarm_goes(resident, settings, time_machine):
    time_machine.move_to("2026-11-24T08:00:00+08:00", tick=False)
    settings.FEEDBACK_CEILING = 2
    assert health.findings() == []
    receive(text="一")
    assert [each.level for each in health.findings()] == [Level.WARNING]
    receive(text="二")
    response = resident.open()
    assert response.status_code == 503 and response["Retry-After"]
    assert "留言的人太多" in words(response) and "<form" not in main(response)
    response = resident.send(text=TEXT)
    assert response.status_code == 503 and kept() == 2
    assert "留言的人太多" in said(response) and value(response, "text") == TEXT
    (finding,) = health.findings()
    assert finding.level == Level.ALARM and "11月24日 08:00" in finding.message
    time_machine.shift(3601)
    assert resident.open().status_code == 200
    assert health.findings()[0].level == Level.ALARM, "the office sees in the morning what was"
    time_machine.shift(24 * 3600)
    assert health.findings() == []


def test_the_alarm_is_part_of_the_health_report():
    from cms.ops.registry import health_checks

    assert "feedback_flood" in {check.key for check in health_checks()}


def test_closed_by_the_office(resident):
    chosen = FeedbackSettings.load()
    chosen.is_open = False
    chosen.save()
    assert resident.open().status_code == 503
    response = resident.send(text=TEXT)
    assert response.status_code == 503 and kept() == 0 and value(response, "text") == TEXT
    assert "暂停接收新留言" in said(response)


def test_a_failure_while_keeping_lets_the_same_page_be_sent_again(resident, monkeypatch):
    from feedback.services import contacts

    def fail(message):
        raise OSError("disk full")

    sent = token()
    with monkeypatch.context() as patch:
        patch.setattr(contacts, "ask_on_commit", fail)
        with pytest.raises(OSError, match="disk full"):
            resident.send(text=TEXT, token=sent)
    assert kept() == 0
    receipt(resident.send(text=TEXT, token=sent))


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"x" * (doors.MOST_BYTES + 1), "application/x-www-form-urlencoded"),
        (b"not multipart", "multipart/form-data"),
        (b"--x\r\nhalf", "multipart/form-data; boundary=x"),
        (b"text=1", "application/x-www-form-urlencoded; charset=utf-7"),
        (b"&".join([b"a=1"] * 10_001), "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"", ""),
        (b"\xff\xfe%ff%fe=%00", "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form_is_answered_with_a_page(client, body, kind):
    for address in (NEW, "/feedback/track/", "/feedback/track/verify/x/"):
        response = client.post(address, body, content_type=kind)
        assert 400 <= response.status_code < 500 and "<main" in response.content.decode()
    assert kept() == 0


def test_the_fields_may_come_more_than_once(client):
    body = urlencode([*filled(text=TEXT).items(), ("title", "第二个标题"), ("category", "idea")])
    client.post(NEW, body, content_type="application/x-www-form-urlencoded")
    assert [message.title for message in Message.objects.all()] == ["第二个标题"]


def test_waiting_is_told_as_people_say_it():
    assert [doors.in_words(s) for s in (1, 59, 60, 61, 3600, 3601, 86400)] == [
        "1 秒",
        "59 秒",
        "60 秒",
        "2 分钟",
        "60 分钟",
        "2 小时",
        "24 小时",
    ]
