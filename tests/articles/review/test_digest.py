"""What changes the content digest and what does not."""

import json
from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import ArticlePage, SourceCitation
from articles.review.digest import digest_of, files_read_once
from tests.factories.articles import ArticleFactory, body
from tests.factories.media import ImageFactory

pytestmark = pytest.mark.django_db


def test_order_of_keys_does_not_matter():
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of({"b": [2, 3]}) != digest_of({"b": [3, 2]})


@pytest.fixture
def article():
    return ArticleFactory(
        body=body(("paragraph", "<p>一</p>"), ("paragraph", "<p>二</p>")), cover=ImageFactory()
    )


def as_saved(article: ArticlePage) -> ArticlePage:
    article.save_revision()
    return article.get_latest_revision_as_object()


def test_saving_without_change_keeps_the_digest(article):
    before = article.content_digest
    assert as_saved(article).content_digest == before
    assert ArticlePage.objects.get(pk=article.pk).content_digest == before


@pytest.mark.parametrize("field", ["title", "digest", "author", "editor_in_charge"])
def test_every_field_counts(article, field):
    before = article.content_digest
    setattr(article, field, "改过")
    assert as_saved(article).content_digest != before


def test_order_of_blocks_counts_and_their_ids_do_not(article):
    before = article.content_digest
    blocks = json.loads(json.dumps(list(article.body.raw_data)))
    article.body = json.dumps(blocks[::-1])
    assert article.content_digest != before
    article.body = json.dumps([{"type": b["type"], "value": b["value"]} for b in blocks])
    assert article.content_digest == before


def test_the_editors_names_of_paragraphs_are_no_content(article):
    def text(html: str) -> str:
        article.body = body(("paragraph", html))
        return article.content_digest

    plain = text("<p>一</p><ul><li>二</li></ul>")
    assert text('<p data-block-key="a1b2c">一</p><ul><li data-block-key="d">二</li></ul>') == plain
    assert text('<p data-block-key="a1b2c">一</p><ul><li data-block-key="d">三</li></ul>') != plain
    assert text('<p>data-block-key="a1b2c"一</p><ul><li>二</li></ul>') != plain


def test_sources_and_their_order_count(article):
    before = article.content_digest
    article.sources = [
        *article.sources.all(),
        SourceCitation(name="区政府网", date=date(2019, 9, 1)),
    ]
    two = as_saved(article).content_digest
    assert two != before
    article.sources = list(article.sources.all())[::-1]
    for order, source in enumerate(article.sources.all()):
        source.sort_order = order
    assert as_saved(article).content_digest != two


def test_tags_count(article):
    before = article.content_digest
    article.tags.add("社区")
    assert article.content_digest != before


def test_the_bytes_of_a_picture_count_not_only_its_name(article):
    before = article.content_digest
    image = article.cover
    with image.open_file() as file:
        longer = ContentFile(file.read() + b"x", name="same.jpg")
    image.file = longer
    image._set_image_file_metadata()
    image.save()
    assert ArticlePage.objects.get(pk=article.pk).content_digest != before


def test_a_picture_in_the_body_counts(article):
    image = ImageFactory()
    article.body = body(
        ("picture", {"image": image.pk, "caption": "", "alt_text": ""}),
    )
    before = article.content_digest
    image.alt_text = "换了说明"
    image.save()
    assert article.content_digest != before


def test_within_a_block_files_are_read_once_and_others_all_the_same(article):
    before = article.content_digest
    with files_read_once():
        assert article.content_digest == before
        with CaptureQueriesContext(connection) as asked:
            assert article.content_digest == before
        assert not [query for query in asked if "media_customimage" in query["sql"]]
        article.cover = other = ImageFactory()
        changed = article.content_digest
        assert changed != before
    other.alt_text = "换了说明"
    other.save()
    assert article.content_digest not in (before, changed)


def test_plan_and_time_do_not_count(article):
    before = article.content_digest
    article.planned_for = timezone.localdate()
    article.go_live_at = timezone.now() + timedelta(hours=1)
    assert as_saved(article).content_digest == before
