"""批注: where they stand, who settles them, and what they hold up."""

import json

import pytest
from django.urls import reverse
from wagtail.models import Comment
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from articles import publishing
from articles.models import ArticlePage
from articles.publishing import PublishRefused
from articles.review import approvals, comments, services
from articles.review.passages import places
from articles.review.refusals import ReviewRefused
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory, approve_by, body, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(people):
    article = ArticleFactory(
        writer=people.editor,
        title="楼道灯亮了",
        body=body(
            ("paragraph", "<p>早上八点，社区的门开了。</p>"),
            ("quotation", {"text": "不怕了。", "speaker": "王芳", "role": ""}),
            ("items", {"ordered": False, "items": ["灯", "门"]}),
        ),
    )
    services.submit(people.editor, article)
    return article


def again(article) -> ArticlePage:
    return ArticlePage.objects.get(pk=article.pk)


def text_of(article) -> ArticlePage:
    return again(article).get_latest_revision_as_object()


def path_of(article, label: str) -> str:
    return next(p.path for p in places(text_of(article)) if p.label == label)


def test_every_place_is_a_contentpath_of_wagtail(article):
    text = text_of(article)
    found = places(text)
    assert [str(p) for p in found[3:]] == [
        "第1块 正文：早上八点，社区的门开了。",
        "第2块 引语：不怕了。",
        "第3块 清单：灯",
    ]
    assert all(Comment(contentpath=p.path).has_valid_contentpath(text) for p in found)


@pytest.mark.parametrize(
    ("paragraph", "where"),
    [
        ("早上八点，社区的门开了。", "第1块 正文：早上八点，社区的门开了。"),
        ("早上八点，", "第1块 正文：早上八点"),
        ("一" * 24, "第1块 正文：" + "一" * 24),
        ("一" * 25, "第1块 正文：" + "一" * 24 + "…"),
        ("一" * 23 + "，社区的门开了。", "第1块 正文：" + "一" * 23 + "…"),
        ("一" * 22 + "说：“门开了。”", "第1块 正文：" + "一" * 22 + "说…"),
        ("一" * 23 + "。门开了。", "第1块 正文：" + "一" * 23 + "…"),
        ("，", "第1块 正文"),
    ],
)
def test_a_place_never_ends_in_a_comma(people, paragraph, where):
    article = ArticleFactory(writer=people.editor, body=body(("paragraph", f"<p>{paragraph}</p>")))
    text = text_of(article)
    (place,) = [p for p in places(text) if p.path.startswith("body.")]
    assert comments.where(place.path, text) == str(place) == where


def test_a_comment_on_rich_text_says_where_its_editor_shows_it(people):
    html = '<p data-block-key="k1">早上<b>八点</b>。</p><p data-block-key="k2">门开了。</p>'
    article = ArticleFactory(
        writer=people.editor, body=body(("paragraph", html), ("paragraph", "<p>没有编号。</p>"))
    )
    for label, position in (
        ("第1块 正文", [{"key": "k1", "start": 0, "end": 5}]),
        ("第2块 正文", []),
    ):
        comment = comments.add(people.reviewer_credible, article, path_of(article, label), "？")
        assert json.loads(Comment.objects.get(pk=comment.pk).position) == position


def test_a_comment_is_noted_without_touching_the_text(people, article):
    before = text_of(article).content_digest
    revision = again(article).latest_revision_id
    comment = comments.add(
        people.reviewer_credible, article, path_of(article, "第1块 正文"), " 几点？ "
    )
    assert (comment.text, comment.user) == ("几点？", people.reviewer_credible)
    assert text_of(article).content_digest == before
    assert again(article).latest_revision_id == revision
    assert approvals.authors_since_live(article) == {people.editor.pk}
    approve_by(article, people.reviewer_credible)
    entry = AuditEntry.objects.get(action="article.comment")
    assert entry.detail == {"text": "几点？", "where": "第1块 正文：早上八点，社区的门开了。"}


@pytest.mark.parametrize(
    ("path", "text", "words"),
    [
        ("title", "  ", "请写下批注"),
        ("title", "长" * 1001, "最多 1000 字"),
        ("body.gone", "这里", "位置已经改动"),
        ("slug", "这里", "位置已经改动"),
    ],
    ids=["no words", "too long", "no such block", "no place for comments"],
)
def test_what_is_no_comment(people, article, path, text, words):
    with pytest.raises(ReviewRefused, match=words):
        comments.add(people.reviewer_credible, article, path, text)
    assert not Comment.objects.exists()


def test_who_may_not_read_drafts_comments_nothing(people, article):
    for person in (people.office, people.contributor):
        with pytest.raises(ReviewRefused, match="没有查看稿件的权限"):
            comments.add(person, article, "title", "改")


def test_an_open_comment_holds_up_the_last_approval_only(people, article):
    comments.add(people.reviewer_credible, article, "title", "太长")
    approve_by(article, people.reviewer_credible, people.reviewer_readable)
    with pytest.raises(
        ReviewRefused, match=f"1 条批注没有解决（{people.reviewer_credible}：“太长”"
    ):
        approve_by(article, people.reviewer_approachable)
    assert running_step(article).task.name == "可亲审核"
    comment = Comment.objects.get()
    comments.resolve(people.reviewer_credible, article, comment.pk)
    approve_by(article, people.reviewer_approachable)
    assert running_step(article).task.name == "待发布"


