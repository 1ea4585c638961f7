"""转载: the source stands first in the byline, and without one nothing goes into review."""

import pytest
from django.test import Client

from articles.models import ArticlePage, Kind, SourceCitation
from articles.release import urgent
from articles.release.base import ReleaseRefused
from articles.review import services
from articles.review.refusals import ReviewRefused
from articles.review.reposts import why_no_origin
from tests.articles.test_editor import create
from tests.factories.articles import ArticleFactory, ColumnFactory, save_live
from tests.factories.users import one_of_each

from .scene import live, soup

pytestmark = pytest.mark.django_db

SENTENCE = "转载的文章要写明来源。请在“信源”的第一条填写从哪里转载，再继续。"


def test_the_source_comes_first_in_the_byline(client: Client) -> None:
    article = live(kind=Kind.REPOST, with_sources=False)
    article.sources = [
        SourceCitation(name="株洲日报", url="https://news.example.com/1"),
        SourceCitation(name="别的"),
    ]
    save_live(article)
    byline = soup(client, article.url).find(class_="byline")
    rows = [(row.dt.text, row.dd.find(string=True)) for row in byline.find_all("div")]
    assert rows[0] == ("来源", "株洲日报")
    assert [name for name, _ in rows].count("来源") == 1
    link = byline.find("a")
    assert link["href"].startswith("#leave-") and "news.example.com" in link.text


def test_our_own_texts_name_us(client: Client) -> None:
    byline = soup(client, live(kind=Kind.NEWS).url).find(class_="byline")
    rows = {row.dt.text: row.dd.text for row in byline.find_all("div")}
    assert rows["来源"] == "在荷塘"


@pytest.mark.parametrize("kind", list(Kind))
def test_only_a_repost_needs_one(kind: Kind) -> None:
    article = ArticlePage(kind=kind)
    assert why_no_origin(article) == (SENTENCE if kind == Kind.REPOST else "")
    article.sources = [SourceCitation(name=" ")]
    assert bool(why_no_origin(article)) is (kind == Kind.REPOST)
    article.sources = [SourceCitation(name="株洲日报")]
    assert why_no_origin(article) == ""


def test_without_one_it_is_not_submitted() -> None:
    people = one_of_each()
    article = ArticleFactory(writer=people.editor, kind=Kind.REPOST, with_sources=False)
    with pytest.raises(ReviewRefused, match="转载的文章要写明来源"):
        services.submit(people.editor, article)
    assert not ArticlePage.objects.get(pk=article.pk).workflow_in_progress
    article.sources = [SourceCitation(name="株洲日报")]
    article.save_revision(user=people.editor)
    services.submit(people.editor, article)
    assert ArticlePage.objects.get(pk=article.pk).workflow_in_progress


def test_nor_does_it_go_out_urgently() -> None:
    people = one_of_each()
    article = ArticleFactory(writer=people.editor, kind=Kind.REPOST, with_sources=False)
    with pytest.raises(ReleaseRefused, match="不能特急发布：转载的文章要写明来源"):
        urgent.request_urgent(people.publisher, article, "今晚停水，居民要马上知道，等不到明天。")


def test_the_editor_keeps_it_as_a_draft_and_says_why(client: Client) -> None:
    client.force_login(one_of_each().editor)
    column = ColumnFactory()
    nothing = {"sources-TOTAL_FORMS": "0", "sources-INITIAL_FORMS": "0"}
    response = create(client, column, kind="repost", **nothing, **{"action-submit": "1"})
    assert response.status_code == 302
    article = ArticlePage.objects.child_of(column).get()
    assert not article.workflow_in_progress
    answer = client.get(response["Location"]).content.decode()
    assert f"没有提交，先存成了草稿：{SENTENCE}" in answer
