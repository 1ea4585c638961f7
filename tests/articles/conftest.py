"""People of every role."""

from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest

from articles.models import ArticlePage
from tests.factories.users import one_of_each


@pytest.fixture(scope="module")
def scene() -> Any:
    """Nothing; modules whose tests begin alike have one of their own, by `scenes.fixture`."""


@pytest.fixture
def people(scene: Any, db: None) -> SimpleNamespace:
    """One person a role, by the role's key: the scene's, or new ones."""
    return deepcopy(scene.people) if scene else one_of_each()


@pytest.fixture
def article(scene: Any, db: None) -> ArticlePage:
    """The scene's, read anew."""
    return ArticlePage.objects.get(pk=scene.article.pk)
