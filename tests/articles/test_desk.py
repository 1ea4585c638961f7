"""The article desk over HTTP: who sees it, what each button does, what a refusal looks like."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePage
from articles.review import services
from tests import scenes
from tests.factories.articles import (
    ArticleFactory,
    approve_by,
    filled_form,
    running_step,
    under_review,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


scene = scenes.fixture(partial(under_review, title="楼道灯亮了"))


def desk(article) -> str:
    return reverse("articles_desk", args=[article.pk])


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def act(client, article, **data):
    return client.post(desk(article), data, follow=True)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("editor", 200),
        ("reviewer_credible", 200),
        ("reviewer_approachable", 200),
        ("publisher", 200),
        ("administrator", 200),
        ("office", 302),
        ("auditor", 302),
    ],
)
def test_who_may_look(people, article, client, role, status):
    client.force_login(getattr(people, role))
    assert client.get(desk(article)).status_code == status


def test_strangers_are_sent_to_sign_in(article, client):
    response = client.get(desk(article))
    assert response.status_code == 302 and "login" in response["Location"]


def test_a_reviewer_approves(people, article, client):
    client.force_login(people.reviewer_credible)
    page = client.get(desk(article))
    assert 'value="approve"' in page.content.decode()
    response = act(client, article, **filled_form(running_step(article), comment="好"))
    assert "已通过可信审核" in said(response)
    assert running_step(article).task.name == "可读审核"
    assert 'value="approve"' not in response.content.decode()


def test_a_reviewer_sends_back_only_with_a_reason(people, article, client):
    client.force_login(people.reviewer_credible)
    step = running_step(article).pk
    assert "原因" in said(act(client, article, action="send_back", step=step, comment=""))
    assert "退回" in said(act(client, article, action="send_back", step=step, comment="出处？"))


def test_the_author_sees_why_there_is_no_button(people, client):
    people.editor.groups.add(*people.reviewer_credible.groups.all())
    article = ArticleFactory(writer=people.editor)
    services.submit(people.editor, article)
    client.force_login(people.editor)
    html = client.get(desk(article)).content.decode()
    assert "不能审核自己的文章" in html and 'value="approve"' not in html
    response = act(client, article, **filled_form(running_step(article)))
    assert "不能审核自己的文章" in said(response)


def test_a_stale_tab_acts_on_nothing(people, article, client):
    client.force_login(people.reviewer_credible)
    old = running_step(article).pk
    colleague = UserFactory(roles=["reviewer_credible"])
    services.send_back(colleague, running_step(article), "改")
    services.submit(people.editor, article)
    assert "已经有人处理" in said(act(client, article, action="approve", step=old))
    assert running_step(article).task.name == "可信审核"


@pytest.fixture
def ready(people, article):
    approve_by(
        article, people.reviewer_credible, people.reviewer_readable, people.reviewer_approachable
    )
    return article


def test_the_publisher_sets_a_time_and_takes_it_back(people, ready, client):
    client.force_login(people.publisher)
    at = (timezone.localtime() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    assert "已定时" in said(act(client, ready, action="schedule", go_live_at=at))
    assert ArticlePage.objects.get(pk=ready.pk).approved_schedule
    assert "已取消定时" in said(act(client, ready, action="unschedule", reason="改期"))
    assert not ArticlePage.objects.get(pk=ready.pk).approved_schedule


@pytest.mark.parametrize(("text", "words"), [("", "请填写发布时间"), ("明早八点", "时间格式不对")])
def test_a_bad_time_is_explained_beside_the_field(people, ready, client, text, words):
    client.force_login(people.publisher)
    response = act(client, ready, action="schedule", go_live_at=text)
    assert words in response.content.decode()


def test_the_publisher_publishes_now(people, ready, client):
    client.force_login(people.publisher)
    assert "已发布" in said(act(client, ready, action="publish"))
    assert ArticlePage.objects.get(pk=ready.pk).live


@pytest.mark.parametrize("role", ["editor", "reviewer_credible", "administrator"])
def test_nobody_else_publishes(people, ready, client, role):
    client.force_login(getattr(people, role))
    html = client.get(desk(ready)).content.decode()
    assert 'value="publish"' not in html
    assert "没有发布权限" in said(act(client, ready, action="publish"))
    assert not ArticlePage.objects.get(pk=ready.pk).live


def test_nonsense_is_answered(people, ready, client):
    client.force_login(people.publisher)
    assert "没有这个操作" in said(act(client, ready, action="fly"))
    assert client.get(reverse("articles_desk", args=[999_999])).status_code == 404


def test_the_dashboard_lists_what_waits(people, article, client):
    client.force_login(people.reviewer_credible)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "楼道灯亮了" in html and desk(article) in html
    client.force_login(people.reviewer_readable)
    assert "没有等您处理的文章" in client.get(reverse("wagtailadmin_home")).content.decode()


def test_the_boxes_speak_of_this_round_only(people, article, client):
    """Verdicts on an earlier text are history, not where this one stands."""
    approve_by(article, people.reviewer_credible)
    services.send_back(people.reviewer_readable, running_step(article), "标题太长", "headline")
    client.force_login(people.editor)
    html = client.get(desk(article)).content.decode()
    assert html.index("标题太长") < html.index("信源")
    draft = ArticlePage.objects.get(pk=article.pk).get_latest_revision_as_object()
    draft.title = "短标题"
    draft.save_revision(user=people.editor)
    services.submit(people.editor, article)
    stages = client.get(desk(article)).context["stages"]
    assert [stage["words"] for stage in stages] == ["进行中", "未开始", "未开始", "未开始"]
