"""Times, what is due, what failed."""

from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import IntegrityError, OperationalError
from django.urls import reverse
from django.utils import timezone

from articles import health, publishing
from articles.models import ArticlePage, PublishFailure
from articles.publishing import PublishRefused, publish_due
from articles.review import services
from articles.review.approvals import NotApproved
from cms.ops.registry import Level
from tests import scenes
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import one_of_each

pytestmark = pytest.mark.django_db


def reviewers(people):
    return people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable


def make_ready(people, **kwargs) -> ArticlePage:
    article = ArticleFactory(writer=people.editor, **kwargs)
    services.submit(people.editor, article)
    approve_by(article, *reviewers(people))
    return again(article)


def again(article) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def make():
    people = one_of_each()
    return SimpleNamespace(people=people, ready=make_ready(people))


scene = scenes.fixture(make)


@pytest.fixture
def ready(scene, db):
    """An article that waits in 待发布."""
    return again(scene.ready)


def in_an_hour():
    return timezone.now() + timedelta(hours=1)


def test_goes_live_at_its_minute_and_not_before(people, ready, time_machine):
    at = in_an_hour()
    publishing.schedule(people.publisher, ready, at)
    assert not again(ready).live and again(ready).approved_schedule
    assert publish_due().published == []
    time_machine.move_to(at - timedelta(seconds=1), tick=False)
    assert publish_due().published == []
    time_machine.move_to(at, tick=False)
    assert publish_due().published == [ready.title]
    assert again(ready).live
    assert again(ready).first_published_at == at


def test_publishing_twice_does_nothing(people, ready, time_machine):
    publishing.schedule(people.publisher, ready, in_an_hour())
    time_machine.move_to(in_an_hour(), tick=False)
    publish_due()
    first = again(ready).last_published_at
    assert publish_due() == publishing.DueReport()
    assert again(ready).last_published_at == first


def test_a_stale_list_of_due_items_publishes_nothing_twice(people, ready, time_machine):
    """Two workers read the same list; the slower one finds the row done."""
    revision = publishing.schedule(people.publisher, ready, in_an_hour())
    time_machine.move_to(in_an_hour(), tick=False)
    stale = {revision.pk: ready.title}
    for published in ([ready.title], []):
        report = publishing.DueReport()
        publishing._publish_batch(stale, timezone.now(), report)
        assert report == publishing.DueReport(published)


def test_what_the_database_refuses_at_the_end_stops_no_other(people, ready, time_machine):
    """A fault that comes to light at the commit is nobody's: each is tried by itself."""
    other = make_ready(people, title="另一篇")
    for article in (ready, other):
        publishing.schedule(people.publisher, article, in_an_hour())
    time_machine.move_to(in_an_hour(), tick=False)
    genuine = publishing._publish_locked

    def refused(due, now, done):
        genuine(due, now, done)
        if ready.title in due.values():
            raise IntegrityError("FOREIGN KEY constraint failed")

    with mock.patch.object(publishing, "_publish_locked", refused):
        report = publish_due()
    assert report.published == [other.title]
    assert [title for title, _ in report.failed] == [ready.title]
    assert again(other).live and not again(ready).live
    assert PublishFailure.objects.get().page_id == ready.pk


def test_only_the_publisher_sets_times(people, ready):
    for role in ("editor", "reviewer_credible", "office", "administrator", "auditor"):
        with pytest.raises(PublishRefused, match="发布"):
            publishing.schedule(getattr(people, role), ready, in_an_hour())
        with pytest.raises(PublishRefused, match="发布"):
            publishing.publish_now(getattr(people, role), ready)


def test_no_time_without_three_approvals(people):
    article = ArticleFactory(writer=people.editor)
    with pytest.raises(PublishRefused, match="还没有通过"):
        publishing.schedule(people.publisher, article, in_an_hour())
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    with pytest.raises(PublishRefused, match="可读、可亲审核还没有通过"):
        publishing.publish_now(people.publisher, article)


def test_a_time_in_the_past_is_refused(people, ready):
    with pytest.raises(PublishRefused, match="已经过去"):
        publishing.schedule(people.publisher, ready, timezone.now() - timedelta(minutes=1))


def test_publish_now(people, ready, client):
    publishing.publish_now(people.publisher, ready)
    article = again(ready)
    assert article.live and not article.workflow_in_progress
    assert client.get(article.url).status_code == 200


def test_wagtail_s_own_publish_refuses_what_is_not_approved(people):
    article = ArticleFactory(writer=people.editor)
    for user in (None, people.publisher):
        with pytest.raises(NotApproved):
            article.get_latest_revision().publish(user=user, skip_permission_checks=True)
    assert not again(article).live


