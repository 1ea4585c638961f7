"""What the administrator sees of WeChat's messages."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import CallbackEvent
from articles.wechat.callback import dealing, inbox
from articles.wechat.callback.setting_up import findings
from cms.ops.registry import Level
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
KEY = base64.b64encode(bytes(32)).decode().rstrip("=")


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.WECHAT_APPID = "wx0000000000000000"
    settings.WECHAT_CALLBACK_TOKEN = "token"
    settings.WECHAT_CALLBACK_AES_KEY = KEY


def an_event(**facts: Any) -> CallbackEvent:
    payload = {"job": "7", "status": "send success", "created": 0, "urls": {}}
    name = "MASSSENDJOBFINISH"
    return CallbackEvent.objects.create(**{"key": name, "event": name, "payload": payload, **facts})


def test_the_list_says_what_came_of_each(client: Client) -> None:
    an_event(note="推送《荷塘》已登记为发出。", handled_at=timezone.now())
    an_event(key="2", event="PUBLISHJOBFINISH")
    client.force_login(UserFactory(roles=["administrator"]))
    html = client.get(reverse("wechat_events:index")).content.decode()
    for words in ("群发结束", "发布结束", "推送《荷塘》已登记为发出。", "等待处理"):
        assert words in html
    client.force_login(UserFactory(roles=["publisher"]))
    assert client.get(reverse("wechat_events:index")).status_code == 302


def test_the_menu_shows_it_only_where_it_is_on(client: Client, settings: Any) -> None:
    client.force_login(UserFactory(roles=["administrator"]))
    address, home = reverse("wechat_events:index"), reverse("wagtailadmin_home")
    assert address in client.get(home).content.decode()
    settings.WECHAT_CALLBACK_TOKEN = ""
    assert address not in client.get(home).content.decode()


@pytest.mark.parametrize(
    ("changes", "level", "words"),
    [
        ({}, None, ""),
        ({"CALLBACK_TOKEN": "", "CALLBACK_AES_KEY": ""}, None, ""),
        ({"CALLBACK_TOKEN": ""}, Level.WARNING, "要都填"),
        ({"APPID": ""}, Level.WARNING, "要都填"),
        ({"CALLBACK_AES_KEY": "short"}, Level.ALARM, "43 位"),
    ],
)
def test_half_a_set_up_is_told(settings: Any, changes: dict, level: Any, words: str) -> None:
    for name, value in changes.items():
        setattr(settings, f"WECHAT_{name}", value)
    found = findings()
    assert [result.level for result in found] == ([level] if level else [])
    assert all(words in result.message for result in found)


def test_what_went_wrong_is_shown_and_tried_again(monkeypatch: Any) -> None:
    broken, whole = an_event(), an_event(key="2", payload={"job": ""})

    def fail(event: CallbackEvent) -> str:
        raise RuntimeError("数据库满了")

    with monkeypatch.context() as patch:
        deal = dealing._deal
        patch.setattr(dealing, "_deal", lambda e: fail(e) if e.pk == broken.pk else deal(e))
        assert dealing.deal_with_waiting() == 1  # the other one
    broken.refresh_from_db()
    whole.refresh_from_db()
    assert (broken.note, broken.handled_at) == ("处理时出错：数据库满了", None)
    assert whole.handled_at is not None
    assert "1 条微信通知处理时出错" in findings()[0].message
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert dealing.deal_with_waiting() == 1
    assert findings() == []


def test_old_events_are_forgotten() -> None:
    an_event()
    assert inbox.prune() == 0
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert inbox.prune() == 1
