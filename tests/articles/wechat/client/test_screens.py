"""What the administrator sees of WeChat, and previews on the phone."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from articles.models import Delivery, DeliveryStage, PhoneReader, Push, PushSettings, WeChatCall
from articles.pushes.refusals import PushRefused
from articles.wechat import health
from articles.wechat.client import Client
from articles.wechat.errors import WeChatError
from articles.wechat.preview import send_preview
from articles.wechat.readers import save_reader
from cms.ops.models import AuditEntry
from cms.ops.panels import findings_for
from cms.ops.registry import Level
from demo.fake_wechat import FakeWeChat
from tests.factories.users import UserFactory

from .conftest import article

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client: Browser) -> Any:
    administrator = UserFactory(roles=["administrator"])
    client.force_login(administrator)
    return administrator


@pytest.fixture
def push() -> Push:
    return Push.objects.create(created_by=UserFactory())


# --- calls ----------------------------------------------------------------------------------------


def test_the_record_says_in_words_what_came_of_each_call(
    fake: FakeWeChat, push: Push, administrator: Any, client: Browser
) -> None:
    wechat = Client(push=push)
    wechat.draft_add([article(wechat, content="<p>荷塘</p><script>alert(1)</script>")])
    fake.script("/cgi-bin/draft/get", 40007, "drop")
    for _ in range(2):
        with pytest.raises(WeChatError):
            wechat.draft_get("x")
    html = client.get(reverse("wechat_calls:index")).content.decode()
    for words in ("传永久素材", "成功", "40007：微信里没有这个素材", "（连接中断）", str(push)):
        assert words in html
    call = WeChatCall.objects.get(endpoint="/cgi-bin/draft/add")
    address = reverse("wechat_calls:inspect", args=[call.pk])
    assert address in html
    failed = client.get(reverse("wechat_calls:index"), {"failed": "yes"}).content.decode()
    assert "（连接中断）" in failed and address not in failed
    other = Push.objects.create(created_by=UserFactory())
    WeChatCall.objects.create(push=other, endpoint="/cgi-bin/draft/get", errcode=0)
    of_one = client.get(reverse("wechat_calls:index"), {"push": other.pk}).content.decode()
    assert address not in of_one and "查看草稿" in of_one
    # Late in the evening in London it is the next day in Zhuzhou.
    WeChatCall.objects.filter(pk=call.pk).update(
        at=dt.datetime(2026, 11, 23, 22, 50, tzinfo=dt.UTC)
    )
    page = client.get(address).content.decode()
    assert "2026年11月24日 06:50:00" in page
    assert "新建草稿 /cgi-bin/draft/add" in page and "&lt;p&gt;荷塘&lt;/p&gt;" in page
    assert "<script>alert(1)" not in page
    assert fake.state.tokens[0].text not in page + html


def test_the_list_needs_few_queries(
    administrator: Any, client: Browser, push: Push, django_assert_max_num_queries: Any
) -> None:
    rows = [WeChatCall(push=push, endpoint="/cgi-bin/draft/get", errcode=0) for _ in range(20)]
    WeChatCall.objects.bulk_create(rows)
    client.get(reverse("wechat_calls:index"))
    with django_assert_max_num_queries(20):
        client.get(reverse("wechat_calls:index"))


@pytest.mark.parametrize("role", ["editor", "publisher", "office"])
def test_nobody_else_sees_the_record(client: Browser, role: str) -> None:
    client.force_login(UserFactory(roles=[role]))
    assert client.get(reverse("wechat_calls:index")).status_code == 302
    assert client.get(reverse("phone_readers:index")).status_code == 302


# --- who gets previews ------------------------------------------------------------------------


def test_the_administrator_keeps_the_list_of_phones(administrator: Any, client: Browser) -> None:
    form = {"name": "李主任", "wechat_name": "li_zhuren", "is_active": "on"}
    assert client.post(reverse("phone_readers:add"), form).status_code == 302
    reader = PhoneReader.objects.get()
    html = client.post(reverse("phone_readers:add"), form).content.decode()
    assert "已存在" in html or "已经" in html
    change = reverse("phone_readers:edit", args=[reader.pk])
    assert client.post(change, {"name": "李主任", "wechat_name": "li2"}).status_code == 302
    reader.refresh_from_db()
    assert (reader.wechat_name, reader.is_active) == ("li2", False)
    assert "li2" in client.get(reverse("phone_readers:index")).content.decode()
    assert client.post(reverse("phone_readers:delete", args=[reader.pk])).status_code == 302
    assert not PhoneReader.objects.exists()
    deeds = AuditEntry.objects.filter(action__startswith="phone_reader").order_by("pk")
    assert [entry.action_label for entry in deeds] == [
        "加手机预览人",
        "改手机预览人",
        "删手机预览人",
    ]


def test_others_keep_no_phones() -> None:
    with pytest.raises(PermissionDenied):
        save_reader(UserFactory(roles=["publisher"]), PhoneReader(name="a", wechat_name="b"))


def delivered(push: Push, media_id: str, stage: str = DeliveryStage.DELIVERED) -> Delivery:
    return Delivery.objects.create(
        push=push,
        stage=stage,
        media_id=media_id,
        requested_by=push.created_by,
        requested_at=timezone.now(),
    )


def test_a_preview_is_sent_and_noted(fake: FakeWeChat, push: Push) -> None:
    publisher = UserFactory(roles=["publisher"])
    reader = PhoneReader.objects.create(name="李主任", wechat_name="li_zhuren")
    wechat = Client()
    delivered(push, wechat.draft_add([article(wechat)]))
    send_preview(publisher, push, reader)
    assert [each.reader for each in fake.state.previews] == ["li_zhuren"]
    entry = AuditEntry.objects.get(action="push.preview")
    assert (entry.actor, entry.detail) == (publisher, {"reader": "李主任"})
    assert WeChatCall.objects.filter(push=push).count() == 1


@pytest.mark.parametrize(
    "role, media_id, stage, active, said",
    [
        ("editor", "m", DeliveryStage.DELIVERED, True, "没有把推送送到微信的权限"),
        ("publisher", "", DeliveryStage.PICTURES, True, "还没有这个推送的草稿"),
        ("publisher", "m", DeliveryStage.SENT, True, "已经发出"),
        ("publisher", "m", DeliveryStage.DELIVERED, False, "李主任已停用"),
    ],
)
def test_when_no_preview_is_sent(
    fake: FakeWeChat, push: Push, role: str, media_id: str, stage: str, active: bool, said: str
) -> None:
    reader = PhoneReader(name="李主任", wechat_name="li", is_active=active)
    delivered(push, media_id, stage)
    with pytest.raises(PushRefused, match=said):
        send_preview(UserFactory(roles=[role]), push, reader)
    assert not fake.state.calls and not AuditEntry.objects.filter(action="push.preview").exists()


def test_a_preview_that_wechat_refused_is_not_noted(fake: FakeWeChat, push: Push) -> None:
    fake.state.settings.followers = []
    wechat = Client()
    delivered(push, wechat.draft_add([article(wechat)]))
    with pytest.raises(WeChatError, match="没有关注"):
        send_preview(UserFactory(roles=["publisher"]), push, PhoneReader(name="a", wechat_name="b"))
    assert not AuditEntry.objects.filter(action="push.preview").exists()


# --- health ---------------------------------------------------------------------------------------


def test_who_makes_no_pushes_need_not_be_connected(settings: Any) -> None:
    settings.WECHAT_APPID = settings.WECHAT_SECRET = ""
    assert health.connection() == []


def test_what_keeps_pushes_from_wechat_is_told(push: Push, settings: Any) -> None:
    settings.WECHAT_APPID = settings.WECHAT_SECRET = ""
    assert [finding.level for finding in health.connection()] == [Level.WARNING]
    push.delete()
    settings.WECHAT_APPID = "wx1"
    assert "WECHAT_SECRET" in health.connection()[0].message
    settings.WECHAT_SECRET, settings.WECHAT_API_BASE = "s", "http://example.com"
    assert "https" in health.connection()[0].message


def test_no_token_is_an_alarm_until_there_is_one(fake: FakeWeChat) -> None:
    assert health.connection() == []
    fake.script("/cgi-bin/stable_token", 40125)
    with pytest.raises(WeChatError):
        Client().draft_list(0, 1)
    finding = health.connection()[0]
    assert (finding.level, "AppSecret" in finding.message) == (Level.ALARM, True)
    seen = findings_for(UserFactory(roles=["administrator"]))
    assert finding in seen
    assert finding not in findings_for(UserFactory(roles=["publisher"]))
    Client().draft_list(0, 1)
    assert health.connection() == []


@pytest.mark.parametrize(
    "days, level, said",
    [
        (61, None, ""),
        (60, Level.WARNING, "还有 60 天，请安排续办"),
        (30, Level.WARNING, "还有 30 天，请马上续办"),
        (0, Level.WARNING, "还有 0 天"),
        (-1, Level.ALARM, "过期"),
    ],
)
def test_the_yearly_verification_is_not_forgotten(
    fake: FakeWeChat, days: int, level: Level | None, said: str
) -> None:
    with time_machine.travel("2026-11-23 02:00Z"):
        until = timezone.localdate() + dt.timedelta(days=days)
        PushSettings.objects.update_or_create(defaults={"verified_until": until})
        found = health.connection()
    assert [finding.level for finding in found] == ([level] if level else [])
    assert all(said in finding.message for finding in found)
