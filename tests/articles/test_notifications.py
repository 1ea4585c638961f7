"""Who is told what, as one table, and that the services reach the right people with it."""

import datetime as dt
import string

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.utils import timezone

from articles import notifications, publishing
from articles.models import ArticlePage, Contribution, CorrectionNote, Deputation
from articles.notifications import EVENTS, FAMILIES, SILENT
from articles.review import services
from cms.ops import audit, notices
from cms.ops.models import DETAIL_LABELS, Notice
from cms.ops.registry import action_labels
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

# The whole table, for people to read. Every row is in the workbench; 邮 says by mail too.
TABLE = """
article.submit             下一审的审核人 邮
article.approve            下一审的审核人 邮
article.approve            发布人员（三审都通过时） 邮
article.approve            写稿人和送审人
article.send_back          写稿人和送审人 邮
article.send_back          本轮已通过的审核人 邮
article.reopen_reviews     本轮已通过的审核人
article.reopen_review      写稿人和送审人
article.take_back          本轮已通过的审核人
article.comment            写稿人和送审人
article.comment_resolve    写批注的人
article.review_overdue     认领人（没有认领时下一审的审核人）
deputation.appoint         代审人 邮
deputation.appoint         被代的审核人
deputation.end             代审人、被代的审核人
article.schedule           写稿人和送审人
article.unschedule         写稿人和送审人
article.plan_day           写稿人和送审人
article.publish            写稿人和送审人
article.publish_retry      写稿人和送审人
article.publish_failed     发布人员、管理员 邮
article.expire             写稿人和送审人、发布人员
article.claim_in_doubt     写稿人和送审人、发布人员
article.urgent_request     可作特急第二人的 邮
article.urgent_publish     特急发起人 邮
article.urgent_publish     写稿人和送审人
article.urgent_decline     特急发起人 邮
article.urgent_cancel      可作特急第二人的、特急发起人
article.urgent_reviewed    特急发起人
article.urgent_overdue     下一审的审核人、特急发起人、发布人员 邮
article.withdraw           写稿人和送审人、本轮已通过的审核人 邮
article.correction_propose 可确认更正的 邮
article.correction_publish 更正提出人、写稿人和送审人
article.correction_decline 更正提出人
article.change_public_date 写稿人和送审人、发布人员
push.create                没有参与组稿、可审定推送的 邮
push.approve               发布人员、参与组稿的人 邮
push.reopen                推送的审定人、参与组稿的人、发布人员 邮
push.commit                推送里文章的写稿人
push.uncommit              推送的审定人、推送里文章的写稿人
push.publish               推送里文章的写稿人
push.publish_retry         推送里文章的写稿人
push.publish_failed        发布人员、管理员 邮
push.delivered             发布人员
push.delivery_failed       发布人员 邮
push.draft_changed         发布人员 邮
push.mass_send             发布人员
push.sent                  推送里文章的写稿人、发布人员
push.dissolve              参与组稿的人
article.push_leave         写稿人和送审人
article.shared_opinion     送阅的人 邮
article.shared_opinion     写稿人和送审人
contribution.send          处理来稿的编辑
contribution.take          通讯员 邮
contribution.decline       通讯员 邮
topic.accept               选题写稿人 邮
topic.accept               选题提出人
topic.drop                 选题提出人
"""


def test_the_table() -> None:
    rows = [
        f"{event.action:<26} {'、'.join(event.to)}{' 邮' if event.mail else ''}" for event in EVENTS
    ]
    assert "\n".join(rows) == TABLE.strip()


def test_every_action_is_told_or_silent_on_purpose() -> None:
    told = {event.action for event in EVENTS}
    ours = ("article.", "contribution.", "deputation.", "mail.", "push.", "topic.")
    recorded = {action for action in action_labels() if action.startswith(ours)}
    assert recorded - told - SILENT == set()
    assert told & SILENT == set()


def test_sentences_use_only_what_is_recorded() -> None:
    known = {"title", "actor", "step", *DETAIL_LABELS}
    used = {
        name
        for event in EVENTS
        for _, name, _, _ in string.Formatter().parse(event.sentence)
        if name
    }
    assert used - known == set()


def test_every_action_is_in_one_family() -> None:
    of = [action for family in FAMILIES for action in family.events]
    assert sorted(of) == sorted({event.name for event in EVENTS})


# --- what the services set off --------------------------------------------------------------------


def told() -> dict[str, str]:
    """Who was told what since it was asked last; 邮 stands before what is mailed too."""
    rows = list(Notice.objects.select_related("recipient").order_by("pk"))
    found = {row.recipient.username: f"{'邮 ' if row.by_mail else ''}{row.message}" for row in rows}
    assert len(found) == len(rows), "somebody was told twice"
    Notice.objects.all().delete()
    return found


