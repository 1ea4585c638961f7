"""特急: two people, one exact text, and the reviews that follow."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision, WorkflowState
from wagtail.signals import page_published

from articles import health, publishing
from articles.models import ArticlePage, UrgentRelease, UrgentStatus
from articles.publishing import PublishRefused
from articles.release import urgent, withdrawal
from articles.release.base import ReleaseRefused
from articles.review import approvals, services
from articles.review.services import ReviewRefused
from articles.status import Stage, Standing, standing
from cms.ops.models import AuditEntry
from cms.ops.registry import Level
from cms.users.models import User
from cms.users.roles import BY_KEY
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.claims import approved_claim
from tests.factories.users import UserFactory

from .conftest import again, change, review, reviewers

pytestmark = pytest.mark.django_db

REASON = "全区学校今天下午停课，家长要马上知道。"


def actions(article) -> list[str]:
    return list(
        AuditEntry.objects.filter(object_id=str(article.pk), object_type="articles.articlepage")
        .order_by("pk")
        .values_list("action", flat=True)
    )


def fresh(person) -> User:
    """Read again, as the next request would: permissions are kept on the object."""
    return User.objects.get(pk=person.pk)


@pytest.fixture
def asked(people, draft) -> UrgentRelease:
    return urgent.request_urgent(people.publisher, draft, REASON)


@pytest.fixture
def released(people, asked) -> UrgentRelease:
    return urgent.confirm_urgent(people.reviewer_credible, asked, "属实")


def test_two_people_put_a_draft_out_and_its_reviews_begin(people, draft, client, time_machine):
    time_machine.move_to("2026-06-01 08:00:00+08:00", tick=False)
    release = urgent.request_urgent(people.publisher, draft, f"  {REASON} ")
    assert not again(draft).live and client.get(draft.url).status_code == 404
    urgent.confirm_urgent(people.reviewer_credible, release, "属实")
    release.refresh_from_db()
    article = again(draft)
    assert article.live and client.get(article.url).status_code == 200
    assert (release.status, release.reason) == (UrgentStatus.PUBLISHED, REASON)
    assert release.content_digest == article.content_digest
    assert (release.requested_by, release.decided_by) == (
        people.publisher,
        people.reviewer_credible,
    )
    assert release.authors == [people.editor.pk]
    assert release.published_at == timezone.now()
    assert release.review_due_at == timezone.now() + timedelta(hours=settings.URGENT_REVIEW_HOURS)
    step = running_step(article)
    assert step.task.reviewtask.dimension == "credible"
    assert step.revision_id == article.live_revision_id == release.revision_id
    assert standing(article).stage == Stage.AFTER_REVIEW
    assert str(standing(article)) == "特急已发布，可信审核中"
    assert actions(article) == [
        "article.urgent_request",
        "article.urgent_publish",
        "article.submit",
    ]
    entry = AuditEntry.objects.get(action="article.urgent_publish")
    assert entry.actor == people.reviewer_credible
    assert entry.detail["requested_by"] == str(people.publisher)
    assert entry.detail["reason"] == REASON and "2026-06-02" in entry.detail["review_due_at"]


def test_the_public_page_says_nothing_of_it(people, draft, client):
    release = urgent.request_urgent(people.publisher, draft, REASON)
    urgent.confirm_urgent(people.reviewer_credible, release)
    html = client.get(draft.url).content.decode()
    assert "特急" not in html and REASON not in html and "补审" not in html


def test_three_later_approvals_of_what_is_live_close_it(people, released):
    article = released.article
    approve_by(article, *reviewers(people))
    released.refresh_from_db()
    article = again(article)
    assert released.status == UrgentStatus.REVIEWED and released.closed_at
    assert article.live and not article.workflow_in_progress
    assert article.workflow_states.get().status == WorkflowState.STATUS_APPROVED
    assert standing(article).stage == Stage.LIVE
    assert approvals.why_not_publish(article.live_revision) == []
    assert actions(article).count("article.urgent_reviewed") == 1
    assert health.after_reviews() == []


def test_two_approvals_close_nothing(people, released):
    approve_by(released.article, *reviewers(people)[:2])
    released.refresh_from_db()
    assert released.status == UrgentStatus.PUBLISHED


def test_who_wrote_it_may_not_review_it_afterwards(people, released):
    people.editor.groups.add(Group.objects.get(name=BY_KEY["reviewer_credible"].name))
    with pytest.raises(ReviewRefused, match="写过或改过"):
        approve_by(released.article, fresh(people.editor))


def test_a_text_mended_after_the_after_review_replaces_it(people, released, client):
    article = released.article
    services.send_back(people.reviewer_credible, running_step(article), "日期写错了")
    assert str(standing(again(article))) == "特急已发布，补审退回"
    article = change(article, people.editor, title="暴雨停课通知（改）")
    with pytest.raises(PublishRefused):
        publishing.publish_now(people.publisher, article)
    article = review(people, article)
    released.refresh_from_db()
    assert released.status == UrgentStatus.PUBLISHED  # what is live is still the first text
    publishing.publish_now(people.publisher, article)
    released.refresh_from_db()
    assert released.status == UrgentStatus.REPLACED and released.closed_at
    assert "（改）" in client.get(article.url).content.decode()
    assert standing(again(article)).stage == Stage.LIVE


def test_the_first_writers_stay_barred_from_the_mended_text(people, released):
    article = released.article
    services.send_back(people.reviewer_credible, running_step(article), "日期写错了")
    other = UserFactory(roles=["editor"])
    article = change(article, other, title="暴雨停课通知（改）")
    assert approvals.authors_since_live(article) == {people.editor.pk, other.pk}


def test_a_text_sent_back_and_submitted_unchanged_is_reviewed(people, released):
    article = released.article
    services.send_back(people.reviewer_credible, running_step(article), "请核实")
    review(people, article)
    released.refresh_from_db()
    assert released.status == UrgentStatus.REVIEWED


def test_withdrawing_it_settles_it(people, released):
    withdrawal.withdraw(people.publisher, released.article, "wrong", "消息不属实")
    released.refresh_from_db()
    assert released.status == UrgentStatus.WITHDRAWN and released.closed_at
    with pytest.raises(ReleaseRefused, match="已经撤下"):
        urgent.request_urgent(people.publisher, released.article, REASON)


@pytest.mark.parametrize("reason", ["", "   ", "马上要发", "急" * 501], ids=range(4))
def test_a_reason_is_demanded(people, draft, reason):
    with pytest.raises(ReleaseRefused, match="理由"):
        urgent.request_urgent(people.publisher, draft, reason)
    assert not UrgentRelease.objects.exists()


@pytest.mark.parametrize(
    "role",
    ["editor", "reviewer_credible", "office", "administrator", "auditor", "contributor"],
)
def test_only_publishers_ask(people, draft, role):
    with pytest.raises(ReleaseRefused, match="权限"):
        urgent.request_urgent(getattr(people, role), draft, REASON)


@pytest.mark.parametrize("role", ["editor", "office", "administrator", "auditor", "contributor"])
def test_only_reviewers_and_publishers_answer(people, asked, role):
    person = getattr(people, role)
    with pytest.raises(ReleaseRefused, match="权限"):
        urgent.confirm_urgent(person, asked)
    with pytest.raises(ReleaseRefused, match="权限"):
        urgent.decline_urgent(person, asked, "情况不属实")
    assert not again(asked.article).live


def test_nobody_is_both_people(people, asked):
    with pytest.raises(ReleaseRefused, match="另一个人"):
        urgent.confirm_urgent(people.publisher, asked)


def test_a_superuser_is_only_one_person(people, draft):
    boss = UserFactory(is_superuser=True)
    release = urgent.request_urgent(boss, draft, REASON)
    with pytest.raises(ReleaseRefused, match="另一个人"):
        urgent.confirm_urgent(boss, release)
    assert not again(draft).live


def test_a_superuser_who_wrote_is_no_second_person(people, draft):
    boss = UserFactory(is_superuser=True)
    change(draft, boss, title="改一个字")
    release = urgent.request_urgent(people.publisher, draft, REASON)
    with pytest.raises(ReleaseRefused, match="写过或改过"):
        urgent.confirm_urgent(boss, release)


def test_a_publisher_who_wrote_may_ask_but_needs_the_other(people, second):
    article = ArticleFactory(writer=people.publisher)
    release = urgent.request_urgent(people.publisher, article, REASON)
    urgent.confirm_urgent(second, release)
    assert again(article).live


def test_a_text_changed_since_the_request_stays(people, draft, asked):
    change(draft, people.editor, title="改过的标题")
    with pytest.raises(ReleaseRefused, match="又有改动"):
        urgent.confirm_urgent(people.reviewer_credible, asked)
    assert not again(draft).live
    urgent.cancel_urgent(people.publisher, asked)
    again_asked = urgent.request_urgent(people.publisher, draft, REASON)
    urgent.confirm_urgent(people.reviewer_credible, again_asked)
    assert again(draft).title == "改过的标题"


def test_a_revision_rewritten_in_place_stays(people, draft, asked):
    revision = Revision.objects.get(pk=asked.revision_id)
    revision.content = {**revision.content, "title": "偷偷改的标题"}
    revision.save(update_fields=["content"])
    with pytest.raises(ReleaseRefused, match="又有改动"):
        urgent.confirm_urgent(people.reviewer_credible, asked)


def test_a_text_under_review_leaves_the_review_and_enters_it_anew(people, draft):
    services.submit(people.editor, draft)
    approve_by(draft, people.reviewer_credible)
    release = urgent.request_urgent(people.publisher, draft, REASON)
    assert again(draft).workflow_in_progress  # asking alone stops nothing
    urgent.confirm_urgent(people.reviewer_readable, release)
    old, new = draft.workflow_states.order_by("pk")
    assert old.status == WorkflowState.STATUS_CANCELLED
    assert new.status == WorkflowState.STATUS_IN_PROGRESS
    assert approvals.given(again(draft)) == []
    assert "article.take_back" in actions(draft)


def test_a_text_that_was_sent_back_can_go_out(people, draft):
    services.submit(people.editor, draft)
    services.send_back(people.reviewer_credible, running_step(draft), "再核一核")
    release = urgent.request_urgent(people.publisher, draft, REASON)
    urgent.confirm_urgent(people.reviewer_readable, release)
    assert again(draft).live and running_step(draft).task.reviewtask.dimension == "credible"


def test_a_change_of_a_live_article_can_go_out(people, live, client):
    article = change(live, people.editor, title="社区食堂今天停业")
    release = urgent.request_urgent(people.publisher, article, REASON)
    urgent.confirm_urgent(people.reviewer_credible, release)
    assert "今天停业" in client.get(article.url).content.decode()
    assert again(article).first_published_at == live.first_published_at
    approve_by(article, *reviewers(people))
    release.refresh_from_db()
    assert release.status == UrgentStatus.REVIEWED


def test_a_set_time_of_a_text_that_lost_an_approval_is_taken_off(people, draft):
    """Scheduled, then a reviewer's approval vanished with the person: 特急 is a way out."""
    article = review(people, draft)
    publishing.schedule(people.publisher, article, timezone.now() + timedelta(days=1))
    article.workflow_states.get().task_states.update(finished_by=None)
    release = urgent.request_urgent(people.publisher, again(article), REASON)
    urgent.confirm_urgent(people.reviewer_credible, release)
    article = again(article)
    assert article.live and not article.approved_schedule and article.go_live_at is None
    assert "article.unschedule" in actions(article)


