"""Notices: written with the deed, mailed once and again after a failure, read by one person."""

import datetime as dt
import re
import smtplib

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ
from wagtail.users.models import UserProfile

from cms.ops import health, notices, outbox, registry, tasks
from cms.ops.models import Notice
from cms.ops.registry import Level, NoticeFamily, schedules
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def person():
    return UserFactory(roles=["editor"], email="li@example.com", date_joined=NOW)


@pytest.fixture
def family(monkeypatch):
    monkeypatch.setattr(registry, "_notice_families", {})
    found = NoticeFamily("review", "审稿", "送审与退回", frozenset({"article.send_back"}))
    registry.register_notice_family(found)
    return found


class Away(EmailBackend):
    """A mail server that is away, or refuses one address."""

    error: Exception = ConnectionRefusedError("Connection refused")

    def send_messages(self, messages):
        for message in messages:
            if message.to == ["li@example.com"]:
                raise self.error
        return super().send_messages(messages)


@pytest.fixture
def away(settings, monkeypatch):
    """Answers a function that brings the server back."""
    settings.EMAIL_BACKEND = f"{__name__}.Away"
    monkeypatch.setattr(Away, "error", ConnectionRefusedError("Connection refused"))

    def back():
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    return back


def tell(person, message="《灯亮了》退回修改。", url="/admin/x/", by_mail=True) -> Notice:
    return notices.send(person, "article.send_back", message, url, by_mail)


# --- written --------------------------------------------------------------------------------------


def test_a_notice_falls_with_its_deed(person) -> None:
    class Refused(Exception):
        pass

    with pytest.raises(Refused), transaction.atomic():
        tell(person)
        raise Refused
    assert not Notice.objects.exists()


def test_many_people_cost_two_queries(person, family, django_assert_num_queries) -> None:
    people = [person, *UserFactory.create_batch(8)]
    with django_assert_num_queries(2):
        notices.send_to(people, "article.send_back", "退回。", by_mail=True)
    assert Notice.objects.count() == 9
    assert notices.send_to([], "article.send_back", "退回。", by_mail=True) == []


def test_a_long_message_is_cut_and_says_so(person) -> None:
    assert tell(person, "长" * 600).message == "长" * 499 + "…"


# --- mailed ---------------------------------------------------------------------------------------


