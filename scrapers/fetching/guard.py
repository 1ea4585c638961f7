"""The one module that opens sockets to the outside.

An address is fetched only from hosts its source allows, and only from public network addresses.
The check is made on the very address the socket is then connected to, so a name that resolves
differently a moment later gains nothing.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, InvalidHeader
from urllib3.util import connection as urllib3_connection

from ..fetch_errors import (
    AddressRefused,
    BadContent,
    FetchError,
    FetchTimeout,
    NoConnection,
    NoSecureConnection,
    Unreachable,
)
from .targets import bare, is_listed, is_public

# A name that resolves to many dead addresses must not use up the whole time.
ADDRESSES_TRIED = 4
# How long a server that closes the connection may take to do so.
CLOSING = 0.2

SLOW = "对方网站响应太慢，已放弃。请稍后重试。"


class Deadline:
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
            raise FetchTimeout(SLOW)

    @contextmanager
    def running(self) -> Iterator["Deadline"]:
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


def ca_bundle() -> str:
    """The file of the authorities that are trusted."""
    return requests.certs.where()


@contextmanager
def answer(
    url: str,
    *,
    allowed: frozenset[str],
    headers: Mapping[str, str],
    timeout: tuple[float, float],
    deadline: Deadline,
) -> Iterator[requests.Response]:
    """One request and its answer, whose body the caller reads inside. Raises a ``FetchError``.

    No redirect is followed, and no cookie is kept or sent. ``timeout`` is for connecting and for
    one read, in seconds.
    """
    # The adapter alone: a session would read cookies, .netrc and proxies, and parse ``Location``
    # even where it is told not to follow it.
    adapter = _GuardedAdapter(_Guard(allowed, deadline))
    try:
        request = requests.Request("GET", url, headers=dict(headers)).prepare()
        with adapter.send(request, stream=True, timeout=timeout, verify=ca_bundle()) as response:
            deadline.watch(response.raw.shutdown)
            yield response
    except (requests.RequestException, HTTPError, http.client.HTTPException, OSError) as error:
        raise _translated(error, deadline) from error
    finally:
        adapter.close()


def speaks_tls(host: str, port: int, allowed: frozenset[str], seconds: float) -> bool:
    """Whether ``host`` answers in TLS with a certificate of its own. Raises ``AddressRefused``."""
    with Deadline(seconds).running() as deadline:
        connection = HTTPConnection(host, port, timeout=seconds)
        context = ssl.create_default_context(cafile=ca_bundle())
        try:
            with context.wrap_socket(
                _Guard(allowed, deadline).connect(connection, "https"),
                server_hostname=bare(host),
                do_handshake_on_connect=False,
            ) as wrapped:
                # Its own shutdown would take the TLS object away under the handshake.
                deadline.watch(lambda: socket.socket.shutdown(wrapped, socket.SHUT_RDWR))
                wrapped.do_handshake()
                return True
        except AddressRefused:
            raise
        except (FetchError, OSError, ValueError):
            return False


def has_surplus(response: requests.Response) -> bool:
    """Whether the server sent more bytes than the length it stated, once all those are read."""
    return getattr(response.raw._original_response, "surplus", False)


def _translated(error: Exception, deadline: Deadline) -> FetchError:
    if deadline.expired or isinstance(error, requests.Timeout | TimeoutError):
        return FetchTimeout(SLOW)
    if isinstance(error, requests.exceptions.SSLError):
        return NoSecureConnection(
            "无法与对方网站建立安全连接（证书无效或协议不符），未予抓取。请与发布单位核实网址。"
        )
    if isinstance(error, requests.exceptions.InvalidURL | UnicodeError):
        return AddressRefused("网址写法有误，请检查地址模板。")
    if _breaks_protocol(error):
        return BadContent("对方网站的答复不合 HTTP 规范，无法读取。请打开网址核对，或稍后重试。")
    return Unreachable("连不上对方网站，或连接中途断开。请检查网址和网络后重试。")


def _breaks_protocol(error: BaseException | None) -> bool:
    """Whether status line or headers were garbage, as opposed to a connection that just ended."""
    while error is not None:
        if isinstance(error, http.client.RemoteDisconnected):
            return False
        # Too many headers have no class of their own.
        if isinstance(error, _GARBAGE) or type(error) is http.client.HTTPException:
            return True
        error = error.__context__
    return False


_GARBAGE = (
    http.client.BadStatusLine,
    http.client.LineTooLong,
    http.client.UnknownProtocol,
    InvalidHeader,
)


class _WatchedResponse(http.client.HTTPResponse):
    """Notices bytes beyond the stated length: there the page would end early, and nobody knew."""

    surplus = False

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._socket = sock

    def _close_conn(self) -> None:
        # Every version of Python ends a body here, some in the middle of the last read.
        if self.length == 0:
            # The server was asked to close: at a proper end this answers nothing at once.
            with suppress(OSError, ValueError):
                self._socket.settimeout(CLOSING)
                self.surplus = bool(self.fp.peek(1).strip())
        super()._close_conn()


@dataclass(frozen=True)
class _Guard:
    """Connects sockets, to checked addresses only."""

    allowed: frozenset[str]
    deadline: Deadline

    def connect(self, connection: HTTPConnection, scheme: str) -> socket.socket:
        host = bare(connection.host)
        addresses = self._addresses(host, connection.port)
        if not is_listed(host, connection.port, scheme, self.allowed):
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
            raise FetchTimeout(SLOW) from failure
        raise NoConnection("连不上对方网站。请检查网址和网络后重试。") from failure

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NoConnection(f"找不到主机“{host}”（域名解析失败），请检查网址和网络。") from error
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
            response_class = _WatchedResponse

            def _new_conn(self) -> socket.socket:
                return guard.connect(self, "http")

        class TlsConnection(HTTPSConnection):
            response_class = _WatchedResponse

            def _new_conn(self) -> socket.socket:
                return guard.connect(self, "https")

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = PlainConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = TlsConnection

        self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": TlsPool}
