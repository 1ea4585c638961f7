"""The QR code of an article: on paper, and as a file from the desk."""

import re
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles.public import qr
from tests.factories.articles import ArticleFactory
from tests.factories.users import UserFactory, one_of_each

from .scene import SITE, live, soup

ADDRESS = f"{SITE}/yaowen/20190917-123456/"


def modules(picture: Image.Image, across: int) -> list[list[bool]]:
    """Which modules of a code of ``across`` with its border are dark."""
    step = picture.width / across
    middles = [int((n + 0.5) * step) for n in range(across)]
    return [[picture.getpixel((x, y)) < 128 for x in middles] for y in middles]


def drawn(path: str, across: int) -> list[list[bool]]:
    """The same read from the runs of an SVG path: ``M x y h n``, then ``m dx dy h n``."""
    dark = [[False] * across for _ in range(across)]
    x = y = 0.0
    for command, arguments in re.findall(r"([Mmh])([-\d. ]+)", path):
        numbers = [float(number) for number in re.findall(r"-?\d*\.?\d+", arguments)]
        if command == "M":
            x, y = numbers
        elif command == "m":
            x, y = x + numbers[0], y + numbers[1]
        else:
            for step in range(int(numbers[0])):
                dark[int(y)][int(x) + step] = True
            x += numbers[0]
    return dark


def test_the_picture_is_small_and_the_same_as_the_file() -> None:
    svg = qr.as_inline_svg(ADDRESS)
    assert len(svg.encode()) < 3000
    figure = BeautifulSoup(svg, "lxml").svg
    across = int(figure["viewbox"].split()[-1])
    path = figure.find("path", stroke=True)
    png = Image.open(BytesIO(qr.as_png(ADDRESS))).convert("L")
    assert png.width == png.height == across * qr.PNG_SCALE
    code = modules(png, across)
    assert drawn(path["d"], across) == code
    # The three finder patterns inside a quiet zone of four modules (ISO/IEC 18004).
    assert not any(code[row][column] for row in range(4) for column in range(across))
    finder = [[True] * 7, [True, *[False] * 5, True]]
    for top, left in ((4, 4), (4, across - 11), (across - 11, 4)):
        assert [code[top + row][left : left + 7] for row in (0, 1)] == finder


def test_other_addresses_are_other_pictures() -> None:
    assert qr.as_svg(ADDRESS) == qr.as_svg(ADDRESS) != qr.as_svg(f"{SITE}/")


@pytest.mark.django_db
class TestPages:
    def test_the_printed_page_bears_its_address(self, client: Client, settings: Any) -> None:
        settings.SITE_URL = SITE
        article = live()
        foot = soup(client, article.url).find(class_="article-qr")
        assert f"{SITE}{article.url}" in foot.p.text
        expected = BeautifulSoup(qr.as_inline_svg(f"{SITE}{article.url}"), "lxml")
        assert foot.svg.find("path", stroke=True)["d"] == expected.find("path", stroke=True)["d"]
        assert foot["aria-hidden"] == "true"  # the address itself is no news to who listens

    @pytest.mark.parametrize(
        ("kind", "content_type", "begins"),
        [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")],
    )
    def test_the_desk_offers_files(
        self, client: Client, settings: Any, kind: str, content_type: str, begins: bytes
    ) -> None:
        settings.SITE_URL = SITE
        client.force_login(one_of_each().editor)
        article = live()
        address = reverse("articles_qr", args=[article.pk, kind])
        desk = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
        assert f'href="{address}"' in desk
        response = client.get(address)
        assert response["Content-Type"] == content_type
        assert f'filename="{article.slug}.{kind}"' in response["Content-Disposition"]
        assert response.content.startswith(begins)
        assert response.content == getattr(qr, f"as_{kind}")(f"{SITE}{article.url}")

    def test_what_is_not_public_has_none(self, client: Client) -> None:
        client.force_login(one_of_each().editor)
        draft = ArticleFactory()
        address = reverse("articles_qr", args=[draft.pk, "png"])
        assert client.get(address).status_code == 404
        desk = client.get(reverse("articles_desk", args=[draft.pk])).content.decode()
        assert address not in desk

    def test_it_is_for_those_who_may_read_articles(self, client: Client) -> None:
        article = live()
        address = reverse("articles_qr", args=[article.pk, "png"])
        assert client.get(address).status_code == 302
        client.force_login(UserFactory(roles=["contributor"]))
        assert client.get(address).status_code == 302
