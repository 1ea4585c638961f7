"""Requests to WeChat, one at a time: counted, timed, read, recorded; secrets stay out of logs."""

import json
import logging
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import urllib3.exceptions

from ..models import Push
from . import calls, quotas
from .account import Account
from .errors import QUOTA_SPENT, ErrorKind, ReplyLost, Unreachable, WeChatError

logger = logging.getLogger(__name__)

# Seconds to connect and between two pieces of the answer.
TIMEOUT = (5, 30)
UPLOAD_TIMEOUT = (5, 60)

_TOKEN_IN_ADDRESS = re.compile(r"(access_token=)[^&\s'\"]+")


class _WithoutTokens(logging.Filter):
    """WeChat wants its token in the address, and urllib3 writes addresses to its log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _TOKEN_IN_ADDRESS.sub(r"\1…", record.getMessage())
        record.args = ()
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_WithoutTokens())


@dataclass(frozen=True)
class _Heard:
    """What came of a request: an answer or an error, and what the record says of it."""

    answer: dict[str, Any] | None = None
    error: WeChatError | None = None
    text: str = ""
    status: int | None = None


class Wire:
    """The line of one account to WeChat. ``push`` is what the calls are recorded under."""

    def __init__(self, account: Account, push: Push | None = None) -> None:
        self.account = account
        self._push = push
        self._session = requests.Session()

    def ask(self, endpoint: str, body: Mapping[str, Any], token: str = "") -> dict[str, Any]:
        """Post ``body`` as JSON.

        The characters are sent as they are: WeChat stores ``\\u4f5c`` literally (draft/add).

        Raises:
            WeChatError: WeChat refused, was not reached, or its answer is lost (`ReplyLost`).
        """
        return self._post(
            endpoint,
            {},
            token,
            calls.as_text(body),
            timeout=TIMEOUT,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )

    def upload(
        self, endpoint: str, name: str, data: bytes, token: str, **query: str
    ) -> dict[str, Any]:
        """Post a file as the form field ``media``, whole and with its length. Raises as `ask`."""
        return self._post(
            endpoint,
            query,
            token,
            calls.of_file(name, data),
            timeout=UPLOAD_TIMEOUT,
            files={"media": (name, data)},
        )

    def _post(
        self, endpoint: str, query: dict[str, str], token: str, sent: str, **request: Any
    ) -> dict[str, Any]:
        quotas.take(self.account.appid, endpoint)
        if token:
            query = {"access_token": token, **query}
        started = time.monotonic()
        heard = self._hear(self.account.base + endpoint, query, request)
        took = round((time.monotonic() - started) * 1000)
        errcode = heard.error.code if heard.error else 0
        logger.info("%s: errcode %s, HTTP %s, %d ms", endpoint, errcode, heard.status, took)
        calls.record(
            self._push,
            endpoint,
            sent,
            heard.text,
            status=heard.status,
            errcode=errcode,
            milliseconds=took,
            secrets=(self.account.secret, token),
        )
        if heard.error is None:
            return heard.answer or {}
        if errcode == QUOTA_SPENT:
            quotas.note_spent(self.account.appid, endpoint)
        raise heard.error

    def _hear(self, address: str, query: dict[str, str], request: dict[str, Any]) -> _Heard:
        # The library's exceptions carry the address and in it the token. They end here: nothing
        # raised outside keeps a link to them.
        try:
            response = self._session.post(address, params=query, allow_redirects=False, **request)
        except requests.RequestException as fault:
            error = _not_answered(fault)
            return _Heard(error=error, text=error.errmsg)
        return _read(response)


def _not_answered(fault: requests.RequestException) -> WeChatError:
    cause = getattr(fault.args[0], "reason", None) if fault.args else None
    # A name that is not found is one of the former.
    if isinstance(cause, urllib3.exceptions.NewConnectionError):
        return Unreachable("建立不了连接")
    if isinstance(fault, requests.ConnectTimeout):
        return Unreachable("连接超时")
    if cause and cause.args and isinstance(cause.args[0], ssl.SSLCertVerificationError):
        return Unreachable(
            "证书不对",
            ErrorKind.REFUSED,
            "微信接口的证书核对不上，没有送出任何内容。请管理员检查 WECHAT_API_BASE 和网络代理。",
        )
    if isinstance(fault, requests.Timeout):
        return ReplyLost("等不到回答")
    return ReplyLost("连接中断")


def _read(response: requests.Response) -> _Heard:
    """WeChat answers JSON in UTF-8 under status 200, whatever its header says."""
    status = response.status_code
    try:
        text = response.content.decode()
        answer = json.loads(text, strict=False)
    except ValueError:
        text, answer = response.content.decode(errors="replace"), None
    if status >= 500 or status == 408:
        return _Heard(error=ReplyLost(f"HTTP {status}"), text=text, status=status)
    if not isinstance(answer, dict):
        return _Heard(error=_unreadable(status), text=text, status=status)
    shown = calls.as_text(answer)
    code = answer.get("errcode", 0)
    if not isinstance(code, int) or (status != 200 and not code):
        return _Heard(error=_unreadable(status), text=shown, status=status)
    if code:
        error = WeChatError(code, str(answer.get("errmsg", "")), answer=answer)
        return _Heard(error=error, text=shown, status=status)
    return _Heard(answer=answer, text=shown, status=status)


def _unreadable(status: int) -> WeChatError:
    """Something between us and WeChat spoke instead, or WeChat's answer was cut."""
    if status == 200:
        return ReplyLost("回答残缺")
    if status == 429:
        return WeChatError(
            None,
            f"HTTP {status}",
            kind=ErrorKind.RATE,
            sentence="微信接口或中间的代理说请求太频繁，一分钟后会自动再试。",
        )
    return WeChatError(
        None,
        f"HTTP {status}",
        kind=ErrorKind.REFUSED,
        sentence=f"微信接口的地址不对，或被中间的代理拦下（HTTP {status}），"
        "请管理员检查 WECHAT_API_BASE。",
    )
