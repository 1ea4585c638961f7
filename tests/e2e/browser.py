"""A person at a real browser, and what every screen they open must keep.

Faults are collected while the person works and raised by ``Person.look``, so that each screen is
answerable for its own: something wider than the window, an error on the console, a request that
failed or went to another machine, English left in what people read.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    Playwright,
    Request,
    Response,
    expect,
)

from tests import needs

# Every module's pytestmark. The server answers in threads, which see only what is committed.
JOURNEY = [
    pytest.mark.needs("chromium", "fonts-noto-cjk"),
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nothing is drawn that no test looks at; a third of the time went there.
    "--disable-features=IsolateOrigins,site-per-process",
    "--disable-site-isolation-trials",
    "--disable-smooth-scrolling",
    "--disable-threaded-animation",
    "--num-raster-threads=1",
]
DESK = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
# Milliseconds; two busy cores and the first drawing of the editor take their time.
PATIENCE = 15_000
expect.set_options(timeout=PATIENCE)

# A form shown again with its errors, or because things have changed meanwhile.
REFUSALS = {409, 422}

# What may stand in Latin letters: file formats, the index's name, the hash.
LATIN = {"URL", "CSV", "XLSX", "WCI", "SHA", "HTTP", "UTC", "MB", "KB", "GBK", "UTF"}
_WORD = r"[A-Za-z][A-Za-z'’]+"
_SENTENCE = re.compile(rf"{_WORD}(?:[ ,]+{_WORD}){{2,}}")
_ONE_WORD = re.compile(rf"{_WORD}[.…:]*")
# The words of a screen: its text, and what is only spoken or shown on hovering.
_WORDS = """() => [
    document.title,
    ...document.body.innerText.split("\\n"),
    ...[...document.querySelectorAll("[aria-label], [title], [placeholder]")]
        .filter(each => each.checkVisibility())
        .flatMap(each => ["aria-label", "title", "placeholder"]
            .map(name => each.getAttribute(name) || ""))
]"""

# Boxes pushed aside, although no scrollbar shows it.
_MOVED = """() => [...document.querySelectorAll("html, body, main, .wrapper, .content")]
    .filter(each => each.scrollLeft)
    .map(each => `${each.tagName} ${each.className} ${each.scrollLeft}`)"""


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium."""
    return playwright.chromium.launch(
        executable_path=needs.chromium(),
        args=FLAGS,
        # Without a locale it does not find files with Chinese names.
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )


def english(lines: list[str], names: set[str] = frozenset()) -> list[str]:
    """Those of ``lines`` that are English: three words in a row, or one word standing alone.

    ``names`` are user names and the like, which are nobody's to translate.
    """
    known = {word.casefold() for word in LATIN | names}
    found = []
    for line in (each.strip() for each in lines):
        alone = _ONE_WORD.fullmatch(line) and line.strip(".…:").casefold() not in known
        sentence = _SENTENCE.search(line)
        if alone or (sentence and not {*sentence[0].casefold().split()} <= known):
            found.append(line)
    return found


class Person:
    """One person with a browser of their own, in which nobody else is signed in."""

    def __init__(self, browser: Browser, site: str, album: Path, name: str = "") -> None:
        self.site, self.album, self.name = site.rstrip("/"), album, name
        self._faults: list[str] = []
        self.context: BrowserContext = browser.new_context(
            viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self._on_console)
        self.context.on("weberror", lambda error: self._fault(f"脚本出错：{error.error}"))
        self.context.on("request", self._on_request)
        self.context.on("requestfailed", self._on_failed)
        self.context.on("response", self._on_response)
        self.page: Page = self.context.new_page()

    # --- moving about ---------------------------------------------------------------------

    def sign_in(self, password: str) -> None:
        """At the sign-in form, as everybody does."""
        page = self.page
        page.goto(f"{self.site}/admin/")
        page.get_by_label("用户名").fill(self.name)
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1, name="在荷塘")).to_be_visible()
        self.look()

    def keep_session(self, key: str) -> None:
        """Signed in already, in this session."""
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.site}
        self.context.add_cookies([cookie])

    def home(self) -> None:
        """The dashboard."""
        self.page.goto(f"{self.site}/admin/")
        self.look()

    def menu(self, *labels: str) -> None:
        """Through the menu at the left, one label a level."""
        menu = self.page.get_by_role("navigation", name="主菜单")
        *groups, last = labels
        for label in groups:
            menu.get_by_role("button", name=label, exact=True).click()
        menu.get_by_role("link", name=last, exact=True).click()
        self.page.wait_for_load_state()
        self.look()

    def says(self, words: str) -> None:
        """A message at the top of the screen holds ``words``."""
        expect(self.page.get_by_role("status").filter(has_text=words).first).to_be_visible()
        self.look()

    # --- looking --------------------------------------------------------------------------

    def look(self, picture: str = "", *, phone: bool = False) -> None:
        """Check the open screen; keep a ``picture`` of it, and of a phone's view if asked.

        Raises:
            AssertionError: with every fault met since the last look.
        """
        self._check()
        if picture:
            self.page.screenshot(path=self.album / f"{picture}.png", animations="disabled")
        if phone:
            with self._on_a_phone():
                self._check()
                path = self.album / f"{picture}-phone.png"
                self.page.screenshot(path=path, full_page=True, animations="disabled")
        faults, self._faults = self._faults, []
        assert not faults, f"{self.page.url}\n" + "\n".join(faults)

    @contextmanager
    def _on_a_phone(self) -> Iterator[None]:
        """The same screen in a narrow window; what is typed there stays."""
        self.page.set_viewport_size(PHONE)
        try:
            yield
        finally:
            self.page.set_viewport_size(DESK)

    def _check(self) -> None:
        page = self.page
        page.wait_for_load_state()
        wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        if wide > window:
            self._fault(f"宽 {window} 的屏幕上要左右滚动：{wide}")
        for moved in page.evaluate(_MOVED):
            self._fault(f"被横向推开：{moved}")
        for line in english(page.evaluate(_WORDS), {self.name}):
            self._fault(f"英文：{line[:120]}")

    def _fault(self, words: str) -> None:
        self._faults.append(words)

    def _on_console(self, message: ConsoleMessage) -> None:
        # What could not be loaded is met below, with its address.
        loading = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not loading:
            self._fault(f"控制台：{message.text}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and not request.url.startswith(f"{self.site}/"):
            self._fault(f"请求了别的主机：{request.url}")

    def _on_failed(self, request: Request) -> None:
        # The browser gives up what is still under way when a person goes on to another page.
        if request.failure != "net::ERR_ABORTED":
            self._fault(f"请求失败：{request.url} {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in REFUSALS:
            self._fault(f"HTTP {response.status}：{response.url}")

    # --- leaving --------------------------------------------------------------------------

    def leave(self, *, failed: bool) -> None:
        """Close the browser window; after a failure keep what was on it."""
        try:
            if failed and not self.page.is_closed():
                self.page.screenshot(path=self.album / f"failed-{self.name or 'public'}.png")
        except Error:
            pass  # the browser itself is gone, and the failure says so
        finally:
            self.context.close()
