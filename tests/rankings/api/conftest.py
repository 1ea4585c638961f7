"""A board with a month that was published, and asking the interface."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from tests.factories.rankings import AccountFactory, BoardFactory

BASE = "/api/v1/"


@pytest.fixture(autouse=True)
def _fresh_counts(db):
    cache.clear()


@pytest.fixture
def ask(client) -> Callable[..., Any]:
    """``ask("boards/", expect=200, example="false")``: the decoded answer."""

    def get(path: str, *, expect: int = 200, **query: Any) -> Any:
        response = client.get(BASE + path, query)
        assert response.status_code == expect, response.content.decode()
        return response.json()

    return get


@pytest.fixture
def board():
    return BoardFactory(
        key="county", name="县级榜", publisher="某报社", scope="县级", note="内部备注"
    )


@pytest.fixture
def ours():
    return AccountFactory(key="ours", name="在荷塘", is_ours=True, note="内部备注")
