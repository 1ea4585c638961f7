"""Signature and encryption, against constants and against a writer of its own."""

import base64
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.wechat.callback import crypto
from demo.fake_wechat.events import encrypt, sign

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APPID = "wx5823bf96d3bd56c7"
XML = "<xml><Event>荷塘</Event></xml>"
NOISE = b"0123456789abcdef"
# Of the noise, the length 32, the XML, the AppID and what fills the last block, by
# openssl enc -aes-256-cbc -nopad.
MADE_ELSEWHERE = (
    "Q3stYC6hdFzMh9T8HCvyDLfHwC9Z9+MGsw+kE5xqMTe5Z01wpGPqDfBo5lXiEUTc"
    "FAqQAJnKo/bv4le+CjoewmRNEnb0+/Faa+EZwx918uibgynMTqS8NAoNV8ZjsUgu"
)


def test_a_message_made_elsewhere_is_read() -> None:
    key = crypto.read_key(KEY)
    assert crypto.decrypt(MADE_ELSEWHERE, key, APPID) == XML.encode()
    assert encrypt(XML, KEY, APPID, NOISE) == MADE_ELSEWHERE


def test_the_signature_sorts_its_parts() -> None:
    # sha1 of "1409659589" "263014780" "token" in this order.
    assert (
        crypto.sign("token", "1409659589", "263014780")
        == "a83561230f657434ed17865ce9dbacbd1601fe6e"
    )
    assert crypto.is_signed(sign("b", "a"), "a", "b")
    assert not crypto.is_signed(sign("b", "a"), "a", "c")
    assert not crypto.is_signed("é", "a")


@given(
    st.text(max_size=300),
    st.from_regex(r"wx[0-9a-f]{16}", fullmatch=True),
    st.binary(min_size=32, max_size=32),
)
def test_what_is_written_is_read(text: str, appid: str, secret: bytes) -> None:
    key = base64.b64encode(secret).decode().rstrip("=")
    assert crypto.read_key(key) == secret
    assert crypto.decrypt(encrypt(text, key, appid), secret, appid) == text.encode()


@given(st.one_of(st.binary(max_size=200).map(lambda b: base64.b64encode(b).decode()), st.text()))
def test_garbage_is_refused(text: str) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(text, crypto.read_key(KEY), APPID)


@pytest.mark.parametrize("other", ["wx0000000000000000", "", APPID + "0", APPID[:-1]])
def test_a_message_for_another_account_is_refused(other: str) -> None:
    with pytest.raises(crypto.Unreadable, match="another account"):
        crypto.decrypt(encrypt(XML, KEY, other), crypto.read_key(KEY), APPID)


def test_another_key_reads_nothing() -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.decrypt(MADE_ELSEWHERE, crypto.read_key(KEY[::-1]), APPID)


@pytest.mark.parametrize("key", ["", KEY[:-1], KEY + "a", KEY[:-1] + "!", "钥" * 43])
def test_a_key_has_43_signs(key: str) -> None:
    with pytest.raises(crypto.WrongKey, match="43 位"):
        crypto.read_key(key)


@pytest.mark.parametrize(
    ("seconds", "fresh"), [(0, True), (599, True), (-599, True), (601, False), (-601, False)]
)
def test_messages_are_of_these_minutes(seconds: int, fresh: bool) -> None:
    now = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
    assert crypto.is_fresh(str(int(now.timestamp()) + seconds), now) is fresh
    for text in ("", "now", "-1", "1" * 12, "１"):
        assert not crypto.is_fresh(text, now)
