"""Days on which publishing has stopped: what is due waits, visibly, and goes out afterwards."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from articles import health, publishing
from articles.publishing import PublishRefused, publish_due
from articles.release import corrections, urgent, withdrawal
from articles.status import standing
from cms.mirror.models import SpecialPeriod
from cms.ops.registry import Level
from tests import scenes
from tests.factories.articles import ArticleFactory
from tests.factories.users import one_of_each

from .test_publishing import again, make_ready

pytestmark = pytest.mark.django_db


def make() -> SimpleNamespace:
    people = one_of_each()
    return SimpleNamespace(
        people=people,
        ready=make_ready(people, title="等着的"),
        live=ArticleFactory(writer=people.editor, title="公开的", live=True),
    )


scene = scenes.fixture(make)


@pytest.fixture(autouse=True)
def now(time_machine: Any, db: None) -> Any:
    """The day before two days without publishing."""
    time_machine.move_to("2027-03-01 10:00+08:00", tick=False)
    SpecialPeriod.objects.create(
        first="2027-03-02", last="2027-03-03", name="会议期间", is_frozen=True
    )
    return time_machine


def at(text: str) -> timezone.datetime:
    return timezone.make_aware(timezone.datetime.fromisoformat(text))


def set_before(article: Any, person: Any, moment: str) -> None:
    """The time was set before the days without publishing were entered."""
    kept = list(SpecialPeriod.objects.all())
    SpecialPeriod.objects.all().delete()
    publishing.schedule(person, article, at(moment))
    SpecialPeriod.objects.bulk_create(kept)


def test_nobody_sets_a_time_into_it(people: Any, scene: Any) -> None:
    ready = again(scene.ready)
    for moment in ("2027-03-02 00:00", "2027-03-03 23:59"):
        with pytest.raises(PublishRefused, match=r"3月[23]日在停止发布的日子里"):
            publishing.schedule(people.publisher, ready, at(moment))
    publishing.schedule(people.publisher, ready, at("2027-03-04 00:00"))


def test_what_is_due_waits_and_goes_out_by_itself_afterwards(
    people: Any, scene: Any, now: Any
) -> None:
    ready = again(scene.ready)
    set_before(ready, people.publisher, "2027-03-02 08:30")
    for moment in ("2027-03-02 08:31", "2027-03-03 23:59:30"):
        now.move_to(f"{moment}+08:00", tick=False)
        assert publish_due().published == [] and publish_due(dry_run=True).published == []
        assert not again(ready).live
    now.move_to("2027-03-04 00:00:10+08:00", tick=False)
    assert publish_due(dry_run=True).published == ["等着的"]
    assert publish_due().published == ["等着的"]
    assert again(ready).live


def test_it_is_said_and_no_alarm_rings(people: Any, scene: Any, now: Any, client: Any) -> None:
    ready = again(scene.ready)
    set_before(ready, people.publisher, "2027-03-02 08:30")
    assert health.publishing() == []
    assert str(standing(again(ready))) == "定时 03月02日 08:30"
    now.move_to("2027-03-02 09:00+08:00", tick=False)
    (told,) = health.publishing()
    assert told.level == Level.WARNING
    assert "镜像停止发布（会议期间），到3月4日自动发布" in told.message
    assert "1 篇文章、0 个推送在等" in told.message
    assert "到3月4日自动发布" in str(standing(again(ready)))
    client.force_login(people.publisher)
    desk = client.get(reverse("articles_desk", args=[ready.pk])).content.decode()
    assert "到3月4日自动发布" in desk
    assert "到3月4日自动发布" in client.get(reverse("wagtailadmin_home")).content.decode()
    # The first tick after midnight has its two minutes, as ever.
    now.move_to("2027-03-04 00:01:30+08:00", tick=False)
    assert health.publishing() == []
    now.move_to("2027-03-04 00:02:30+08:00", tick=False)
    (alarm,) = health.publishing()
    assert alarm.level == Level.ALARM and "已过定时时间" in alarm.message


def test_nothing_new_by_hand_either_but_what_is_urgent(people: Any, scene: Any, now: Any) -> None:
    now.move_to("2027-03-02 09:00+08:00", tick=False)
    ready = again(scene.ready)
    with pytest.raises(PublishRefused, match="急稿可以走特急"):
        publishing.publish_now(people.publisher, ready)
    draft = ArticleFactory(writer=people.editor, title="暴雨停课通知")
    release = urgent.request_urgent(people.publisher, draft, "全区学校今天下午停课，马上要知道。")
    urgent.confirm_urgent(people.reviewer_credible, release)
    assert again(draft).live


def test_withdrawals_corrections_and_expiries_go_on(people: Any, scene: Any, now: Any) -> None:
    now.move_to("2027-03-02 09:00+08:00", tick=False)
    live = again(scene.live)
    note = corrections.propose_correction(people.editor, live, "第二段的时间应为九点。", "none")
    corrections.publish_correction(people.publisher, note)
    note.refresh_from_db()
    assert note.status == "published"
    withdrawal.withdraw(people.publisher, live, "wrong", "第三段的时间写错了，已核实。")
    assert not again(live).live
    other = ArticleFactory(
        writer=people.editor, live=True, expire_at=timezone.now(), title="到期的"
    )
    assert publish_due().expired == ["到期的"]
    assert not again(other).live


def test_a_failed_one_is_not_tried_again_in_between(people: Any, scene: Any, now: Any) -> None:
    from articles.models import PublishFailure

    ready = again(scene.ready)
    set_before(ready, people.publisher, "2027-03-01 12:00")
    failure = PublishFailure.objects.create(
        page=ready, revision=ready.scheduled_revision, reason="坏", failed_at=timezone.now()
    )
    now.move_to("2027-03-02 09:00+08:00", tick=False)
    with pytest.raises(PublishRefused, match="停止发布"):
        publishing.retry(people.publisher, failure)
    now.move_to("2027-03-04 09:00+08:00", tick=False)
    publishing.retry(people.publisher, failure)
    assert again(ready).live
