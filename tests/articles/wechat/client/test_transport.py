"""What comes back of a request, what is kept of it, and that secrets stay out of everything."""

import datetime as dt
import json
import logging
import ssl
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from articles.models import Push, WeChatCall, WeChatQuota, WeChatToken
from articles.wechat import calls, transport
from articles.wechat.account import why_not_use
from articles.wechat.client import Client, is_configured
from articles.wechat.errors import ErrorKind, NotConfigured, ReplyLost, Unreachable, WeChatError
from demo.fake_wechat import FakeWeChat
from tests.factories.users import UserFactory

from .conftest import Answering, article, picture

pytestmark = pytest.mark.django_db

ADD = "/cgi-bin/draft/add"


@pytest.mark.parametrize("fault", ["drop", "drop_before", "gateway", "garbage", 503])
def test_a_lost_reply_leaves_open_what_happened(fake: FakeWeChat, fault: Any) -> None:
    client = Client()
    sent = article(client)
    fake.script(ADD, fault)
    with pytest.raises(ReplyLost) as error:
        client.draft_add([sent])
    assert (error.value.outcome_known, error.value.kind) == (False, ErrorKind.BUSY)
    assert error.value.sentence.endswith("稍后会自动再试。")
    assert len(fake.state.drafts) == (fault in ("drop", "gateway", "garbage"))


