"""Fetching: only allowed and public addresses, bounded in time and size, text only."""

import gzip
import socket
import threading
import zlib
from collections.abc import Iterator
from datetime import UTC
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scrapers import fetch_errors
from scrapers.fetch_errors import (
    AddressRefused,
    BadContent,
    BadStatus,
    FetchTimeout,
    ServerFault,
    TooBig,
    TooManyRedirects,
    Unreachable,
)
from scrapers.fetching import Limits, check_address, fetch, is_public

PAGE = "<html><body><h1>榜单</h1></body></html>".encode()
HOSTS = ["127.0.0.1", "localhost"]


class Server(ThreadingHTTPServer):
    """Answers each path with what the test put there: (status, headers, body)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def put(self, path: str, body: bytes = PAGE, status: int = 200, **headers: str) -> str:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append((status, given, body))
        return self.url(path)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *args) -> None:
        pass

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))
        if self.path == "/drip":
            self.drip()
            return
        answers = self.server.answers[self.path]
        status, headers, body = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.send_header("Content-Type", headers.pop("Content-Type", "text/html; charset=utf-8"))
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return  # the client had enough

    def drip(self) -> None:
        """A byte now and then, without an end."""
        self.send_response(200)
        self.end_headers()
        try:
            while not self.server.closing.wait(0.02):
                self.wfile.write(b"x")
                self.wfile.flush()
        except OSError:
            return


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


class Pauses(list):
    """Stands for ``time.sleep`` and remembers."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


def get(url: str, pauses: Pauses | None = None, hosts=HOSTS, **limits):
    return fetch(
        url,
        allowed_hosts=hosts,
        limits=Limits(**limits),
        sleep=pauses if pauses is not None else Pauses(),
        jitter=lambda: 0.5,
    )


def test_a_page_with_all_that_evidence_needs(server: Server, settings) -> None:
    page = get(server.put("/a"))
    assert page.data == PAGE
    assert (page.url, page.final_url, page.status) == (server.url("/a"), server.url("/a"), 200)
    assert page.content_type == "text/html; charset=utf-8"
    assert page.fetched_at.tzinfo is UTC
    assert page.headers["Content-Length"] == str(len(PAGE))
    agent = server.seen[0][1]["User-Agent"]
    assert agent == page.request_headers["User-Agent"]
    assert settings.SITE_URL in agent


# --- addresses ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://127.0.0.1/x", "不是 http"),
        ("file:///etc/passwd", "不是 http"),
        ("javascript:alert(1)", "不是 http"),
        ("榜单", "不是 http"),
        ("http://", "不是 http"),
        ("http://[::1/x", "写法有误"),
        ("http://user:secret@www.example.gov.cn/", "用户名或密码"),
        ("http://other.example.gov.cn/", "允许名单"),
        ("http://www.example.gov.cn.evil.example/", "允许名单"),
        ("http://www.example.gov.cn:6379/", "允许名单"),
        ("http://evil.example\\@www.example.gov.cn/", "允许名单|写法有误"),
        ("http://www.example.gov.cn/" + "a" * 2000, "超过 2000"),
    ],
)
def test_addresses_refused_without_a_look_up(url: str, sentence: str) -> None:
    with pytest.raises(AddressRefused, match=sentence):
        check_address(url, ["www.example.gov.cn"])


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("http://www.example.gov.cn/a?b=c", "www.example.gov.cn"),
        ("https://WWW.example.gov.cn:443/", "www.example.gov.cn"),
        ("https://www.example.gov.cn:8443/", "www.example.gov.cn:8443"),
        ("http://127.0.0.1:9999/", "127.0.0.1"),
    ],
)
def test_allowed_addresses(url: str, allowed: str) -> None:
    check_address(url, [allowed])


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2001::1",
    ],
)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2400:3200::1", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def test_a_private_address_is_refused_before_connecting(server: Server, settings) -> None:
    settings.SCRAPER_TEST_HOSTS = []
    url = server.put("/a")
    with pytest.raises(AddressRefused, match="内部网络"):
        get(url, hosts=[f"127.0.0.1:{server.server_port}"])
    assert not server.seen


def test_secure_connections_are_guarded_in_the_same_way(server: Server, settings) -> None:
    url = server.url("/a").replace("http:", "https:")
    with pytest.raises(Unreachable, match="安全连接"):
        get(url)
    settings.SCRAPER_TEST_HOSTS = []
    with pytest.raises(AddressRefused, match="内部网络"):
        get(url, hosts=[f"127.0.0.1:{server.server_port}"])
    assert not server.seen


