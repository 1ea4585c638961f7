"""导入历史文章, as an administrator goes through it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import ArticlePage
from cms.ops.models import AuditEntry
from tests.factories.articles import ColumnFactory

from .pages import archive, page

pytestmark = pytest.mark.django_db
UPLOAD = "articles_past_upload"


@pytest.fixture
def column(people):
    return ColumnFactory(title="身边事")


@pytest.fixture
def signed_in(client, people):
    client.force_login(people.administrator)
    return client


def begin(client, column, files, **more):
    data = {
        "file": SimpleUploadedFile("历史.zip", archive(files)),
        "column": column.pk,
        "kind": "news",
        **more,
    }
    return client.post(reverse(UPLOAD), data)


def test_from_a_zip_to_the_mirror(signed_in, column, people):
    address = begin(signed_in, column, {"a.html": page()}).url
    shown = signed_in.get(address).content.decode()
    assert "荷塘来了新图书馆" in shown and "2019-11-08 08:00" in shown
    assert not ArticlePage.objects.exists()
    signed_in.post(address, {"action": "save"})
    article = ArticlePage.objects.get()
    assert article.live and article.first_published_at.year == 2019
    assert AuditEntry.objects.get(action="article.import_past").actor == people.administrator
    again = signed_in.post(address, {"action": "save"}, follow=True).content.decode()
    assert "已过期或已处理" in again and ArticlePage.objects.count() == 1


def test_bad_ones_wait_for_a_decision(signed_in, column):
    files = {"a.html": page(), "b.html": page("无日期", mid=2, ct="")}
    address = begin(signed_in, column, files).url
    assert "没有发布日期" in signed_in.get(address).content.decode()
    refused = signed_in.post(address, {"action": "save"})
    assert "还没有写入任何内容" in refused.content.decode() and not ArticlePage.objects.exists()
    signed_in.post(address, {"action": "save", "skip_bad": "1"})
    assert ArticlePage.objects.count() == 1


def test_hostile_words_are_shown_as_words(signed_in, column):
    address = begin(signed_in, column, {"<img src=x onerror=alert(1)>.html": b"x"}).url
    shown = signed_in.get(address).content.decode()
    assert "<img src=x" not in shown and "&lt;img src=x" in shown


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"file": SimpleUploadedFile("a.rar", b"x")}, "只收"),
        ({"file": SimpleUploadedFile("a.zip", b"x")}, "损坏"),
        ({"alt_from_caption": "on"}, "带入图片要写明图片来源"),
    ],
    ids=["kind", "damaged", "credit"],
)
def test_what_is_wrong_is_said_at_once(signed_in, column, more, words):
    response = begin(signed_in, column, {"a.html": page()}, **more)
    assert response.status_code == 422 and words in response.content.decode()


def test_giving_up_writes_nothing(signed_in, column):
    address = begin(signed_in, column, {"a.html": page()}).url
    signed_in.post(address, {"action": "cancel"})
    assert not ArticlePage.objects.exists()


def test_only_administrators_come_here(client, people):
    for person, allowed in ((people.administrator, True), (people.editor, False)):
        client.force_login(person)
        assert (client.get(reverse(UPLOAD)).status_code == 200) is allowed
        home = client.get(reverse("wagtailadmin_home")).content.decode()
        assert (reverse(UPLOAD) in home) is allowed
