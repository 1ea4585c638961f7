"""A server that answers what a test put there, one that speaks raw bytes, and a short `get`."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scrapers.fetching import FetchedPage, Limits, fetch

PAGE = "<html><body><h1>榜单</h1></body></html>".encode()
HOSTS = ["127.0.0.1", "localhost"]


class Server(ThreadingHTTPServer):
    """Answers each path with what the test put there: (status, headers, body)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[tuple[int, dict[str, str], bytes]]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []  # robots.txt left out
        self.robots_asked = 0
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
        if self.path == "/robots.txt":
            self.server.robots_asked += 1
            if self.path not in self.server.answers:
                self.send_error(404)
                return
        else:
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


@contextmanager
def running_server() -> Iterator[Server]:
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


def get(
    url: str, pauses: Pauses | None = None, hosts=HOSTS, memory=None, expect="page", **limits
) -> FetchedPage:
    """``fetch`` without real pauses; further names are limits, ``seen`` is handed on."""
    seen = limits.pop("seen", None)
    return fetch(
        url,
        allowed_hosts=hosts,
        expect=expect,
        seen=seen,
        hosts=memory,
        limits=Limits(**limits),
        sleep=pauses if pauses is not None else Pauses(),
        jitter=lambda: 0.5,
    )


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


class RawServer:
    """Hands each connection to ``speak``, once its request was read; robots.txt is not there."""

    def __init__(self, speak: Callable[[socket.socket, threading.Event], None]) -> None:
        self.speak = speak
        self.closing = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.asked: list[bytes] = []
        self.threads: list[threading.Thread] = []

    def url(self, path: str = "/a") -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}{path}"

    def __enter__(self) -> "RawServer":
        self._start(self._accept)
        return self

    def __exit__(self, *args: object) -> None:
        self.closing.set()
        # Wakes the thread that waits for connections, on every system.
        with socket.create_connection(self.listener.getsockname()):
            pass
        for thread in self.threads:
            thread.join()
        self.listener.close()

    def _start(self, target, *args) -> None:
        thread = threading.Thread(target=target, args=args)
        self.threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            client = self.listener.accept()[0]
            if self.closing.is_set():
                client.close()
                return
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        with client:
            request = b""
            while b"\r\n\r\n" not in request:
                more = client.recv(65_536)
                if not more:
                    return
                request += more
            try:
                if request.startswith(b"GET /robots.txt "):
                    client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                    return
                self.asked.append(request)
                self.speak(client, self.closing)
            except OSError:
                return  # the client had enough


def says(*pieces: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """A ``speak`` that sends the pieces and closes."""

    def speak(client: socket.socket, closing: threading.Event) -> None:
        for piece in pieces:
            client.sendall(piece)

    return speak