def test_a_mail_goes_out_once(person, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell(person)
        tell(person, "只在工作台里。", by_mail=False)
    assert OrmQ.objects.count() == 1
    assert tasks.send_notice_mails() == "发出 1 封，失败 0 封"
    assert tasks.send_notice_mails() == "发出 0 封，失败 0 封"
    [sent] = mail.outbox
    assert sent.subject == "〔在荷塘〕《灯亮了》退回修改。"
    assert "http://testserver/admin/x/" in sent.body and "只在工作台里" not in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert sent.content_subtype == "plain"
    assert "cms.ops.tasks.send_notice_mails" in {spec.func for spec in schedules()}


def test_what_comes_together_is_one_mail_a_person(person) -> None:
    other = UserFactory(email="wang@example.com")
    for number in range(3):
        tell(person, f"第 {number} 件")
    tell(other, "另一件")
    assert notices.MAILS.send().mails == 2
    subjects = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert subjects == {
        "li@example.com": "〔在荷塘〕3 条通知",
        "wang@example.com": "〔在荷塘〕另一件",
    }


def test_hostile_text_stays_text(person) -> None:
    tell(person, "<b>标题</b>\r\nBcc: all@example.com", url="//evil.example/x")
    notices.MAILS.send()
    [sent] = mail.outbox
    assert sent.recipients() == ["li@example.com"] and "\n" not in sent.subject
    assert "evil.example" not in sent.body and "<b>标题</b>" in sent.body


def test_nobody_is_mailed_without_address_after_leaving_or_after_reading(person) -> None:
    tell(UserFactory(email=""))
    tell(UserFactory(is_active=False))
    notices.mark_read(person, tell(person))
    assert notices.MAILS.send().mails == 0 and Notice.objects.count() == 3


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("Connection refused"),
        TimeoutError("timed out"),
        smtplib.SMTPServerDisconnected("Connection unexpectedly closed"),
        smtplib.SMTPRecipientsRefused({"li@example.com": (550, b"no such user")}),
        smtplib.SMTPAuthenticationError(535, b"bad password"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_mail_server_that_is_away_delays_nothing(
    person, away, monkeypatch, clock, error, django_capture_on_commit_callbacks
) -> None:
    monkeypatch.setattr(Away, "error", error)
    with django_capture_on_commit_callbacks(execute=True):
        tell(person)  # the deed itself meets no mail server
    tell(UserFactory(email="wang@example.com"))
    sent = notices.MAILS.send()
    assert (sent.mails, sent.failed) == (1, 1)
    row = Notice.objects.get(recipient=person)
    assert row.sent_at is None and row.error.startswith(type(error).__name__)
    [found] = health.notice_mails()
    assert found.level == Level.WARNING
    assert "1 封通知邮件没有发出（最早 11月20日 10:00）" in found.message
    away()
    assert notices.MAILS.send().mails == 0  # it rests
    clock.shift(dt.timedelta(minutes=5))
    assert notices.MAILS.send().mails == 1 and health.notice_mails() == []


def test_a_queue_out_of_reach_loses_nothing(
    person, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    def broken(*args, **kwargs):
        raise ConnectionError("no queue")

    monkeypatch.setattr(notices, "async_task", broken)
    with django_capture_on_commit_callbacks(execute=True):
        tell(person)
    assert notices.MAILS.send().mails == 1  # as the schedule does


def test_a_sender_that_was_killed_is_replaced_after_the_rest(person, monkeypatch, clock) -> None:
    class Killed(BaseException):
        pass

    def killed(*args):
        raise Killed

    tell(person)
    with monkeypatch.context() as patch:
        patch.setattr(notices, "mail", killed)
        with pytest.raises(Killed):
            notices.MAILS.send()
    assert notices.MAILS.send().mails == 0  # it might still be sending
    clock.shift(dt.timedelta(minutes=5))
    assert notices.MAILS.send().mails == 1 and len(mail.outbox) == 1


def test_two_senders_at_the_same_moment_send_one_mail(person, monkeypatch) -> None:
    tell(person)
    inner = []

    def sending(*args):
        inner.append(notices.MAILS.send().mails)  # the other one, while this one is at it
        outbox.mail(*args)

    monkeypatch.setattr(notices, "mail", sending)
    assert notices.MAILS.send().mails == 1
    assert inner == [0] and len(mail.outbox) == 1


def test_after_five_attempts_a_person_must_look(person, away, clock, client) -> None:
    tell(person, "<i>灯</i>")
    for _ in range(7):
        notices.MAILS.send()
        clock.shift(dt.timedelta(hours=5))
    [found] = health.notice_mails()
    assert found.level == Level.ALARM and "已停止重试" in found.message
    away()
    with pytest.raises(PermissionDenied):
        outbox.try_again(person)
    client.force_login(person)
    assert client.get(reverse("unsent_mails")).status_code == 302
    client.force_login(UserFactory(roles=["administrator"]))
    html = client.get(reverse("unsent_mails")).content.decode()
    assert "ConnectionRefusedError" in html and "5 次" in html and "<i>灯" not in html
    said = client.post(reverse("unsent_mails"), follow=True).content.decode()
    assert "已安排重发 1 封" in said
    assert notices.MAILS.send().mails == 1 and health.notice_mails() == []
    assert "没有发送失败的邮件" in client.get(reverse("unsent_mails")).content.decode()


# --- what people want by mail ---------------------------------------------------------------------


def test_a_muted_family_stays_in_the_workbench(person, family) -> None:
    notices.mute(person, ["review", "nonsense"])
    assert person.notice_preference.muted == ["review"]
    assert not tell(person).by_mail
    assert notices.send(person, "other.event", "别的。", by_mail=True).by_mail
    notices.mute(person, [])
    assert tell(person).by_mail


def test_people_choose_on_the_account_page(person, family, client) -> None:
    client.force_login(person)
    account = reverse("wagtailadmin_account")
    html = client.get(account).content.decode()
    assert "审稿：送审与退回" in html and "submitted_notifications" not in html
    own = {
        "own_details-display_name": "李编辑",
        "own_details-email": "li@example.com",
        "theme-theme": "system",
        "theme-density": "default",
        "theme-contrast": "system",
        "theme-keyboard_shortcuts": "on",
    }
    assert client.post(account, own).status_code == 302
    person.notice_preference.refresh_from_db()
    assert person.notice_preference.muted == ["review"]
    assert client.post(account, own | {"notices-families": ["review"]}).status_code == 302
    person.notice_preference.refresh_from_db()
    assert person.notice_preference.muted == []
    client.post(account, own | {"notices-families": ["nonsense"]})
    person.notice_preference.refresh_from_db()
    assert person.notice_preference.muted == []


def test_wagtails_own_mails_stay_off(person) -> None:
    profile = UserProfile.get_for_user(person)
    profile.submitted_notifications = True
    profile.updated_comments_notifications = True
    profile.save()
    profile.refresh_from_db()
    assert not any(
        (
            profile.submitted_notifications,
            profile.approved_notifications,
            profile.rejected_notifications,
            profile.updated_comments_notifications,
        )
    )


# --- read -----------------------------------------------------------------------------------------


def test_the_list_shows_the_unread_first_and_only_ones_own(person, client) -> None:
    tell(person, "早的", by_mail=False)
    notices.mark_read(person, tell(person, "读过的"))
    tell(UserFactory(), "别人的")
    client.force_login(person)
    html = client.get(reverse("notices")).content.decode()
    assert html.index("早的") < html.index("读过的") and "别人的" not in html
    assert "1 条未读" in html


def test_opening_marks_it_read_and_goes_there(person, client) -> None:
    notice = tell(person)
    client.force_login(person)
    response = client.get(reverse("open_notice", args=[notice.pk]))
    assert (response.status_code, response["Location"]) == (302, "/admin/x/")
    notice.refresh_from_db()
    assert notice.read_at == NOW


def test_nobody_opens_or_reads_anothers(person, client) -> None:
    notice = tell(UserFactory())
    client.force_login(person)
    assert client.get(reverse("open_notice", args=[notice.pk])).status_code == 404
    assert client.post(reverse("notices"), {"notice": notice.pk}).status_code == 404
    with pytest.raises(PermissionDenied):
        notices.mark_read(person, notice)
    client.post(reverse("notices"))
    notice.refresh_from_db()
    assert notice.read_at is None
    client.logout()
    assert "login" in client.get(reverse("notices"))["Location"]


def test_a_notice_leads_nowhere_outside(person, client) -> None:
    notice = tell(person, url="//evil.example/")
    client.force_login(person)
    response = client.get(reverse("open_notice", args=[notice.pk]))
    assert response["Location"] == reverse("notices")


def test_one_or_all_are_marked_read(person, client) -> None:
    first = tell(person, "一")
    tell(person, "二")
    client.force_login(person)
    client.post(reverse("notices"), {"notice": first.pk})
    assert [each.message for each in notices.unread(person)] == ["二"]
    assert client.post(reverse("notices"), {"notice": "x"}).status_code == 404
    assert "1 条标为已读" in client.post(reverse("notices"), follow=True).content.decode()
    assert "没有未读的通知" in client.post(reverse("notices"), follow=True).content.decode()


def sidebar_says(html: str) -> list[str]:
    return re.findall(r'"data-unread": ?"(\d+)"', html)


def test_the_dashboard_shows_the_newest_five(person, client) -> None:
    for number in range(7):
        tell(person, f"通知{number}号")
    client.force_login(person)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert [f"通知{n}号" in html for n in range(7)] == [False, False, *[True] * 5]
    assert sidebar_says(html) == ["7"]
    notices.mark_all_read(person)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "新通知" not in html and sidebar_says(html) == []


def test_pages_cost_the_same_however_many(person, client, django_assert_max_num_queries) -> None:
    client.force_login(person)
    client.get(reverse("notices"))
    Notice.objects.bulk_create(
        Notice(recipient=person, event="x", message=f"第{n}件") for n in range(120)
    )
    with django_assert_max_num_queries(20):
        html = client.get(reverse("notices"), {"p": "99"}).content.decode()
    assert html.count('class="notice ') == 20


def test_what_was_read_long_ago_is_deleted(person, clock) -> None:
    tell(person, "没读过", by_mail=False)
    notices.mark_read(person, tell(person, "读过"))
    clock.shift(dt.timedelta(days=89))
    assert notices.delete_old() == 0
    clock.shift(dt.timedelta(days=2))
    assert tasks.delete_old_notices() == "删除 1 条已读的旧通知"
    assert [each.message for each in Notice.objects.all()] == ["没读过"]
    assert timezone.now() > NOW