def test_what_is_approved_is_published_normally(people, draft):
    review(people, draft)
    with pytest.raises(ReleaseRefused, match="三审都已通过"):
        urgent.request_urgent(people.publisher, again(draft), REASON)


def test_what_is_live_already_needs_nothing(people, live):
    with pytest.raises(ReleaseRefused, match="没有可发布的新内容"):
        urgent.request_urgent(people.publisher, live, REASON)


def test_one_request_at_a_time(people, draft, asked, second):
    with pytest.raises(ReleaseRefused, match=f"{people.publisher}已经发起特急"):
        urgent.request_urgent(second, draft, REASON)
    urgent.confirm_urgent(people.reviewer_credible, asked)
    change(draft, people.editor, title="再改")
    with pytest.raises(ReleaseRefused, match="还没有补审完"):
        urgent.request_urgent(second, draft, REASON)


def test_an_unfinished_text_is_refused_with_what_is_missing(people, draft):
    revision = draft.get_latest_revision()
    revision.content = {**revision.content, "digest": "", "author": ""}
    revision.save(update_fields=["content"])
    with pytest.raises(ReleaseRefused, match="摘要、作者"):
        urgent.request_urgent(people.publisher, draft, REASON)


def test_a_claim_that_no_longer_holds_stops_it(people, draft):
    claim = approved_claim()
    text = again(draft).get_latest_revision_as_object()
    text.body = [
        *text.body.raw_data,
        {"type": "ranking_fact", "value": {"claim": claim.pk, "sentence": claim.text}},
    ]
    text.save_revision(user=people.editor)
    release = urgent.request_urgent(people.publisher, draft, REASON)
    type(claim).objects.filter(pk=claim.pk).update(status="review")
    with pytest.raises(ReleaseRefused, match=claim.number):
        urgent.confirm_urgent(people.reviewer_credible, release)
    urgent.cancel_urgent(people.publisher, release)
    with pytest.raises(ReleaseRefused, match=claim.number):
        urgent.request_urgent(people.publisher, draft, REASON)


