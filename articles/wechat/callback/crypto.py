"""Signature and encryption of WeChat's messages (safe mode). Pure.

WeChat: 消息加解密说明. The key is the EncodingAESKey with ``=`` at its end, in Base64; the text is
AES-256-CBC with the key's first 16 bytes as the initial vector, filled up to blocks of 32 bytes;
inside are 16 random bytes, four of length, the XML and the AppID.
"""

import base64
import binascii
import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
_NOISE, _LENGTH = 16, 4
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
# WeChat tells an event again after five seconds, three times; more is a clock that is wrong.
FRESH = timedelta(minutes=10)


class Unreadable(ValueError):
    """The message was not made with our key, or not for us."""


class WrongKey(ValueError):
    """The EncodingAESKey of the settings is none; the message is a Chinese sentence."""


def read_key(text: str) -> bytes:
    """The 32 bytes of an EncodingAESKey.

    Raises:
        WrongKey: it is not 43 letters and digits.
    """
    if not _KEY.fullmatch(text):
        raise WrongKey(
            "消息加解密密钥 WECHAT_CALLBACK_AES_KEY 应是 43 位字母和数字，请从公众号后台复制。"
        )
    return base64.b64decode(text + "=")


def sign(*parts: str) -> str:
    """sha1 over the parts in alphabetical order, in hexadecimal."""
    # The algorithm is WeChat's; what it protects is the token among the parts.
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def is_signed(signature: str, *parts: str) -> bool:
    """Whether ``signature`` is that of the parts; takes equally long either way."""
    return hmac.compare_digest(sign(*parts).encode(), signature.encode())


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether ``timestamp`` (seconds since 1970) is within ten minutes of ``now``."""
    if not re.fullmatch(r"[0-9]{1,11}", timestamp):
        return False
    return abs(now - datetime.fromtimestamp(int(timestamp), UTC)) <= FRESH


def decrypt(encrypted: str, key: bytes, appid: str) -> bytes:
    """The XML inside ``encrypted`` (Base64).

    Raises:
        Unreadable: damaged, of another key, or meant for another account than ``appid``.
    """
    try:
        data = base64.b64decode(encrypted, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("not Base64") from error
    if not data or len(data) % BLOCK:
        raise Unreadable("not whole blocks")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    plain = _unfilled(decryptor.update(data) + decryptor.finalize())
    head = _NOISE + _LENGTH
    length = int.from_bytes(plain[_NOISE:head], "big")
    if len(plain) < head + length:
        raise Unreadable("shorter than it says")
    if not hmac.compare_digest(plain[head + length :], appid.encode()):
        raise Unreadable("for another account")
    return plain[head : head + length]


def _unfilled(data: bytes) -> bytes:
    """Without what fills the last block: as many bytes as each of them says."""
    count = data[-1]
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise Unreadable("wrongly filled")
    return data[:-count]
