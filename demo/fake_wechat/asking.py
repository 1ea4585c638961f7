"""What a handler is asked, how it refuses, and how a request's body is read."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

# errmsg of each code, as far as WeChat's documents and reports give it.
MESSAGES = {
    -1: "system error",
    0: "ok",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40009: "invalid image size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40035: "invalid parameter",
    40059: "invalid msg id",
    40066: "invalid url",
    40125: "invalid appsecret",
    40130: "invalid openid list size, at least two openid",
    40164: "invalid ip 203.0.113.7, not in whitelist",
    41001: "access_token missing",
    41005: "media data missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    44003: "empty news data",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45003: "title size out of limit",
    45004: "description size out of limit",
    45005: "url size out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45028: "has no masssend quota",
    45065: "clientmsgid exist",
    45066: "same clientmsgid retry too fast",
    45067: "clientmsgid size out of limit",
    45110: "author size out of limit",
    45166: "invalid content",
    47001: "data format error",
    47009: "this api is offline, please use the new api",
    48001: "api unauthorized",
    48006: "forbid to clear quota because of reaching the limit",
    53402: "cover crop failed",
    53500: "publish function is limited",
    53501: "publish too frequently",
    53502: "publish_id is invalid",
    53503: "draft check failed before publish, please check the draft",
    53504: "please use this draft in the official platform",
    53505: "please save this draft manually before publish",
    53600: "article_id is invalid",
    61500: "date format error",
    61501: "date range error",
    88000: "without comment privilege",
    88001: "msg_data is not exists",
    88005: "already reply",
    88007: "reply content beyond max len or content len is zero",
    88008: "comment is not exists",
    88009: "reply is not exists",
    88010: "count range error",
}


class Refused(Exception):
    """The call is answered with an error; ``extra`` goes into the answer beside it."""

    def __init__(self, code: int, **extra: Any) -> None:
        super().__init__(code)
        self.code, self.extra = code, extra

    def answer(self, rid: str) -> dict[str, Any]:
        message = MESSAGES.get(self.code, "error")
        return {"errcode": self.code, "errmsg": f"{message} rid: {rid}", **self.extra}


@dataclass(frozen=True)
class Picture:
    """The file of an upload."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Asked:
    """One call: its query, and its body as JSON or as a file."""

    path: str
    query: Mapping[str, str]
    data: dict[str, Any] = field(default_factory=dict)
    picture: Picture | None = None

    def text(self, name: str) -> str:
        """A value of the body that must be a text. Raises Refused(47001)."""
        value = self.data.get(name, "")
        if not isinstance(value, str):
            raise Refused(47001)
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """A value of the body that must be a whole number. Raises Refused(47001)."""
        value = self.data.get(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused(47001)
        return value


ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


def read_json(body: bytes) -> tuple[dict[str, Any], bool]:
    r"""The object in ``body``, and whether it held ``\uXXXX`` escapes.

    WeChat stores such an escape as the six characters it is written with, so that titles become
    too long and readers see it. Raises Refused(47001) for what is no JSON object in UTF-8.
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(47001) from error
    found = False

    def keep(escape: re.Match[str]) -> str:
        nonlocal found
        if len(escape[1]) == 1:
            return escape[0]
        found = True
        return "\\\\" + escape[1]

    try:
        data = json.loads(ESCAPE.sub(keep, text))
    except ValueError as error:
        raise Refused(47001) from error
    if not isinstance(data, dict):
        raise Refused(47001)
    return data, found


def read_file(content_type: str, body: bytes) -> Picture:
    """The file called ``media`` in a multipart body. Raises Refused(41005)."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if message.is_multipart():
        for part in message.iter_parts():
            if part.get_param("name", header="content-disposition") != "media":
                continue
            data = part.get_payload(decode=True)
            if data and part.get_filename():
                return Picture(part.get_filename(), data)
    raise Refused(41005)
