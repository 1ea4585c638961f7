"""The newsroom of the pushes, with a draft in another column and things on days of December."""

import datetime as dt
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from articles.models import ArticlePage, Push
from articles.pushes import services
from tests import scenes
from tests.factories.articles import ArticleFactory, ColumnFactory

from ..conftest import NOW, TODAY, again
from ..conftest import make as newsroom

__all__ = ["NOW", "TODAY"]


def day(number: int) -> dt.date:
    """A day of December, or before and after it."""
    return dt.date(2026, 12, 1) + dt.timedelta(days=number - 1)


def at(number: int, clock: str = "08:30") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day(number)}T{clock}:00+08:00")


def make() -> SimpleNamespace:
    made = newsroom()
    with time_machine.travel(NOW - dt.timedelta(days=1), tick=False):
        made.other = ColumnFactory(title="文化")
        made.draft = ArticleFactory(writer=made.people.editor, title="在写的", column=made.other)
    return made


scene = scenes.fixture(make)


@pytest.fixture
def clock(db: None) -> Iterator[Any]:
    """It stays ``NOW``, until the test moves on."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def draft(scene: Any, clock: Any) -> ArticlePage:
    return again(scene.draft)


@pytest.fixture
def push(people: Any, assemble: Callable[..., Push]) -> Callable[..., Push]:
    """``push(planned=…)``, ``push(committed=…)``: the next ready text as a push of its own."""

    def put(planned: dt.date | None = None, committed: dt.datetime | None = None) -> Push:
        made = assemble(at=committed)
        if planned:
            services.plan(people.publisher, made, planned)
        return again(made)

    return put


@pytest.fixture
def sent(push: Callable[..., Push]) -> Callable[[int], Push]:
    """``sent(3)``: a push that went out on the third."""

    def send(number: int) -> Push:
        made = push()
        moment = at(number)
        Push.objects.filter(pk=made.pk).update(
            go_live_at=moment, published_at=moment, sent_at=moment
        )
        return again(made)

    return send
