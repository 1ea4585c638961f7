"""The server: requests in, answers and scripted faults out."""

import json
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from demo.local_server import LocalServer

from . import back_office, events, sendings
from .actions import ACTIONS, ActionRefused
from .asking import MESSAGES, Asked, Refused, read_file, read_json
from .calls import ENDPOINTS, Endpoint, answer
from .clock import Clock
from .faults import AFTER, Fault, is_status
from .state import Call, State

JSON, PLAIN, HTML = (
    f"{kind}; charset=utf-8" for kind in ("application/json", "text/plain", "text/html")
)
PAGE_HEADERS = {"Content_Security_Policy": back_office.POLICY, "Cache_Control": "no-store"}
# Longer than any caller's patience in a test, shorter than a person's.
HANG = 60.0
LARGEST = 12 * 1024 * 1024
# A demo may run for weeks, and each call holds its texts.
MOST_CALLS = 5000
CONTROL, FORMS = "/_control/", "/_page/"
HERE = ("127.0.0.1", "localhost")
# What a person reads after a button.
DONE = {
    "send": "已群发。",
    "retitle": "标题已改。",
    "remove": "草稿已删除。",
    "confirm": "管理员已确认。",
    "retract": "已删除。",
    "clock": "时间已改。",
    "script": "故障已安排。",
    "calm": "已取消。",
}
REFUSALS = {40007: "草稿箱里没有这个草稿。", 45028: "今天的群发次数已经用完，明天再发。"}


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
        if endpoint is None and self.command == "GET" and parts.path != CONTROL:
            self._page(parts.path, query)
            return
        try:
            body = self._body()
        except ValueError:
            self.send(HTTPStatus.PRECONDITION_FAILED, b"412 Precondition Failed", PLAIN)
            return
        if endpoint is not None:
            self._api(parts.path, endpoint, query, body)
        elif parts.path.startswith((CONTROL, FORMS)):
            self._act(parts.path, body)
        else:
            self.send(HTTPStatus.NOT_FOUND, b"404 not found", PLAIN)

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
            del state.calls[:-MOST_CALLS]
            said = self._answer(state, endpoint, Asked(path, query), body, call)
            call.errcode = said.get("errcode", 0)
            state.save()
        self.server.schedule_events()
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

    # --- people and tests ------------------------------------------------------------------------

    def _from_here(self) -> bool:
        """Not asked by a page of another site, nor under a name that merely leads here."""
        host = urlsplit(f"//{self.headers.get('Host', '')}")
        origin = self.headers.get("Origin")
        return host.hostname in HERE and (origin is None or urlsplit(origin).netloc == host.netloc)

    def _page(self, path: str, query: Mapping[str, str]) -> None:
        with self.server.lock:
            sendings.expire(self.server.state)
            page = back_office.page(self.server.state, path, query)
        self.send(page.status, page.body, page.content_type, **PAGE_HEADERS)

    def _act(self, path: str, body: bytes) -> None:
        """An action by a form, answered with the page it came from, or by JSON."""
        form = path.startswith(FORMS)
        name = path.removeprefix(FORMS if form else CONTROL) or "overview"
        if not self._from_here():
            self.send(HTTPStatus.FORBIDDEN, "只接受本机的操作。".encode(), PLAIN)
            return
        if name not in ACTIONS or (form and name not in DONE):
            self.send(HTTPStatus.NOT_FOUND, b"404 not found", PLAIN)
            return
        state = self.server.state
        status, said = HTTPStatus.OK, {}
        try:
            with self.server.lock:
                if form:
                    data: dict[str, Any] = dict(parse_qsl(body.decode("utf-8", "replace")))
                else:
                    data = read_json(body)[0] if body else {}
                said = ACTIONS[name](state, data)
                state.save()
            words = DONE.get(name, "")
        except Refused as refusal:
            status = HTTPStatus.BAD_REQUEST
            words = REFUSALS.get(refusal.code, MESSAGES[refusal.code])
        except ActionRefused as refusal:
            status, words = HTTPStatus.BAD_REQUEST, str(refusal)
        self.server.schedule_events()
        if form:
            back = urlsplit(self.headers.get("Referer", "")).path or "/"
            if name in ("send", "remove") and status is HTTPStatus.OK:
                back = "/published" if name == "send" else "/"
            place = f"{back}?{urlencode({'said': words})}"
            self.send(HTTPStatus.SEE_OTHER, b"", PLAIN, Location=place)
        else:
            told = said if status is HTTPStatus.OK else {"error": words}
            self.send(status, json.dumps(told, ensure_ascii=False).encode(), JSON)

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


class FakeWeChat(LocalServer):
    """The account, its interface and its back office.

    ``state`` may be read and changed while nothing is being asked; ``lock`` guards it otherwise.
    """

    def __init__(self, port: int = 0, *, folder: Path | None = None, seed: str = "") -> None:
        self.state = State(folder, seed)
        self.lock = threading.RLock()
        self.released = threading.Event()
        super().__init__(port, _Handler)

    @property
    def base(self) -> str:
        """What WECHAT_API_BASE has to be."""
        return self.url

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

    # --- events ----------------------------------------------------------------------------------

    def tell(self) -> list[str]:
        """Post the events that are due; answers what the account's server said to each."""
        settings = self.state.settings
        if not settings.callback_url:
            return []
        with self.lock:
            due = [
                (settings.callback_url, *events.sealed(self.state, xml))
                for _, xml in events.pending(self.state)
            ]
            for sending, _ in events.pending(self.state):
                sending.told = True
            self.state.save()
        return [events.post(*each) for each in due]  # without the lock: we may be asked meanwhile

    def settle(self) -> list[str]:
        """Let what is under way come to its end, and tell of it."""
        with self.lock:
            for sending in self.state.sendings:
                while sending.kind == "publish" and sending.status == "running":
                    sendings.advance_publication(self.state, sending)
            self.state.save()
        return self.tell()

    def schedule_events(self) -> None:
        """Tell in a while, where settings say so."""
        settings = self.state.settings
        if settings.event_delay is None or not settings.callback_url:
            return
        if any(not each.told and each.status != "waiting" for each in self.state.sendings):
            timer = threading.Timer(settings.event_delay, self.settle)
            timer.daemon = True
            timer.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that gave up before its answer is what some tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def __exit__(self, *trouble: Any) -> None:
        self.released.set()
        super().__exit__(*trouble)
