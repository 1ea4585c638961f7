"""Two workers at one delivery, and workers that are really killed: in real transactions."""

import datetime as dt
import signal
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from articles.models import Delivery, DeliveryStage, PushSettings, WeChatUpload
from articles.pushes import services as pushes
from articles.wechat.delivery import services
from articles.wechat.delivery.tasks import advance_all
from articles.wechat.delivery.worker import advance
from articles.wechat.transport import Wire
from demo.fake_wechat import FakeWeChat
from tests.apart import apart, die

from .conftest import TITLES, calls, newsroom, row

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def room(fake: FakeWeChat) -> SimpleNamespace:
    made = newsroom()
    services.deliver(made.people.publisher, made.push)
    return made


def stopping(at: str, stop: Callable[[], Any], *, after: bool) -> Callable[..., Any]:
    """`Wire._hear` that does ``stop`` around the first call of ``at``."""
    genuine = Wire._hear

    def hear(self: Wire, address: str, *rest: Any) -> Any:
        heard = genuine(self, address, *rest) if after or not address.endswith(at) else None
        if address.endswith(at):
            stop()
        return heard or genuine(self, address, *rest)

    return hear


def test_a_delivery_is_done_by_one_worker(
    fake: FakeWeChat, room: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    within, go_on = threading.Event(), threading.Event()

    def stop() -> None:
        within.set()
        assert go_on.wait(30)

    monkeypatch.setattr(Wire, "_hear", stopping("uploadimg", stop, after=False))
    pk = row(room.push).pk

    def work() -> None:
        try:
            advance(pk)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    assert within.wait(30)
    monkeypatch.undo()
    before = len(fake.state.calls)
    advance_all()  # a third one finds nothing to do while the other is at it
    assert len(fake.state.calls) == before
    go_on.set()
    for worker in workers:
        worker.join(60)
    assert row(room.push).stage == DeliveryStage.DELIVERED
    assert len(fake.state.drafts) == 1 and len(fake.state.uploads) == 4


def killed(at: str, *, after: bool) -> None:
    """A worker begins and is killed around its call of ``at``; its lease is let run out."""

    def work() -> None:
        Wire._hear = stopping(at, die, after=after)
        advance_all()

    assert apart(work).exitcode == -signal.SIGKILL
    assert Delivery.objects.get().busy_until > timezone.now()
    Delivery.objects.update(busy_until=timezone.now() - dt.timedelta(seconds=1))


def test_killed_for_real_it_happens_once(fake: FakeWeChat, room: SimpleNamespace) -> None:
    """What the table of faults shows by raising holds when nothing at all tidies up."""
    killed("uploadimg", after=True)
    killed("add_material", after=False)
    killed("draft/add", after=True)
    killed("draft/batchget", after=True)  # while looking for the draft it made
    assert len(fake.state.drafts) == 1
    advance_all()
    delivery = row(room.push)
    assert (delivery.stage, delivery.reason) == (DeliveryStage.DELIVERED, "")
    (draft,) = fake.state.drafts.values()
    assert [article["title"] for article in draft.articles] == list(TITLES)
    assert delivery.media_id == draft.media_id and calls(fake).count("draft/add") == 1
    assert WeChatUpload.objects.count() == 4 == len(fake.state.uploads) - 1

    PushSettings.objects.update_or_create(defaults={"allow_mass_send": True})
    pushes.publish_now(room.people.publisher, room.push)
    services.mass_send(room.people.publisher, room.push, "群发")
    killed("sendall", after=True)
    fake.state.settings.mass_retry_seconds = 0
    advance_all()
    assert row(room.push).stage == DeliveryStage.SENT and len(fake.state.sendings) == 1
