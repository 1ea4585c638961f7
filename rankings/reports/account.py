"""The report of one account on one board."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from django.urls import reverse

from .. import charts, queries, sentences, streaks
from ..lineage import Lineage
from ..models import Account, Board, Observation, SourceKind, State, Status
from ..periods import Month
from .places import STATE_WORDS, Place, StateWords, figure_text, place_of

_COUNTED = frozenset({Status.CONFIRMED, Status.REPORTED})


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A cell of the strip."""

    month: Month
    words: StateWords
    place: Place
    observations: tuple[Observation, ...]
    waiting: int
    evidenced: bool
    # The board that holds the month: an earlier one of the lineage may.
    board: Board

    @property
    def state(self) -> str:
        return self.words.letter

    @property
    def mark(self) -> str:
        """What stands in the cell: the place where the month is lost and the place is known."""
        if self.state == streaks.NOT_FIRST and self.place.rank is not None:
            return str(self.place.rank)
        return self.words.mark

    @property
    def index(self) -> str:
        """The printed index as people read it; empty without one."""
        source = self.place.source
        return "" if source is None else figure_text(source.figures.get("index"))

    @property
    def method(self) -> str:
        return "" if self.place.source is None else self.place.source.method

    @property
    def title(self) -> str:
        """The cell in words, for the mouse and for screen readers."""
        text = f"{self.month.label}：{self.words.words}"
        if self.place.rank is not None and self.state == streaks.NOT_FIRST:
            text += f"，{self.place.words}"
        elif self.place.rank is not None and self.state == streaks.UNKNOWN:
            text += f"，据报道{self.place.words}"
        if self.evidenced:
            text += "，有存证"
        if self.waiting:
            text += f"，有{self.waiting}条待复核"
        return text


@dataclass(frozen=True, slots=True)
class Year:
    """A row of the strip: twelve cells, None outside the record."""

    year: int
    cells: tuple[MonthCell | None, ...]


@dataclass(frozen=True, slots=True)
class RunWords:
    """A streak with the sentence about it."""

    run: streaks.Run
    sentence: sentences.Sentence

    @property
    def proved_span(self) -> str:
        return span(self.run.proved_from, self.run.proved_to)

    @property
    def possible_span(self) -> str:
        return span(self.run.start, self.run.end)


@dataclass(frozen=True, slots=True)
class AccountReport:
    """Everything the report screen shows of an account on a monthly board."""

    board: Board
    account: Account
    as_of: Month | None = None
    latest: MonthCell | None = None
    latest_sentence: str = ""
    current: RunWords | None = None
    longest: RunWords | None = None
    cells: tuple[MonthCell, ...] = ()
    years: tuple[Year, ...] = ()
    chart_months: tuple[charts.ChartMonth, ...] = ()
    chart: charts.RankChart | None = None
    counts: tuple[tuple[StateWords, int], ...] = field(default_factory=tuple)
    waiting: int = 0

    @property
    def has_index(self) -> bool:
        return any(cell.index for cell in self.cells)

    @property
    def one_run(self) -> bool:
        """Whether the current run is also the longest."""
        return self.current is not None and self.current.run == self.longest.run


def span(start: Month | None, end: Month | None) -> str:
    """2017年9月至2019年8月, one month alone, or nothing."""
    if start is None or end is None:
        return ""
    return start.label if start == end else f"{start.label}至{end.label}"


def our_account() -> Account | None:
    return Account.objects.filter(is_ours=True).first()


def boards_of(account: Account | None) -> list[Board]:
    """Every board, those with records of ``account`` first, real ones before examples."""
    recorded = set()
    if account is not None:
        recorded = set(
            Observation.objects.in_force()
            .filter(account=account)
            .order_by()
            .values_list("board_id", flat=True)
            .distinct()
        )
    boards = list(Board.objects.all())
    boards.sort(key=lambda board: (board.pk not in recorded, not board.is_monthly))
    return boards


def accounts_on(board: Board, limit: int) -> list[Account]:
    """Accounts with a statement on the board, by name, at most ``limit``."""
    on_board = (
        Observation.objects.current()
        .filter(board=board, account__isnull=False)
        .order_by()
        .values("account")
    )
    return list(Account.objects.filter(pk__in=on_board)[:limit])


def account_report(
    board: Board,
    account: Account,
    *,
    as_of: Month | None = None,
    line: Lineage | None = None,
    record: streaks.Record | None = None,
) -> AccountReport:
    """The report of ``account`` on ``board``; empty for a board without monthly records.

    ``as_of`` ends it at an earlier month, as if the later ones were not out yet. ``line`` and
    ``record`` spare their queries. Without them a fixed number: the lineage, the statements on it,
    the account's own, and the sources of each sentence that rests on reports.
    """
    if not board.is_monthly:
        return AccountReport(board, account)
    line = line or queries.lineage_of(board)
    record = record or queries.month_record(board, line)
    if as_of is not None:
        record = record_until(record, as_of)
    states = queries.month_states(board, account, record=record, line=line)
    if not states:
        return AccountReport(board, account)
    cells = tuple(cell_of(state, line.board_of(state.month.index)) for state in states)
    standing = queries.board_standings(board, account=account, record=record, line=line)
    [row] = standing.accounts
    current = RunWords(row.current, queries.run_sentence(board, account, row.current, line=line))
    longest = (
        current
        if row.longest == row.current
        else RunWords(row.longest, queries.run_sentence(board, account, row.longest, line=line))
    )
    latest = next((cell for cell in cells if cell.month == standing.as_of), None)
    chart_months = tuple(chart_month(cell, account) for cell in cells)
    letters = [cell.state for cell in cells]
    return AccountReport(
        board,
        account,
        as_of=standing.as_of,
        latest=latest,
        latest_sentence="" if latest is None else latest_sentence(latest, account.name),
        current=current,
        longest=longest,
        cells=cells,
        years=_years(cells),
        chart_months=chart_months,
        chart=charts.rank_chart(chart_months, breaks_of(line)),
        counts=tuple(
            (words, letters.count(letter))
            for letter, words in STATE_WORDS.items()
            if letter in letters
        ),
        waiting=sum(cell.waiting for cell in cells),
    )


