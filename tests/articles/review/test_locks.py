"""What a lock says, and taking a text back."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import WorkflowState

from articles import publishing
from articles.models import ArticlePage, Deputation
from articles.review import approvals, claiming, deputies, services
from articles.review.refusals import ReviewRefused
from cms.ops.models import AuditEntry
from tests import scenes
from tests.factories.articles import ArticleFactory, approve_by, running_step, under_review
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


scene = scenes.fixture(under_review)


def again(article) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def message(article, person) -> str:
    return again(article).get_lock().get_message(person)


def test_a_review_s_lock_names_who_may_act(people, article):
    other = UserFactory(roles=["reviewer_credible"], display_name="林小荷")
    said = message(article, people.editor)
    assert f"等{people.reviewer_credible}、{other}审核" in said
    assert "撤回送审" in said and "在“可信审核”" in said
    assert f"{timezone.localtime():%m月%d日}" in said


def test_it_names_the_deputy_and_in_whose_place(people, article):
    deputy = UserFactory(display_name="周代审")
    Deputation.objects.create(
        dimension="credible",
        person=people.reviewer_credible,
        deputy=deputy,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate(),
        reason="出差",
        created_by=people.administrator,
    )
    assert f"周代审（代{people.reviewer_credible}）" in message(article, people.editor)
    approve_by(article, deputy)
    entry = AuditEntry.objects.get(action="article.approve")
    assert entry.detail["deputy_for"] == str(people.reviewer_credible)


def test_it_names_who_claimed_it(people, article):
    claiming.claim(people.reviewer_credible, running_step(article))
    assert f"由{people.reviewer_credible}认领，正在审" in message(article, people.editor)


def test_it_says_when_nobody_can_act(people):
    people.reviewer_credible.groups.clear()
    both = UserFactory(roles=["editor", "reviewer_credible"])
    article = ArticleFactory(writer=both)
    services.submit(both, article)
    assert "现在没有人可以审" in message(article, both)
    assert "管理员安排代审" in message(article, both)


def test_the_lock_of_what_waits_names_the_publishers(people, article):
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    assert f"等{people.publisher}定时" in message(article, people.editor)


def test_the_lock_of_a_schedule_says_when_and_by_whom(people, article):
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    at = timezone.now() + timedelta(days=1)
    publishing.schedule(people.publisher, article, at)
    said = message(article, people.editor)
    assert f"由{people.publisher}定于{timezone.localtime(at):%m月%d日 %H:%M}自动发布" in said
    assert "取消定时" in said
    lock = again(article).get_lock()
    assert lock.for_user(people.administrator) and lock.get_locked_by(None) == "已定时，已锁定"


def test_the_editor_shows_the_lock_and_the_way_back(people, article, client):
    client.force_login(people.editor)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert f"等{people.reviewer_credible}审核" in html
    assert reverse("articles_desk", args=[article.pk]) + "#take-back" in html
    assert "action-cancel-workflow" not in html


@pytest.mark.parametrize("role", ["editor", "publisher", "administrator"])
def test_taking_back_ends_the_round_on_record(people, article, role):
    approve_by(article, people.reviewer_credible)
    services.take_back(getattr(people, role), article, " 数字要改 ")
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED
    assert again(article).get_lock() is None
    assert approvals.given(again(article)) == []
    entry = AuditEntry.objects.get(action="article.take_back")
    assert entry.detail == {"reason": "数字要改"}
    services.submit(people.editor, article)
    assert running_step(article).task.name == "可信审核"


def test_an_approved_text_can_be_taken_back_until_a_time_is_set(people, article):
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    services.take_back(people.editor, article, "发现错字")
    with pytest.raises(publishing.PublishRefused):
        publishing.publish_now(people.publisher, article)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("the one who began it", True),
        ("the one who wrote into it", True),
        ("the one who submitted it", True),
        ("publisher", True),
        ("administrator", True),
        ("superuser", True),
        ("another editor", False),
        ("a deputy who is an editor", False),
        ("reviewer_credible", False),
        ("office", False),
        ("contributor", False),
    ],
)
def test_who_takes_back(people, article, client, who, may):
    services.take_back(people.editor, article, "补一句")
    writer, sender = (UserFactory(roles=["editor"]) for _ in range(2))
    again(article).save_revision(user=writer)
    services.submit(sender, again(article))
    deputy = UserFactory(roles=["editor"])
    today = timezone.localdate()
    deputies.appoint(
        people.administrator, "credible", people.reviewer_credible, deputy, today, today, "出差"
    )
    person = {
        "the one who began it": people.editor,
        "the one who wrote into it": writer,
        "the one who submitted it": sender,
        "superuser": UserFactory(is_superuser=True),
        "another editor": UserFactory(roles=["editor"]),
        "a deputy who is an editor": deputy,
    }.get(who) or getattr(people, who)
    assert services.may_take_back(person, again(article)) is may
    if may:
        services.take_back(person, article, "数字要改")
        assert not again(article).workflow_in_progress
        return
    with pytest.raises(ReviewRefused, match="只有作者、送审人、发布人员和管理员可以撤回送审"):
        services.take_back(person, article, "不想审")
    assert again(article).workflow_in_progress
    if person.has_perm("articles.view_articlepage"):
        client.force_login(person)
        html = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
        assert 'value="take_back"' not in html


def test_taking_back_needs_a_reason_and_a_review(people, article):
    with pytest.raises(ReviewRefused, match="原因"):
        services.take_back(people.editor, article, "  ")
    services.take_back(people.editor, article, "改")
    with pytest.raises(ReviewRefused, match="不在审核中"):
        services.take_back(people.editor, article, "再改")
    assert AuditEntry.objects.filter(action="article.take_back").count() == 1


def test_a_verdict_on_what_was_taken_back_comes_too_late(people, article):
    step = running_step(article)
    services.take_back(people.editor, article, "改")
    with pytest.raises(ReviewRefused, match="撤回或停用"):
        services.send_back(people.reviewer_credible, step, "我来退")
