"""The health report and who is shown what of it."""

import pytest
from django.urls import reverse

from cms.ops import health, panels, registry
from cms.ops.registry import HealthCheck, HealthResult, Level
from tests.factories.rankings import ObservationFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def checks(monkeypatch):
    """Two checks in place of the apps' own."""
    said = {
        "publishing": [HealthResult(Level.ALARM, "一篇没有按时发布。")],
        "rankings": [HealthResult(Level.WARNING, "两条等复核。")],
    }
    monkeypatch.setattr(registry, "_health", {})
    for key, permission in (
        ("publishing", "articles.view_articlepage"),
        ("rankings", "rankings.confirm_observation"),
    ):
        registry.register_health_check(HealthCheck(key, key, lambda key=key: said[key], permission))
    return said


def test_the_worst_level_is_the_answer(checks, client):
    assert health.report().level == Level.ALARM
    response = client.get(reverse("health"))
    assert response.status_code == 503
    assert response.json()["checks"]["rankings"] == {"level": "warning"}  # no words for strangers
    checks["publishing"].clear()
    assert client.get(reverse("health")).status_code == 200
    checks["rankings"].clear()
    assert client.get(reverse("health")).json()["level"] == "ok"


def test_staff_read_the_sentences(checks, client):
    client.force_login(UserFactory(roles=["editor"]))
    assert client.get(reverse("health")).json()["checks"]["publishing"]["messages"]


def test_late_work_never_makes_the_site_unready(checks, client):
    assert client.get(reverse("health-live")).status_code == 200
    assert client.get(reverse("health-ready")).status_code == 200


@pytest.mark.parametrize(
    ("role", "count"), [("publisher", 1), ("editor", 1), ("office", 1), ("auditor", 0)]
)
def test_people_see_what_concerns_them(checks, role, count):
    assert len(panels.findings_for(UserFactory(roles=[role]))) == count


def test_the_office_is_told_what_waits_for_a_second_person(client):
    ObservationFactory(status="proposed")
    client.force_login(UserFactory(roles=["office"]))
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "有 1 条名次等另一位同事复核" in html
    client.force_login(UserFactory(roles=["editor"]))
    assert "同事复核" not in client.get(reverse("wagtailadmin_home")).content.decode()
