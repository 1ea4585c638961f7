"""What is proved, what is reported by whom, and what each month rests on.

Only what may be public leaves here: statements in force (no proposals), sources with web addresses
alone, hashes instead of bytes, and no names of people or notes of the office.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils import timezone

from cms.ops.models import AuditEntry

from .. import lineage, lotus, queries, reports, sentences, streaks
from ..claims import public_note
from ..models import (
    Account,
    Board,
    BoardLink,
    Claim,
    ClaimStatus,
    HonoursPage,
    LinkStatus,
    Observation,
    SourceKind,
    State,
    Status,
)
from ..periods import Month
from ..reports import RunWords, StateWords

WEB_SCHEMES = frozenset({"http", "https"})
_PUBLIC = frozenset({Status.CONFIRMED, Status.REPORTED})
APPROVED = "rankings.claim.approve"


@dataclass(frozen=True, slots=True)
class SourceFact:
    """One statement behind a month. ``url`` is a web address or nothing; ``says`` what it states.

    ``proves`` tells whether it counts as confirmed; a report and the account's own word never do.
    """

    name: str
    kind: str
    kind_words: str
    published: dt.date | None
    url: str
    sha256: str
    says: str
    proves: bool

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True)
class MonthFact:
    """A month of the record; ``anchor`` names its row on the page.

    ``by_report`` says that only a report gives the rank.
    """

    month: Month
    words: StateWords
    rank: int | None
    tied: bool
    by_report: bool
    board: str
    methods: tuple[str, ...]
    sources: tuple[SourceFact, ...]
    changed: dt.date | None
    anchor: str

    @property
    def proved(self) -> bool:
        return self.words.letter in (streaks.FIRST, streaks.TIED)

    @property
    def place(self) -> str:
        """第3名, or nothing where the state says it all or no place is known."""
        if self.rank is None or self.rank == 1:
            return ""
        tie = "（并列）" if self.tied else ""
        return f"{'据报道' if self.by_report else ''}第{self.rank}名{tie}"

    @property
    def title(self) -> str:
        place = f"，{self.place}" if self.place else ""
        return f"{self.month.label}：{self.words.words}{place}"


@dataclass(frozen=True, slots=True)
class YearFact:
    """A year: its months on record, and its flower."""

    year: int
    months: tuple[MonthFact, ...]
    petals: tuple[lotus.Drawn, ...]
    counts: tuple[tuple[StateWords, int], ...]

    @property
    def summary(self) -> str:
        """已核实第一3个月，据报道第一，未核实9个月 and so on, for those who do not see it."""
        return "；".join(f"{words.words}：{count}个月" for words, count in self.counts)


@dataclass(frozen=True, slots=True)
class Report:
    """By whose word alone months count as reported first: 株洲当地报纸2019年9月17日报道."""

    words: str
    name: str
    kind: str
    published: dt.date | None
    url: str
    months: tuple[Month, ...]

    @property
    def span(self) -> str:
        return reports.span(self.months[0], self.months[-1])


@dataclass(frozen=True, slots=True)
class ClaimFact:
    """A claim that holds."""

    number: str
    text: str
    proof: str
    proof_words: str
    start: Month
    end: Month
    length: int
    approved: dt.date | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Note:
    """A claim that held once and no longer does, with the dated sentence about it."""

    number: str
    text: str
    status: str
    status_words: str
    note: str


@dataclass(frozen=True, slots=True)
class BoardHonours:
    """A board's part of the page. ``runs`` are the current and the longest, once if the same."""

    board: Board
    as_of: Month | None
    current: RunWords | None
    longest: RunWords | None
    reports: tuple[Report, ...]
    years: tuple[YearFact, ...]
    counts: tuple[tuple[StateWords, int], ...]
    earlier_boards: tuple[Board, ...]
    claims: tuple[ClaimFact, ...]
    notes: tuple[Note, ...]

    @property
    def months(self) -> tuple[MonthFact, ...]:
        return tuple(month for year in self.years for month in year.months)

    @property
    def runs(self) -> tuple[RunWords, ...]:
        """Runs that say something, the current one first."""
        found = [run for run in (self.current, self.longest) if run is not None]
        if len(found) == 2 and found[0].run == found[1].run:
            found.pop()
        return tuple(run for run in found if run.sentence.proof != sentences.Proof.NONE)

    @property
    def proved_months(self) -> int:
        return sum(month.proved for month in self.months)

    @property
    def changed(self) -> dt.date | None:
        return max((month.changed for month in self.months if month.changed), default=None)


@dataclass(frozen=True, slots=True)
class Honours:
    """Everything on the page."""

    account: Account
    boards: tuple[BoardHonours, ...]

    @property
    def changed(self) -> dt.date | None:
        """The day of the newest change among the months."""
        return max((each.changed for each in self.boards if each.changed), default=None)


def honours_of(account: Account, boards: Iterable[Board]) -> Honours:
    """The honours of ``account`` on ``boards``, in their order.

    A fixed number of queries for each board, however many months, accounts and claims there are;
    boards that are not monthly have no streaks and are left out.
    """
    return Honours(account, tuple(_board(account, board) for board in boards if board.is_monthly))


def pages_for(board: Board) -> QuerySet[HonoursPage]:
    """The live pages that show months of ``board``, itself or as the past of a later board."""
    links = BoardLink.objects.filter(status=LinkStatus.CONFIRMED)
    shown_by = lineage.continued_by([board.pk], links)
    return HonoursPage.objects.live().filter(honoured_boards__board__in=shown_by).distinct()