def record_until(record: streaks.Record, last: Month) -> streaks.Record:
    """``record`` as it was when ``last`` was the newest month."""
    months = {index: states for index, states in record.months.items() if index <= last.index}
    return replace(record, months=months)


def cell_of(state: queries.MonthState, board: Board) -> MonthCell:
    """The cell of a month that ``board`` holds."""
    rows = state.observations
    return MonthCell(
        state.month,
        STATE_WORDS[state.state],
        place_of(state.state, [row for row in rows if row.account_id is not None]),
        tuple(rows),
        sum(row.status == Status.PROPOSED for row in rows),
        any(row.capture_id is not None for row in rows),
        board,
    )


def _years(cells: Sequence[MonthCell]) -> tuple[Year, ...]:
    years = []
    for year, group in groupby(cells, key=lambda cell: cell.month.year):
        by_month = {cell.month.month: cell for cell in group}
        years.append(Year(year, tuple(by_month.get(month) for month in range(1, 13))))
    return tuple(years)


def breaks_of(line: Lineage) -> list[charts.MethodBreak]:
    """Changes of method and of name along a lineage; those without a link are cuts."""
    names = [
        charts.MethodBreak(link.since, f"改为《{link.later}》")
        for link in line.links
        if not link.within_board
    ]
    methods = [
        charts.MethodBreak(
            change.since,
            f"方法{change.words}" + ("" if change.link else "（未衔接）"),
            cut=change.link is None,
        )
        for change in line.method_changes
    ]
    return [*names, *methods]


def beyond_of(rows: Iterable[Observation]) -> tuple[int, bool] | None:
    """How many places were printed of a list without the account, and whether by report only.

    None where no statement says so. The longest list tells most.
    """
    found: dict[bool, int] = {}
    for row in rows:
        if row.is_current and row.status in _COUNTED and row.state == State.ABSENT:
            reported = row.status == Status.REPORTED or row.source_kind == SourceKind.SELF
            if row.list_size is not None:
                found[reported] = max(found.get(reported, 0), row.list_size)
    by_report = next((reported for reported in (False, True) if reported in found), None)
    return None if by_report is None else (found[by_report], by_report)


def chart_month(cell: MonthCell, account: Account) -> charts.ChartMonth:
    """The month as the rank chart draws it, with the way to what stands behind it."""
    place, title = cell.place, cell.title
    if place.rank is not None and cell.state not in (streaks.NOT_FIRST, streaks.UNKNOWN):
        title = f"{cell.month.label}：{place.words}，{cell.words.words}"
    beyond, by_report = (None, False)
    if place.rank is None and cell.state in (streaks.NOT_FIRST, streaks.UNKNOWN):
        beyond, by_report = beyond_of(cell.observations) or (None, False)
    if beyond is not None:
        title = f"{cell.month.label}：前{beyond}名以外{'（据报道）' if by_report else ''}"
    return charts.ChartMonth(
        cell.month,
        place.rank,
        place.tied,
        place.reported or by_report,
        cell.mark if place.rank is None else "",
        title,
        beyond,
        month_url(cell.board, account, cell.month),
    )


def month_url(board: Board, account: Account, month: Month) -> str:
    """Where the statements about an account in a month are."""
    return reverse("rankings:month_detail", args=[board.key, account.key, month])


def latest_sentence(cell: MonthCell, account: str) -> str:
    """What is known of the account's place in the month, worded no stronger than it is."""
    when, who, place = cell.month.label, f"“{account}”", cell.place
    if cell.state in (streaks.FIRST, streaks.TIED):
        tie = "并列" if cell.state == streaks.TIED else ""
        return f"{when}，{who}{tie}列第一（已核实）。"
    if cell.state == streaks.DISPUTED:
        return f"{when}，各来源对{who}是否列第一说法不一，尚无定论。"
    if cell.state == streaks.SUSPENDED:
        return f"{when}，榜单停发。"
    if place.rank is not None and place.reported:
        return f"{when}，{who}据{source_words(place.source)}列第{place.rank}名（本系统未核实）。"
    if place.rank is not None:
        tie = "并列" if place.tied else ""
        return f"{when}，{who}{tie}列第{place.rank}名（已核实）。"
    if cell.state == streaks.REPORTED:
        return f"{when}，有报道称{who}列第一（本系统未核实）。"
    if cell.state == streaks.NOT_FIRST:
        return f"{when}，已核实列第一的不是{who}；{who}的名次暂无记录。"
    return f"{when}，暂无{who}的名次资料。"


def source_words(source: Observation | None) -> str:
    """株洲日报2019年9月17日报道, 自述 or 报道."""
    if source is None:
        return "报道"
    if source.source_kind == SourceKind.SELF:
        return f"{source.source_name}自述"
    day = source.published
    date = f"{day.year}年{day.month}月{day.day}日" if day else ""
    return f"{source.source_name}{date}报道"
