"""Alerts by mail: to whom, once, and again after a failure."""

import datetime as dt
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django_q.models import OrmQ

from cms.ops.registry import Level, schedules
from rankings import health, tasks
from rankings.models import Alert, AlertMail, AlertPreference
from rankings.services import RankingError, alert_mail
from rankings.services.alerts import raise_alert
from tests.factories.rankings import BoardFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2019, 9, 9, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office():
    return UserFactory(roles=["office"], email="office@example.com", date_joined=NOW)


def alarm(key="a", kind="lost_first", level="alarm", message="失去第一", **details) -> Alert:
    return raise_alert(kind, key, level, message, **details)


class Refusing(EmailBackend):
    """A mail server that is away, or refuses one address."""

    refused = frozenset({"office@example.com"})
    error: Exception = ConnectionRefusedError("Connection refused")

    def send_messages(self, messages):
        for message in messages:
            if self.refused & set(message.to):
                raise self.error
        return super().send_messages(messages)


@pytest.fixture
def away(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    monkeypatch.setattr(Refusing, "refused", frozenset({"office@example.com"}))
    monkeypatch.setattr(Refusing, "error", ConnectionRefusedError("Connection refused"))

    def back():
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    return back


# --- to whom --------------------------------------------------------------------------------------


def receivers(alert: Alert) -> set[str]:
    return {row.user.email for row in alert.mails.select_related("user")}


def test_without_a_choice_the_office_gets_what_is_urgent(office) -> None:
    for role in ("editor", "reviewer_credible", "publisher", "administrator", "auditor"):
        UserFactory(roles=[role])
    UserFactory(is_superuser=True)
    UserFactory(roles=["office"], is_active=False)
    UserFactory(roles=["office"], email="")
    assert receivers(alarm()) == {"office@example.com"}
    assert receivers(alarm("b", "month_out", "info")) == set()
    assert receivers(alarm("c", "tie", "warning")) == set()


def test_who_chose_gets_the_chosen_kinds_and_nothing_else(office) -> None:
    editor = UserFactory(roles=["editor"], email="editor@example.com")
    auditor = UserFactory(roles=["auditor"], email="auditor@example.com")
    alert_mail.save_preference(editor, ["month_out", "tie"])
    alert_mail.save_preference(office, [])
    AlertPreference.objects.create(user=auditor, mail_kinds=["month_out"])  # may not read it
    assert receivers(alarm("a", "month_out", "info")) == {"editor@example.com"}
    assert receivers(alarm("b")) == set()
    alert_mail.save_preference(office, None)
    assert receivers(alarm("c")) == {"office@example.com"}


def test_choosing_needs_the_report_and_kinds_that_exist(office) -> None:
    with pytest.raises(PermissionDenied):
        alert_mail.save_preference(UserFactory(roles=["auditor"]), ["tie"])
    with pytest.raises(RankingError, match="没有“nonsense”这种提醒"):
        alert_mail.save_preference(office, ["nonsense"])


def test_examples_are_never_mailed(office) -> None:
    assert receivers(alarm(board=BoardFactory(is_example=True))) == set()


# --- sent once ------------------------------------------------------------------------------------


def test_a_mail_goes_out_once(office) -> None:
    alert = alarm(message="《县级榜》2019年8月：“在荷塘”列第 3 名，失去第一。", url="/admin/x/")
    assert tasks.send_alert_mails() == "发出 1 封，失败 0 封"
    assert tasks.send_alert_mails() == "发出 0 封，失败 0 封"
    [sent] = mail.outbox
    assert sent.to == ["office@example.com"]
    assert sent.subject == "〔在荷塘〕失去第一：《县级榜》2019年8月：“在荷塘”列第 3 名，失去第一。"
    assert "【紧急】失去第一" in sent.body and "http://testserver/admin/x/" in sent.body
    assert f"http://testserver{reverse('rankings:alert_preferences')}" in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert office.display_name not in sent.body
    alert.refresh_from_db()
    assert (alert.mailed_at, alert.mail_error) == (NOW, "")


def test_several_alerts_are_one_mail(office) -> None:
    second = UserFactory(roles=["office"], email="second@example.com")
    for number in range(3):
        alarm(f"k{number}", message=f"第 {number} 件")
    alert_mail.save_preference(second, ["tie"])
    alarm("tie", "tie", "warning", "并列")
    tasks.send_alert_mails()
    assert {m.to[0]: m.subject for m in mail.outbox} == {
        "office@example.com": "〔在荷塘〕3 条排名提醒",
        "second@example.com": "〔在荷塘〕4 条排名提醒",
    }
    office_mail = next(m for m in mail.outbox if m.to == ["office@example.com"])
    assert [f"第 {n} 件" in office_mail.body for n in range(3)] == [True] * 3
    assert Alert.objects.filter(mailed_at=None).count() == 0


def test_hostile_text_stays_text(office) -> None:
    alarm(message="<script>alert(1)</script>\r\nBcc: all@example.com", url="//evil.example/x")
    tasks.send_alert_mails()
    [sent] = mail.outbox
    assert "<script>alert(1)</script> Bcc: all@example.com" in " ".join(sent.body.split())
    assert "\n" not in sent.subject and "evil.example" not in sent.body
    assert sent.content_subtype == "plain"
    assert sent.recipients() == ["office@example.com"]


def test_the_commit_wakes_the_sender_once(office, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        alarm("a")
        alarm("b")
    assert OrmQ.objects.count() == 1


def test_a_queue_out_of_reach_loses_nothing(
    office, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    def broken(*args, **kwargs):
        raise ConnectionError("no queue")

    monkeypatch.setattr("rankings.services.alert_mail.async_task", broken)
    with django_capture_on_commit_callbacks(execute=True):
        alarm()
    assert tasks.send_alert_mails() == "发出 1 封，失败 0 封"  # as the schedule does
    assert "rankings.tasks.send_alert_mails" in {spec.func for spec in schedules()}
    assert "rankings.tasks.check_alerts" in {spec.func for spec in schedules()}


# --- failure --------------------------------------------------------------------------------------


def test_a_failure_is_written_down_and_tried_again_later(office, away, clock) -> None:
    alert = alarm()
    assert alert_mail.send_mails().failed == 1
    row = AlertMail.objects.get()
    assert (row.attempts, row.sent_at) == (1, None)
    assert row.error == "ConnectionRefusedError：Connection refused"
    alert.refresh_from_db()
    assert alert.mail_error and alert.mailed_at is None
    [found] = health.check_mails()
    assert found.level == Level.WARNING and "1 封提醒邮件没有发出" in found.message
    away()
    assert alert_mail.send_mails().mails == 0  # it rests
    clock.shift(dt.timedelta(minutes=5))
    assert alert_mail.send_mails().mails == 1
    assert len(mail.outbox) == 1
    alert.refresh_from_db()
    assert alert.mail_error == "" and alert.mailed_at is not None
    assert health.check_mails() == []


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"office@example.com": (550, b"no such user")}),
        smtplib.SMTPAuthenticationError(535, b"bad password"),
        TimeoutError("timed out"),
        UnicodeEncodeError("ascii", "宣", 0, 1, "ordinal not in range"),
    ],
)
def test_one_persons_failure_does_not_keep_the_others_waiting(
    office, away, monkeypatch, error
) -> None:
    UserFactory(roles=["office"], email="second@example.com")
    monkeypatch.setattr(Refusing, "error", error)
    alert = alarm()
    sent = alert_mail.send_mails()
    assert (sent.mails, sent.failed) == (1, 1)
    assert [m.to for m in mail.outbox] == [["second@example.com"]]
    alert.refresh_from_db()
    assert alert.mailed_at is None  # not everybody has it


