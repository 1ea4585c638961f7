"""One mirror, one table of requests: the layer and nginx must give the same answers."""

import gzip
import http.client
import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from cms.mirror.files import Store

HOST = "www.example.gov.cn"
SECRET = b"not for the public"
FILES = {
    "/": "首页",
    "/yaowen/": "要闻" * 900,
    "/yaowen/kaichao/": "开潮" * 40_000,  # over 64 kB, see tcp_nopush
    "/yaowen/2026-11/1/": "十一月",
    "/feed.atom": "<feed/>",
    "/yaowen/feed.rss": "<rss/>",
    "/honours/data.json": "{}",
    "/sitemap.xml": "<urlset/>",
    "/robots.txt": "User-agent: *",
    "/day.css": "",
    "/404.html": "没有这一页",
    "/410.html": "撤下",
    "/503.html": "稍后再来",
}
GONE = "/yaowen/chegao/"
NOTICE = "这篇文章已经撤下"


def make_mirror(folder: Path) -> Store:
    """A mirror in ``folder`` as the worker writes it, beside what must never be answered."""
    store = Store(folder / "mirror", durable=False)
    store.prepare()
    for address, text in FILES.items():
        store.put(address, text.encode(), None)
    store.take_down(GONE, NOTICE.encode())
    pages = store.pages
    outside = folder / "outside"
    outside.mkdir()
    for name in ("index.html", "secret.html", "secret.txt", "410.html"):
        (outside / name).write_bytes(SECRET)
    for name in (".new-1", "yaowen/.new-2.html", "plain", "yaowen/.index.html.swp"):
        (pages / name).write_bytes(SECRET)
    (pages / ".git").mkdir()
    (pages / ".git" / "index.html").write_bytes(SECRET)
    (pages / "empty").mkdir()
    (pages / "linked").symlink_to(outside.resolve())
    (pages / "link.html").symlink_to((outside / "secret.html").resolve())
    (pages / "up.html").symlink_to("../../outside/secret.html")
    (pages / "dangling").mkdir()
    (pages / "dangling" / "index.html").symlink_to(outside.resolve() / "index.html")
    return store


def application(environ: dict[str, Any], start: Any) -> list[bytes]:
    """Stands behind: says so, and what it was asked."""
    path = environ["PATH_INFO"]
    body = f"application {environ['REQUEST_METHOD']} {path}".encode("utf-8", "replace")
    known = path.startswith(("/search/", "/admin/", "/api/", "/documents/", "/-/", "/feedback/"))
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body))), ("X-App", "1")]
    if path == "/old/":
        start("301 Moved Permanently", [*headers, ("Location", "/yaowen/")])
    else:
        start("200 OK" if known else "404 Not Found", headers)
    return [body]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def is_applications(self) -> bool:
        return "x-app" in self.headers

    @property
    def text(self) -> str:
        zipped = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if zipped else self.body).decode()


def ask(
    port: int, path: str | bytes, method: str = "GET", host: str | None = HOST, **headers: str
) -> Answer:
    """One request over the wire, its path as it stands: no client that tidies it up first."""
    raw = path if isinstance(path, bytes) else path.encode()
    lines = [method.encode() + b" " + raw + b" HTTP/1.1", b"Connection: close"]
    lines += [f"Host: {host}".encode()] if host is not None else []
    lines += [f"{name.replace('_', '-')}: {value}".encode() for name, value in headers.items()]
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
        with http.client.HTTPResponse(connection, method=method) as response:
            response.begin()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())


@dataclass(frozen=True)
class Case:
    """``text`` None: any; ``"application"``: the application answered."""

    path: str
    status: int
    text: str | None = None
    method: str = "GET"
    sent: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str | None] = field(default_factory=dict)

    def __str__(self) -> str:
        words = [self.method, self.path[:40], *(f"{k}={v[:20]}" for k, v in self.sent.items())]
        return " ".join(words)

    def check(self, answer: Answer) -> None:
        assert answer.status == self.status, (answer.status, answer.text[:200])
        assert SECRET not in answer.body
        if self.text == "application":
            assert answer.is_applications
        else:
            assert not answer.is_applications
            if self.text is not None and self.method == "GET":
                assert answer.text == self.text
        for name, value in self.headers.items():
            assert answer.headers.get(name) == value, (name, answer.headers)


