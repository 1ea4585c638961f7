"""How a kept page looked. Hostile pages reach no file and no server, and end in time."""

import io
import os
import select
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scrapers import browser, screenshots
from scrapers.browser import BrowserFailed
from scrapers.screenshots import screenshot

pytestmark = pytest.mark.needs("chromium")
URL = "https://rank.example.gov.cn/a/201908.html"
RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def block(colour: tuple[int, int, int], size: tuple[int, int] = (300, 200)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "PNG")
    return buffer.getvalue()


def drawn(body: str | bytes, *, url: str = URL, head: str = "", seconds: float = 60, **pictures):
    data = (
        body
        if isinstance(body, bytes)
        else f"<!doctype html><meta charset=utf-8>{head}<body style='margin:0'>{body}".encode()
    )
    kept = {f"https://rank.example.gov.cn/a/{name}.png": pictures[name] for name in pictures}
    found = screenshot(data, url=url, content_type="text/html", pictures=kept, seconds=seconds)
    image = Image.open(io.BytesIO(found.data))
    assert image.format == "PNG"
    assert image.width == 1080
    return image.convert("RGB")


def shows(image: Image.Image, colour: tuple[int, int, int]) -> bool:
    return colour in {found for _, found in image.getcolors(1 << 24)}


class Guest(browser.Browser):
    """A page of its own in a Chromium that runs already: no cache, cookie or process is shared."""

    def __init__(self, host: browser.Browser, context: str, seconds: float) -> None:
        super().__init__(host.pid, host._write, host._read, time.monotonic() + seconds)
        self._buffer, self._last = host._buffer, host._last
        self._context = context

    def send(self, method: str, **params: Any) -> int:
        if method == "Target.createTarget":
            params["browserContextId"] = self._context
        return super().send(method, **params)


@pytest.fixture(scope="module")
def host() -> Iterator[browser.Browser]:
    """A Chromium started as every one is; a start takes two seconds of processor time."""
    with browser.running(browser.installed(), seconds=3600) as host:
        yield host


@pytest.fixture
def started(host: browser.Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are drawn by ``host``. Not for tests of starting and ending."""

    @contextmanager
    def running(program: str, seconds: float) -> Iterator[browser.Browser]:
        context = host.call("Target.createBrowserContext")["browserContextId"]
        guest = Guest(host, context, seconds)
        try:
            yield guest
        finally:
            host._last = guest._last
            host.call("Target.disposeBrowserContext", browserContextId=context)

    monkeypatch.setattr(browser, "running", running)


@pytest.fixture
def place(monkeypatch) -> Iterator[str]:
    """Where this test's Chromium has its profile; other tests run theirs at the same time."""
    with tempfile.TemporaryDirectory() as place:
        monkeypatch.setattr("tempfile.tempdir", place)
        yield place


def processes(place: str) -> set[str]:
    """The Chromium processes with a profile in ``place``."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={place}".encode() in words:
            found.add(path.parent.name)
    return found


def all_gone(place: str) -> bool:
    """Whether those processes end; one that was killed is listed for a moment longer."""
    until = time.monotonic() + 5
    while processes(place):
        if time.monotonic() > until:
            return False
    return True


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and what it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(block(RED))

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()
        thread.join()


@pytest.mark.usefixtures("started")
def test_a_page_with_its_pictures() -> None:
    image = drawn(
        "<img src=one.png><img src=blank.gif data-src=/a/two.png>", one=block(RED), two=block(BLUE)
    )
    assert shows(image, RED)
    assert shows(image, BLUE)
    assert image.height < 400  # the blank end is gone


@pytest.mark.usefixtures("started")
def test_charsets_are_those_the_extraction_reads() -> None:
    page = "<!doctype html><meta charset=gb2312><body style='margin:0'><h1>榜单 㙓喆彧</h1>"
    one = drawn(page.encode("gb18030"))
    other = drawn(page.replace("gb2312", "utf-8").encode())
    assert one.tobytes() == other.tobytes()


@pytest.mark.usefixtures("started")
def test_a_wechat_article_is_uncovered() -> None:
    body = "<div id=js_content style='visibility:hidden;opacity:0'><img data-src=one.png></div>"
    assert shows(drawn(body, one=block(GREEN)), GREEN)


@pytest.mark.usefixtures("started")
def test_a_base_counts() -> None:
    body = "<img src=w.gif data-src=one.png>"
    head = "<base href='https://rank.example.gov.cn/a/'>"
    assert shows(drawn(body, head=head, url="https://rank.example.gov.cn/", one=block(RED)), RED)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A red picture and a red page on this machine's disk."""
    (tmp_path / "secret.png").write_bytes(block(RED))
    (tmp_path / "secret.html").write_text("<body style='background:rgb(255,0,0)'>secret")
    (tmp_path / "secret.css").write_text("body{background:rgb(255,0,0)}")
    return tmp_path


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    "hostile",
    [
        "<img src='{at}/secret.png'>",
        "<img src=w.gif data-src='{at}/secret.png'>",
        "<iframe src='{at}/secret.html' width=800 height=300></iframe>",
        "<object data='{at}/secret.html' width=800 height=300></object>",
        "<embed src='{at}/secret.png' width=800 height=300>",
        "<div style=\"height:300px;background:url('{at}/secret.png')\"></div>",
        "<style>@import '{at}/secret.css';</style>x",
        "<link rel=stylesheet href='{at}/secret.css'>x",
        "<video poster='{at}/secret.png' width=800 height=300></video>",
        "<svg width=800 height=300><image href='{at}/secret.png' width=800 height=300 /></svg>",
        "<input type=image src='{at}/secret.png'>",
        "<picture><source srcset='{at}/secret.png'><img></picture>",
        "<meta http-equiv=refresh content='0;url={at}/secret.html'>x",
        "<iframe srcdoc=\"<img src='{at}/secret.png'>\" width=800 height=300></iframe>",
        "<script>location='{at}/secret.html'</script>x",
        "<base href='{at}/'><img src=secret.png>",
    ],
    ids=[
        *("img", "late", "iframe", "object", "embed", "background", "import", "link", "poster"),
        *("svg", "input", "srcset", "refresh", "srcdoc", "script", "base"),
    ],
)
def test_no_file_and_no_server_is_reached(secret: Path, hostile: str) -> None:
    # All of one kind in one page: what is refused as a file is refused as an address too.
    with listening() as (server, asked):
        body = hostile.format(at=secret.as_uri()) + hostile.format(at=server)
        image = drawn(f"{body}<img src=own.png>", own=block(GREEN))
    assert not shows(image, RED)
    assert asked == []
    assert shows(image, GREEN) or "base" in hostile