def test_unscheduling_keeps_the_approvals(people, ready):
    publishing.schedule(people.publisher, ready, in_an_hour())
    with pytest.raises(PublishRefused, match="原因"):
        publishing.unschedule(people.publisher, ready, "")
    publishing.unschedule(people.publisher, ready, "活动改期")
    assert not again(ready).approved_schedule
    publishing.schedule(people.publisher, again(ready), in_an_hour())
    assert again(ready).approved_schedule


def test_a_change_after_unscheduling_needs_new_reviews(people, ready):
    publishing.schedule(people.publisher, ready, in_an_hour())
    publishing.unschedule(people.publisher, ready, "要改")
    draft = again(ready).get_latest_revision_as_object()
    draft.title = "改过的标题"
    draft.save_revision(user=people.editor)
    with pytest.raises(PublishRefused, match="有改动"):
        publishing.schedule(people.publisher, again(ready), in_an_hour())


def test_one_broken_item_stops_no_other_and_is_shown(people, time_machine, monkeypatch, client):
    articles = [make_ready(people, title=title) for title in ("甲", "乙", "丙")]
    for article in articles:
        publishing.schedule(people.publisher, article, in_an_hour())
    broken = articles[1].pk
    genuine = ArticlePage.publish

    def publish(self, revision, *args, **kwargs):
        if self.pk == broken:
            raise RuntimeError("磁盘满")
        return genuine(self, revision, *args, **kwargs)

    monkeypatch.setattr(ArticlePage, "publish", publish)
    time_machine.move_to(in_an_hour(), tick=False)
    report = publish_due()
    assert report.published == ["甲", "丙"]
    assert report.failed == [("乙", "系统错误：磁盘满")]
    assert not again(articles[1]).live
    assert publish_due() == publishing.DueReport()  # it waits for a person
    (finding,) = health.publishing()
    assert finding.level == Level.ALARM and "乙" in finding.message
    client.force_login(people.publisher)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "需要留意" in html and "磁盘满" in html and finding.url in html

    monkeypatch.setattr(ArticlePage, "publish", genuine)
    with pytest.raises(PublishRefused):
        publishing.retry(people.editor, PublishFailure.objects.get())
    publishing.retry(people.publisher, PublishFailure.objects.get())
    assert again(articles[1]).live
    assert not PublishFailure.objects.exists()


def test_nothing_half_written_when_publishing_breaks_midway(
    people, ready, time_machine, monkeypatch
):
    publishing.schedule(people.publisher, ready, in_an_hour())
    from wagtail.signals import page_published

    def fail(**kwargs):
        raise RuntimeError("断电")

    page_published.connect(fail, weak=False, dispatch_uid="test-fail")
    try:
        time_machine.move_to(in_an_hour(), tick=False)
        publish_due()
    finally:
        page_published.disconnect(dispatch_uid="test-fail")
    article = again(ready)
    assert not article.live and article.approved_schedule


def test_a_busy_database_is_no_fault_of_the_item(people, ready, time_machine, monkeypatch):
    publishing.schedule(people.publisher, ready, in_an_hour())

    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    time_machine.move_to(in_an_hour(), tick=False)
    with monkeypatch.context() as patch:
        patch.setattr(ArticlePage, "publish", busy)
        assert publish_due().postponed == [ready.title]
    assert publish_due().published == [ready.title]


def test_text_changed_behind_the_schedule_is_not_published(people, ready, time_machine):
    revision = publishing.schedule(people.publisher, ready, in_an_hour())
    revision.content = {**revision.content, "title": "换了题目"}
    revision.save()
    time_machine.move_to(in_an_hour(), tick=False)
    ((_, reason),) = publish_due().failed
    assert "有改动" in reason


def test_overdue_items_are_visible(people, ready, time_machine):
    publishing.schedule(people.publisher, ready, in_an_hour())
    assert health.publishing() == []
    time_machine.move_to(in_an_hour() + timedelta(minutes=3), tick=False)
    (finding,) = health.publishing()
    assert "后台任务" in finding.message


def test_expired_articles_are_taken_down(people, ready, time_machine, client):
    publishing.publish_now(people.publisher, ready)
    ArticlePage.objects.filter(pk=ready.pk).update(expire_at=in_an_hour())
    url = again(ready).url
    assert client.get(url).status_code == 200
    time_machine.move_to(in_an_hour(), tick=False)
    assert publish_due().expired == [ready.title]
    assert client.get(url).status_code == 410


def test_wagtail_s_command_does_what_ours_does(people, ready, time_machine, capsys):
    publishing.schedule(people.publisher, ready, in_an_hour())
    time_machine.move_to(in_an_hour(), tick=False)
    call_command("publish_scheduled", "--dryrun")
    assert not again(ready).live
    call_command("publish_scheduled")
    assert again(ready).live
    assert f"已发布：{ready.title}" in capsys.readouterr().out


def test_sending_back_from_ready(people, ready):
    services.send_back(people.publisher, running_step(ready), "封面用错了")
    assert again(ready).get_lock() is None
