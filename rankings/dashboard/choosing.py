"""What the overview is about: board, account, last month, as asked for in the address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .. import queries, reports, streaks
from ..lineage import Lineage
from ..models import Account, Board, Observation, Watch
from ..periods import Month, PeriodError
from ..reports import TableRow
from ..resolve import NotResolved, find_account

MOST_RIVALS = 6
# Shown beside the account when nobody is watched yet.
NEAREST = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says, as typed; ``rivals`` None where it says nothing of them."""

    board: str = ""
    account: str = ""
    month: str = ""
    order: str = ""
    search: str = ""
    rivals: tuple[str, ...] | None = None
    added: str = ""


@dataclass(slots=True)
class Choice:
    """``problems`` are sentences about what could not be found; the rest is as far as it goes.

    ``line`` and ``record`` belong to ``board``; ``accounts`` are those with a statement on it.
    """

    asked: Asked
    ours: Account | None = None
    boards: list[Board] = field(default_factory=list)
    board: Board | None = None
    account: Account | None = None
    as_of: Month | None = None
    line: Lineage | None = None
    record: streaks.Record | None = None
    accounts: list[Account] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    # Says whose place is shown when it is not the one asked for.
    stand_in: str = ""

    @property
    def months(self) -> list[Month]:
        """The months one may end at, newest first."""
        if self.record is None or not self.record.months:
            return []
        return [
            Month.from_index(index)
            for index in range(self.record.last, self.record.first - 1, -1)
            if index in self.record.months and not self.record.months[index].suspended
        ]


def choose(asked: Asked) -> Choice:
    """Resolve what was asked for; without anything our account on its first board."""
    choice = Choice(asked, ours=reports.our_account())
    choice.account = _account(choice)
    choice.boards = reports.boards_of(choice.account or choice.ours)
    choice.board = _board(choice)
    if choice.board is None or not choice.board.is_monthly:
        return choice
    choice.line = queries.lineage_of(choice.board)
    choice.record = queries.month_record(choice.board, choice.line)
    choice.as_of = _as_of(choice)
    if not choice.record.months:
        return choice
    choice.accounts = _accounts_on(choice.line)
    if choice.account is None and choice.ours is None and not choice.problems:
        _put_first(choice, "还没有指定本账号")
    elif (
        choice.board.is_example
        and choice.account is not None
        and choice.account not in choice.accounts
    ):
        _put_first(choice, f"“{choice.account}”不在这个示例榜单上")
    return choice


def _account(choice: Choice) -> Account | None:
    wanted = choice.asked.account
    if not wanted or (choice.ours is not None and wanted == choice.ours.key):
        return choice.ours
    try:
        return find_account(wanted)
    except NotResolved as error:
        choice.problems.append(str(error))
        return None


def _board(choice: Choice) -> Board | None:
    key = choice.asked.board
    if not key:
        return choice.boards[0] if choice.boards else None
    found = next((board for board in choice.boards if board.key == key), None)
    if found is None:
        choice.problems.append(f"没有编号为“{key}”的榜单，请在上面重新选择。")
    return found


def _as_of(choice: Choice) -> Month | None:
    text = choice.asked.month
    if not text or not choice.months:
        return None
    try:
        month = Month.parse(text)
    except PeriodError as error:
        choice.problems.append(str(error))
        return None
    if month not in choice.months:
        choice.problems.append(f"《{choice.board}》没有{month.label}的名次，下面是最近一期。")
        return None
    return None if month == choice.months[0] else month


def _accounts_on(line: Lineage) -> list[Account]:
    on_record = (
        Observation.objects.in_force()
        .filter(queries.in_lineage(line), month__isnull=False, account__isnull=False)
        .order_by()
        .values("account")
    )
    return list(Account.objects.filter(pk__in=on_record))


def _put_first(choice: Choice, why: str) -> None:
    """Show whoever was first in the newest month instead."""
    ending = choice.record.ending(None if choice.as_of is None else choice.as_of.index)
    if ending is None:
        return
    for wanted in (streaks.FIRST + streaks.TIED, streaks.REPORTED):
        for account in choice.accounts:
            if choice.record.state(account.pk, ending) in wanted:
                choice.account = account
                choice.stand_in = f"{why}，下面看的是列第一的“{account}”。"
                return


@dataclass(frozen=True, slots=True)
class Rivals:
    """Who is compared, and a sentence about how they were chosen, if one is needed."""

    accounts: tuple[Account, ...]
    note: str = ""
    problem: str = ""


def rivals(choice: Choice, rows: Sequence[TableRow]) -> Rivals:
    """The accounts for the head-to-head: those asked for, else the watched, else the nearest.

    ``rows`` is the newest list. One query or none, two where a name is added.
    """
    others = {each.key: each for each in choice.accounts if each.pk != choice.account.pk}
    if choice.asked.rivals is not None or choice.asked.added:
        return _asked_for(choice, others)
    watched = [
        watch.account
        for watch in Watch.objects.filter(board__in=choice.line.boards).select_related("account")
    ]
    chosen = [each for each in dict.fromkeys(watched) if each.key in others]
    if chosen:
        more = f"，只画前{MOST_RIVALS}个" if len(chosen) > MOST_RIVALS else ""
        return Rivals(tuple(chosen[:MOST_RIVALS]), f"比的是“关注”里设好的公众号{more}。")
    nearest = _nearest(choice, rows)
    return Rivals(tuple(nearest), "还没有设关注，先比最近一期名次紧邻的公众号。" if nearest else "")


def _asked_for(choice: Choice, others: Mapping[str, Account]) -> Rivals:
    chosen = [others[key] for key in dict.fromkeys(choice.asked.rivals or ()) if key in others]
    problem = ""
    if choice.asked.added:
        try:
            added = find_account(choice.asked.added)
        except NotResolved as error:
            problem = str(error)
        else:
            if added.key not in others:
                problem = f"“{added}”在这个榜单上没有可比的名次，请换一个公众号。"
            elif added not in chosen:
                chosen.append(added)
    if len(chosen) > MOST_RIVALS:
        chosen = chosen[:MOST_RIVALS]
        problem = f"最多同时比{MOST_RIVALS}个公众号，请先去掉一个再添加。"
    return Rivals(tuple(chosen), "", problem)


def _nearest(choice: Choice, rows: Sequence[TableRow]) -> list[Account]:
    """The accounts whose places are closest to the page's account."""
    own = next((row.place.rank for row in rows if row.account.pk == choice.account.pk), None)
    ranked = [
        row for row in rows if row.place.rank is not None and row.account.pk != choice.account.pk
    ]
    ranked.sort(key=lambda row: (abs(row.place.rank - (own or 1)), row.place.rank))
    return [row.account for row in ranked[:NEAREST]]
