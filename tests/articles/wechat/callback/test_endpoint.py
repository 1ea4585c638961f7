"""The address WeChat calls, as a stranger and as WeChat."""

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from articles.models import CallbackEvent
from demo.fake_wechat import events
from demo.fake_wechat.state import State

ADDRESS = "/-/wechat/callback"
KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
APPID = "wx0000000000000000"


@pytest.fixture
def state() -> State:
    """The other side, with the same keys."""
    state = State()
    state.settings.callback_token, state.settings.callback_key = "token", KEY
    return state


@pytest.fixture(autouse=True)
def on(settings: Any) -> None:
    settings.WECHAT_APPID = APPID
    settings.WECHAT_CALLBACK_TOKEN = "token"
    settings.WECHAT_CALLBACK_AES_KEY = KEY


def post(query: dict, body: bytes) -> tuple[int, str]:
    # A client that checks: a form's token must not be asked of WeChat.
    client = Client(enforce_csrf_checks=True)
    answer = client.post(ADDRESS, body, content_type="text/xml", query_params=query, secure=True)
    assert answer["Content-Type"].startswith("text/plain")
    return answer.status_code, answer.content.decode()


def mass(state: State, number: int = 1) -> str:
    return events.message(state, "MASSSENDJOBFINISH", MsgID=number, Status="send success")


@pytest.mark.parametrize("name", ["APPID", "CALLBACK_TOKEN", "CALLBACK_AES_KEY"])
@pytest.mark.django_db
def test_it_is_not_there_until_everything_is_set(client: Client, settings: Any, name: str) -> None:
    setattr(settings, f"WECHAT_{name}", "")
    assert client.get(ADDRESS).status_code == 404
    assert client.post(ADDRESS).status_code == 404


def test_wechats_test_of_the_address_is_echoed(client: Client) -> None:
    query = {"timestamp": "1", "nonce": "2", "echostr": "<b>7</b>"}
    good = {**query, "signature": events.sign("token", "1", "2")}
    answer = client.get(ADDRESS, good)
    assert (answer.status_code, answer.content) == (200, b"<b>7</b>")
    assert answer["Content-Type"].startswith("text/plain")
    for bad in ({}, query, {**good, "nonce": "3"}, {**good, "signature": "é"}):
        assert client.get(ADDRESS, bad).status_code == 403


@pytest.mark.django_db
def test_an_event_is_kept_once(state: State, django_capture_on_commit_callbacks: Any) -> None:
    sealed = events.sealed(state, mass(state))
    with django_capture_on_commit_callbacks() as work:
        assert post(*sealed) == (200, "success")
        assert post(*sealed) == (200, "success")  # repeated by a stranger
        assert post(*events.sealed(state, mass(state))) == (200, "success")  # told again
    (event,) = CallbackEvent.objects.all()
    assert event.key == "MASSSENDJOBFINISH:1"
    assert event.payload["status"] == "send success"
    assert len(work) == 3  # nothing was done yet, so each hint counts
    event.handled_at = timezone.now()
    event.save()
    with django_capture_on_commit_callbacks() as work:
        assert post(*sealed) == (200, "success")
    assert work == []


@pytest.mark.django_db
def test_what_readers_write_is_answered_and_not_kept(state: State) -> None:
    xml = events.element("xml", {"MsgType": "text", "Content": "私信", "FromUserName": "o1"})
    assert post(*events.sealed(state, xml)) == (200, "success")
    assert not CallbackEvent.objects.exists()


@pytest.mark.django_db
def test_strangers_are_refused(state: State) -> None:
    query, body = events.sealed(state, mass(state))
    assert post({**query, "msg_signature": query["signature"]}, body)[0] == 403
    assert post({**query, "nonce": "other"}, body)[0] == 403
    assert post({**query, "timestamp": str(int(query["timestamp"]) + 1)}, body)[0] == 403
    changed = body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[AAAA")
    assert changed != body
    assert post(query, changed)[0] == 403
    assert post({}, body)[0] == 403
    state.settings.appid = "wx1111111111111111"
    assert post(*events.sealed(state, mass(state))) == (400, "读不懂这条消息。")
    state.settings.callback_token = "guessed"
    assert post(*events.sealed(state, mass(state)))[0] == 403
    assert not CallbackEvent.objects.exists()


@pytest.mark.django_db
def test_a_message_of_yesterday_is_refused(state: State) -> None:
    sealed = events.sealed(state, mass(state))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert post(*sealed) == (403, "消息的时间与本机相差太多。")
    assert not CallbackEvent.objects.exists()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\xff\x00", 400),
        (b"<xml><Content>open</Content></xml>", 400),
        (b"<xml><Encrypt>%%%</Encrypt></xml>", 403),
        (b"<xml>" + b" " * 70_000 + b"</xml>", 413),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><xml><Encrypt>&a;</Encrypt></xml>', 400),
    ],
)
def test_garbage_is_answered_in_plain_words(body: bytes, status: int) -> None:
    assert post({"timestamp": "x"}, body)[0] == status


@pytest.mark.parametrize("text", ["%%%", "YWJj", "", "é"])
def test_signed_garbage_is_answered_too(state: State, text: str) -> None:
    query, _ = events.sealed(state, "")
    query["msg_signature"] = events.sign("token", query["timestamp"], query["nonce"], text)
    body = events.element("xml", {"Encrypt": text}).encode()
    assert post(query, body)[0] == 400


def test_a_wrong_key_in_the_settings_is_said(state: State, settings: Any, caplog: Any) -> None:
    settings.WECHAT_CALLBACK_AES_KEY = "short"
    status, words = post(*events.sealed(state, mass(state)))
    assert status == 503
    assert "43 位" in words
    assert "43 位" in caplog.text


def test_other_ways_of_asking_are_refused(client: Client) -> None:
    assert client.put(ADDRESS).status_code == 405