def resolve_as(monkeypatch, *rounds: list[str]) -> list[str]:
    """Make every name resolve to the addresses of each round in turn; answers the names asked."""
    asked: list[str] = []
    genuine = socket.getaddrinfo

    def lookup(host, port, *args, **kwargs):
        if host in ("127.0.0.1", "10.0.0.7"):
            return genuine(host, port, *args, **kwargs)
        addresses = rounds[min(len(asked), len(rounds) - 1)]
        asked.append(host)
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


@pytest.mark.parametrize("addresses", [["10.0.0.7"], ["8.8.8.8", "10.0.0.7"]])
def test_a_public_name_for_a_private_address_is_refused(monkeypatch, addresses) -> None:
    resolve_as(monkeypatch, addresses)
    with pytest.raises(AddressRefused, match=r"内部网络地址 10\.0\.0\.7"):
        get("http://www.example.gov.cn/", hosts=["www.example.gov.cn"])


def test_the_checked_address_is_the_one_connected_to(server: Server, monkeypatch, settings) -> None:
    """A second answer of the name server is never asked for, so it cannot lead elsewhere."""
    settings.SCRAPER_TEST_HOSTS = ["rank.test"]
    server.put("/a")
    asked = resolve_as(monkeypatch, ["127.0.0.1"], ["10.0.0.7"])
    page = get(f"http://rank.test:{server.server_port}/a", hosts=["rank.test"])
    assert page.data == PAGE
    assert asked == ["rank.test"]


def test_a_redirect_is_checked_like_the_first_address(server: Server, monkeypatch) -> None:
    resolve_as(monkeypatch, ["10.0.0.7"])
    url = server.put("/a", status=302, Location="http://inner.example.gov.cn/secret")
    with pytest.raises(AddressRefused, match="允许名单"):
        get(url)
    with pytest.raises(AddressRefused, match="内部网络"):
        get(url, hosts=[*HOSTS, "inner.example.gov.cn"])


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/"])
def test_a_redirect_to_another_scheme_is_refused(server: Server, target: str) -> None:
    with pytest.raises(AddressRefused):
        get(server.put("/a", status=302, Location=target))


def test_redirects_are_followed_and_the_last_address_kept(server: Server) -> None:
    server.put("/b", status=301, Location="c?d=1")
    server.put("/c?d=1")
    page = get(server.put("/a", status=302, Location="/b"))
    assert (page.url, page.final_url) == (server.url("/a"), server.url("/c?d=1"))


def test_a_redirect_loop_ends(server: Server, pauses: Pauses) -> None:
    with pytest.raises(TooManyRedirects, match="超过 5 次"):
        get(server.put("/a", status=302, Location="/a"), pauses)
    assert len(server.seen) == 6
    assert not pauses


def test_proxies_of_the_machine_are_not_used(server: Server, monkeypatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(server.put("/a")).data == PAGE


# --- trouble ------------------------------------------------------------------------------------


def test_server_faults_are_tried_again_with_growing_pauses(server: Server, pauses: Pauses) -> None:
    server.put("/a", status=503)
    server.put("/a", status=500)
    assert get(server.put("/a"), pauses, backoff=2).data == PAGE
    assert pauses == [2.5, 4.5]


def test_a_lasting_server_fault(server: Server, pauses: Pauses) -> None:
    with pytest.raises(ServerFault, match="HTTP 502") as caught:
        get(server.put("/a", b"<h1>Bad gateway</h1>", status=502), pauses)
    assert caught.value.page.data == b"<h1>Bad gateway</h1>"
    assert len(server.seen) == 3


@pytest.mark.parametrize(
    ("status", "sentence"),
    [(404, "页面不存在"), (410, "页面不存在"), (403, "没有给出页面"), (204, "没有给出页面")],
)
def test_other_answers_are_not_tried_again(server, pauses, status, sentence) -> None:
    with pytest.raises(BadStatus, match=sentence):
        get(server.put("/a", b"" if status == 204 else PAGE, status=status), pauses)
    assert len(server.seen) == 1


def test_an_error_answer_without_text_keeps_no_page(server: Server) -> None:
    with pytest.raises(BadStatus) as caught:
        get(server.put("/a", b"", status=404))
    assert caught.value.page is None


def test_no_server(pauses: Pauses) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unreachable, match="连不上"):
        get(f"http://127.0.0.1:{port}/", pauses)
    assert not pauses


