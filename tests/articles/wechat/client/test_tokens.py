"""One token for all processes."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from articles.models import WeChatToken
from articles.wechat import tokens
from articles.wechat.client import Client
from articles.wechat.errors import ErrorKind, WeChatError
from articles.wechat.transport import Wire
from demo.fake_wechat import FakeWeChat

pytestmark = pytest.mark.django_db


def fetched(fake: FakeWeChat) -> int:
    return len(fake.state.calls_of(tokens.ENDPOINT))


def test_it_is_fetched_once_for_everybody(fake: FakeWeChat) -> None:
    for _ in range(3):
        Client().draft_list(0, 1)
    assert fetched(fake) == 1
    row = WeChatToken.objects.get()
    assert row.token == fake.state.tokens[0].text
    assert row.expires_at - row.fetched_at == dt.timedelta(seconds=7200)


@pytest.mark.parametrize("later, times", [(6899, 1), (6901, 2), (9000, 2)])
def test_it_is_renewed_when_less_than_five_minutes_are_left(
    fake: FakeWeChat, later: int, times: int
) -> None:
    now = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False):
        Client().draft_list(0, 1)
    with time_machine.travel(now + dt.timedelta(seconds=later), tick=False):
        Client().draft_list(0, 1)
        assert WeChatToken.objects.get().expires_at > timezone.now()
    assert fetched(fake) == times


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_one_that_is_no_longer_taken_is_replaced_and_the_call_made_once_more(
    fake: FakeWeChat, code: int
) -> None:
    client = Client()
    client.draft_list(0, 1)
    fake.script("/cgi-bin/draft/batchget", code)
    client.draft_list(0, 1)
    assert (fetched(fake), len(fake.state.calls_of("/cgi-bin/draft/batchget"))) == (2, 3)
    assert not any(call.data.get("force_refresh") for call in fake.state.calls)


def test_it_is_not_asked_for_a_third_time(fake: FakeWeChat) -> None:
    fake.script("/cgi-bin/draft/batchget", 40001, 42001)
    with pytest.raises(WeChatError) as error:
        Client().draft_list(0, 1)
    assert (error.value.code, error.value.kind) == (42001, ErrorKind.BUSY)
    assert (fetched(fake), len(fake.state.calls_of("/cgi-bin/draft/batchget"))) == (2, 2)


def test_one_that_another_process_renewed_meanwhile_stays(fake: FakeWeChat) -> None:
    Client().draft_list(0, 1)
    appid = WeChatToken.objects.get().appid
    tokens.drop(appid, "an older one")
    assert WeChatToken.objects.filter(appid=appid).exists()


def test_two_that_renew_at_once_end_with_one_row(
    fake: FakeWeChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = Client()._wire.account
    mine, other = Wire(account), Wire(account)
    ask, answers = Wire.ask, []

    def meanwhile(self: Wire, *args: Any) -> dict[str, Any]:
        """Before the first has its answer, the second is through."""
        if self is mine and not answers:
            answers.append(tokens.current(other))
        return ask(self, *args)

    monkeypatch.setattr(Wire, "ask", meanwhile)
    answers.append(tokens.current(mine))
    assert fetched(fake) == 2 and answers[0] == answers[1] == WeChatToken.objects.get().token


@pytest.mark.parametrize(
    "fault, said",
    [
        (40164, "出口 IP"),
        (40125, "AppSecret"),
        (-1, "系统繁忙"),
        ("drop", "连接中断"),
        ({"access_token": "", "expires_in": 7200}, "没有给出访问凭证"),
        ({"access_token": "t", "expires_in": "long"}, "没有给出访问凭证"),
    ],
)
def test_why_there_is_none(fake: FakeWeChat, fault: Any, said: str) -> None:
    assert tokens.why_none() == ""
    fake.script(tokens.ENDPOINT, fault)
    with pytest.raises(WeChatError, match=said):
        Client().draft_list(0, 1)
    assert not WeChatToken.objects.exists()
    if not isinstance(fault, dict):
        assert said in tokens.why_none()
    Client().draft_list(0, 1)
    assert tokens.why_none() == ""


def test_the_refused_address_is_named(fake: FakeWeChat) -> None:
    message = "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 65f-1"
    fake.script(tokens.ENDPOINT, {"errcode": 40164, "errmsg": message})
    with pytest.raises(WeChatError, match=r"IP 203\.0\.113\.9 不在"):
        Client().draft_list(0, 1)
    assert "203.0.113.9" in tokens.why_none() and "rid" not in tokens.why_none()
