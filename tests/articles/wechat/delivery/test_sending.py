"""To readers: 群发 by whom, when and of what; and permanent links, which tell nobody."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from articles.models import DeliveryStage, Push, PushSettings, WeChatComments
from articles.pushes import services as pushes
from articles.pushes.refusals import PushRefused
from articles.wechat.delivery import services
from articles.wechat.delivery.tasks import advance_all
from cms.ops.models import AuditEntry, DayKind, SpecialDay
from demo.fake_wechat import FakeWeChat, actions, sendings

from .conftest import NOW, Settle, calls, row

pytestmark = pytest.mark.django_db
SENDALL = "/cgi-bin/message/mass/sendall"


def allow(is_allowed: bool = True) -> None:
    PushSettings.objects.update_or_create(defaults={"allow_mass_send": is_allowed})


@pytest.fixture
def public(people: SimpleNamespace, delivered: Push) -> Push:
    """Delivered, on the mirror, and 群发 is allowed."""
    allow()
    pushes.publish_now(people.publisher, delivered)
    return Push.objects.get(pk=delivered.pk)


def retitle(fake: FakeWeChat) -> None:
    (media_id,) = fake.state.drafts
    actions.retitle(fake.state, {"media_id": media_id, "index": 0, "title": "灯都亮了"})


def refused(person: Any, push: Push, typed: str = "群发") -> str:
    with pytest.raises(PushRefused) as refusal:
        services.mass_send(person, push, typed)
    return str(refusal.value)


def test_who_may_send_when(fake, people, delivered, settings):
    person = people.publisher
    assert "没有开放" in refused(person, delivered)
    allow()
    assert "没有从工作台群发的权限" in refused(people.editor, delivered)
    assert "网页镜像还没有发布" in refused(person, delivered)
    pushes.commit(person, delivered, NOW + dt.timedelta(hours=2))
    for when in ("at_minute", "when_sent"):
        settings.MIRROR_PUBLISH = when
        assert "定时是12月08日 12:00，还没有到" in refused(person, delivered)
    pushes.uncommit(person, delivered, "换一天")
    assert "请在框里输入“群发”" in refused(person, delivered, "好")
    quiet = SpecialDay.objects.create(day=NOW.date(), kind=DayKind.QUIET, name="公祭日")
    assert "静默日（公祭日）" in refused(person, delivered)
    quiet.delete()
    pushes.set_form(
        person,
        delivered,
        delivered.members.first().article,
        form="news",
        comments=WeChatComments.CLOSED,
    )
    assert "还没有审定" in refused(person, delivered)
    pushes.approve(people.second, delivered)
    assert "草稿是旧的" in refused(person, delivered)
    assert calls(fake) == [] and not AuditEntry.objects.filter(action="push.mass_send").exists()


def test_it_is_not_sent_before_it_is_delivered(fake, people, push):
    allow()
    assert "还没有送到微信" in refused(people.publisher, push)
    services.deliver(people.publisher, push)
    assert "草稿还没有送达" in refused(people.publisher, push)


def test_what_nobody_has_seen_is_not_sent(fake, people, public, settle: Settle):
    retitle(fake)
    services.mass_send(people.publisher, public, public.title)
    delivery = settle()
    assert delivery.stage == DeliveryStage.DELIVERED and "改动过" in delivery.reason
    assert "灯都亮了" in delivery.drift[0] and not fake.state.sendings
    services.mass_send(people.publisher, public, "群发")  # now that it was shown
    assert settle().stage == DeliveryStage.SENT
    assert fake.state.sent[0].articles[0]["title"] == "灯都亮了"


def test_sent_by_hand_meanwhile_it_is_not_sent_again(fake, people, public, settle: Settle):
    (draft,) = fake.state.drafts.values()
    sendings.send(fake.state, draft, by="person")
    services.mass_send(people.publisher, public, "群发")
    assert services.is_gone(settle())
    assert len(fake.state.sendings) == 1 and SENDALL[9:] not in calls(fake)


def test_the_administrator_has_to_agree(fake, people, public, settle: Settle, clock):
    fake.state.settings.admin_confirms = True
    services.mass_send(people.publisher, public, "群发")
    for _ in range(5):
        advance_all()
        clock.move_to(row(public).next_at)
    assert row(public).stage == DeliveryStage.CONFIRMING
    with pytest.raises(PushRefused, match="正在微信群发"):
        services.deliver(people.publisher, public)
    (sending,) = fake.state.sendings
    sendings.confirm(fake.state, sending)
    assert settle().stage == DeliveryStage.SENT
    public.refresh_from_db()
    assert public.msg_data_id == str(sending.msg_data_id) and public.sent_noticed == "mass_send"
    assert "已经发出" in refused(people.publisher, public)


def test_nobody_agreed_and_it_is_sent_anew_under_another_name(fake, people, public, settle: Settle):
    fake.state.settings.admin_confirms = True
    services.mass_send(people.publisher, public, "群发")
    first = settle()
    assert first.stage == DeliveryStage.DELIVERED and "没有发出" in first.reason
    fake.state.settings.admin_confirms = False
    services.mass_send(people.publisher, public, "群发")
    delivery = settle()
    assert delivery.stage == DeliveryStage.SENT and len(fake.state.sent) == 1
    assert delivery.clientmsgid == f"{first.clientmsgid}-2"


def test_an_unknown_outcome_is_taken_further_only_by_who_may_send(
    fake, people, public, settle: Settle
):
    fake.script(SENDALL, *["drop_before"] * 6)
    services.mass_send(people.publisher, public, "群发")
    delivery = settle()
    assert delivery.stage == DeliveryStage.SENDING and delivery.failed_at
    assert "已经停止自动重试" in delivery.reason and len(fake.state.calls_of(SENDALL)) == 6
    allow(False)
    with pytest.raises(PushRefused, match="没有开放"):
        services.retry(people.publisher, public)
    allow()
    with pytest.raises(PushRefused, match="权限"):
        services.retry(people.reviewer_credible, public)
    # What stands there by now was never looked at.
    retitle(fake)
    services.retry(people.publisher, public)
    assert "没有得到微信的回答" in settle().reason and not fake.state.sendings
    (draft,) = fake.state.drafts.values()
    draft.articles[0]["title"] = "灯亮了"
    services.retry(people.publisher, public)
    assert settle().stage == DeliveryStage.SENT and len(fake.state.sendings) == 1


@pytest.mark.parametrize(
    ("fault", "words"), [(45028, "群发次数已经用完"), (48003, "群发协议"), (45009, "没有发出")]
)
def test_what_wechat_refuses_is_pressed_again_by_a_person(
    fake, people, public, settle: Settle, clock, fault, words
):
    fake.script(SENDALL, fault)
    services.mass_send(people.publisher, public, "群发")
    delivery = settle()
    assert delivery.stage == DeliveryStage.DELIVERED and words in delivery.reason
    assert (delivery.next_at, fake.state.sendings) == (None, [])
    clock.move_to(NOW + dt.timedelta(days=1))
    advance_all()
    assert fake.state.sendings == []
    services.mass_send(people.publisher, public, "群发")
    assert settle().stage == DeliveryStage.SENT and len(fake.state.sendings) == 1


def test_a_number_wechat_does_not_know_is_no_dead_end(fake, people, public, settle: Settle):
    fake.script("/cgi-bin/message/mass/get", 40059)
    services.mass_send(people.publisher, public, "群发")
    delivery = settle()
    assert delivery.stage == DeliveryStage.DELIVERED and "再登记" in delivery.reason
    services.retry(people.publisher, public)
    assert services.is_gone(settle()) and len(fake.state.sendings) == 1


def test_a_permanent_link_tells_nobody(fake, people, delivered, settle: Settle):
    with pytest.raises(PushRefused, match="权限"):
        services.permanent_link(people.editor, delivered)
    services.permanent_link(people.publisher, delivered)
    assert settle().stage == DeliveryStage.LINKED
    delivered.refresh_from_db()
    assert delivered.sent_at is None and fake.state.sent == []
    with pytest.raises(PushRefused, match="已经生成永久链接"):
        services.deliver(people.publisher, delivered)
    services.deliver_anew(people.publisher, delivered)
    assert settle().stage == DeliveryStage.DELIVERED and len(fake.state.drafts) == 1


@pytest.mark.parametrize(("code", "words"), [(2, "原创校验"), (4, "审核没有通过")])
def test_a_publication_that_fails_leaves_the_draft(
    fake, people, delivered, settle: Settle, code, words
):
    fake.state.settings.publish_script = [1, code]
    services.permanent_link(people.publisher, delivered)
    delivery = settle()
    assert delivery.stage == DeliveryStage.DELIVERED and words in delivery.reason
    fake.state.settings.publish_script = [0]
    services.permanent_link(people.publisher, delivered)
    assert settle().stage == DeliveryStage.LINKED and len(fake.state.published) == 1