@pytest.mark.parametrize("off", ["workflow", "task"])
def test_without_a_workflow_nothing_goes_out_unreviewable(people, draft, asked, off):
    workflow = draft.get_workflow()
    (workflow if off == "workflow" else workflow.tasks.first()).deactivate()
    with pytest.raises(ReleaseRefused, match="发布后无法补审"):
        urgent.confirm_urgent(people.reviewer_credible, asked)
    assert not again(draft).live


def test_declined_means_no(people, asked):
    with pytest.raises(ReleaseRefused, match="原因"):
        urgent.decline_urgent(people.reviewer_credible, asked, "不行")
    urgent.decline_urgent(people.reviewer_credible, asked, "消息还没有核实")
    asked.refresh_from_db()
    assert asked.status == UrgentStatus.DECLINED and asked.decision_note == "消息还没有核实"
    with pytest.raises(ReleaseRefused, match="已经处理过了"):
        urgent.confirm_urgent(people.reviewer_readable, asked)
    assert not again(asked.article).live


def test_cancelled_means_no(people, asked, second):
    with pytest.raises(ReleaseRefused, match="权限"):
        urgent.cancel_urgent(people.reviewer_credible, asked)
    urgent.cancel_urgent(second, asked)
    with pytest.raises(ReleaseRefused, match="已经处理过了"):
        urgent.confirm_urgent(people.reviewer_credible, asked)