GZIP = {"Accept_Encoding": "gzip, deflate, br"}
HTML = {"content-type": "text/html; charset=utf-8"}
PAGE = {**HTML, "cache-control": "no-cache", "vary": "Accept-Encoding", "content-encoding": None}
ZIPPED = {**PAGE, "content-encoding": "gzip"}
MISSING = FILES["/404.html"]

# --- what there is ----------------------------------------------------------------------------
PAGES_ASKED = [
    Case(address, 200, text, headers={"cache-control": "no-cache", "vary": "Accept-Encoding"})
    for address, text in FILES.items()
    if address not in ("/404.html", "/410.html", "/503.html")
]
REPRESENTATIONS = [
    Case("/yaowen/", 200, FILES["/yaowen/"], headers=PAGE),
    Case("/yaowen/", 200, FILES["/yaowen/"], sent=GZIP, headers=ZIPPED),
    Case("/yaowen/", 200, sent={"Accept_Encoding": "gzip;q=0"}, headers=PAGE),
    Case("/yaowen/", 200, sent={"Accept_Encoding": "br;q=1.0, gzip;q=0.5"}, headers=ZIPPED),
    Case("/yaowen/", 200, sent={"Accept_Encoding": "identity"}, headers=PAGE),
    Case("/yaowen/", 200, sent={"Accept_Encoding": "gzippo"}, headers=PAGE),
    Case("/yaowen/?page=2&x=//../", 200, FILES["/yaowen/"], headers=PAGE),
    Case("/yaowen/", 200, FILES["/yaowen/"], sent={"Range": "bytes=0-3"}, headers=PAGE),
    Case("/%79aowen/", 200, FILES["/yaowen/"]),
    Case(
        "/yaowen/",
        200,
        method="HEAD",
        headers={**PAGE, "content-length": str(len(FILES["/yaowen/"].encode()))},
    ),
    Case("/feed.atom", 200, headers={"content-type": "application/atom+xml; charset=utf-8"}),
    Case("/yaowen/feed.rss", 200, headers={"content-type": "application/rss+xml; charset=utf-8"}),
    Case("/sitemap.xml", 200, headers={"content-type": "text/xml; charset=utf-8"}),
    Case("/robots.txt", 200, headers={"content-type": "text/plain; charset=utf-8"}),
    Case("/day.css", 200, "", headers={"content-type": "text/css; charset=utf-8"}),
    Case("/honours/data.json", 200, headers={"content-type": "application/json; charset=utf-8"}),
]
# --- what was there, is elsewhere, is the application's -----------------------------------------
ELSEWHERE = [
    Case(GONE, 410, NOTICE, headers={**HTML, "cache-control": "no-cache"}),
    Case(GONE, 410, NOTICE, sent=GZIP, headers=ZIPPED),
    Case("/yaowen", 301, headers={"location": "/yaowen/", "cache-control": "no-cache"}),
    Case("/yaowen/kaichao?utm=1", 301, headers={"location": "/yaowen/kaichao/"}),
    Case("/yaowen/chegao", 301, headers={"location": GONE}),
    Case("/old/", 301, "application", headers={"location": "/yaowen/"}),
    Case("/nowhere/", 404, "application"),
    Case("/nowhere", 404, "application"),
    Case("/nowhere.xml", 404, "application"),
    Case("/empty/", 404, "application"),
    Case("/feed.atom/", 404, "application"),
    Case("/旧地址/".encode().decode("latin-1"), 404, "application"),
    Case("/%E6%97%A7/", 404, "application"),
    Case("/%ff%fe/", 404, "application"),
    Case("/" + "a" * 300 + "/", 404, "application"),
    Case("/search/?q=%E8%8D%B7%E5%A1%98", 200, "application"),
    Case("/search/", 200, "application", method="POST"),
    Case("/admin/login/", 200, "application"),
    Case("/api/v1/boards/", 200, "application"),
    Case("/documents/1/x.pdf", 200, "application"),
    Case("/-/live", 200, "application"),
    Case("/feedback/new/?page=3", 200, "application"),
    Case("/feedback/track/", 200, "application"),
]
# --- only reading -------------------------------------------------------------------------------
METHODS = [
    Case("/yaowen/", 405, method=method, headers={"allow": "GET, HEAD"})
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND")
] + [Case("/nowhere/", 405, method="POST", headers={"allow": "GET, HEAD"})]
# --- tricks -------------------------------------------------------------------------------------
TRICKS = [
    Case(path, 404, MISSING, headers={"cache-control": "no-cache"})
    for path in (
        "/yaowen/index.html",
        "/index.html",
        "/yaowen/index.html.gz",
        "/feed.atom.gz",
        "/410.html",
        "/404.html",
        "/503.html",
        "/yaowen/chegao/410.html",
        "/yaowen/410.html",
        "/.new-1",
        "/yaowen/.new-2.html",
        "/.git/",
        "/%2egit/",
        "/yaowen/%2Enew-2.html",
        "/.env",
        "/%5cevil.example/",
        "/yaowen/..%5c..%5coutside/",
        "/yaowen/%0d%0aX-Evil:1",
        "/yaowen%0a",
        "/%7f/",
        "/" + "a/" * 1500,
    )
]
# Roundabout, but below the root. nginx goes the way, which ends at a page; the layer does not.
DETOURS = {
    "/yaowen/..": "/",
    "/yaowen/%2e%2e/": "/",
    "/yaowen/./": "/yaowen/",
    "/admin/../yaowen/": "/yaowen/",
    "/yaowen/.git/../": "/yaowen/",
    "//yaowen/": "/yaowen/",
    "/yaowen//": "/yaowen/",
    "/yaowen%2f/": "/yaowen/",
}
# Nowhere, but nginx asks the application first.
NOWHERE = ("//evil.example/", "//evil.example/a", "/%2Fevil.example/", "//evil.example/%2e%2e/x")
# Above the root. nginx refuses them before it reads the rest, with 400.
CLIMBS = (
    "/../outside/secret.html",
    "/..%2foutside/secret.html",
    "/%2e%2e/outside/secret.html",
    "/yaowen/../../outside/secret.html",
    "/media/images/../../../outside/secret.html",
)
# Only links of the file system lead there. nginx follows them (looking at each costs it half of its
# speed), the layer does not; the worker never makes any.
LINKS = (
    "/linked/",
    "/linked/secret.html",
    "/linked/secret.txt",
    "/link.html",
    "/up.html",
    "/dangling/",
)
TABLE = [*PAGES_ASKED, *REPRESENTATIONS, *ELSEWHERE, *METHODS, *TRICKS]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words: Any) -> None:
        """The tests' output stays the tests'."""


@contextmanager
def served(wsgi: Any) -> Iterator[WSGIServer]:
    """``wsgi`` on a free port of this machine; ``server_port`` tells it."""
    server = make_server("127.0.0.1", 0, wsgi, handler_class=_Quiet)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def environ(path: str, method: str = "GET", host: str | None = HOST, **more: str) -> dict[str, Any]:
    """What a server makes of a request for ``path``, which is decoded already."""
    given = {f"HTTP_{name.upper()}": value for name, value in more.items()}
    host = {} if host is None else {"HTTP_HOST": host}
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(),
        **host,
        **given,
    }


def call(wsgi: Any, *asked: Any, **more: Any) -> Answer:
    """The answer of ``wsgi`` to `environ` of the same arguments."""
    seen: list[Any] = []
    body = b"".join(wsgi(environ(*asked, **more), lambda *words: seen.append(words)))
    ((status, headers),) = seen
    names = [name.lower() for name, _ in headers]
    assert len(set(names)) == len(names), f"a header twice: {names}"
    return Answer(int(status[:3]), {n.lower(): v for n, v in headers}, body)
