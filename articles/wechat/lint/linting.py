"""From HTML to findings."""

from collections.abc import Collection, Iterator
from itertools import islice

from .document import read
from .findings import Finding, Rule, Spot
from .nodes import Document
from .places import excerpt_of, place_of
from .rules import RULES

# So many findings of one rule; the last says how many more there are.
SHOWN = 20


def lint(html: str, *, own_hosts: Collection[str] = ()) -> list[Finding]:
    """What WeChat's structure rules say of ``html``, a fragment or a page, however broken.

    In the order of the text, what concerns all of it first. ``own_hosts`` are hosts whose
    pictures will be uploaded when the text is sent. Raises nothing for any string; takes time in
    proportion to its length.
    """
    return [finding for finding, _ in located(html, own_hosts=own_hosts)]


def located(html: str, *, own_hosts: Collection[str] = ()) -> list[tuple[Finding, int | None]]:
    """The findings of `lint`, each with the piece it is in: an element within an outermost one.

    Pieces are counted from 0; None is for what stands in none.
    """
    document = read(html, frozenset(own_hosts))
    found = []
    for number, rule in enumerate(RULES):
        for spot, more in _limited(rule, document):
            node = spot.node
            place = (node.index if node else -1, number)
            finding = _finding(document, rule, spot, more)
            found.append((place, finding, node.piece if node else None))
    found.sort(key=lambda entry: entry[0])
    return [(finding, piece) for _, finding, piece in found]


def _limited(rule: Rule, document: Document) -> Iterator[tuple[Spot, int]]:
    """The first spots of a rule, the last with how many were left out behind it."""
    spots = iter(rule.check(document))
    shown = list(islice(spots, SHOWN))
    left = sum(1 for _ in spots)
    for place, spot in enumerate(shown, 1):
        yield spot, left if place == SHOWN else 0


def _finding(document: Document, rule: Rule, spot: Spot, more: int) -> Finding:
    message = rule.message.format(**spot.words)
    if more:
        message += f"（同样的问题还有 {more} 处）"
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        place=place_of(document, spot.node),
        message=message,
        advice=rule.advice.format(**spot.words),
        excerpt=excerpt_of(document, spot.node),
    )
