"""A worker killed with -9 while it publishes: nothing is lost, nothing goes out twice.

A real process is started on the test database and kills itself at the named moment.
"""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from wagtail.models import PageLogEntry, Revision

from articles import publishing
from articles.models import ArticlePage
from articles.review import services
from cms.users.roles import ROLES
from tests.factories.articles import ArticleFactory, approve_by
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WORKER = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from django.db import connection
connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]

moment = sys.argv[1]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

from articles import publishing
from articles.models import ArticlePage
if moment == "before publishing":
    ArticlePage.publish = die
elif moment == "once the approvals are checked":
    from articles import gate
    gate.going_live = die
elif moment == "while publishing":
    from wagtail.signals import page_published
    page_published.connect(die, weak=False)
elif moment == "before the commit":
    publishing.audit.record = die
elif moment == "after the first item":
    genuine = publishing._publish_one
    def one_then_die(pk, now):
        genuine(pk, now)
        die()
    publishing._publish_one = one_then_die
print(publishing.publish_due_task())
"""


def run_worker(moment: str) -> subprocess.CompletedProcess:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cms.settings.test",
        "TEST_DATABASE": str(connection.settings_dict["NAME"]),
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    return subprocess.run(
        [sys.executable, "-c", WORKER, moment],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def two_due() -> list[ArticlePage]:
    """Two approved articles whose time has come."""
    people = {role.key: UserFactory(username=role.key, roles=[role.key]) for role in ROLES}
    articles = []
    for title in ("甲", "乙"):
        article = ArticleFactory(writer=people["editor"], title=title)
        services.submit(people["editor"], article)
        approve_by(
            article,
            people["reviewer_credible"],
            people["reviewer_readable"],
            people["reviewer_approachable"],
        )
        revision = publishing.schedule(
            people["publisher"], article, timezone.now() + timedelta(hours=1)
        )
        past = timezone.now() - timedelta(minutes=1)
        Revision.objects.filter(pk=revision.pk).update(
            approved_go_live_at=past, content={**revision.content, "go_live_at": past.isoformat()}
        )
        articles.append(article)
    return articles


@pytest.mark.parametrize(
    ("moment", "live_after_kill"),
    [
        ("before publishing", 0),
        ("once the approvals are checked", 0),
        ("while publishing", 0),
        ("before the commit", 0),
        ("after the first item", 1),
    ],
)
def test_killed_at(moment, live_after_kill, two_due):
    killed = run_worker(moment)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert ArticlePage.objects.live().count() == live_after_kill

    again = run_worker("never")
    assert again.returncode == 0, again.stderr
    assert "发布 " + str(2 - live_after_kill) in again.stdout
    assert ArticlePage.objects.live().count() == 2
    published = PageLogEntry.objects.filter(action="wagtail.publish.scheduled")
    assert sorted(published.values_list("label", flat=True)) == ["乙", "甲"]

    third = run_worker("never")
    assert "发布 0" in third.stdout
