"""The server: requests in, answers and scripted faults out."""

import json
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from .asking import Asked, Refused, read_file, read_json
from .calls import ENDPOINTS, Endpoint, answer
from .clock import Clock
from .faults import AFTER, Fault, is_status
from .state import Call, State

JSON, PLAIN, HTML = (
    f"{kind}; charset=utf-8" for kind in ("application/json", "text/plain", "text/html")
)
# Longer than any caller's patience in a test, shorter than a person's.
HANG = 60.0
LARGEST = 12 * 1024 * 1024


class _Handler(BaseHTTPRequestHandler):
    server: "FakeWeChat"

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        endpoint = ENDPOINTS.get(parts.path)
        if endpoint is None:
            self.send(HTTPStatus.NOT_FOUND, b"404 not found", PLAIN)
            return
        try:
            body = self._body()
        except ValueError:
            self.send(HTTPStatus.PRECONDITION_FAILED, b"412 Precondition Failed", PLAIN)
            return
        self._api(parts.path, endpoint, query, body)

    def _body(self) -> bytes:
        """Raises ValueError without a Content-Length: WeChat takes no chunked body."""
        if self.command == "GET":
            return b""
        length = self.headers.get("Content-Length", "")
        if self.headers.get("Transfer-Encoding") or not length.isascii() or not length.isdigit():
            self._drain()
            raise ValueError("no length")
        if int(length) > LARGEST:
            raise ValueError("too long")
        return self.rfile.read(int(length))

    def _drain(self) -> None:
        """Read a chunked body to its end: closing earlier would cut off our own answer."""
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return
        while (size := int(self.rfile.readline().split(b";")[0] or b"0", 16)) > 0:
            self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _api(self, path: str, endpoint: Endpoint, query: Mapping[str, str], body: bytes) -> None:
        state = self.server.state
        with self.server.lock:
            fault = state.faults.next(path)
            call = Call(state.clock.time(), self.command, path, {}, fault=fault)
            state.calls.append(call)
            said = self._answer(state, endpoint, Asked(path, query), body, call)
            call.errcode = said.get("errcode", 0)
            state.save()
        self._tell(fault, said, JSON if endpoint.takes != "file" else PLAIN)

    def _answer(
        self, state: State, endpoint: Endpoint, asked: Asked, body: bytes, call: Call
    ) -> dict[str, Any]:
        """What the caller would be told; nothing is done where the fault comes first."""
        rid = state.code("rid", 24)
        try:
            asked = self._read(state, endpoint, asked, body)
            call.data = {k: v for k, v in asked.data.items() if k not in ("secret", "access_token")}
            if isinstance(call.fault, Mapping):
                return dict(call.fault)
            if isinstance(call.fault, int) and not is_status(call.fault):
                raise Refused(call.fault)
            if call.fault is not None and call.fault not in AFTER:
                return {}
            return answer(state, endpoint, asked)
        except Refused as refusal:
            return refusal.answer(rid)

    def _read(self, state: State, endpoint: Endpoint, asked: Asked, body: bytes) -> Asked:
        if self.command != endpoint.method:
            raise Refused(43002)
        if endpoint.takes == "query":
            return Asked(asked.path, asked.query, dict(asked.query))
        if endpoint.takes == "file":
            picture = read_file(self.headers.get("Content-Type", ""), body)
            facts = {"name": picture.name, "bytes": len(picture.data)}
            return Asked(asked.path, asked.query, facts, picture)
        data, escaped = read_json(body)
        if escaped:
            state.escaped.append(asked.path)
        return Asked(asked.path, asked.query, data)

    # --- sending ---------------------------------------------------------------------------------

    def _tell(self, fault: Fault, said: dict[str, Any], content_type: str) -> None:
        if isinstance(fault, str) and fault.startswith("hang"):
            self.server.released.wait(HANG)
            self._cut()
        elif isinstance(fault, str) and fault.startswith("drop"):
            self._cut()
        elif is_status(fault) or fault == "gateway":
            status = HTTPStatus.BAD_GATEWAY if fault == "gateway" else HTTPStatus(fault)
            self.send(status, b"<html><body>bad gateway</body></html>", HTML)
        elif fault == "garbage":
            self.send(HTTPStatus.OK, "<html>网络繁忙</html>".encode(), HTML)
        else:
            body = json.dumps(said, ensure_ascii=False).encode()
            self.send(HTTPStatus.OK, body, content_type)

    def _cut(self) -> None:
        """End the connection without a word."""
        self.close_connection = True
        with suppress(OSError):  # the caller may be gone already
            self.connection.shutdown(socket.SHUT_RDWR)

    def send(self, status: HTTPStatus, body: bytes, content_type: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        # The query holds tokens.
        if self.server.verbose:
            sys.stderr.write(f"{self.command} {urlsplit(self.path).path} {args[1]}\n")


class FakeWeChat(ThreadingHTTPServer):
    """Serves on 127.0.0.1; as a context manager it runs in a thread of its own.

    ``state`` may be read and changed while nothing is being asked; ``lock`` guards it otherwise.
    """

    daemon_threads = True
    verbose = False

    def __init__(self, port: int = 0, *, folder: Path | None = None, seed: str = "") -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.state = State(folder, seed)
        self.lock = threading.RLock()
        self.released = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def base(self) -> str:
        """``http://127.0.0.1:<port>``, for WECHAT_API_BASE."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def clock(self) -> Clock:
        return self.state.clock

    def script(self, endpoint: str, *faults: Fault) -> None:
        """Let the next calls of ``endpoint`` meet these faults (see ``faults``), one each."""
        with self.lock:
            self.state.faults.script(endpoint, *faults)

    def reset(self) -> None:
        """As new; whoever still hangs is let go."""
        self.released.set()
        with self.lock:
            self.state.clear()
            self.released = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gave up before its answer is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def __enter__(self) -> "FakeWeChat":
        self._thread = threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.released.set()
        self.shutdown()
        if self._thread is not None:
            self._thread.join()
        self.server_close()
