"""Reading links as services: who makes them, what opens them, and that they approve nothing."""

import datetime as dt

import pytest
import time_machine
from django.core.signing import Signer
from django.db import connection

from articles import publishing
from articles.models import ArticlePage, ReadingLink, ReadingOpening, ReadingOpinion
from articles.reading import links
from articles.release import withdrawal
from articles.review import approvals, services
from cms.ops.models import AuditEntry, Notice
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def article(people) -> ArticlePage:
    return ArticleFactory(writer=people.editor, title="楼道灯亮了")


@pytest.fixture
def shared(people, article) -> ReadingLink:
    link, _ = links.share(people.editor, article, "王部长", note="请看第二段")
    return link


def token(link: ReadingLink) -> str:
    return links.address_of(link).rstrip("/").rsplit("/", 1)[1]


# --- made -----------------------------------------------------------------------------------------


def test_a_link_is_made(people, article, settings) -> None:
    settings.READING_LINK_DAYS = 3
    link, address = links.share(people.editor, article, " 王部长 ")
    assert link.reader == "王部长" and link.expires_at == NOW + dt.timedelta(days=3)
    assert address.startswith("http://testserver/-/read/") and len(address) < 130
    assert links.address_of(ReadingLink.objects.get()) == address  # can be shown again
    entry = AuditEntry.objects.get(action="article.share")
    assert entry.detail["reader"] == "王部长" and entry.detail["expires_at"]


@pytest.mark.parametrize(
    "role", ["editor", "reviewer_credible", "reviewer_approachable", "publisher"]
)
def test_who_may_share(people, article, role) -> None:
    links.share(getattr(people, role), article, "王部长")


@pytest.mark.parametrize("role", ["contributor", "office", "auditor", "administrator"])
def test_who_may_not(people, article, role) -> None:
    with pytest.raises(links.LinkRefused, match="没有送领导审阅的权限"):
        links.share(getattr(people, role), article, "王部长")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"reader": "  "}, "送给谁看"),
        ({"reader": "王" * 61}, "写短一些"),
        ({"reader": "王", "note": "长" * 201}, "写短一些"),
        ({"reader": "王", "days": 0}, "1到30天"),
        ({"reader": "王", "days": 31}, "1到30天"),
    ],
    ids=["nobody", "long-name", "long-note", "no-day", "too-many-days"],
)
def test_bad_answers(people, article, answers, sentence) -> None:
    with pytest.raises(links.LinkRefused, match=sentence):
        links.share(people.editor, article, **answers)
    assert not ReadingLink.objects.exists()


def test_what_is_public_needs_no_link(people, article) -> None:
    services.submit(people.editor, article)
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    publishing.publish_now(people.publisher, article)
    with pytest.raises(links.LinkRefused, match="已经公开发布"):
        links.share(people.editor, article, "王部长")


# --- opened ---------------------------------------------------------------------------------------


def test_each_opening_is_noted(shared) -> None:
    links.open_link(token(shared), "203.0.113.7", "MicroMessenger/8.0\n(iPhone)")
    links.open_link(token(shared), "not an address", "x" * 500)
    late, first = ReadingOpening.objects.all()
    assert (first.address, first.browser) == ("203.0.113.7", "MicroMessenger/8.0 (iPhone)")
    assert (late.address, len(late.browser)) == (None, 200)
    entries = AuditEntry.objects.filter(action="article.shared_open")
    assert [entry.detail for entry in entries] == [{"reader": "王部长"}] * 2


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole[:-1] + ("A" if whole[-1] != "A" else "B"),
        lambda whole: "x" + whole[1:] if whole[0] != "x" else "y" + whole[1:],
        lambda whole: whole.split(".")[0],
        lambda whole: whole.split(".")[0] + ".",
        lambda whole: "",
        lambda whole: "《》" * 50,
        lambda whole: whole + "%00",
    ],
    ids=["signature", "key", "no-signature", "empty-signature", "nothing", "words", "more"],
)
def test_a_changed_address_opens_nothing(shared, change) -> None:
    with pytest.raises(links.UnknownLink):
        links.open_link(change(token(shared)), "", "")
    assert not ReadingOpening.objects.exists()


def test_a_copy_of_the_database_opens_nothing(shared, settings) -> None:
    """What stands in the row is no address without the secret key, nor signed for another use."""
    with pytest.raises(links.UnknownLink):
        links.find(shared.key)
    with pytest.raises(links.UnknownLink):
        links.find(Signer(salt="something else", sep=".").sign(shared.key))
    with pytest.raises(links.UnknownLink):
        links.find(Signer(key="another", salt="articles.reading", sep=".").sign(shared.key))
    old = token(shared)
    settings.SECRET_KEY = "changed"
    with pytest.raises(links.UnknownLink):
        links.find(old)


def test_a_link_ends(people, shared, clock) -> None:
    clock.shift(dt.timedelta(days=7, seconds=-1))
    links.find(token(shared))
    clock.shift(dt.timedelta(seconds=2))
    with pytest.raises(links.ClosedLink, match="过了有效期"):
        links.find(token(shared))
    with pytest.raises(links.LinkRefused, match="已经失效"):
        links.revoke(people.editor, shared)


def test_a_link_is_revoked_by_any_colleague(people, shared) -> None:
    with pytest.raises(links.LinkRefused, match="没有送领导审阅的权限"):
        links.revoke(people.office, shared)
    links.revoke(people.publisher, shared)
    with pytest.raises(links.ClosedLink, match="已经收回"):
        links.open_link(token(shared), "", "")
    with pytest.raises(links.ClosedLink):
        links.leave_opinion(shared, "晚了")
    assert AuditEntry.objects.get(action="article.share_revoke").detail == {"reader": "王部长"}


