"""A newsroom on a Tuesday of December, with texts that are ready to be put into pushes."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from articles.models import ArticlePage, Delivery, Push
from articles.pushes import services
from articles.review import services as reviews
from tests import scenes
from tests.factories.articles import ArticleFactory, ColumnFactory, approve_by
from tests.factories.users import UserFactory, one_of_each

NOW = dt.datetime.fromisoformat("2026-12-08T10:00:00+08:00")
TODAY = NOW.date()
READY = 4


def on(days: int = 0, clock: str = "08:30") -> dt.datetime:
    """``clock`` of the day in ``days`` days."""
    return dt.datetime.fromisoformat(f"{TODAY + dt.timedelta(days=days)}T{clock}:00+08:00")


def again(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def make() -> SimpleNamespace:
    with time_machine.travel(NOW - dt.timedelta(days=1), tick=False):
        people = one_of_each()
        people.second = UserFactory(display_name="第二人", roles=["publisher"])
        column = ColumnFactory(title="民生")
        three = people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
        ready = []
        for number in range(READY):
            article = ArticleFactory(writer=people.editor, title=f"稿{number}", column=column)
            reviews.submit(people.editor, article)
            approve_by(article, *three)
            ready.append(article)
    return SimpleNamespace(people=people, ready=ready, column=column)


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    """It is ``NOW``, until the test moves on."""
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def ready(scene: Any, clock: Any) -> list[ArticlePage]:
    """The texts in 待发布, read anew."""
    return [again(article) for article in scene.ready]


@pytest.fixture
def assemble(people: Any, ready: list[ArticlePage]) -> Callable[..., Push]:
    """``assemble(2, approved=True, at=…)``: the next ready texts as a push of their own."""
    left = iter(ready)

    def make_push(count: int = 1, *, approved: bool = False, at: Any = None) -> Push:
        push = services.create(people.publisher, [next(left) for _ in range(count)])
        if approved or at:
            services.approve(people.second, push)
        if at:
            services.commit(people.publisher, push, at)
        return again(push)

    return make_push


@pytest.fixture
def account(settings: Any) -> None:
    """An account of WeChat, which nobody answers for."""
    settings.WECHAT_API_BASE = "http://127.0.0.1:9"
    settings.WECHAT_APPID, settings.WECHAT_SECRET = "wx-test", "secret"


def on_its_way(people: Any, push: Push, **fields: Any) -> Delivery:
    """The delivery of ``push`` in the state that ``fields`` describe."""
    known = {"push_digest": push.approved_digest, "next_at": on(0, "11:00"), "stage": "delivered"}
    known |= {"requested_by": people.publisher, "requested_at": NOW, "media_id": "draft-1"}
    return Delivery.objects.create(push=push, **(known | fields))


scene = scenes.fixture(make)
