"""How a kept page looked: its stored bytes with its stored pictures, drawn by Chromium.

The page is never asked for again. It is handed to Chromium under its own address, from memory;
its pictures are the ones that were kept with it, and every other request is refused. Scripts are
off, and so are frames and files. Pure but for the program that is started.
"""

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote, urlsplit

from PIL import Image, ImageChops

from rankings.evidence.kinds import kind_of

from . import browser
from .browser import BrowserFailed
from .extract.decoding import decode
from .extract.picture_sources import LATE, address_of, base_of

WIDTH = 1080
# What people see of a page before they scroll; heights given by the window are measured by it.
WINDOW = 1440
MOST_HEIGHT = 20_000
# Chromium draws no surface taller than 16,384 pixels.
TILE = 4000
SECONDS = 60
LOADING = 20
SETTLING = 5
# Late pictures that are set in place.
MOST_LATE = 200
MOST_BYTES = 20 * 1024 * 1024

_POLICY = (
    "sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline'; "
    "font-src data:; base-uri http: https:"
)
_CHARSETS = {"big5hkscs": "big5"}
_STILL = {"name": "prefers-reduced-motion", "value": "reduce"}


@dataclass(frozen=True)
class Drawing:
    """A PNG, and the name and version of the program that drew it."""

    data: bytes
    program: str


def screenshot(
    data: bytes,
    *,
    url: str,
    content_type: str,
    pictures: Mapping[str, bytes],
    seconds: float = SECONDS,
) -> Drawing:
    """Draw the page, 1080 px wide and at most 20,000 px high.

    ``pictures`` are the kept ones by their full address. Raises ``BrowserFailed``: there is no
    Chromium, it died, or it was not done within ``seconds``.
    """
    program = browser.installed()
    if program is None:
        raise BrowserFailed("there is no Chromium")
    with browser.running(program, seconds) as chromium:
        page = _Page(chromium, data, url, content_type, pictures)
        page.load()
        version = chromium.call("Browser.getVersion")["product"]
        return Drawing(_png(page.tiles()), version)


