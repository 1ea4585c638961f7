"""Small words that every list and form of the admin shares."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from articles.review.models import Deputation
from articles.review.stages import Dimension
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

FORMS = (
    ("wagtailimages:add", "licence"),
    ("articles_deputy_add", "deputy"),
    ("articles_checklist:add", "dimension"),
    ("rankings:watches", "board"),
)
LISTS = (
    ("rankings:claims", "board"),
    ("rankings:briefs", "board"),
    ("rankings:alerts", "board"),
    ("articles_topic:index", "column"),
)


@pytest.fixture
def admin(client):
    """Who sees every screen."""
    admin = UserFactory(roles=["administrator"])
    admin.user_permissions.set(Permission.objects.all())
    client.force_login(admin)
    return client


def first_choice(client, url_name: str, field: str) -> str:
    html = client.get(reverse(url_name)).content.decode()
    assert "---------" not in html
    return re.search(rf'<select name="{field}".*?<option value=""[^>]*>(.*?)</option>', html, re.S)[
        1
    ]


@pytest.mark.parametrize(("url_name", "field"), FORMS)
def test_a_choice_not_made_yet_asks_for_one(admin, url_name, field):
    assert first_choice(admin, url_name, field) == "请选择"


@pytest.mark.parametrize(("url_name", "field"), LISTS)
def test_a_filter_not_set_says_that_it_shows_all(admin, url_name, field):
    assert first_choice(admin, url_name, field) == "全部"


def test_lists_count_what_they_show_in_chinese(admin):
    person = UserFactory(roles=["reviewer_readable"])
    deputy = UserFactory(roles=["reviewer_credible"])
    deputation = Deputation(person=person, deputy=deputy, dimension=Dimension.READABLE)
    deputation.starts_on = deputation.ends_on = "2026-12-01"
    deputation.created_by = person
    deputation.save()
    html = admin.get(reverse("articles_deputies")).content.decode()
    assert "共 1 项" in html and "1 代审" not in html
