"""What one transaction changes in the standings, and who is told of it."""

from collections import defaultdict

from django.db import transaction

from ..lineage import continued_by
from ..models import Account, Board, BoardLink, LinkStatus, Observation
from ..periods import Month
from ..signals import standing_changed
from .alerts import Noticing


class Changes:
    """Which standings changed in a transaction, told to others once it is committed."""

    def __init__(self) -> None:
        self._accounts: dict[int, dict[int | None, set[int]]] = defaultdict(
            lambda: defaultdict(set)
        )
        self._noticing = Noticing()

    def add(self, row: Observation, *before: Observation | None) -> None:
        """Note a row that is about to count, and those that will no longer do.

        Call it before they are written: what is news is told by the difference.
        """
        self._noticing.look(row.board_id, row.month, row)
        months = () if row.month is None else (row.month,)
        accounts = self._accounts[row.board_id]
        accounts[row.account_id].update(months)
        if any(each is not None and each.rank == 1 for each in (row, *before)):
            accounts[None].update(months)

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
            transaction.on_commit(self._send)

    def _months(self) -> set[int]:
        return {
            month
            for accounts in self._accounts.values()
            for months in accounts.values()
            for month in months
        }

    def _spread(self) -> None:
        """What happened to a board happened to the record of every board that continues it."""
        links = list(BoardLink.objects.filter(status=LinkStatus.CONFIRMED))
        for board_id, accounts in list(self._accounts.items()) if links else []:
            for later_id, last in continued_by([board_id], links).items():
                for account_id, months in list(accounts.items()) if later_id != board_id else []:
                    if reached := {month for month in months if month <= last}:
                        self._accounts[later_id][account_id].update(reached)

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
                    months=tuple(Month.from_index(month) for month in sorted(months)),
                )
