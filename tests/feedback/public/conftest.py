"""A resident at the form, whom nothing has been counted against."""

import pytest
from django.core.cache import cache

from .resident import Resident


@pytest.fixture(autouse=True)
def _nothing_counted(db: None) -> None:
    cache.clear()


@pytest.fixture
def resident(db: None) -> Resident:
    return Resident()