@pytest.fixture
def article(people) -> ArticlePage:
    article = ArticleFactory(writer=people.editor, title="楼道灯亮了")
    services.submit(people.editor, article)
    return article


@pytest.fixture
def reviewers(people):
    return people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable


@pytest.mark.django_db
def test_the_way_of_an_article(people, article, reviewers) -> None:
    asked = f"邮 《楼道灯亮了》等您可信审核，由{people.editor}提交。"
    assert told() == {"reviewer_credible": asked}
    approve_by(article, reviewers[0])
    assert told() == {
        "reviewer_readable": "邮 《楼道灯亮了》已通过可信审核，等您可读审核。",
        "editor": f"《楼道灯亮了》已通过可信审核（{reviewers[0]}）。",
    }
    approve_by(article, *reviewers[1:])
    Notice.objects.filter(event="article.approve", recipient=people.editor).delete()
    assert told() == {
        "reviewer_approachable": "邮 《楼道灯亮了》已通过可读审核，等您可亲审核。",
        "publisher": "邮 《楼道灯亮了》三审都已通过，等您定时或发布。",
    }
    publishing.publish_now(people.publisher, article)
    assert told() == {"editor": "《楼道灯亮了》已发布。"}


@pytest.mark.django_db
def test_a_return_reaches_everybody_who_wrote(people, reviewers) -> None:
    helper = UserFactory(username="helper", roles=["editor"])
    article = ArticleFactory(writer=people.editor)
    article.save_revision(user=helper)
    services.submit(people.editor, article)
    Notice.objects.all().delete()
    services.send_back(reviewers[0], running_step(article), "数字不对")
    got = told()
    assert set(got) == {"editor", "helper"}
    assert "退回修改：数字不对" in got["editor"] and got["helper"].startswith("邮 ")


@pytest.mark.django_db
def test_a_late_return_reaches_the_earlier_reviewers(people, article, reviewers) -> None:
    approve_by(article, *reviewers[:2])
    Notice.objects.all().delete()
    services.send_back(reviewers[2], running_step(article), "再说得明白些")
    got = told()
    assert set(got) == {"editor", "reviewer_credible", "reviewer_readable"}
    assert got["reviewer_credible"].startswith("邮 您通过的《楼道灯亮了》在“可亲审核”被")


@pytest.mark.django_db
def test_a_changed_text_is_told_to_who_had_approved(people, article, reviewers) -> None:
    approve_by(article, *reviewers[:2])
    services.send_back(reviewers[2], running_step(article), "改标题")
    article = ArticlePage.objects.get(pk=article.pk)
    article.title = "楼道灯又亮了"
    article.save_revision(user=people.editor)
    Notice.objects.all().delete()
    services.submit(people.editor, article)
    got = told_by_event()
    assert got["article.reopen_reviews"] == {"reviewer_credible", "reviewer_readable"}
    assert got["article.submit"] == {"reviewer_credible"}


def told_by_event() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in Notice.objects.select_related("recipient"):
        found.setdefault(row.event.removesuffix(".ask"), set()).add(row.recipient.username)
    Notice.objects.all().delete()
    return found


@pytest.mark.django_db
def test_only_who_may_judge_is_asked(people, reviewers) -> None:
    """Neither who wrote it, nor who gave another approval, nor who has left."""
    both = UserFactory(username="both", roles=["reviewer_credible", "reviewer_readable"])
    writer = UserFactory(username="writer", roles=["editor", "reviewer_credible"])
    UserFactory(username="gone", roles=["reviewer_credible"], is_active=False)
    UserFactory(username="super", is_superuser=True)
    article = ArticleFactory(writer=writer)
    services.submit(people.editor, article)
    assert told_by_event()["article.submit"] == {"both", "reviewer_credible"}
    approve_by(article, both)
    assert told_by_event()["article.approve"] == {"reviewer_readable", "writer", "editor"}


@pytest.mark.django_db
def test_deputies_of_today_are_asked(people, reviewers) -> None:
    deputy = UserFactory(username="deputy", roles=["editor"])
    today = timezone.localdate()
    Deputation.objects.create(
        dimension="credible",
        person=reviewers[0],
        deputy=deputy,
        starts_on=today,
        ends_on=today,
        reason="出差",
        created_by=reviewers[0],
    )
    services.submit(people.editor, ArticleFactory(writer=people.editor))
    assert told_by_event()["article.submit"] == {"deputy", "reviewer_credible"}


