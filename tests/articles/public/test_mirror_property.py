"""Whatever people do, the mirror is what a fresh rendering of everything would be."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from taggit.models import Tag

from articles.models import ArticlePage, ColumnPage, CorrectionNote, CorrectionStatus
from articles.public import listings
from articles.release import withdrawal
from cms.mirror import registry, rendering, worker
from cms.mirror.models import MirrorJob
from tests.factories.articles import ArticleFactory, ColumnFactory, save_live
from tests.factories.users import one_of_each

pytestmark = pytest.mark.django_db

TAGS = ("荷花", "早市", "公园")
EXAMPLES = 12
START = dt.datetime(2026, 1, 3, 9, tzinfo=dt.UTC)

places = st.integers(0, 7)
tags = st.sets(st.sampled_from(TAGS))
additions = st.tuples(st.just("add"), st.integers(0, 1), st.integers(0, 120), tags)
changes = st.one_of(
    additions,
    st.tuples(st.just("retitle"), places),
    st.tuples(st.just("retag"), places, tags),
    st.tuples(st.just("redate"), places, st.integers(0, 200)),
    st.tuples(st.just("withdraw"), places),
    st.tuples(st.just("correct"), places),
    st.tuples(st.just("mention"), places, places),
    st.tuples(st.just("rename"), st.integers(0, 1)),
    st.tuples(st.just("rename_tag"), st.sampled_from(TAGS)),
)


class Newsroom:
    """People at work on two columns."""

    def __init__(self) -> None:
        self.people = one_of_each()
        self.columns = [
            ColumnFactory(title=name, slug=slug)
            for name, slug in (("身边", "shenbian"), ("要闻", "yaowen"))
        ]
        self.articles: list[int] = []
        self.number = 0

    def do(self, deed: str, *given: Any) -> None:
        getattr(self, deed)(*given)

    def one(self, place: int) -> ArticlePage | None:
        if not self.articles:
            return None
        found = ArticlePage.objects.get(pk=self.articles[place % len(self.articles)])
        return found if found.live else None

    def add(self, column: int, days: int, tags: set[str]) -> None:
        self.number += 1
        at = START + dt.timedelta(days=days, minutes=self.number)
        article = ArticleFactory(
            column=ColumnPage.objects.get(pk=self.columns[column].pk),
            title=f"第{self.number}篇",
            live=True,
            first_published_at=at,
            last_published_at=at,
        )
        article.tags.set(sorted(tags))
        save_live(article)
        self.articles.append(article.pk)

    def retitle(self, place: int) -> None:
        if article := self.one(place):
            article.title += "改"
            save_live(article)

    def retag(self, place: int, tags: set[str]) -> None:
        if article := self.one(place):
            article.tags.set(sorted(tags))
            save_live(article)

    def redate(self, place: int, days: int) -> None:
        article = self.one(place)
        later = START + dt.timedelta(days=days)
        if article and later > article.first_published_at:
            article.first_published_at = later
            save_live(article)

    def withdraw(self, place: int) -> None:
        if article := self.one(place):
            withdrawal.withdraw(self.people.publisher, article, "wrong", "核对后发现有误")

    def correct(self, place: int) -> None:
        if article := self.one(place):
            CorrectionNote.objects.create(
                article=article,
                text="时间应为九点。",
                status=CorrectionStatus.PUBLISHED,
                proposed_by=self.people.publisher,
                decided_at=article.first_published_at + dt.timedelta(days=300),
            )

    def mention(self, place: int, other: int) -> None:
        article, mentioned = self.one(place), self.one(other)
        if article and mentioned and article != mentioned:
            article.body = [
                *[(block.block_type, block.value) for block in article.body],
                ("related_article", {"article": mentioned}),
            ]
            save_live(article)

    def rename(self, column: int) -> None:
        page = ColumnPage.objects.get(pk=self.columns[column].pk)
        page.title, page.slug = f"{page.title}新", f"{page.slug}-x"
        page.save()

    def rename_tag(self, name: str) -> None:
        if tag := Tag.objects.filter(name__startswith=name).first():
            tag.name += "节"
            tag.save()


def differences(root: Path) -> list[str]:
    """Addresses at which the files are not what a fresh rendering gives."""
    store = worker.store()
    expected = set(registry.all_addresses())
    found = []
    for address in expected | {address for address, _ in store.addresses()}:
        fresh = rendering.render(address)
        want = None if fresh.status == 404 else (fresh.status, fresh.body)
        if store.read(address) != want:
            found.append(address)
        if want and not store.compressed_copy_agrees(address, *want):
            found.append(f"{address} (compressed)")
    return found


@settings(
    max_examples=EXAMPLES,
    # A failing sequence is short, and making it shorter takes minutes.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    before=st.lists(additions, min_size=4, max_size=8),
    done=st.lists(changes, min_size=1, max_size=3),
)
def test_after_any_sequence_of_deeds_nothing_differs(
    before: list[tuple[Any, ...]],
    done: list[tuple[Any, ...]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    django_settings: Any,
) -> None:
    root = tmp_path_factory.mktemp("mirror")
    django_settings.MIRROR_ROOT = root
    monkeypatch.setattr(listings, "SIZE", 2)
    monkeypatch.setattr(listings, "FRONT", 3)
    with transaction.atomic():
        newsroom = Newsroom()
        worker.jobs.everything("开始")
        for deed, *given in before:
            newsroom.do(deed, *given)
        worker.render_pending()
        for deed, *given in done:
            newsroom.do(deed, *given)
        report = worker.render_pending()
        assert not report.failed and not MirrorJob.objects.exists()
        assert differences(root) == []
        transaction.set_rollback(True)


@pytest.fixture
def django_settings(settings: Any) -> Any:
    """pytest-django's, under a name that Hypothesis does not use."""
    return settings
