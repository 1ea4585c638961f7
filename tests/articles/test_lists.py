"""The doors to a new article, and what a list says that has nothing to show."""

import pytest
from django.urls import reverse

from tests.factories.articles import ArticleFactory, ColumnFactory

pytestmark = pytest.mark.django_db

NEW, FROM_WORD = "新建文章", "从 Word 新建"
LIST, TOPICS, INBOX = (
    "articles:index",
    "articles_topic:index",
    "articles_contribution:index",
)


@pytest.fixture
def column(people):
    return ColumnFactory(title="身边事")


def shown(client, person, address: str, **query) -> str:
    client.force_login(person)
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def test_writers_begin_from_the_list_a_column_and_the_dashboard(client, people, column):
    into = f"{reverse('articles_word_upload')}?column={column.pk}"
    new = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", column.pk])
    explorer = reverse("wagtailadmin_explore", args=[column.pk])
    doors = [
        (reverse(LIST), reverse("articles:choose_parent"), reverse("articles_word_upload")),
        (explorer, new, into),
        (reverse("wagtailadmin_home"), reverse("articles:choose_parent"), into.split("?")[0]),
    ]
    for where, plain, word in doors:
        page = shown(client, people.editor, where)
        assert f'href="{plain}"' in page and NEW in page
        assert f'href="{word}"' in page and FROM_WORD in page
    for where in (reverse(LIST), reverse("wagtailadmin_home")):
        page = shown(client, people.reviewer_credible, where)
        assert NEW not in page and FROM_WORD not in page


def test_word_opens_with_the_column_one_came_from(client, people, column):
    ColumnFactory(title="别的")
    page = shown(client, people.editor, reverse("articles_word_upload"), column=column.pk)
    assert page.count(" checked") == 1
    assert f'value="{column.pk}"' in page.split(" checked")[0].rsplit("<input", 1)[1]
    for wrong in ("", "999999", "x"):
        page = shown(client, people.editor, reverse("articles_word_upload"), column=wrong)
        assert " checked" not in page


@pytest.mark.parametrize(
    ("name", "role", "words"),
    [
        (LIST, "editor", "还没有文章。点上方“新建文章”开始写"),
        (LIST, "reviewer_readable", "还没有文章。编辑写好以后会出现在这里。"),
        (TOPICS, "editor", "还没有选题。点上方“报选题”"),
        (TOPICS, "publisher", "还没有选题。编辑报上来后会出现在这里。"),
        (INBOX, "editor", "还没有来稿。通讯员投稿后会出现在这里"),
        (INBOX, "contributor", "您还没有投过稿。点上方“投稿”"),
    ],
)
def test_an_empty_list_says_what_to_do(client, people, name, role, words):
    page = shown(client, getattr(people, role), reverse(name))
    assert words in page
    assert "<thead>" not in page


@pytest.mark.parametrize(
    ("name", "words"), [(LIST, "文章"), (TOPICS, "选题"), (INBOX, "来稿")], ids=["L", "T", "I"]
)
def test_a_search_that_finds_nothing_says_so(client, people, name, words):
    page = shown(client, people.editor, reverse(name), q="没有的词")
    assert f"没有符合条件的{words}。请换一个条件，或清除筛选。" in page
    assert "开始写" not in page


def test_an_empty_column_leads_to_its_first_article(client, people, column):
    explorer = reverse("wagtailadmin_explore", args=[column.pk])
    page = shown(client, people.editor, explorer)
    assert "这个栏目还没有文章。从上面的按钮开始写第一篇。" in page
    assert "<thead>" not in page
    article = ArticleFactory(column=column)
    page = shown(client, people.editor, explorer)
    assert article.title in page and "还没有文章" not in page and "<thead>" in page
    page = shown(client, people.editor, explorer, q="没有的词")
    assert "没有符合条件的页面" in page
