"""What the report screens show, as plain values.

Every function asks a fixed number of queries, however many months or accounts there are.
Nothing here decides what counts as first: that is ``streaks``; here the words are found for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django.db.models import Count, Q

from . import charts, queries, sentences, streaks
from .figures import ABOUT, AT_LEAST, AT_MOST
from .importing.columns import FIGURE_LABELS
from .models import Account, Board, Observation, SourceKind, State, Status
from .periods import Month, Period

_BOUND_SIGNS = {AT_LEAST: "≥", AT_MOST: "≤", ABOUT: "约"}


@dataclass(frozen=True, slots=True)
class StateWords:
    """How a month state is shown: a short mark for cells, words, and a name for its style."""

    letter: str
    mark: str
    words: str
    style: str


# In the order of the legend.
STATE_WORDS = {
    words.letter: words
    for words in (
        StateWords(streaks.FIRST, "1", "已核实第一", "first"),
        StateWords(streaks.TIED, "并", "已核实并列第一", "tied"),
        StateWords(streaks.REPORTED, "报", "据报道第一，未核实", "reported"),
        StateWords(streaks.DISPUTED, "争", "来源有分歧，尚无定论", "disputed"),
        StateWords(streaks.UNKNOWN, "?", "没有可用的资料", "unknown"),
        StateWords(streaks.SUSPENDED, "停", "榜单停发，不计入", "suspended"),
        StateWords(streaks.NOT_FIRST, "×", "已核实不是第一", "lost"),
    )
}


def figure_text(figure: Mapping[str, Any] | None) -> str:
    """A stored figure as people read it: ``≥100,001``, ``约3,000``; empty for none."""
    if not figure or figure.get("value") is None:
        return ""
    value = figure["value"]
    number = f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
    return f"{_BOUND_SIGNS.get(figure.get('bound', ''), '')}{number}"


# --- one account's place in one month ----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """The place of an account in a month as far as it is known.

    ``rank`` None: not known or contested. ``reported`` says that only a report, or the account
    itself, gives the rank. ``source`` is the statement it rests on.
    """

    rank: int | None = None
    tied: bool = False
    reported: bool = False
    source: Observation | None = None

    @property
    def words(self) -> str:
        """第3名, 第1名（并列）, or nothing."""
        if self.rank is None:
            return ""
        return f"第{self.rank}名（并列）" if self.tied else f"第{self.rank}名"


def place_of(state: str, observations: Iterable[Observation]) -> Place:
    """The place that the weightiest statements about an account and month agree on.

    ``state`` is the month's state letter. Proposals and superseded versions count for nothing;
    where sources contradict each other, or a place contradicts the state, no place is shown.
    """
    weighty: dict[int, list[Observation]] = {}
    reports: list[Observation] = []
    for row in observations:
        if not row.is_current or row.status == Status.PROPOSED or row.rank is None:
            continue
        if row.status == Status.CONFIRMED and row.source_kind != SourceKind.SELF:
            weight = 2 * streaks.SOURCE_WEIGHT[row.source_kind] + (row.edition == "final")
            weighty.setdefault(weight, []).append(row)
        else:
            reports.append(row)
    if state in (streaks.SUSPENDED, streaks.DISPUTED):
        return Place()
    if weighty:
        place = _agreed(weighty[max(weighty)], reported=False)
    else:
        place = _agreed(reports, reported=True)
    contradicts = state == streaks.NOT_FIRST and place.rank == 1
    return Place() if contradicts else place


def _agreed(rows: Sequence[Observation], *, reported: bool) -> Place:
    ranks = {row.rank for row in rows}
    if len(ranks) != 1:
        return Place()
    tied = any(row.tied for row in rows)
    # A row with evidence says more than one without.
    source = min(rows, key=lambda row: (row.capture_id is None, row.pk))
    return Place(ranks.pop(), tied, reported, source)


# --- the report of one account on one board ----------------------------------------------------


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
    cells = tuple(_cell(state) for state in states)
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


def _cell(state: queries.MonthState) -> MonthCell:
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


# --- one month of a board ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Movement:
    """Against the month before: ``step`` places up (positive) or down, None when unknown."""

    step: int | None = None
    words: str = ""

    @property
    def style(self) -> str:
        if not self.step:
            return "level"
        return "up" if self.step > 0 else "down"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One account in the month's table."""

    account: Account
    place: Place
    state: str
    movement: Movement
    figures: tuple[tuple[str, str], ...]
    row: Observation
    waiting: bool

    @property
    def confirmed(self) -> bool:
        return self.place.rank is not None and not self.place.reported

    @property
    def disputed(self) -> bool:
        return self.state == streaks.DISPUTED


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A month of a board; ``compared_with`` is the month that movement is measured against."""

    board: Board
    month: Month | None
    previous: Month | None = None
    next: Month | None = None
    compared_with: Month | None = None
    rows: tuple[TableRow, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    not_issued: bool = False
    contested: bool = False
    sources: tuple[Observation, ...] = ()


def month_table(board: Board, month: Month | None = None) -> MonthTable:
    """The table of ``month``, by default of the last month with a list. Three queries."""
    recorded: dict[int, bool] = {}
    about = Observation.objects.current().filter(board=board, month__isnull=False)
    for index, state in about.order_by().values_list("month", "state").distinct():
        recorded[index] = recorded.get(index, False) or state != State.NOT_ISSUED
    issued = [index for index, listed in recorded.items() if listed]
    if month is None:
        if not recorded:
            return MonthTable(board, None)
        month = Month.from_index(max(issued or recorded))
    before = max((index for index in issued if index < month.index), default=None)
    # Movement is told only against the list right before; suspended months do not come between.
    comparable = before is not None and all(
        index in recorded for index in range(before + 1, month.index)
    )
    wanted = [month.index] + ([before] if comparable else [])
    by_month: dict[int, list[Observation]] = {month.index: []}
    for row in about.filter(month__in=wanted).select_related("account", "capture"):
        by_month.setdefault(row.month, []).append(row)
    rows = by_month[month.index]
    states = _states(rows, month.index)
    earlier = by_month.get(before, []) if comparable else []
    places_before = (
        _places(_by_account(earlier), _states(earlier, before)) if before is not None else {}
    )
    absent_before = {
        row.account_id
        for row in earlier
        if row.state == State.ABSENT and row.status == Status.CONFIRMED
    }
    result = []
    statements = _by_account(rows)
    for account_id, place in _places(statements, states).items():
        own = statements[account_id]
        shown = place.source or own[0]
        result.append(
            TableRow(
                shown.account,
                place,
                states.of.get(account_id, states.others),
                _movement(
                    place, places_before.get(account_id), account_id in absent_before, comparable
                ),
                tuple((key, figure_text(shown.figures.get(key))) for key in FIGURE_LABELS),
                shown,
                any(row.status == Status.PROPOSED for row in own),
            )
        )
    result.sort(key=lambda row: (row.place.rank is None, row.place.rank or 0, row.account.name))
    used = {key for row in result for key, text in row.figures if text}
    first_claims = [row for row in result if row.state == streaks.DISPUTED and row.row.rank == 1]
    months = sorted(recorded)
    return MonthTable(
        board,
        month,
        previous=_neighbour(months, month, before=True),
        next=_neighbour(months, month, before=False),
        compared_with=Month.from_index(before) if comparable else None,
        rows=tuple(
            replace(row, figures=tuple(each for each in row.figures if each[0] in used))
            for row in result
        ),
        figures=tuple((key, label) for key, label in FIGURE_LABELS.items() if key in used),
        not_issued=states.suspended,
        contested=len(first_claims) > 1,
        sources=_sources(rows),
    )


def _neighbour(months: Sequence[int], month: Month, *, before: bool) -> Month | None:
    if before:
        found = max((index for index in months if index < month.index), default=None)
    else:
        found = min((index for index in months if index > month.index), default=None)
    return None if found is None else Month.from_index(found)


def _states(rows: Iterable[Observation], index: int) -> streaks.MonthStates:
    record = streaks.resolve(
        streaks.Statement(
            row.month,
            row.account_id,
            row.state,
            row.rank,
            row.tied,
            row.status,
            row.source_kind,
            row.edition,
        )
        for row in rows
    )
    return record.months.get(index) or streaks.MonthStates()


def _by_account(rows: Iterable[Observation]) -> dict[int, list[Observation]]:
    statements: dict[int, list[Observation]] = {}
    for row in rows:
        if row.account_id is not None:
            statements.setdefault(row.account_id, []).append(row)
    return statements


def _places(
    statements: Mapping[int, Sequence[Observation]], states: streaks.MonthStates
) -> dict[int, Place]:
    return {
        account: place_of(states.of.get(account, states.others), rows)
        for account, rows in statements.items()
    }


def _movement(place: Place, before: Place | None, was_absent: bool, comparable: bool) -> Movement:
    """A reported place is never set against a confirmed one."""
    if place.rank is None or not comparable:
        return Movement()
    if before is None or before.rank is None:
        return Movement(words="新上榜") if was_absent else Movement()
    if before.reported != place.reported:
        return Movement()
    step = before.rank - place.rank
    if not step:
        return Movement(0, "持平")
    return Movement(step, f"升{step}位" if step > 0 else f"降{-step}位")


def _sources(rows: Iterable[Observation]) -> tuple[Observation, ...]:
    """One row for each source of the month."""
    found: dict[tuple[Any, ...], Observation] = {}
    for row in rows:
        found.setdefault(
            (row.source_kind, row.source_name, row.source_url, row.status, row.capture_id), row
        )
    return tuple(found.values())


# --- one account in one month ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MonthDetail:
    """Every statement about an account in a month, all versions, newest first."""

    board: Board
    account: Account
    month: Month
    cell: MonthCell
    observations: tuple[Observation, ...]
    firsts: tuple[Account, ...]

    @property
    def explanation(self) -> str:
        return state_explanation(self.cell.state)


_EXPLANATIONS = {
    streaks.FIRST: "有已核实的来源说明本月单独列第一，没有同级来源反对。计入已核实的连续月数。",
    streaks.TIED: "有已核实的来源说明本月并列第一。计入连续月数，并列的月数另外注明。",
    streaks.NOT_FIRST: "已核实的来源说明本月第一不是它，连续到此中断。",
    streaks.SUSPENDED: "有已核实的来源说明本月榜单没有发布。既不计入，也不中断。",
    streaks.REPORTED: (
        "只有报道或自述说本月列第一，没有核实到榜单原件。不计入已核实的月数，只算“最多可能”。"
    ),
    streaks.UNKNOWN: "没有能说明本月名次的资料。已核实的连续到此断开，补齐证据后会接上。",
    streaks.DISPUTED: "同一级别的来源互相矛盾，查清之前不算数，只算“最多可能”。",
}


def state_explanation(state: str) -> str:
    """What a month state does to a streak, for people."""
    return _EXPLANATIONS[state]


def month_detail(board: Board, account: Account, month: Month) -> MonthDetail:
    """Two queries: the month's statements in force, and all versions about the account."""
    in_month = Observation.objects.filter(board=board, month=month.index)
    rows = list(in_month.current().select_related("account", "capture"))
    states = _states(rows, month.index)
    own = in_month.filter(Q(account=account) | Q(state=State.NOT_ISSUED))
    versions = own.select_related("account", "capture", "recorded_by", "confirmed_by").order_by(
        "-is_current", "source_kind", "source_name", "edition", "-version", "-pk"
    )
    state = states.of.get(account.pk, states.others)
    about = [row for row in rows if row.account_id == account.pk or row.state == State.NOT_ISSUED]
    firsts = {
        row.account_id: row.account
        for row in rows
        if row.account_id not in (None, account.pk)
        and states.of.get(row.account_id, states.others) in (streaks.FIRST, streaks.TIED)
    }
    return MonthDetail(
        board,
        account,
        month,
        _cell(queries.MonthState(month, state, about)),
        tuple(versions),
        tuple(firsts.values()),
    )


