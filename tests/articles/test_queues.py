"""Who finds what in which part of the queue, in which order, and at what cost."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import publishing, queues
from articles.models import ArticlePage, Priority, ReviewTask
from articles.queues import View
from articles.review import claiming, deadlines, deputies, reviewers, services
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)


def rows(view: View, person) -> list[queues.Waiting]:
    return queues.fill(person, queues.steps(view, person))


def titles(view: View, person) -> list[str]:
    return [row.title for row in rows(view, person)]


@pytest.fixture
def submit(people):
    def act(title, *approvers, writer=None):
        article = ArticleFactory(writer=writer or people.editor, title=title)
        services.submit(writer or people.editor, article)
        approve_by(article, *approvers)
        return article

    return act


@pytest.fixture
def story(people, submit):
    """One article in each station."""
    three = (people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable)
    submit("一审")
    submit("二审", *three[:1])
    submit("三审", *three[:2])
    submit("待发", *three)
    back = submit("退回", *three[:1])
    services.send_back(people.reviewer_readable, running_step(back), "标题太长")
    live = submit("已发", *three)
    publishing.publish_now(people.publisher, live)
    ArticleFactory(writer=people.editor, title="草稿")


FOUND = [
    ("reviewer_credible", View.MINE, {"一审"}),
    ("reviewer_readable", View.MINE, {"二审"}),
    ("reviewer_approachable", View.MINE, {"三审"}),
    ("editor", View.MINE, set()),
    ("publisher", View.MINE, set()),
    ("editor", View.REVIEWS, {"一审", "二审", "三审"}),
    ("publisher", View.READY, {"待发"}),
    ("reviewer_readable", View.RETURNED, {"退回"}),
    ("reviewer_credible", View.RETURNED, set()),
    ("editor", View.WRITTEN, {"一审", "二审", "三审", "待发", "退回"}),
    ("reviewer_readable", View.WRITTEN, set()),
]


def test_who_finds_what(people, story):
    """One story for the whole table: reading changes nothing."""
    found = [(role, view, set(titles(view, getattr(people, role)))) for role, view, _ in FOUND]
    assert found == FOUND


@pytest.mark.parametrize(
    ("role", "view"),
    [
        ("reviewer_credible", View.MINE),
        ("publisher", View.READY),
        ("editor", View.WRITTEN),
        ("administrator", View.WRITTEN),
    ],
)
def test_what_people_see_first(people, role, view):
    assert queues.default_view(getattr(people, role)) == view


def test_what_one_may_not_judge_is_no_work_of_theirs(people, submit):
    people.editor.groups.add(*people.reviewer_credible.groups.all())
    people.reviewer_credible.groups.add(*people.reviewer_readable.groups.all())
    submit("自己写的")
    submit("审过一次", people.reviewer_credible)
    assert titles(View.MINE, people.editor) == []
    assert titles(View.MINE, people.reviewer_credible) == ["自己写的"]
    refusals = {row.title: row.refusal for row in rows(View.REVIEWS, people.editor)}
    assert "不能审核自己的文章" in refusals["自己写的"]
    refusals = {row.title: row.refusal for row in rows(View.REVIEWS, people.reviewer_credible)}
    assert "三个人分别完成" in refusals["审过一次"]


def test_late_first_then_urgent_then_the_earlier_deadline(people, submit):
    with time_machine.travel(NOW, tick=False):
        _normal, high, top, soon, late = map(submit, ("一般", "优先", "急", "快到", "已超"))
        deadlines.set_plan(people.editor, high, None, Priority.HIGH)
        deadlines.set_plan(people.editor, top, NOW + timedelta(days=9), Priority.TOP)
        deadlines.set_plan(people.editor, soon, NOW + timedelta(hours=9), Priority.NORMAL)
        deadlines.set_plan(people.editor, late, NOW + timedelta(hours=3), Priority.NORMAL)
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        expected = ["已超", "急", "优先", "快到", "一般"]
        assert titles(View.MINE, people.reviewer_credible) == expected


def test_a_row_says_who_may_take_it_and_who_has(people, submit):
    UserFactory(display_name="第二人", roles=["reviewer_credible"])
    submit("楼道灯亮了")
    (row,) = rows(View.REVIEWS, people.editor)
    assert set(row.people) == {str(people.reviewer_credible), "第二人"}
    assert (row.submitted_by, row.holder, row.is_mine) == (str(people.editor), None, False)
    claiming.claim(people.reviewer_credible, row.step)
    (row,) = rows(View.MINE, people.reviewer_credible)
    assert (row.holder, row.is_mine, row.can_claim) == (people.reviewer_credible, True, False)


def test_a_review_that_nobody_can_give_says_so(people, submit):
    people.editor.groups.add(*people.reviewer_credible.groups.all())
    people.reviewer_credible.groups.clear()
    submit("没人能审")
    (row,) = rows(View.REVIEWS, people.publisher)
    assert row.nobody and row.people == ()


def test_the_names_of_many_are_cut_short(people, submit):
    for name in "甲乙丙":
        UserFactory(display_name=name, roles=["reviewer_credible"])
    submit("楼道灯亮了")
    (row,) = rows(View.MINE, people.reviewer_credible)
    assert row.people_words == f"{people.reviewer_credible}、甲、乙等4人"


def test_bulk_and_single_questions_agree(people, story):
    """The list is filled at once; the desk asks about one. Both must say the same."""
    today = timezone.localdate()
    deputies.appoint(
        people.administrator,
        "readable",
        people.reviewer_readable,
        people.publisher,
        today,
        today,
        "出差",
    )
    people.reviewer_readable.groups.add(*people.reviewer_credible.groups.all())
    UserFactory(username="left", roles=["reviewer_credible"], is_active=False)
    tasks = list(ReviewTask.objects.all())
    admitted = reviewers.of_tasks(tasks)
    everybody = [UserFactory(is_superuser=True), *vars(people).values()]
    for task in tasks:
        ids = {reviewer.person.pk for reviewer in admitted[task.pk]}
        assert ids == {p.pk for p in everybody if task.admits(p)}
    for person in everybody:
        for row in rows(View.REVIEWS, person):
            task = row.step.task.specific
            article = ArticlePage.objects.get(pk=row.article.pk)
            single = services.why_not_review(person, article, task)
            assert row.is_mine == (not single)
            assert (row.title in titles(View.MINE, person)) == (not single)


def test_the_number_of_queries_does_not_grow(people, submit):
    three = (people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable)
    UserFactory(roles=["reviewer_credible"])
    person = people.reviewer_credible
    person.groups.add(*people.publisher.groups.all(), *people.editor.groups.all())

    def add() -> None:
        submit("在审")
        submit("二审", *three[:1])
        submit("待发", *three)
        services.send_back(person, running_step(submit("退回")), "出处？")
        # By the one who asks, so that each part of the queue holds something.
        submit("自己的", writer=person)

    def asked() -> dict[View, tuple[int, int]]:
        found = {}
        for view in View:
            with CaptureQueriesContext(connection) as queries:
                found[view] = len(rows(view, person)), len(queries)
        return found

    add()
    asked()  # content types are looked up once a process
    few = asked()
    for _ in range(4):
        add()
    for view, (count, queries) in asked().items():
        assert count == 5 * few[view][0] > 0
        assert queries == few[view][1], view
