"""What reaches the people who may be second, and by when it is due."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import queues
from articles.models import Priority
from articles.queues import View
from articles.release import corrections, urgent
from articles.release.waiting import waiting_for
from articles.review import deadlines
from tests.factories.articles import ArticleFactory
from tests.factories.users import UserFactory

from .conftest import change, review

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
        with django_assert_max_num_queries(4):
            assert len(waiting_for(people.reviewer_credible)) == 2 + 2 * count


def test_what_waits_for_a_publisher_says_by_when(people, draft, client):
    """In 待发布 by the plan of the reviews, else by the planned day; never an empty cell."""
    planned = ArticleFactory(
        writer=people.editor, column=draft.column, title="有日子", planned_for=date(2030, 5, 6)
    )
    free = ArticleFactory(writer=people.editor, column=draft.column, title="没日子")
    due = timezone.now() + timedelta(hours=5, minutes=30)
    deadlines.set_plan(people.editor, draft, due, Priority.HIGH)
    for article in (free, planned, draft):
        review(people, article)
    rows = queues.fill(people.publisher, queues.steps(View.READY, people.publisher))
    assert [(row.title, row.due_at, row.planned_for) for row in rows] == [
        (draft.title, due, None),
        ("没日子", None, None),
        ("有日子", None, date(2030, 5, 6)),
    ]
    client.force_login(people.publisher)
    for url in (reverse("wagtailadmin_home"), reverse("articles_queue", args=[View.READY])):
        html = client.get(url).content.decode()
        assert "还剩5小时" in html and "计划5月6日" in html and "没有定" in html


def test_what_waits_for_a_second_person_says_by_when(people, draft, live, client):
    due = timezone.now() + timedelta(hours=3, minutes=30)
    deadlines.set_plan(people.editor, draft, due, Priority.HIGH)
    urgent.request_urgent(people.publisher, draft, REASON)
    corrections.propose_correction(people.editor, live, "“七点”应为“八点”。", "none")
    first, then = waiting_for(people.reviewer_credible)
    assert (first.due_at, then.due_at) == (due, None)
    client.force_login(people.reviewer_credible)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "还剩3小时" in html and "没有定" in html


@pytest.mark.parametrize(
    ("hours", "found"), [(1, "set"), (-1, "plan"), (None, "plan")], ids=["ahead", "past", "unset"]
)
def test_a_set_time_goes_before_the_plan(people, draft, hours, found):
    deadlines.set_plan(people.editor, draft, timezone.now() + timedelta(days=1), Priority.NORMAL)
    plan = queues.plans_of([draft.pk])[draft.pk]
    draft.go_live_at = timezone.now() + timedelta(hours=hours) if hours else None
    assert queues.due_at(draft, plan) == {"set": draft.go_live_at, "plan": plan.due_at}[found]
    assert queues.due_at(draft, None) == (draft.go_live_at if found == "set" else None)