@pytest.mark.usefixtures("started")
def test_scripts_are_off() -> None:
    body = (
        "<div style='height:50px;background:rgb(0,255,0)'></div>"
        "<script>document.body.style.background='rgb(255,0,0)'</script>"
        "<img src=x onerror=\"document.body.style.background='rgb(255,0,0)'\">"
        "<svg onload=\"document.body.style.background='rgb(255,0,0)'\"></svg>"
    )
    image = drawn(body)
    assert shows(image, GREEN)
    assert not shows(image, RED)


@pytest.mark.usefixtures("started")
@pytest.mark.parametrize(
    "target", ["about:blank", URL, "data:text/html,<body bgcolor=red>", "https://b.example/"]
)
def test_a_page_cannot_lead_away(target: str) -> None:
    head = f"<meta http-equiv=refresh content='0;url={target}'>"
    assert shows(drawn("<img src=one.png>", head=head, one=block(GREEN)), GREEN)


@pytest.mark.usefixtures("started")
def test_a_page_without_end_is_cut() -> None:
    image = drawn("<img src=one.png><div style='height:9000000px'></div>end", one=block(RED))
    assert image.height <= screenshots.MOST_HEIGHT
    image = drawn(
        "<div style='height:90000px;background:linear-gradient(rgb(255,0,0),rgb(0,0,255))'></div>"
    )
    assert image.height == screenshots.MOST_HEIGHT
    # No part is drawn twice: the colours run down the whole height.
    column = [image.getpixel((5, y))[2] for y in range(0, image.height, 500)]
    assert column == sorted(column)
    assert column[0] < 5 < 50 < column[-1]


@pytest.mark.usefixtures("started")
def test_heights_by_the_window_stay_its_height() -> None:
    image = drawn("<div style='height:100vh;background:rgb(255,0,0)'></div>")
    assert image.height <= screenshots.WINDOW


@pytest.mark.usefixtures("started")
def test_motion_without_end_does_not_hold_it_up() -> None:
    head = "<style>@keyframes x{to{transform:rotate(360deg)}} div{animation:x .1s infinite}</style>"
    body = "<div style='width:50px;height:50px;background:rgb(255,0,0)'></div>" * 200
    assert shows(drawn(body, head=head), RED)


def test_what_takes_too_long_is_killed(place) -> None:
    with pytest.raises(BrowserFailed):
        drawn("<div>" * 200_000, seconds=0.3)
    assert all_gone(place)


def test_nothing_is_left_running_and_no_profile_stays(place, monkeypatch) -> None:
    seen = set()
    genuine = browser._spawn

    def spawn(*arguments: Any) -> int:
        pid = genuine(*arguments)
        until = time.monotonic() + 5
        # While one program hands over to the next, its command line is empty for a moment.
        while not seen and time.monotonic() < until:
            seen.update(processes(place))
        return pid

    monkeypatch.setattr(browser, "_spawn", spawn)
    drawn("<p>x")
    assert seen, "nothing was looked at"
    assert os.listdir(place) == []
    assert all_gone(place)


def test_a_program_that_is_no_chromium(tmp_path, monkeypatch) -> None:
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setattr(browser, "installed", lambda: str(program))
    with pytest.raises(BrowserFailed):
        drawn("<p>x")


def test_a_program_that_says_nothing_is_killed(tmp_path, monkeypatch) -> None:
    program = tmp_path / "chromium"
    program.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {tmp_path}/pid\nsleep 600\n")
    program.chmod(0o755)
    monkeypatch.setattr(browser, "installed", lambda: str(program))
    with pytest.raises(BrowserFailed, match="in time"):
        drawn("<p>x", seconds=1)
    assert has_ended(int((tmp_path / "pid").read_text()))


def has_ended(pid: int) -> bool:
    """Whether a process that is no child of ours has ended; it has ten seconds to die."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


def test_without_chromium(monkeypatch) -> None:
    monkeypatch.setattr(browser, "installed", lambda: None)
    with pytest.raises(BrowserFailed):
        drawn("<p>x")
