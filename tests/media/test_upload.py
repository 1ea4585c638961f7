"""Uploading through the admin: what is required and what is refused."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from wagtail.models import Collection

from media.models import CustomDocument, CustomImage
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = UserFactory(roles=["editor"])
    client.force_login(editor)
    return editor


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((60, 40), 50).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def post_image(client, data: bytes, name: str = "荷塘.jpg", **fields):
    form = {
        "title": "荷塘",
        "alt_text": "清晨的荷塘",
        "credit": "区融媒体中心",
        "licence": "own",
        "tags": "",
        "collection": Collection.get_first_root_node().pk,
        "file": SimpleUploadedFile(name, data, content_type="image/jpeg"),
        **fields,
    }
    return client.post(reverse("wagtailimages:add"), form)


def errors(response) -> str:
    return str(response.context["form"].errors)


def test_a_good_picture(client, editor):
    response = post_image(client, jpeg())
    assert response.status_code == 302, errors(response)
    image = CustomImage.objects.get()
    assert image.default_alt_text == "清晨的荷塘"


def test_the_address_of_a_picture_never_shows_another_one(client, editor):
    """Browsers ask for a rendition once a year; a name freed by a deletion must not come again."""
    addresses = set()
    for _ in range(3):
        assert post_image(client, jpeg(), name="IMG_0001.jpg").status_code == 302
        image = CustomImage.objects.get()
        addresses.add(image.get_rendition("width-30").url)
        image.delete()
    assert len(addresses) == 3
    assert post_image(client, jpeg(), name="荷" * 90 + ".jpg").status_code == 302
    assert len(CustomImage.objects.get().file.name) < 100


@pytest.mark.parametrize("field", ["alt_text", "credit", "licence"])
def test_what_must_be_said_of_a_picture(client, editor, field):
    response = post_image(client, jpeg(), **{field: ""})
    assert field in response.context["form"].errors
    assert not CustomImage.objects.exists()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<html>not a picture</html>", "a.jpg", "file"),
        (jpeg()[:-200], "a.jpg", "不完整"),
        (jpeg(), "a.png", "扩展名"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "file"),
    ],
)
def test_bad_pictures_are_refused_with_a_sentence(client, editor, data, name, words):
    response = post_image(client, data, name)
    assert response.status_code == 200
    assert words in errors(response)
    assert not CustomImage.objects.exists()


def test_a_disguised_document_is_refused(client, editor):
    response = client.post(
        reverse("wagtaildocs:add"),
        {
            "title": "通知",
            "tags": "",
            "collection": Collection.get_first_root_node().pk,
            "file": SimpleUploadedFile("通知.pdf", b"MZ\x90"),
        },
    )
    assert "不符" in errors(response)
    assert not CustomDocument.objects.exists()
