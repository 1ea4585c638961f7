"""Which months belong to the record of a board, and where its series breaks.

A board is its own series. A confirmed ``BoardLink`` makes the months of an earlier board, up to
the link's month, part of the later one's record, and so on backwards. A change of method inside
the record is a *cut*, which no run crosses, unless a confirmed link says that the series goes on
(docs/streak-rules.md §2, case 4). Pure functions over plain values; ``queries.lineage_of`` asks the
database.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .models import Board, BoardLink
from .periods import Month
from .sentences import Change, ChangeKind

# Month indexes between which every segment lies; an open end is one of them.
EARLIEST, LATEST = 0, 2**31 - 1

_PREFIX = re.compile(r"^(?:wci|指数|版本|版|v(?:er(?:sion)?)?\.?|第)+(?=\d)")
_WHOLE_VERSION = re.compile(r"^(\d+)(?:\.0+)+$")
_SPACES = re.compile(r"[\s_()（）\[\]-]+")


def method_key(label: str) -> str:
    """The form in which labels are compared: ``WCI V13.0``, ``13.0版`` and ``V13`` are all ``13``.

    NFKC, without case and spaces, without a leading WCI, V or 版 and a trailing 版; ``14.2a`` stays
    itself. Empty for a label that says nothing.
    """
    text = _SPACES.sub("", unicodedata.normalize("NFKC", label)).casefold()
    text = _PREFIX.sub("", text).removesuffix("版")
    return _WHOLE_VERSION.sub(r"\1", text)


@dataclass(frozen=True, slots=True)
class Segment:
    """Months of one board, both bounds included, as ``Month.index``."""

    board: Board
    first: int = EARLIEST
    last: int = LATEST

    def holds(self, month: int) -> bool:
        return self.first <= month <= self.last


@dataclass(frozen=True, slots=True)
class MethodChange:
    """``month`` is the first to name other methods than ``before_month``, the last one to name any.

    ``link`` is the written word that the series goes on; None: the change is a cut.
    """

    board: Board
    month: int
    before_month: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    link: BoardLink | None = None

    @property
    def since(self) -> Month:
        return Month.from_index(self.month)

    @property
    def words(self) -> str:
        """由 12.0 改为 13.0."""
        return f"由 {'、'.join(self.before)} 改为 {'、'.join(self.after)}"


@dataclass(frozen=True, slots=True)
class Lineage:
    """The record of ``board``: ``segments`` and ``links`` oldest first.

    ``methods`` maps a month to the labels it names; ``months`` every recorded month to the key of
    the board that holds it; ``method_changes`` are those with and without a link.
    """

    board: Board
    segments: tuple[Segment, ...]
    links: tuple[BoardLink, ...] = ()
    methods: dict[int, frozenset[str]] = field(default_factory=dict)
    months: dict[int, int] = field(default_factory=dict)
    method_changes: tuple[MethodChange, ...] = ()

    @property
    def boards(self) -> tuple[Board, ...]:
        """Oldest first; the board itself is the last one."""
        return tuple(segment.board for segment in self.segments)

    @property
    def cuts(self) -> frozenset[int]:
        """Months with which another series begins: no run reaches from before one into it."""
        return frozenset(each.month for each in self.method_changes if each.link is None)

    @property
    def unlinked(self) -> tuple[MethodChange, ...]:
        """Changes of method that nobody has linked."""
        return tuple(each for each in self.method_changes if each.link is None)

    @property
    def first(self) -> int | None:
        """The first recorded month."""
        return min(self.months, default=None)

    @property
    def last(self) -> int | None:
        """The last recorded month."""
        return max(self.months, default=None)

    def board_of(self, month: int) -> Board:
        """The board whose statements count in ``month``."""
        return next(each.board for each in self.segments if each.holds(month))

    @property
    def changes(self) -> tuple[Change, ...]:
        """Linked renamings and changes of method, as sentences tell them."""
        found = []
        told = {change.link.pk: change for change in self.method_changes if change.link is not None}
        for link in self.links:
            if not link.within_board:
                names = (str(link.earlier), str(link.later))
                found.append(Change(link.month, ChangeKind.NAME, *names))
            seen = told.get(link.pk)
            before = link.earlier_method or ("、".join(seen.before) if seen else "")
            after = link.later_method or ("、".join(seen.after) if seen else "")
            if before and after and method_key(before) != method_key(after):
                found.append(Change(link.month, ChangeKind.METHOD, before, after))
        return tuple(found)


def segments_of(board: Board, links: Iterable[BoardLink]) -> tuple[Segment, ...]:
    """The boards that make up the record of ``board`` by confirmed ``links``, oldest first."""
    back: dict[int, BoardLink] = {}
    for link in links:
        if not link.within_board:
            # The latest one wins: the months before it are another board's whatever came earlier.
            held = back.get(link.later_id)
            if held is None or held.month < link.month:
                back[link.later_id] = link
    found: list[Segment] = []
    last, seen = LATEST, set()
    while True:
        seen.add(board.pk)
        link = back.get(board.pk)
        if link is None or link.month > last or link.earlier_id in seen:
            found.append(Segment(board, EARLIEST, last))
            return tuple(reversed(found))
        found.append(Segment(board, link.month, last))
        last, board = link.month - 1, link.earlier


def links_of(segments: Iterable[Segment], links: Iterable[BoardLink]) -> tuple[BoardLink, ...]:
    """The links that speak of the record: its joints, and changes inside its segments."""
    starts = {segment.board.pk: segment for segment in segments}
    found = []
    for link in links:
        segment = starts.get(link.later_id)
        if segment is None:
            continue
        if link.within_board:
            if segment.holds(link.month):
                found.append(link)
        elif segment.first == link.month and link.earlier_id in starts:
            found.append(link)
    return tuple(sorted(found, key=lambda link: (link.month, link.within_board)))


def build(
    board: Board,
    segments: tuple[Segment, ...],
    links: Iterable[BoardLink],
    named: Iterable[tuple[int, int, str]],
) -> Lineage:
    """The lineage from what the months name: ``named`` are (board id, month, label or "")."""
    links = links_of(segments, links)
    months: dict[int, int] = {}
    labels: dict[int, set[str]] = {}
    for board_id, month, label in named:
        months[month] = board_id
        if method_key(label):
            labels.setdefault(month, set()).add(label)
    methods = {month: frozenset(labels[month]) for month in sorted(labels)}
    by_id = {segment.board.pk: segment.board for segment in segments}
    changes = tuple(
        MethodChange(
            by_id[months[month]],
            month,
            before_month,
            tuple(sorted(methods[before_month])),
            tuple(sorted(methods[month])),
            _healing(links, before_month, month, methods),
        )
        for before_month, month in _changes(methods)
    )
    return Lineage(board, segments, links, methods, dict(sorted(months.items())), changes)


def _changes(methods: Mapping[int, frozenset[str]]) -> list[tuple[int, int]]:
    """Neighbours among the months that name methods, where they have none in common."""
    found = []
    before: int | None = None
    for month in sorted(methods):
        if before is not None and not (_keys(methods[before]) & _keys(methods[month])):
            found.append((before, month))
        before = month
    return found


def _keys(labels: Iterable[str]) -> frozenset[str]:
    return frozenset(map(method_key, labels))


def _healing(
    links: Iterable[BoardLink], before: int, month: int, methods: Mapping[int, frozenset[str]]
) -> BoardLink | None:
    """The link by whose word the series goes on from ``before`` to ``month``, if any.

    A link that names methods speaks of those alone: when a correction shows others, it is silent.
    """
    for link in links:
        if not before < link.month <= month:
            continue
        if not link.within_board:
            return link
        old, new = method_key(link.earlier_method), method_key(link.later_method)
        if (not old or old in _keys(methods[before])) and (not new or new in _keys(methods[month])):
            return link
    return None


def continued_by(board_ids: Iterable[int], links: Iterable[BoardLink]) -> dict[int, int]:
    """The boards whose record contains months of ``board_ids``, those included.

    Maps a board id to the last month index that later records take from the boards: a change after
    it concerns the earlier board alone.
    """
    reach = dict.fromkeys(board_ids, LATEST)
    onward = [link for link in links if not link.within_board]
    grown = True
    while grown:
        grown = False
        for link in onward:
            if link.earlier_id in reach:
                last = min(reach[link.earlier_id], link.month - 1)
                if reach.get(link.later_id, -1) < last:
                    reach[link.later_id] = last
                    grown = True
    return reach
