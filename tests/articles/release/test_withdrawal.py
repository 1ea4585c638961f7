"""撤稿: down at once, and the address says so."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry
from wagtail.signals import page_unpublished

from articles import publishing
from articles.models import (
    ArticlePage,
    CorrectionStatus,
    HomePage,
    UrgentStatus,
    Withdrawal,
    WithdrawalKind,
)
from articles.release import corrections, urgent, withdrawal
from articles.release.base import ReleaseRefused
from articles.review import approvals, services
from articles.status import Stage, standing
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory, approve_by, body
from tests.factories.users import UserFactory

from .conftest import again, change, review, reviewers

pytestmark = pytest.mark.django_db

REASON = "第三段的时间写错了，已核实。"


def withdraw(people, article, kind="wrong", reason=REASON) -> Withdrawal:
    return withdrawal.withdraw(people.publisher, article, kind, reason)


def test_one_person_takes_it_down_and_the_address_says_so(people, live, client, time_machine):
    time_machine.move_to("2026-06-01 09:00:00+08:00", tick=False)
    withdraw(people, live)
    response = client.get(live.url)
    html = response.content.decode()
    assert response.status_code == 410
    assert "2026年6月1日" in html and "内容有误" in html and live.column.url in html
    assert response["X-Robots-Tag"] == "noindex" and 'content="noindex"' in html
    # Fixed words only: nothing of the text, nothing one person wrote.
    assert live.title not in html and live.digest not in html and REASON not in html
    assert not again(live).live and standing(again(live)).stage == Stage.WITHDRAWN
    entry = AuditEntry.objects.get(action="article.withdraw")
    assert entry.actor == people.publisher
    assert entry.detail == {"kind": "内容有误", "reason": REASON}
    logged = PageLogEntry.objects.get(action="wagtail.unpublish")
    assert logged.user == people.publisher and logged.page_id == live.pk


@pytest.mark.parametrize("method", ["head", "get"])
def test_the_notice_answers_reading_requests(people, live, client, method):
    withdraw(people, live)
    assert getattr(client, method)(live.url).status_code == 410


def test_below_the_address_there_is_nothing(people, live, client):
    withdraw(people, live)
    assert client.get(f"{live.url}more/").status_code == 404


def test_a_draft_has_no_notice(people, draft, client):
    assert client.get(draft.url).status_code == 404


def test_lists_and_other_articles_no_longer_show_it(people, live, client):
    other = ArticleFactory(
        writer=people.editor,
        column=live.column,
        body=body(("related_article", {"article": live.pk}), ("paragraph", "<p>新的事。</p>")),
    )
    publishing.publish_now(people.publisher, review(people, other))
    pages = [HomePage.objects.get().url, live.column.url, other.url]
    assert all(live.title in client.get(url).content.decode() for url in pages)
    withdraw(people, live)
    assert not any(live.title in client.get(url).content.decode() for url in pages)


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [
        ("", REASON, "公开说明"),
        ("expired", REASON, "公开说明"),
        ("因为不好看", REASON, "公开说明"),
        ("wrong", "", "原因"),
        ("wrong", "   错   ", "原因"),
        ("wrong", "错" * 501, "原因"),
    ],
    ids=range(6),
)
def test_kind_and_reason_are_demanded(people, live, kind, reason, words):
    with pytest.raises(ReleaseRefused, match=words):
        withdraw(people, live, kind, reason)
    assert again(live).live and not Withdrawal.objects.exists()


@pytest.mark.parametrize(
    "role",
    ["editor", "reviewer_credible", "office", "administrator", "auditor", "contributor"],
)
def test_only_publishers_withdraw(people, live, role):
    with pytest.raises(ReleaseRefused, match="权限"):
        withdrawal.withdraw(getattr(people, role), live, "wrong", REASON)
    assert again(live).live


def test_twice_is_once(people, live):
    withdraw(people, live)
    with pytest.raises(ReleaseRefused, match="不在公开页面"):
        withdraw(people, live)
    assert Withdrawal.objects.count() == 1


def test_running_reviews_and_set_times_end_with_it(people, live):
    article = change(live, people.editor, title="改过的标题")
    article = review(people, article)
    publishing.schedule(people.publisher, article, timezone.now() + timedelta(hours=1))
    withdraw(people, article)
    article = again(article)
    assert not article.approved_schedule and article.go_live_at is None
    assert not article.workflow_in_progress

    services.submit(people.editor, article)
    assert "article.unschedule" in AuditEntry.objects.values_list("action", flat=True)


def test_a_running_review_of_a_change_ends_with_it(people, live):
    article = change(live, people.editor, title="改过的标题")
    services.submit(people.editor, article)
    withdraw(people, article)
    assert not again(article).workflow_in_progress
    assert AuditEntry.objects.filter(action="article.take_back").count() == 1


def test_what_waited_for_a_second_person_is_settled(people, live):
    note = corrections.propose_correction(people.editor, live, "“七点”应为“八点”。", "none")
    change(live, people.editor, title="改过的标题")
    asked = urgent.request_urgent(people.publisher, live, "标题写错了，家长都在问，等不了。")
    withdraw(people, live)
    note.refresh_from_db()
    asked.refresh_from_db()
    assert note.status == CorrectionStatus.DECLINED
    assert asked.status == UrgentStatus.CANCELLED


def test_old_approvals_bring_nothing_back(people, live):
    withdraw(people, live)
    with pytest.raises(publishing.PublishRefused):
        publishing.publish_now(people.publisher, again(live))
    with pytest.raises(approvals.NotApproved):
        live.live_revision.publish(user=people.publisher, skip_permission_checks=True)
    assert not again(live).live


def test_three_new_approvals_bring_it_back_at_its_address(people, live, client):
    first_day = live.first_published_at
    withdraw(people, live)
    article = review(people, change(live, people.editor, title="改正了的标题"))
    assert client.get(live.url).status_code == 410
    publishing.publish_now(people.publisher, article)
    gone = Withdrawal.objects.get()
    assert gone.ended_at is not None
    response = client.get(live.url)
    assert response.status_code == 200 and "改正了的标题" in response.content.decode()
    assert again(live).first_published_at == first_day
    withdraw(people, article)  # and down again: a second withdrawal beside the ended one
    assert client.get(live.url).status_code == 410 and Withdrawal.objects.count() == 2


def test_an_expired_article_says_so_as_well(people, client, time_machine):
    article = ArticleFactory(writer=people.editor)
    change(article, people.editor, expire_at=timezone.now() + timedelta(days=1))
    publishing.publish_now(people.publisher, review(people, article))
    note = corrections.propose_correction(people.editor, article, "电话应为28880000。", "none")
    time_machine.move_to(timezone.now() + timedelta(days=2), tick=False)
    assert publishing.publish_due().expired == [article.title]
    response = client.get(article.url)
    assert response.status_code == 410 and "已到有效期" in response.content.decode()
    gone = Withdrawal.objects.get()
    assert gone.kind == WithdrawalKind.EXPIRED and gone.withdrawn_by is None
    note.refresh_from_db()
    assert note.status == CorrectionStatus.DECLINED


def test_a_new_version_under_review_outlives_the_expiry_of_the_old(people, client, time_machine):
    article = ArticleFactory(writer=people.editor)
    change(article, people.editor, expire_at=timezone.now() + timedelta(days=1))
    publishing.publish_now(people.publisher, review(people, article))
    services.submit(people.editor, change(article, people.editor, title="新一期", expire_at=None))
    first, *others = reviewers(people)
    approve_by(article, first)
    time_machine.move_to(timezone.now() + timedelta(days=2), tick=False)
    assert publishing.publish_due().expired == [article.title]
    approve_by(article, *others)
    publishing.publish_now(people.publisher, again(article))
    response = client.get(article.url)
    assert response.status_code == 200 and "新一期" in response.content.decode()


def test_a_failure_midway_leaves_it_up_and_nothing_written(people, live, client):
    change(live, people.editor, title="改过的标题")
    services.submit(people.editor, again(live))

    def fail(**kwargs):
        raise RuntimeError("断电")

    page_unpublished.connect(fail, weak=False, dispatch_uid="test-fail")
    try:
        with pytest.raises(RuntimeError):
            withdraw(people, live)
    finally:
        page_unpublished.disconnect(dispatch_uid="test-fail")
    assert client.get(live.url).status_code == 200
    assert again(live).workflow_in_progress and not Withdrawal.objects.exists()
    assert not AuditEntry.objects.filter(action="article.withdraw").exists()


def test_what_was_public_is_never_deleted(people, live, client):
    withdraw(people, live)
    client.force_login(people.administrator)
    url = reverse("wagtailadmin_pages:delete", args=[live.pk])
    client.post(url)
    assert ArticlePage.objects.filter(pk=live.pk).exists()


@pytest.mark.parametrize("who", ["administrator", "editor", "reviewer_credible", "superuser"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("live", "公开过，不能删除。需要撤下时，请发布人员在“审核与发布”页撤稿。"),
        ("withdrawn", "公开过，不能删除。它已经撤下"),
        ("in review", "在审核中，不能删除。请先撤回送审。"),
        ("scheduled", "已经定时，不能删除。请发布人员先取消定时。"),
        ("urgent", "发起过特急"),
    ],
)
def test_who_opens_the_address_of_deletion_is_told_why(
    people, live, draft, client, who, method, state, why
):
    article = live if state in ("live", "withdrawn") else draft
    if state == "withdrawn":
        withdraw(people, live)
    elif state == "in review":
        services.submit(people.editor, draft)
    elif state == "scheduled":
        publishing.schedule(
            people.publisher, review(people, draft), timezone.now() + timedelta(hours=1)
        )
    elif state == "urgent":
        urgent.request_urgent(people.publisher, draft, "全区学校今天下午停课，家长要马上知道。")
    person = UserFactory(is_superuser=True) if who == "superuser" else getattr(people, who)
    client.force_login(person)
    url = reverse("wagtailadmin_pages:delete", args=[article.pk])
    response = getattr(client, method)(url, follow=True)
    assert response.redirect_chain[-1][0] == reverse("articles_desk", args=[article.pk])
    assert f"《{article.title}》{why}" in " ".join(map(str, response.context["messages"]))
    assert ArticlePage.objects.filter(pk=article.pk).exists()


def test_what_may_be_deleted_is(people, draft, client):
    client.force_login(people.editor)
    url = reverse("wagtailadmin_pages:delete", args=[draft.pk])
    assert "确" in client.get(url).content.decode()
    client.post(url)
    assert not ArticlePage.objects.filter(pk=draft.pk).exists()


def test_a_column_with_what_was_public_stays_and_says_why(people, live, client):
    client.force_login(UserFactory(is_superuser=True))
    url = reverse("wagtailadmin_pages:delete", args=[live.column.pk])
    response = client.post(url, follow=True)
    said = " ".join(map(str, response.context["messages"]))
    assert "下面有公开过的文章" in said and live.title in said
    assert again(live).live


def test_who_may_not_read_drafts_learns_nothing(people, draft, client):
    services.submit(people.editor, draft)
    client.force_login(people.office)
    url = reverse("wagtailadmin_pages:delete", args=[draft.pk])
    response = client.get(url, follow=True)
    assert draft.title not in response.content.decode()
    client.logout()
    assert "login" in client.get(url)["Location"]


def test_deleting_many_says_why_some_stay(people, live, client):
    client.force_login(UserFactory(is_superuser=True))
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    html = client.get(url, {"id": live.pk, "next": "/admin/"}).content.decode()
    assert live.title in html and "公开过的文章不能删除" in html


def test_an_approval_given_before_is_not_counted_for_the_next_round(people, live):
    withdraw(people, live)
    services.submit(people.editor, again(live))
    approve_by(live, *reviewers(people)[:2])
    with pytest.raises(publishing.PublishRefused):
        publishing.publish_now(people.publisher, again(live))
