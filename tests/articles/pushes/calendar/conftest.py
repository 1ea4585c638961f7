"""A newsroom on a Tuesday of December, with texts that are ready to be put into pushes."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from articles.models import ArticlePage, Push
from articles.pushes import services
from articles.review import services as reviews
from tests import scenes
from tests.factories.articles import ArticleFactory, ColumnFactory, approve_by
from tests.factories.users import UserFactory, one_of_each

NOW = dt.datetime.fromisoformat("2026-12-08T10:00:00+08:00")
TODAY = NOW.date()
READY = 4


def day(number: int) -> dt.date:
    """A day of December, or before and after it."""
    return dt.date(2026, 12, 1) + dt.timedelta(days=number - 1)


def at(number: int, clock: str = "08:30") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day(number)}T{clock}:00+08:00")


def make() -> SimpleNamespace:
    with time_machine.travel(NOW - dt.timedelta(days=20), tick=False):
        people = one_of_each()
        people.second = UserFactory(display_name="第二人", roles=["publisher"])
        column, other = ColumnFactory(title="民生"), ColumnFactory(title="文化")
        three = people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
        ready = []
        for number in range(READY):
            article = ArticleFactory(writer=people.editor, title=f"稿{number}", column=column)
            reviews.submit(people.editor, article)
            approve_by(article, *three)
            ready.append(article)
        draft = ArticleFactory(writer=people.editor, title="在写的", column=other)
    return SimpleNamespace(people=people, ready=ready, draft=draft, column=column, other=other)


scene = scenes.fixture(make)


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    """It is ``NOW``, until the test moves on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ready(scene: Any, clock: Any) -> list[ArticlePage]:
    """The texts in 待发布, read anew."""
    return [ArticlePage.objects.get(pk=article.pk) for article in scene.ready]


@pytest.fixture
def draft(scene: Any, clock: Any) -> ArticlePage:
    return ArticlePage.objects.get(pk=scene.draft.pk)


@pytest.fixture
def push(people: Any, ready: list[ArticlePage]) -> Callable[..., Push]:
    """``push(planned=…)``, ``push(committed=…)``: the next ready text as a push of its own."""
    left = iter(ready)

    def assemble(planned: dt.date | None = None, committed: dt.datetime | None = None) -> Push:
        made = services.create(people.publisher, [next(left)])
        if planned:
            services.plan(people.publisher, made, planned)
        if committed:
            services.approve(people.second, made)
            services.commit(people.publisher, made, committed)
        return Push.objects.get(pk=made.pk)

    return assemble


@pytest.fixture
def sent(push: Callable[..., Push]) -> Callable[[int], Push]:
    """``sent(3)``: a push that went out on the third."""

    def send(number: int) -> Push:
        made = push()
        moment = at(number)
        Push.objects.filter(pk=made.pk).update(
            go_live_at=moment, published_at=moment, sent_at=moment
        )
        return Push.objects.get(pk=made.pk)

    return send
