"""What one transaction changes in the standings, and who is told of it."""

from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction

from .. import mirror
from ..lineage import continued_by
from ..models import Account, Board, BoardLink, LinkStatus, Observation
from ..periods import Month
from ..signals import standing_changed
from .alerts import Noticing


class Changes:
    """Which standings changed in a transaction, told to others once it is committed."""

    def __init__(self) -> None:
        # board -> account -> months as bits: an import of years touches every one of them.
        self._accounts: dict[int, dict[int | None, int]] = defaultdict(lambda: defaultdict(int))
        self._noticing = Noticing()

    def add(self, row: Observation, *before: Observation | None) -> None:
        """Note a row that is about to count, and those that will no longer do.

        Call it before they are written: what is news is told by the difference.
        """
        self._noticing.look(row.board_id, row.month, row)
        month = 0 if row.month is None else _bit(row.month)
        accounts = self._accounts[row.board_id]
        accounts[row.account_id] |= month
        if any(each is not None and each.rank == 1 for each in (row, *before)):
            accounts[None] |= month

    def announce(self) -> None:
        """Call once all is written: verify what leans on it, raise alerts, tell others on commit.

        ``standing_changed`` is sent once an account.
        """
        from .brief_checks import recheck_briefs
        from .claims import recheck_claims

        if self._accounts:
            recheck_claims(self._accounts, self._months())
            recheck_briefs(self._accounts, self._months())
            self._noticing.tell()
            mirror.standing_changed()
            transaction.on_commit(self._send)

    def _months(self) -> set[int]:
        touched = 0
        for accounts in self._accounts.values():
            for months in accounts.values():
                touched |= months
        return set(_months_in(touched))

    def _spread(self) -> None:
        """What happened to a board happened to the record of every board that continues it."""
        links = list(BoardLink.objects.filter(status=LinkStatus.CONFIRMED))
        for board_id, accounts in list(self._accounts.items()) if links else []:
            for later_id, last in continued_by([board_id], links).items():
                for account_id, months in list(accounts.items()) if later_id != board_id else []:
                    if reached := months & (_bit(last + 1) - 1):
                        self._accounts[later_id][account_id] |= reached

    def _send(self) -> None:
        self._spread()
        for board in Board.objects.filter(pk__in=self._accounts):
            touched = self._accounts[board.pk]
            accounts = Account.objects.in_bulk([pk for pk in touched if pk is not None])
            for account_id, months in touched.items():
                standing_changed.send(
                    sender=Observation,
                    board=board,
                    account=None if account_id is None else accounts[account_id],
                    months=tuple(map(Month.from_index, _months_in(months))),
                )


# Lists of WeChat accounts are younger than this, so that a century of months is some 300 bytes.
_EPOCH = Month(1900, 1).index


def _bit(month: int) -> int:
    return 1 << (month - _EPOCH)


def _months_in(bits: int) -> Iterator[int]:
    """The indexes of months, earliest first."""
    month = _EPOCH
    while bits:
        if bits & 1:
            yield month
        bits >>= 1
        month += 1