def test_confirming_twice_publishes_once(people, released, second):
    first = again(released.article).last_published_at
    with pytest.raises(ReleaseRefused, match="已经处理过了"):
        urgent.confirm_urgent(second, released)
    assert again(released.article).last_published_at == first
    assert released.article.workflow_states.count() == 1


def test_who_left_the_role_confirms_nothing(people, asked):
    assert people.reviewer_credible.has_perm(urgent.CONFIRM)
    people.reviewer_credible.groups.clear()
    with pytest.raises(ReleaseRefused, match="权限"):
        urgent.confirm_urgent(people.reviewer_credible, asked)  # as the object remembers it


def test_a_requester_who_left_is_one_person_less(people, asked):
    people.publisher.is_active = False
    people.publisher.save()
    with pytest.raises(ReleaseRefused, match="发起人"):
        urgent.confirm_urgent(people.reviewer_credible, asked)


def test_a_failure_midway_leaves_nothing_half_written(people, draft, asked):
    services.submit(people.editor, draft)

    def fail(**kwargs):
        raise RuntimeError("断电")

    before = actions(draft)
    page_published.connect(fail, weak=False, dispatch_uid="test-fail")
    try:
        with pytest.raises(RuntimeError):
            urgent.confirm_urgent(people.reviewer_credible, asked)
    finally:
        page_published.disconnect(dispatch_uid="test-fail")
    asked.refresh_from_db()
    assert asked.status == UrgentStatus.REQUESTED and asked.decided_by is None
    assert not again(draft).live and again(draft).workflow_in_progress
    assert actions(draft) == before


def test_a_request_overtaken_by_the_reviews_is_closed(people, draft, asked):
    review(people, draft)
    publishing.publish_now(people.publisher, again(draft))
    asked.refresh_from_db()
    assert asked.status == UrgentStatus.CANCELLED
    assert "article.urgent_cancel" in actions(draft)


