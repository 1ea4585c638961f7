"""What stands on which day, as it is read from the rows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing
from articles.models import ArticlePage, Delivery, PublishType, Push, WeChatPost
from articles.pushes import services
from articles.pushes.calendar import entries, records
from articles.pushes.calendar.states import Entry, State
from articles.release import withdrawal
from articles.review import services as reviews
from tests.factories.articles import ArticleFactory

from .conftest import NOW, TODAY, at, day

pytestmark = pytest.mark.django_db


def found() -> dict[str, Entry]:
    return {each.key: each for each in entries.between(day(1), day(31))}


def only() -> Entry:
    [entry] = found().values()
    return entry


def test_a_planned_push(push, scene):
    made = push(planned=day(10))
    entry = only()
    assert (entry.key, entry.state, entry.day, entry.at) == (
        f"push-{made.pk}",
        State.PLANNED,
        day(10),
        None,
    )
    assert (entry.title, entry.members, entry.notes) == ("《稿0》", ("稿0",), ("未审定",))
    assert entry.columns == {scene.column.pk} and entry.may_move and entry.takes_a_turn


def test_a_minute_counts_for_more_than_a_plan(people, push):
    made = push(planned=day(10))
    services.approve(people.second, made)
    services.commit(people.publisher, made, at(11))
    entry = only()
    assert (entry.state, entry.day, entry.at) == (State.COMMITTED, day(11), at(11))
    assert entry.notes == ()


@pytest.mark.parametrize(
    ("delivery", "state", "notes"),
    [
        ({"stage": "pictures"}, State.COMMITTED, ()),
        ({"stage": "delivered", "delivered_at": NOW}, State.DELIVERED, ()),
        ({"stage": "pictures", "failed_at": NOW}, State.FAILED, ("没有送到微信",)),
    ],
)
def test_how_far_it_is_on_its_way_to_wechat(people, push, delivery, state, notes):
    made = push(committed=at(11))
    Delivery.objects.create(push=made, requested_by=people.publisher, requested_at=NOW, **delivery)
    assert (only().state, only().notes) == (state, notes)


def test_what_has_gone_out(people, push, sent):
    gone = sent(3)
    live = push(committed=at(9))
    Push.objects.filter(pk=live.pk).update(published_at=at(9))
    failed = push(committed=at(10))
    Push.objects.filter(pk=failed.pk).update(publish_failed_at=at(10), publish_failure="磁盘满")
    by_key = found()
    states = {int(key[5:]): entry.state for key, entry in by_key.items()}
    assert states == {gone.pk: State.SENT, live.pk: State.LIVE, failed.pk: State.FAILED}
    assert not any(entry.may_move for entry in by_key.values())
    assert by_key[f"push-{failed.pk}"].notes == ("镜像没有发布",)


def test_a_dissolved_push_gives_its_texts_back(people, push):
    made = push(planned=day(10))
    services.dissolve(people.publisher, made, "不发了")
    assert found() == {}
    assert [each.title for each in entries.waiting()] == [
        "《稿0》",
        "《稿1》",
        "《稿2》",
        "《稿3》",
    ]


def test_the_draft_tells_its_day_and_not_the_row(people, draft):
    text = draft.get_latest_revision_as_object()
    text.planned_for = day(10)
    text.save_revision(user=people.editor)
    assert ArticlePage.objects.get(pk=draft.pk).planned_for is None
    entry = only()
    assert (entry.state, entry.day, entry.notes) == (State.IDEA, day(10), ("草稿",))
    assert not entry.takes_a_turn and entry.may_move


def test_a_text_says_how_far_its_reviews_are(people, scene, clock):
    article = ArticleFactory(
        writer=people.editor, title="送审的", column=scene.column, planned_for=day(10)
    )
    reviews.submit(people.editor, article)
    assert only().notes == ("可信审核中",)


def test_single_articles_on_the_mirror(people, ready):
    publishing.schedule(people.publisher, ready[0], at(10))
    publishing.publish_now(people.publisher, ready[1])
    first, second = (found()[f"article-{article.pk}"] for article in ready[:2])
    assert (first.state, first.day, first.at) == (State.COMMITTED, day(10), at(10))
    assert (second.state, second.day) == (State.LIVE, TODAY)
    assert not (first.may_move or second.may_move)
    assert first.notes == second.notes == ("单篇，只上镜像",)


def test_a_new_draft_of_a_live_text_is_planned_beside_it(people, ready):
    publishing.publish_now(people.publisher, ready[1])
    text = ArticlePage.objects.get(pk=ready[1].pk).get_latest_revision_as_object()
    text.planned_for = day(20)
    text.save_revision(user=people.editor)
    pairs = [(e.state, e.day) for e in entries.between(day(1), day(31))]
    assert pairs == [(State.LIVE, TODAY), (State.IDEA, day(20))]


def test_a_withdrawn_text_is_not_planned(people, ready):
    text = ready[1].get_latest_revision()
    text.content = {**text.content, "planned_for": day(10).isoformat()}
    text.save()
    publishing.publish_now(people.publisher, ready[1])
    withdrawal.withdraw(people.publisher, ready[1], "wrong", "数字写错了一位")
    assert found() == {}


def test_what_the_back_office_sent_stands_there_too(clock):
    common = {"published_on": day(5), "publish_type": PublishType.SENT}
    WeChatPost.objects.create(title="头条", msg_data_id="77", index=1, **common)
    WeChatPost.objects.create(title="次条", msg_data_id="77", index=2, **common)
    WeChatPost.objects.create(
        title="没有群发", published_on=day(6), publish_type=PublishType.PUBLISHED
    )
    entry = only()
    assert (entry.title, entry.day, entry.state) == ("《头条》等2篇", day(5), State.SENT)
    assert entry.takes_a_turn and not entry.may_move


def test_the_day_is_the_one_in_our_time_zone(push):
    made = push(committed=at(10, "00:10"))
    assert timezone.is_aware(made.go_live_at) and only().day == day(10)
    assert entries.between(day(9), day(9)) == []


def test_what_waits_for_a_day(push, ready):
    made = push()
    push(planned=day(10))
    waiting = entries.waiting()
    assert [each.title for each in waiting] == ["《稿0》", "《稿2》", "《稿3》"]
    assert waiting[0].key == f"push-{made.pk}"
    assert all(each.day is None and each.may_move for each in waiting)


def read_all() -> None:
    entries.between(day(1), day(31))
    entries.waiting()
    records.outlook()


def test_a_full_month_takes_no_more_queries(push, people, scene, django_assert_num_queries):
    push(planned=day(10))
    ArticleFactory(writer=people.editor, column=scene.column, planned_for=day(11))
    read_all()  # content types are remembered from here on
    with CaptureQueriesContext(connection) as few:
        read_all()
    push(planned=day(12))
    push(committed=at(14))
    for number in range(6):
        ArticleFactory(writer=people.editor, column=scene.column, planned_for=day(20 + number))
    WeChatPost.objects.create(title="一", published_on=day(5), publish_type=PublishType.SENT)
    with django_assert_num_queries(len(few)):
        read_all()


# --- what the silence counts ----------------------------------------------------------------------


def test_only_what_followers_got_counts(people, ready, sent, push):
    publishing.publish_now(people.publisher, ready[3])  # the mirror is no post
    WeChatPost.objects.create(
        title="没有群发", published_on=day(7), publish_type=PublishType.PUBLISHED
    )
    assert records.outlook().posted == ()
    sent(2)
    WeChatPost.objects.create(title="一", published_on=day(4), publish_type=PublishType.SENT)
    push(planned=day(10))
    push(committed=at(12))
    outlook = records.outlook()
    assert (outlook.posted, outlook.coming) == ((day(2), day(4)), (day(10), day(12)))


def test_what_should_have_gone_out_is_asked_about(push, clock):
    push(committed=at(9))
    assert records.unnoticed() == 0
    clock.shift(dt.timedelta(days=2))
    assert records.unnoticed() == 1 and records.outlook().coming == ()