def test_an_open_comment_holds_up_publication(people, article):
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    comment = comments.add(people.publisher, article, "title", "再看一眼")
    with pytest.raises(PublishRefused, match="再看一眼"):
        publishing.publish_now(people.publisher, article)
    assert not again(article).live
    comments.resolve(people.publisher, article, comment.pk)
    publishing.publish_now(people.publisher, article)
    assert again(article).live


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("editor", False),
        ("reviewer_credible", True),
        ("reviewer_readable", True),
        ("publisher", False),
        ("administrator", False),
    ],
)
def test_who_settles_a_comment(people, article, role, may):
    comment = comments.add(people.reviewer_credible, article, "title", "太长")
    if may:
        comments.resolve(getattr(people, role), article, comment.pk)
    else:
        with pytest.raises(ReviewRefused, match="回复“已改”"):
            comments.resolve(getattr(people, role), article, comment.pk)
    comment.refresh_from_db()
    assert (comment.resolved_at is not None) == may


def test_neither_a_superuser_nor_a_reviewer_who_wrote_settles_for_others(people):
    both = UserFactory(roles=["editor", "reviewer_readable"])
    article = ArticleFactory(writer=both)
    services.submit(both, article)
    comment = comments.add(people.reviewer_credible, article, "title", "太长")
    for person in (both, UserFactory(is_superuser=True)):
        with pytest.raises(ReviewRefused, match="其他审核人"):
            comments.resolve(person, article, comment.pk)


def test_a_settled_comment_is_settled_once(people, article):
    comment = comments.add(people.reviewer_credible, article, "title", "太长")
    comments.resolve(people.reviewer_credible, article, comment.pk)
    for pk in (comment.pk, 0, "x", ""):
        with pytest.raises(ReviewRefused, match="已经解决或删除"):
            comments.resolve(people.reviewer_credible, article, pk)
    assert AuditEntry.objects.filter(action="article.comment_resolve").count() == 1


def test_a_comment_stays_with_its_article(people, article):
    other = ArticleFactory(writer=people.editor)
    comment = comments.add(people.reviewer_credible, article, "title", "太长")
    with pytest.raises(ReviewRefused, match="已经解决或删除"):
        comments.resolve(people.reviewer_credible, other, comment.pk)


def test_comments_on_the_desk(people, article, client):
    address = reverse("articles_desk", args=[article.pk])
    client.force_login(people.reviewer_credible)
    path = path_of(article, "第1块 正文")
    client.post(address, {"action": "comment", "place": path, "comment_text": "<b>几点</b>？"})
    html = client.get(address).content.decode()
    assert "&lt;b&gt;几点&lt;/b&gt;？" in html and "（1 条没有解决）" in html
    comment = Comment.objects.get()
    client.force_login(people.editor)
    html = client.get(address).content.decode()
    assert "已解决</button>" not in html
    client.post(
        address, {"action": "comment_reply", "comment": comment.pk, "reply_text": "已改为九点"}
    )
    assert comment.replies.get().text == "已改为九点"
    response = client.post(
        address, {"action": "comment", "place": "title", "comment_text": "字" * 1001}
    )
    assert "请写短些" in response.content.decode() and "字" * 1001 in response.content.decode()


def posted_comment(comment, **changes) -> dict:
    """The article's form in Wagtail's editor with one stored comment in it."""
    about = ArticlePage.objects.get(pk=comment.page_id)
    text = about.get_latest_revision_as_object()
    return nested_form_data(
        {
            "title": text.title,
            "digest": text.digest,
            "author": text.author,
            "editor_in_charge": text.editor_in_charge,
            "kind": text.kind,
            "body": streamfield([("paragraph", rich_text("<p>早上八点。</p>"))]),
            "sources": inline_formset([]),
            "loaded_revision_id": about.latest_revision_id,
            "comments": {
                **inline_formset([], initial=0),
                "TOTAL_FORMS": "1",
                "INITIAL_FORMS": "1",
                "0": {
                    "id": comment.pk,
                    "text": comment.text,
                    "contentpath": comment.contentpath,
                    "position": "",
                    "resolved": "",
                    "DELETE": "",
                    "replies": inline_formset([]),
                    **changes,
                },
            },
        }
    )


def test_the_editor_settles_comments_by_the_same_rule(people, article, client):
    theirs = comments.add(people.reviewer_credible, article, "title", "太长")
    services.send_back(people.reviewer_credible, running_step(article), "标题太长")
    address = reverse("wagtailadmin_pages:edit", args=[article.pk])
    client.force_login(people.editor)
    shown = client.get(address).context["form"].serialize_comments(people.editor)
    assert [c["text"] for c in shown["comments"]] == ["太长"]
    before = again(article).latest_revision_id
    client.post(address, posted_comment(theirs, resolved="on"))
    theirs.refresh_from_db()
    assert theirs.resolved_at is None and again(article).latest_revision_id == before
    own = comments.add(people.editor, article, "digest", "自己记一笔")
    theirs.delete()
    response = client.post(address, posted_comment(own, resolved="on"))
    own.refresh_from_db()
    assert response.status_code == 302 and own.resolved_by == people.editor
    assert AuditEntry.objects.filter(action="article.comment_resolve").count() == 1


def test_a_comment_on_a_deleted_block_still_counts(people, article):
    comments.add(people.reviewer_credible, article, path_of(article, "第2块 引语"), "谁说的")
    services.send_back(people.reviewer_credible, running_step(article), "改")
    text = text_of(article)
    text.body = json.dumps([{"type": "paragraph", "value": "<p>只剩一段。</p>", "id": "n1"}])
    text.save_revision(user=people.editor)
    noted = comments.noted(again(article), text_of(article), people.reviewer_credible)
    assert [n.where for n in noted] == ["（原来的位置已经改掉）"]
    assert "谁说的" in comments.why_not_ready(article)
