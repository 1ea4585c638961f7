"""People of the office and of a unit."""

from copy import deepcopy
from types import SimpleNamespace

import pytest

from tests import scenes
from tests.factories.feedback import staff

scene = scenes.fixture(staff, scope="module")


@pytest.fixture
def people(scene: SimpleNamespace, db: None) -> SimpleNamespace:
    """See `tests.factories.feedback.staff`; the same for all tests of a module."""
    return deepcopy(scene)
