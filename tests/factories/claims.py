"""Claims, made and approved by the real services."""

from rankings.models import Board, Claim
from rankings.services.claims import approve_claim, make_claim
from tests.factories.rankings import AccountFactory, BoardFactory, ObservationFactory
from tests.factories.users import UserFactory

YEAR = [f"2019-{month:02d}" for month in range(1, 13)]


def approved_claim(months: list[str] | None = None, board: Board | None = None, **row) -> Claim:
    """A claim about a new account that was first in each of ``months``.

    ``row`` goes into every statement; ``status="reported"`` makes a claim only reported. Roles
    must be in place.
    """
    board = board or BoardFactory()
    account = AccountFactory()
    for period in months or YEAR:
        ObservationFactory(board=board, account=account, period=period, **row)
    claim = make_claim(None, board, account)
    return approve_claim(UserFactory(roles=["office"]), claim)
