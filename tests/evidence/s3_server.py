"""A small S3-compatible store that speaks over real sockets: PUT, GET and HEAD of one bucket."""

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

BUCKET = "evidence"


class Store(ThreadingHTTPServer):
    """``objects`` by key. ``faults`` maps a method to (status, code) that it answers instead.

    ``conditions``: how a conditional write is treated: ``kept`` (the standard), ``ignored``
    (as old stores do) or ``refused`` (501).
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.faults: dict[str, tuple[int, str]] = {}
        self.conditions = "kept"
        self.hide_from_head = False
        self.cut = False
        self.requests: list[tuple[str, dict[str, str]]] = []

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def asked(self) -> list[str]:
        return [method for method, _ in self.requests]


class _Handler(BaseHTTPRequestHandler):
    server: Store
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        if (key := self._begin()) is not None:
            known = key in self.server.objects and not self.server.hide_from_head
            self._answer(200 if known else 404, b"")

    def do_GET(self) -> None:
        if (key := self._begin()) is None:
            return
        if key not in self.server.objects:
            self._refuse(404, "NoSuchKey")
            return
        data = self.server.objects[key]
        self._answer(200, data, declared=len(data) + 10 if self.server.cut else None)

    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if (key := self._begin()) is None:
            return
        condition = self.headers.get("If-None-Match")
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        if self.headers["Content-MD5"] != digest:
            self._refuse(400, "BadDigest")
        elif condition and self.server.conditions == "refused":
            self._refuse(501, "NotImplemented")
        elif condition and self.server.conditions == "kept" and key in self.server.objects:
            self._refuse(412, "PreconditionFailed")
        else:
            self.server.objects[key] = body
            self._answer(200, b"")

    def _begin(self) -> str | None:
        """The key, once signature and faults are seen to; None when it has been answered."""
        self.server.requests.append((self.command, dict(self.headers)))
        bucket, _, key = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        if fault := self.server.faults.get(self.command):
            self._refuse(*fault)
        elif "AWS4-HMAC-SHA256 Credential=key/" not in self.headers.get("Authorization", ""):
            self._refuse(403, "AccessDenied")
        elif bucket != BUCKET:
            self._refuse(404, "NoSuchBucket")
        else:
            return key
        return None

    def _refuse(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code></Error>".encode())

    def _answer(self, status: int, body: bytes, declared: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(declared or len(body)))
        self.send_header("ETag", '"x"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        self.close_connection = declared is not None


@contextmanager
def running_store() -> Iterator[Store]:
    with Store() as store:
        thread = threading.Thread(target=store.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield store
        store.shutdown()
        thread.join()
