"""The rules over articles: on the desk, in the editor, and before a review begins."""

import pytest
from django.urls import reverse
from wagtail.models import WorkflowState
from wagtail.test.utils.form_data import rich_text, streamfield

from articles.models import ArticlePage, HomePage
from articles.review import services
from articles.review.refusals import ReviewRefused
from articles.wechat.lint import Severity, judging
from articles.wechat.rendering import Part, Rendered
from tests.articles.test_editor import form
from tests.factories.articles import ArticleFactory, ColumnFactory, body

pytestmark = pytest.mark.django_db

TOO_LONG = "<p>" + "更新一条街，先听一条街的人怎么说。" * 1_200 + "</p>"
REFUSAL = "微信排版有 1 处必须改。全文：连同排版代码有 "
CRAMPED = (
    Part("", "", "<p style='text-align:start'>标明</p>"),
    Part("aaa", "paragraph", "<p>一</p><p style='line-height:0'>二</p>"),
    Part("bbb", "table", "<table><tr><td style='width:999px'>三</td></tr></table>"),
)


def long_body():
    return streamfield([("paragraph", rich_text(TOO_LONG))])


@pytest.fixture
def cramped(monkeypatch):
    """Every article is written with mistakes that our own templates do not make."""
    html = f"<section>{''.join(part.html for part in CRAMPED)}</section>"
    rendered = Rendered(html, len(html), "", ("视频不能随稿件送到微信。",), CRAMPED)
    monkeypatch.setattr(judging, "render", lambda article, address_of: rendered)
    return rendered


def test_findings_know_the_block_they_are_in(people, cramped):
    judged = judging.judge(ArticleFactory(writer=people.editor))
    assert [(entry.finding.rule, entry.block) for entry in judged.found] == [
        ("1.6", ""),
        ("1.3", "aaa"),
        ("1.4", "bbb"),
    ]
    assert judged.characters == len(cramped.html)


def test_an_ordinary_article_keeps_the_rules(people):
    judged = judging.judge(ArticleFactory(writer=people.editor))
    assert not judged.found and judged.characters < 2_000


def test_a_title_too_long_for_wechat_is_told_and_stops_no_review(people):
    article = ArticleFactory(writer=people.editor, title="春" * 33)
    (entry,) = judging.judge(article).found
    assert (entry.finding.place, entry.finding.severity) == ("标题", Severity.WARNING)
    assert "请删去 1 个字" in entry.finding.message
    services.submit(people.editor, article)


# --- before a review ------------------------------------------------------------------------


def test_what_wechat_would_refuse_goes_into_no_review(people):
    article = ArticleFactory(writer=people.editor, body=body(("paragraph", TOO_LONG)))
    with pytest.raises(ReviewRefused, match=f"不能提交审核：{REFUSAL}"):
        services.submit(people.editor, article)
    assert not WorkflowState.objects.exists()


def test_a_refusal_names_the_first_three(people, cramped, monkeypatch):
    article = ArticleFactory(writer=people.editor)
    refusal = judging.why_unfit(article)
    assert refusal.startswith("微信排版有 2 处必须改。第1段“标明”：")  # the low line only warns
    monkeypatch.setattr(judging, "NAMED", 1)
    assert judging.why_unfit(article).endswith("另有 1 处。")


@pytest.mark.parametrize("text", [TOO_LONG, "<p>六点半。</p>"], ids=["too long", "short"])
def test_the_editor_keeps_as_a_draft_what_cannot_be_submitted(people, client, text):
    client.force_login(people.editor)
    column = ColumnFactory()
    posted = form(body=streamfield([("paragraph", rich_text(text))]), **{"action-submit": "1"})
    address = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", column.pk])
    answer = client.post(address, posted, follow=True).content.decode()
    article = ArticlePage.objects.get()
    is_long = text == TOO_LONG
    assert (f"没有提交，先存成了草稿：{REFUSAL}" in answer) is is_long
    assert (article.current_workflow_state is None) is is_long

    if is_long:
        posted["loaded_revision_id"] = article.latest_revision_id
        address = reverse("wagtailadmin_pages:edit", args=[article.pk])
        answer = client.post(address, posted, follow=True).content.decode()
        assert "没有提交，先存成了草稿" in answer
        assert ArticlePage.objects.get().current_workflow_state is None


