"""Moving things: a plan is no content, a minute moves only as it was confirmed."""

import datetime as dt

import pytest

from articles import publishing
from articles.models import ArticlePage, Push, ReviewTaskState
from articles.pushes import services
from articles.pushes.calendar import planning
from articles.pushes.refusals import PushRefused
from articles.review import approvals
from articles.review import services as reviews
from cms import workdays
from cms.ops.models import AuditEntry
from tests.factories.articles import running_step

from .conftest import TODAY, at, day

pytestmark = pytest.mark.django_db


def planned(article: ArticlePage) -> str | None:
    article = ArticlePage.objects.get(pk=article.pk)
    inside = article.get_latest_revision().content["planned_for"]
    assert inside == (article.planned_for and article.planned_for.isoformat())
    return inside


# --- articles -------------------------------------------------------------------------------------


def test_planning_an_approved_text_changes_nothing_of_it(people, ready):
    article = ready[0]
    revisions = list(article.revisions.values_list("pk", "user_id"))
    digest = article.get_latest_revision_as_object().content_digest
    planning.plan_article(people.editor, article, day(12))
    assert planned(article) == "2026-12-12"
    again = ArticlePage.objects.get(pk=article.pk)
    assert list(again.revisions.values_list("pk", "user_id")) == revisions
    assert again.get_latest_revision_as_object().content_digest == digest
    assert approvals.why_not_publish(again.get_latest_revision()) == []
    publishing.publish_now(people.publisher, again)
    entry = AuditEntry.objects.get(action="article.plan_day")
    assert entry.detail == {"from": "没有计划", "to": "2026-12-12"}


def test_the_planner_of_a_draft_becomes_no_author(people, draft):
    planning.plan_article(people.publisher, draft, day(12))
    assert approvals.authors_since_live(draft) == {people.editor.pk}


def test_a_plan_is_taken_back_and_nothing_is_recorded_twice(people, draft):
    planning.plan_article(people.editor, draft, day(12))
    planning.plan_article(people.editor, draft, day(12))
    planning.plan_article(people.editor, draft, None)
    assert planned(draft) is None
    details = AuditEntry.objects.filter(action="article.plan_day").order_by("pk")
    assert [each.detail["to"] for each in details] == ["2026-12-12", "没有计划"]


def test_the_deadline_of_a_running_review_follows(people, draft):
    reviews.submit(people.editor, draft)
    step = ReviewTaskState.objects.get(pk=running_step(draft).pk)
    before = step.due_at
    planning.plan_article(people.editor, draft, TODAY + dt.timedelta(days=1))
    step.refresh_from_db()
    # By 18:00 today, shared by three reviews, instead of a day each.
    assert step.due_at < before and step.due_at == at(8, "12:40")


@pytest.mark.parametrize(
    ("wanted", "words"), [(day(7), "已经过去"), (day(13), "12月13日是静默日（国家公祭日）")]
)
def test_days_that_cannot_be_planned(people, draft, wanted, words):
    workdays.add(people.administrator, "quiet", "国家公祭日", day(13))
    with pytest.raises(PushRefused, match=words):
        planning.plan_article(people.editor, draft, wanted)
    assert planned(draft) is None


def test_texts_that_cannot_be_planned(people, ready, push):
    held = push(planned=day(10))
    with pytest.raises(PushRefused, match="已编入推送《稿0》，请移动那个推送"):
        planning.plan_article(people.editor, held.members.get().article, day(12))
    publishing.schedule(people.publisher, ready[1], at(10))
    with pytest.raises(PushRefused, match="已经单独定时"):
        planning.plan_article(people.editor, ready[1], day(12))
    publishing.publish_now(people.publisher, ready[2])
    with pytest.raises(PushRefused, match="已经发布"):
        planning.plan_article(people.editor, ready[2], day(12))


@pytest.mark.parametrize("role", ["reviewer_credible", "office", "administrator", "contributor"])
def test_who_may_not_plan(people, draft, role):
    with pytest.raises(PushRefused, match="没有安排推送计划的权限"):
        planning.plan_article(getattr(people, role), draft, day(12))


# --- pushes ---------------------------------------------------------------------------------------


def test_a_planned_push_keeps_its_slot_on_another_day(people, push):
    made = push()
    services.plan(people.publisher, made, day(10), dt.time(8, 30))
    made.refresh_from_db()
    assert planning.move_push(people.editor, made, day(12)) == ""
    made.refresh_from_db()
    assert (made.planned_for, made.planned_slot) == (day(12), dt.time(8, 30))


def test_a_full_day_is_told(people, push):
    push(planned=day(10))
    assert "排满" in planning.move_push(people.editor, push(planned=day(11)), day(10))


def test_a_minute_moves_and_the_approval_stays(people, push):
    made = push(committed=at(10))
    wanted = planning.same_minute_on(made, day(12))
    assert wanted == at(12)
    planning.recommit(people.publisher, made, at(10), wanted)
    made.refresh_from_db()
    assert made.go_live_at == at(12) and made.approved_by == people.second
    actions = AuditEntry.objects.filter(object_type="articles.push").order_by("pk")
    assert [each.action for each in actions][-2:] == ["push.uncommit", "push.commit"]


@pytest.mark.parametrize(
    ("was", "wanted", "words"),
    [
        (at(10), at(11), "时段已有推送《稿0》"),
        (at(10), at(7), "已经过去"),
        (at(9), at(12), "刚刚被改过"),
        (at(10), at(10), "和原来一样"),
    ],
)
def test_a_refused_minute_leaves_the_old_one(people, push, was, wanted, words):
    push(committed=at(11))
    made = push(committed=at(10))
    with pytest.raises(PushRefused, match=words):
        planning.recommit(people.publisher, made, was, wanted)
    made.refresh_from_db()
    assert made.go_live_at == at(10) and made.approved_at
    assert not AuditEntry.objects.filter(action="push.uncommit").exists()


def test_only_who_commits_moves_a_minute(people, push):
    made = push(committed=at(10))
    with pytest.raises(PushRefused, match="没有定时和发布推送的权限"):
        planning.recommit(people.editor, made, at(10), at(12))
    assert Push.objects.get(pk=made.pk).go_live_at == at(10)
