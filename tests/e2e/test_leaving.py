"""A link that leads away, followed by keyboard: the notice is seen, read out, and left again."""

import pytest

from tests.articles.public.scene import live
from tests.factories.articles import body

from .browser import JOURNEY, PHONE
from .public_site import reader

pytestmark = JOURNEY

TEXT = '<p>看<a href="https://example.com/a">那里</a>。</p>'
LONG = "<p>" + "荷塘的早晨。" * 200 + "</p>"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_by_keyboard(browser, live_server, script) -> None:
    address = live(body=body(("paragraph", TEXT), *[("paragraph", LONG)] * 4)).url
    with reader(browser, viewport=PHONE, java_script_enabled=script) as one:
        page = one.page
        page.goto(live_server.url + address)
        link, notice = page.get_by_role("link", name="那里"), page.locator("#leave-1")
        assert not notice.is_visible()
        link.focus()
        before = link.bounding_box()["y"]
        page.keyboard.press("Enter")
        assert notice.is_visible()
        region = page.get_by_role("region", name="您将离开在荷塘，前往 example.com（非政府网站）")
        assert region.is_visible()
        if script:  # without it the page cannot be asked what has the focus
            assert page.evaluate("document.activeElement.id") == "leave-1"
        # The reader stays where the link was: the notice comes to them.
        assert abs(link.bounding_box()["y"] - before) < 2
        box = notice.bounding_box()
        assert box["y"] + box["height"] <= PHONE["height"] + 1 and box["width"] <= PHONE["width"]
        page.keyboard.press("Tab")
        go = page.get_by_role("link", name="继续前往 example.com")
        assert go.get_attribute("href") == "https://example.com/a"
        assert go.evaluate("link => link.matches(':focus')")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert not notice.is_visible()
        assert page.url.endswith("#from-leave-1")
        assert link.is_visible()
