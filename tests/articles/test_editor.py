"""Writing through Wagtail's editor: what the editor's form does and what it refuses."""

import pytest
from django.urls import reverse
from wagtail.models import PageLogEntry, WorkflowState
from wagtail.test.utils.form_data import (
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from articles.models import ArticlePage
from articles.review import services
from cms.ops.models import AuditEntry
from tests.factories.articles import ArticleFactory, ColumnFactory, approve_by

pytestmark = pytest.mark.django_db


def form(**changes):
    return nested_form_data(
        {
            "title": "菜市场的早晨",
            "digest": "六点半，第一担青菜到了。",
            "cover": "",
            "kind": "story",
            "author": "区融媒体中心",
            "editor_in_charge": "值班编辑",
            "planned_for": "",
            "tags": "",
            "body": streamfield([("paragraph", rich_text("<p>六点半。</p>"))]),
            "sources": inline_formset([{"name": "株洲日报", "url": "", "date": "2019-09-17"}]),
            "comments": inline_formset([]),
            **changes,
        }
    )


def create(client, column, **changes):
    url = reverse("wagtailadmin_pages:add", args=["articles", "articlepage", column.pk])
    return client.post(url, form(**changes))


def edit(client, article, **changes):
    """Save for the version that is the latest now."""
    latest = ArticlePage.objects.get(pk=article.pk).latest_revision_id
    loaded = {"loaded_revision_id": latest} if latest else {}
    return client.post(
        reverse("wagtailadmin_pages:edit", args=[article.pk]), form(**loaded, **changes)
    )


def test_an_editor_writes_a_draft(people, client):
    client.force_login(people.editor)
    assert create(client, ColumnFactory()).status_code == 302
    article = ArticlePage.objects.get()
    assert not article.live
    assert article.slug.endswith(f"-{article.pk}") and article.slug.isascii()
    assert [s.name for s in article.sources.all()] == ["株洲日报"]


@pytest.mark.parametrize(("role", "may"), [("editor", True), ("reviewer_credible", False)])
def test_who_is_offered_a_new_article(people, client, role, may):
    client.force_login(getattr(people, role))
    address = reverse("articles:choose_parent")
    assert (address in client.get(reverse("articles:index")).content.decode()) is may


def test_a_new_article_begins_with_its_column(people, client):
    client.force_login(people.editor)
    first, _ = ColumnFactory(title="生活在荷塘"), ColumnFactory(title="小区自治")
    address = reverse("articles:choose_parent")
    page = client.get(address).content.decode()
    assert "生活在荷塘" in page and "小区自治" in page
    assert "请选择一个栏目。" in client.post(address, {}).content.decode()
    answer = client.post(address, {"parent_page": first.pk})
    assert answer["Location"].endswith(f"/add/articles/articlepage/{first.pk}/")


def test_the_address_of_a_chinese_title_is_date_and_id(people, client, time_machine):
    time_machine.move_to("2026-11-30T17:30:00Z")  # half past one in the morning of 1 December
    client.force_login(people.editor)
    create(client, ColumnFactory(slug="yaowen"))
    article = ArticlePage.objects.get()
    assert article.slug == f"20261201-{article.pk}"
    assert article.url_path == f"/home/yaowen/{article.slug}/"
    assert article.get_latest_revision_as_object().slug == article.slug


def test_submitting_from_the_editor_starts_the_reviews(people, client):
    client.force_login(people.editor)
    create(client, ColumnFactory(), **{"action-submit": "1"})
    article = ArticlePage.objects.get()
    assert article.current_workflow_task.name == "可信审核"
    assert AuditEntry.objects.filter(action="article.submit", actor=people.editor).count() == 1


@pytest.mark.parametrize("role", ["editor", "administrator", "publisher"])
def test_nobody_publishes_from_the_editor(people, client, role):
    client.force_login(getattr(people, role))
    create(client, ColumnFactory(), **{"action-publish": "1"})
    assert not ArticlePage.objects.live().exists()
    article = ArticleFactory(writer=people.editor)
    edit(client, article, **{"action-publish": "1"})
    assert not ArticlePage.objects.live().exists()


def test_a_superuser_does_not_publish_from_the_editor_either(people, client, django_user_model):
    root = django_user_model.objects.create_superuser("root", password=None, display_name="超级")
    client.force_login(root)
    create(client, ColumnFactory(), **{"action-publish": "1"})
    assert ArticlePage.objects.exists() and not ArticlePage.objects.live().exists()


def test_what_is_under_review_cannot_be_changed(people, client):
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    client.force_login(people.editor)
    response = edit(client, article, title="偷改")
    assert response.status_code == 409
    assert ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object().title != "偷改"
    html = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert "暂不能修改" in html and reverse("articles_desk", args=[article.pk]) in html


def test_wagtail_s_cancelling_leads_to_the_desk_where_a_reason_is_asked(people, client):
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    client.force_login(people.editor)
    response = edit(client, article, **{"action-cancel-workflow": "1"})
    desk = reverse("articles_desk", args=[article.pk])
    assert response["Location"] == f"{desk}#take-back"
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_IN_PROGRESS
    client.post(desk, {"action": "take_back", "reason": "数字要改"})
    assert WorkflowState.objects.get().status == WorkflowState.STATUS_CANCELLED
    assert ArticlePage.objects.get(pk=article.pk).get_lock() is None
    assert AuditEntry.objects.get(action="article.take_back").detail == {"reason": "数字要改"}


def test_resubmitting_a_changed_text_begins_with_the_first_review(people, client):
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    approve_by(article, people.reviewer_credible)
    state = ArticlePage.objects.get(pk=article.pk).current_workflow_task_state
    services.send_back(people.reviewer_readable, state, "标题太长")
    client.force_login(people.editor)
    edit(client, article, **{"action-submit": "1"})
    article = ArticlePage.objects.get(pk=article.pk)
    assert article.current_workflow_task.name == "可信审核"


@pytest.mark.parametrize("field", ["title", "digest", "author", "editor_in_charge"])
def test_what_must_be_there_before_review(people, client, field):
    client.force_login(people.editor)
    response = create(client, ColumnFactory(), **{field: "", "action-submit": "1"})
    assert response.status_code == 200
    assert field in response.context["form"].errors


def test_what_was_public_is_never_deleted(people, client):
    article = ArticleFactory(
        writer=people.editor, live=True, first_published_at="2019-09-17T00:00:00Z"
    )
    for person in (people.editor, people.administrator, people.publisher):
        client.force_login(person)
        client.post(reverse("wagtailadmin_pages:delete", args=[article.pk]))
        url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
        client.post(f"{url}?id={article.pk}")
    assert ArticlePage.objects.filter(pk=article.pk).exists()


def test_bulk_publish_publishes_nothing(people, client):
    article = ArticleFactory(writer=people.editor)
    client.force_login(people.administrator)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{url}?id={article.pk}")
    assert not ArticlePage.objects.live().exists()
    assert not PageLogEntry.objects.filter(action="wagtail.publish").exists()


def test_a_copy_of_a_public_article_is_a_draft(people, client):
    article = ArticleFactory(
        writer=people.editor,
        live=True,
        first_published_at="2019-09-17T00:00:00Z",
        origin="imported",
    )
    client.force_login(people.administrator)
    url = reverse("wagtailadmin_pages:copy", args=[article.pk])
    column = article.get_parent()
    form = {
        "new_title": "再说一次",
        "new_slug": "again",
        "new_parent_page": column.pk,
        "copy_subpages": "",
    }
    for unreviewed in ("publish_copies", "alias"):
        assert client.post(url, {**form, unreviewed: "on"}).status_code == 200
        assert ArticlePage.objects.count() == 1
    assert client.post(url, form).status_code == 302
    by_hand = article.copy(to=column, update_attrs={"slug": "by-hand"})
    for copy in ArticlePage.objects.exclude(pk=article.pk):
        assert not copy.live and copy.first_published_at is None
        assert copy.slug.endswith(f"-{copy.pk}")
        assert copy.origin == "workbench"
    assert by_hand.pk


def test_columns_are_not_copied(people, client):
    article = ArticleFactory(writer=people.editor, live=True)
    column = article.get_parent().specific
    for person in (people.administrator, people.editor):
        assert not column.permissions_for_user(person).can_copy()
