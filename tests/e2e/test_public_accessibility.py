"""No violation that axe knows of, on every kind of public page and in every way of reading."""

from axe_playwright_python.sync_playwright import Axe

from .browser import DESK, JOURNEY, PHONE
from .public_site import build, reader

pytestmark = JOURNEY

LARGE = "localStorage.setItem('reading', 'large')"
CONTRAST = "localStorage.setItem('reading', 'contrast')"
# How the page is read: the browser's window, and what was chosen before.
WAYS = {
    "desk": ({"viewport": DESK}, ""),
    "phone, dark": ({"viewport": PHONE, "color_scheme": "dark"}, ""),
    "phone, large type": ({"viewport": PHONE}, LARGE),
    "desk, dark, high contrast": ({"viewport": DESK, "color_scheme": "dark"}, CONTRAST),
}


def test_axe_finds_nothing(browser, live_server) -> None:
    addresses = build()
    axe, found = Axe(), []
    for way, (how, before) in WAYS.items():
        with reader(browser, **how) as one:
            if before:
                one.context.add_init_script(before)
            for kind, address in addresses.items():
                one.page.goto(live_server.url + address)
                for violation in axe.run(one.page).response["violations"]:
                    where = "; ".join(str(node["html"])[:160] for node in violation["nodes"][:3])
                    found.append(f"{kind}, {way}: {violation['id']}: {where}")
    assert not found, "\n".join(found)
