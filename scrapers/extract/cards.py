"""Cards and ``dl`` groups: a label beside each value, one block for each account."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml.html import HtmlElement

from rankings.figures import parse_figure

from .contract import ACCOUNT as ACCOUNT_SUBJECT
from .contract import Row
from .folding import compact, fold
from .labels import (
    ACCOUNT,
    MOVEMENT,
    PREVIOUS,
    RANK,
    UNIT,
    VALUE_KEYS,
    WECHAT_ID,
    Label,
    parse_label,
)
from .lines import read_line
from .measures import first_label, has_measure, read_measures
from .movement import NEW, from_previous, parse_mark
from .names import is_id, parse_name, strip_quotes
from .ranks import parse_rank
from .rows import is_single, posts_and_articles
from .texts import Flat, flatten, place_of, short_text

_LABELLED = re.compile(r"^\s*([^:]{1,12})\s*:\s*(.+)$")
_CARD_TAGS = frozenset(("div", "li", "section", "article", "dl", "a", "figure", "ul"))

#: More lines than this in one block are no card.
_MAX_LINES = 24


class _NotACard(Exception):
    """The block holds something a card does not."""


def card_runs(parent: HtmlElement) -> list[list[tuple[HtmlElement, Row]]]:
    """Cards among the children of ``parent``: runs of blocks that nothing but blanks interrupt."""
    children = [child for child in parent if isinstance(child.tag, str)]
    if len(children) < 2 or not _look_like_cards(children):
        return []
    runs: list[list[tuple[HtmlElement, Row]]] = [[]]
    for child in children:
        row = read_card(child) if child.tag in _CARD_TAGS else None
        if row is not None:
            runs[-1].append((child, row))
        elif runs[-1] and "".join(child.itertext()).strip():
            runs.append([])
    return [run for run in runs if run] if sum(map(len, runs)) > 1 else []


def _look_like_cards(children: list[HtmlElement]) -> bool:
    seen = 0
    for child in children[:8]:
        if child.tag not in _CARD_TAGS or len(child) == 0:
            continue
        text = short_text(child)
        if text and (has_measure(text) or _has_label_line(text)):
            seen += 1
    return seen >= min(2, len(children))


def _has_label_line(text: str) -> bool:
    return any(parse_label(part) for part in text.split()[:12])


def read_card(element: HtmlElement) -> Row | None:
    """The row one block prints, or ``None`` when it is no card."""
    if len(element) == 0 or short_text(element) is None or element.find(".//table") is not None:
        return None
    flat = flatten(element, take_marks=True)
    return _read(flat, place_of(element))


def definition_rows(dl: HtmlElement) -> list[Row]:
    """The cards of one ``dl`` whose every ``dt`` opens an account."""
    groups: list[list[HtmlElement]] = []
    for child in dl.iter("dt", "dd"):
        if child.tag == "dt":
            groups.append([child])
        elif groups:
            groups[-1].append(child)
    if len(groups) < 2 or any(parse_label("".join(g[0].itertext())) for g in groups[:3]):
        return []
    rows = [_read(_merged(group), place_of(group[0])) for group in groups]
    found = [row for row in rows if row is not None]
    return found if len(found) * 2 > len(rows) else []


def _merged(group: Iterable[HtmlElement]) -> Flat:
    merged = Flat()
    for element in group:
        flat = flatten(element, take_marks=True)
        merged.lines += flat.lines
        merged.runs += flat.runs
        merged.marks += flat.marks
        merged.alt = merged.alt or flat.alt
    return merged


class _Card:
    """A card being read, line by line."""

    def __init__(self) -> None:
        self.rank: int | None = None
        self.row = Row(0, "")
        self.previous: str | None = None

    def take(self, label: Label, text: str) -> None:
        key = label.key
        if key == RANK:
            self._set_rank(text)
        elif key == ACCOUNT:
            self._set_name(text)
        elif key == UNIT:
            self.row.unit = strip_quotes(text)
        elif key == WECHAT_ID:
            self.row.wechat_id = fold(text).strip().lstrip("@") or None
        elif key == MOVEMENT:
            self.row.movement = self.row.movement or parse_mark(text)
        elif key == PREVIOUS:
            self.previous = text
        elif key in VALUE_KEYS:
            figure = parse_figure(
                text, single_article=is_single(key, ACCOUNT_SUBJECT), factor=label.factor
            )
            if figure is not None:
                self._add({key: figure})
        else:
            self._add(posts_and_articles(text))

    def take_free(self, line: str, runs: list[str]) -> None:
        """A line without a label: rank, name, id or mark."""
        if self.rank is None and (rank := parse_rank(line)):
            self.rank, self.row.movement = rank.value, self.row.movement or rank.movement
        elif self.rank is None and len(runs) > 1 and parse_rank(runs[0]):
            self._set_rank(runs[0])
            self.take_free("".join(runs[1:]), runs[1:])
        elif self.rank is None and (found := read_line(line)):
            self.rank = found.row.rank
            self._merge(found.row)
        elif not self.row.account:
            self._set_name(line)
        elif is_id(fold(line).strip().lstrip("@")):
            self.row.wechat_id = self.row.wechat_id or fold(line).strip().lstrip("@")
        elif (mark := parse_mark(line)) is not None:
            self.row.movement = self.row.movement or mark

    def take_values(self, line: str) -> bool:
        measures = read_measures(line, ACCOUNT_SUBJECT)
        if not measures.values:
            return False
        self._add(measures.values)
        head = line[: first_label(line)].strip(" :：,，、")
        if head and not (self.row.account and self.rank) and parse_figure(head) is None:
            self.take_free(head, [head])
        return True

    def _merge(self, row: Row) -> None:
        self.row.account, self.row.wechat_id, self.row.unit = row.account, row.wechat_id, row.unit
        self.row.movement = self.row.movement or row.movement
        self._add(row.values)

    def _set_rank(self, text: str) -> None:
        rank = parse_rank(text)
        if rank is None:
            return
        if self.rank is not None and self.rank != rank.value:
            raise _NotACard
        self.rank, self.row.movement = rank.value, self.row.movement or rank.movement

    def _set_name(self, text: str) -> None:
        name = parse_name(text)
        if name is None:
            return
        if self.row.account:
            raise _NotACard
        self.row.account = name.account
        self.row.wechat_id = self.row.wechat_id or name.wechat_id
        self.row.unit = self.row.unit or name.unit
        self.row.movement = self.row.movement or name.movement

    def _add(self, values: dict) -> None:
        if values.keys() & self.row.values.keys():
            raise _NotACard
        self.row.values |= values


def _read(flat: Flat, place: str) -> Row | None:
    if not flat.lines or len(flat.lines) > _MAX_LINES:
        return None
    if len(flat.lines) == 1 and not _rank_stands_apart(flat.runs[0]):
        return None
    card = _Card()
    if flat.alt and (rank := parse_rank(flat.alt)):
        card.rank = rank.value
    try:
        _take_lines(card, flat)
    except _NotACard:
        return None
    row = card.row
    if card.rank is None or not row.account or not row.values:
        return None
    row.rank = card.rank
    if card.previous is not None and row.movement is None:
        before = parse_rank(card.previous)
        blank = not compact(card.previous)
        row.movement = from_previous(before.value, row.rank) if before else None if blank else NEW
    if flat.marks:
        row.movement = row.movement or flat.marks[0]
    row.places = dict.fromkeys((RANK, ACCOUNT, *row.values), place)
    return row


def _rank_stands_apart(runs: list[str]) -> bool:
    return len(runs) > 2 and parse_rank(runs[0]) is not None


def _take_lines(card: _Card, flat: Flat) -> None:
    index = 0
    while index < len(flat.lines):
        line, runs = flat.lines[index], flat.runs[index]
        index += 1
        label = parse_label(line)
        if label is not None and index < len(flat.lines):
            if parse_label(flat.lines[index]) is not None:
                raise _NotACard
            card.take(label, flat.lines[index])
            index += 1
        elif (pair := _labelled(line)) is not None:
            card.take(*pair)
        elif not card.take_values(line):
            card.take_free(line, runs)


def _labelled(line: str) -> tuple[Label, str] | None:
    match = _LABELLED.match(fold(line))
    if match is None:
        return None
    label = parse_label(match[1])
    return (label, line[match.start(2) :].strip()) if label else None
