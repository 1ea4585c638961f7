"""The calendar's screens over HTTP."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Push, PushSettings
from articles.pushes import services
from cms import workdays
from tests.factories.articles import ArticleFactory

from .conftest import at, day

pytestmark = pytest.mark.django_db

MONTH = {"on": "2026-12"}


def page(client, url_name: str = "pushes_calendar", **query) -> str:
    response = client.get(reverse(url_name), query or MONTH)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    """What is read of ``html``, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def cell(html: str, number: int) -> str:
    """The table's cell of a day of December."""
    start = html.index(f'<td id="d{day(number).isoformat()}"')
    return html[start : html.index("</td>", start)]


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def move(client, item: str, to: str, **more):
    data = {"item": item, "day": to, "next": "/admin/pushes/calendar/?on=2026-12-01", **more}
    return client.post(reverse("pushes_calendar_move"), data, follow=True)


@pytest.fixture
def publisher(people, client, clock):
    client.force_login(people.publisher)
    return people.publisher


@pytest.mark.parametrize(
    ("role", "status", "drags"),
    [
        ("editor", 200, True),
        ("publisher", 200, True),
        ("reviewer_credible", 200, False),
        ("administrator", 200, False),
        ("office", 302, False),
        ("contributor", 302, False),
        ("auditor", 302, False),
    ],
)
def test_who_looks_and_who_moves(people, client, push, role, status, drags):
    push(planned=day(10))
    client.force_login(getattr(people, role))
    response = client.get(reverse("pushes_calendar"), MONTH)
    assert response.status_code == status
    assert ('draggable="true"' in response.content.decode()) == drags
    menu = client.get(reverse("wagtailadmin_home")).content.decode()
    assert (reverse("pushes_calendar") in menu) == (status == 200)
    for url_name in ("pushes_calendar_print", "pushes_calendar"):
        assert client.get(reverse(url_name)).status_code == status


def test_a_month_tells_what_stands_where(publisher, client, push, sent, people):
    workdays.add(people.administrator, "quiet", "国家公祭日", day(13))
    workdays.add(people.administrator, "rest", "元旦", day(32))
    sent(1)
    first = push(planned=day(10))
    push(planned=day(10))
    push(committed=at(12))
    html = page(client)
    assert "2026年12月" in words(html) and "已经7天没有推送" in html
    tenth = cell(html, 10)
    assert f'data-item="push-{first.pk}"' in tenth and "○" in tenth and "计划" in tenth
    assert reverse("pushes_show", args=[first.pk]) in tenth
    assert "超出每天1次" in tenth and "cal-day--silent" not in tenth
    assert "定时 08:30" in words(cell(html, 12))
    assert "已发出" in cell(html, 1) and "data-item" not in cell(html, 1)
    assert "静默 国家公祭日" in words(cell(html, 13))
    assert "休 元旦" in words(cell(html, 32))
    assert 'aria-current="date"' in cell(html, 8) and "今天" in cell(html, 8)
    assert "7天没有推送" in cell(html, 8) and "cal-day--silent" in cell(html, 8)
    assert "空档" in cell(html, 9) and "没有推送" in cell(html, 7)
    # What has passed takes nothing that is dropped on it.
    assert "data-day" not in cell(html, 7) and "data-day" in cell(html, 8)


def test_a_week_names_the_articles(publisher, client, ready):
    made = services.create(publisher, ready[:2])
    services.plan(publisher, made, day(10))
    assert "cal-members" not in page(client)
    html = page(client, span="week", on="2026-12-10")
    assert "2026年12月7日—12月13日" in words(html) and "cal-members" in cell(html, 10)
    assert html.count("<td id=") == 7


@pytest.mark.parametrize(
    "query",
    [{"on": "昨天"}, {"span": "year"}, {"column": "x"}, {"state": "gone"}, {"on": "2026-13"}],
)
def test_what_makes_no_sense_is_left_out(publisher, client, query):
    assert "2026年12月" in words(page(client, **query))


def test_filters_hide_other_things(publisher, client, push, people, scene):
    push(planned=day(10))
    ArticleFactory(writer=people.editor, title="展览开幕", column=scene.other, planned_for=day(10))
    html = page(client, **MONTH, column=scene.other.pk)
    assert "展览开幕" in html and "《稿0》" not in cell(html, 10) and "只看：文化" in html
    html = page(client, **MONTH, state="planned")
    assert "展览开幕" not in html and "《稿0》" in cell(html, 10)
    # The next month keeps the filter.
    assert re.search(r'href="[^"]*on=2027-01-01[^"]*state=planned', html)


def test_titles_are_escaped(publisher, client, people, scene):
    ArticleFactory(
        writer=people.editor, title="<b>标题</b>", column=scene.column, planned_for=day(10)
    )
    html = page(client) + page(client, "pushes_calendar_print")
    assert "<b>标题" not in html and "&lt;b&gt;标题" in html


