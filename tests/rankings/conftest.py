"""People with the permissions of the rankings, and a month that was published."""

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from rankings.evidence import service as evidence
from rankings.models import Account, Board
from rankings.periods import Month
from rankings.services import SourceRef
from tests import scenes
from tests.factories.rankings import AccountFactory, BoardFactory

from .lists import LAST, NAMES, record_month


@pytest.fixture
def person(db) -> Callable:
    """``person("name", "record_observation", …)``: a user with these permissions."""

    def make(name: str, *codenames: str):
        user = get_user_model().objects.create_user(name, display_name=name)
        user.user_permissions.set(
            Permission.objects.filter(content_type__app_label="rankings", codename__in=codenames)
        )
        return user

    return make


@pytest.fixture
def recorder(person):
    return person("录入员", "record_observation", "import_rankings")


@pytest.fixture
def checker(person):
    return person("复核员", "confirm_observation")


@pytest.fixture
def publisher() -> SourceRef:
    return SourceRef("publisher", "示例研究院", "https://example.org/2019-08")


@dataclass(frozen=True)
class Monthly:
    """A monthly board with the accounts on it, ours first."""

    board: Board
    accounts: list[Account]

    @property
    def ours(self) -> Account:
        return self.accounts[0]

    def correct(self, month: Month, order: list[Account], reason: str = "出版方更正") -> None:
        """The publisher's list of a month, printed again otherwise."""
        record_month(self.board, month, order, reason=reason)


def make_fifteen_months() -> Monthly:
    """2018-06 to 2019-08: second in the first two months, first since; evidence for the last."""
    board = BoardFactory(
        key="county", name="县级榜", publisher="某报社", scope="县级", metric="WCI"
    )
    accounts = [
        AccountFactory(key=f"a{at}", name=name, is_ours=at == 0) for at, name in enumerate(NAMES)
    ]
    ours, second, *others = accounts
    capture = evidence.store(
        b"the list itself",
        kind="page",
        fetched_at=dt.datetime(2019, 9, 8, tzinfo=dt.UTC),
        url="https://example.org/2019-08",
    ).capture
    for back in range(14, -1, -1):
        order = [ours, second, *others] if back < 13 else [second, ours, *others]
        record_month(board, LAST + -back, order, capture=capture if back == 0 else None)
    return Monthly(board, accounts)


_fifteen_months = scenes.fixture(make_fifteen_months)


@pytest.fixture
def fifteen_months(_fifteen_months, db) -> Monthly:
    """`make_fifteen_months`, made once for all tests of a module."""
    return deepcopy(_fifteen_months)


@pytest.fixture
def brief_maker(person):
    return person("编写员", "view_report", "make_brief")


@pytest.fixture
def brief_issuer(person):
    return person("签发员", "view_report", "make_brief", "issue_brief")
