"""The demo's claims: what a newspaper reports of us, and what the invented 演示榜 proves."""

from cms.users.models import User
from rankings.models import Account, Board, Claim
from rankings.services.claims import approve_claim, make_claim

from .content import example_board


def load_claims(maker: User, approver: User) -> list[Claim]:
    """One claim about us, only reported; one about an invented account, proved month by month."""
    ours = Account.objects.get(is_ours=True)
    invented = Account.objects.get(key=example_board.OUR_ACCOUNT_KEY)
    claims = [
        make_claim(maker, Board.objects.get(key="county"), ours),
        make_claim(maker, Board.objects.get(key=example_board.BOARD["key"]), invented),
    ]
    return [approve_claim(approver, claim) for claim in claims]