def test_the_print_is_a_month_with_its_date(publisher, client, push):
    push(planned=day(10))
    html = page(client, "pushes_calendar_print", span="week", on="2026-12-10")
    shown = words(html)
    assert "推送日历 2026年12月" in shown and "2026年12月8日 10:00 打印" in shown
    assert "○ 《稿0》" in shown and "○ 计划" in shown and "wagtail" not in html


# --- moving ---------------------------------------------------------------------------------------


def test_a_plan_is_moved(publisher, client, push, draft):
    made = push(planned=day(10))
    response = move(client, f"push-{made.pk}", "2026-12-11")
    assert "《稿0》已改到12月11日" in said(response)
    assert response.redirect_chain[-1][0].endswith("?on=2026-12-01")
    assert "《在写的》已改到12月14日" in said(move(client, f"article-{draft.pk}", "2026-12-14"))
    made.refresh_from_db()
    assert made.planned_for == day(11)
    assert "已取消计划日期" in said(move(client, f"push-{made.pk}", "2026-12-11", clear="1"))
    made.refresh_from_db()
    assert made.planned_for is None


def test_a_full_day_warns_and_moves(publisher, client, push):
    push(planned=day(10))
    made = push(planned=day(11))
    shown = said(move(client, f"push-{made.pk}", "2026-12-10"))
    assert "已改到12月10日" in shown and "排满" in shown


@pytest.mark.parametrize("to", ["2026-12-07", "2026-12-13"])
def test_a_refusal_leaves_everything_where_it_was(publisher, client, push, people, to):
    workdays.add(people.administrator, "quiet", "国家公祭日", day(13))
    made = push(planned=day(10))
    response = move(client, f"push-{made.pk}", to)
    assert said(response).startswith("没有移动：")
    made.refresh_from_db()
    assert made.planned_for == day(10)
    assert f'data-item="push-{made.pk}"' in cell(response.content.decode(), 10)


@pytest.mark.parametrize(
    ("item", "to"), [("push-x", "2026-12-11"), ("page-1", "2026-12-11"), ("push-1", "明天")]
)
def test_what_no_form_of_ours_posts(publisher, client, item, to):
    assert "没有看懂" in said(move(client, item, to))


def test_readers_move_nothing(people, client, push):
    made = push(planned=day(10))
    client.force_login(people.reviewer_credible)
    assert "没有安排推送计划的权限" in said(move(client, f"push-{made.pk}", "2026-12-11"))
    assert Push.objects.get(pk=made.pk).planned_for == day(10)


def test_a_minute_is_asked_about_first(publisher, client, push):
    made = push(committed=at(10))
    response = move(client, f"push-{made.pk}", "2026-12-11")
    html = words(response.content.decode())
    assert "原来 2026年12月10日 星期四 08:30" in html
    assert "改为 2026年12月11日 星期五 08:30" in html
    assert Push.objects.get(pk=made.pk).go_live_at == at(10)
    data = {name: response.context[name] for name in ("was", "at")}
    data = {name: moment.isoformat() for name, moment in data.items()}
    url = reverse("pushes_calendar_recommit", args=[made.pk])
    assert "已改为 12月11日 08:30 发布" in said(client.post(url, data, follow=True))
    assert Push.objects.get(pk=made.pk).go_live_at == at(11)
    # The same answer once more: it is not where it was.
    assert "刚刚被改过" in said(client.post(url, data, follow=True))


def test_who_may_not_commit_is_not_offered_it(people, client, push):
    made = push(committed=at(10))
    client.force_login(people.editor)
    response = move(client, f"push-{made.pk}", "2026-12-11")
    assert "定时由“发布”人员改" in response.content.decode()
    assert 'name="at"' not in response.content.decode()


@pytest.mark.parametrize("query", [{}, {"day": "x"}, {"day": "2026-02-31"}])
def test_no_day_no_question(publisher, client, push, query):
    made = push(committed=at(10))
    url = reverse("pushes_calendar_recommit", args=[made.pk])
    assert client.get(url, query).status_code == 404
    assert client.post(url, {"was": "x", "at": "2026-12-11"}).status_code == 404


def test_a_minute_taken_back_meanwhile_is_not_asked_about(publisher, client, push):
    made = push(planned=day(10))
    url = reverse("pushes_calendar_recommit", args=[made.pk])
    response = client.get(url, {"day": "2026-12-11"}, follow=True)
    assert "刚刚取消" in said(response)


# --- cost -----------------------------------------------------------------------------------------


def test_a_full_month_takes_no_more_queries(publisher, client, push, people, scene):
    push(planned=day(10))
    ArticleFactory(writer=people.editor, column=scene.column, planned_for=day(10))
    page(client)
    with CaptureQueriesContext(connection) as few:
        page(client)
    push(planned=day(11))
    push(committed=at(12))
    for number in range(8):
        ArticleFactory(writer=people.editor, column=scene.column, planned_for=day(14 + number))
    with CaptureQueriesContext(connection) as many:
        page(client)
    assert len(many) <= len(few) < 60


def test_settings_are_read(publisher, client, push):
    settings = PushSettings.load()
    settings.daily_allowance = 2
    settings.save()
    push(planned=day(10))
    push(planned=day(10))
    assert "超出每天" not in page(client)
