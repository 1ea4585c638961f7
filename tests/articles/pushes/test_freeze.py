"""Days on which publishing has stopped: pushes wait as articles do."""

from typing import Any

import pytest

from articles import health, publishing
from articles.models import ArticlePage
from articles.pushes import services
from articles.pushes.refusals import PushRefused
from articles.status import standing
from cms.mirror.models import SpecialPeriod
from cms.ops.registry import Level

from .conftest import TODAY, again, on
from .test_publishing import live

pytestmark = pytest.mark.django_db


def freeze(first: int, last: int) -> None:
    day = TODAY.fromordinal
    SpecialPeriod.objects.create(
        first=day(TODAY.toordinal() + first),
        last=day(TODAY.toordinal() + last),
        name="会议期间",
        is_frozen=True,
    )


def test_nobody_commits_a_push_into_it(people: Any, assemble: Any) -> None:
    freeze(1, 2)
    push = assemble(1, approved=True)
    with pytest.raises(PushRefused, match="12月9日在停止发布的日子里（会议期间），12月11日起"):
        services.commit(people.publisher, push, on(1))
    services.plan(people.publisher, push, on(1).date())  # a plan commits to nothing
    services.commit(people.publisher, push, on(3))


def test_it_waits_visibly_and_goes_out_by_itself(people: Any, assemble: Any, clock: Any) -> None:
    push = assemble(2, at=on(1))
    freeze(1, 2)
    clock.move_to(on(1, "09:00"))
    assert publishing.publish_due().published == [] and live() == []
    (told,) = health.publishing()
    assert told.level == Level.WARNING and "0 篇文章、1 个推送在等" in told.message
    assert (
        str(standing(ArticlePage.objects.get(pk=push.members.first().article_id)))
        == "推送定时 12月09日 08:30，镜像停止发布（会议期间），到12月11日自动发布"
    )
    clock.move_to(on(3, "00:00"))
    assert health.publishing() == []
    assert len(publishing.publish_due().published) == 1
    assert live() == ["稿0", "稿1"] and again(push).published_at


def test_nor_by_hand(people: Any, assemble: Any, clock: Any) -> None:
    push = assemble(1, approved=True)
    freeze(0, 0)
    with pytest.raises(PushRefused, match="12月8日在停止发布的日子里"):
        services.publish_now(people.publisher, push)
    assert live() == []
