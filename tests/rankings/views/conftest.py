"""A board, our account, and signing in as a role."""

import pytest

from tests.factories.rankings import AccountFactory, BoardFactory
from tests.factories.users import UserFactory


@pytest.fixture
def board():
    return BoardFactory(key="county", name="县级榜", publisher="某报社", scope="县级")


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True)


@pytest.fixture
def as_role(client):
    def sign_in(*roles, **fields):
        user = UserFactory(roles=roles, **fields)
        client.force_login(user)
        return user

    return sign_in
