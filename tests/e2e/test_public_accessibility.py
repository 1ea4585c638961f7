"""No violation that axe knows of, on every kind of public page and in every way of reading."""

from axe_playwright_python.base import AXE_SCRIPT

from .browser import DESK, JOURNEY, PHONE
from .public_site import build, reader

pytestmark = JOURNEY

# How the page is read: window, colours, and what `reading.js` was told.
WAYS = [
    (DESK, "light", ""),
    (PHONE, "dark", ""),
    (PHONE, "light", "large"),
    (DESK, "dark", "contrast"),
]
RUN = """async () => (await axe.run({resultTypes: ["violations"]})).violations.map(
    (each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))}`)"""
CHOOSE = "(mode) => document.querySelector(`[data-mode='${mode}']`)?.click()"


def test_axe_finds_nothing(browser, live_server) -> None:
    found = []
    with reader(browser) as one:
        for kind, address in build().items():
            one.page.goto(live_server.url + address)
            assert kind != "found" or one.page.locator(".search-result").count()
            one.page.evaluate(AXE_SCRIPT)
            for window, scheme, mode in WAYS:
                one.page.set_viewport_size(window)
                one.page.emulate_media(color_scheme=scheme)
                one.page.evaluate(CHOOSE, "")
                one.page.evaluate(CHOOSE, mode)
                way = f"{kind}, {window['width']}, {scheme}, {mode}"
                found += [f"{way}: {violation}" for violation in one.page.evaluate(RUN)]
    assert not found, "\n".join(found)
