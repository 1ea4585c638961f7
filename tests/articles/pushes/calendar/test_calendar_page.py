import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_smoke(people, client):
    client.force_login(people.publisher)
    r = client.get(reverse("pushes_calendar"))
    assert r.status_code == 200
    r = client.get(reverse("pushes_calendar_print"))
    assert r.status_code == 200
    r = client.get(reverse("pushes_calendar"), {"span": "week"})
    assert r.status_code == 200
    print(r.content.decode()[-3000:])
