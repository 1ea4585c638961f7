"""Questions that join the database to the rules: standings, month states, sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from . import lineage, sentences, streak_sql, streaks
from .lineage import Lineage
from .models import Account, Board, BoardLink, LinkStatus, Observation, SourceKind, State, Status
from .periods import Month

_STATEMENT_FIELDS = (
    "month",
    "account_id",
    "state",
    "rank",
    "tied",
    "status",
    "source_kind",
    "edition",
)


class NoRecord(LookupError):
    """Nothing on record can be said; the message is a Chinese sentence that says what to do."""


def lineage_of(board: Board, *, also: Iterable[BoardLink] = ()) -> Lineage:
    """Which months of which boards are the record of ``board``, and where its series breaks.

    Two queries, the second one jumping from month to month. A board that is not monthly is its own
    record and never another one's. ``also`` are links to be taken as if they were in force.
    """
    links: list[BoardLink] = []
    if board.is_monthly:
        links = list(
            BoardLink.objects.filter(status=LinkStatus.CONFIRMED).select_related("earlier", "later")
        )
        links += also
    segments = lineage.segments_of(board, links)
    return lineage.build(board, segments, links, streak_sql.named_months(segments))


def month_record(board: Board, line: Lineage | None = None) -> streaks.Record:
    """The resolved month states of a board's record; rows of whole months in force only.

    ``line`` spares the queries of ``lineage_of``.
    """
    line = line or lineage_of(board)
    rows = (
        Observation.objects.in_force()
        .filter(in_lineage(line), month__isnull=False)
        .order_by()
        .values_list(*_STATEMENT_FIELDS)
    )
    return streaks.resolve(rows.iterator(chunk_size=10_000), line.cuts)


def in_lineage(line: Lineage) -> Q:
    """The condition on observations of whole months to be part of the record."""
    condition = Q()
    for segment in line.segments:
        part = Q(board=segment.board)
        if segment.first > lineage.EARLIEST:
            part &= Q(month__gte=segment.first)
        if segment.last < lineage.LATEST:
            part &= Q(month__lte=segment.last)
        condition |= part
    return condition


@dataclass(frozen=True, slots=True)
class AccountStreaks:
    """An account with its streaks on a board."""

    account: Account
    current: streaks.Run
    longest: streaks.Run


@dataclass(frozen=True, slots=True)
class BoardStandings:
    """``as_of`` is the month at which the current runs end, None for a board without months."""

    board: Board
    as_of: Month | None
    accounts: list[AccountStreaks]


def board_standings(
    board: Board,
    *,
    account: Account | None = None,
    as_of: Month | None = None,
    record: streaks.Record | None = None,
    line: Lineage | None = None,
) -> BoardStandings:
    """The streaks of ``account``, or of every account with a statement on the board's record.

    Sorted by longest proved, then longest possible, then name. The database computes them in one
    query; where the caller has resolved the board already, ``record`` answers. ``line`` spares the
    queries of ``lineage_of``.
    """
    line = line or lineage_of(board)
    if record is not None:
        wanted = None if account is None else [account.pk]
        result = streaks.standings(record, wanted, as_of)
    else:
        result = streak_sql.standings(line, None if account is None else account.pk, as_of)
    accounts = [account] if account is not None else _accounts_on(line)
    rows = [AccountStreaks(row, *streak_sql.streaks_of(result, row.pk)) for row in accounts]
    rows.sort(
        key=lambda row: (
            -row.longest.proved,
            -row.longest.possible,
            row.account.name,
            row.account.key,
        )
    )
    return BoardStandings(board, result.as_of, rows)


def _accounts_on(line: Lineage) -> Iterable[Account]:
    """Accounts with a statement in force on the record, in one query."""
    return Account.objects.filter(pk__in=streak_sql.AccountsOn(line.segments)).order_by()


@dataclass(frozen=True, slots=True)
class MonthState:
    """A cell of the month strip: ``state`` is one of ``F T N S R ? D``."""

    month: Month
    state: str
    observations: list[Observation]


def month_states(
    board: Board,
    account: Account,
    *,
    record: streaks.Record | None = None,
    line: Lineage | None = None,
) -> list[MonthState]:
    """Every month of the board's record from first to last, with the statements behind the state.

    The statements are those about the account itself and those that the board was not issued,
    proposals included: a screen shows what waits.
    """
    line = line or lineage_of(board)
    record = record or month_record(board, line)
    if not record.months:
        return []
    rows: dict[int, list[Observation]] = {}
    about = Observation.objects.current().filter(in_lineage(line), month__isnull=False)
    for observation in (
        about.filter(account=account) | about.filter(state=State.NOT_ISSUED)
    ).select_related("capture"):
        rows.setdefault(observation.month, []).append(observation)
    return [
        MonthState(Month.from_index(index), state, rows.get(index, []))
        for index, state in enumerate(record.states(account.pk), start=record.first)
    ]


def streak_claim(board: Board, account: Account, as_of: Month | None = None) -> sentences.Sentence:
    """The sentence about the account's streak on the board, and how far it is proved.

    The current streak; without ``as_of`` the longest where the current one says nothing. Raises
    ``NoRecord`` when neither says anything or the board is not monthly.
    """
    if not board.is_monthly:
        raise NoRecord(f"《{board}》不是月榜，连续榜首只按月计算，请换一个月榜。")
    line = lineage_of(board)
    standing = board_standings(board, account=account, as_of=as_of, line=line)
    [row] = standing.accounts
    runs = [row.current] if as_of is not None else [row.current, row.longest]
    for run in runs:
        if sentences.proof_of(run) == sentences.Proof.NONE:
            continue
        return run_sentence(board, account, run, line=line)
    raise NoRecord(
        f"《{board}》没有“{account}”列第一的记录，请先录入或导入名次，或换一个榜单或公众号。"
    )


def run_sentence(
    board: Board, account: Account, run: streaks.Run, *, line: Lineage | None = None
) -> sentences.Sentence:
    """The sentence about one run; a query more when months of it are only reported.

    ``line`` spares the queries of ``lineage_of``, which tells what the run crosses.
    """
    line = line or lineage_of(board)
    return sentences.streak_sentence(
        run,
        board=str(board),
        publisher=board.publisher,
        account=account.name,
        scope=board.scope,
        sources=_report_sources(line, account, run) if run.reported else (),
        changes=line.changes,
    )


def streak_sentence(board: Board, account: Account, as_of: Month | None = None) -> str:
    """The text of ``streak_claim``."""
    return streak_claim(board, account, as_of).text


def _report_sources(line: Lineage, account: Account, run: streaks.Run) -> list[str]:
    """The sources by whose word alone months of ``run`` count, earliest first, with dates."""
    rows = (
        Observation.objects.in_force()
        .filter(
            in_lineage(line),
            account=account,
            rank=1,
            month__gte=run.start.index,
            month__lte=run.end.index,
        )
        .order_by("published", "source_name")
        .values_list("source_name", "source_kind", "published", "status")
        .distinct()
    )
    named = []
    for name, kind, published, status in rows:
        if status == Status.CONFIRMED and kind != SourceKind.SELF:
            continue
        date = f"{published.year}年{published.month}月{published.day}日" if published else ""
        own = "（自述）" if kind == SourceKind.SELF else ""
        if name:
            named.append(f"{name}{date}{own}")
    return named
