"""Every block of the body, in the form that was looked at."""

import json
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.blocks import BodyBlock
from articles.models import ArticlePage
from articles.wechat.lint import Severity, lint
from articles.wechat.rendering import Rendered, pictures_of, render
from articles.wechat.rendering.blocks import SHOWN_BY
from articles.wechat.rendering.targets import page_address
from media.models import CustomDocument
from tests import scenes
from tests.articles.wechat.worst_case import MOST_PICTURES, worst_case
from tests.factories.claims import approved_claim
from tests.factories.rankings import BoardFactory

from .golden import FOLDER, assert_golden

KINDS = {*SHOWN_BY, "paragraph"}


def make() -> SimpleNamespace:
    claim = approved_claim(board=BoardFactory(name="示例榜", publisher="示例研究院"))
    return SimpleNamespace(article=worst_case(claim), account=claim.account)


scene = scenes.fixture(make)


@pytest.fixture
def article(scene: SimpleNamespace, db: None) -> ArticlePage:
    return deepcopy(scene.article)


@pytest.fixture
def rendered(article: ArticlePage) -> Rendered:
    return render(article, lambda image: f"https://mmbiz.qpic.cn/{image.title}")


def test_every_block_has_a_form_here() -> None:
    assert set(BodyBlock().child_blocks) == KINDS
    assert {path.stem for path in FOLDER.glob("*.html")} >= {*KINDS, "theme"}


@pytest.mark.parametrize("kind", ["theme", *sorted(KINDS)])
def test_a_block_looks_as_it_did(
    kind: str, rendered: Rendered, scene: SimpleNamespace, tmp_path: Path
) -> None:
    made = "\n".join(part.html for part in rendered.parts if (part.kind or "theme") == kind)
    unknown = ArticlePage.objects.get(title="只在网页上的一篇")
    document = CustomDocument.objects.get()
    for address, name in (
        (page_address(unknown), "https://mirror.example/page/"),
        (f"http://testserver{document.url}", "https://mirror.example/list.txt"),
        (scene.account.name, "示例号"),
    ):
        made = made.replace(address, name)
    assert_golden({kind: made}, tmp_path)


def test_the_parts_are_the_whole(rendered: Rendered, article: ArticlePage) -> None:
    opening, closing = rendered.html[: rendered.html.index(">") + 1], "</section>"
    assert rendered.html == opening + "".join(part.html for part in rendered.parts) + closing
    assert rendered.characters == len(rendered.html)
    ids = [part.block for part in rendered.parts if part.kind]
    assert ids == [block.id for block in article.body]


def test_the_worst_case_breaks_no_rule_of_wechat(rendered: Rendered) -> None:
    found = [each for each in lint(rendered.html) if each.severity != Severity.HINT]
    assert not found
    assert rendered.characters < 20_000


def test_each_picture_is_told_once_in_its_order(article: ArticlePage) -> None:
    pictures = pictures_of(article)
    assert [picture.title for picture in pictures] == [
        each["image"].title for each in article.body[5].value
    ]
    assert len(pictures) == MOST_PICTURES


def test_what_does_not_come_along_is_told(rendered: Rendered) -> None:
    assert [note[:2] for note in rendered.notes] == ["视频", "音频"]
    assert "请在公众号后台插入" in rendered.notes[0]


def test_read_more_leads_to_the_public_page(rendered: Rendered, article: ArticlePage) -> None:
    assert rendered.source_url == f"http://testserver{article.url}"


def test_a_longer_text_asks_no_more_queries(
    article: ArticlePage,
) -> None:
    prepared = article.body.stream_block.get_prep_value(article.body)

    def queries(times: int) -> int:
        article.body = json.dumps(prepared * times)
        with CaptureQueriesContext(connection) as asked:
            render(article, lambda image: "")
        return len(asked)

    queries(1)
    assert queries(1) == queries(3)
