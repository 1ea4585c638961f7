"""Fetching against the stand-in: once a morning, resumed, put off with a reason."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from articles.models import (
    AccountReading,
    Delivery,
    Metric,
    Reading,
    StatisticsDay,
    StatisticsSubject,
    WeChatComment,
    WeChatPost,
)
from articles.pushes.digest import push_digest
from articles.readings import fetching, health
from articles.wechat.errors import ErrorKind
from demo.fake_wechat import sendings
from demo.fake_wechat.state import Draft
from tests.factories.articles import ArticleFactory

from .test_recording import a_push

pytestmark = pytest.mark.django_db

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOTALS = "/datacube/getarticletotaldetail"
SENT = dt.datetime(2026, 11, 20, 8, 30, tzinfo=SHANGHAI)


@pytest.fixture
def clock(fake):
    with time_machine.travel(SENT, tick=False) as moved:
        yield moved


@pytest.fixture
def sending(fake, clock):
    """A push of two that somebody sent in the back office on 20 November."""
    titles = ("灯亮了", "路修好了")
    articles = [{"title": title, "need_open_comment": 1, "content": ""} for title in titles]
    draft = Draft("draft-1", articles, fake.clock.time(), fake.clock.time())
    fake.state.drafts[draft.media_id] = draft
    return sendings.send(fake.state, draft, by="person")


def go(clock, text: str) -> int:
    clock.move_to(dt.datetime.fromisoformat(text).replace(tzinfo=SHANGHAI))
    return fetching.fetch_due()


def test_once_each_morning(fake, clock, sending) -> None:
    assert go(clock, "2026-11-21 08:04") == 0
    assert not fake.state.calls
    done = go(clock, "2026-11-21 08:05")
    assert done == 32  # thirty days, the account, its followers
    assert len(fake.state.calls_of(TOTALS)) == 30
    posts = WeChatPost.objects.order_by("index")
    assert [(p.msg_data_id, p.title) for p in posts] == [
        (str(sending.msg_data_id), "灯亮了"),
        (str(sending.msg_data_id), "路修好了"),
    ]
    assert AccountReading.objects.filter(metric="followers").count() == 7
    assert AccountReading.objects.filter(metric="readers").count() == 30
    assert go(clock, "2026-11-21 08:40") == 0
    assert len(fake.state.calls_of(TOTALS)) == 30


def test_a_delivered_push_that_a_person_sent_is_known_the_next_morning(fake, clock, people) -> None:
    articles = [
        ArticleFactory(writer=people.editor, title=title) for title in ("灯亮了", "路修好了")
    ]
    push = a_push(people, *articles)
    told = [{"title": a.title, "need_open_comment": 0, "content": ""} for a in articles]
    draft = Draft("draft-1", told, fake.clock.time(), fake.clock.time())
    fake.state.drafts[draft.media_id] = draft
    Delivery.objects.create(
        push=push,
        stage="delivered",
        push_digest=push_digest(push),
        requested_by=people.publisher,
        requested_at=SENT,
        delivered_at=SENT,
        media_id=draft.media_id,
        stored=[{"article": each} for each in told],
    )
    go(clock, "2026-11-20 09:00")
    sendings.send(fake.state, draft, by="person")
    go(clock, "2026-11-21 08:05")
    push.refresh_from_db()
    assert push.sent_noticed == "statistics"
    readings = Reading.objects.filter(metric=Metric.READERS, post__member__push=push)
    assert {each.post.article_id for each in readings} == {each.pk for each in articles}


def test_the_next_morning_brings_the_next_day(fake, clock, sending) -> None:
    go(clock, "2026-11-21 08:05")
    go(clock, "2026-11-22 08:05")
    readers = Reading.objects.filter(metric=Metric.READERS, post__index=1)
    values = readers.order_by("stat_date").values_list("value", flat=True)
    assert len(values) == 2
    assert values[0] < values[1]


def test_a_delayed_day_is_asked_for_again_in_half_an_hour(fake, clock, sending) -> None:
    late = {"list": [], "is_delay": True}
    fake.script(TOTALS, late)
    go(clock, "2026-11-21 08:05")
    row = StatisticsDay.objects.get(subject=StatisticsSubject.POSTS, day=SENT.date())
    assert row.is_delayed
    assert not WeChatPost.objects.exists()
    assert go(clock, "2026-11-21 08:34") == 0
    assert go(clock, "2026-11-21 08:35") == 1
    assert WeChatPost.objects.count() == 2
    row.refresh_from_db()
    assert not row.is_delayed


def test_busy_puts_everything_off_and_says_why(fake, clock, sending, settings) -> None:
    fake.script(TOTALS, -1)
    assert go(clock, "2026-11-21 08:05") == 0
    assert len(fake.state.calls_of(TOTALS)) == 1
    (found,) = health.findings()
    assert "系统繁忙" in found.message
    assert go(clock, "2026-11-21 08:10") == 32
    assert health.findings() == []
    assert not StatisticsDay.objects.exclude(reason="", attempts=0).exists()


def test_a_lost_reply_is_asked_for_again(fake, clock, sending) -> None:
    fake.script(TOTALS, "drop")
    go(clock, "2026-11-21 08:05")
    go(clock, "2026-11-21 08:10")
    assert WeChatPost.objects.count() == 2


def test_a_spent_quota_waits_for_tomorrow_and_stops_its_own_subject_only(
    fake, clock, sending
) -> None:
    fake.script(TOTALS, 45009)
    assert go(clock, "2026-11-21 08:05") == 2
    assert AccountReading.objects.exists()
    assert go(clock, "2026-11-21 20:00") == 0 + 7  # comments of seven days
    assert len(fake.state.calls_of(TOTALS)) == 1
    row = StatisticsDay.objects.filter(subject=StatisticsSubject.POSTS).first()
    assert row.next_at.astimezone(SHANGHAI) == dt.datetime(2026, 11, 22, 8, 5, tzinfo=SHANGHAI)


def test_an_unreadable_day_stops_no_other(fake, clock, sending) -> None:
    fake.script(TOTALS, {"list": [{"msgid": "x"}], "is_delay": False})
    assert go(clock, "2026-11-21 08:05") == 31
    row = StatisticsDay.objects.get(subject=StatisticsSubject.POSTS, day=SENT.date())
    assert "msgid" in row.reason


def test_a_killed_worker_loses_one_day_at_most(fake, clock, sending, monkeypatch) -> None:
    class Killed(BaseException):
        pass

    asked = []

    def dies(rows):
        asked.append(1)
        if len(asked) == 3:
            raise Killed
        return record(rows)

    record = fetching.recording.record_totals
    monkeypatch.setattr(fetching.recording, "record_totals", dies)
    with pytest.raises(Killed):
        go(clock, "2026-11-21 08:05")
    done = StatisticsDay.objects.exclude(fetched_at=None).count()
    assert go(clock, "2026-11-21 08:10") == 32 - done - 1
    # Whoever was killed had ten minutes to come back.
    assert go(clock, "2026-11-21 08:15") == 1
    assert not StatisticsDay.objects.filter(fetched_at=None).exists()


def test_without_wechat_nothing_is_asked(clock, settings) -> None:
    settings.WECHAT_APPID = ""
    assert go(clock, "2026-11-21 09:05") == 0
    assert health.findings() == []
    assert not StatisticsDay.objects.exists()


def test_comments_come_twice_a_day(fake, clock, sending) -> None:
    go(clock, "2026-11-21 08:05")
    assert not WeChatComment.objects.exists()
    assert go(clock, "2026-11-21 09:00") == 7
    first = WeChatComment.objects.count()
    assert first == len(sending.comments)
    sending.comments.pop()
    go(clock, "2026-11-21 15:00")
    assert not WeChatComment.objects.exclude(gone_at=None).exists()
    go(clock, "2026-11-21 16:00")
    assert WeChatComment.objects.exclude(gone_at=None).count() == 1
    assert WeChatComment.objects.count() == first


def test_comments_counted_but_not_listed_are_not_taken_for_gone(fake, clock, sending) -> None:
    go(clock, "2026-11-21 08:05")
    go(clock, "2026-11-21 09:00")
    known = WeChatComment.objects.filter(post__index=1).count()
    empty = {"errcode": 0, "comment": [], "comment_cnt": known}
    fake.script("/cgi-bin/comment/list", *[empty] * 2)
    go(clock, "2026-11-21 16:00")
    assert not WeChatComment.objects.exclude(gone_at=None).exists()


def test_asking_again_is_for_who_may_see_readings(fake, clock, sending, people) -> None:
    go(clock, "2026-11-21 08:05")
    with pytest.raises(PermissionDenied, match="没有查看阅读数据"):
        fetching.fetch_again(people.contributor)
    assert fetching.fetch_again(people.office) == 32 + 7
    assert go(clock, "2026-11-21 08:10") == 32


def test_kinds_that_stop_everything_are_those_of_the_way_to_wechat() -> None:
    assert set(fetching._FOR_ALL) == {ErrorKind.BUSY, ErrorKind.RATE}
