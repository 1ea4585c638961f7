"""How much WeChat takes of one text (WeChat: draft/add)."""

from collections.abc import Iterator

from ..fields import CONTENT, CONTENT_BYTES
from .findings import Spot
from .nodes import Document

# From here on there is little room left for what is added in the back office.
CHARACTERS_NEAR = 18_000


def too_many_characters(document: Document) -> Iterator[Spot]:
    if (length := len(document.html)) >= CONTENT:
        yield Spot(None, {"count": length, "most": CONTENT, "over": length - CONTENT + 1})


def many_characters(document: Document) -> Iterator[Spot]:
    if CHARACTERS_NEAR < (length := len(document.html)) < CONTENT:
        yield Spot(None, {"count": length, "most": CONTENT, "left": CONTENT - length - 1})


def too_many_bytes(document: Document) -> Iterator[Spot]:
    if (size := len(document.html.encode("utf-8", "replace"))) >= CONTENT_BYTES:
        yield Spot(None, {"size": f"{size / 1_000_000:.1f}"})


def cut_short(document: Document) -> Iterator[Spot]:
    if document.cut_short:
        yield Spot(None, {"count": len(document.nodes)})
