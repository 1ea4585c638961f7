"""Who reaches which screen: one table of addresses and roles."""

import pytest
from django.urls import reverse

from cms.users.roles import BY_KEY
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

REVIEWERS = {"reviewer_credible", "reviewer_readable", "reviewer_approachable"}
READERS = {"editor", "publisher", "administrator"} | REVIEWERS
EVERYBODY = set(BY_KEY)

SCREENS = {
    "wagtailadmin_home": EVERYBODY,
    "wagtailadmin_account": EVERYBODY,
    "articles:index": READERS,
    "wagtailadmin_explore_root": {"editor", "publisher", "administrator"},
    "wagtailimages:index": {"editor", "administrator"},
    "wagtailimages:add": {"editor", "administrator"},
    "wagtaildocs:index": {"editor", "administrator"},
    "rankings:overview": READERS | {"office"},
    "rankings:import": {"office", "administrator"},
    "rankings:review": {"office"},
    "scrapers_source:index": {"office", "administrator"},
    "scrapers_source:add": {"administrator"},
    "scrapers_run:index": {"office", "administrator"},
    "wagtailusers_users:index": {"administrator"},
    "wagtailusers_users:add": {"administrator"},
    "wagtailusers_groups:index": set(),
    "wagtailadmin_workflows:index": set(),
    "wagtailsites:index": set(),
    "wagtailredirects:index": set(),
    "wagtailadmin_collections:index": set(),
    "audit_report": {"auditor", "administrator"},
    "feedback_message:index": {"office", "feedback", "feedback_unit", "auditor"},
    "feedback_figures": {"office", "feedback", "auditor"},
    "feedback_place:index": {"administrator"},
    "feedback_unit:index": {"administrator"},
    "feedback_hand_over": {"administrator"},
}


@pytest.mark.parametrize("role", BY_KEY)
def test_what_each_role_reaches(client, role):
    client.force_login(UserFactory(roles=[role]))
    reached = {name for name in SCREENS if client.get(reverse(name)).status_code == 200}
    assert reached == {name for name, roles in SCREENS.items() if role in roles}


@pytest.mark.parametrize("name", SCREENS)
def test_nobody_reaches_anything_without_signing_in(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("wagtailadmin_login"))