def test_an_unknown_name(monkeypatch, pauses: Pauses) -> None:
    def unknown(*args, **kwargs):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(Unreachable, match="域名解析失败"):
        get("http://www.example.gov.cn/", pauses, hosts=["www.example.gov.cn"])


def test_a_silent_server_times_out_and_is_tried_again(pauses: Pauses) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        pytest.raises(FetchTimeout, match="太慢"),
    ):
        get(f"http://127.0.0.1:{listener.getsockname()[1]}/", pauses, read=0.05, attempts=2)
    assert pauses == [2.5]


def test_an_endless_drip_is_cut(server: Server, pauses: Pauses) -> None:
    with pytest.raises(FetchTimeout, match="太慢"):
        get(server.url("/drip"), pauses, read=5, total=0.3, attempts=1)


def test_dripping_headers_are_cut() -> None:
    """No single wait is long, so only the total time ends it."""
    stop = threading.Event()

    def serve(listener: socket.socket) -> None:
        with listener.accept()[0] as client:
            client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not stop.wait(0.02):
                try:
                    client.sendall(b"y")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        with pytest.raises(FetchTimeout):
            port = listener.getsockname()[1]
            get(f"http://127.0.0.1:{port}/", read=5, total=0.3, attempts=1)
        stop.set()
        thread.join()


def test_a_big_page_is_refused_by_its_stated_length(server: Server) -> None:
    with pytest.raises(TooBig, match="上限"):
        get(server.put("/a", b"x", Content_Length="1000001"), size=1_000_000)


def test_a_big_page_is_refused_while_it_streams(server: Server) -> None:
    with pytest.raises(TooBig, match=r"0\.5 MB"):
        get(server.put("/a", b"x" * 3_000_000, Content_Length=""), size=524_288)


def test_a_gzip_bomb_is_refused(server: Server) -> None:
    bomb = gzip.compress(b"0" * 60_000_000)
    with pytest.raises(TooBig, match="10 MB"):
        get(server.put("/a", bomb, Content_Encoding="gzip"))


RAW_DEFLATE = zlib.compress(PAGE)[2:-4]


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("x-gzip", gzip.compress(PAGE[:9]) + gzip.compress(PAGE[9:])),
        ("gzip", gzip.compress(PAGE) + b"\0" * 200_000),
        ("deflate", zlib.compress(PAGE)),
        ("deflate", RAW_DEFLATE),
        ("identity", PAGE),
    ],
    ids=["gzip", "two-members", "padded", "deflate", "raw-deflate", "identity"],
)
def test_packed_pages_are_unpacked(server: Server, encoding: str, body: bytes) -> None:
    assert get(server.put("/a", body, Content_Encoding=encoding)).data == PAGE


@pytest.mark.parametrize(
    ("encoding", "body", "sentence"),
    [
        ("gzip", gzip.compress(PAGE, mtime=0)[:-9], "不完整"),
        ("gzip", PAGE, "有误"),
        ("deflate", b"\xff\xff\xff", "有误"),
        ("br", PAGE, "无法读取"),
        ("gzip, gzip", PAGE, "无法读取"),
        ("", b"", "空白"),
        ("", b" \r\n\t ", "空白"),
        ("", b"\x89PNG\r\n\x1a\n...", "PNG"),
        ("", b"\xff\xd8\xff\xe0", "JPEG"),
        ("", b"%PDF-1.7", "PDF"),
        ("", b"PK\x03\x04...", "Office"),
        ("", b"\x1f\x8b\x08...", "压缩"),
        ("", b"<html>\x00\x01", "二进制"),
    ],
)
def test_what_is_not_a_page_is_refused(server, encoding, body, sentence) -> None:
    with pytest.raises(BadContent, match=sentence):
        get(server.put("/a", body, Content_Encoding=encoding))


def test_wide_text_is_text(server: Server) -> None:
    body = "<h1>榜单 2019</h1>".encode("utf-16")
    assert get(server.put("/a", body)).data == body


def test_a_page_cut_off_is_refused(server: Server) -> None:
    with pytest.raises(Unreachable, match="中途断开"):
        get(server.put("/a", PAGE, Content_Length=str(len(PAGE) + 5), Connection="close"), read=1)


def test_every_error_is_a_fetch_error_with_a_sentence() -> None:
    kinds = [kind for kind in vars(fetch_errors).values() if isinstance(kind, type)]
    assert len(kinds) > 8
    assert all(issubclass(kind, fetch_errors.FetchError) for kind in kinds)