def test_a_late_after_review_turns_the_dashboard_red_and_is_recorded_once(
    people, released, time_machine
):
    assert health.after_reviews() == []
    assert urgent.mark_overdue() == "补审超时 0"
    time_machine.move_to(released.review_due_at + timedelta(minutes=1), tick=False)
    (finding,) = health.after_reviews()
    assert finding.level == Level.ALARM and released.article.title in finding.message
    assert urgent.mark_overdue() == "补审超时 1"
    assert urgent.mark_overdue() == "补审超时 0"
    assert actions(released.article).count("article.urgent_overdue") == 1
    approve_by(released.article, *reviewers(people))
    assert health.after_reviews() == []


def test_a_second_late_after_review_is_recorded_as_well(people, released, time_machine):
    article = released.article
    time_machine.move_to(released.review_due_at + timedelta(minutes=1), tick=False)
    urgent.mark_overdue()
    approve_by(article, *reviewers(people))
    change(article, people.editor, title="又一条急事")
    other = urgent.request_urgent(people.publisher, article, REASON)
    other = urgent.confirm_urgent(people.reviewer_credible, other)
    time_machine.move_to(other.review_due_at + timedelta(minutes=1), tick=False)
    assert urgent.mark_overdue() == "补审超时 1"
    assert actions(article).count("article.urgent_overdue") == 2


def test_an_after_review_that_does_not_run_is_told(people, released):
    released.article.workflow_states.get().cancel(user=people.editor)
    (finding,) = health.after_reviews()
    assert finding.level == Level.WARNING and "提交审核" in finding.message


def test_nobody_publishes_with_a_request_alone(people, draft, asked):
    for user in (None, people.publisher):
        with pytest.raises(approvals.NotApproved):
            ArticlePage.objects.get(pk=draft.pk).get_latest_revision().publish(
                user=user, skip_permission_checks=True
            )


def test_a_draft_with_a_recorded_request_is_not_deleted_by_anybody(people, draft, asked, client):
    """What was asked for stays on record, and the screen answers with a page."""
    urgent.decline_urgent(people.reviewer_credible, asked, "消息还没有核实")
    url = reverse("wagtailadmin_pages:delete", args=[draft.pk])
    for person in (people.editor, UserFactory(is_superuser=True)):
        client.force_login(person)
        assert client.get(url, follow=True).status_code == 200
        assert client.post(url, follow=True).status_code == 200
    assert ArticlePage.objects.filter(pk=draft.pk).exists()
    assert UrgentRelease.objects.filter(pk=asked.pk).exists()


class TestWhereItStands:
    """A request is said wherever people look for where an article stands."""

    def test_a_draft(self, people, draft):
        urgent.request_urgent(people.publisher, draft, REASON)
        assert standing(again(draft)) == Standing(Stage.URGENT_ASKED)
        assert str(standing(again(draft))) == "特急待确认"

    def test_a_text_under_review_says_both(self, people, draft):
        services.submit(people.editor, draft)
        urgent.request_urgent(people.publisher, again(draft), REASON)
        assert str(standing(again(draft))) == "特急待确认，可信审核中"
        services.send_back(people.reviewer_credible, running_step(draft), "出处？")
        assert str(standing(again(draft))) == "特急待确认，可信审核退回"

    def test_a_new_text_of_a_public_article(self, people, live):
        change(live, people.editor, title="改过的标题")
        urgent.request_urgent(people.publisher, again(live), REASON)
        assert str(standing(again(live))) == "已发布，新稿特急待确认"

    def test_answered_it_is_said_no_more(self, people, draft):
        asked = urgent.request_urgent(people.publisher, draft, REASON)
        urgent.decline_urgent(people.reviewer_credible, asked, "消息还没有核实")
        assert standing(again(draft)).stage == Stage.DRAFT

    def test_the_list_says_it_in_as_many_queries(
        self, people, draft, client, django_assert_max_num_queries
    ):
        other = ArticleFactory(writer=people.editor, column=draft.column)
        client.force_login(people.editor)
        client.get("/admin/articles/")  # warms what is remembered for the process
        with CaptureQueriesContext(connection) as before:
            assert "特急待确认" not in client.get("/admin/articles/").content.decode()
        for article in (draft, other):
            urgent.request_urgent(people.publisher, article, REASON)
        with django_assert_max_num_queries(len(before)):
            html = client.get("/admin/articles/").content.decode()
        assert html.count("特急待确认") == 2
        desk = client.get(reverse("articles_desk", args=[draft.pk])).content.decode()
        assert "特急待确认</span>" in desk