def web_address(url: str) -> str:
    """``url`` where it is an address of the web, else nothing: imported text is not trusted."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return parts.geturl() if parts.scheme in WEB_SCHEMES and parts.hostname else ""


def _board(account: Account, board: Board) -> BoardHonours:
    line = queries.lineage_of(board)
    record = queries.month_record(board, line)
    report = reports.account_report(board, account, line=line, record=record)
    lost = [cell.month.index for cell in report.cells if cell.state == streaks.NOT_FIRST]
    leaders = _leaders(line, lost)
    months = [_month(cell, line, leaders.get(cell.month.index, [])) for cell in report.cells]
    claims, notes = _claims(account, board)
    return BoardHonours(
        board,
        report.as_of,
        report.current,
        report.longest,
        _reports(report.cells),
        _years(months),
        report.counts,
        tuple(each for each in line.boards if each.pk != board.pk),
        claims,
        notes,
    )


def _leaders(line: lineage.Lineage, months: Sequence[int]) -> dict[int, list[Observation]]:
    """Confirmed first places of anybody in ``months``: what a lost month may rest on."""
    rows = (
        Observation.objects.in_force()
        .filter(
            queries.in_lineage(line),
            month__gte=min(months, default=0),
            month__lte=max(months, default=0),
            rank=1,
            status=Status.CONFIRMED,
        )
        .exclude(source_kind=SourceKind.SELF)
        .select_related("capture")
        .order_by("month", "pk")
    )
    return {month: list(group) for month, group in groupby(rows, key=lambda row: row.month)}


def _month(
    cell: reports.MonthCell, line: lineage.Lineage, leaders: Sequence[Observation]
) -> MonthFact:
    own = [row for row in cell.observations if row.is_current and row.status in _PUBLIC]
    rows = own or leaders
    index = cell.month.index
    return MonthFact(
        cell.month,
        cell.words,
        cell.place.rank,
        cell.place.tied,
        cell.place.reported,
        str(cell.board),
        tuple(sorted(line.methods.get(index, ()))),
        tuple(_source(row, about_us=bool(own)) for row in rows),
        max((_changed(row) for row in rows), default=None),
        f"{line.board.key}-{cell.month}",
    )


def _source(row: Observation, *, about_us: bool) -> SourceFact:
    return SourceFact(
        row.source_name,
        row.source_kind,
        row.get_source_kind_display(),
        row.published,
        web_address(row.source_url),
        "" if row.capture is None else row.capture.sha256,
        row.standing if about_us or row.state == State.NOT_ISSUED else "第1名是其他账号",
        row.status == Status.CONFIRMED and row.source_kind != SourceKind.SELF,
    )


def _changed(row: Observation) -> dt.date:
    """The day, in Beijing, since which the statement stands as it does."""
    return timezone.localdate(row.confirmed_at or row.recorded_at)


def _reports(cells: Sequence[reports.MonthCell]) -> tuple[Report, ...]:
    """Who says so of the months that count as reported alone, the widest report first."""
    found: dict[tuple[str, str, dt.date | None, str], tuple[Observation, list[Month]]] = {}
    for cell in cells:
        if cell.state != streaks.REPORTED:
            continue
        for row in cell.observations:
            if row.is_current and row.status in _PUBLIC and row.rank == 1:
                key = (row.source_kind, row.source_name, row.published, row.source_url)
                months = found.setdefault(key, (row, []))[1]
                if cell.month not in months:
                    months.append(cell.month)
    told = [
        Report(
            reports.source_words(row),
            row.source_name,
            row.source_kind,
            row.published,
            web_address(row.source_url),
            tuple(months),
        )
        for row, months in found.values()
    ]
    return tuple(sorted(told, key=lambda each: (-len(each.months), each.words)))


def _years(months: Sequence[MonthFact]) -> tuple[YearFact, ...]:
    years = []
    for year, group in groupby(months, key=lambda fact: fact.month.year):
        facts = tuple(group)
        letters = [fact.words.letter for fact in facts]
        years.append(
            YearFact(
                year,
                facts,
                lotus.drawn(
                    year,
                    {fact.month: fact.words.letter for fact in facts},
                    {fact.month: (f"#{fact.anchor}", fact.title) for fact in facts},
                ),
                tuple(
                    (words, letters.count(letter))
                    for letter, words in reports.STATE_WORDS.items()
                    if letter in letters
                ),
            )
        )
    return tuple(years)


def _claims(account: Account, board: Board) -> tuple[tuple[ClaimFact, ...], tuple[Note, ...]]:
    """Claims that hold, newest first, and those that held once; two queries.

    A claim taken back before anybody approved it was never said and is not spoken of.
    """
    rows = list(
        Claim.objects.filter(
            account=account,
            board=board,
            status__in=[ClaimStatus.APPROVED, ClaimStatus.REVIEW, ClaimStatus.WITHDRAWN],
        )
    )
    withdrawn = [str(row.pk) for row in rows if row.status == ClaimStatus.WITHDRAWN]
    approved = set(
        AuditEntry.objects.filter(
            action=APPROVED, object_type=Claim._meta.label_lower, object_id__in=withdrawn
        ).values_list("object_id", flat=True)
    )
    holding = tuple(
        ClaimFact(
            row.number,
            row.text,
            row.proof,
            str(row.get_proof_display()),
            row.first_month,
            row.last_month,
            row.length,
            None if row.decided_at is None else timezone.localdate(row.decided_at),
            row.frozen_sha256,
        )
        for row in rows
        if row.holds
    )
    notes = tuple(
        Note(row.number, row.text, row.status, str(row.get_status_display()), public_note(row))
        for row in rows
        if not row.holds and (row.status == ClaimStatus.REVIEW or str(row.pk) in approved)
    )
    return holding, notes