# --- evidence and statements -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StatementCard:
    """One version of a statement with its figures in words."""

    row: Observation
    figures: tuple[tuple[str, str, str], ...]

    @property
    def style(self) -> str:
        """proved, reported, waiting or old: a report never looks like proof."""
        if not self.row.is_current:
            return "old"
        if self.row.status == Status.PROPOSED:
            return "waiting"
        if self.row.status == Status.CONFIRMED and self.row.source_kind != SourceKind.SELF:
            return "proved"
        return "reported"


def statement_card(row: Observation) -> StatementCard:
    """``figures`` are (label, text, as printed)."""
    figures = tuple(
        (label, figure_text(figure), _as_printed(figure))
        for key, label in FIGURE_LABELS.items()
        if (figure := row.figures.get(key))
    )
    return StatementCard(row, figures)


def _as_printed(figure: Mapping[str, Any]) -> str:
    """The printed text where it says more than the number."""
    raw = str(figure.get("raw") or "")
    return "" if raw.replace(",", "") == str(figure.get("value")) else raw


@dataclass(frozen=True, slots=True)
class EvidenceUse:
    """A period of a board in which statements rest on one capture."""

    board: Board
    label: str
    month: Month | None
    rows: int


def evidence_uses(capture: int) -> list[EvidenceUse]:
    """Where a capture is used, newest period first; two queries."""
    groups = list(
        Observation.objects.current()
        .filter(capture=capture)
        .values("board_id", "start", "end")
        .annotate(rows=Count("pk"))
        .order_by("-start", "board_id")
    )
    boards = Board.objects.in_bulk({group["board_id"] for group in groups})
    uses = []
    for group in groups:
        period = Period(group["start"], group["end"])
        uses.append(
            EvidenceUse(boards[group["board_id"]], period.label, period.month, group["rows"])
        )
    return uses
