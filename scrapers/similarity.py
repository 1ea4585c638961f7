"""How alike two pages are built, whatever they say. Pure functions over bytes.

A page made from the same template keeps its nesting of tags and classes while rows, figures and
words change. Each element gives one shingle, its own label with those of its ancestors; a page is
the *set* of its shingles, so that twenty rows and a hundred and twenty look the same.
"""

import re
from collections.abc import Iterator

from lxml import etree

from .extract.decoding import decode

# A shingle reaches this far up: enough to tell a cell of the list from one of the sidebar.
DEPTH = 4
# Below this less than a third of the structure is shared: another template, not an edited page.
# Articles of one publisher differ in the markup of their text, which the frame around it evens out.
ALIKE = 0.3
# Where a page has so few shingles one changed tag weighs too much.
FEWEST = 12

_DIGITS = re.compile(r"\d+")
_SKIPPED = frozenset({"head", "script", "style", "noscript", "template", "meta", "link", "br"})

Shingle = tuple[str, ...]


def fingerprint(data: bytes, content_type: str = "") -> frozenset[Shingle]:
    """The shingles of a page; empty for what is no markup. Linear in the size, never raises."""
    text = decode(data, content_type).text.replace("\x00", "")
    if not text.strip():
        return frozenset()
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return frozenset()
    return frozenset() if root is None else frozenset(_shingles(root))


def similarity(one: frozenset[Shingle], other: frozenset[Shingle]) -> float | None:
    """The share of structure in common, 0 to 1; None where there is too little to tell."""
    if max(len(one), len(other)) < FEWEST:
        return None
    return len(one & other) / len(one | other)


def _shingles(root: etree._Element) -> Iterator[Shingle]:
    path: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if tag in _SKIPPED:
            skipped += 1 if event == "start" else -1
        elif skipped:
            continue
        elif event == "start":
            path.append(_label(tag, element.get("class")))
            yield tuple(path[-DEPTH:])
        else:
            path.pop()


def _label(tag: str, classes: str | None) -> str:
    """``li.item-#.odd``: numbers in class names count items, they do not tell kinds."""
    if not classes:
        return tag
    return ".".join([tag, *sorted(set(_DIGITS.sub("#", classes).split()))])
