"""What the editor's script asks the server: is one signed in, and which copies have been saved."""

import pytest
from django.urls import reverse

from articles.editing.copies import note_saved, saved
from articles.models import ArticlePage
from tests.articles.test_editor import create, edit
from tests.factories.articles import ArticleFactory, ColumnFactory

pytestmark = pytest.mark.django_db
NAME = "0123456789abcdef" * 2
BY_SCRIPT = {"x-requested-with": "XMLHttpRequest"}


def ask(client):
    return client.get(reverse("articles_session"), headers=BY_SCRIPT)


def test_somebody_signed_in_gets_a_fresh_token(people, client):
    client.force_login(people.editor)
    answer = ask(client)
    assert answer.json()["user"] == people.editor.pk and len(answer.json()["token"]) == 64
    assert "no-store" in answer["Cache-Control"]


def test_nobody_signed_in(people, client):
    assert ask(client).status_code == 403
    client.force_login(people.editor)
    people.editor.is_active = False
    people.editor.save()
    assert ask(client).status_code == 403


def test_a_copy_is_told_to_be_saved_when_it_was(people, client):
    client.force_login(people.editor)
    create(client, ColumnFactory(), copy=NAME)
    assert ask(client).json()["saved"] == [NAME]
    other = NAME[::-1]
    edit(client, ArticlePage.objects.get(), copy=other)
    assert ask(client).json()["saved"] == [NAME, other]


def test_a_save_that_was_refused_leaves_the_copy(people, client):
    article = ArticleFactory(writer=people.editor)
    client.force_login(people.editor)
    edit(client, article, title="", copy=NAME)
    url = reverse("wagtailadmin_pages:edit", args=[article.pk])
    half = {"title": "旧", "loaded_revision_id": "987654321", "copy": NAME}
    assert client.post(url, half).status_code == 409
    assert ask(client).json()["saved"] == []


@pytest.mark.parametrize("name", ["", "x" * 32, NAME.upper(), NAME + "0", "<script>", "0" * 5000])
def test_a_name_that_is_none(people, client, name):
    client.force_login(people.editor)
    create(client, ColumnFactory(), copy=name)
    assert ask(client).json()["saved"] == []


def test_the_session_does_not_grow_for_ever(people, rf):
    session: dict = {}
    for number in range(200):
        request = rf.post("/", {"copy": f"{number:032x}"})
        request.session = session
        note_saved(request)
    assert len(saved(request)) == 50 and saved(request)[-1] == f"{199:032x}"


def test_a_draft_typed_before_is_not_another_persons(people, client):
    """The script keeps copies by person; the server tells it who that is."""
    client.force_login(people.editor)
    first = ask(client).json()["user"]
    client.force_login(people.administrator)
    assert ask(client).json()["user"] != first
