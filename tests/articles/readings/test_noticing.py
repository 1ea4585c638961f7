"""A sending in the back office is noticed by everything at once, or left to a person."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import Delivery, DeliveryStage, Push, WeChatPost
from articles.pushes.digest import push_digest
from articles.pushes.refusals import PushRefused
from articles.readings import health, noticing
from articles.readings.noticing import Fitting, Message, Waiting, certain, fitting
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory

from .conftest import long_url, make_post
from .test_recording import a_push

DAY = dt.date(2026, 11, 2)
TITLES = ("灯亮了", "路修好了")


def message(mid="1", titles=TITLES, day=DAY) -> Message:
    return Message(mid, day, titles, tuple(long_url(mid, n) for n, _ in enumerate(titles, 1)))


@pytest.mark.parametrize(
    ("waiting", "fits"),
    [
        (Waiting(1, DAY, TITLES), True),
        (Waiting(1, DAY - dt.timedelta(9), TITLES), True),
        (Waiting(1, DAY + dt.timedelta(1), TITLES), False),
        (Waiting(1, DAY, TITLES[::-1]), False),
        (Waiting(1, DAY, TITLES[:1]), False),
        (Waiting(1, DAY, (*TITLES, "又一条")), False),
        (Waiting(1, DAY, ("灯亮了", "路修好了！")), False),
    ],
)
def test_everything_must_fit(waiting, fits) -> None:
    assert bool(fitting([message()], [waiting])) is fits


def test_a_message_without_titles_fits_nothing() -> None:
    assert not fitting([message(titles=("", ""))], [Waiting(1, DAY, ("", ""))])


def test_two_pushes_of_one_message_are_a_question() -> None:
    found = fitting([message()], [Waiting(1, DAY, TITLES), Waiting(2, DAY, TITLES)])
    assert found == [Fitting(message(), (1, 2))]
    assert certain(found) == []


def test_two_messages_of_one_push_are_a_question() -> None:
    found = fitting([message("1"), message("2")], [Waiting(1, DAY, TITLES)])
    assert len(found) == 2
    assert certain(found) == []


# --- with a database ------------------------------------------------------------------------------


@pytest.fixture
def push(people) -> Push:
    """Delivered on the day and not known to be sent; the statistics tell of its message."""
    articles = [ArticleFactory(writer=people.editor, title=title) for title in TITLES]
    push = a_push(people, *articles)
    delivered(push, people)
    for index, title in enumerate(TITLES, start=1):
        make_post(2650001, index, title=title, published_on=DAY)
    return push


def delivered(push: Push, people) -> Delivery:
    at = timezone.make_aware(dt.datetime.combine(DAY, dt.time(7, 30)))
    return Delivery.objects.create(
        push=push,
        stage=DeliveryStage.DELIVERED,
        push_digest=push_digest(push),
        requested_by=people.publisher,
        requested_at=at,
        delivered_at=at,
        media_id=f"draft-{push.pk}",
        stored=[{"article": {"title": title}} for title in TITLES],
    )


def gone(media_id: str) -> bool:
    return False


@pytest.mark.django_db
def test_a_sending_is_noticed_and_its_readings_follow_the_message(push) -> None:
    assert noticing.notice(DAY, gone) == [push]
    push.refresh_from_db()
    assert (push.msg_data_id, push.sent_noticed) == ("2650001", "statistics")
    assert push.sent_at == push.delivery.delivered_at
    members = list(push.members.order_by("position"))
    assert [member.wechat_url for member in members] == [long_url(2650001, n) for n in (1, 2)]
    posts = WeChatPost.objects.order_by("index")
    assert [post.member_id for post in posts] == [member.pk for member in members]
    assert noticing.notice(DAY, gone) == []


@pytest.mark.django_db
def test_a_draft_that_is_still_there_was_not_sent(push) -> None:
    assert noticing.notice(DAY, lambda media_id: True) == []
    push.refresh_from_db()
    assert push.sent_at is None


@pytest.mark.django_db
def test_a_push_that_is_not_what_was_delivered_is_left_to_a_person(push, settings) -> None:
    push.members.filter(position=1).update(form="newspic")
    assert noticing.notice(DAY, gone) == []
    assert noticing.open_questions(DAY)


@pytest.mark.django_db
def test_of_two_pushes_a_person_is_asked(push, people, settings, time_machine_day) -> None:
    settings.WECHAT_APPID, settings.WECHAT_SECRET = "wx1", "secret"
    other = a_push(people, *(ArticleFactory(writer=people.editor) for _ in TITLES))
    delivered(other, people)
    assert noticing.notice(DAY, gone) == []
    (found,) = health.findings()
    assert "不能确定是哪一个" in found.message
    assert "灯亮了" in found.message


@pytest.mark.django_db
def test_a_push_known_as_sent_gets_its_message_id(push) -> None:
    sent_at = timezone.make_aware(dt.datetime.combine(DAY, dt.time(8, 30)))
    Push.objects.filter(pk=push.pk).update(sent_at=sent_at, sent_noticed="pasted")
    noticing.notice(DAY, gone)
    push.refresh_from_db()
    assert (push.msg_data_id, push.sent_noticed, push.sent_at) == ("2650001", "pasted", sent_at)


@pytest.mark.django_db
def test_a_message_with_a_hole_is_not_noticed(push) -> None:
    WeChatPost.objects.filter(index=1).delete()
    assert noticing.notice(DAY, gone) == []


# --- put right by a person ------------------------------------------------------------------------


@pytest.fixture
def misread(push) -> Push:
    """Noticed by the statistics as a message that it was not."""
    noticing.notice(DAY, gone)
    for index in (1, 2):
        make_post(2650077, index, title=f"改过的标题{index}", published_on=DAY)
    push.refresh_from_db()
    return push


@pytest.mark.django_db
def test_a_person_says_which_message_it_was(misread, people, client) -> None:
    client.force_login(people.publisher)
    url = reverse("pushes_show", args=[misread.pk])
    (other,) = noticing.candidates(misread)
    assert "不是这一条，改正" in client.get(url).content.decode()
    client.post(url, {"action": "correct_sent", "headline": other.pk})
    misread.refresh_from_db()
    assert (misread.msg_data_id, misread.sent_noticed) == ("2650077", "pasted")
    members = list(misread.members.order_by("position"))
    assert [member.wechat_url for member in members] == [long_url(2650077, n) for n in (1, 2)]
    joined = WeChatPost.objects.exclude(member=None).order_by("index")
    assert [(post.msg_data_id, post.article_id) for post in joined] == [
        ("2650077", member.article_id) for member in members
    ]
    entry = AuditEntry.objects.get(action="push.sent_correct")
    assert (entry.detail["from"], entry.detail["to"]) == ("2650001", "2650077")
    assert noticing.notice(DAY, gone) == []


@pytest.mark.django_db
def test_who_may_not_put_it_right(misread, people) -> None:
    (other,) = noticing.candidates(misread)
    with pytest.raises(PushRefused, match="没有登记推送发出的权限"):
        noticing.correct(people.editor, misread, other)
    own = WeChatPost.objects.get(msg_data_id="2650001", index=1)
    with pytest.raises(PushRefused, match="另一次推送"):
        noticing.correct(people.publisher, misread, own)
    noticing.correct(people.publisher, misread, other)
    with pytest.raises(PushRefused, match="不是由次日统计"):
        noticing.correct(people.publisher, misread, own)


@pytest.mark.django_db
def test_the_push_shows_its_readings(push, people, client) -> None:
    noticing.notice(DAY, gone)
    post = WeChatPost.objects.get(index=1)
    post.readings.create(
        metric="readers",
        window="to_date",
        source="statistics",
        stat_date=DAY,
        value=1234,
        taken_at=timezone.now(),
    )
    client.force_login(people.editor)
    said = client.get(reverse("pushes_show", args=[push.pk])).content.decode()
    assert reverse("readings_post", args=[post.pk]) in said
    assert "1,234" in said
    assert "由次日统计得知" in said
    assert "改正" not in said
