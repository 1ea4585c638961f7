"""What the tests of the client say to WeChat."""

import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from PIL import Image

from articles.wechat.client import Client


def picture(kind: str = "png") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, kind)
    return out.getvalue()


def article(client: Client, **changes: Any) -> dict[str, Any]:
    """As draft/add takes it, its cover uploaded."""
    cover = client.add_material(picture(), "cover.png")
    return {
        "title": "荷塘区“一江两岸”新貌",
        "author": "融媒体中心",
        "content": "<p>作者：荷塘</p>",
        "content_source_url": "https://example.gov.cn/a/1#p1",
        "thumb_media_id": cover.media_id,
        **changes,
    }


class Answering(ThreadingHTTPServer):
    """Says the same to everybody: for what stands between us and WeChat, not WeChat itself."""

    daemon_threads = True
    status, body, headers = 200, b"", {}
    asked = 0

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.status, self.body, self.headers, self.asked = status, body, headers, 0


class _Answer(BaseHTTPRequestHandler):
    server: Answering

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked += 1
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def answering(settings: Any) -> Iterator[Answering]:
    """The workbench talks to this one."""
    with Answering() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings.WECHAT_API_BASE = f"http://127.0.0.1:{server.server_port}"
        settings.WECHAT_APPID, settings.WECHAT_SECRET = "wx1", "very-secret"
        yield server
        server.shutdown()