def test_after_five_attempts_a_person_must_look(office, away, clock) -> None:
    alarm()
    for _ in range(7):
        alert_mail.send_mails()
        clock.shift(dt.timedelta(hours=5))
    assert AlertMail.objects.get().attempts == 5
    [found] = health.check_mails()
    assert found.level == Level.ALARM and "已停止重试" in found.message
    away()
    with pytest.raises(PermissionDenied):
        alert_mail.try_again(UserFactory(roles=["editor"]))
    assert alert_mail.try_again(office) == 1
    assert alert_mail.send_mails().mails == 1
    assert health.check_mails() == []


def test_old_news_is_not_mailed_any_more(office, away, clock) -> None:
    alarm()
    alert_mail.send_mails()
    away()
    clock.shift(dt.timedelta(days=15))
    assert alert_mail.send_mails().mails == 0 and health.check_mails() == []


def test_a_sender_that_was_killed_is_replaced_after_the_rest(office, monkeypatch, clock) -> None:
    class Killed(BaseException):
        pass

    def killed(rows):
        raise Killed

    alarm()
    with monkeypatch.context() as patch:
        patch.setattr(alert_mail, "_send", killed)
        with pytest.raises(Killed):
            alert_mail.send_mails()
    assert alert_mail.send_mails().mails == 0  # it might still be sending
    clock.shift(dt.timedelta(minutes=5))
    assert alert_mail.send_mails().mails == 1
    assert len(mail.outbox) == 1


def test_two_senders_at_the_same_moment_send_one_mail(office, monkeypatch) -> None:
    alarm()
    send = alert_mail._send
    inner = []

    def sending(rows):
        inner.append(alert_mail.send_mails())  # the other one, while this one is at it
        send(rows)

    monkeypatch.setattr(alert_mail, "_send", sending)
    assert alert_mail.send_mails().mails == 1
    assert [each.mails for each in inner] == [0] and len(mail.outbox) == 1


def test_who_left_meanwhile_gets_nothing(office) -> None:
    alarm()
    office.is_active = False
    office.save()
    assert alert_mail.send_mails().mails == 0 and not mail.outbox
