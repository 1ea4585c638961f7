"""The page 审稿 and its buttons over HTTP."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticlePage, Priority
from articles.queues import View
from articles.review import claiming, deadlines, deputies, services
from tests.factories.articles import ArticleFactory, approve_by, running_step
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(people):
    article = ArticleFactory(writer=people.editor, title="楼道灯亮了")
    services.submit(people.editor, article)
    return article


def page(client, *part, **query) -> str:
    response = client.get(reverse("articles_queue", args=part), query)
    assert response.status_code == 200
    return response.content.decode()


def text(html: str) -> str:
    """What is read of ``html``, without tags and with single spaces."""
    main = html[html.index("<main") :]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main))


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("editor", 200),
        ("reviewer_credible", 200),
        ("publisher", 200),
        ("administrator", 200),
        ("office", 302),
        ("contributor", 302),
        ("auditor", 302),
    ],
)
def test_who_may_look(people, client, role, status):
    client.force_login(getattr(people, role))
    assert client.get(reverse("articles_queue")).status_code == status
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (reverse("articles_queue") in menu) == (status == 200)


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (View.MINE, "现在没有等您审的文章"),
        (View.REVIEWS, "现在没有在审的文章"),
        (View.READY, "现在没有待发布的文章"),
        (View.RETURNED, "您退回的文章都已重新提交"),
        (View.WRITTEN, "您写的文章现在都不在审"),
    ],
)
def test_every_part_says_what_is_missing(people, client, part, words):
    client.force_login(people.reviewer_credible)
    assert words in text(page(client, part))
    assert "没有符合条件的文章" in text(page(client, part, q="没有这篇"))


def test_an_unknown_part_is_not_found(people, client):
    client.force_login(people.editor)
    assert client.get(reverse("articles_queue", args=["else"])).status_code == 404


def test_a_row_tells_what_who_and_by_when(people, article, client):
    deadlines.set_plan(
        people.editor, article, timezone.now() + timedelta(hours=9), Priority.TOP, "区运会 <b>"
    )
    client.force_login(people.reviewer_credible)
    html = page(client)
    shown = text(html)
    for words in ("楼道灯亮了", "故事", "可信审核", "急", "还剩2小时", "认领", "区运会 &lt;b&gt;"):
        assert words in shown
    assert str(people.editor) in shown and "<b>" not in html
    assert reverse("articles_desk", args=[article.pk]) in html


def test_late_ones_say_so(people, article, client):
    client.force_login(people.reviewer_credible)
    with time_machine.travel(timezone.now() + timedelta(hours=26, minutes=30), tick=False):
        client.force_login(people.reviewer_credible)
        assert "已超2小时" in text(page(client))
        assert "楼道灯亮了" in text(page(client, "mine", overdue="true"))
        assert "楼道灯亮了" not in text(page(client, "mine", overdue="false"))


def test_filters_and_search_narrow_the_list(people, article, client):
    second = ArticleFactory(writer=people.editor, title="荷塘夜市")
    services.submit(people.editor, second)
    approve_by(second, people.reviewer_credible)
    deadlines.set_plan(people.editor, second, None, Priority.HIGH)
    client.force_login(people.editor)

    def found(**query):
        shown = text(page(client, "reviews", **query))
        return [title for title in ("楼道灯亮了", "荷塘夜市") if title in shown]

    assert found() == ["楼道灯亮了", "荷塘夜市"]
    assert found(dimension="readable") == ["荷塘夜市"]
    assert found(priority=Priority.HIGH.value) == ["荷塘夜市"]
    assert found(priority=Priority.NORMAL.value) == ["楼道灯亮了"]
    assert found(q="夜市") == ["荷塘夜市"]
    assert found(q="没有这篇") == []


def test_claiming_from_the_list_and_giving_back(people, article, client):
    other = UserFactory(display_name="第二人", roles=["reviewer_credible"])
    address = reverse("articles_claim", args=[running_step(article).pk])
    here = reverse("articles_queue", args=["mine"])
    client.force_login(people.reviewer_credible)
    response = client.post(address, {"action": "claim", "next": here}, follow=True)
    assert "已认领《楼道灯亮了》" in said(response)
    assert response.redirect_chain == [(here, 302)]
    assert "我已认领" in text(page(client))
    client.force_login(other)
    assert f"{people.reviewer_credible} 已认领" in text(page(client))
    response = client.post(address, {"action": "claim"}, follow=True)
    assert "接手" in said(response)
    client.force_login(people.reviewer_credible)
    assert "已放回" in said(client.post(address, {"action": "unclaim"}, follow=True))
    assert "不是由您认领" in said(client.post(address, {"action": "unclaim"}, follow=True))
    assert "没有这个操作" in said(client.post(address, {"action": "eat"}, follow=True))
    assert client.get(address).status_code == 405


def test_the_button_leads_nowhere_else(people, article, client):
    client.force_login(people.reviewer_credible)
    address = reverse("articles_claim", args=[running_step(article).pk])
    response = client.post(address, {"action": "claim", "next": "https://elsewhere.example/"})
    assert response["Location"] == reverse("articles_queue")


def test_the_page_costs_the_same_with_3_and_with_60(people, client):
    client.force_login(people.reviewer_credible)
    column = ArticleFactory(writer=people.editor).get_parent().specific

    def add(count: int) -> None:
        for _ in range(count):
            article = ArticleFactory(writer=people.editor, column=column)
            services.submit(people.editor, article)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page(client, "mine")
        return len(captured)

    add(3)
    queries()
    few = queries()
    add(57)
    assert queries() == few
    assert "60" in text(page(client, "mine", overdue="false")), "all of them are there"


# --- the desk ---------------------------------------------------------------------------------


def desk(client, article, **data):
    address = reverse("articles_desk", args=[article.pk])
    return client.post(address, data, follow=True) if data else client.get(address)


def test_the_desk_says_who_has_the_text_and_lets_it_be_taken_over(people, article, client):
    other = UserFactory(display_name="第二人", roles=["reviewer_credible"])
    step = running_step(article)
    claiming.claim(other, step)
    client.force_login(people.reviewer_credible)
    html = desk(client, article).content.decode()
    assert "第二人 在" in html and "您仍可以审" in html and 'value="approve"' in html
    assert "已由您接手" in said(desk(client, article, action="take_over", step=step.pk))
    assert "您已认领" in desk(client, article).content.decode()
    assert "已放回" in said(desk(client, article, action="unclaim", step=step.pk))
    assert "已认领" in said(desk(client, article, action="claim", step=step.pk))


def test_a_stale_desk_claims_nothing(people, article, client):
    old = running_step(article).pk
    approve_by(article, people.reviewer_credible)
    client.force_login(people.reviewer_credible)
    assert "已经有人处理过" in said(desk(client, article, action="claim", step=old))
    assert running_step(article).specific.claimed_by is None


def test_a_plan_from_the_desk(people, article, client):
    client.force_login(people.editor)
    at = timezone.localtime() + timedelta(days=1)
    response = desk(
        client, article, action="plan", due_at=f"{at:%Y-%m-%d %H:%M}", priority="2", note="开幕"
    )
    assert "已安排截稿和缓急" in said(response)
    html = response.content.decode()
    assert f"三审截稿 {at.month}月{at.day}日 {at:%H:%M}" in html and "开幕" in html


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"due_at": "明天", "priority": "1"}, "时间格式不对"),
        ({"due_at": "", "priority": "9"}, "有效"),
    ],
)
def test_a_bad_plan_comes_back_as_typed(people, article, client, data, words):
    client.force_login(people.editor)
    html = desk(client, article, action="plan", note="留着", **data).content.decode()
    assert words in html and 'value="留着"' in html


def test_a_past_deadline_is_refused_with_a_sentence(people, article, client):
    client.force_login(people.editor)
    response = desk(client, article, action="plan", due_at="2020-01-01 08:00", priority="0")
    assert "截稿时间已经过去" in said(response)


def test_a_published_text_has_nothing_to_plan(people, client):
    live = ArticleFactory(live=True)
    client.force_login(people.editor)
    assert "安排截稿和缓急" not in desk(client, live).content.decode()


def test_a_deputy_is_told_in_whose_place(people, article, client):
    today = timezone.localdate()
    deputies.appoint(
        people.reviewer_credible,
        "credible",
        people.reviewer_credible,
        people.publisher,
        today,
        today,
        "出差",
    )
    client.force_login(people.publisher)
    assert f"代{people.reviewer_credible}审" in text(page(client))
    html = desk(client, article).content.decode()
    assert f"您在代{people.reviewer_credible}审" in html and 'value="approve"' in html


# --- the dashboard ----------------------------------------------------------------------------


def test_the_dashboard_shows_ten_and_the_way_to_the_rest(people, client):
    for number in range(12):
        services.submit(people.editor, ArticleFactory(writer=people.editor, title=f"第{number}篇"))
    client.force_login(people.reviewer_credible)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "还有 2 篇" in html and reverse("articles_queue", args=["mine"]) in html


def test_the_dashboard_shows_what_came_back_with_the_reason(people, article, client):
    services.send_back(people.reviewer_credible, running_step(article), "出处 <i>？")
    client.force_login(people.editor)
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "可信审核退回，请修改" in html and "出处 &lt;i&gt;？" in html
    assert ArticlePage.objects.get(pk=article.pk).workflow_in_progress is False


def test_the_buttons_in_the_rows_carry_their_token(people, article):
    """Cells are rendered without context processors; the test client does not ask for a token."""
    deputy = UserFactory(roles=["editor"])
    today = timezone.localdate()
    deputation = deputies.appoint(
        people.reviewer_readable,
        "readable",
        people.reviewer_readable,
        deputy,
        today,
        today,
        "开会",
    )
    client = Client(enforce_csrf_checks=True)
    for person, screen, press, data in (
        (
            people.reviewer_credible,
            reverse("articles_queue"),
            reverse("articles_claim", args=[running_step(article).pk]),
            {"action": "claim"},
        ),
        (
            people.reviewer_readable,
            reverse("articles_deputies"),
            reverse("articles_deputy_end", args=[deputation.pk]),
            {"reason": "回来了"},
        ),
    ):
        client.force_login(person)
        html = client.get(screen).content.decode()
        form = html[html.index(f'action="{press}"') :]
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)[1]
        assert client.post(press, {**data, "csrfmiddlewaretoken": token}).status_code == 302
    assert running_step(article).specific.claimed_by == people.reviewer_credible
    deputation.refresh_from_db()
    assert deputation.ended_at
