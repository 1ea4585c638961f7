"""The report of one account on one board."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from .. import charts, queries, sentences, streaks
from ..models import Account, Board, Observation, SourceKind, Status
from ..periods import Month
from .places import STATE_WORDS, Place, StateWords, place_of


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A cell of the strip."""

    month: Month
    words: StateWords
    place: Place
    observations: tuple[Observation, ...]
    waiting: int
    evidenced: bool

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
    chart: charts.RankChart | None = None
    counts: tuple[tuple[StateWords, int], ...] = field(default_factory=tuple)
    waiting: int = 0

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


def account_report(board: Board, account: Account) -> AccountReport:
    """The report of ``account`` on ``board``; empty for a board without monthly records.

    Four queries or fewer: the board's statements, the account's own, and the sources of each
    sentence that rests on reports.
    """
    if not board.is_monthly:
        return AccountReport(board, account)
    record = queries.month_record(board)
    states = queries.month_states(board, account, record=record)
    if not states:
        return AccountReport(board, account)
    cells = tuple(cell_of(state) for state in states)
    standing = queries.board_standings(board, account=account, record=record)
    [row] = standing.accounts
    current = RunWords(row.current, queries.run_sentence(board, account, row.current))
    longest = (
        current
        if row.longest == row.current
        else RunWords(row.longest, queries.run_sentence(board, account, row.longest))
    )
    latest = next((cell for cell in cells if cell.month == standing.as_of), None)
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
        chart=charts.rank_chart([_chart_month(cell) for cell in cells]),
        counts=tuple(
            (words, letters.count(letter))
            for letter, words in STATE_WORDS.items()
            if letter in letters
        ),
        waiting=sum(cell.waiting for cell in cells),
    )


def cell_of(state: queries.MonthState) -> MonthCell:
    rows = state.observations
    return MonthCell(
        state.month,
        STATE_WORDS[state.state],
        place_of(state.state, [row for row in rows if row.account_id is not None]),
        tuple(rows),
        sum(row.status == Status.PROPOSED for row in rows),
        any(row.capture_id is not None for row in rows),
    )


def _years(cells: Sequence[MonthCell]) -> tuple[Year, ...]:
    years = []
    for year, group in groupby(cells, key=lambda cell: cell.month.year):
        by_month = {cell.month.month: cell for cell in group}
        years.append(Year(year, tuple(by_month.get(month) for month in range(1, 13))))
    return tuple(years)


def _chart_month(cell: MonthCell) -> charts.ChartMonth:
    title = cell.title
    if cell.place.rank is not None and cell.state not in (streaks.NOT_FIRST, streaks.UNKNOWN):
        title = f"{cell.month.label}：{cell.place.words}，{cell.words.words}"
    return charts.ChartMonth(
        cell.month,
        cell.place.rank,
        cell.place.tied,
        cell.place.reported,
        cell.mark if cell.place.rank is None else "",
        title,
    )


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
