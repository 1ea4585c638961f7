"""Cards and ``dl`` groups: a label beside each value, one block for each account."""

from __future__ import annotations

from collections.abc import Iterable

from lxml.html import HtmlElement

from .card_text import read_card_text
from .contract import ACCOUNT as ACCOUNT_SUBJECT
from .contract import UNIT, Row
from .grid import table_grid
from .labels import ACCOUNT, RANK, parse_label
from .listing import Listing
from .measures import has_measure
from .names import is_authority
from .tables import read_grid
from .texts import Flat, flatten, place_of, short_text

_CARD_TAGS = frozenset(("div", "li", "section", "article", "dl", "a", "figure", "ul", "table"))

Card = tuple[Row, str]


def card_runs(parent: HtmlElement) -> list[list[tuple[HtmlElement, Card]]]:
    """Cards among the children of ``parent``: runs of blocks that nothing but blanks interrupt."""
    children = [child for child in parent if isinstance(child.tag, str)]
    if len(children) < 2 or not _look_like_cards(children):
        return []
    runs: list[list[tuple[HtmlElement, Card]]] = [[]]
    for child in children:
        card = read_card(child) if child.tag in _CARD_TAGS else None
        if card is not None and (card[0].values or _goes_on(runs[-1], card)):
            runs[-1].append((child, card))
        elif runs[-1] and "".join(child.itertext()).strip():
            runs.append([])
    return [run for run in runs if run] if sum(map(len, runs)) > 1 else []


def _goes_on(run: list[tuple[HtmlElement, Card]], card: Card) -> bool:
    """Whether a card without any value is the next of a run of cards."""
    return bool(run) and 0 <= card[0].rank - run[-1][1][0].rank <= 1


def _look_like_cards(children: list[HtmlElement]) -> bool:
    seen = 0
    for child in children[:8]:
        if child.tag not in _CARD_TAGS or len(child) == 0:
            continue
        text = short_text(child)
        if text and (
            has_measure(text) or has_measure(text.replace(" ", "")) or _has_label_line(text)
        ):
            seen += 1
    return seen >= min(2, len(children))


def _has_label_line(text: str) -> bool:
    return any(parse_label(part) for part in text.split()[:12])


def read_card(element: HtmlElement) -> Card | None:
    """The row one block prints and its subject, or ``None`` when it is no card."""
    if len(element) == 0 or short_text(element) is None or element.find(".//table") is not None:
        return None
    if element.tag == "table" and any(
        len(found.rows) > 1 for found in read_grid(table_grid(element))
    ):
        return None
    return _placed(read_card_text(flatten(element, take_marks=True)), place_of(element))


def definition_cards(dl: HtmlElement) -> list[Card]:
    """The cards of one ``dl``: every ``dt`` opens an account, or its labels come round again."""
    groups: list[list[HtmlElement]] = []
    for child in dl.iter("dt", "dd"):
        if child.tag == "dt":
            groups.append([child])
        elif groups:
            groups[-1].append(child)
    if groups and all(parse_label("".join(group[0].itertext())) for group in groups):
        groups = _by_round(groups)
    if len(groups) < 2:
        return []
    cards = [_placed(read_card_text(_merged(group)), place_of(group[0])) for group in groups]
    found = [card for card in cards if card is not None]
    valued = sum(1 for row, _ in found if row.values)
    return found if valued * 2 > len(cards) else []


def _by_round(groups: list[list[HtmlElement]]) -> list[list[HtmlElement]]:
    """Pairs of label and value, cut before every return of the first label."""
    first = parse_label("".join(groups[0][0].itertext()))
    rounds: list[list[HtmlElement]] = []
    for group in groups:
        if parse_label("".join(group[0].itertext())) == first:
            rounds.append([])
        rounds[-1] += group
    return rounds


def card_listing(cards: list[Card]) -> Listing:
    """The listing that cards of one shape in a row make."""
    rows = [row for row, _ in cards]
    subjects = {subject for _, subject in cards}
    subject = subjects.pop() if len(subjects) == 1 else ACCOUNT_SUBJECT
    if subject == ACCOUNT_SUBJECT and all(is_authority(row.account) for row in rows):
        subject = UNIT
        for row in rows:
            row.unit = row.unit or row.account
    keys = frozenset(key for row in rows for key in row.values)
    ties = {row.rank for row in rows if row.tied}
    listing = Listing(rows=rows, subject=subject, keys=keys, kind="card", printed_ties=ties)
    unread = sum(bool(row.unread) for row in rows)
    if unread > 1 and unread * 2 >= len(rows):
        listing.flags.add("implausible_value")  # numbers that nobody labelled
    return listing


def _placed(card: Card | None, place: str) -> Card | None:
    if card is not None:
        row, _ = card
        row.places = dict.fromkeys((RANK, ACCOUNT, *row.values), place)
    return card


def _merged(group: Iterable[HtmlElement]) -> Flat:
    merged = Flat()
    for element in group:
        flat = flatten(element, take_marks=True)
        merged.lines += flat.lines
        merged.runs += flat.runs
        merged.marks += flat.marks
        merged.alt = merged.alt or flat.alt
    return merged
