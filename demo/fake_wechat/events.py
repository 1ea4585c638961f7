"""Events WeChat posts to an account's own server, in its safe mode: signed and encrypted.

Written from the description of the format alone; the workbench reads it with code of its own.
"""

import base64
import hashlib
import http.client
import os
import struct
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from .calls.publishing import detail
from .state import Sending, State

ACCOUNT, SENDER = "gh_0000000000", "oSYSTEM"
BLOCK = 32
TIMEOUT = 5.0


def cdata(text: str) -> str:
    return f"<![CDATA[{text}]]>"


def element(name: str, value: Any) -> str:
    """One element; a mapping holds further ones, a list repeats it."""
    if isinstance(value, list):
        return "".join(element(name, each) for each in value)
    if isinstance(value, Mapping):
        inner = "".join(element(key, each) for key, each in value.items())
    else:
        inner = str(value) if isinstance(value, int) else cdata(str(value))
    return f"<{name}>{inner}</{name}>"


def message(state: State, event: str, **facts: Any) -> str:
    """The XML of an event that happens now."""
    head = {
        "ToUserName": ACCOUNT,
        "FromUserName": SENDER,
        "CreateTime": int(state.clock.time()),
        "MsgType": "event",
        "Event": event,
    }
    return element("xml", {**head, **facts})


def mass_finished(state: State, sending: Sending, status: str = "") -> str:
    """MASSSENDJOBFINISH; ``status`` such as ``err(20013)``, by itself what became of the sending.

    ``settings.event_urls`` says how the list of addresses comes: full, empty (its count is 0) or
    blank (white space where the list should be), all of which were seen.
    """
    followers = 86_000 if sending.is_sent else 0
    done = sending.status == "done" and not status
    facts: dict[str, Any] = {
        "MsgID": sending.msg_id,
        "Status": status or ("send success" if done else "send fail"),
        "TotalCount": followers,
        "FilterCount": followers,
        "SentCount": max(0, followers - 12),
        "ErrorCount": min(followers, 12),
        "CopyrightCheckResult": {"Count": 0, "ResultList": "", "CheckState": 0},
    }
    urls = sending.urls if done else []
    items = [{"ArticleIdx": n, "ArticleUrl": url} for n, url in enumerate(urls, start=1)]
    shape = state.settings.event_urls if done else "empty"
    if shape == "full":
        facts["ArticleUrlResult"] = {"Count": len(items), "ResultList": {"item": items}}
        return message(state, "MASSSENDJOBFINISH", **facts)
    if shape == "empty":
        facts["ArticleUrlResult"] = {"Count": 0, "ResultList": {}}
        return message(state, "MASSSENDJOBFINISH", **facts)
    xml = message(state, "MASSSENDJOBFINISH", **facts)
    return xml.replace("</xml>", "<ArticleUrlResult>\n  \n</ArticleUrlResult></xml>")


def publication_finished(state: State, sending: Sending) -> str:
    """PUBLISHJOBFINISH, or the other event without an article_id that developers report."""
    if state.settings.publish_event == "MASSSENDJOBFINISH":
        status = "send success" if sending.status == "done" else "send fail"
        number = int(sending.publish_id)
        return message(state, "MASSSENDJOBFINISH", MsgID=number, Status=status)
    info = detail(sending, sending.code)
    info["publish_id"] = int(info["publish_id"])
    return message(state, "PUBLISHJOBFINISH", PublishEventInfo=info)


def encrypt(text: str, key: str, appid: str, noise: bytes | None = None) -> str:
    """The ``Encrypt`` of a message: AES-256-CBC with 32-byte blocks, in Base64.

    ``key`` is the account's EncodingAESKey of 43 letters, ``noise`` the 16 bytes in front.
    """
    secret = base64.b64decode(key + "=")
    data = text.encode()
    plain = (noise or os.urandom(16)) + struct.pack(">I", len(data)) + data + appid.encode()
    short = BLOCK - len(plain) % BLOCK
    plain += bytes([short]) * short
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def sign(*parts: str) -> str:
    """sha1 over the parts in order."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324


def sealed(
    state: State, xml: str, *, timestamp: int | None = None, nonce: str = ""
) -> tuple[dict[str, str], bytes]:
    """Query and body of the request that carries ``xml``, sent in real time unless told else."""
    settings = state.settings
    secret = encrypt(xml, settings.callback_key, settings.appid)
    stamp = str(int(time.time()) if timestamp is None else timestamp)
    nonce = nonce or state.code("nonce", 10)
    query = {
        "signature": sign(settings.callback_token, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": SENDER,
        "encrypt_type": "aes",
        "msg_signature": sign(settings.callback_token, stamp, nonce, secret),
    }
    return query, element("xml", {"ToUserName": ACCOUNT, "Encrypt": secret}).encode()


def pending(state: State) -> list[tuple[Sending, str]]:
    """What has come to its end and was not yet told, with the XML that tells it."""
    makers = {"mass": mass_finished, "publish": publication_finished}
    return [
        (each, makers[each.kind](state, each))
        for each in state.sendings
        if each.status in ("done", "failed") and not each.told
    ]


def post(address: str, query: Mapping[str, str], body: bytes) -> str:
    """Send one event; answers what the other side said, or why it could not be reached."""
    if urlsplit(address).hostname not in ("127.0.0.1", "localhost"):
        return "只向本机发送通知"
    request = urllib.request.Request(  # noqa: S310 - this machine only, see above
        f"{address}?{urlencode(query)}", data=body, headers={"Content-Type": "text/xml"}
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return answer.read(200).decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        with error:
            return f"HTTP {error.code}"
    except (OSError, http.client.HTTPException) as error:
        return str(error)
