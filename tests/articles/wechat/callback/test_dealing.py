"""What follows from an event: the push is out, or the reason why not is shown."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from articles.models import (
    CallbackEvent,
    Delivery,
    DeliveryStage,
    Push,
    PushMember,
    SentNoticed,
)
from articles.wechat.callback import dealing, inbox
from articles.wechat.callback.messages import read_event
from articles.wechat.delivery.worker import advance
from cms.ops.models import AuditEntry
from demo.fake_wechat import events, sendings
from demo.fake_wechat.state import Draft, Sending, State
from tests.factories.articles import ArticleFactory

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 11, 23, 10, tzinfo=UTC)
ARTICLE = {"title": "荷塘", "need_open_comment": 0}


@pytest.fixture
def state() -> State:
    state = State()
    state.clock.freeze(EVENING)
    return state


@pytest.fixture
def push(people: SimpleNamespace, db: None) -> Push:
    """Two articles, delivered."""
    push = Push.objects.create(created_by=people.publisher)
    for position in range(2):
        article = ArticleFactory(writer=people.editor)
        PushMember.objects.create(
            push=push,
            article=article,
            revision=article.save_revision(),
            content_digest="x",
            position=position,
        )
    Delivery.objects.create(
        push=push,
        requested_by=people.publisher,
        requested_at=EVENING,
        stage=DeliveryStage.SENDING,
        next_at=EVENING + timedelta(hours=1),
    )
    return push


def send(state: State, **facts: Any) -> Sending:
    """A sending at the stand-in, of which the event is still to come."""
    articles = [dict(ARTICLE) for _ in range(2)]
    state.drafts["d"] = Draft("d", articles, 0.0, 0.0)
    return sendings.leave_box(state, state.drafts["d"], facts.pop("kind", "mass"), **facts)


def tell(xml: str) -> CallbackEvent:
    """Let the event arrive and the worker see it."""
    event = read_event(xml.encode())
    inbox.take_in(event)
    row = CallbackEvent.objects.get(key=event.key)
    with time_machine.travel(EVENING + timedelta(minutes=5), tick=False):
        dealing.deal_with(row.pk)
    row.refresh_from_db()
    return row


def know(push: Push, **facts: Any) -> None:
    Delivery.objects.filter(push=push).update(**facts)


@pytest.mark.parametrize("shape", ["full", "empty", "blank"])
def test_a_sending_that_succeeded_is_recorded(state: State, push: Push, shape: str) -> None:
    state.settings.event_urls = shape
    sending = send(state, msg_id=1000001)
    know(push, msg_id="1000001")
    sendings.finish(state, sending)
    row = tell(events.mass_finished(state, sending))
    push.refresh_from_db()
    assert (push.sent_at, push.sent_noticed) == (EVENING, SentNoticed.CALLBACK)
    with time_machine.travel(EVENING + timedelta(minutes=6), tick=False):
        advance(push.delivery.pk)  # with nobody to be asked any more
    push.delivery.refresh_from_db()
    assert (push.delivery.stage, push.delivery.next_at) == (DeliveryStage.SENT, None)
    urls = list(push.members.values_list("wechat_url", flat=True))
    known = shape == "full"
    assert push.msg_data_id == (str(sending.msg_data_id) if known else "")
    assert [bool(url) for url in urls] == [known, known]
    assert ("登记了2个地址" in row.note) == known
    if known:
        assert f"mid={sending.msg_data_id}&idx=2" in urls[1]


def test_told_twice_it_happens_once(state: State, push: Push) -> None:
    sending = send(state, msg_id=7)
    know(push, msg_id="7")
    sendings.finish(state, sending)
    first = tell(events.mass_finished(state, sending))
    again = tell(events.mass_finished(state, sending))
    assert first.pk == again.pk
    assert AuditEntry.objects.filter(action="push.sent").count() == 1
    assert dealing.deal_with(first.pk) is False


@pytest.mark.parametrize(
    ("status", "words"), [("err(20013)", "涉嫌版权"), ("send fail", "没有发出")]
)
def test_why_wechat_did_not_send_it_is_shown(
    state: State, push: Push, status: str, words: str
) -> None:
    sending = send(state, msg_id=7)
    know(push, msg_id="7")
    sendings.fail(state, sending)
    row = tell(events.mass_finished(state, sending, status))
    push.refresh_from_db()
    assert push.sent_at is None
    assert words in push.delivery.reason
    assert push.delivery.failed_at is not None
    assert (push.delivery.stage, push.delivery.msg_id) == (DeliveryStage.DELIVERED, "")
    assert push.delivery.next_at is None
    assert words in row.note
    entry = AuditEntry.objects.get(action="push.delivery_failed")
    assert (entry.actor, words in entry.detail["reason"]) == (None, True)


@pytest.mark.parametrize("event", ["PUBLISHJOBFINISH", "MASSSENDJOBFINISH"])
@pytest.mark.parametrize("code", [0, 2, 4])
def test_a_publication_is_asked_for_at_once(
    state: State, push: Push, code: int, event: str
) -> None:
    """Followers were told nothing, so the push is not sent."""
    state.settings.publish_event = event
    sending = send(state, kind="publish", publish_id="55", script=[code])
    know(push, publish_id="55", stage=DeliveryStage.PUBLISHING)
    sendings.advance_publication(state, sending)
    row = tell(events.publication_finished(state, sending))
    push.refresh_from_db()
    assert push.sent_at is None
    assert push.delivery.next_at == EVENING + timedelta(minutes=5)
    assert row.handled_at is not None


def test_a_failure_told_late_changes_nothing(state: State, push: Push) -> None:
    sending = send(state, msg_id=7)
    know(push, msg_id="7", stage=DeliveryStage.SENT, next_at=None)
    sendings.fail(state, sending)
    tell(events.mass_finished(state, sending))
    push.refresh_from_db()
    assert (push.delivery.stage, push.delivery.failed_at) == (DeliveryStage.SENT, None)


def test_an_event_may_come_before_its_number_is_known(state: State, push: Push) -> None:
    sending = send(state, msg_id=7)
    sendings.finish(state, sending)
    row = tell(events.mass_finished(state, sending))
    assert row.handled_at is None
    know(push, msg_id="7")
    with time_machine.travel(EVENING + timedelta(minutes=10), tick=False):
        assert dealing.deal_with_waiting() == 1
        assert dealing.deal_with_waiting() == 0
    push.refresh_from_db()
    assert push.sent_at == EVENING


def test_what_nobody_knows_is_laid_aside_after_a_day(state: State, push: Push) -> None:
    row = tell(events.message(state, "MASSSENDJOBFINISH", MsgID=9, Status="send success"))
    assert row.handled_at is None
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        dealing.deal_with_waiting()
    row.refresh_from_db()
    assert "次日统计" in row.note
    numberless = tell(events.message(state, "MASSSENDJOBFINISH", Status="send success"))
    assert numberless.handled_at is not None


def test_a_dissolved_push_stays_as_it_is(state: State, push: Push) -> None:
    Push.objects.update(dissolved_at=EVENING)
    know(push, msg_id="7")
    sending = send(state, msg_id=7)
    sendings.finish(state, sending)
    row = tell(events.mass_finished(state, sending))
    assert "已经解散" in row.note
    push.refresh_from_db()
    assert push.sent_at is None


def test_the_worker_is_called_after_the_commit(
    monkeypatch: Any, django_capture_on_commit_callbacks: Any, state: State
) -> None:
    asked = []
    monkeypatch.setattr(inbox, "async_task", lambda path, pk, **_: asked.append((path, pk)))
    xml = events.message(state, "MASSSENDJOBFINISH", MsgID=9, Status="send success")
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        assert inbox.take_in(read_event(xml.encode())) is True
        assert asked == []
    assert asked == [(inbox.DEAL_WITH, CallbackEvent.objects.get().pk)]
