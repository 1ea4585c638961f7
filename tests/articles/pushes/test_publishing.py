"""A push on the mirror: at its minute, all of it or nothing, and a failure that people see."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, transaction

from articles import gate, health, publishing, timeline
from articles.models import ArticlePage, Push, SentNoticed
from articles.pushes import services
from articles.pushes.refusals import PushRefused
from articles.review import services as reviews
from articles.status import Stage, standing
from cms.ops.models import AuditEntry, Notice

from .conftest import again, on

pytestmark = pytest.mark.django_db


def live():
    return sorted(ArticlePage.objects.live().values_list("title", flat=True))


def break_at(monkeypatch, title, error):
    """Let the publication of ``title`` raise ``error`` in the middle of it."""
    genuine = gate.going_live

    def going_live(article, digest):
        if article.title == title:
            raise error
        return genuine(article, digest)

    monkeypatch.setattr(gate, "going_live", going_live)


def test_all_go_live_at_the_minute(people, assemble, clock, client):
    push = assemble(3, at=on(1))
    assert publishing.publish_due().published == [] and live() == []
    clock.move_to(on(1))
    report = publishing.publish_due()
    assert report.published == ["推送《稿0》等3篇"] and not report.failed
    assert live() == ["稿0", "稿1", "稿2"]
    # The headline is the newest, so that it stands first in lists.
    assert [article.title for article in ArticlePage.objects.newest()] == ["稿0", "稿1", "稿2"]
    push = again(push)
    assert push.published_at and not push.publish_failed_at
    assert publishing.publish_due().published == []
    assert AuditEntry.objects.filter(action="push.publish").count() == 1
    assert standing(ArticlePage.objects.newest().first()).stage == Stage.LIVE
    told = Notice.objects.filter(event="push.publish").values_list("recipient", flat=True)
    assert list(told) == [people.editor.pk]


def test_one_that_fails_keeps_all_back(people, assemble, clock, ready, monkeypatch):
    push = assemble(3, at=on(1))
    clock.move_to(on(1, "08:31"))
    break_at(monkeypatch, "稿1", ValueError("坏图片"))
    report = publishing.publish_due()
    assert report.failed == [("推送《稿0》等3篇", "《稿1》系统错误：坏图片")]
    assert live() == []
    push = again(push)
    assert push.publish_failed_at and "坏图片" in push.publish_failure_detail
    assert standing(again(ready[0])).stage == Stage.FAILED
    (alarm,) = health.publishing()
    assert "一篇也没有公开：《稿1》系统错误：坏图片" in alarm.message
    told = Notice.objects.filter(event="push.publish_failed").values_list("recipient", flat=True)
    assert set(told) >= {people.publisher.pk, people.administrator.pk}
    assert publishing.publish_due().failed == []  # told once, and not tried again by itself

    with pytest.raises(ValueError, match="坏图片"), transaction.atomic():
        services.retry(people.publisher, push)
    assert again(push).publish_failed_at and live() == []
    monkeypatch.undo()
    services.retry(people.publisher, push)
    assert len(live()) == 3 and not again(push).publish_failed_at
    with pytest.raises(PushRefused, match="没有需要重试"):
        services.retry(people.publisher, push)


def test_what_was_not_approved_so_is_kept_back(people, assemble, clock, ready):
    push = assemble(2, at=on(1))
    push.members.filter(position=0).update(comments="closed")
    clock.move_to(on(1, "08:31"))
    ((_, reason),) = publishing.publish_due().failed
    assert reason == "审定之后文章、次序或设置有变动，请重新审定。"
    services.remove(people.publisher, push, ready[0], "改过")
    push = again(push)
    assert not push.publish_failed_at and not push.go_live_at  # the way is free again


def test_a_busy_database_is_no_failure(assemble, clock, monkeypatch):
    push = assemble(2, at=on(1))
    clock.move_to(on(1, "08:31"))
    break_at(monkeypatch, "稿1", OperationalError("database is locked"))
    report = publishing.publish_due()
    assert report.postponed == ["推送《稿0》等2篇"] and live() == []
    assert not again(push).publish_failed_at
    monkeypatch.undo()
    assert publishing.publish_due().published == ["推送《稿0》等2篇"]


def test_a_failing_push_stops_no_other(people, assemble, clock, ready, monkeypatch):
    assemble(1, at=on(1))
    assemble(1, at=on(2))
    publishing.schedule(people.publisher, again(ready[2]), on(2))
    clock.move_to(on(2, "08:31"))
    break_at(monkeypatch, "稿0", ValueError("坏"))
    report = publishing.publish_due()
    assert report.published == ["推送《稿1》", "稿2"]
    assert [label for label, _ in report.failed] == ["推送《稿0》"]


def test_a_dry_run_names_it_and_an_overdue_one_alarms(assemble, clock):
    push = assemble(2, at=on(1))
    clock.move_to(on(1, "08:31"))
    out = StringIO()
    call_command("publish_due", "--dry-run", stdout=out)
    assert "推送《稿0》等2篇" in out.getvalue() and live() == []
    assert health.publishing() == []
    clock.move_to(on(1, "08:33"))
    (alarm,) = health.publishing()
    assert "已过定时时间还没有发布" in alarm.message and str(push.pk) in alarm.url


def test_published_at_once_takes_the_turn_of_the_day(people, assemble):
    push, other = assemble(2, approved=True), assemble(1, approved=True)
    services.publish_now(people.publisher, push)
    assert live() == ["稿0", "稿1"]
    with pytest.raises(PushRefused, match="这个时段已有推送《稿0》等2篇"):
        services.publish_now(people.publisher, other)
    with pytest.raises(PushRefused, match="已经公开"):
        services.dissolve(people.publisher, push, "不要了")


def test_when_sent_the_mirror_follows_the_sending(people, assemble, clock, settings):
    settings.MIRROR_PUBLISH = "when_sent"
    push = assemble(2, at=on(1))
    clock.move_to(on(1, "08:40"))
    assert publishing.publish_due().published == [] and live() == []
    assert health.publishing() == []
    services.record_sent(None, push, on(1, "08:35"), noticed=SentNoticed.CALLBACK)
    assert live() == ["稿0", "稿1"] and again(push).published_at


@pytest.mark.parametrize("mode", ["at_minute", "when_sent"])
def test_what_may_not_follow_shows_as_a_failure(people, assemble, settings, mode):
    """Sent by hand without an approval: that is on record, and the mirror keeps to the rule."""
    settings.MIRROR_PUBLISH = mode
    push = assemble(2)
    services.record_sent(people.publisher, push, on(0), noticed=SentNoticed.PASTED)
    push = again(push)
    assert push.sent_at and not push.published_at and live() == []
    assert "还没有审定" in push.publish_failure


def test_sent_early_the_minute_still_holds(people, assemble, clock):
    push = assemble(2, at=on(1))
    services.record_sent(people.publisher, push, on(0), noticed=SentNoticed.PASTED)
    assert live() == []
    clock.move_to(on(1, "08:31"))
    publishing.publish_due()
    assert live() == ["稿0", "稿1"]


def test_a_later_draft_of_what_is_public_is_another_matter(people, assemble, ready):
    push = assemble(2, approved=True)
    services.publish_now(people.publisher, push)
    assert services.why_not_deliver(again(push)) == []
    article = again(ready[0])
    article.title = "下一稿"
    article.save_revision(user=people.editor)
    reviews.submit(people.editor, article)
    assert services.why_not_deliver(again(push)) == []


def test_the_members_tell_the_story_of_their_push(people, assemble, ready, clock):
    push = assemble(2, approved=True)
    services.remove(people.publisher, push, ready[1], "改日再发")
    services.approve(people.second, push)
    services.commit(people.publisher, push, on(1))
    clock.move_to(on(1))
    publishing.publish_due()

    def told(article):
        return [entry.line.text for entry in reversed(timeline.entries(article))][-6:]

    assert told(ready[0])[-4:] == [
        "推送的审定作废",
        f"{people.second}审定了推送",
        f"{people.publisher}给推送定时：2026年12月9日 08:30",
        "到了定好的时间，推送的文章一起发布到网页镜像",
    ]
    assert told(ready[1])[-1] == f"{people.publisher}把文章移出推送《稿0》"
    assert f"{people.second}审定了推送" in told(ready[1])
    assert (
        len(timeline.of_push(again(push)))
        == AuditEntry.objects.filter(object_type="articles.push").count()
    )


def test_who_is_told_of_what(people, assemble, ready):
    def told(event):
        rows = Notice.objects.filter(event__startswith=event)
        return set(rows.values_list("recipient", flat=True))

    push = assemble(1)
    reviewers = {
        people.reviewer_credible.pk,
        people.reviewer_readable.pk,
        people.reviewer_approachable.pk,
    }
    assert told("push.create") == reviewers | {people.second.pk}
    services.approve(people.reviewer_credible, push)
    assert told("push.approve") == {people.publisher.pk, people.second.pk}
    services.commit(people.publisher, push, on(1))
    assert told("push.commit") == {people.editor.pk}
    services.add(people.second, push, ready[2])
    assert told("push.reopen") == {people.reviewer_credible.pk, people.publisher.pk}


def test_an_empty_push_is_nothing(people, assemble, ready):
    push = assemble(1)
    services.remove(people.publisher, push, ready[0], "改日")
    push = Push.objects.get(pk=push.pk)
    assert push.title == f"空推送 {push.pk}"
    with pytest.raises(PushRefused, match="还没有文章"):
        services.approve(people.second, push)
