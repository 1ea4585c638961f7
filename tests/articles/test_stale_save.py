"""Saves from tabs that are out of date: refused, with everything typed kept in sight."""

import threading

import pytest
from bs4 import BeautifulSoup
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import rich_text, streamfield

from articles.models import ArticlePage
from articles.review import services
from cms.ops.models import AuditEntry
from tests.articles.test_editor import form
from tests.factories.articles import ArticleFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def article(people):
    return ArticleFactory(writer=people.editor, title="菜市场的早晨")


def address(article: ArticlePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


def opened(article: ArticlePage) -> dict[str, str]:
    """What the editor's form carries of the version it shows."""
    latest = article.get_latest_revision()
    return {"loaded_revision_id": latest.pk, "loaded_revision_created_at": latest.created_at}


def stored(article: ArticlePage) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()


def fields(response) -> dict[str, str]:
    """The form of “以我的为准保存”."""
    found = BeautifulSoup(response.content, "lxml").select_one(".not-saved__choices form")
    return {each["name"]: each.get("value", "") for each in found.select("input")}


def test_a_save_for_the_version_on_the_screen_goes_through(people, client, article):
    client.force_login(people.editor)
    assert client.post(address(article), form(title="新题", **opened(article))).status_code == 302
    assert stored(article).title == "新题"


@pytest.mark.parametrize("same_person", [False, True])
def test_an_old_tab_does_not_write_over_what_was_saved_since(people, client, article, same_person):
    then = opened(article)
    other = people.editor if same_person else UserFactory(display_name="周编辑", roles=["editor"])
    article.title = "周编辑改的题"
    article.save_revision(user=other)
    client.force_login(people.editor)
    response = client.post(address(article), form(title="我改的题", digest=HOSTILE, **then))
    assert response.status_code == 409
    assert stored(article).title == "周编辑改的题"
    page = response.content.decode()
    assert str(other) in page and "以我的为准保存" in page and HOSTILE not in page
    soup = BeautifulSoup(page, "lxml")
    typed = {
        label.contents[0].strip(): label.textarea.text.lstrip("\n")
        for label in soup.select(".not-saved__field")
    }
    assert typed["标题"] == "我改的题" and typed["摘要"] == HOSTILE
    assert typed["正文"] == "六点半。"
    theirs, mine = soup.select(".changes")
    assert "周编辑改" in theirs.ins.text or "周编辑改" in theirs.text
    assert mine.select_one(".change__where").text.startswith("标题")


def test_insisting_saves_a_draft_and_is_logged(people, client, article):
    then = opened(article)
    other = UserFactory(display_name="周编辑", roles=["editor"])
    article.title = "周编辑改的题"
    theirs = article.save_revision(user=other)
    client.force_login(people.editor)
    refused = client.post(
        address(article), form(title="我改的题", **then, **{"action-submit": "1"})
    )
    again = fields(refused)
    assert "action-submit" not in again
    assert client.post(address(article), again).status_code == 302
    latest = stored(article)
    assert latest.title == "我改的题" and latest.body[0].value.source.count("六点半") == 1
    assert not ArticlePage.objects.get(pk=article.pk).workflow_in_progress
    (entry,) = AuditEntry.objects.filter(action="article.save_over")
    assert entry.actor == people.editor
    assert entry.detail == {"revision": theirs.pk, "writer": str(other)}
    assert entry.action_label == "以自己的稿子为准保存"


def test_insisting_is_for_the_version_that_was_shown(people, client, article):
    then = opened(article)
    article.title = "第二版"
    article.save_revision(user=people.editor)
    client.force_login(people.editor)
    again = fields(client.post(address(article), form(title="我的", **then)))
    article.title = "第三版"
    article.save_revision(user=people.editor)
    assert client.post(address(article), again).status_code == 409
    assert stored(article).title == "第三版"
    assert not AuditEntry.objects.filter(action="article.save_over").exists()


@pytest.mark.parametrize("loaded", ["", "0", "999999999", "abc", "１２", "1 or 1=1", "9" * 40])
def test_a_form_that_does_not_say_which_version_it_is_for(people, client, article, loaded):
    client.force_login(people.editor)
    response = client.post(address(article), form(title="新题", loaded_revision_id=loaded))
    assert response.status_code == 409 and stored(article).title == "菜市场的早晨"
    assert "新题" in response.content.decode()


def test_a_form_without_a_version_at_all(people, client, article):
    client.force_login(people.editor)
    assert client.post(address(article), form(title="新题")).status_code == 409
    assert stored(article).title == "菜市场的早晨"


def test_what_is_typed_while_the_text_went_into_review_is_kept(people, client, article):
    then = opened(article)
    services.submit(people.editor, article)
    client.force_login(people.editor)
    response = client.post(address(article), form(title="还想改一改", **then))
    page = response.content.decode()
    assert response.status_code == 409 and "还想改一改" in page
    lock = ArticlePage.objects.get(pk=article.pk).get_lock()
    assert "以我的为准保存" not in page and lock.get_message(people.editor) in page
    assert stored(article).title == "菜市场的早晨"


def test_a_form_that_is_not_valid_is_shown_as_it_was_typed(people, client, article):
    then = opened(article)
    article.save_revision(user=people.editor)
    client.force_login(people.editor)
    response = client.post(
        address(article),
        form(
            title="题" * 300,
            digest="摘" * 130,
            body=streamfield(
                [("subheading", "小" * 50), ("paragraph", rich_text("<p>正文。</p>"))]
            ),
            **then,
        ),
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "题" * 300 in page and "小" * 50 in page and "正文。" in page


def test_autosave_of_another_screen_does_not_overwrite_in_place(people, client, article):
    client.force_login(people.editor)
    revision = article.get_latest_revision()
    response = client.post(
        address(article),
        form(title="新题", overwrite_revision_id=revision.pk, **opened(article)),
        headers={"accept": "application/json"},
    )
    assert response.status_code >= 400
    revision.refresh_from_db()
    assert revision.content["title"] == "菜市场的早晨"


@pytest.mark.parametrize("role", ["editor", "publisher", "administrator", "reviewer_credible"])
def test_no_editor_page_saves_by_itself(people, client, article, role):
    client.force_login(getattr(people, role))
    for under_review in (False, True):
        if under_review and not ArticlePage.objects.get(pk=article.pk).workflow_in_progress:
            services.submit(people.editor, article)
        response = client.get(address(article))
        if response.status_code == 200:
            html = BeautifulSoup(response.content, "lxml")
            assert "w-autosave" not in html.select_one("#page-edit-form")["data-controller"]
            assert response.context["autosave_enabled"] is False


def test_the_revert_screen_is_guarded_too(people, client, article):
    first = article.get_latest_revision()
    article.title = "第二版"
    article.save_revision(user=people.editor)
    then = opened(article)
    article.title = "第三版"
    article.save_revision(user=people.editor)
    client.force_login(people.editor)
    url = reverse("wagtailadmin_pages:revisions_revert", args=[article.pk, first.pk])
    assert client.post(url, form(title="旧版", **then)).status_code == 409
    assert stored(article).title == "第三版"
    assert client.post(url, form(title="旧版", **opened(article))).status_code == 302
    assert stored(article).title == "旧版"


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_saves_at_once_one_wins_and_the_other_is_told(people, article):
    then = opened(article)
    together = threading.Barrier(2, timeout=20)
    answers: dict[str, int] = {}

    def save(title: str) -> None:
        client = Client()
        client.force_login(people.editor)
        together.wait()
        try:
            answers[title] = client.post(address(article), form(title=title, **then)).status_code
        finally:
            connections.close_all()

    threads = [threading.Thread(target=save, args=[title]) for title in ("甲的题", "乙的题")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers.values()) == [302, 409]
    winner = next(title for title, status in answers.items() if status == 302)
    assert stored(article).title == winner
    assert article.revisions.count() == 2


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_save_waits_for_whoever_holds_the_article(people, article):
    """The check is made after the row is ours, not before."""
    then = opened(article)
    answer: list[int] = []

    def save() -> None:
        client = Client()
        client.force_login(people.editor)
        try:
            answer.append(client.post(address(article), form(title="晚到", **then)).status_code)
        finally:
            connections.close_all()

    with transaction.atomic():
        Page.objects.select_for_update().get(pk=article.pk)
        late = threading.Thread(target=save)
        late.start()
        late.join(timeout=1.5)
        assert late.is_alive()
        article.title = "先到"
        article.save_revision(user=people.editor)
    late.join(timeout=20)
    assert answer == [409] and stored(article).title == "先到"
