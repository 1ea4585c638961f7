"""Where the pictures of a page come from: full addresses, and pictures that lie in the page."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from urllib.parse import unquote_to_bytes, urljoin

from lxml.html import HtmlElement

from .decoding import decode
from .document import parse_whole

#: How an address stands for a picture inside the page: by the hash of its ``data:`` address.
EMBEDDED = "data:sha256,"

#: Where the address of a picture stands that is loaded late; ``src`` then shows a blank.
LATE = ("data-src", "data-original", "data-lazy-src", "data-actualsrc", "zoomfile", "file")
_DATA = re.compile(r"data:(?P<kind>[^,;]*)(?P<options>(?:;[^,;]*)*),(?P<body>.*)", re.I | re.S)
_BLANK = re.compile(r"[\t\r\n]")


def source_of(img: HtmlElement) -> str:
    """The address as the page writes it; empty when there is none."""
    return next(filter(None, map(img.get, (*LATE, "src"))), "")


def address_of(source: str, base: str) -> str:
    """The full address of ``source`` on a page at ``base``.

    A ``data:`` address is given by its hash; :func:`embedded` has its bytes. What is no address
    is answered as it is written.
    """
    source = _BLANK.sub("", source.strip())
    if _is_data(source):
        return EMBEDDED + _hash(source)
    try:
        return urljoin(base, source)
    except ValueError:
        return source


def base_of(url: str, base: str) -> str:
    """What relative addresses of the page at ``url`` are relative to; ``base`` is its <base>."""
    base = _BLANK.sub("", base.strip())
    try:
        joined = urljoin(url, base)
    except ValueError:
        return url
    return joined if joined.lower().startswith(("http://", "https://")) else url


def embedded(data: bytes, content_type: str) -> dict[str, bytes]:
    """The pictures that lie in a saved page itself, by their :func:`address_of`.

    Raises ``PageRefused`` where the page may not be parsed.
    """
    root = parse_whole(decode(data, content_type).text)
    found: dict[str, bytes] = {}
    for img in root.iter("img") if root is not None else ():
        source = _BLANK.sub("", source_of(img).strip())
        if _is_data(source) and (content := _content(source)):
            found[EMBEDDED + _hash(source)] = content
    return found


def _is_data(source: str) -> bool:
    return source[:5].lower() == "data:"


def _hash(source: str) -> str:
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def _content(source: str) -> bytes | None:
    match = _DATA.fullmatch(source)
    if match is None:
        return None
    body = unquote_to_bytes(match["body"])
    if "base64" not in match["options"].lower():
        return body
    try:
        return base64.b64decode(body + b"=" * (-len(body) % 4))
    except binascii.Error:
        return None
