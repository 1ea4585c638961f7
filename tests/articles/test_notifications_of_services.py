"""Whom releases, deputies, comments and what comes in tell, set off by the real services."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from articles import publishing
from articles.intake import contributions, topics
from articles.models import ArticlePage
from articles.release import corrections, urgent, withdrawal
from articles.review import claiming, comments, deadlines, deputies, services
from cms.ops.models import Notice
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


def told(event: str) -> dict[str, str]:
    """Who was told what of ``event``; all notices are deleted with the answer."""
    rows = list(
        Notice.objects.filter(event__in=[event, f"{event}.ask"]).select_related("recipient")
    )
    found = {row.recipient.username: ("邮 " if row.by_mail else "") + row.message for row in rows}
    assert len(found) == len(rows), "somebody was told twice"
    Notice.objects.all().delete()
    return found


@pytest.fixture
def article(people) -> ArticlePage:
    return ArticleFactory(writer=people.editor, title="停水通知")


@pytest.fixture
def live(people, article) -> ArticlePage:
    services.submit(people.editor, article)
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    publishing.publish_now(people.publisher, article)
    Notice.objects.all().delete()
    return ArticlePage.objects.get(pk=article.pk)


def test_urgent_release(people, article) -> None:
    writer = UserFactory(username="writer", roles=["editor", "reviewer_readable"])
    article.save_revision(user=writer)
    release = urgent.request_urgent(people.publisher, article, "今晚八点停水，须马上告知居民")
    asked = told("article.urgent_request")
    assert set(asked) == {"reviewer_credible", "reviewer_readable", "reviewer_approachable"}
    assert all(words.startswith("邮 ") and "今晚八点停水" in words for words in asked.values())
    urgent.confirm_urgent(people.reviewer_readable, release)
    rows = Notice.objects.filter(event="article.submit.ask").values_list("recipient__username")
    assert set(rows) == {("reviewer_credible",)}
    got = told("article.urgent_publish")
    assert set(got) == {"publisher", "editor", "writer"}
    assert got["publisher"].startswith("邮 您发起的特急《停水通知》") and "前补审" in got["editor"]
    with time_machine.travel(timezone.now() + dt.timedelta(days=3), tick=False):
        urgent.mark_overdue()
        urgent.mark_overdue()
    late = told("article.urgent_overdue")
    assert set(late) == {"publisher", "reviewer_credible"}
    assert "现在等可信审核" in late["publisher"]


def test_an_urgent_request_declined(people, article) -> None:
    release = urgent.request_urgent(people.publisher, article, "今晚八点停水，须马上告知居民")
    urgent.decline_urgent(people.reviewer_readable, release, "先核实停水范围")
    assert set(told("article.urgent_decline")) == {"publisher"}


def test_withdrawal(people, live) -> None:
    withdrawal.withdraw(people.publisher, live, "wrong", "时间写错，已引起误会")
    got = told("article.withdraw")
    assert set(got) == {
        "editor",
        "reviewer_credible",
        "reviewer_readable",
        "reviewer_approachable",
    }
    assert "撤稿（内容有误）：时间写错" in got["editor"]


def test_a_correction(people, live) -> None:
    note = corrections.propose_correction(people.editor, live, "停水时间应为九点。", "none")
    asked = told("article.correction_propose")
    assert "publisher" in asked and "reviewer_credible" in asked and "editor" not in asked
    corrections.publish_correction(people.reviewer_credible, note)
    assert set(told("article.correction_publish")) == {"editor"}


def test_comments(people, article) -> None:
    services.submit(people.editor, article)
    comments.add(people.reviewer_credible, article, "title", "标题要写明时间")
    assert set(told("article.comment")) == {"editor"}
    comment = article.wagtail_admin_comments.get()
    comments.resolve(people.reviewer_credible, article, comment.pk)
    assert told("article.comment_resolve") == {}  # settled by who wrote it
    comments.add(people.reviewer_credible, article, "title", "还是太长")
    comment = article.wagtail_admin_comments.get(resolved_at=None)
    other = UserFactory(username="other", roles=["reviewer_credible"])
    comments.resolve(other, article, comment.pk)
    assert set(told("article.comment_resolve")) == {"reviewer_credible"}


def test_an_overdue_review_is_told_to_who_claimed_it_or_to_all_who_may(people, article) -> None:
    UserFactory(username="second", roles=["reviewer_credible"])
    services.submit(people.editor, article)
    step = running_step(article).specific
    late = step.due_at + dt.timedelta(minutes=1)
    with time_machine.travel(late, tick=False):
        assert deadlines.note_overdue() == 1 and deadlines.note_overdue() == 0
        assert set(told("article.review_overdue")) == {"reviewer_credible", "second"}
    other = ArticleFactory(writer=people.editor)
    services.submit(people.editor, other)
    step = running_step(other).specific
    with time_machine.travel(step.due_at - dt.timedelta(minutes=5), tick=False):
        claiming.claim(people.reviewer_credible, step)
    with time_machine.travel(step.due_at + dt.timedelta(minutes=1), tick=False):
        deadlines.note_overdue()
    assert set(told("article.review_overdue")) == {"reviewer_credible"}


def test_a_deputy(people) -> None:
    today = timezone.localdate()
    deputation = deputies.appoint(
        people.administrator,
        "credible",
        people.reviewer_credible,
        people.publisher,
        today,
        today,
        "出差",
    )
    got = told("deputation.appoint")
    assert set(got) == {"publisher", "reviewer_credible"}
    assert (
        got["publisher"].startswith("邮 ")
        and f"代{people.reviewer_credible}做可信审核" in (got["publisher"])
    )
    deputies.end(people.publisher, deputation, "提前回来")
    assert set(told("deputation.end")) == {"reviewer_credible"}


def test_what_comes_in(people, client) -> None:
    sent = contributions.send(people.contributor, "社区食堂开门", "老人先尝了一碗汤。", "街道")
    assert set(told("contribution.send")) == {"editor"}
    contributions.decline(people.editor, sent, "与上周的稿子重复")
    rows = Notice.objects.filter(event="contribution.decline")
    url = rows.get().url
    assert told("contribution.decline") == {
        "contributor": "邮 您的来稿《社区食堂开门》没有采用：与上周的稿子重复"
    }
    client.force_login(people.contributor)
    assert client.get(url).status_code == 200  # where the notice leads, they may go


def test_topics(people, client) -> None:
    writer = UserFactory(username="writer", roles=["editor"])
    topic = topics.propose(people.editor, "夜市开张")
    topics.accept(UserFactory(roles=["editor"]), topic, assigned_to=writer)
    url = Notice.objects.filter(event="topic.accept").first().url
    assert set(told("topic.accept")) == {"writer", "editor"}
    client.force_login(writer)
    assert client.get(url).status_code == 200