@pytest.mark.django_db
def test_a_failure_goes_to_publishers_and_administrators_by_mail(
    people, article, reviewers, monkeypatch
) -> None:
    approve_by(article, *reviewers)
    at = timezone.now() + dt.timedelta(hours=1)
    publishing.schedule(people.publisher, article, at)
    Notice.objects.all().delete()

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(ArticlePage, "publish", broken)
    with time_machine.travel(at + dt.timedelta(minutes=1), tick=False):
        assert publishing.publish_due().failed
    got = told()
    assert set(got) == {"publisher", "administrator"}
    assert "没有按时发布：系统错误：disk full" in got["publisher"]
    assert all(words.startswith("邮 ") for words in got.values())


@pytest.mark.django_db
def test_a_contributor_is_never_sent_to_the_desk(people, article) -> None:
    contributor = people.contributor
    Contribution.objects.create(title="来稿", sent_by=contributor, article=article)
    Notice.objects.all().delete()
    services.send_back(people.reviewer_credible, running_step(article), "补充出处")
    assert set(told()) == {"editor"}


@pytest.mark.django_db
def test_times_and_lists_are_words(people, article) -> None:
    Notice.objects.all().delete()
    at = dt.datetime(2026, 12, 1, 0, 30, tzinfo=dt.UTC)
    audit.record(None, "article.schedule", article, {"go_live_at": at})
    audit.record(None, "article.change_public_date", article, {})
    assert [n.message for n in Notice.objects.filter(recipient=people.editor).order_by("pk")] == [
        "《楼道灯亮了》已定时，12月01日 08:30 发布。",
        "系统改了《楼道灯亮了》的公开日期",
    ]
    assert notifications._word("changes", ["标题有改动", "正文有改动"]) == "标题有改动；正文有改动"


@pytest.mark.django_db
def test_a_proposal_is_told_to_others_and_its_answer_to_who_proposed(people, article) -> None:
    Notice.objects.all().delete()
    note = CorrectionNote.objects.create(
        article=article, text="时间应为八点。", wechat_action="none", proposed_by=people.publisher
    )
    audit.record(people.publisher, "article.correction_propose", article, {"text": note.text})
    asked = told_by_event()["article.correction_propose"]
    assert "publisher" not in asked and "reviewer_credible" in asked
    note.decided_by, note.decided_at = people.reviewer_credible, timezone.now()
    note.save()
    audit.record(people.reviewer_credible, "article.correction_publish", article, {"text": "x"})
    assert told_by_event()["article.correction_publish"] == {"publisher", "editor"}


@pytest.mark.django_db
def test_who_wrote_an_earlier_version_is_left_in_peace(people, article, reviewers) -> None:
    approve_by(article, *reviewers)
    publishing.publish_now(people.publisher, article)
    other = UserFactory(username="other", roles=["editor"])
    article = ArticlePage.objects.get(pk=article.pk)
    article.digest = "改过的摘要。"
    article.save_revision(user=other)
    services.submit(other, article)
    approve_by(article, *reviewers)
    Notice.objects.all().delete()
    publishing.publish_now(people.publisher, article)
    assert told_by_event() == {"article.publish": {"other"}}


@pytest.mark.django_db
def test_one_event_costs_the_same_however_many_people(
    people, reviewers, django_assert_max_num_queries
) -> None:
    for _ in range(12):
        UserFactory(roles=["reviewer_credible"])
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    assert Notice.objects.count() == 13
    with django_assert_max_num_queries(30):
        audit.record(people.editor, "article.submit", article)


@pytest.mark.django_db
def test_nothing_is_told_of_what_was_undone(people, article) -> None:
    before = Notice.objects.count()
    with pytest.raises(services.ReviewRefused), transaction.atomic():
        services.submit(people.editor, article)
    assert Notice.objects.count() == before


@pytest.mark.django_db
def test_wagtail_says_nothing_beside_us(people, article, reviewers) -> None:
    """Its mails about reviews would go out at once, in the middle of the deed."""
    approve_by(article, *reviewers[:2])
    services.send_back(reviewers[2], running_step(article), "改")
    assert mail.outbox == []
    notices.MAILS.send()
    assert {sent.to[0] for sent in mail.outbox} >= {people.editor.email, reviewers[0].email}


@pytest.mark.django_db
def test_what_was_asked_is_settled_once_it_is_done(people):
    second = UserFactory(roles=["reviewer_credible"])
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    assert notices.unread(second).count() == 1
    approve_by(article, people.reviewer_credible)
    assert not notices.unread(second).exists()
    assert notices.unread(people.reviewer_readable).count() == 1
    # Who is only told keeps the news.
    assert notices.unread(people.editor).count() == 1
    services.send_back(people.reviewer_readable, running_step(article), "标题太长", "headline")
    assert not notices.unread(people.reviewer_readable).exists()
    assert notices.unread(people.editor).count() == 2
