"""From which version a person knows an article, and what changed since."""

import re

import pytest
from django.urls import reverse

from articles.models import ArticlePage, ReviewLook
from articles.review import looks, services
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(people):
    return ArticleFactory(writer=people.editor, title="第一版")


def save(article: ArticlePage, person, title: str):
    article.title = title
    return article.save_revision(user=person)


def desk(client, person, article):
    client.force_login(person)
    return client.get(reverse("articles_desk", args=[article.pk])).content.decode()


def test_nothing_is_known_at_the_first_look(people, article):
    last = looks.since_last_look(people.reviewer_credible, article)
    assert last.revision is None and last.latest == article.get_latest_revision()


def test_an_article_without_any_version(people):
    bare = ArticleFactory(live=True, first_published_at="2019-09-17T00:00:00Z")
    assert looks.since_last_look(people.editor, bare) is None


def test_opening_the_desk_is_a_look_once_a_version(people, article, client):
    reader = people.reviewer_credible
    services.submit(people.editor, article)
    assert "您是第一次看" in desk(client, reader, article)
    assert "您是第一次看" not in desk(client, reader, article)
    assert ReviewLook.objects.get().revision == article.get_latest_revision()
    assert "您是第一次看" not in desk(client, people.editor, article)


def test_what_is_new_stays_new_until_there_is_a_newer_version(people, article, client):
    reader = people.reviewer_credible
    first = article.get_latest_revision()
    desk(client, reader, article)
    save(article, people.editor, "第二版")
    third = save(article, people.editor, "第三版")
    for _ in range(2):
        page = desk(client, reader, article)
        assert reverse("articles_changes", args=[article.pk]) in page
        assert "上次看过之后改了什么" in page
        last = looks.since_last_look(reader, article)
        assert (last.revision, last.latest) == (first, third)
    save(article, people.editor, "第四版")
    assert looks.since_last_look(reader, article).revision == third


def test_a_verdict_is_a_look(people, article):
    services.submit(people.editor, article)
    judged = article.get_latest_revision()
    approve_by(article, people.reviewer_credible)
    services.send_back(people.reviewer_readable, running_step(article), "标题太长")
    save(article, people.editor, "短题")
    for reader in (people.reviewer_credible, people.reviewer_readable):
        last = looks.since_last_look(reader, ArticlePage.objects.get(pk=article.pk))
        assert last.revision == judged and last.seen_at
    assert looks.since_last_look(people.reviewer_approachable, article).revision is None


def test_looks_of_others_do_not_count(people, article, client):
    desk(client, people.reviewer_readable, article)
    save(article, people.editor, "第二版")
    assert looks.since_last_look(people.reviewer_credible, article).revision is None


def test_a_fixed_number_of_queries(people, article, django_assert_num_queries):
    for n in range(5):
        looks.note_look(people.editor, save(article, people.editor, f"第{n}版"))
    article = ArticlePage.objects.get(pk=article.pk)
    with django_assert_num_queries(2):
        looks.since_last_look(people.editor, article)


# --- the page ---------------------------------------------------------------------------------


def changes_page(client, article, **choice):
    return client.get(reverse("articles_changes", args=[article.pk]), choice)


def test_the_page_says_what_changed_since_the_last_look(people, article, client):
    reader = people.reviewer_credible
    looks.note_look(reader, article.get_latest_revision())
    save(article, people.editor, "第二版")
    save(article, people.editor, "第<b>三</b>版")
    client.force_login(reader)
    response = changes_page(client, article)
    page = response.content.decode()
    assert response.context["old"].pk < response.context["new"].pk
    assert [change.where for change in response.context["found"]] == ["标题"]
    assert "（删去：" in page and "（加入：" in page and "<b>三</b>" not in page


def test_drafts_are_counted_as_in_the_timeline(people, article, client):
    reader = people.reviewer_credible
    looks.note_look(reader, article.get_latest_revision())
    services.submit(people.editor, article)
    services.send_back(reader, running_step(article), "标题太长")
    save(article, people.editor, "第二版")
    save(article, UserFactory(display_name="林小荷", roles=["editor"]), "第三版")
    page = desk(client, reader, article)
    assert "您看过的是第1稿" in page and "林小荷改了第3稿" in page
    page = " ".join(changes_page(client, article).content.decode().split())
    assert "从第1稿（" in page and "到第3稿（" in page and " 林小荷）：" in page
    choices = re.findall(r">(第\d稿)[ （]", page.partition("</select>")[0])
    assert choices == ["第3稿", "第2稿", "第1稿"]


def test_any_two_versions_in_either_order(people, article, client):
    first = article.get_latest_revision()
    second = save(article, people.editor, "第二版")
    save(article, people.editor, "第三版")
    client.force_login(people.reviewer_credible)
    for choice in ({"from": first.pk, "to": second.pk}, {"from": second.pk, "to": first.pk}):
        context = changes_page(client, article, **choice).context
        assert (context["old"], context["new"]) == (first, second)
    same = changes_page(client, article, **{"from": first.pk, "to": first.pk})
    assert "读者看到的内容没有变" in same.content.decode()


@pytest.mark.parametrize("value", ["", "abc", "0", "-1", "9" * 30, "１", "<script>"])
def test_a_version_that_is_none_of_the_articles(people, article, client, value):
    other = ArticleFactory(writer=people.editor)
    second = save(article, people.editor, "第二版")
    client.force_login(people.reviewer_credible)
    for asked in (value, other.latest_revision_id):
        response = changes_page(client, article, **{"from": asked, "to": asked})
        assert response.status_code == 200 and response.context["new"] == second


def test_one_version_alone(people, article, client):
    client.force_login(people.editor)
    assert "还没有可以对照的" in changes_page(client, article).content.decode()


def test_whoever_may_not_see_drafts_sees_no_changes(people, article, client):
    client.force_login(UserFactory())
    assert changes_page(client, article).status_code in (302, 403)
    client.force_login(people.contributor)
    assert changes_page(client, article).status_code in (302, 403)


def test_the_list_of_versions_costs_the_same_however_long(
    people, article, client, django_assert_max_num_queries
):
    client.force_login(people.editor)
    save(article, people.editor, "第二版")
    save(article, people.editor, "第三版")
    changes_page(client, article)  # fills the caches of content types and sites
    with django_assert_max_num_queries(60) as few:
        changes_page(client, article)
    for n in range(10):
        save(article, people.editor, f"第{n}版")
    with django_assert_max_num_queries(60) as many:
        changes_page(client, article)
    assert len(many) == len(few)
