"""The lines of one card to one row: ``排名：1``, label over value, value over label, free lines."""

from __future__ import annotations

import re
from dataclasses import replace

from rankings.figures import parse_figure

from .contract import ACCOUNT as ACCOUNT_SUBJECT
from .contract import ARTICLE, UNIT, Row
from .folding import compact, fold, tidy
from .labels import (
    ACCOUNT,
    IGNORED,
    MOVEMENT,
    POSTS_AND_ARTICLES,
    PREVIOUS,
    RANK,
    TITLE,
    VALUE_KEYS,
    WECHAT_ID,
    Label,
    parse_label,
)
from .labels import UNIT as UNIT_LABEL
from .lines import movement_in, read_line
from .measures import first_label, read_measures
from .movement import NEW, from_previous, in_words, parse_mark
from .name_lines import bracketed, name_and_second, stands_beside
from .names import Name, is_authority, is_id, parse_name, strip_quotes
from .ranks import parse_rank
from .rows import is_single, posts_and_articles
from .texts import Flat

_LABELLED = re.compile(r"^\s*([^:]{1,14})\s*:\s*(.+)$")
_SPACED = re.compile(r"^\s*(\S{1,14})\s+(.+)$")
_TITLE_LINE = re.compile(r"^《(.{1,120})》$")

_PIECE = re.compile(r"[(（][^()（）]*[)）]|[^()（）\s]+")
_PAIRS_BEHIND = re.compile(r"\.(?:NL)+$")

#: Labels whose value may follow behind a mere gap.
_WORDED = frozenset((MOVEMENT, PREVIOUS, ACCOUNT, UNIT_LABEL, WECHAT_ID, TITLE))

#: A label or a rank is cut into so few tags.
_MAX_CUTS = 6
#: More lines than this in one block are no card.
_MAX_LINES = 24


class NotACard(Exception):
    """The block holds something a card does not."""


