"""选题单, from an idea to a draft."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.intake import topics
from articles.intake.contributions import IntakeRefused
from articles.models import Topic, TopicStatus
from articles.review import services
from tests.factories.articles import ColumnFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def topic(people):
    return topics.propose(people.editor, "菜市场的早晨", "六点半去看")


def test_from_an_idea_to_a_text_sent_into_review(people, topic):
    day = timezone.localdate() + timedelta(days=3)
    topics.accept(people.editor, topic, people.editor, day)
    article = topics.start_writing(people.editor, topic, ColumnFactory())
    topic.refresh_from_db()
    assert (article.title, article.planned_for) == ("菜市场的早晨", day)
    assert (topic.status, topic.article_id) == (TopicStatus.WRITING, article.pk)
    services.submit(people.editor, article)
    topic.refresh_from_db()
    assert topic.status == TopicStatus.DONE


def test_who_may_do_what(people, topic):
    for role in ("contributor", "publisher", "reviewer_credible", "administrator"):
        person = getattr(people, role)
        with pytest.raises(IntakeRefused):
            topics.propose(person, "别的")
        with pytest.raises(IntakeRefused):
            topics.accept(person, topic)
        with pytest.raises(IntakeRefused):
            topics.start_writing(person, topic, ColumnFactory())


def test_nobody_is_given_what_they_cannot_write(people, topic):
    with pytest.raises(IntakeRefused, match="没有写稿的权限"):
        topics.accept(people.editor, topic, people.publisher)


def test_dropping_needs_a_reason_and_ends_it(people, topic):
    with pytest.raises(IntakeRefused, match="原因"):
        topics.drop(people.editor, topic, " ")
    topics.drop(people.editor, topic, "上月写过")
    with pytest.raises(IntakeRefused, match="不做"):
        topics.start_writing(people.editor, topic, ColumnFactory())


def test_a_day_that_has_passed(people):
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(IntakeRefused, match="已经过去"):
        topics.propose(people.editor, "迟了", planned_for=yesterday)


def test_two_drafts_of_one_topic_are_not_made(people, topic):
    column = ColumnFactory()
    topics.start_writing(people.editor, topic, column)
    with pytest.raises(IntakeRefused, match="写作中"):
        topics.start_writing(people.editor, topic, column)
    assert column.get_children().count() == 1


def test_on_the_screen(people, client):
    client.force_login(people.editor)
    html = client.post(reverse("articles_topic:propose"), {"title": ""}).content.decode()
    assert "报选题" in html and not Topic.objects.exists()
    client.post(reverse("articles_topic:propose"), {"title": "晒谷场", "angle": "<b>秋收</b>"})
    address = reverse("articles_topic:show", args=[Topic.objects.get().pk])
    html = client.get(address).content.decode()
    assert "&lt;b&gt;秋收" in html
    response = client.post(address, {"action": "write", "column": ColumnFactory().pk}, follow=True)
    assert "草稿《晒谷场》已建好" in response.content.decode()
    assert "晒谷场" in client.get(reverse("articles_topic:index")).content.decode()
    client.force_login(people.publisher)
    assert "建草稿" not in client.get(address).content.decode()
    client.force_login(people.contributor)
    assert client.get(address).status_code == 302
