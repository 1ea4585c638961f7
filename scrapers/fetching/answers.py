"""From an answer to a page: status, body, and what its headers say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Literal

import requests
from django.utils import timezone

from rankings.evidence.kinds import kind_of

from ..fetch_errors import BadContent, BadStatus, ServerFault, Throttled, TooBig
from .bodies import binary_kind, unpacker
from .guard import Deadline, has_surplus
from .targets import printable

CHUNK = 65_536
# Kept headers: what a server may say about itself, and no flood of it.
HEADER_LENGTH = 2000
CLOCK_TOLERANCE = timedelta(days=1)

Expected = Literal["page", "picture", "robots"]


@dataclass(frozen=True)
class FetchedPage:
    """What came back: ``data`` is the body after unpacking, ``fetched_at`` UTC by our own clock.

    ``not_modified``: the server says that nothing changed since the validators handed in; there
    is no body then.
    """

    data: bytes
    url: str
    final_url: str
    status: int
    content_type: str
    fetched_at: datetime
    headers: dict[str, str] = field(default_factory=dict)
    request_headers: dict[str, str] = field(default_factory=dict)
    not_modified: bool = False


def read_answer(
    url: str,
    response: requests.Response,
    *,
    expect: Expected,
    size: int,
    asked_whether_changed: bool,
    deadline: Deadline,
) -> FetchedPage:
    """The page of an answer that is no redirect; ``url`` is the address that was first asked for.

    ``size`` is the most bytes it may have, packed and unpacked. Raises a ``FetchError``.
    """
    status = response.status_code
    if status == HTTPStatus.NOT_MODIFIED:
        if not asked_whether_changed:
            raise BadStatus(
                "对方网站说页面没有变化（304），但本次抓取并没有这样问，没有得到页面。"
                "请打开网址核对，或稍后重试。",
                status,
            )
        return _page(url, response, b"")
    failed = status != HTTPStatus.OK
    try:
        data = _body(response, "page" if failed else expect, size, deadline)
    except (BadContent, TooBig):
        if not failed:
            raise
        data = b""
    page = _page(url, response, data)
    if not failed:
        return page
    kept = page if data and expect != "robots" else None
    wish = retry_after(page.headers, page.fetched_at)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # Only 503 speaks of a time; elsewhere the field is noise of some proxy.
        wish = wish if status == HTTPStatus.SERVICE_UNAVAILABLE else None
        raise ServerFault(f"对方网站出错（HTTP {status}），请稍后再试。", status, kept, wish)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Throttled(
            "对方网站说访问太频繁（HTTP 429），未予抓取。请过几个小时再试。", status, kept, wish
        )
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise BadStatus(
            f"页面不存在（HTTP {status}）。可能尚未发布，也可能地址有变，请打开网址核对。",
            status,
            kept,
        )
    raise BadStatus(f"对方网站没有给出页面（HTTP {status}），请打开网址核对。", status, kept)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """The seconds of ``Retry-After``, which holds seconds or a date (RFC 9110 §10.2.3).

    A date is counted from the server's own ``Date``, so that a clock that is off does no harm.
    """
    fields = _lower(headers)
    text = fields.get("retry-after", "").strip()
    if text.isdecimal():
        # So many digits are no number of seconds any more.
        return float(text[:9])
    moment = _moment(text)
    if moment is None:
        return None
    return max(0.0, (moment - (_moment(fields.get("date", "")) or now)).total_seconds())


def clock_gap(headers: Mapping[str, str], fetched_at: datetime) -> timedelta | None:
    """How far the server's clock is from ours, when that is over a day; ``Age`` is added."""
    fields = _lower(headers)
    moment = _moment(fields.get("date", ""))
    if moment is None:
        return None
    age = fields.get("age", "")
    if age.isdecimal():
        moment += timedelta(seconds=min(int(age[:9]), 366 * 86_400))
    gap = abs(moment - fetched_at)
    return gap if gap > CLOCK_TOLERANCE else None


def validators(headers: Mapping[str, str], now: datetime) -> tuple[str, str]:
    """``ETag`` and ``Last-Modified`` of an answer, each empty when it cannot be relied on."""
    fields = _lower(headers)
    etag = fields.get("etag", "").strip()
    opaque = etag.removeprefix("W/")
    if not (len(opaque) > 2 and opaque[0] == opaque[-1] == '"' and opaque.isascii()):
        etag = ""
    modified = fields.get("last-modified", "").strip()
    moment = _moment(modified)
    if moment is None or moment > now:
        modified = ""
    return etag, modified


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(url: str, response: requests.Response, data: bytes) -> FetchedPage:
    return FetchedPage(
        data=data,
        url=url,
        final_url=response.url,
        status=response.status_code,
        content_type=printable(response.headers.get("Content-Type", "")),
        fetched_at=timezone.now().astimezone(UTC),
        headers={_short(name): _short(value) for name, value in response.headers.items()},
        request_headers=dict(response.request.headers),
        not_modified=response.status_code == HTTPStatus.NOT_MODIFIED,
    )


def _short(text: str) -> str:
    text = printable(text)
    return text if len(text) <= HEADER_LENGTH else f"{text[:HEADER_LENGTH]}…"


def _body(response: requests.Response, expect: Expected, size: int, deadline: Deadline) -> bytes:
    """All of the body, never more than ``size`` bytes of it in memory; checked for its kind."""
    cut = expect == "robots"  # of which the first part is enough (RFC 9309 §2.5)
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > size and not cut:
        raise TooBig(_too_big(expect, size))
    unpack = unpacker(printable(response.headers.get("Content-Encoding", "")).strip().lower())
    data = bytearray()
    packed = 0
    while chunk := response.raw.read1(CHUNK, decode_content=False):
        deadline.check()
        packed += len(chunk)
        for piece in unpack(chunk):
            data += piece
            if len(data) > size:
                break
        if max(packed, len(data)) > size:
            if cut:
                return bytes(data[:size])
            raise TooBig(_too_big(expect, size))
    deadline.check()
    # An empty chunk marks the end, where a packed body must be complete.
    for piece in unpack(b""):
        data += piece
    if has_surplus(response):
        raise BadContent(
            "对方网站给出的内容比它声明的长度多，可能缺了后半部分，未予保存。请稍后重试。"
        )
    _check_kind(bytes(data[:CHUNK]), bool(data.strip()), expect)
    return bytes(data)


def _check_kind(head: bytes, filled: bool, expect: Expected) -> None:
    if expect == "robots":
        return
    if not filled:
        raise BadContent("对方网站返回了空白内容，请打开网址核对。")
    if expect == "picture":
        kind = kind_of(head)
        if not kind.picture:
            raise BadContent(f"网址给出的不是图片，而是{kind.label}，请核对地址。")
    elif kind_name := binary_kind(head):
        raise BadContent(f"网址给出的不是网页，而是{kind_name}，请核对地址。")


def _too_big(expect: Expected, size: int) -> str:
    what = "图片" if expect == "picture" else "页面"
    return f"{what}超过 {size / 1024 / 1024:g} MB 的上限，未予保存。请核对地址。"
