"""A silence is seen on the dashboard, and told once a level until there is a post again."""

import datetime as dt

import pytest
from django.urls import reverse

from articles.models import PushSettings
from articles.pushes.calendar import watch
from cms import workdays
from cms.ops import health
from cms.ops.models import AuditEntry, Notice
from cms.ops.registry import Level, schedules

from .conftest import at, day

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def level() -> Level:
    return health.report().checks["silence"][0]


def told() -> list[tuple[str, bool]]:
    """Who was told since it was asked last, and whether by mail."""
    rows = [(row.recipient.username, row.by_mail) for row in about_silence()]
    about_silence().delete()
    return rows


def about_silence():
    return Notice.objects.filter(event=watch.ACTION).order_by("pk")


def test_without_a_record_nothing_is_alarmed(clock):
    assert watch.findings() == [] and watch.tell() == "不用提醒"


def test_a_silence_grows_and_each_level_is_told_once(people, sent, clock):
    sent(8)
    story = []
    for _ in range(18):
        story.append((level(), watch.tell(), len(told())))
        assert not told(), watch.tell()
        clock.shift(DAY)
    levels = [each[0] for each in story]
    assert levels == [Level.OK] * 7 + [Level.WARNING] * 3 + [Level.ALARM] * 8
    counts = [each[2] for each in story]
    assert [n for n, count in enumerate(counts) if count] == [7, 10, 14]
    entries = AuditEntry.objects.filter(action=watch.ACTION).order_by("pk")
    assert [each.detail for each in entries] == [
        {"date": "2026-12-08", "days": days, "level": label}
        for days, label in ((7, "提醒"), (10, "告急"), (14, "违规"))
    ]


def test_who_is_told_and_how(people, sent, clock):
    sent(1)
    assert watch.tell() == "提醒：提醒"
    planners = {people.editor.username, people.publisher.username, people.second.username}
    assert dict(told()) == dict.fromkeys(planners, False)
    clock.shift(3 * DAY)
    assert watch.tell() == "提醒：告急"
    assert dict(told()) == dict.fromkeys({*planners, people.administrator.username}, True)


def test_the_next_silence_is_told_anew(people, sent, push, clock):
    sent(1)
    watch.tell()
    assert told()
    sent(8)
    assert watch.tell() == "不用提醒"
    clock.shift(7 * DAY)
    assert watch.tell() == "提醒：提醒" and told()


def test_a_post_settles_what_was_not_read(people, sent, clock):
    sent(1)
    watch.tell()
    assert about_silence().filter(read_at=None).exists()
    sent(8)
    watch.tell()
    assert not about_silence().filter(read_at=None).exists()


def test_nobody_is_told_at_night(sent, clock):
    sent(1)
    clock.move_to(at(9, "07:59"))
    assert "八点" in watch.tell() and not told()
    clock.move_to(at(9, "08:00"))
    assert watch.tell() == "提醒：提醒"


def test_the_limits_are_settings(sent, clock):
    sent(6)
    settings = PushSettings.load()
    settings.warn_days, settings.alarm_days, settings.breach_days = 1, 2, 3
    settings.save()
    assert level() == Level.ALARM


def test_it_is_watched_by_the_clock():
    assert "articles.pushes.calendar.watch.tell" in {spec.func for spec in schedules()}


def test_a_day_that_becomes_quiet_is_told(people, push, clock):
    push(planned=day(12))
    push(committed=at(13))
    push(planned=day(14))
    assert watch.on_quiet_days() == []
    workdays.add(people.administrator, "quiet", "哀悼日", day(12), day(13))
    planned, committed = watch.on_quiet_days()
    assert (planned.level, committed.level) == (Level.WARNING, Level.ALARM)
    assert "推送《稿1》定时发布的12月13日是静默日（哀悼日）" in committed.message
    clock.move_to(at(14))
    assert watch.on_quiet_days() == []


def test_the_dashboard_says_it(people, client, sent):
    sent(1)
    client.force_login(people.editor)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "公众号已经7天没有推送，上一次是12月1日。" in html
    assert reverse("pushes_calendar") in html
