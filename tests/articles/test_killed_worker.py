"""A worker killed with -9 while it publishes: nothing is lost, nothing goes out twice.

A real process works on the test database and kills itself at the named moment.
"""

import signal
from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision
from wagtail.signals import page_published

from articles import gate, publishing
from articles.models import ArticlePage
from articles.review import services
from cms.users.roles import ROLES
from tests.apart import apart, die
from tests.factories.articles import ArticleFactory, approve_by
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def publish(moment: str) -> str:
    """What a worker does every minute, killed at ``moment``; only for a process of its own."""
    if moment == "before publishing":
        ArticlePage.publish = die
    elif moment == "once the approvals are checked":
        gate.going_live = die
    elif moment == "while publishing":
        page_published.connect(die, weak=False)
    elif moment == "before the commit":
        publishing.audit.record = die
    elif moment == "after the first item":
        recorded = []
        publishing.audit.record = lambda *said: die() if recorded else recorded.append(said)
    elif moment == "after the first batch":
        genuine, publishing.BATCH = publishing._publish_batch, 1
        publishing._publish_batch = lambda *asked: (genuine(*asked), die())
    return publishing.publish_due_task()


@pytest.fixture
def two_due() -> list[ArticlePage]:
    """Two approved articles whose time has come."""
    people = {role.key: UserFactory(username=role.key, roles=[role.key]) for role in ROLES}
    articles = []
    for title in ("甲", "乙"):
        article = ArticleFactory(writer=people["editor"], title=title)
        services.submit(people["editor"], article)
        approve_by(
            article,
            people["reviewer_credible"],
            people["reviewer_readable"],
            people["reviewer_approachable"],
        )
        revision = publishing.schedule(
            people["publisher"], article, timezone.now() + timedelta(hours=1)
        )
        past = timezone.now() - timedelta(minutes=1)
        Revision.objects.filter(pk=revision.pk).update(
            approved_go_live_at=past, content={**revision.content, "go_live_at": past.isoformat()}
        )
        articles.append(article)
    return articles


@pytest.mark.parametrize(
    ("moment", "live_after_kill"),
    [
        ("before publishing", 0),
        ("once the approvals are checked", 0),
        ("while publishing", 0),
        ("before the commit", 0),
        ("after the first item", 0),
        ("after the first batch", 1),
    ],
)
def test_killed_at(moment, live_after_kill, two_due):
    killed = apart(lambda: publish(moment))
    assert killed.exitcode == -signal.SIGKILL
    assert ArticlePage.objects.live().count() == live_after_kill

    again = apart(lambda: publish("never"))
    assert again.exitcode == 0
    assert "发布 " + str(2 - live_after_kill) in again.answer
    assert ArticlePage.objects.live().count() == 2
    published = PageLogEntry.objects.filter(action="wagtail.publish.scheduled")
    assert sorted(published.values_list("label", flat=True)) == ["乙", "甲"]

    third = apart(lambda: publish("never"))
    assert "发布 0" in third.answer
