"""Who stands behind a text, asked of one article and of many."""

import pytest

from articles.review import approvals
from tests.factories.articles import ArticleFactory, approve_by, under_review

pytestmark = pytest.mark.django_db


def test_read_ahead_answers_what_asking_one_by_one_does(django_assert_num_queries):
    first = under_review()
    approve_by(first.article, first.people.reviewer_credible)
    second = ArticleFactory(writer=first.people.publisher)
    articles = [first.article, second]
    asked = [
        (approvals.authors_since_live(article), approvals.given(article)) for article in articles
    ]
    assert asked[0][1] and not asked[1][1]
    with approvals.read_ahead(articles):
        with django_assert_num_queries(0):
            known = [
                (approvals.authors_since_live(article), approvals.given(article))
                for article in articles
            ]
        assert known == asked


def test_read_ahead_holds_for_its_articles_and_its_block_only():
    scene = under_review()
    other = ArticleFactory(writer=scene.people.publisher)
    with approvals.read_ahead([scene.article]):
        assert approvals.authors_since_live(other) == {scene.people.publisher.pk}
    approve_by(scene.article, scene.people.reviewer_credible)
    assert len(approvals.given(scene.article)) == 1
