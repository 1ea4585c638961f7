"""The digest of the morning: when, to whom, what it says, and only once."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from articles import health, morning, work
from articles.morning import send_digests
from articles.queues import Waiting
from articles.review import deadlines, services
from cms.ops import notices
from cms.ops.models import AuditEntry, Notice
from cms.ops.tasks import send_notice_mails
from tests.factories.articles import ArticleFactory, approve_by, running_step

# Seven, eight and nine in the morning of 2026-11-24 in Beijing.
SEVEN = datetime(2026, 11, 23, 23, tzinfo=UTC)
EIGHT = SEVEN + timedelta(hours=1)
NINE = SEVEN + timedelta(hours=2)


@pytest.fixture
def article(people):
    with time_machine.travel(EIGHT - timedelta(hours=30), tick=False):
        article = ArticleFactory(writer=people.editor, title="楼道灯亮了")
        services.submit(people.editor, article)
    return article


def digests(person=None):
    found = Notice.objects.filter(event=morning.EVENT)
    return list(found.filter(recipient=person) if person else found)


@pytest.mark.django_db
def test_nobody_is_written_to_before_eight(people, article):
    with time_machine.travel(SEVEN, tick=False):
        assert send_digests() == 0
    with time_machine.travel(EIGHT - timedelta(seconds=1), tick=False):
        assert send_digests() == 0
    assert digests() == [] and not AuditEntry.objects.filter(action=morning.EVENT).exists()


@pytest.mark.django_db
def test_at_eight_those_with_work_are_written_to_once(people, article):
    with time_machine.travel(EIGHT, tick=False):
        assert send_digests() == 1
        assert send_digests() == 0
    with time_machine.travel(NINE, tick=False):
        second = ArticleFactory(writer=people.editor)
        services.submit(people.editor, second)
        approve_by(second, people.reviewer_credible)
        assert send_digests() == 0, "who had nothing at eight hears of the new by its own notice"
    (digest,) = digests()
    assert digest.recipient == people.reviewer_credible and digest.by_mail
    assert digest.message == "今天要处理：审核已超期1篇：《楼道灯亮了》（已超6小时）。"
    assert AuditEntry.objects.get(action=morning.EVENT).detail == {"people": 1}
    with time_machine.travel(EIGHT + timedelta(days=1), tick=False):
        assert send_digests() > 0


@pytest.mark.django_db
def test_what_came_back_is_told_to_who_sent_it(people, article):
    services.send_back(people.reviewer_credible, running_step(article), "出处？")
    with time_machine.travel(EIGHT, tick=False):
        send_digests()
    (digest,) = digests()
    assert digest.recipient == people.editor
    assert "退回给您1篇：《楼道灯亮了》（可信审核退回）" in digest.message


@pytest.mark.django_db
def test_a_worker_killed_half_way_goes_on_where_it_stopped(people, article, monkeypatch):
    second = ArticleFactory(writer=people.editor)
    services.submit(people.editor, second)
    approve_by(second, people.reviewer_credible)
    genuine = notices.send

    def killed(person, *args, **kwargs):
        if person == people.reviewer_readable:
            raise KeyboardInterrupt
        return genuine(person, *args, **kwargs)

    with time_machine.travel(EIGHT, tick=False):
        monkeypatch.setattr(notices, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            send_digests()
        assert len(digests(people.reviewer_credible)) == 1
        monkeypatch.setattr(notices, "send", genuine)
        assert send_digests() == 1
    assert len(digests(people.reviewer_credible)) == len(digests(people.reviewer_readable)) == 1


@pytest.mark.django_db
def test_nothing_to_say_is_not_said(people):
    with time_machine.travel(EIGHT, tick=False):
        assert send_digests() == 0
    assert digests() == []


@pytest.mark.django_db
def test_the_mail_is_the_outbox_s_matter(people, article):
    with time_machine.travel(EIGHT, tick=False):
        assert send_digests() == 1
        assert mail.outbox == [], "a mail server that is down delays nothing"
        send_notice_mails()
        send_notice_mails()
    (sent,) = mail.outbox
    assert sent.to == [people.reviewer_credible.email] and "楼道灯亮了" in sent.body


def row(title: str, **values) -> Waiting:
    from articles.models import ArticlePage

    values = {"stage": "可信审核", "since": SEVEN, "submitted_by": "林编辑", **values}
    return Waiting(ArticlePage(title=title, draft_title=title), **values)


def test_the_words_of_a_full_morning():
    found = work.Work(
        confirm=[row("停水通知", stage="特急确认")],
        reviews=[
            row("已晚", due_at=EIGHT - timedelta(hours=3)),
            row("甲", due_at=NINE),
            *(row(title) for title in ("乙", "丙", "丁")),
        ],
        ready=[row("夜市")],
        returned=[row("长" * 40, stage="可读审核退回")],
    )
    assert morning.message(found, EIGHT) == (
        "今天要处理：审核已超期1篇：《已晚》（已超3小时）；等您确认1篇：《停水通知》（特急确认）；"
        "等您审4篇：《甲》（可信审核）、《乙》（可信审核）、《丙》（可信审核）等；"
        f"待发布1篇：《夜市》；退回给您1篇：《{'长' * 17}…》（可读审核退回）。"
    )


def test_the_longest_morning_fits_into_a_notice():
    many = [row("题" * 60, due_at=EIGHT - timedelta(days=400), stage="可信审核退回")] * 9
    on_time = [row("题" * 60)] * 9
    found = work.Work(many, [*many, *on_time], many, many)
    assert len(morning.message(found, EIGHT)) <= 500


@pytest.mark.django_db
def test_health_tells_what_is_late(people, article):
    with time_machine.travel(EIGHT - timedelta(hours=8), tick=False):
        assert health.late_reviews() == []
    with time_machine.travel(EIGHT, tick=False):
        (finding,) = health.late_reviews()
        assert "《楼道灯亮了》的可信审核已超6小时" in finding.message
        deadlines.set_plan(people.editor, article, NINE, 0)
        assert health.late_reviews() == []
