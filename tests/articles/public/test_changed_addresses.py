"""Old addresses lead on, what is gone says so, and nothing shows what is not public."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from taggit.models import Tag
from wagtail.models import Page

from articles.models import ArticlePage, ColumnPage
from articles.release import withdrawal
from cms.mirror import registry, rendering, worker
from cms.mirror.models import MirrorFile, MirrorJob
from tests.factories.articles import ArticleFactory, ColumnFactory, save_live
from tests.factories.media import ImageFactory
from tests.factories.users import one_of_each

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mirror(settings: Any, tmp_path: Path) -> Any:
    """The mirror as production has it: the application answers no public page."""
    settings.MIRROR_ROOT = tmp_path
    settings.MIRROR_LIVE = False
    return worker.store()


def live(**given: Any) -> ArticlePage:
    from django.utils import timezone

    now = timezone.now()
    return ArticleFactory(live=True, first_published_at=now, last_published_at=now, **given)


def render() -> None:
    report = worker.render_pending()
    assert not report.failed and not MirrorJob.objects.exists()


def file_at(address: str) -> tuple[int, bytes] | None:
    return worker.store().read(address)


def assert_whole() -> None:
    """Every file is what a fresh rendering gives, and there are no others."""
    expected = {}
    for address in registry.all_addresses():
        fresh = rendering.render(address)
        if fresh.status != rendering.NOT_THERE:
            expected[address] = (fresh.status, fresh.body)
    there = {address: file_at(address) for address, _ in worker.store().addresses()}
    assert there.keys() == expected.keys()
    assert [each for each in there if there[each] != expected[each]] == []


@pytest.fixture
def built(mirror: Any) -> ArticlePage:
    """A mirror that is up to date, with one article in the column 身边."""
    article = live(column=ColumnFactory(title="身边", slug="shenbian"), title="早市开门了")
    worker.jobs.everything("开始")
    render()
    return article


def test_the_application_answers_no_public_page_itself(built: ArticlePage, client: Client) -> None:
    for address in ("/", "/shenbian/", built.url, "/archive/", "/feed.atom", "/sitemap.xml"):
        assert file_at(address)[0] == 200
        response = client.get(address)
        assert response.status_code == 404 and built.title not in response.content.decode()
        assert not response.cookies


def test_while_a_page_is_being_made_it_is_said(built: ArticlePage, client: Client) -> None:
    worker.jobs.request(["/shenbian/"], "试")
    response = client.get("/shenbian/")
    assert response.status_code == 503 and int(response["Retry-After"]) > 0


def test_a_column_with_another_slug(
    built: ArticlePage, client: Client, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    old = {"/shenbian/", built.url}
    with django_capture_on_commit_callbacks(execute=True):
        column = ColumnPage.objects.get(slug="shenbian")
        column.slug = "zai-shenbian"
        column.save()
    render()
    new = ArticlePage.objects.get(pk=built.pk).url
    assert new == built.url.replace("/shenbian/", "/zai-shenbian/")
    assert built.title in file_at(new)[1].decode()
    for address in old:
        assert file_at(address) is None
        response = client.get(address)
        assert response.status_code == 301
        assert response["Location"] == address.replace("/shenbian/", "/zai-shenbian/")
    assert_whole()


def test_a_column_moved_in_the_order_stands_elsewhere_in_every_menu(built: ArticlePage) -> None:
    other = ColumnFactory(title="要闻", slug="yaowen")
    render()
    other.refresh_from_db()
    other.move(ColumnPage.objects.get(slug="shenbian"), pos="left")
    render()
    assert_whole()


def test_a_deleted_column_takes_its_addresses_along(built: ArticlePage) -> None:
    empty = ColumnFactory(title="试办", slug="shiban")
    render()
    assert file_at("/shiban/")[0] == 200 and "试办" in file_at("/")[1].decode()
    ColumnPage.objects.get(pk=empty.pk).delete()
    render()
    assert file_at("/shiban/") is None and "试办" not in file_at("/")[1].decode()
    assert not MirrorFile.objects.filter(address__startswith="/shiban/").exists()
    assert_whole()


def test_a_withdrawn_article_vanishes_when_it_is_committed(
    built: ArticlePage, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        withdrawal.withdraw(one_of_each().publisher, built, "wrong", "核对后发现有误")
    # No worker has come by yet.
    status, body = file_at(built.url)
    assert status == 410 and built.title not in body.decode()
    render()
    for address, _ in worker.store().addresses():
        assert built.title not in file_at(address)[1].decode(), address
    assert_whole()


def test_a_draft_is_nowhere(built: ArticlePage) -> None:
    draft = ArticleFactory(column=ColumnPage.objects.get(slug="shenbian"), title="还没写完的")
    render()
    assert file_at(draft.url) is None
    for address, _ in worker.store().addresses():
        assert draft.title not in file_at(address)[1].decode(), address
    assert_whole()


def test_a_draft_over_a_live_text_changes_nothing(built: ArticlePage) -> None:
    before = {address: file_at(address) for address, _ in worker.store().addresses()}
    article = ArticlePage.objects.get(pk=built.pk)
    article.title = "改到一半的"
    article.save_revision()
    assert not MirrorJob.objects.exists()
    render()
    assert {address: file_at(address) for address, _ in worker.store().addresses()} == before


def test_a_cover_with_another_focus_changes_every_list(built: ArticlePage) -> None:
    image = ImageFactory()
    article = ArticlePage.objects.get(pk=built.pk)
    article.cover = image
    save_live(article)
    render()
    image.focal_point_x, image.focal_point_y = 20, 10
    image.focal_point_width = image.focal_point_height = 8
    image.save()
    render()
    assert_whole()


def test_a_mended_tag(built: ArticlePage) -> None:
    article = ArticlePage.objects.get(pk=built.pk)
    article.tags.add("荷化")
    save_live(article)
    render()
    tag = Tag.objects.get(name="荷化")
    tag.name = "荷花"
    tag.save()
    render()
    assert "荷花" in file_at(f"/tags/{tag.pk}/")[1].decode()
    assert_whole()


def test_the_front_page_is_never_taken_for_gone(built: ArticlePage) -> None:
    """The general notice lies where the front page's own notice would."""
    assert file_at("/")[0] == 200 and file_at("/410.html")[0] == 200
    assert Page.objects.get(slug="home").live
