"""What the editor sends of a paste, and what it gets back."""

import json

import pytest
from django.urls import reverse

from articles.importing import paste
from articles.review import services
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory

pytestmark = pytest.mark.django_db


def send(client, html: str, article=None):
    data = {"html": html}
    if article is not None:
        data["article"] = article.pk
    return client.post(reverse("articles_clean_paste"), data)


def test_blocks_come_as_the_editor_s_fields_hold_them(client, people):
    client.force_login(people.editor)
    answer = send(
        client, "<h2>题</h2><p>文<b>粗</b></p><ul><li>甲</ul><img src='file:///x'>"
    ).json()
    assert [block["type"] for block in answer["blocks"]] == ["subheading", "paragraph", "items"]
    text = json.loads(answer["blocks"][1]["value"])["blocks"][0]
    assert text["text"] == "文粗"
    assert text["inlineStyleRanges"] == [{"offset": 1, "length": 1, "style": "BOLD"}]
    assert answer["blocks"][2]["value"]["items"][0]["value"] == "甲"
    assert answer["warnings"] == ["有 1 张图片没有带入，请在相应位置用“图片”内容块上传。"]


def test_it_is_noted_at_the_article_that_is_edited(client, people):
    client.force_login(people.editor)
    article = ArticleFactory(writer=people.editor)
    send(client, "<p>文</p>", article)
    assert AuditEntry.objects.get(action="article.from_paste").object_id == str(article.pk)
    send(client, "<p>文</p>")
    send(client, "", article)
    assert AuditEntry.objects.filter(action="article.from_paste").count() == 1


@pytest.mark.parametrize(
    "html",
    ["<p>" + "字" * (paste.MAX_CHARACTERS + 1), "<p>" + " " * paste.MAX_BYTES + "字"],
    ids=["characters", "bytes"],
)
def test_too_much_is_refused_with_a_sentence(client, people, html):
    client.force_login(people.editor)
    response = send(client, html)
    assert response.status_code == 413
    assert "剪贴板里的原文还在" in response.json()["message"]


def test_who_may_not_write_gets_nothing(client, people):
    article = ArticleFactory(writer=people.editor)
    client.force_login(people.reviewer_credible)
    assert send(client, "<p>文</p>").status_code == 403
    assert send(client, "<p>文</p>", article).status_code == 403
    client.force_login(people.editor)
    services.submit(people.editor, article)
    assert send(client, "<p>文</p>", article).status_code == 403
    assert (
        client.post(reverse("articles_clean_paste"), {"html": "", "article": "x"}).status_code
        == 403
    )


def test_only_posts_with_a_token_are_answered(people):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people.editor)
    assert send(client, "<p>文</p>").status_code == 403
    assert client.get(reverse("articles_clean_paste")).status_code == 405


def test_the_editor_loads_the_script(client, people):
    client.force_login(people.editor)
    article = ArticleFactory(writer=people.editor)
    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert f'data-clean-paste="{reverse("articles_clean_paste")}"' in page
    assert "从 Word 导入到本稿" in page
