"""The one module that opens sockets to the outside.

An address is fetched only from hosts its source allows, and only from public network addresses.
The check is made on the very address the socket is then connected to, so a name that resolves
differently a moment later gains nothing.
"""

import ipaddress
import random
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

import requests
from django.conf import settings
from django.utils import timezone
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.util import connection as urllib3_connection
from urllib3.util import parse_url

from .bodies import binary_kind, unpacker
from .fetch_errors import (
    AddressRefused,
    BadContent,
    BadStatus,
    FetchError,
    FetchTimeout,
    ServerFault,
    TooBig,
    TooManyRedirects,
    Unreachable,
)

URL_LIMIT = 2000
REDIRECTS = frozenset({301, 302, 303, 307, 308})
DEFAULT_PORTS = {"http": 80, "https": 443}
# A name that resolves to many dead addresses must not use up the whole time.
ADDRESSES_TRIED = 4
CHUNK = 65_536

_jitter = random.SystemRandom().random


@dataclass(frozen=True)
class Limits:
    """Seconds, bytes and counts; ``total`` seconds hold for one attempt with its redirects."""

    connect: float = 10
    read: float = 20
    total: float = 45
    size: int = 10 * 1024 * 1024
    redirects: int = 5
    attempts: int = 3
    backoff: float = 2


@dataclass(frozen=True)
class FetchedPage:
    """What came back: ``data`` is the body after unpacking, ``fetched_at`` UTC."""

    data: bytes
    url: str
    final_url: str
    status: int
    content_type: str
    fetched_at: datetime
    headers: dict[str, str] = field(default_factory=dict)
    request_headers: dict[str, str] = field(default_factory=dict)


def user_agent() -> str:
    """Says honestly who asks and where to complain."""
    return f"zai-hetang/0.1 (+{settings.SITE_URL})"


def fetch(
    url: str,
    *,
    allowed_hosts: Iterable[str],
    limits: Limits = Limits(),
    sleep: Callable[[float], None] = time.sleep,
    jitter: Callable[[], float] = _jitter,
) -> FetchedPage:
    """Get a text page. Raises a ``FetchError``.

    ``allowed_hosts`` are names (``www.example.gov.cn``), standard ports only, or ``name:port``.
    Only timeouts and 5xx are tried again, ``limits.attempts`` times in all; ``sleep`` gets the
    pause in seconds, ``jitter`` answers a number from 0 to 1 that is added to it.
    """
    allowed = frozenset(host.strip().lower() for host in allowed_hosts if host.strip())
    attempt = 1
    while True:
        try:
            return _attempt(url, allowed, limits)
        except (FetchTimeout, ServerFault):
            if attempt >= limits.attempts:
                raise
        sleep(limits.backoff * 2 ** (attempt - 1) + jitter())
        attempt += 1


def check_address(url: str, allowed: Iterable[str]) -> None:
    """Refuse what needs no look-up: scheme, host list, user names, length."""
    if len(url) > URL_LIMIT:
        raise AddressRefused(f"网址超过 {URL_LIMIT} 个字符，不予抓取。")
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise AddressRefused(f"网址“{url}”写法有误，请检查地址模板。") from error
    if parts.scheme not in DEFAULT_PORTS or not parts.host:
        raise AddressRefused(f"网址“{url}”不是 http 或 https 地址，不予抓取。")
    if parts.auth:
        raise AddressRefused("网址中带有用户名或密码，不予抓取。")
    host = _bare(parts.host)
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    usual = port == DEFAULT_PORTS[parts.scheme] or host in settings.SCRAPER_TEST_HOSTS
    if not (f"{host}:{port}" in allowed or (usual and host in allowed)):
        raise AddressRefused(
            f"主机“{host}:{port}”不在来源的允许名单内。如确需抓取，请在来源设置中加入该主机。"
        )


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet, tunnels and translations excluded."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip.sixtofour is not None or ip.teredo is not None or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _bare(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _attempt(url: str, allowed: frozenset[str], limits: Limits) -> FetchedPage:
    with _Deadline(limits.total).running() as deadline, requests.Session() as session:
        # Proxies and .netrc of the machine would lead around the checks.
        session.trust_env = False
        adapter = _GuardedAdapter(_Guard(allowed, deadline))
        session.mount("http://", adapter)
        session.mount("https://", adapter)
        session.headers.update(
            {
                "User-Agent": user_agent(),
                "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
                "Accept-Encoding": "gzip, deflate",
                "Accept-Language": "zh-CN,zh;q=0.9",
            }
        )
        try:
            return _follow(session, url, allowed, limits, deadline)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _translated(error, deadline) from error


def _follow(
    session: requests.Session,
    url: str,
    allowed: frozenset[str],
    limits: Limits,
    deadline: "_Deadline",
) -> FetchedPage:
    current = url
    for _ in range(limits.redirects + 1):
        check_address(current, allowed)
        with session.get(
            current,
            stream=True,
            allow_redirects=False,
            timeout=(limits.connect, limits.read),
        ) as response:
            deadline.watch(response.raw.shutdown)
            location = session.get_redirect_target(response)
            if response.status_code not in REDIRECTS or not location:
                return _page(url, response, limits, deadline)
        current = urljoin(response.url, location)
    raise TooManyRedirects(f"网址跳转超过 {limits.redirects} 次，不再跟随。请核对地址是否已变更。")


