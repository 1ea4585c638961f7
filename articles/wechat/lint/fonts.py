"""Rule 3: WeChat's own fonts, or none named at all."""

from collections.abc import Iterator

from .findings import Spot
from .nodes import Document

ALLOWED = "mp-quote,pingfang sc,system-ui,-apple-system"
_DEFAULTS = ("inherit", "initial", "unset", "revert")


def other_fonts(document: Document) -> Iterator[Spot]:
    """3: a family that does not begin with WeChat's own list."""
    seen: set[int] = set()
    for name in ("font-family", "font"):
        for node in document.styled[name]:
            family = node.style.font[2]
            if not family or family in _DEFAULTS or node.index in seen:
                continue
            if not _plain(family).startswith(ALLOWED):
                seen.add(node.index)
                yield Spot(node, {"value": family[:40]})
    for node in document.tagged["font"]:
        if face := node.attributes.get("face"):
            yield Spot(node, {"value": face[:40]})


def _plain(family: str) -> str:
    names = (part.strip().strip("'\"") for part in family.split(","))
    return ",".join(" ".join(name.split()) for name in names)
