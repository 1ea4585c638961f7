"""The three reviews, one action at a time."""

import pytest
from wagtail.models import TaskState, WorkflowState

from articles.models import ArticlePage
from articles.review import approvals, services
from articles.review.services import ReviewRefused
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(people):
    return ArticleFactory(writer=people.editor)


def again(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def test_reviews_come_in_their_order(people, article):
    services.submit(people.editor, article)
    seen = []
    for reviewer in (
        people.reviewer_credible,
        people.reviewer_readable,
        people.reviewer_approachable,
    ):
        step = running_step(article)
        seen.append(step.task.name)
        approve_by(article, reviewer)
    assert seen == ["可信审核", "可读审核", "可亲审核"]
    assert running_step(article).task.name == "待发布"
    assert not again(article).live
    assert [a.person for a in approvals.given(again(article))] == [
        people.reviewer_credible.pk,
        people.reviewer_readable.pk,
        people.reviewer_approachable.pk,
    ]


@pytest.mark.parametrize("role", ["editor", "reviewer_readable", "publisher", "administrator"])
def test_only_the_stage_s_own_group_approves(people, article, role):
    services.submit(people.editor, article)
    with pytest.raises(ReviewRefused):
        approve_by(article, getattr(people, role))
    assert running_step(article).task.name == "可信审核"


def test_a_superuser_is_no_reviewer(people, article):
    root = UserFactory(is_superuser=True)
    services.submit(people.editor, article)
    step = running_step(article)
    with pytest.raises(ReviewRefused):
        approve_by(article, root)
    assert step.task.specific.get_actions(again(article), root) == []


def test_no_author_approves(people):
    both = UserFactory(roles=["editor", "reviewer_credible"])
    article = ArticleFactory(writer=people.editor)
    article.title = "改一个字"
    article.save_revision(user=both)
    services.submit(people.editor, article)
    step = running_step(article)
    assert step.task.specific.get_actions(again(article), both) == []
    with pytest.raises(ReviewRefused, match="不能审核自己的文章"):
        approve_by(article, both)


def test_nobody_gives_two_of_the_three(people, article):
    double = UserFactory(roles=["reviewer_credible", "reviewer_readable"])
    services.submit(people.editor, article)
    approve_by(article, double)
    with pytest.raises(ReviewRefused, match="三个人"):
        approve_by(article, double)


def test_sending_back_needs_a_reason_and_unlocks(people, article):
    services.submit(people.editor, article)
    step = running_step(article)
    with pytest.raises(ReviewRefused, match="原因"):
        services.send_back(people.reviewer_credible, step, "  ")
    services.send_back(people.reviewer_credible, step, "第二段的数字没有出处")
    state = again(article).current_workflow_state
    assert state.status == WorkflowState.STATUS_NEEDS_CHANGES
    assert again(article).get_lock() is None


def test_unchanged_resubmission_goes_on_where_it_was(people, article):
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    services.send_back(people.reviewer_readable, running_step(article), "再想想标题")
    services.submit(people.editor, article)
    assert running_step(article).task.name == "可读审核"


def test_any_change_reopens_all_reviews(people, article):
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    services.send_back(people.reviewer_readable, running_step(article), "标题太长")
    changed = again(article).get_latest_revision_as_object()
    changed.title = "短标题"
    changed.save_revision(user=people.editor)
    services.submit(people.editor, article)
    assert running_step(article).task.name == "可信审核"
    assert approvals.given(again(article)) == []


def test_who_saves_after_approving_is_replaced(people):
    both = UserFactory(display_name="周可信", roles=["editor", "reviewer_credible"])
    other = UserFactory(roles=["reviewer_readable"])
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    approve_by(article, both, other)
    services.send_back(people.reviewer_approachable, running_step(article), "再想想")
    again(article).get_latest_revision_as_object().save_revision(user=both)
    services.submit(people.editor, article)
    assert running_step(article).task.name == "可信审核"
    entry = AuditEntry.objects.get(action="article.reopen_review")
    assert entry.detail == {"stage": "可信审核", "person": "周可信"}
    # What the others said of the same text still holds.
    approve_by(article, people.reviewer_credible)
    assert running_step(article).task.name == "可亲审核"
    approve_by(article, people.reviewer_approachable)
    assert running_step(article).task.name == "待发布"
    assert approvals.why_not_publish(again(article).get_latest_revision()) == []


def test_everybody_is_locked_out_while_it_is_judged(people, article):
    services.submit(people.editor, article)
    lock = again(article).get_lock()
    assert all(lock.for_user(person) for person in vars(people).values())
    assert "可信审核" in lock.get_message(people.editor)


def test_the_slower_of_two_reviewers_is_told(people, article):
    second = UserFactory(roles=["reviewer_credible"])
    services.submit(people.editor, article)
    step = running_step(article)
    approve_by(article, people.reviewer_credible)
    with pytest.raises(ReviewRefused, match="已经有人处理"):
        services.send_back(second, step, "我不同意")
    assert TaskState.objects.get(pk=step.pk).status == TaskState.STATUS_APPROVED


def test_a_revision_saved_behind_the_lock_is_not_approved(people, article):
    services.submit(people.editor, article)
    sneaky = again(article).get_latest_revision_as_object()
    sneaky.title = "偷偷改过"
    sneaky.save_revision(user=people.administrator)
    with pytest.raises(ReviewRefused, match="又有改动"):
        approve_by(article, people.reviewer_credible)


def test_submitting_twice_is_refused(people, article):
    services.submit(people.editor, article)
    with pytest.raises(ReviewRefused, match="已经在审核中"):
        services.submit(people.editor, article)


def test_every_verdict_is_audited(people, article):
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    services.send_back(people.reviewer_readable, running_step(article), "再短些")
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == ["article.submit", "article.approve", "article.send_back"]