class _Card:
    """A card being read, line by line."""

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.rank: int | None = None
        self.tied = False
        self.row = Row(0, "")
        self.previous: str | None = None
        self.named_by_label = False

    def take(self, label: Label, text: str) -> None:
        key = label.key
        if key == RANK:
            self._set_rank(text)
        elif key == ACCOUNT:
            self._set_labelled_name(text)
        elif key == UNIT_LABEL:
            self.row.unit = strip_quotes(text)
        elif key == TITLE:
            self._set_title(text)
        elif key == WECHAT_ID:
            self.row.wechat_id = fold(text).strip().lstrip("@") or None
        elif key == MOVEMENT:
            self.row.movement = self.row.movement or parse_mark(text) or in_words(text)
        elif key == PREVIOUS:
            self.previous = text
        elif key in VALUE_KEYS:
            figure = parse_figure(
                text, single_article=is_single(key, self.subject), factor=label.factor
            )
            if figure is not None:
                self._add({key: figure})
        elif key == POSTS_AND_ARTICLES:
            self._add(posts_and_articles(text))

    def take_free(self, line: str, runs: list[str]) -> None:
        """A line without a label: rank, name, title, id or mark."""
        if self.rank is None and parse_rank(line):
            self._set_rank(line)
        elif self.rank is None and (count := _rank_runs(runs)):
            self._set_rank("".join(runs[:count]))
            self.take_free("".join(runs[count:]), runs[count:])
        elif title := _TITLE_LINE.match(line.strip()):
            self._set_title(title[1])
        elif self.rank is None and (found := read_line(line)):
            self.rank = found.row.rank
            self._merge(found.row)
        elif (mark := parse_mark(line)) is not None:
            self.row.movement = self.row.movement or mark
        elif not self.row.account:
            self._set_name(line, *name_and_second([line], [runs]))
        elif is_id(fold(line).strip().lstrip("@")):
            self.row.wechat_id = self.row.wechat_id or fold(line).strip().lstrip("@")
        elif is_authority(line) and not self.row.unit and parse_name(line):
            self.row.unit = strip_quotes(line)
        elif beside := stands_beside_name(line, runs):
            self.row.wechat_id = self.row.wechat_id or beside.wechat_id
            self.row.unit = self.row.unit or beside.unit
            self.row.movement = self.row.movement or beside.movement
            self.tied = self.tied or beside.tied
        else:
            if parse_figure(line) is not None:
                self.row.unread["number"] = {"text": line}
            self.row.movement = self.row.movement or in_words(line)

    def take_values(self, line: str) -> bool:
        measures = read_measures(line, self.subject)
        if not measures.values:
            return False
        self._add(measures.values)
        self.row.movement = self.row.movement or movement_in(line, measures.rest)
        head = line[: first_label(line)].strip(" :：,，、|｜")
        if (pair := labelled(head)) is not None:
            self.take(*pair)
        elif head and not (self.row.account and self.rank) and parse_figure(head) is None:
            self.take_free(head, [head])
        return True

    def finish(self) -> Row | None:
        """The row, or ``None`` without a rank, a name or any value."""
        row = self.row
        if not row.account and row.unit and not row.title:
            row.account = row.unit
        if self.rank is None or not row.account or not row.values:
            return None
        row.rank, row.tied = self.rank, self.tied
        if self.previous is not None and row.movement is None:
            before = parse_rank(self.previous)
            if before is not None:
                row.movement = from_previous(before.value, row.rank)
            elif compact(self.previous):
                row.movement = NEW
        return row

    def _merge(self, row: Row) -> None:
        self.row.account, self.row.wechat_id, self.row.unit = row.account, row.wechat_id, row.unit
        self.row.title = self.row.title or row.title
        self.row.movement = self.row.movement or row.movement
        self._add(row.values)

    def _set_rank(self, text: str) -> None:
        rank = parse_rank(text)
        if rank is None:
            return
        if self.rank is not None and self.rank != rank.value:
            raise NotACard
        self.rank, self.row.movement = rank.value, self.row.movement or rank.movement
        self.tied = self.tied or rank.tied

    def _set_title(self, text: str) -> None:
        if self.row.title:
            raise NotACard
        self.row.title = tidy(text)

    def _set_labelled_name(self, text: str) -> None:
        """A labelled account; a free line read as the name before was the article's title."""
        if self.row.account and not self.named_by_label and not self.row.title:
            self.row.title, self.row.account = self.row.account, ""
        self._set_name(text)
        self.named_by_label = True

    def _set_name(self, text: str, name_alone: str = "", second: str = "") -> None:
        name = parse_name(name_alone or text, second)
        if name is None:
            return
        if self.row.account:
            raise NotACard
        self.row.account = name.account
        self.row.wechat_id = self.row.wechat_id or name.wechat_id
        self.row.unit = self.row.unit or name.unit
        self.row.movement = self.row.movement or name.movement
        self.tied = self.tied or name.tied

    def _add(self, values: dict) -> None:
        if values.keys() & self.row.values.keys():
            raise NotACard
        self.row.values |= values


def stands_beside_name(line: str, runs: list[str]) -> Name | None:
    """What a line below the name adds in brackets and marks of its own (``(zaihetang) ↑2``)."""
    for pieces in (runs, _PIECE.findall(line)):
        if len(pieces) > 1 and all(map(stands_beside, pieces)):
            return parse_name("名" + bracketed(pieces))
    return None


def read_card_text(flat: Flat) -> tuple[Row, str] | None:
    """The row the lines of a card print and its subject; ``None`` when they are no card."""
    if not flat.lines or len(flat.lines) > _MAX_LINES:
        return None
    flat = _with_pairs_apart(flat)
    if len(flat.lines) == 1 and not _rank_stands_apart(flat.runs[0]):
        return None
    row = _read(flat, ACCOUNT_SUBJECT)
    if row is None:
        return None
    if row.title:
        row = _read(flat, ARTICLE)
        return (row, ARTICLE) if row else None
    return row, UNIT if row.unit == row.account else ACCOUNT_SUBJECT


def _with_pairs_apart(flat: Flat) -> Flat:
    """Every tag of a line as a line, where the line ends with numbers before their labels."""
    lines, cut = [], []
    for line, runs in zip(flat.lines, flat.runs, strict=True):
        apart = len(runs) > 3 and _PAIRS_BEHIND.search("".join(map(_kind, runs)))
        lines += runs if apart else [line]
        cut += [[run] for run in runs] if apart else [runs]
    return replace(flat, lines=lines, runs=cut)


