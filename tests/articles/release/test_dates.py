"""The public date moves forward only, with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageLogEntry

from articles import publishing
from articles.models import ArticlePage
from articles.release import dates, withdrawal
from articles.release.base import ReleaseRefused
from cms.ops.models import AuditEntry

from .conftest import again, change, review

pytestmark = pytest.mark.django_db

REASON = "原文当天误发，正式公布在次日"


@pytest.fixture
def older(live, time_machine) -> ArticlePage:
    """Published three days ago."""
    time_machine.move_to(timezone.now() + timedelta(days=3), tick=False)
    return live


def test_forward_with_a_reason_on_record(people, older, client):
    at = older.first_published_at + timedelta(days=1)
    dates.change_public_date(people.publisher, older, at, REASON)
    article = again(older)
    assert article.first_published_at == at and article.url == older.url
    assert f"{timezone.localtime(at):%Y-%m-%d %H:%M}" in client.get(older.url).content.decode()
    entry = AuditEntry.objects.get(action="article.change_public_date")
    assert entry.detail["reason"] == REASON and set(entry.detail) == {"from", "to", "reason"}
    logged = PageLogEntry.objects.get(action="article.change_public_date")
    assert logged.user == people.publisher and logged.message == "改公开日期"


def test_it_outlives_the_next_publication(people, older):
    """Wagtail keeps a date in every revision; the row's counts."""
    at = older.first_published_at + timedelta(days=1)
    article = change(older, people.editor, title="先写好的改动")
    dates.change_public_date(people.publisher, older, at, REASON)
    publishing.publish_now(people.publisher, review(people, article))
    assert again(older).first_published_at == at


def test_never_back_and_never_ahead(people, older):
    before = older.first_published_at
    for at in (before - timedelta(seconds=1), before - timedelta(days=400), before):
        with pytest.raises(ReleaseRefused, match="否决项"):
            dates.change_public_date(people.publisher, older, at, REASON)
    with pytest.raises(ReleaseRefused, match="不能晚于现在"):
        dates.change_public_date(
            people.publisher, older, timezone.now() + timedelta(minutes=1), REASON
        )
    dates.change_public_date(people.publisher, older, timezone.now(), REASON)
    with pytest.raises(ReleaseRefused, match="否决项"):  # not even back to what it was
        dates.change_public_date(people.publisher, older, before, REASON)


@pytest.mark.parametrize(
    "role",
    ["editor", "reviewer_credible", "office", "administrator", "auditor", "contributor"],
)
def test_only_publishers(people, older, role):
    with pytest.raises(ReleaseRefused, match="权限"):
        dates.change_public_date(getattr(people, role), older, timezone.now(), REASON)


@pytest.mark.parametrize("reason", ["", " 改 ", "改" * 301], ids=range(3))
def test_a_reason_is_demanded(people, older, reason):
    with pytest.raises(ReleaseRefused, match="原因"):
        dates.change_public_date(people.publisher, older, timezone.now(), reason)
    assert again(older).first_published_at == older.first_published_at


def test_only_what_is_public_has_one(people, draft, older):
    with pytest.raises(ReleaseRefused, match="不在公开页面"):
        dates.change_public_date(people.publisher, draft, timezone.now(), REASON)
    withdrawal.withdraw(people.publisher, older, "wrong", "内容写错了")
    with pytest.raises(ReleaseRefused, match="不在公开页面"):
        dates.change_public_date(people.publisher, older, timezone.now(), REASON)