def _page(
    url: str, response: requests.Response, limits: Limits, deadline: "_Deadline"
) -> FetchedPage:
    status = response.status_code
    failed = status != HTTPStatus.OK
    try:
        data = _body(response, limits, deadline)
    except (BadContent, TooBig):
        if not failed:
            raise
        data = b""
    page = FetchedPage(
        data=data,
        url=url,
        final_url=response.url,
        status=status,
        content_type=_printable(response.headers.get("Content-Type", "")),
        fetched_at=timezone.now().astimezone(UTC),
        headers={_printable(k): _printable(v) for k, v in response.headers.items()},
        request_headers=dict(response.request.headers),
    )
    if not failed:
        return page
    kept = page if data else None
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerFault(f"对方网站出错（HTTP {status}），请稍后再试。", status, kept)
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise BadStatus(
            f"页面不存在（HTTP {status}）。可能尚未发布，也可能地址有变，请打开网址核对。",
            status,
            kept,
        )
    raise BadStatus(f"对方网站没有给出页面（HTTP {status}），请打开网址核对。", status, kept)


def _body(response: requests.Response, limits: Limits, deadline: "_Deadline") -> bytes:
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > limits.size:
        raise TooBig(_too_big(limits))
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    unpack = unpacker(encoding)
    parts: list[bytes] = []
    packed = unpacked = 0
    while chunk := response.raw.read1(CHUNK, decode_content=False):
        deadline.check()
        packed += len(chunk)
        for piece in unpack(chunk):
            unpacked += len(piece)
            if max(packed, unpacked) > limits.size:
                raise TooBig(_too_big(limits))
            parts.append(piece)
        if packed > limits.size:
            raise TooBig(_too_big(limits))
    deadline.check()
    # An empty chunk marks the end, where a packed body must be complete.
    parts.extend(unpack(b""))
    data = b"".join(parts)
    if not data.strip():
        raise BadContent("对方网站返回了空白内容，请打开网址核对。")
    kind = binary_kind(data)
    if kind:
        raise BadContent(f"网址给出的不是网页，而是{kind}，请核对地址。")
    return data


def _too_big(limits: Limits) -> str:
    return f"页面超过 {limits.size / 1024 / 1024:g} MB 的上限，未予保存。请核对地址。"


def _printable(text: str) -> str:
    """Header text without control characters, which no database takes."""
    return "".join(c for c in text if c.isprintable())


def _translated(error: Exception, deadline: "_Deadline") -> FetchError:
    if deadline.expired or isinstance(error, requests.Timeout | TimeoutError):
        return FetchTimeout(_SLOW)
    if isinstance(error, requests.exceptions.SSLError):
        return Unreachable(
            "无法与对方网站建立安全连接（证书无效或协议不符），未予抓取。请与发布单位核实网址。"
        )
    if isinstance(error, requests.exceptions.InvalidURL | UnicodeError):
        return AddressRefused("网址写法有误，请检查地址模板。")
    return Unreachable("连不上对方网站，或连接中途断开。请检查网址和网络后重试。")


_SLOW = "对方网站响应太慢，已放弃。请稍后重试。"


class _Deadline:
    """Cuts the connection when the total time is over, whatever the server drips until then."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.expired = False
        self._finished = threading.Event()
        self._cut: Callable[[], None] = lambda: None

    def watch(self, cut: Callable[[], None]) -> None:
        self._cut = cut

    def check(self) -> None:
        if self.expired:
            raise FetchTimeout(_SLOW)

    @contextmanager
    def running(self) -> Iterator["_Deadline"]:
        thread = threading.Thread(target=self._run, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._finished.set()
            thread.join()

    def _run(self) -> None:
        if self._finished.wait(self.seconds):
            return
        self.expired = True
        # During a TLS handshake the socket cannot be reached yet: try until it can.
        while True:
            with suppress(OSError, ValueError):
                self._cut()
            if self._finished.wait(0.2):
                return


@dataclass(frozen=True)
class _Guard:
    """Connects sockets, to checked addresses only."""

    allowed: frozenset[str]
    deadline: _Deadline

    def connect(self, connection: HTTPConnection) -> socket.socket:
        host = _bare(connection.host)
        addresses = self._addresses(host, connection.port)
        if host not in self.allowed and f"{host}:{connection.port}" not in self.allowed:
            raise AddressRefused(f"主机“{host}”不在来源的允许名单内。")

        def cut() -> None:
            opened = connection.sock
            if opened is not None:
                opened.shutdown(socket.SHUT_RDWR)

        self.deadline.watch(cut)
        failure: OSError | None = None
        for address in addresses[:ADDRESSES_TRIED]:
            self.deadline.check()
            try:
                return urllib3_connection.create_connection(
                    (address, connection.port),
                    connection.timeout,
                    socket_options=connection.socket_options,
                )
            except TimeoutError as error:
                failure = error
            except OSError as error:
                failure = failure or error
        if isinstance(failure, TimeoutError):
            raise FetchTimeout(_SLOW) from failure
        raise Unreachable("连不上对方网站。请检查网址和网络后重试。") from failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unreachable(f"找不到主机“{host}”（域名解析失败），请检查网址和网络。") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if host not in settings.SCRAPER_TEST_HOSTS:
            for address in addresses:
                if not is_public(address):
                    raise AddressRefused(
                        f"主机“{host}”指向内部网络地址 {address}，不予抓取。请核实网址。"
                    )
        return addresses


class _GuardedAdapter(HTTPAdapter):
    """An adapter whose pools make only guarded connections and never retry by themselves."""

    def __init__(self, guard: _Guard) -> None:
        self.guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        guard = self.guard

        class PlainConnection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self)

        class TlsConnection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return guard.connect(self)

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = TlsConnection

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
