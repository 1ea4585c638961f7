"""认领: one has it, others see it, and nobody is kept from judging."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connection, connections

from articles.review import claiming, services
from articles.review.services import ReviewRefused
from cms.ops.models import AuditEntry
from cms.users.models import User
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
HOURS = claiming.HOLDS_FOR


@pytest.mark.parametrize(
    ("claimed_at", "now", "answer"),
    [
        (None, NOW, False),
        (NOW, NOW, True),
        (NOW, NOW + HOURS - timedelta(seconds=1), True),
        (NOW, NOW + HOURS, False),
    ],
)
def test_when_a_claim_stands(claimed_at, now, answer):
    assert claiming.stands(claimed_at, now) is answer


@pytest.fixture
def second(people):
    return UserFactory(display_name="第二人", roles=["reviewer_credible"])


@pytest.fixture
def article(people):
    with time_machine.travel(NOW, tick=False):
        article = ArticleFactory(writer=people.editor)
        services.submit(people.editor, article)
        yield article


def holder(article):
    return claiming.holder(running_step(article).specific)


def told(action: str) -> list[dict]:
    entries = AuditEntry.objects.filter(action=action).order_by("pk")
    return [entry.detail for entry in entries]


@pytest.mark.django_db
def test_one_claims_and_the_other_is_told(people, second, article):
    claiming.claim(people.reviewer_credible, running_step(article))
    claiming.claim(people.reviewer_credible, running_step(article))
    with pytest.raises(ReviewRefused, match="10:00 认领"):
        claiming.claim(second, running_step(article))
    assert holder(article) == people.reviewer_credible
    assert told("article.claim") == [{}]


@pytest.mark.django_db
def test_a_claim_keeps_nobody_from_judging(people, second, article):
    claiming.claim(people.reviewer_credible, running_step(article))
    approve_by(article, second)
    assert running_step(article).task.name == "可读审核" and holder(article) is None


@pytest.mark.django_db
def test_taking_over_names_both(people, second, article):
    claiming.claim(people.reviewer_credible, running_step(article))
    claiming.take_over(second, running_step(article))
    claiming.take_over(second, running_step(article))
    assert holder(article) == second
    assert told("article.claim") == [{}, {"from": str(people.reviewer_credible)}]
    with pytest.raises(ReviewRefused, match="不是由您认领"):
        claiming.unclaim(people.reviewer_credible, running_step(article))
    claiming.unclaim(second, running_step(article), " 要开会 ")
    assert holder(article) is None and told("article.unclaim") == [{"reason": "要开会"}]


@pytest.mark.django_db
def test_a_claim_lapses_with_time_and_with_the_right(people, second, article):
    claiming.claim(people.reviewer_credible, running_step(article))
    with time_machine.travel(NOW + HOURS, tick=False):
        assert holder(article) is None
        claiming.claim(second, running_step(article))
        assert holder(article) == second
        groups = list(second.groups.all())
        second.groups.clear()
        assert holder(article) is None
        second.groups.set(groups)
        second.is_active = False
        second.save()
        assert holder(article) is None


@pytest.mark.django_db
def test_only_those_who_may_judge_claim(people, article):
    for person in (people.editor, people.reviewer_readable, UserFactory(is_superuser=True)):
        with pytest.raises(ReviewRefused, match="不在“可信审核”"):
            claiming.claim(person, running_step(article))
    people.editor.groups.add(*people.reviewer_credible.groups.all())
    author = User.objects.get(pk=people.editor.pk)
    with pytest.raises(ReviewRefused, match="不能审核自己的文章"):
        claiming.take_over(author, running_step(article))
    assert told("article.claim") == []


@pytest.mark.django_db
def test_what_is_over_cannot_be_claimed(people, article):
    old = running_step(article)
    claiming.claim(people.reviewer_credible, old)
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    for act in (claiming.claim, claiming.take_over, claiming.unclaim):
        with pytest.raises(ReviewRefused, match="已经有人处理"):
            act(people.reviewer_credible, old)
        with pytest.raises(ReviewRefused, match="已经有人处理"):
            act(people.publisher, running_step(article))  # 待发布 is no review


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_at_once_one_wins(people):
    people_ = [people.reviewer_credible, UserFactory(roles=["reviewer_credible"])]
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    step = running_step(article)
    start, refused = Barrier(2), []

    def act(person) -> None:
        start.wait()
        try:
            claiming.claim(person, step)
        except ReviewRefused:
            refused.append(person)
        finally:
            connections.close_all()

    threads = [Thread(target=act, args=[person]) for person in people_]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 1
    assert holder(article) in people_ and holder(article) != refused[0]
    assert told("article.claim") == [{}]
    assert connection.vendor == "postgresql"