def test_one_that_hangs_is_given_up(fake: FakeWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client()
    sent = article(client)
    fake.script(ADD, "hang")
    monkeypatch.setattr(transport, "TIMEOUT", (5, 0.1))
    with pytest.raises(ReplyLost, match="等不到回答"):
        client.draft_add([sent])


def test_nobody_there_means_that_nothing_happened(fake: FakeWeChat, settings: Any) -> None:
    settings.WECHAT_API_BASE = "http://127.0.0.1:9"
    with pytest.raises(Unreachable) as error:
        Client().draft_list(0, 1)
    assert error.value.outcome_known and error.value.kind == ErrorKind.BUSY


@pytest.mark.parametrize(
    "status, body, kind, known, said",
    [
        (302, b"", ErrorKind.REFUSED, True, "HTTP 302"),
        (404, b"<html>", ErrorKind.REFUSED, True, "HTTP 404"),
        (412, b'{"message": "length"}', ErrorKind.REFUSED, True, "HTTP 412"),
        (429, b"slow down", ErrorKind.RATE, True, "一分钟后"),
        (408, b"", ErrorKind.BUSY, False, "HTTP 408"),
        (502, b'{"errcode": 0}', ErrorKind.BUSY, False, "HTTP 502"),
        (200, b"", ErrorKind.BUSY, False, "残缺"),
        (200, b'{"errcode": 0, "me', ErrorKind.BUSY, False, "残缺"),
        (200, b"\xff\xfe", ErrorKind.BUSY, False, "残缺"),
        (200, b"[1]", ErrorKind.BUSY, False, "残缺"),
        (200, b'{"errcode": "no"}', ErrorKind.BUSY, False, "残缺"),
        (200, b'{"errcode": 0}', ErrorKind.BUSY, False, "访问凭证"),
        (200, b'{"errcode": -1, "errmsg": "system error"}', ErrorKind.BUSY, True, "系统繁忙"),
        (400, b'{"errcode": 40013, "errmsg": "bad"}', ErrorKind.REFUSED, True, "AppID"),
    ],
)
def test_what_an_answer_means(
    answering: Answering, status: int, body: bytes, kind: str, known: bool, said: str
) -> None:
    answering.say(status, body, Location="/elsewhere")
    with pytest.raises(WeChatError, match=said) as error:
        Client().draft_list(0, 1)
    assert (error.value.kind, error.value.outcome_known) == (kind, known)
    assert answering.asked == 1, "no redirect is followed, nothing is asked twice"
    assert WeChatCall.objects.get().status == status


def test_an_answer_is_read_as_utf8_whatever_its_header_says(answering: Answering) -> None:
    token = '{"access_token": "t", "expires_in": 7200, "errcode": 0}'
    answering.say(200, token.encode(), **{"Content-Type": "text/plain; charset=iso-8859-1"})
    wire = transport.Wire(Client()._wire.account)
    assert wire.ask("/x", {})["access_token"] == "t"
    answering.say(200, '{"title": "荷\t塘"}'.encode(), **{"Content-Type": "text/plain"})
    assert wire.ask("/x", {})["title"] == "荷\t塘"


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


def _own_certificate(folder: Any) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    now = timezone.now()
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "server.pem"
    path.write_bytes(
        certificate.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context


def test_a_stranger_with_a_certificate_of_its_own_is_told_nothing(
    settings: Any, tmp_path: Any
) -> None:
    settings.WECHAT_APPID, settings.WECHAT_SECRET = "wx1", "very-secret"
    with ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        server.handle_error = lambda *args: None  # the client turns away
        server.socket = _own_certificate(tmp_path).wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings.WECHAT_API_BASE = f"https://127.0.0.1:{server.server_port}"
        with pytest.raises(Unreachable, match="证书核对不上") as error:
            Client().draft_list(0, 1)
        server.shutdown()
    assert error.value.kind == ErrorKind.REFUSED


@pytest.mark.parametrize(
    "base, fine",
    [
        ("https://api.weixin.qq.com", True),
        ("https://proxy.example.gov.cn:8443/wx", True),
        ("http://127.0.0.1:8126", True),
        ("http://[::1]:8126", True),
        ("http://localhost:8126", True),
        ("http://api.weixin.qq.com", False),
        ("http://10.0.0.5", False),
        ("http://localhost.example.com", False),
        ("ftp://127.0.0.1", False),
        ("https://user:pass@api.weixin.qq.com", False),
        ("https://api.weixin.qq.com/?x=1", False),
        ("http://[::1", False),
        ("api.weixin.qq.com", False),
        ("", False),
    ],
)
def test_the_secret_travels_only_where_nobody_listens(base: str, fine: bool) -> None:
    assert (why_not_use(base) == "") is fine


def test_without_an_account_nothing_is_begun(settings: Any) -> None:
    settings.WECHAT_APPID, settings.WECHAT_SECRET = "wx1", ""
    assert not is_configured()
    with pytest.raises(NotConfigured, match="WECHAT_APPID 和 WECHAT_SECRET"):
        Client()
    settings.WECHAT_SECRET, settings.WECHAT_API_BASE = "s", "http://api.weixin.qq.com"
    assert not is_configured()
    with pytest.raises(NotConfigured, match="https"):
        Client()


# --- what is kept ---------------------------------------------------------------------------------


def test_each_call_is_kept_under_its_push(fake: FakeWeChat) -> None:
    push = Push.objects.create(created_by=UserFactory())
    client = Client(push=push)
    media_id = client.draft_add([article(client)])
    add, upload, token = WeChatCall.objects.all()
    assert {call.push_id for call in (add, upload, token)} == {push.pk}
    assert json.loads(add.sent)["articles"][0]["content"] == "<p>作者：荷塘</p>"
    assert (json.loads(add.answered)["media_id"], add.errcode, add.status) == (media_id, 0, 200)
    assert upload.sent.startswith("<png 0 kB sha256 ")
    assert json.loads(token.sent)["secret"] == calls.MASK
    assert json.loads(token.answered)["access_token"] == calls.MASK
    push.delete()
    assert WeChatCall.objects.filter(push=None).count() == 3


def test_a_long_text_is_kept_in_part(fake: FakeWeChat) -> None:
    client = Client()
    client.draft_add([article(client, content="<p>" + "荷塘" * 9000 + "</p>")])
    sent = WeChatCall.objects.first().sent
    assert len(sent.encode()) < 20_100 and "……（共 5" in sent and sent.startswith('{"articles"')


def test_old_calls_are_forgotten(fake: FakeWeChat) -> None:
    with time_machine.travel("2026-08-01 12:00Z"):
        Client().draft_list(0, 1)
    Client().draft_list(0, 1)
    assert calls.prune() == 2
    assert WeChatCall.objects.count() == 2  # a token and a list
    assert {row.day for row in WeChatQuota.objects.all()} == {timezone.localdate()}


def test_secrets_are_nowhere_but_where_they_must_be(
    fake: FakeWeChat,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In the wire and in one row; in no log, no error with its causes, no record of a call."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(transport, "TIMEOUT", (5, 0.5))
    settings.WECHAT_SECRET = fake.state.settings.secret = "0f5e-a-secret-to-look-for"
    seen, tokens, told = Client(), set(), []

    def attempt() -> None:
        try:
            seen.draft_list(0, 1)
        except WeChatError as error:
            told.append("".join(traceback.format_exception(error)))
            told.append(repr((error, error.errmsg, error.answer, error.__context__)))
        tokens.update(token.text for token in fake.state.tokens)

    faults = (None, "drop", "hang", "garbage", 502, -1, 40001, 40164, {"errcode": 1, "x": "y"})
    for fault in faults:
        fake.script("/cgi-bin/draft/batchget", fault)
        attempt()
    seen.upload_body_picture(picture(), "a.png")
    WeChatToken.objects.all().delete()
    fake.script("/cgi-bin/stable_token", "garbage", 40125)
    attempt()
    attempt()
    settings.WECHAT_API_BASE = "http://127.0.0.1:9"
    seen = Client()
    attempt()
    rows = "".join(
        f"{call.endpoint} {call.sent} {call.answered}" for call in WeChatCall.objects.all()
    )
    everything = "".join([rows, *told, *(record.getMessage() for record in caplog.records)])
    everything += "".join(str(record.exc_text) for record in caplog.records)
    assert "urllib3.connectionpool" in {record.name for record in caplog.records}
    assert "/cgi-bin/draft/batchget?access_token=…" in everything
    assert tokens and len(told) >= 18
    for secret in (settings.WECHAT_SECRET, *tokens):
        assert secret not in everything
    assert settings.WECHAT_SECRET not in repr(seen._wire.account)


def test_what_was_cut_off_shows_no_token_either() -> None:
    assert "abc" not in calls.blot('{"access_token":"abcde', ())
    assert calls.blot("a\0b", ()) == "ab"
