"""The previews, and what the button 复制到微信 gets."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from articles.models import ArticlePage
from articles.wechat.rendering.previews import CARDS, MODES, NIGHT, PHONE
from articles.wechat.rendering.views import GUARD
from media.models import CustomImage
from tests.factories.articles import ArticleFactory, body
from tests.factories.media import ImageFactory


@pytest.fixture
def article(people: SimpleNamespace) -> ArticlePage:
    picture = {"image": ImageFactory().pk, "caption": "", "alt_text": ""}
    return ArticleFactory(
        writer=people.editor,
        title="荷" * 33,
        cover=ImageFactory(),
        body=body(("paragraph", '<p>一<a href="https://x.cn/">二</a></p>'), ("picture", picture)),
    )


@pytest.fixture
def reviewer(people: SimpleNamespace, client: Client) -> Client:
    client.force_login(people.reviewer_credible)
    return client


def preview(client: Client, article: ArticlePage, mode: str) -> str:
    address = reverse("articles_preview", args=[article.pk])
    response = client.get(address, {"mode": mode} if mode else {})
    assert response.status_code == 200
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    return response.content.decode()


def test_a_reviewer_sees_all_modes(reviewer: Client, article: ArticlePage) -> None:
    phone, night = (preview(reviewer, article, mode) for mode in (PHONE, NIGHT))
    assert "标题有 33 个字" in phone
    assert 'class="dark"' in night and 'class="dark"' not in phone
    assert "color:#2e6a50" in phone and "color:#6fbf9c" in night
    assert "小于 900 像素" in preview(reviewer, article, CARDS)
    assert "site.css" in preview(reviewer, article, "")


def test_the_desk_offers_them(reviewer: Client, article: ArticlePage) -> None:
    page = reviewer.get(reverse("articles_desk", args=[article.pk])).content.decode()
    for _, label in MODES:
        assert f">{label}</a>" in page
    assert reverse("articles_wechat_html", args=[article.pk]) in page


def test_no_other_mode(reviewer: Client, article: ArticlePage) -> None:
    address = reverse("articles_preview", args=[article.pk])
    assert reviewer.get(address, {"mode": "other"}).status_code == 404


def test_a_new_article_can_be_looked_at(people: SimpleNamespace, rf) -> None:
    """Before it is saved it has neither a number nor an address."""
    fresh = ArticlePage(title="新", author="作", body=body(("paragraph", "<p>字</p>")))
    for mode, _ in MODES[1:]:
        response = fresh.serve_preview(rf.get("/"), mode)
        assert "新" in response.render().content.decode()
    assert "阅读原文</a>" not in fresh.serve_preview(rf.get("/"), PHONE).render().content.decode()


def test_lost_files_do_not_break_the_previews(reviewer: Client, article: ArticlePage) -> None:
    for image in CustomImage.objects.all():
        image.file.storage.delete(image.file.name)
    preview(reviewer, article, PHONE)
    assert "封面的文件丢失" in preview(reviewer, article, CARDS)


def test_an_article_without_a_cover(reviewer: Client, people: SimpleNamespace) -> None:
    assert "还没有封面" in preview(reviewer, ArticleFactory(writer=people.editor), CARDS)


def copied(client: Client, article: ArticlePage) -> dict:
    return client.get(reverse("articles_wechat_html", args=[article.pk])).json()


def test_what_is_copied(reviewer: Client, article: ArticlePage, settings) -> None:
    settings.SITE_URL = "https://hetang.example"
    found = copied(reviewer, article)
    assert found["html"].startswith(f"{GUARD}<section")
    assert found["html"].endswith(f"</section>{GUARD}")
    assert 'src="https://hetang.example/' in found["html"]
    assert found["text"].split("\n")[0] == "一二"
    assert (found["notes"], found["problem"]) == ([], "")


def test_pictures_that_wechat_cannot_fetch(reviewer: Client, article: ArticlePage) -> None:
    assert "不是 https" in copied(reviewer, article)["notes"][0]


def test_a_lost_picture_is_not_left_out_silently(reviewer: Client, article: ArticlePage) -> None:
    image = article.pictures()[0]
    image.file.storage.delete(image.file.name)
    found = copied(reviewer, article)
    assert "html" not in found
    assert "文件丢失" in found["problem"]


def test_only_who_may_read_drafts_copies(
    people: SimpleNamespace, client: Client, article: ArticlePage
) -> None:
    client.force_login(people.contributor)
    for name in ("articles_wechat_html", "articles_preview"):
        assert client.get(reverse(name, args=[article.pk])).status_code in (302, 403)
