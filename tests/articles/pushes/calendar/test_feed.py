"""The secret address for the calendar of a phone, read back as a phone would."""

import datetime as dt
from types import SimpleNamespace

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import CalendarFeed, Push
from articles.pushes import services
from articles.pushes.calendar import feed, ics, planning
from articles.pushes.calendar.states import Entry, State
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory

from .conftest import NOW, at, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(people, client, clock):
    """``phone.address`` is the publisher's; ``phone.events()`` what it shows by uid."""
    address = feed.address_of(feed.renew(people.publisher))

    def events() -> dict[str, icalendar.Event]:
        response = client.get(address)
        assert response.status_code == 200
        calendar = icalendar.Calendar.from_ical(response.content)
        found = {event.uid.partition("@")[0]: event for event in calendar.events}
        assert len(found) == len(calendar.events)
        return found

    return SimpleNamespace(address=address, events=events)


def status(client, address: str) -> int:
    return client.get(address).status_code


# --- what is in it --------------------------------------------------------------------------------


def test_a_plan_is_tentative_and_takes_the_day(phone, push):
    made = push(planned=day(10))
    event = phone.events()[f"push-{made.pk}"]
    assert (event.start, event.end) == (day(10), day(11))
    assert event.status == "TENTATIVE"
    assert event.summary == "计划：《稿0》"
    link = reverse("pushes_show", args=[made.pk])
    assert event["URL"].endswith(link) and event["URL"].startswith("http")
    assert event.description == f"计划\n{event['URL']}"


def test_a_minute_is_confirmed_and_has_a_length(phone, push):
    made = push(committed=at(10))
    event = phone.events()[f"push-{made.pk}"]
    assert event.start == at(10) and event.start.utcoffset() == dt.timedelta(0)
    assert event.end - event.start == dt.timedelta(minutes=15)
    assert (event.status, event.summary) == ("CONFIRMED", "定时：《稿0》")


def test_what_is_dissolved_or_without_a_day_is_gone(people, phone, push):
    made = push(planned=day(10))
    services.dissolve(people.publisher, made, "不发了")
    push()
    assert phone.events() == {}


def test_a_planned_text_is_in_it_without_its_words(people, phone, scene):
    article = ArticleFactory(
        writer=people.editor, column=scene.column, planned_for=day(10), digest="内部的摘要"
    )
    event = phone.events()[f"article-{article.pk}"]
    assert event.status == "TENTATIVE" and article.title in event.summary
    assert "内部的摘要" not in event.to_ical().decode()


def test_the_id_stays_and_the_stamp_tells_of_a_change(people, phone, push, clock):
    made = push(planned=day(10))
    before = phone.events()[f"push-{made.pk}"]
    clock.shift(dt.timedelta(hours=3))
    same = phone.events()[f"push-{made.pk}"]
    assert same.to_ical() == before.to_ical()
    planning.move_push(people.publisher, Push.objects.get(pk=made.pk), day(11))
    after = phone.events()[f"push-{made.pk}"]
    assert after.uid == before.uid and after.start == day(11)
    assert after.stamp == after.last_modified == NOW + dt.timedelta(hours=3) > before.stamp


@pytest.mark.parametrize(
    "title",
    [
        "一，二, 三; 四：五",
        "第一行\n第二行",
        '引号"和反斜杠\\n与^符号',
        "荷花🪷开了🎉",
        "长" * 200,
        "BEGIN:VEVENT\r\nSUMMARY:别的",
    ],
)
def test_titles_survive_the_format(title):
    entry = Entry("push-1", State.PLANNED, day(10), f"《{title}》", url="/admin/pushes/1/")
    data = ics.write("日历", "example.com", [entry], {"push-1": NOW})
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    [event] = icalendar.Calendar.from_ical(data).events
    assert event.summary == f"计划：《{title}》".replace("\r\n", "\n")
    assert event.start == day(10)


def test_the_file_names_itself(phone, client):
    response = client.get(phone.address)
    calendar = icalendar.Calendar.from_ical(response.content)
    assert calendar.calendar_name == "在荷塘推送日历"
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "private" in response["Cache-Control"] and "noindex" in response["X-Robots-Tag"]
    assert client.head(phone.address).status_code == 200
    assert client.post(phone.address).status_code == 405


def test_as_many_queries_for_a_year_as_for_a_day(people, client, phone, push, scene):
    push(planned=day(10))
    phone.events()
    with CaptureQueriesContext(connection) as few:
        phone.events()
    push(planned=day(12))
    push(committed=at(14))
    with CaptureQueriesContext(connection) as many:
        phone.events()
    assert len(many) == len(few)


# --- who gets it ----------------------------------------------------------------------------------


def test_a_new_address_ends_the_old_one(people, client, phone):
    assert status(client, phone.address) == 200
    renewed = feed.address_of(feed.renew(people.publisher))
    assert (status(client, phone.address), status(client, renewed)) == (404, 200)
    feed.revoke(people.publisher)
    assert status(client, renewed) == 404
    with pytest.raises(feed.FeedRefused):
        feed.revoke(people.publisher)
    actions = AuditEntry.objects.filter(action__startswith="calendar.").order_by("pk")
    assert [each.action for each in actions] == [
        "calendar.feed_renew",
        "calendar.feed_renew",
        "calendar.feed_revoke",
    ]
    secret = renewed.rpartition("/")[2].removesuffix(".ics")
    assert not any(secret in f"{each.object_label}{each.detail}" for each in actions)


def test_a_wrong_secret_finds_nothing(client, phone):
    secret = CalendarFeed.objects.get().secret
    assert len(secret) >= 40
    for wrong in ("x", secret[:-1], secret.swapcase(), secret + "a", "密钥"):
        assert status(client, reverse("calendar_feed", args=[wrong])) == 404


def test_who_left_reads_nothing(people, client, phone):
    people.publisher.groups.clear()
    assert status(client, phone.address) == 404
    people.publisher.groups.add(*people.second.groups.all())
    assert status(client, phone.address) == 200
    people.publisher.is_active = False
    people.publisher.save()
    assert status(client, phone.address) == 404


@pytest.mark.parametrize("role", ["office", "contributor", "auditor"])
def test_who_may_not_read_gets_no_address(people, role):
    with pytest.raises(feed.FeedRefused):
        feed.renew(getattr(people, role))


def test_the_buttons_of_the_page(people, client, clock):
    client.force_login(people.editor)
    post = reverse("pushes_calendar_feed")
    html = client.post(post, {"action": "renew"}, follow=True).content.decode()
    own = feed.address_of(CalendarFeed.objects.get(person=people.editor))
    assert own in html and "订阅地址已生成" in html
    client.force_login(people.publisher)
    assert own not in client.get(reverse("pushes_calendar")).content.decode()
    client.force_login(people.editor)
    html = client.post(post, {"action": "revoke"}, follow=True).content.decode()
    assert own not in html and "已停用" in html
