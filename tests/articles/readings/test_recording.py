"""Statistics into rows: joined by message or address, never by title; written once."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import (
    AccountMetric,
    AccountReading,
    Metric,
    PublishType,
    Push,
    PushMember,
    Reading,
    WeChatPost,
)
from articles.readings import recording
from articles.readings.addresses import parse_wechat_url
from articles.readings.official import parse_totals
from tests.factories.articles import ArticleFactory

from .conftest import long_url, make_post

pytestmark = pytest.mark.django_db


def told(mid=2650001, index=1, day="2026-11-02", readers=(120,), **changes):
    first = dt.date.fromisoformat(day)
    (found,) = parse_totals(
        [
            {
                "ref_date": day,
                "msgid": f"{mid}_{index}",
                "publish_type": 0,
                "title": "秋天",
                "content_url": long_url(mid, index),
                "detail_list": [
                    {"stat_date": str(first + dt.timedelta(n)), "read_user": count}
                    for n, count in enumerate(readers)
                ],
            }
            | changes
        ]
    )
    return found


def a_push(people, *articles, **fields) -> Push:
    push = Push.objects.create(created_by=people.publisher, **fields)
    for position, article in enumerate(articles):
        PushMember.objects.create(
            push=push,
            article=article,
            revision=article.latest_revision or article.save_revision(),
            content_digest="x",
            position=position,
        )
    return push


def test_a_post_is_joined_to_its_member_by_message_and_place(people) -> None:
    first, second = (ArticleFactory(writer=people.editor, title="秋天") for _ in range(2))
    push = a_push(people, first, second, msg_data_id="2650001")
    recording.record_totals([told(index=2), told(index=1)])
    posts = {post.index: post for post in WeChatPost.objects.all()}
    assert (posts[1].article_id, posts[2].article_id) == (first.pk, second.pk)
    assert posts[2].member_id == push.members.get(position=1).pk


def test_the_same_title_joins_nothing(people) -> None:
    article = ArticleFactory(writer=people.editor, title="秋天")
    a_push(people, article, msg_data_id="99")
    recording.record_totals([told()])
    assert WeChatPost.objects.get().article is None


@pytest.mark.parametrize(
    "url",
    [
        long_url(2650001),
        "http://mp.weixin.qq.com/s?__biz=other&mid=2650001&idx=1&sn=changed&chksm=1#rd",
    ],
)
def test_a_pasted_address_joins_whatever_else_it_says(people, url) -> None:
    article = ArticleFactory(writer=people.editor)
    push = a_push(people, article)
    PushMember.objects.filter(push=push).update(wechat_url=url.replace("__biz=other&", ""))
    recording.record_totals([told()])
    assert WeChatPost.objects.get().article_id == article.pk


def test_a_longer_number_is_another_message(people) -> None:
    article = ArticleFactory(writer=people.editor, live=True, original_url=long_url(2650001, 1))
    recording.record_totals([told(mid=650001), told(mid=26500011)])
    assert not WeChatPost.objects.filter(article=article).exists()


def test_a_past_article_is_joined_by_where_it_stood(people) -> None:
    article = ArticleFactory(writer=people.editor, live=True, original_url=long_url(2650001))
    recording.record_totals([told()])
    assert WeChatPost.objects.get().article_id == article.pk


def test_asked_again_nothing_is_written_and_a_change_is(people) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 3, 1, tzinfo=dt.UTC), tick=False):
        assert recording.record_totals([told(readers=(100,))]).readings == 1
    first = Reading.objects.get()
    assert recording.record_totals([told(readers=(100,))]).readings == 0
    assert recording.record_totals([told(readers=(110, 150))]).readings == 2
    assert WeChatPost.objects.count() == 1
    kept = list(Reading.objects.order_by("stat_date").values_list("value", "window", "source"))
    assert kept == [(Decimal(v), "to_date", "statistics") for v in (110, 150)]
    assert Reading.objects.get(pk=first.pk).taken_at > first.taken_at


def test_a_row_told_twice_counts_once() -> None:
    recording.record_totals([told(readers=(1,)), told(readers=(2,))])
    assert Reading.objects.get().value == 2


def test_a_post_that_a_sheet_brought_becomes_the_same_post(people) -> None:
    article = ArticleFactory(writer=people.editor, live=True, original_url=long_url(2650001))
    brought = make_post(
        "", url="https://mp.weixin.qq.com/s/AbCdEfGhIjKlMnOpQrStUv", article=article
    )
    recording.record_totals([told()])
    post = WeChatPost.objects.get()
    assert (post.pk, post.msg_data_id, post.publish_type) == (
        brought.pk,
        "2650001",
        PublishType.SENT,
    )


def test_what_a_person_joined_stays_joined(people, post) -> None:
    article = ArticleFactory(writer=people.editor)
    WeChatPost.objects.update(article=article)
    recording.record_totals([told()])
    assert WeChatPost.objects.get().article_id == article.pk


def test_the_number_of_queries_does_not_grow() -> None:
    def queries(count: int, mid: int) -> int:
        rows = [told(mid, index, readers=range(10, 40)) for index in range(1, count + 1)]
        recording.record_totals(rows)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            recording.record_totals(rows)
        return len(asked) - count  # each post is saved

    assert queries(8, 26) <= queries(2, 27) + 1


def test_the_account_day_by_day() -> None:
    day = timezone.localdate()
    rows = [(day, AccountMetric.FOLLOWERS, 86000), (day, AccountMetric.READERS, 12)]
    assert recording.record_account(rows) == 2
    assert recording.record_account([*rows[:1], (day, AccountMetric.READERS, 13)]) == 1
    assert AccountReading.objects.get(metric=AccountMetric.READERS).value == 13


def test_metrics_of_the_statistics_are_people_and_never_reads() -> None:
    recording.record_totals([told(detail_list=[{"stat_date": "2026-11-02", "read_user": 7}])])
    assert [row.metric for row in Reading.objects.all()] == [Metric.READERS]


def test_a_push_has_its_posts_on_the_day_it_was_sent(people) -> None:
    article = ArticleFactory(writer=people.editor, live=True, title="灯亮了")
    at = timezone.make_aware(dt.datetime(2026, 11, 2, 8, 30))
    a_push(people, article, msg_data_id="2650001", sent_at=at)
    a_push(people, ArticleFactory(writer=people.editor), sent_at=at)
    assert recording.record_sent(at.date()) == 1
    assert recording.record_sent(at.date()) == 0
    first = WeChatPost.objects.get()
    assert (first.title, first.article_id, first.place) == ("灯亮了", article.pk, "头条")
    recording.record_totals([told()])
    assert parse_wechat_url(WeChatPost.objects.get().url).key == ("2650001", 1)
