"""Servers that lie, drip, flood and never end: each is an error with a sentence."""

import gzip
import socket
import threading
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.fetch_errors import (
    AddressRefused,
    BadContent,
    BadStatus,
    FetchError,
    FetchTimeout,
    TooBig,
    Unreachable,
)
from scrapers.fetching import FetchedPage

from .servers import PAGE, Pauses, RawServer, Server, get, says

OK = b"HTTP/1.1 200 OK\r\n"
MB = 1024 * 1024


def answered(*pieces: bytes, **limits) -> FetchedPage:
    """What becomes of an answer of exactly these bytes."""
    with RawServer(says(*pieces)) as server:
        return get(server.url(), attempts=1, **limits)


def on_and_on(piece: bytes, pause: float = 0.0):
    """A ``speak`` that repeats ``piece`` until nobody listens."""

    def speak(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(OK)
        while not closing.wait(pause):
            client.sendall(piece)

    return speak


# --- never ending ---------------------------------------------------------------------------------


def test_an_endless_drip_is_cut(server: Server, pauses: Pauses) -> None:
    with pytest.raises(FetchTimeout, match="太慢"):
        get(server.url("/drip"), pauses, read=5, total=0.3, attempts=1)


@pytest.mark.parametrize("piece", [b"y", b"X: y\r\n"], ids=["a-line", "lines"])
def test_dripping_headers_are_cut(piece: bytes) -> None:
    """No single wait is long, so only the total time ends it."""
    with RawServer(on_and_on(piece, 0.02)) as server, pytest.raises(FetchTimeout):
        get(server.url(), read=5, total=0.3, attempts=1)


def test_an_endless_go_on_is_cut() -> None:
    def speak(client: socket.socket, closing: threading.Event) -> None:
        while not closing.wait(0.001):
            client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")

    with RawServer(speak) as server, pytest.raises(FetchTimeout):
        get(server.url(), read=5, total=0.3, attempts=1)


def test_an_error_page_without_end_keeps_nothing_of_it() -> None:
    def speak(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(b"HTTP/1.1 404 Not Found\r\n\r\n")
        while not closing.is_set():
            client.sendall(b"x" * 65_536)

    with RawServer(speak) as server, pytest.raises(BadStatus, match="页面不存在") as refused:
        get(server.url(), attempts=1)
    assert refused.value.page is None


BOMB = gzip.compress(b"<td>" * (25 * MB), 1)


@pytest.mark.parametrize("way", ["stated", "streamed", "chunked", "packed", "endless"])
def test_a_page_of_100_mb_is_refused_with_flat_memory(way: str) -> None:
    block = b"<td>" * (MB // 4)

    def speak(client: socket.socket, closing: threading.Event) -> None:
        if way == "stated":
            client.sendall(OK + f"Content-Length: {100 * MB}\r\n\r\n".encode())
        elif way == "chunked":
            client.sendall(OK + b"Transfer-Encoding: chunked\r\n\r\n")
        elif way == "packed":
            client.sendall(OK + b"Content-Encoding: gzip\r\n\r\n")
            client.sendall(BOMB)
            return
        else:
            client.sendall(OK + b"\r\n")
        count = 0
        while not closing.is_set() and (way == "endless" or count < 100):
            if way == "chunked":
                client.sendall(b"100000\r\n" + block + b"\r\n")
            else:
                client.sendall(block)
            count += 1

    with RawServer(speak) as server:
        tracemalloc.start()
        try:
            with pytest.raises(TooBig, match="10 MB"):
                get(server.url(), attempts=1)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < (4 if way == "stated" else 24) * MB


# --- lying ----------------------------------------------------------------------------------------


def test_a_stated_length_too_short_is_noticed() -> None:
    """What a browser would show is the page cut off, rows missing and nothing said."""
    with pytest.raises(BadContent, match="比它声明的长度多"):
        answered(OK + b"Content-Length: 20\r\n\r\n" + PAGE)
    with pytest.raises(BadContent, match="比它声明的长度多"):
        answered(OK + b"Content-Length: 20\r\n\r\n" + PAGE[:20], PAGE[20:])


def test_an_empty_line_too_many_does_no_harm() -> None:
    head = OK + f"Content-Length: {len(PAGE)}\r\n\r\n".encode()
    assert answered(head + PAGE + b"\r\n").data == PAGE


def test_a_server_that_keeps_the_connection_open_is_not_waited_for() -> None:
    def speak(client: socket.socket, closing: threading.Event) -> None:
        client.sendall(OK + f"Content-Length: {len(PAGE)}\r\n\r\n".encode() + PAGE)
        closing.wait()

    with RawServer(speak) as server:
        assert get(server.url(), read=5, total=4, attempts=1).data == PAGE


def test_a_stated_length_too_long_is_noticed() -> None:
    with pytest.raises(Unreachable, match="中途断开"):
        answered(OK + b"Content-Length: 2000\r\n\r\n" + PAGE)


def test_two_lengths_are_none() -> None:
    with pytest.raises(BadContent, match="不合 HTTP 规范"):
        answered(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + PAGE)


@pytest.mark.parametrize(
    "chunks",
    [
        b"zz\r\nabc\r\n0\r\n\r\n",
        b"-5\r\nabc\r\n0\r\n\r\n",
        b"5\r\nabc",
        b"5\r\nabcdeXX5\r\n",
        b"ffffffffffffffff\r\nabc",
        b"1" * 70_000,
        b"3\r\nabc\r\n",
    ],
    ids=["no-number", "negative", "cut", "no-end-of-line", "vast", "long-line", "no-last-chunk"],
)
def test_garbled_chunks_are_refused(chunks: bytes) -> None:
    with pytest.raises((Unreachable, BadContent)):
        answered(OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n" + PAGE,
        b"HTTP/1.1 abc OK\r\n\r\n" + PAGE,
        PAGE,
        OK + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\n" + PAGE,
        OK + b"X: " + b"y" * 1_000_000 + b"\r\n\r\n" + PAGE,
        b"HTTP/1.1 200 " + b"O" * 1_000_000 + b"\r\n\r\n" + PAGE,
    ],
    ids=["bytes", "ssh", "version", "status", "no-head", "100k-headers", "long-header", "long-ok"],
)
def test_answers_against_the_protocol_are_refused(answer: bytes) -> None:
    with pytest.raises(BadContent, match="不合 HTTP 规范"):
        answered(answer)


def test_a_connection_closed_without_a_word() -> None:
    with pytest.raises(Unreachable, match="中途断开"):
        answered()


def test_many_headers_of_allowed_size_are_kept_short() -> None:
    lines = b"".join(b"X-%d: %s\r\n" % (n, b"y" * 60_000) for n in range(90))
    page = answered(OK + lines + b"\r\n" + PAGE)
    assert page.data == PAGE
    assert sum(len(value) for value in page.headers.values()) < 200_000


def test_a_page_packed_twice_is_no_page() -> None:
    packed = gzip.compress(gzip.compress(PAGE))
    with pytest.raises(BadContent, match="不是网页，而是压缩文件"):
        answered(OK + b"Content-Encoding: gzip\r\n\r\n" + packed)


def test_brotli_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(BadContent, match="“br”方式压缩"):
        answered(OK + b"Content-Encoding: br\r\n\r\n\x0b\x02\x80page\x03")


@pytest.mark.parametrize(
    "location",
    [b"http://a\x00b/", b"http://[::1", b"//user@127.0.0.1/", b"data:text/html,x"],
)
def test_a_redirect_to_nonsense_is_refused_in_words(location: bytes) -> None:
    with pytest.raises(AddressRefused) as refused:
        answered(b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\n\r\n")
    assert str(refused.value).isprintable()


# --- anything at all ------------------------------------------------------------------------------

HEAD = st.sampled_from(
    [
        b"HTTP/1.1 200 OK",
        b"HTTP/1.0 200",
        b"HTTP/1.1 302 Found",
        b"HTTP/1.1 304 Not Modified",
        b"HTTP/1.1 429 Too Many Requests",
        b"HTTP/1.1 503 Busy",
        b"HTTP/1.1 999 ?",
    ]
)
FIELD = st.sampled_from(
    [
        b"Content-Length",
        b"Content-Encoding",
        b"Transfer-Encoding",
        b"Location",
        b"Retry-After",
        b"Content-Type",
        b"Date",
        b"Set-Cookie",
    ]
)
VALUE = st.one_of(
    st.binary(max_size=20).filter(lambda value: b"\n" not in value and b"\r" not in value),
    st.sampled_from([b"chunked", b"gzip", b"deflate", b"5", b"/a", b"0", b"-1", b"gzip,br"]),
)
ANSWER = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda head, fields, body: (
            head + b"".join(b"\r\n%s: %s" % field for field in fields) + b"\r\n\r\n" + body
        ),
        HEAD,
        st.lists(st.tuples(FIELD, VALUE), max_size=5),
        st.one_of(st.binary(max_size=100), st.just(PAGE), st.just(gzip.compress(PAGE, mtime=0))),
    ),
)


def test_whatever_a_server_says_ends_as_a_page_or_an_error_with_a_sentence() -> None:
    with RawServer(says()) as server:

        @settings(max_examples=150)
        @given(ANSWER)
        def holds(answer: bytes) -> None:
            server.speak = says(answer)
            try:
                page = get(server.url(), attempts=1, redirects=1, total=5)
            except FetchError as error:
                assert str(error).endswith("。")
                assert str(error).isprintable()
            else:
                assert page.data.strip()
                assert all(text.isprintable() for text in page.headers.values())

        holds()