def test_a_deleted_article_takes_its_links_along(shared, article) -> None:
    old = token(shared)
    ArticlePage.objects.get(pk=article.pk).delete()
    with pytest.raises(links.UnknownLink):
        links.find(old)


def test_an_endless_opener_is_stopped(shared, monkeypatch) -> None:
    monkeypatch.setattr(links, "MAX_OPENINGS", 2)
    for _ in range(2):
        links.open_link(token(shared), "", "")
    with pytest.raises(links.ClosedLink, match="次数太多"):
        links.open_link(token(shared), "", "")


def test_the_version_stays_what_was_sent(people, shared, article) -> None:
    assert not links.is_outdated(shared)
    article = ArticlePage.objects.get(pk=article.pk)
    article.save_revision(user=people.editor)  # nothing changed
    assert not links.is_outdated(ReadingLink.objects.get())
    article.title = "楼道灯又亮了"
    article.save_revision(user=people.editor)
    link = links.find(token(shared))
    assert links.is_outdated(link) and link.revision.as_object().title == "楼道灯亮了"


# --- answered -------------------------------------------------------------------------------------


def test_an_opinion_reaches_who_sent_the_link_and_the_writers(people, article) -> None:
    link, _ = links.share(people.publisher, article, "王部长")
    links.leave_opinion(link, "  第二段写得好。\r\n标题再短些。 ")
    links.leave_opinion(link, "")
    assert [o.text for o in ReadingOpinion.objects.order_by("pk")] == [
        "第二段写得好。\n标题再短些。",
        "",
    ]
    said = {n.recipient.username: n for n in Notice.objects.filter(message__contains="第二段")}
    assert set(said) == {"publisher", "editor"}
    assert said["publisher"].by_mail and not said["editor"].by_mail
    assert AuditEntry.objects.filter(action="article.shared_opinion").first().detail["text"] == (
        "已阅"
    )


def test_opinions_have_their_limits(shared) -> None:
    with pytest.raises(links.LinkRefused, match="1000个字以内，现在是1001个字"):
        links.leave_opinion(shared, "长" * 1001)
    links.leave_opinion(shared, "长" * 998 + "\r\n长")
    for _ in range(19):
        links.leave_opinion(shared, "")
    with pytest.raises(links.LinkRefused, match="已经留过20条"):
        links.leave_opinion(shared, "")
    assert ReadingOpinion.objects.count() == 20


def test_it_never_counts_as_an_approval(people, article) -> None:
    """Three leaders may say 已阅 and 同意: the reviews stand where they stood."""
    services.submit(people.editor, article)
    before = approvals.given(article), running_step(article).pk
    for reader in ("王部长", "李书记", people.reviewer_credible.display_name):
        link, _ = links.share(people.editor, article, reader)
        links.open_link(token(link), "203.0.113.7", "")
        links.leave_opinion(link, "同意发布")
        links.leave_opinion(link, "")
    assert (approvals.given(article), running_step(article).pk) == before == ([], before[1])
    fresh = ArticlePage.objects.get(pk=article.pk)
    assert approvals.why_not_publish(fresh.get_latest_revision())
    with pytest.raises(publishing.PublishRefused):
        publishing.publish_now(people.publisher, fresh)
    assert not ArticlePage.objects.get(pk=article.pk).live


@pytest.mark.only_on("postgresql")
def test_opinions_at_the_same_moment_keep_the_limit(shared, django_assert_num_queries) -> None:
    """The link's row is locked before its opinions are counted."""
    with django_assert_num_queries(30, exact=False) as asked:
        links.leave_opinion(shared, "")
    sql = [query["sql"] for query in asked.captured_queries]
    lock = next(i for i, each in enumerate(sql) if "FOR UPDATE" in each)
    count = next(i for i, each in enumerate(sql) if "COUNT(*)" in each and "opinion" in each)
    assert lock < count and connection.vendor == "postgresql"


def test_who_reads_may_have_any_name(people, article) -> None:
    """A colleague who is named as reader is no user to the link."""
    other = UserFactory(username="wang", display_name="王部长", is_superuser=True)
    link, _ = links.share(people.editor, article, str(other))
    links.leave_opinion(link, "可以")
    entry = AuditEntry.objects.filter(action="article.shared_opinion").get()
    assert entry.actor is None


def test_a_withdrawn_article_is_read_no_more(people) -> None:
    article = ArticleFactory(live=True, first_published_at="2026-11-01T00:00:00Z")
    revision = article.save_revision(user=people.editor)
    link, address = links.share(people.editor, article, "王书记")
    assert link.revision == revision
    token = address.rstrip("/").rpartition("/")[2]
    links.find(token)
    withdrawal.withdraw(people.publisher, article, "wrong", "数字写错了一位")
    with pytest.raises(links.ClosedLink, match="已经撤稿"):
        links.find(token)
    links.revoke(people.editor, link)
    assert ReadingLink.objects.get(pk=link.pk).revoked_at


def test_what_was_corrected_after_a_withdrawal_is_read(people) -> None:
    article = ArticleFactory(live=True, first_published_at="2026-11-01T00:00:00Z")
    withdrawal.withdraw(people.publisher, article, "wrong", "数字写错了一位")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1), tick=False):
        ArticlePage.objects.get(pk=article.pk).save_revision(user=people.editor)
        link, address = links.share(people.editor, article, "王书记")
        assert links.find(address.rstrip("/").rpartition("/")[2]) == link
