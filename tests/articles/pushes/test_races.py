"""Two people at the same moment, and a worker that is killed: one deed, all of it or nothing."""

import datetime as dt
import signal
from typing import Any

import pytest
from django.utils import timezone
from wagtail.signals import page_published

from articles import gate, publishing
from articles.models import ArticlePage, Push, PushMember
from articles.pushes import going_live, services
from cms.ops.models import AuditEntry
from cms.users.models import User
from tests.apart import apart, die
from tests.at_once import at_once, refused

from .conftest import again
from .conftest import make as newsroom

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def room() -> Any:
    return newsroom()


def tomorrow(hour: int) -> dt.datetime:
    day = timezone.localdate() + dt.timedelta(days=1)
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, 30)))


def approved(room: Any, *articles: ArticlePage) -> Push:
    push = services.create(room.people.publisher, articles)
    services.approve(room.people.second, push)
    return push


def own(row: Any) -> Any:
    """Nobody shares an object between threads."""
    return type(row).objects.get(pk=row.pk)


def test_of_two_commits_into_one_slot_one_wins(room):
    first, second = (approved(room, room.ready[0]), approved(room, room.ready[1]))
    people = [own(room.people.publisher), own(room.people.second)]
    refusals = refused(
        at_once(
            lambda: services.commit(people[0], own(first), tomorrow(8)),
            lambda: services.commit(people[1], own(second), tomorrow(9)),
        )
    )
    assert len(refusals) == 1 and "这个时段已有推送" in str(refusals[0])
    assert Push.objects.filter(go_live_at__isnull=False).count() == 1
    assert AuditEntry.objects.filter(action="push.commit").count() == 1


def test_of_two_pushes_one_gets_the_article(room):
    pushes = [services.create(room.people.publisher, [each]) for each in room.ready[:2]]
    article = room.ready[2].pk
    people = [own(room.people.publisher), own(room.people.second)]
    refusals = refused(
        at_once(
            *(
                lambda n=n: services.add(
                    people[n], own(pushes[n]), ArticlePage.objects.get(pk=article)
                )
                for n in range(2)
            )
        )
    )
    assert len(refusals) == 1 and "已经编入推送" in str(refusals[0])
    assert PushMember.objects.filter(article=article).count() == 1


def test_a_change_and_an_approval_at_once_leave_no_approval_of_something_else(room):
    push = services.create(room.people.publisher, room.ready[:2])
    person, approver = own(room.people.publisher), User.objects.get(pk=room.people.second.pk)
    ids = [article.pk for article in reversed(room.ready[:2])]
    at_once(
        lambda: services.reorder(person, own(push), ids),
        lambda: services.approve(approver, own(push)),
    )
    push = again(push)
    assert push.approved_at is None or not services.why_not_deliver(push)


def work(moment: str) -> str:
    """What a worker does every minute, killed at ``moment``; only for a process of its own."""
    if moment == "once the first is public":
        genuine = gate.going_live
        seen: list[int] = []

        def going(article: ArticlePage, digest: str) -> Any:
            seen.append(article.pk)
            return genuine(article, digest) if len(seen) == 1 else die()

        gate.going_live = going
    elif moment == "while the last is published":
        page_published.connect(lambda instance, **_: instance.title == "稿0" and die(), weak=False)
    elif moment == "before the commit":
        going_live.audit.record = die
    return publishing.publish_due_task()


@pytest.mark.parametrize(
    "moment",
    ["once the first is public", "while the last is published", "before the commit"],
)
def test_killed_in_the_middle_nothing_is_half(room, moment):
    push = approved(room, *room.ready[:3])
    services.commit(room.people.publisher, push, tomorrow(8))
    Push.objects.update(go_live_at=timezone.now() - dt.timedelta(seconds=1))
    killed = apart(lambda: work(moment))
    assert killed.exitcode == -signal.SIGKILL
    assert not ArticlePage.objects.live().exists()
    assert again(push).published_at is None and again(push).publish_failed_at is None

    finished = apart(lambda: work("never"))
    assert finished.exitcode == 0 and finished.answer.startswith("发布 1，")
    assert ArticlePage.objects.live().count() == 3 and again(push).published_at
    assert apart(lambda: work("never")).answer.startswith("发布 0，")
