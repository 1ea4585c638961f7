"""A push of two articles that is approved and can be delivered, and a clock to move."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings
from wagtail.images.tests.utils import get_test_image_file_jpeg

from articles.models import (
    Delivery,
    DeliveryStage,
    Push,
    WeChatCall,
    WeChatQuota,
    WeChatToken,
    WeChatUpload,
)
from articles.pushes import services as pushes
from articles.review import services as reviews
from articles.wechat.delivery import services
from articles.wechat.delivery.tasks import advance_all
from demo.fake_wechat import FakeWeChat
from tests import scenes
from tests.factories.articles import ArticleFactory, ColumnFactory, approve_by, body
from tests.factories.media import ImageFactory
from tests.factories.users import UserFactory, one_of_each

NOW = dt.datetime.fromisoformat("2026-12-08T10:00:00+08:00")
TITLES = ("灯亮了", "路修好了")
TIRED = 40
# What the stand-in remembers of a delivery.
KEPT = ("number", "tokens", "drafts", "uploads", "files")


def image(width: int) -> Any:
    """Each width another file."""
    return ImageFactory(title=f"图{width}", file=get_test_image_file_jpeg(size=(width, 200)))


def ready(people: SimpleNamespace, **fields: Any) -> Any:
    article = ArticleFactory(writer=people.editor, **fields)
    reviews.submit(people.editor, article)
    three = people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    approve_by(article, *three)
    return article


def text(words: str, *images: Any) -> str:
    shown = [("picture", {"image": i.pk, "caption": "", "alt_text": ""}) for i in images]
    return body(("paragraph", f"<p>{words}</p>"), *shown)


def newsroom() -> SimpleNamespace:
    """The second article shows the picture of the first one, too; a third one waits."""
    people = one_of_each()
    people.second = UserFactory(display_name="第二人", roles=["publisher"])
    column = ColumnFactory(title="民生")
    first, other, cover, own_cover = (image(width) for width in (320, 322, 324, 326))
    articles = [
        ready(
            people,
            title=TITLES[0],
            column=column,
            cover=cover,
            body=text("晚上八点，路灯亮了。", first),
        ),
        ready(
            people,
            title=TITLES[1],
            column=column,
            cover=own_cover,
            body=text("早上八点，路修好了。", other, first),
        ),
        ready(people, title="桥通了", column=column, cover=cover, body=text("中午，桥通了。")),
    ]
    push = pushes.create(people.publisher, articles[:2])
    pushes.approve(people.second, push)
    return SimpleNamespace(people=people, push=push, articles=articles)


def make() -> SimpleNamespace:
    """The newsroom, its push delivered; ``kept`` is what the stand-in has from then on."""
    with time_machine.travel(NOW - dt.timedelta(hours=1), tick=False):
        made = newsroom()
        whole = transaction.atomic()
        whole._from_testcase = True  # as a test's own, in which calls of WeChat are none the worse
        with FakeWeChat() as fake, override_settings(**account_of(fake)), whole:
            deliver_whole(made.people, made.push)
            made.kept = {name: getattr(fake.state, name) for name in KEPT}
    return made


def deliver_whole(people: SimpleNamespace, push: Push) -> None:
    services.deliver(people.publisher, push)
    advance_all()
    delivery = row(push)
    assert (delivery.stage, delivery.reason) == (DeliveryStage.DELIVERED, "")


def account_of(fake: FakeWeChat) -> dict[str, str]:
    account = fake.state.settings
    return {
        "WECHAT_API_BASE": fake.base,
        "WECHAT_APPID": account.appid,
        "WECHAT_SECRET": account.secret,
    }


scene = scenes.fixture(make)


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    """It is ``NOW``, until the test moves on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def delivered(scene: Any, clock: Any, fake: FakeWeChat) -> Push:
    """The draft is in the box."""
    for name, value in deepcopy(scene.kept).items():
        setattr(fake.state, name, value)
    return Push.objects.get(pk=scene.push.pk)


@pytest.fixture
def push(scene: Any, clock: Any) -> Push:
    """Nothing was ever sent of it."""
    for model in (Delivery, WeChatUpload, WeChatToken, WeChatCall, WeChatQuota):
        model.objects.all().delete()
    return Push.objects.get(pk=scene.push.pk)


@pytest.fixture
def third(scene: Any, db: None) -> Any:
    """An article that is ready to join."""
    return scene.articles[2]


def row(push: Push) -> Delivery:
    return Delivery.objects.select_related("push").get(push=push.pk)


class Killed(BaseException):
    """Raised where a worker is to be killed: nothing but the database tidies up after it."""


Settle = Callable[..., Delivery]


@pytest.fixture
def settle(scene: Any, clock: Any, fake: FakeWeChat) -> Settle:
    """Let workers run whenever it is time, until the delivery stands still or is delivered."""
    push = scene.push

    def run() -> Delivery:
        for _ in range(TIRED):
            with suppress(Killed):
                advance_all()
            delivery = row(push)
            now = dt.datetime.now(dt.UTC)
            if delivery.next_at is None:
                return delivery
            if delivery.stage == DeliveryStage.DELIVERED and delivery.next_at > now:
                return delivery
            if delivery.stage == DeliveryStage.PUBLISHING and delivery.attempted_at:
                fake.settle()  # what nobody asks after comes to its end, too
            clock.move_to(max(delivery.next_at, delivery.busy_until or now, now))
        raise AssertionError(f"still at it: {delivery} {delivery.reason}")

    return run


def calls(fake: FakeWeChat) -> list[str]:
    """What was asked, in its order."""
    return [call.endpoint.removeprefix("/cgi-bin/") for call in fake.state.calls]


def again(person: Any, push: Push) -> Push:
    """Approve the changed push and deliver it."""
    pushes.approve(person.second, push)
    services.deliver(person.publisher, push)
    return Push.objects.get(pk=push.pk)
