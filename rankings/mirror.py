"""What of the rankings stands on the public mirror: the honours page, its data, the front page."""

from collections.abc import Iterator
from typing import Any

from cms.mirror import jobs
from cms.mirror.addresses import HOME
from cms.mirror.pages import address_of
from cms.mirror.registry import register_dependents

from .models import Account, AccountName, Board, BoardLink, Claim, HonoursPage
from .models.pages import DATA

REASON = "名次记录变动"


def register() -> None:
    """Called once, when the app is ready."""
    for model in (Account, AccountName, Board, BoardLink, Claim):
        register_dependents(model, honours)


def honours(changed: Any = None) -> Iterator[str]:
    """The addresses that say how the account stands; one query.

    Whatever changes in the records may change any sentence of them, so all are made anew.
    """
    for page in HonoursPage.objects.live():
        address = address_of(page)
        yield from (address, f"{address}{DATA}", HOME)


def standing_changed() -> None:
    """Have them rendered after the caller's transaction: statements were added or withdrawn."""
    jobs.request(honours(), REASON)
