"""Questions that join the database to the rules: standings, month states, sentences."""

from collections.abc import Iterable
from dataclasses import dataclass

from . import sentences, streaks
from .models import Account, Board, Observation, SourceKind, State, Status
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


def month_record(board: Board) -> streaks.Record:
    """The resolved month states of a board; one query, rows of whole months in force only."""
    rows = (
        Observation.objects.in_force()
        .filter(board=board, month__isnull=False)
        .order_by()
        .values_list(*_STATEMENT_FIELDS)
    )
    return streaks.resolve(rows.iterator(chunk_size=10_000))


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
) -> BoardStandings:
    """The streaks of ``account``, or of every account with a statement on the board.

    Sorted by longest proved, then longest possible, then name. ``record`` spares the query when
    the caller has resolved the board already.
    """
    record = record or month_record(board)
    wanted = None if account is None else [account.pk]
    result = streaks.standings(record, wanted, as_of)
    if account is not None:
        accounts: Iterable[Account] = [account]
    else:
        # By number of the board, not by a list of ids: 3,000 parameters are too many for some.
        accounts = Account.objects.filter(
            pk__in=Observation.objects.in_force()
            .filter(board=board, month__isnull=False, account__isnull=False)
            .order_by()
            .values("account")
        )
    rows = [
        AccountStreaks(row, *result.streaks[row.pk]) for row in accounts if row.pk in result.streaks
    ]
    rows.sort(
        key=lambda row: (
            -row.longest.proved,
            -row.longest.possible,
            row.account.name,
            row.account.key,
        )
    )
    return BoardStandings(board, result.as_of, rows)


@dataclass(frozen=True, slots=True)
class MonthState:
    """A cell of the month strip: ``state`` is one of ``F T N S R ? D``."""

    month: Month
    state: str
    observations: list[Observation]


def month_states(
    board: Board, account: Account, *, record: streaks.Record | None = None
) -> list[MonthState]:
    """Every month from the board's first to its last, with the statements behind the state.

    The statements are those about the account itself and those that the board was not issued,
    proposals included: a screen shows what waits.
    """
    record = record or month_record(board)
    if not record.months:
        return []
    rows: dict[int, list[Observation]] = {}
    about = Observation.objects.current().filter(board=board, month__isnull=False)
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
    standing = board_standings(board, account=account, as_of=as_of)
    [row] = standing.accounts
    runs = [row.current] if as_of is not None else [row.current, row.longest]
    for run in runs:
        if sentences.proof_of(run) == sentences.Proof.NONE:
            continue
        return run_sentence(board, account, run)
    raise NoRecord(
        f"《{board}》没有“{account}”列第一的记录，请先录入或导入名次，或换一个榜单或公众号。"
    )


def run_sentence(board: Board, account: Account, run: streaks.Run) -> sentences.Sentence:
    """The sentence about one run; a query more when months of it are only reported."""
    return sentences.streak_sentence(
        run,
        board=str(board),
        publisher=board.publisher,
        account=account.name,
        scope=board.scope,
        sources=_report_sources(board, account, run) if run.reported else (),
    )


def streak_sentence(board: Board, account: Account, as_of: Month | None = None) -> str:
    """The text of ``streak_claim``."""
    return streak_claim(board, account, as_of).text


def _report_sources(board: Board, account: Account, run: streaks.Run) -> list[str]:
    """The sources by whose word alone months of ``run`` count, earliest first, with dates."""
    rows = (
        Observation.objects.in_force()
        .filter(
            board=board,
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
