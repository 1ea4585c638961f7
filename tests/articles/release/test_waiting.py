"""What reaches the people who may be second."""

import pytest

from articles.release import corrections, urgent
from articles.release.waiting import waiting_for
from tests.factories.articles import ArticleFactory
from tests.factories.users import UserFactory

from .conftest import change

pytestmark = pytest.mark.django_db

REASON = "全区学校今天下午停课，家长要马上知道。"


def test_reaches_those_who_may_answer_and_nobody_else(people, draft, live):
    urgent.request_urgent(people.publisher, draft, REASON)
    corrections.propose_correction(people.editor, live, "“七点”应为“八点”。", "none")
    for person in (people.reviewer_credible, UserFactory(roles=["publisher"])):
        first, then = waiting_for(person)
        assert (first.article, first.stage, first.refusal) == (draft, "特急确认", "")
        assert first.submitted_by == str(people.publisher)
        assert (then.article, then.stage) == (live, "更正确认")
    (only,) = waiting_for(people.publisher)  # the correction, not their own request
    assert only.stage == "更正确认"
    for role in ("editor", "office", "administrator", "auditor", "contributor"):
        assert waiting_for(getattr(people, role)) == []


def test_says_why_a_writer_may_not(people, draft):
    writer = UserFactory(roles=["editor", "reviewer_credible"])
    change(draft, writer, title="改过")
    urgent.request_urgent(people.publisher, draft, REASON)
    (waiting,) = waiting_for(writer)
    assert "写过或改过" in waiting.refusal


def test_answered_ones_are_gone(people, draft):
    release = urgent.request_urgent(people.publisher, draft, REASON)
    urgent.confirm_urgent(people.reviewer_credible, release)
    assert waiting_for(people.reviewer_readable) == []


def test_as_many_queries_for_many_as_for_few(people, live, django_assert_max_num_queries):
    def ask(count: int) -> None:
        for _ in range(count):
            article = ArticleFactory(writer=people.editor, column=live.column)
            urgent.request_urgent(people.publisher, article, REASON)
            corrections.propose_correction(people.editor, live, f"{article}有误。", "none")

    ask(1)
    waiting_for(people.reviewer_credible)  # permissions are read once
    for count in (0, 5):
        ask(count)
        with django_assert_max_num_queries(3):
            assert len(waiting_for(people.reviewer_credible)) == 2 + 2 * count
