"""从 Word 新建 and 导入到本稿, as people go through them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from articles.importing import drafts
from articles.models import ArticlePage
from articles.review import services
from cms.ops.models import AuditEntry
from media.models import CustomImage
from tests.factories.articles import ArticleFactory, ColumnFactory, running_step

from .docx_files import png, saved

pytestmark = pytest.mark.django_db
UPLOAD = "articles_word_upload"


@pytest.fixture
def column(people):
    return ColumnFactory(title="身边事")


@pytest.fixture
def signed_in(client, people):
    client.force_login(people.editor)
    return client


def word(*, pictures: int = 0, heading: str = "荷塘来了新图书馆") -> SimpleUploadedFile:
    document = Document()
    if heading:
        document.add_heading(heading, 1)
    document.add_paragraph("早上八点，图书馆开门。")
    for number in range(pictures):
        document.add_picture(png(("red", "green", "blue")[number % 3]))
    return SimpleUploadedFile("新图书馆.docx", saved(document))


def begin(client, column, file, **more):
    """Upload; answers the address of the preview."""
    response = client.post(reverse(UPLOAD), {"column": column.pk, "file": file, **more})
    assert response.status_code == 302, response.content.decode()[-3000:]
    return response.url


def described(number: int, **changes: str) -> dict[str, str]:
    words = {"alt_text": "图书馆门口", "credit": "区融媒体中心", "licence": "own", **changes}
    return {f"picture-{number}-{name}": value for name, value in words.items() if value}


def test_from_a_file_to_a_draft(signed_in, column, people):
    address = begin(signed_in, column, word(pictures=2), credit="金山街道")
    page = signed_in.get(address).content.decode()
    assert "早上八点，图书馆开门。" in page and 'value="荷塘来了新图书馆"' in page
    assert page.count('value="金山街道"') == 2
    assert not CustomImage.objects.exists()
    response = signed_in.post(
        address,
        {
            "title": "新图书馆",
            "author": "李编辑",
            **described(0),
            "picture-1-left_out": "on",
            "action": "save",
        },
    )
    article = ArticlePage.objects.get(title="新图书馆")
    assert response.url == reverse("wagtailadmin_pages:edit", args=[article.pk])
    assert not article.live and article.owner == people.editor
    assert article.get_parent().pk == column.pk
    image = CustomImage.objects.get()
    assert (image.alt_text, image.credit, image.uploaded_by_user) == (
        "图书馆门口",
        "区融媒体中心",
        people.editor,
    )
    draft = article.get_latest_revision_as_object()
    assert [(b.block_type, str(b.value)) for b in draft.body if b.block_type != "picture"] == [
        ("paragraph", "<p>早上八点，图书馆开门。</p>")
    ]
    assert [b.value["image"].pk for b in draft.body if b.block_type == "picture"] == [image.pk]
    entry = AuditEntry.objects.get(action="article.from_word")
    assert (entry.object_id, entry.detail) == (str(article.pk), {"file": "新图书馆.docx"})
    assert signed_in.get(response.url).status_code == 200


def test_who_imported_is_an_author_and_reviews_nothing(signed_in, column, people):
    address = begin(signed_in, column, word())
    signed_in.post(address, {"title": "题", "author": "李", "action": "save"})
    article = ArticlePage.objects.get(title="题")
    article.digest, article.editor_in_charge = "摘要", "值班"
    article.save_revision(user=people.administrator)
    services.submit(people.administrator, article)
    people.editor.groups.set(people.reviewer_credible.groups.all())
    task = running_step(article).task.specific
    assert services.why_not_review(people.editor, article, task)


def test_posting_twice_makes_one_draft(signed_in, column):
    address = begin(signed_in, column, word())
    answer = {"title": "题", "author": "李", "action": "save"}
    signed_in.post(address, answer)
    again = signed_in.post(address, answer, follow=True)
    assert ArticlePage.objects.filter(title="题").count() == 1
    assert "已过期或已处理" in again.content.decode()


def test_a_picture_nobody_described_is_asked_for(signed_in, column):
    address = begin(signed_in, column, word(pictures=1))
    response = signed_in.post(address, {"title": "题", "author": "李", "action": "save"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "请写出图里有什么" in page and "请写明图片来源" in page and "请选择授权情况" in page
    assert not CustomImage.objects.exists() and not ArticlePage.objects.exists()


def test_pictures_are_shown_to_the_one_who_uploaded(signed_in, column, people, client):
    address = begin(signed_in, column, word(pictures=1))
    picture = re.search(r'<img src="([^"]+/pictures/0/)"', signed_in.get(address).content.decode())[
        1
    ]
    shown = signed_in.get(picture)
    assert (shown["Content-Type"], shown["Content-Security-Policy"]) == ("image/png", "sandbox")
    assert shown.content == png("red").getvalue()
    assert signed_in.get(picture.replace("/0/", "/1/")).status_code == 404
    client.force_login(people.administrator)
    assert client.get(picture).status_code == 404


def test_a_failure_leaves_no_picture_behind(signed_in, column, monkeypatch):
    address = begin(signed_in, column, word(pictures=1))

    def fail(*args, **kwargs):
        raise drafts.ImportRefused("现在不能保存。")

    monkeypatch.setattr(drafts.audit, "record", fail)
    before = set(Path(settings.MEDIA_ROOT).rglob("imported-*"))
    response = signed_in.post(
        address, {"title": "题", "author": "李", **described(0), "action": "save"}
    )
    assert response.status_code == 409 and "现在不能保存。" in response.content.decode()
    assert not CustomImage.objects.exists() and not ArticlePage.objects.exists()
    assert set(Path(settings.MEDIA_ROOT).rglob("imported-*")) == before
    monkeypatch.undo()
    signed_in.post(address, {"title": "题", "author": "李", **described(0), "action": "save"})
    assert ArticlePage.objects.filter(title="题").exists()


def test_giving_up_keeps_nothing(signed_in, column):
    address = begin(signed_in, column, word())
    kept = settings.VAR_DIR / "imports"
    before = len(list(kept.iterdir()))
    signed_in.post(address, {"action": "cancel"})
    assert len(list(kept.iterdir())) == before - 1
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("讲话.doc", b"x", "另存为 .docx"),
        ("讲话.docx", b"not a zip", "另存为 .docx"),
        ("讲话.docx", b"", "空的"),
    ],
    ids=["old", "damaged", "empty"],
)
def test_a_file_that_cannot_be_read_is_said(signed_in, column, name, data, words):
    response = signed_in.post(
        reverse(UPLOAD), {"column": column.pk, "file": SimpleUploadedFile(name, data)}
    )
    assert response.status_code == 422 and words in response.content.decode()


def test_the_licence_of_a_picture_is_to_be_chosen(signed_in, column):
    page = signed_in.get(begin(signed_in, column, word(pictures=1))).content.decode()
    assert re.search(r'-licence".*?<option value="" selected>请选择</option>', page, re.S)
    assert "-----" not in page


def test_a_file_without_a_heading_is_called_by_its_name(signed_in, column):
    page = signed_in.get(begin(signed_in, column, word(heading=""))).content.decode()
    assert 'value="新图书馆"' in page


def test_the_list_leads_to_it_only_for_writers(client, people, column):
    for person, shown in ((people.editor, True), (people.reviewer_credible, False)):
        client.force_login(person)
        assert ("从 Word 新建" in client.get(reverse("articles:index")).content.decode()) is shown
    assert client.get(reverse(UPLOAD)).status_code == 302


# --- into a draft that exists -----------------------------------------------------------------


def into(client, article, file):
    response = client.post(reverse("articles_word_into_upload", args=[article.pk]), {"file": file})
    assert response.status_code == 302
    return response.url


def opened(page: str) -> str:
    return re.search(r'name="opened_revision" value="(\d+)"', page)[1]


def test_words_are_added_below_what_is_there(signed_in, people, column):
    article = ArticleFactory(column=column, writer=people.editor)
    address = into(signed_in, article, word(pictures=1))
    page = signed_in.get(address).content.decode()
    before = article.revisions.count()
    signed_in.post(address, {"opened_revision": opened(page), **described(0), "action": "save"})
    article.refresh_from_db()
    assert article.revisions.count() == before + 1
    body = article.get_latest_revision_as_object().body
    assert [block.block_type for block in body] == [
        "paragraph",
        "subheading",
        "paragraph",
        "picture",
    ]
    assert "早上八点，社区的门开了。" in str(body[0].value)


def test_a_draft_that_changed_meanwhile_is_shown_again(signed_in, people, column):
    article = ArticleFactory(column=column, writer=people.editor)
    address = into(signed_in, article, word())
    seen = opened(signed_in.get(address).content.decode())
    article.save_revision(user=people.administrator)
    response = signed_in.post(address, {"opened_revision": seen, "action": "save"})
    assert response.status_code == 409 and "有人改动了这篇稿子" in response.content.decode()
    assert len(article.get_latest_revision_as_object().body) == 1
    again = opened(response.content.decode())
    signed_in.post(address, {"opened_revision": again, "action": "save"})
    article.refresh_from_db()
    assert len(article.get_latest_revision_as_object().body) == 3


def test_a_text_under_review_takes_nothing(signed_in, people, column):
    article = ArticleFactory(column=column, writer=people.editor)
    address = into(signed_in, article, word())
    seen = opened(signed_in.get(address).content.decode())
    services.submit(people.editor, article)
    response = signed_in.post(address, {"opened_revision": seen, "action": "save"}, follow=True)
    assert "锁定" in response.content.decode()
    assert len(article.get_latest_revision_as_object().body) == 1


def test_one_article_s_file_is_not_another_s(signed_in, people, column):
    article, other = (ArticleFactory(column=column, writer=people.editor) for _ in range(2))
    address = into(signed_in, article, word())
    wrong = address.replace(f"/{article.pk}/word/", f"/{other.pk}/word/")
    assert signed_in.get(wrong).status_code == 302
