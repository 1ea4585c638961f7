"""People with the permissions of the rankings, and a month that was published."""

from collections.abc import Callable

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from rankings.services import SourceRef


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
