"""Two people at the same moment: one deed, and a sentence for the other."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from articles import publishing
from articles.models import CorrectionNote, UrgentRelease, UrgentStatus, Withdrawal
from articles.release import corrections, urgent, withdrawal
from articles.release.base import ReleaseRefused
from articles.review import services
from cms.ops.models import AuditEntry
from cms.users.models import User
from tests.at_once import at_once, refused
from tests.factories.articles import approve_by, complete_answers, running_step
from tests.factories.users import one_of_each

from .conftest import again, change, publish, review, write

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

REASON = "全区学校今天下午停课，家长要马上知道。"


@pytest.fixture
def people(db):
    return one_of_each()


@pytest.fixture
def draft(people):
    return write(people)


@pytest.fixture
def live(people):
    return publish(people)


def done(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


def by_each(deed: Callable[[User], Any], *people: User) -> list[Callable[[], Any]]:
    """The same deed by each of ``people``."""
    return [partial(deed, own(person)) for person in people]


def own(person: User) -> User:
    """Nobody shares an object between threads."""
    return User.objects.get(pk=person.pk)


def test_of_two_confirmers_one_publishes(people, draft):
    release = urgent.request_urgent(people.publisher, draft, REASON)
    answers = at_once(
        *by_each(
            lambda p: urgent.confirm_urgent(p, UrgentRelease.objects.get(pk=release.pk)),
            people.reviewer_credible,
            people.reviewer_readable,
        )
    )
    (refusal,) = refused(answers)
    assert "已经处理过了" in str(refusal)
    assert again(draft).live and done("article.urgent_publish") == 1
    assert draft.workflow_states.count() == 1


def test_yes_and_no_at_once_is_one_of_them(people, draft):
    release = urgent.request_urgent(people.publisher, draft, REASON)
    yes, no = own(people.reviewer_credible), own(people.reviewer_readable)
    answers = at_once(
        lambda: urgent.confirm_urgent(yes, release),
        lambda: urgent.decline_urgent(no, UrgentRelease.objects.get(pk=release.pk), "还没有核实"),
    )
    assert len(refused(answers)) == 1
    release.refresh_from_db()
    assert again(draft).live is (release.status == UrgentStatus.PUBLISHED)


def test_of_two_requests_one_stands(people, draft, second):
    answers = at_once(
        *by_each(lambda p: urgent.request_urgent(p, again(draft), REASON), people.publisher, second)
    )
    (refusal,) = refused(answers)
    assert "已经发起" in str(refusal) and UrgentRelease.objects.count() == 1


def test_a_save_beside_the_confirmation_never_goes_out(people, draft):
    """Either the old text is out and the new one a draft, or nothing is out."""
    release = urgent.request_urgent(people.publisher, draft, REASON)
    yes, writer = own(people.reviewer_credible), own(people.editor)
    at_once(
        lambda: urgent.confirm_urgent(yes, release),
        lambda: change(draft, writer, title="别的标题"),
    )
    article = again(draft)
    if article.live:
        assert article.live_revision_id == release.revision_id
        assert article.title == "暴雨停课通知"
    else:
        assert UrgentRelease.objects.get().status == UrgentStatus.REQUESTED


def test_of_two_withdrawals_one_stands(people, live, second):
    answers = at_once(
        *by_each(
            lambda p: withdrawal.withdraw(p, again(live), "wrong", "内容写错了"),
            people.publisher,
            second,
        )
    )
    (refusal,) = refused(answers)
    assert isinstance(refusal, ReleaseRefused) and Withdrawal.objects.count() == 1
    assert done("article.withdraw") == 1


def test_withdrawn_and_published_anew_at_once(people, live, second):
    """Whichever is first, the row, the notice and the record agree."""
    article = review(people, change(live, people.editor, title="新标题"))
    publisher, other = own(people.publisher), own(second)
    at_once(
        lambda: publishing.publish_now(publisher, again(article)),
        lambda: withdrawal.withdraw(other, again(article), "wrong", "内容写错了"),
    )
    assert again(article).live is not Withdrawal.objects.in_force().exists()


def test_of_two_confirmers_one_lets_the_correction_out(people, live):
    note = corrections.propose_correction(people.editor, live, "“七点”应为“八点”。", "none")
    answers = at_once(
        *by_each(
            lambda p: corrections.publish_correction(p, CorrectionNote.objects.get(pk=note.pk)),
            people.reviewer_credible,
            people.reviewer_readable,
        )
    )
    assert len(refused(answers)) == 1 and done("article.correction_publish") == 1


def test_the_last_review_beside_a_withdrawal(people, draft):
    release = urgent.request_urgent(people.publisher, draft, REASON)
    urgent.confirm_urgent(people.reviewer_readable, release)
    approve_by(draft, people.reviewer_credible, people.reviewer_readable)
    last, publisher = own(people.reviewer_approachable), own(people.publisher)
    step = running_step(draft)  # as it stands on the reviewer's screen
    answers = complete_answers(step)
    at_once(
        lambda: services.approve(last, step, answers=answers),
        lambda: withdrawal.withdraw(publisher, again(draft), "wrong", "内容写错了"),
    )
    release.refresh_from_db()
    assert not again(draft).live
    assert release.status in (UrgentStatus.REVIEWED, UrgentStatus.WITHDRAWN)
    assert not again(draft).workflow_in_progress
    assert services.submit(people.editor, again(draft))