def test_an_invalid_form_is_wagtail_s_to_refuse(people, client):
    client.force_login(people.editor)
    address = reverse(
        "wagtailadmin_pages:add", args=["articles", "articlepage", ColumnFactory().pk]
    )
    answer = client.post(address, form(title="", body=long_body(), **{"action-submit": "1"}))
    assert answer.status_code == 200 and not ArticlePage.objects.exists()


# --- while writing --------------------------------------------------------------------------


def test_the_form_is_judged_as_it_stands_and_nothing_is_kept(people, client):
    client.force_login(people.editor)
    article = ArticleFactory(writer=people.editor)
    before = article.latest_revision_id
    answer = client.post(
        reverse("articles_wechat_lint", args=[article.pk]), form(title="春" * 33, body=long_body())
    ).json()
    assert (answer["is_valid"], answer["errors"], answer["warnings"]) == (True, 1, 1)
    assert "必须改（1）" in answer["html"] and "请删去 1 个字" in answer["html"]
    article = ArticlePage.objects.get(pk=article.pk)
    assert article.latest_revision_id == before and article.title != "春" * 33


def test_so_is_one_that_was_never_saved(people, client):
    client.force_login(people.editor)
    address = reverse("articles_wechat_lint_new", args=[ColumnFactory().pk])
    answer = client.post(address, form(title="")).json()
    assert answer["is_valid"] and "没有发现排版问题" in answer["html"]
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("posted", [{}, {"title": "题"}, "bad date"])
def test_what_is_no_form_is_not_judged(people, client, posted):
    client.force_login(people.editor)
    article = ArticleFactory(writer=people.editor)
    if posted == "bad date":
        posted = form(planned_for="后天")
    answer = client.post(reverse("articles_wechat_lint", args=[article.pk]), posted)
    assert answer.json() == {"is_valid": False}


def test_only_who_may_write_asks_and_only_about_articles(people, client):
    article = ArticleFactory(writer=people.editor)
    address = reverse("articles_wechat_lint", args=[article.pk])
    client.force_login(people.reviewer_credible)
    assert client.post(address, form()).status_code == 302
    assert client.get(address).status_code in (302, 405)
    client.force_login(people.administrator)
    home = HomePage.objects.get()
    assert client.post(reverse("articles_wechat_lint", args=[home.pk]), form()).status_code == 404


def test_words_of_the_text_are_escaped(people, client, monkeypatch):
    html = "<p style='text-align:start'>&lt;img src=x onerror=alert(1)&gt;</p>"
    rendered = Rendered(f"<section>{html}</section>", 1, "", ("<b>注</b>",), (Part("a", "", html),))
    monkeypatch.setattr(judging, "render", lambda article, address_of: rendered)
    client.force_login(people.editor)
    article = ArticleFactory(writer=people.editor)
    answer = client.post(reverse("articles_wechat_lint", args=[article.pk]), form()).json()["html"]
    assert "&lt;img src" in answer and "<img" not in answer and "<b>" not in answer


# --- on the desk ----------------------------------------------------------------------------


def test_reviewers_read_it_on_the_desk(people, client, cramped):
    client.force_login(people.reviewer_credible)
    article = ArticleFactory(writer=people.editor)
    page = client.get(reverse("articles_desk", args=[article.pk])).content.decode()
    assert "微信排版检查（2 处必须改，1 处请留意）" in page
    assert "视频不能随稿件送到微信。" in page
    assert "data-wechat-lint-block" not in page