class _Page:
    def __init__(
        self,
        chromium: browser.Browser,
        data: bytes,
        url: str,
        content_type: str,
        pictures: Mapping[str, bytes],
    ) -> None:
        self.chromium = chromium
        self.data = data
        self.url = url
        self.charset = decode(data, content_type).charset
        self.pictures = {_plain(address): content for address, content in pictures.items()}
        self.served = False
        self.loaded = False
        self.asked = False
        self.frame = ""

    def load(self) -> None:
        call = self.chromium.call
        self.frame = self.chromium.open_page()
        self.chromium.on_event = self._on_event
        call("Page.enable")
        call("DOM.enable")
        call("Emulation.setScriptExecutionDisabled", value=True)
        call("Emulation.setEmulatedMedia", features=[_STILL])
        call(
            "Emulation.setDeviceMetricsOverride",
            width=WIDTH,
            height=WINDOW,
            deviceScaleFactor=1,
            mobile=False,
        )
        call("Fetch.enable", patterns=[{"urlPattern": "*"}])
        self.chromium.send("Page.navigate", url=self.url)
        self.chromium.wait(lambda: self.loaded, LOADING)
        if not self.served:
            raise BrowserFailed("the page was not asked for")
        call("Page.stopLoading")
        self._uncover()

    def tiles(self) -> list[Image.Image]:
        size = self.chromium.call("Page.getLayoutMetrics")["cssContentSize"]
        height = max(1, min(int(size["height"]), MOST_HEIGHT))
        return [self._tile(top, min(TILE, height - top)) for top in range(0, height, TILE)]

    def _tile(self, top: int, height: int) -> Image.Image:
        clip = {"x": 0, "y": top, "width": WIDTH, "height": height, "scale": 1}
        answer = self.chromium.call(
            "Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True
        )
        return Image.open(io.BytesIO(base64.b64decode(answer["data"]))).convert("RGB")

    def _uncover(self) -> None:
        """Set late pictures in place, and show what only a script would."""
        call = self.chromium.call
        root = call("DOM.getDocument", depth=0)["root"]["nodeId"]
        body = call("DOM.querySelector", nodeId=root, selector="#js_content")["nodeId"]
        if body:
            call("DOM.setAttributeValue", nodeId=body, name="style", value="visibility:visible")
        base = self.url
        if node := call("DOM.querySelector", nodeId=root, selector="base[href]")["nodeId"]:
            base = base_of(self.url, self._attributes(node).get("href", ""))
        selector = ",".join(f"img[{name}]" for name in LATE)
        late = call("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
        for node in late[:MOST_LATE]:
            attributes = self._attributes(node)
            source = next(filter(None, (attributes.get(name) for name in LATE)), "")
            address = address_of(source, base)
            if _plain(address) in self.pictures:
                call("DOM.setAttributeValue", nodeId=node, name="src", value=address)
                call("DOM.setAttributeValue", nodeId=node, name="loading", value="eager")
        # Until nothing was asked for during half a second.
        for _ in range(SETTLING * 2):
            self.asked = False
            if not self.chromium.wait(lambda: self.asked, 0.5):
                break

    def _attributes(self, node: int) -> dict[str, str]:
        flat = self.chromium.call("DOM.getAttributes", nodeId=node)["attributes"]
        return dict(zip(flat[::2], flat[1::2], strict=True))

    def _on_event(self, name: str, details: dict[str, Any]) -> None:
        if name == "Page.loadEventFired":
            self.loaded = self.served
        elif name == "Fetch.requestPaused":
            self.asked = True
            self._answer(details)

    def _answer(self, asked: dict[str, Any]) -> None:
        address = asked["request"]["url"]
        if asked["resourceType"] == "Document" and asked["frameId"] == self.frame:
            if self.served:
                # Nothing comes of it, and the page that is there stays.
                self._fulfil(asked, b"", "text/plain", HTTPStatus.NO_CONTENT)
                return
            self.served = True
            charset = _CHARSETS.get(self.charset, self.charset)
            self._fulfil(asked, self.data, f"text/html; charset={charset}")
        elif (picture := self.pictures.get(_plain(address))) is not None:
            self._fulfil(asked, picture, kind_of(picture).content_type)
        else:
            self.chromium.send(
                "Fetch.failRequest", requestId=asked["requestId"], errorReason="BlockedByClient"
            )

    def _fulfil(
        self, asked: dict[str, Any], data: bytes, content_type: str, status: int = HTTPStatus.OK
    ) -> None:
        headers = {
            "Content-Type": content_type,
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
        }
        self.chromium.send(
            "Fetch.fulfillRequest",
            requestId=asked["requestId"],
            responseCode=int(status),
            responseHeaders=[{"name": name, "value": value} for name, value in headers.items()],
            body=base64.b64encode(data).decode(),
        )


def _plain(address: str) -> str:
    """``address`` without scheme and fragment, unquoted: browsers write it in their own way."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return address
    if parts.scheme not in ("http", "https"):
        return address
    return unquote(f"{parts.netloc}{parts.path}?{parts.query}")


def _png(tiles: list[Image.Image]) -> bytes:
    """The tiles below one another, without the blank end; shortened until it may be kept."""
    whole = Image.new("RGB", (WIDTH, sum(tile.height for tile in tiles)), "white")
    top = 0
    for tile in tiles:
        whole.paste(tile, (0, top))
        top += tile.height
    whole = whole.crop((0, 0, WIDTH, _end(whole)))
    while True:
        file = io.BytesIO()
        whole.save(file, "PNG", optimize=True)
        if file.tell() <= MOST_BYTES or whole.height <= WINDOW:
            return file.getvalue()
        whole = whole.crop((0, 0, WIDTH, whole.height // 2))


def _end(whole: Image.Image) -> int:
    """Where the last row stands that is not of the ground's colour, with a little of it."""
    ground = Image.new("RGB", whole.size, whole.getpixel((0, whole.height - 1)))
    box = ImageChops.difference(whole, ground).getbbox()
    return min(whole.height, (box[3] if box else 0) + 40)
