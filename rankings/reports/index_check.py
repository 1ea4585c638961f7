"""Printed indexes of a board against what its printed figures allow: 指数核对.

The rules are ``rankings.wci``; here the statements are found for them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Max, Min

from .. import wci
from ..models import Account, Board, Observation, SourceKind, State, Status
from ..periods import Month
from ..wci.printed import figure_from, published_range
from ..wci.whatif import Rung


def check_of(row: Observation, *, quick: bool = False) -> wci.Fingerprint | None:
    """The fingerprint of the index that a statement prints; None where it prints none.

    ``quick`` is enough to tell whether it is doubtful.
    """
    if not row.figures.get("index"):
        return None
    return wci.fingerprint(
        row.figures["index"],
        row.figures,
        days=wci.days_of(row.period),
        declared=row.method,
        quick=quick,
    )


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One statement with the verdict about its index."""

    row: Observation
    found: wci.Fingerprint


@dataclass(frozen=True, slots=True)
class MonthCheck:
    """The indexes of one month of a board.

    ``fits`` are the versions that every checkable row allows; ``methods`` what the list names;
    ``misfits`` the rows that fit nothing, or not what the list names; ``silent`` the rows that
    print too little.
    """

    month: Month
    methods: tuple[str, ...]
    checked: int
    silent: int
    fits: tuple[wci.Version, ...]
    misfits: tuple[CheckedRow, ...]

    @property
    def declared(self) -> tuple[wci.Version, ...]:
        found = [version for label in self.methods for version in wci.versions_of(label)]
        return tuple(dict.fromkeys(found))

    @property
    def conflict(self) -> bool:
        """Whether the list names a method that not every row can have been computed by."""
        return bool(self.checked and self.declared) and not set(self.declared) & set(self.fits)

    @property
    def sentence(self) -> str:
        """The month in words."""
        if not self.checked:
            return "印出的数值太少，核对不了。" if self.silent else "没有印出指数。"
        fits = "、".join(map(str, self.fits))
        if not self.fits:
            return f"没有哪个版本能同时算出这 {self.checked} 行的指数。"
        if self.conflict:
            return f"所注方法算不出全部 {self.checked} 行；能同时算出的是 {fits}。"
        if len(self.fits) == len(wci.VERSIONS):
            return f"{self.checked} 行都不矛盾，但数值太少，哪个版本都排除不了。"
        return f"{self.checked} 行的指数都与 {fits} 相符。"


@dataclass(frozen=True, slots=True)
class BoardCheck:
    """A year of a board; ``years`` are those with statements, newest first."""

    board: Board
    year: int | None
    years: tuple[int, ...] = ()
    months: tuple[MonthCheck, ...] = ()

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the verdicts about doubtful rows rest on, each said once."""
        notes: dict[str, None] = {}
        for month in self.months:
            for each in month.misfits:
                notes.update(dict.fromkeys(each.found.assumptions))
        return tuple(notes)


def board_check(board: Board, year: int | None = None) -> BoardCheck:
    """The months of ``year``, newest first; by default of the last one on record. Two queries."""
    about = Observation.objects.in_force().filter(
        board=board, month__isnull=False, state=State.RANKED
    )
    ends = about.aggregate(first=Min("month"), last=Max("month"))
    if ends["last"] is None:
        return BoardCheck(board, None)
    years = tuple(range(ends["last"] // 12, ends["first"] // 12 - 1, -1))
    if year is None:
        year = years[0]
    rows: dict[int, list[Observation]] = {}
    for row in (
        about.filter(month__gte=year * 12, month__lt=year * 12 + 12)
        .select_related("account")
        .order_by("-month", "rank", "pk")
    ):
        rows.setdefault(row.month, []).append(row)
    months = tuple(_month(Month.from_index(index), each) for index, each in rows.items())
    return BoardCheck(board, year, years, months)


def _month(month: Month, rows: Iterable[Observation]) -> MonthCheck:
    fits = dict.fromkeys(wci.VERSIONS.values())
    methods: dict[str, None] = {}
    misfits = []
    checked = silent = 0
    for row in rows:
        if row.method:
            methods[row.method] = None
        found = check_of(row)
        if found is None:
            continue
        if not found.ranges:
            silent += 1
            continue
        checked += 1
        if found.fits:
            # A row that fits nothing is named by itself; it says nothing about the others.
            fits = {version: None for version in fits if version in found.fits}
        if found.flagged:
            misfits.append(CheckedRow(row, found))
    return MonthCheck(
        month, tuple(methods), checked, silent, tuple(fits) if checked else (), tuple(misfits)
    )


# --- the list that a what-if is set beside ----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reference:
    """The month of a board whose printed indexes our own is compared with."""

    board: Board
    month: Month
    methods: tuple[str, ...]
    rungs: tuple[Rung, ...]

    def comparable(self, version: wci.Version) -> bool:
        """Whether the list names ``version`` and nothing else; indexes of two never compare."""
        return bool(self.methods) and all(
            version in wci.versions_of(label) for label in self.methods
        )


def latest_method(board: Board) -> str:
    """The method named by the board's newest list that names one, else nothing."""
    return (
        Observation.objects.in_force()
        .filter(board=board)
        .exclude(method="")
        .order_by("-start", "-pk")
        .values_list("method", flat=True)
        .first()
        or ""
    )


def reference(board: Board, month: Month, ours: Account | None) -> Reference | None:
    """The list of ``month``, or of the last month before it, without our own row. Two queries.

    Only confirmed rows with a printed index count; None where there is no such list.
    """
    about = (
        Observation.objects.in_force()
        .filter(board=board, state=State.RANKED, status=Status.CONFIRMED, month__lte=month.index)
        .exclude(source_kind=SourceKind.SELF)
    )
    newest = about.aggregate(last=Max("month"))["last"]
    if newest is None:
        return None
    rungs: dict[int, Rung] = {}
    methods: dict[str, None] = {}
    for row in about.filter(month=newest).select_related("account").order_by("rank", "pk"):
        if row.method:
            methods[row.method] = None
        found = _printed_index(row.figures)
        if found is None or (ours is not None and row.account_id == ours.pk):
            continue
        # A second source about the same account adds no account.
        rungs.setdefault(row.account_id, Rung(row.rank, row.account.name, *found))
    if not rungs:
        return None
    return Reference(board, Month.from_index(newest), tuple(methods), tuple(rungs.values()))


def _printed_index(figures: Mapping[str, object]) -> tuple[float, float] | None:
    figure = figure_from(figures["index"]) if figures.get("index") else None
    return None if figure is None else published_range(figure)
