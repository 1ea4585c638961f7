"""The system's Chromium as a drawing tool: no scripts, no network, no files, killed for sure.

It is driven through a pipe (the DevTools protocol), so that no port is opened. Every request of
the page is answered by the caller or refused; behind that, names resolve to nothing and the proxy
is a dead port.
"""

import fcntl
import json
import os
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

# The first is Chromium without its windows: half the work for the same picture.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# No answer is larger: a tile of noise is some fifteen megabytes.
MOST_BYTES = 64 * 1024 * 1024

_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    "--incognito",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-crash-reporter",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=HttpsUpgrades,MediaRouter,OptimizationHints,Translate",
    "--disable-gpu",
    "--disable-sync",
    "--deny-permission-prompts",
    "--dns-prefetch-disable",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
)

Handler = Callable[[str, dict[str, Any]], None]


class BrowserFailed(Exception):
    """Chromium did not start, died, or did not answer in time."""


def installed() -> str | None:
    """The path of the system's Chromium; None when there is none."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A running Chromium with one empty page. ``on_event`` gets each event's name and details."""

    def __init__(self, pid: int, write: int, read: int, deadline: float) -> None:
        self.pid = pid
        self.on_event: Handler = lambda name, details: None
        self._write, self._read = write, read
        self._deadline = deadline
        self._buffer = bytearray()
        self._last = 0
        self._session: str | None = None

    def open_page(self) -> str:
        """Make the page that later calls are about; answers its frame's id."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        return self.call("Page.getFrameTree")["frameTree"]["frame"]["id"]

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Do this and wait for the answer. Raises ``BrowserFailed``."""
        number = self.send(method, **params)
        while True:
            message = self._receive(self._deadline)
            if message is None:
                raise BrowserFailed("Chromium did not answer in time")
            if message.get("id") == number:
                if "error" in message:
                    raise BrowserFailed(f"{method}: {message['error'].get('message')}")
                return message.get("result", {})
            self._dispatch(message)

    def send(self, method: str, **params: Any) -> int:
        """Do this; an answer is not waited for."""
        self._last += 1
        message: dict[str, Any] = {"id": self._last, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        data = memoryview(json.dumps(message).encode() + b"\0")
        while data:
            _, writable, _ = select.select([], [self._write], [], self._left(self._deadline))
            if not writable:
                raise BrowserFailed("Chromium did not take a message in time")
            try:
                data = data[os.write(self._write, data) :]
            except OSError as error:
                raise BrowserFailed("Chromium has ended") from error
        return self._last

    def wait(self, until: Callable[[], bool], seconds: float) -> bool:
        """Handle events until ``until`` holds; whether it did within ``seconds``."""
        deadline = min(time.monotonic() + seconds, self._deadline)
        while not until():
            message = self._receive(deadline)
            if message is None:
                return False
            self._dispatch(message)
        return True

    def _dispatch(self, message: dict[str, Any]) -> None:
        if message.get("method") in ("Inspector.targetCrashed", "Target.targetCrashed"):
            raise BrowserFailed("the page crashed")
        if "method" in message:
            self.on_event(message["method"], message.get("params", {}))

    def _receive(self, deadline: float) -> dict[str, Any] | None:
        """The next message; None when the time is over."""
        searched = 0
        while (end := self._buffer.find(b"\0", searched)) < 0:
            searched = len(self._buffer)
            readable, _, _ = select.select([self._read], [], [], self._left(deadline))
            if not readable:
                return None
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise BrowserFailed("Chromium has ended")
            self._buffer += piece
            if len(self._buffer) > MOST_BYTES:
                raise BrowserFailed("Chromium answered too much")
        message = json.loads(bytes(self._buffer[:end]))
        del self._buffer[: end + 1]
        return message

    @staticmethod
    def _left(deadline: float) -> float:
        return max(0.0, deadline - time.monotonic())


@contextmanager
def running(program: str, seconds: float) -> Iterator[Browser]:
    """Chromium for at most ``seconds``; all of it is killed at the end, however that comes."""
    # The profile may still be written to in the moment of the kill.
    with tempfile.TemporaryDirectory(prefix="hetang-", ignore_cleanup_errors=True) as home:
        to_read, write = _pipe()
        read, to_write = _pipe()
        try:
            pid = _spawn(program, home, to_read, to_write)
        except OSError as error:
            os.close(write)
            os.close(read)
            raise BrowserFailed(f"Chromium did not start: {error}") from error
        finally:
            os.close(to_read)
            os.close(to_write)
        os.set_blocking(write, False)
        try:
            yield Browser(pid, write, read, time.monotonic() + seconds)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(write)
            os.close(read)


def _pipe() -> tuple[int, int]:
    """A pipe whose ends are clear of the numbers they are given in Chromium."""
    ends = os.pipe()
    moved = tuple(fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends)
    for end in ends:
        os.close(end)
    return moved


def _spawn(program: str, home: str, to_read: int, to_write: int) -> int:
    flags = [*_FLAGS, f"--user-data-dir={Path(home) / 'profile'}"]
    if os.geteuid() == 0:
        # As root Chromium refuses to start with its sandbox.
        flags.append("--no-sandbox")
    environment = {
        "HOME": home,
        "TMPDIR": home,
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "LANGUAGE": "zh_CN",
    }
    return os.posix_spawn(
        program,
        [program, *flags, "about:blank"],
        environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, to_read, 3),
            (os.POSIX_SPAWN_DUP2, to_write, 4),
        ],
        setsid=True,
    )