def _read(flat: Flat, subject: str) -> Row | None:
    card = _Card(subject)
    if flat.alt and (rank := parse_rank(flat.alt)):
        card.rank = rank.value
    try:
        _take_lines(card, flat)
    except NotACard:
        return None
    row = card.finish()
    if row is not None and flat.marks:
        row.movement = row.movement or flat.marks[0]
    return row


def _rank_stands_apart(runs: list[str]) -> bool:
    return len(runs) > 2 and _rank_runs(runs) > 0


def _rank_runs(runs: list[str]) -> int:
    """How many runs at the head of a line print the rank (``第`` ``3名`` ``甲号``); 0 for none."""
    for count in range(min(len(runs) - 1, _MAX_CUTS), 1, -1):
        if not runs[count][:1].isdigit() and parse_rank("".join(runs[:count])):
            return count
    return 1 if len(runs) > 1 and parse_rank(runs[0]) else 0


def _take_lines(card: _Card, flat: Flat) -> None:
    above = _values_above_labels(flat.lines)
    index = 0
    while index < len(flat.lines):
        line, runs = flat.lines[index], flat.runs[index]
        index += 1
        if index - 1 in above:
            card.take(above[index - 1], line)
            index += 1
        elif (label := _label_of(line)) is not None and index < len(flat.lines):
            if _label_of(flat.lines[index]) is not None:
                raise NotACard
            card.take(label, flat.lines[index])
            index += 1
        elif (pair := _labelled_by_tag(runs) or labelled(line)) is not None:
            card.take(*pair)
        elif not card.take_values(line):
            card.take_free(line, runs)


def _label_of(line: str) -> Label | None:
    """The label a line is; ``10w+`` is a number, though it also heads a column."""
    return parse_label(line) if parse_figure(line) is None else None


def _values_above_labels(lines: list[str]) -> dict[int, Label]:
    """Where a value stands above its label: runs of number, label, … that end with a label."""
    kinds = "".join(map(_kind, lines))
    spots: dict[int, Label] = {}
    for run in re.finditer(r"(?<![NL])(?:NL)+(?![NL])", kinds):
        for spot in range(run.start(), run.end(), 2):
            if (label := _label_of(lines[spot + 1])) is not None:
                spots[spot] = label
    return spots


def _kind(line: str) -> str:
    """``L`` for a label of a value, ``N`` for a number or a blank mark, ``.`` for anything else."""
    label = _label_of(line)
    if label is not None:
        return "L" if label.key in VALUE_KEYS or label.key == IGNORED else "."
    return "N" if parse_figure(line) is not None or compact(line) in ("-", "—", "/") else "."


def _labelled_by_tag(runs: list[str]) -> tuple[Label, str] | None:
    """A label in a tag of its own with the value behind it (``<em>WCI</em>880.8``)."""
    for count in range(min(len(runs) - 1, _MAX_CUTS), 0, -1):
        label = _label_of("".join(runs[:count]))
        if label is not None and label.key == RANK and _rank_runs(runs) > count:
            return None  # ``NO`` of ``NO.1``
        if label is not None:
            rest = runs[count:]
            return None if any(map(_label_of, rest)) else (label, "".join(rest).lstrip(":： "))
    return None


def labelled(line: str) -> tuple[Label, str] | None:
    """A label and what stands behind it, parted by a colon or (but for values) a gap."""
    folded = fold(line)
    if match := _LABELLED.match(folded):
        label = parse_label(match[1])
        if label is not None and not _more_pairs(match[2]):
            return label, line[match.start(2) :].strip()
        return None
    match = _SPACED.match(folded)
    label = parse_label(match[1]) if match else None
    return (label, line[match.start(2) :].strip()) if label and label.key in _WORDED else None


def _more_pairs(text: str) -> bool:
    """Whether further labels follow in the line (``公众号：甲号 阅读：10万+``)."""
    return first_label(text) < len(text) and bool(read_measures(text, ACCOUNT_SUBJECT).values)
