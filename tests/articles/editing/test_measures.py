"""How long an article is, and the length beyond which it is refused. The editor's script counts the
same; tests/e2e/test_editing.py compares the two in a browser."""

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import rich_text, streamfield

from articles.editing.measures import BODY_MOST, Measures, characters, measures
from articles.models import ArticlePage
from tests.articles.test_editor import create, form
from tests.factories.articles import ArticleFactory, ColumnFactory, body

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("荷塘", 2),
        (" 荷\u3000塘\n\t", 2),
        ("𠮷祥", 2),
        ("12.5%，", 6),
    ],
)
def test_characters(text, length):
    assert characters(text) == length


def items(*texts):
    return [{"type": "item", "value": text, "id": str(n)} for n, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("block", "length"),
    [
        (("paragraph", "<p>早上<b>八点</b>，</p><p>&lt;门&gt;开了。</p>"), 11),
        (("paragraph", '<p><a href="https://a.example/">看这里</a></p>'), 3),
        (("subheading", "小 标题"), 3),
        (("quotation", {"text": "好。", "speaker": "老李", "role": ""}), 4),
        (("items", {"ordered": True, "items": items("一", "二二")}), 3),
        (("picture", {"image": None, "caption": "图注", "alt_text": "不算"}), 2),
        (("video", {"title": "片", "url": "https://v.example/", "tencent_id": "a0123bcdefg"}), 1),
        (
            (
                "figure",
                {"label": "人", "value": "12", "unit": "", "source": "区", "date": "2026-11-01"},
            ),
            4,
        ),
        (
            (
                "table",
                {
                    "caption": "表",
                    "header": items("甲", "乙"),
                    "rows": [{"type": "item", "id": "r", "value": items("1", "")}],
                },
            ),
            4,
        ),
        (("divider", None), 0),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_blocks(block, length):
    article = ArticlePage(title="题", digest="摘要", body=body(block))
    assert measures(article) == Measures(title=1, digest=2, body=length)


@pytest.mark.parametrize(("length", "minutes"), [(0, 0), (1, 1), (300, 1), (301, 2), (900, 3)])
def test_reading_takes_begun_minutes(length, minutes):
    assert Measures(0, 0, length).minutes == minutes


def test_the_desk_says_how_long_it_is(people, client):
    article = ArticleFactory(writer=people.editor, title="菜市场", digest="到了。")
    client.force_login(people.reviewer_credible)
    page = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert "标题 3 字 · 摘要 3 字 · 正文 12 字 · 约 1 分钟读完" in page


@pytest.mark.parametrize(("length", "is_saved"), [(BODY_MOST, True), (BODY_MOST + 1, False)])
def test_too_long_a_body_is_refused_with_a_sentence_and_kept(people, client, length, is_saved):
    client.force_login(people.editor)
    text = streamfield([("paragraph", rich_text(f"<p>{'荷' * length}</p>"))])
    response = create(client, ColumnFactory(), body=text)
    assert ArticlePage.objects.exists() is is_saved
    if not is_saved:
        shown = response.context["form"]
        (error,) = shown.errors.as_data()["body"]
        (sentence,) = error.non_block_errors
        assert f"正文有 {length} 字，最多 {BODY_MOST} 字" in sentence
        assert len(shown["body"].value()[0].value.source) >= length


def test_two_hundred_thousand_characters_in_an_old_tab(people, client):
    """Both at once: out of date and too long. Everything typed is still there."""
    article = ArticleFactory(writer=people.editor)
    client.force_login(people.editor)
    text = streamfield([("paragraph", rich_text(f"<p>{'荷塘。' * 66_667}</p>"))])
    response = client.post(
        reverse("wagtailadmin_pages:edit", args=[article.pk]),
        form(body=text, loaded_revision_id="987654321"),
    )
    assert response.status_code == 409
    assert response.content.decode().count("荷塘。" * 66_667) >= 1
