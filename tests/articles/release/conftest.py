"""Articles at the points where a release begins."""

from types import SimpleNamespace

import pytest

from articles import publishing
from articles.models import ArticlePage
from articles.review import services
from tests import scenes
from tests.factories.articles import ArticleFactory, approve_by
from tests.factories.users import UserFactory, one_of_each


def again(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def reviewers(people: SimpleNamespace) -> tuple:
    return people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable


def review(people: SimpleNamespace, article: ArticlePage) -> ArticlePage:
    """Send the latest text through the three reviews."""
    services.submit(people.editor, article)
    approve_by(article, *reviewers(people))
    return again(article)


def change(article: ArticlePage, writer, **fields) -> ArticlePage:
    """Save a new draft of ``article``."""
    text = again(article).get_latest_revision_as_object()
    for name, value in fields.items():
        setattr(text, name, value)
    text.save_revision(user=writer)
    return again(article)


def write(people: SimpleNamespace) -> ArticlePage:
    return ArticleFactory(writer=people.editor, title="暴雨停课通知")


def publish(people: SimpleNamespace) -> ArticlePage:
    """An article reviewed three times and published."""
    article = review(people, ArticleFactory(writer=people.editor, title="社区食堂开门"))
    publishing.publish_now(people.publisher, article)
    return again(article)


def make() -> SimpleNamespace:
    """People, a draft and what is live; `test_races` makes its own, in real transactions."""
    people = one_of_each()
    return SimpleNamespace(people=people, draft=write(people), live=publish(people))


scene = scenes.fixture(make)


@pytest.fixture
def draft(scene, db) -> ArticlePage:
    return again(scene.draft)


@pytest.fixture
def live(scene, db) -> ArticlePage:
    return again(scene.live)


@pytest.fixture
def second(people):
    """Another publisher."""
    return UserFactory(display_name="第二人", roles=["publisher"])
