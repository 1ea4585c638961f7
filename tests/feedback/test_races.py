"""Two people at the same moment: one deed, and a sentence for the other."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cms.ops.models import AuditEntry
from cms.users.models import User
from feedback.models import Message, State
from feedback.services import answering, extensions, handling, keeping, publishing, receiving
from tests.at_once import at_once, refused
from tests.factories.feedback import message_in, receive, staff

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def people(db):
    return staff()


def by_each(
    deed: Callable[[User, Message], Any], message: Message, *people: User
) -> list[Callable[[], Any]]:
    """The same deed by each of ``people``; nobody shares an object between threads."""
    return [
        partial(
            lambda pk: deed(User.objects.get(pk=pk), Message.objects.get(pk=message.pk)), person.pk
        )
        for person in people
    ]


def done(deed: str) -> int:
    return AuditEntry.objects.filter(action=f"feedback.{deed}").count()


def test_of_two_who_accept_one_wins(people):
    message = receive()
    answers = at_once(*by_each(handling.accept, message, people.office, people.colleague))
    assert len(refused(answers)) == 1 and "不能再受理" in str(refused(answers)[0])
    assert done("accept") == 1
    message.refresh_from_db()
    winner = next(answer for answer in answers if isinstance(answer, Message))
    assert message.handler_id == winner.handler_id
    assert message.steps.filter(deed="accept").count() == 1


def test_who_accepts_and_who_refuses_at_once(people):
    message = receive()
    (accept,) = by_each(handling.accept, message, people.office)
    (refuse,) = by_each(
        lambda who, what: handling.refuse(who, what, "not_ours"), message, people.colleague
    )
    at_once(accept, refuse)
    message.refresh_from_db()
    # Accepted first and then refused is two deeds in order; the other way round is one.
    assert message.state == State.REFUSED or done("refuse") == 0
    assert done("accept") + done("refuse") == message.steps.exclude(deed="receive").count()


def test_of_two_who_approve_one_answers(people):
    message = message_in(State.DRAFTED, people)
    second = staff().boss
    answers = at_once(*by_each(answering.approve_answer, message, people.boss, second))
    assert len(refused(answers)) == 1 and done("approve_answer") == 1


def test_an_answer_rewritten_while_it_is_approved_is_never_approved_by_its_writer(people):
    people.colleague.groups.add(*people.boss.groups.all())
    message = message_in(State.DRAFTED, people)
    (rewrite,) = by_each(
        lambda who, what: answering.draft_answer(who, what, "改过的答复"), message, people.colleague
    )
    (approve,) = by_each(answering.approve_answer, message, people.colleague)
    at_once(rewrite, approve)
    message.refresh_from_db()
    if message.state == State.ANSWERED:
        assert message.answer_by_id != message.answer_approved_by_id
    else:
        assert message.answer == "改过的答复"


def test_of_two_ratings_one_counts(people):
    message = message_in(State.ANSWERED, people)
    deed = partial(lambda pk: receiving.rate(Message.objects.get(pk=pk), "fair"), message.pk)
    answers = at_once(deed, deed)
    assert len(refused(answers)) == 1 and done("rate") == 1


def test_rated_while_the_clock_closes(people, monkeypatch):
    message = message_in(State.ANSWERED, people)
    rating = partial(lambda pk: receiving.rate(Message.objects.get(pk=pk), "fair"), message.pk)
    closing = partial(lambda pk: keeping._close(Message.objects.get(pk=pk)), message.pk)
    at_once(rating, closing)
    message.refresh_from_db()
    assert message.state == State.CLOSED and done("rate") + done("close") == 1


def test_messages_at_the_same_moment_have_different_numbers(people):
    answers = at_once(*[partial(receive) for _ in range(5)])
    numbers = sorted(answer.number for answer in answers)
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003", "0004", "0005"]


def test_two_who_merge_crosswise(people):
    first, second = receive(), receive()

    def merge(who: User, one: Message, other: int) -> Message:
        return handling.merge(who, one, Message.objects.get(pk=other))

    (one,) = by_each(partial(merge, other=second.pk), first, people.office)
    (other,) = by_each(partial(merge, other=first.pk), second, people.colleague)
    answers = at_once(one, other)
    assert len(refused(answers)) == 1 and done("merge") == 1
    assert Message.objects.filter(state=State.MERGED).count() == 1


def test_of_two_who_ask_for_more_time_one_does(people):
    message = message_in(State.ASSIGNED, people)
    answers = at_once(
        *by_each(
            lambda who, what: extensions.ask(who, what, "要买配件"),
            message,
            people.office,
            people.contact,
        )
    )
    assert len(refused(answers)) == 1 and done("ask_extension") == 1


def test_the_overdue_are_told_once_by_two_workers(people):
    message = receive()
    Message.objects.filter(pk=message.pk).update(due_at="2020-01-01T00:00:00Z")
    at_once(keeping.note_overdue, keeping.note_overdue)
    assert AuditEntry.objects.filter(action="feedback.overdue").count() == 1


def test_published_and_withdrawn_at_once(people):
    message = message_in(State.ANSWERED, people)
    publishing.prepare(people.office, message, "路灯", "不亮。", "修好了。")
    (publish,) = by_each(publishing.publish, message, people.boss)
    (again,) = by_each(publishing.publish, message, people.boss)
    answers = at_once(publish, again)
    assert len(refused(answers)) == 1 and done("publish") == 1
