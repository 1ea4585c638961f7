"""People of every role."""

from types import SimpleNamespace

import pytest

from cms.users.roles import ROLES
from tests.factories.users import UserFactory


@pytest.fixture
def people(db) -> SimpleNamespace:
    """One person a role, by the role's key, with roles and workflow in place."""
    return SimpleNamespace(
        **{role.key: UserFactory(username=role.key, roles=[role.key]) for role in ROLES}
    )
